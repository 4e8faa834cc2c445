/** Tells of statements that take long. Installed for the option `slowStatement`. */
import { ArgumentError } from "../errors/errors.ts";
import { describe } from "../types/literals.ts";
import type { EngineDispatcher } from "./engine-events.ts";
import type { CursorExecution } from "./events.ts";
import { EngineLog, type Logger } from "./logging.ts";

/** Logs a warning for every call of the driver that takes at least so many milliseconds. */
export function watchSlowStatements(
  dispatch: EngineDispatcher<unknown>,
  threshold: number,
  logger: Logger,
  hideParameters: boolean,
): void {
  if (typeof threshold !== "number" || !(threshold >= 0))
    throw new ArgumentError(`slowStatement is ${describe(threshold)}, but must be a number of milliseconds`);
  const write = (message: string): void => (logger.warn ?? logger.info).call(logger, message);
  const log = new EngineLog({ info: write }, { hideParameters, isDebug: false });
  const tell = ({ startedAt, statement, parameters }: CursorExecution, outcome: string): void => {
    const taken = performance.now() - startedAt;
    if (taken >= threshold)
      log.statement(`slow statement: ${statement}`, `${Math.round(taken)} ms${outcome}`, parameters);
  };
  dispatch.listen("afterCursorExecute", (_connection, cursor) => tell(cursor, ""));
  dispatch.listen("handleError", ({ executionContext }) => {
    if (executionContext !== null && executionContext.startedAt > 0) tell(executionContext, ", failed");
  });
}
