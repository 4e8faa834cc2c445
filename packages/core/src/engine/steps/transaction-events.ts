/** The events of transactions. */
import type { Step } from "@athanor/driver";
import type { ConnectionCore } from "../connection-core.ts";

/** Names of the events. */
export type TransactionEvent =
  | "begin"
  | "commit"
  | "rollback"
  | "savepoint"
  | "releaseSavepoint"
  | "rollbackSavepoint"
  | "beginTwophase"
  | "prepareTwophase"
  | "commitTwophase"
  | "rollbackTwophase";

/** The listeners of an event; null where nobody listens. */
export function listening(
  connection: ConnectionCore,
  name: TransactionEvent,
): { run(...values: unknown[]): Step<void> } | null {
  const list = connection.heardEvents.of(name);
  return list.empty ? null : (list as unknown as { run(...values: unknown[]): Step<void> });
}
