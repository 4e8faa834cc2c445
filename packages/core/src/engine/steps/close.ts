/** Giving a connection back to its pool, whatever state it is in. */
import { isStep, type Step, settle } from "@athanor/driver";
import type { ConnectionCore, TransactionCore } from "../connection-core.ts";
import { resetLevel } from "./connect.ts";
import { commit, endStreams, endsPlainly, rollback } from "./transaction.ts";

/** Rolls back what was not committed and returns the driver's connection to its pool. May be called twice. */
export function* close(connection: ConnectionCore): Step<void> {
  const { lease } = connection;
  const wasAutocommit = connection.isAutocommit;
  try {
    yield* endStreams(connection);
    if (connection.transaction !== null) yield* rollback(connection.transaction);
    yield* resetLevel(connection);
  } finally {
    connection.lease = null;
    connection.invalidated = false;
    connection.transaction = null;
    connection.nested = null;
    if (lease?.isValid && !lease.tryRelease(!wasAutocommit)) yield* lease.release(!wasAutocommit);
  }
}

/** {@link close} where it takes no step; false when it does, and nothing has happened. */
export function tryClose(connection: ConnectionCore): boolean {
  const { isAutocommit, lease, transaction } = connection;
  if (connection.levelWasSet || (connection.streams?.size ?? 0) > 0 || connection.pending !== null) return false;
  if (transaction !== null && !(isAutocommit && endsPlainly(transaction))) return false;
  if (lease !== null && !(lease.isValid && lease.tryRelease(!isAutocommit))) return false;
  if (transaction !== null) transaction.isActive = false;
  connection.isolationLevel = null;
  connection.transaction = null;
  connection.lease = null;
  connection.invalidated = false;
  return true;
}

/** Takes the connection out of its pool; closing it will close the driver's. */
export function* detach(connection: ConnectionCore): Step<void> {
  connection.check();
  yield* (connection.lease as NonNullable<typeof connection.lease>).detach();
}

/** Runs a program's callback in a transaction: commits when it returns, rolls back when it throws. */
export function* manage<T>(transaction: TransactionCore, work: () => T | PromiseLike<T> | Step<T>): Step<T> {
  const { connection } = transaction;
  const outer = connection.managed;
  connection.managed = transaction;
  let result: T;
  try {
    const made = work();
    result = (yield* settle(isStep(made) ? (made as Step<T>) : (made as T))) as T;
  } catch (error) {
    connection.managed = outer;
    yield* rollback(transaction);
    throw error;
  }
  connection.managed = outer;
  if (!transaction.isActive) return result;
  try {
    yield* commit(transaction);
  } catch (error) {
    if (transaction.isActive) yield* rollback(transaction);
    throw error;
  }
  return result;
}
