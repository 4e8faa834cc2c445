/** Tells of statements that take long. Installed for the option `slowStatement`. */
import { ArgumentError } from "../errors/errors.ts";
import { describe } from "../types/literals.ts";
import type { EngineCore } from "./engine-core.ts";
import type { CursorExecution } from "./events.ts";
import { consoleLogger, EngineLog, type Logger } from "./logging.ts";

/** Logs a warning for every call of the driver that takes at least so many milliseconds. */
export function watchSlowStatements(core: EngineCore, threshold: number, logger: Logger | undefined): void {
  if (typeof threshold !== "number" || !(threshold >= 0))
    throw new ArgumentError(`slowStatement is ${describe(threshold)}, but must be a number of milliseconds`);
  const target =
    logger ?? consoleLogger(`athanor.engine.Engine${core.loggingName === null ? "" : `.${core.loggingName}`}`);
  const write = (message: string): void => (target.warn ?? target.info).call(target, message);
  const log = new EngineLog({ info: write }, { hideParameters: core.options.hideParameters ?? false, isDebug: false });
  const tell = ({ startedAt, statement, parameters }: CursorExecution, outcome: string): void => {
    const taken = performance.now() - startedAt;
    if (taken >= threshold)
      log.statement(`slow statement: ${statement}`, `${Math.round(taken)} ms${outcome}`, parameters);
  };
  core.dispatch.listen("afterCursorExecute", (_connection, cursor) => tell(cursor, ""));
  core.dispatch.listen("handleError", ({ executionContext }) => {
    if (executionContext !== null && executionContext.startedAt > 0) tell(executionContext, ", failed");
  });
}
