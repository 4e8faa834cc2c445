/** execute(): options of all levels, listeners, and then the loading layer. */
import {
  type ClauseElement,
  type Executable,
  type ExecutionOptionsInput,
  executableOf,
  mergeOptions,
  type Result,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { LoadParameters } from "../../load/session.ts";
import { invokeIn, tellStep } from "../hear.ts";
import type { BindArguments } from "../options.ts";
import { OrmExecute } from "../orm-execute.ts";
import { ports } from "../ports.ts";
import type { SessionCore } from "../session-core.ts";

/** Executes a statement in the session's transaction; objects in its rows are those of the session. */
export function* executeStep(
  session: SessionCore,
  given: ClauseElement,
  params: LoadParameters | undefined,
  options: ExecutionOptionsInput | undefined,
  bindArguments?: BindArguments | undefined,
): Step<Result> {
  if (bindArguments !== undefined)
    return yield* session.boundStep(bindArguments, () => executeStep(session, given, params, options));
  const statement = executableOf(given);
  const merged = mergeOptions(
    mergeOptions(session.executionOptions, (statement as Partial<Executable>).givenExecutionOptions),
    options,
  );
  const { routing } = session;
  if (routing !== null && routing.identityToken === null) {
    const execution = new OrmExecute(session.front, statement, params, merged, invokeIn(session));
    return yield* routing.executeStep(execution, () => executeStep(session, given, params, options));
  }
  const { identityToken = null } = merged as { readonly identityToken?: unknown };
  if (routing === null && identityToken !== session.identityToken)
    return yield* session.withTokenStep(identityToken, () => executeStep(session, given, params, options));
  if (session.events.of("doOrmExecute").empty) return yield* ports.executeStep(session, statement, params, merged);
  const execution = new OrmExecute(session.front, statement, params, merged, invokeIn(session));
  const answer = yield* tellStep(session, execution);
  if (answer !== null) return answer;
  return yield* ports.executeStep(session, execution.statement, execution.parameters, execution.executionOptions);
}
