/**
 * Executions with an isolation level, or a mode of transactions, of their own. AUTOCOMMIT counts for the statement alone,
 * everything else for the transaction that the statement begins; then the connection is as it was before.
 */
import type { Step } from "@athanor/driver";
import { InvalidRequestError } from "../../errors/errors.ts";
import type { ExecutionOptions } from "../../selectable/executable.ts";
import type { ConnectionCore } from "../connection-core.ts";
import { decidedAtBegin, levelOf, withPlainModes } from "../isolation.ts";
import { type ExecutionOptionsInput, isEmpty, mergeOptions } from "../options.ts";
import { resetLevel, setIsolationLevel } from "./connect.ts";
import { autobegin, rollback } from "./transaction.ts";

/** What a statement and its execution say about the transaction; null where they say nothing. */
export function ownModes(
  connection: ConnectionCore,
  statement: ExecutionOptions | undefined,
  execution: ExecutionOptionsInput | undefined,
): ExecutionOptionsInput | null {
  let modes: Record<string, unknown> | null = null;
  for (const given of [statement, execution]) {
    if (given === undefined || isEmpty(given)) continue;
    const plain = withPlainModes(connection.dialect, given as ExecutionOptionsInput);
    for (const name of decidedAtBegin(plain)) {
      modes ??= {};
      modes[name] = plain[name];
    }
  }
  return modes;
}

/**
 * Executes with these modes.
 *
 * @throws InvalidRequestError in a transaction, whose modes were decided when it began.
 */
export function* withOwnModes<T>(
  connection: ConnectionCore,
  modes: ExecutionOptionsInput,
  leavesRows: boolean,
  execute: () => Step<T>,
): Step<T> {
  if (connection.transaction !== null)
    throw new InvalidRequestError(
      `This connection has already initialized a Transaction() object via begin() or autobegin; the ${Object.keys(modes).join(", ")} of a statement may not be another one than its transaction's.`,
      { fix: "call rollback() or commit() first, or use a connection of its own" },
    );
  const { options, isolationLevel } = connection;
  const restore = function* (): Step<void> {
    const restored: Record<string, unknown> = { ...connection.options };
    for (const name of Object.keys(modes)) {
      if (options[name] === undefined) delete restored[name];
      else restored[name] = options[name];
    }
    connection.options = restored;
    if (isolationLevel !== null && connection.lease !== null)
      return yield* setIsolationLevel(connection, isolationLevel);
    yield* resetLevel(connection);
    // A driver connection that was lost has no level any more; the next one gets it.
    connection.isolationLevel = isolationLevel;
  };
  const level = levelOf(modes);
  connection.options = mergeOptions(options, modes);
  let isAlone = false;
  try {
    if (level !== undefined) yield* setIsolationLevel(connection, level);
    isAlone = connection.isAutocommit && !leavesRows;
    const transaction = yield* autobegin(connection);
    if (!isAlone) transaction.atEnd = restore;
  } catch (error) {
    yield* restore();
    throw error;
  }
  if (!isAlone) return yield* execute();
  try {
    return yield* execute();
  } finally {
    const { transaction } = connection;
    if (transaction !== null) yield* rollback(transaction);
    yield* restore();
  }
}
