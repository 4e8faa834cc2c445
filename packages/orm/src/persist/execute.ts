/** Executing statements on behalf of a flush. */
import { type ClauseElement, type ConnectionCore, type CursorResult, executeStep } from "@athanor/core";
import type { Step } from "@athanor/driver";

/** Executes a statement for each set of parameters: one call for one set, an executemany for several. */
export function executeManyStep(
  connection: ConnectionCore,
  statement: ClauseElement,
  sets: readonly Readonly<Record<string, unknown>>[],
): Step<CursorResult> {
  return executeStep(connection, statement, sets.length === 1 ? (sets[0] as Readonly<Record<string, unknown>>) : sets);
}
