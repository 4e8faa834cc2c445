/** What sessions ask of the querying layer, in one place. */
import { type ClauseElement, type ExecutionOptionsInput, type Result, Select } from "@athanor/core";
import type { Step } from "@athanor/driver";
import { executeSelectStep } from "../load/execute.ts";
import type { LoadingSession, LoadParameters } from "../load/session.ts";

/** Filled by the entry with the functions of ../load and ../query. */
export interface SessionPorts {
  executeStep(
    session: LoadingSession,
    statement: ClauseElement,
    params: LoadParameters | undefined,
    options: ExecutionOptionsInput,
  ): Step<Result>;
}

export const ports: SessionPorts = {
  *executeStep(session, statement, params, options) {
    if (options["autoflush"] !== false && !(statement.kind === "text")) yield* session.autoflushStep();
    if (statement instanceof Select)
      return yield* executeSelectStep(session, statement, params, { mapper: null, options });
    return yield* session.executeCoreStep(statement, params, options, null);
  },
};
