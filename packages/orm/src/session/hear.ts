/** Tells those who listen to `doOrmExecute` what is about to be executed: statements of the program, and those of loaders. */
import {
  type ClauseElement,
  type CursorResult,
  type ExecutionOptionsInput,
  mergeOptions,
  type Result,
} from "@athanor/core";
import { type Step, settle } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";
import type { HeardLoad, LoadParameters, LoadPurpose } from "../load/session.ts";
import { OrmExecute } from "./orm-execute.ts";
import { ports } from "./ports.ts";

type SessionCore = OrmClasses["session"];

/** Tells listeners of a loader's statement; they may change it, or answer it. */
export function* hearLoadStep(
  session: SessionCore,
  statement: ClauseElement,
  params: LoadParameters | undefined,
  options: ExecutionOptionsInput | undefined,
  purpose: LoadPurpose,
): Step<HeardLoad> {
  const merged = mergeOptions(session.executionOptions, options);
  const execution = new OrmExecute(session.front, statement, params, merged, invokeIn(session), purpose);
  const result = yield* tellStep(session, execution);
  return {
    statement: execution.statement,
    params: execution.parameters,
    options: execution.executionOptions === merged ? options : execution.executionOptions,
    result,
  };
}

/** How an execution goes on from a listener. */
export function invokeIn(session: SessionCore): ConstructorParameters<typeof OrmExecute>[4] {
  return (statement, params, options) => ports.executeStep(session, statement, params, options) as Step<CursorResult>;
}

/** Tells listeners of an execution; gives the answer of one that has executed by itself. */
export function* tellStep(session: SessionCore, execution: OrmExecute): Step<Result | null> {
  for (const listener of session.events.of("doOrmExecute").all) {
    const answer: unknown = yield* settle((listener as (execution: OrmExecute) => unknown)(execution));
    if (answer !== undefined && answer !== null && typeof (answer as Result).all === "function")
      return answer as Result;
  }
  return null;
}
