/** execute(): options of all levels, listeners, and then the loading layer. */
import {
  type ClauseElement,
  type CursorResult,
  type Executable,
  type ExecutionOptionsInput,
  executableOf,
  mergeOptions,
  type Result,
} from "@athanor/core";
import { type Step, settle } from "@athanor/driver";
import type { LoadParameters } from "../../load/session.ts";
import { OrmExecute } from "../orm-execute.ts";
import { ports } from "../ports.ts";
import type { SessionCore } from "../session-core.ts";

/** Executes a statement in the session's transaction; objects in its rows are those of the session. */
export function* executeStep(
  session: SessionCore,
  given: ClauseElement,
  params: LoadParameters | undefined,
  options: ExecutionOptionsInput | undefined,
): Step<Result> {
  const statement = executableOf(given);
  const merged = mergeOptions(
    mergeOptions(session.executionOptions, (statement as Partial<Executable>).givenExecutionOptions),
    options,
  );
  const listeners = session.events.of("doOrmExecute");
  if (listeners.empty) return yield* ports.executeStep(session, statement, params, merged);
  const execution = new OrmExecute(
    session.front,
    statement,
    params,
    merged,
    (next, nextParams, nextOptions) => ports.executeStep(session, next, nextParams, nextOptions) as Step<CursorResult>,
  );
  for (const listener of listeners.all) {
    const answer: unknown = yield* settle((listener as (execution: OrmExecute) => unknown)(execution));
    if (answer !== undefined && answer !== null && typeof (answer as Result).all === "function")
      return answer as Result;
  }
  return yield* ports.executeStep(session, execution.statement, execution.parameters, execution.executionOptions);
}
