/**
 * Two-phase transactions: their beginning and both halves of their commit, and those that were prepared by somebody else
 * and never ended. Next: ./transaction.ts, which commits and rolls back.
 */
import { type DriverTwoPhase, type MaybePromise, type Step, settle } from "@athanor/driver";
import { InvalidRequestError } from "../../errors/errors.ts";
import type { ConnectionCore, TransactionCore } from "../connection-core.ts";
import { revalidate } from "./connect.ts";
import { runText } from "./cursor.ts";
import { guarded } from "./guarded.ts";
import { listening } from "./transaction-events.ts";

/** The id that a two-phase transaction goes by. @throws InvalidRequestError for ids that no database takes. */
export function checkedXid(connection: ConnectionCore, xid: string | undefined): string {
  if (!connection.dialect.capabilities.twoPhase)
    throw new InvalidRequestError(`The ${connection.dialect.name} dialect has no two-phase transactions`);
  const name = xid ?? `_sa_${globalThis.crypto.randomUUID().replaceAll("-", "")}`;
  if (!/^[\w.:-]+$/.test(name))
    throw new InvalidRequestError("a two-phase transaction's id consists of letters, digits, and _ . : -");
  return name;
}

/** First half of a two-phase commit. */
export function* prepare(transaction: TransactionCore): Step<void> {
  const { connection, name } = transaction;
  if (transaction.kind !== "twoPhase") throw new InvalidRequestError("prepare() is for two-phase transactions");
  if (!transaction.isActive) throw new InvalidRequestError("This transaction is inactive");
  const listeners = listening(connection, "prepareTwophase");
  if (listeners !== null) yield* listeners.run(connection.front, name);
  yield* runTwoPhase(
    connection,
    "PREPARE",
    (driver) => driver.prepare(name),
    () => connection.dialect.prepareTwoPhase(name),
  );
  transaction.isPrepared = true;
}

/** Second half, or the end of it all. */
export function* endTwoPhase(transaction: TransactionCore, how: "commit" | "rollback"): Step<void> {
  const { connection, name, isPrepared } = transaction;
  const listeners = listening(connection, how === "commit" ? "commitTwophase" : "rollbackTwophase");
  if (listeners !== null) yield* listeners.run(connection.front, name, isPrepared);
  if (connection.lease === null) return;
  if (how === "commit" && !isPrepared) yield* prepare(transaction);
  yield* secondPhase(connection, name, how, how === "commit" || isPrepared);
}

function* secondPhase(
  connection: ConnectionCore,
  name: string,
  how: "commit" | "rollback",
  isPrepared: boolean,
): Step<void> {
  const { dialect } = connection;
  if (how === "commit")
    yield* runTwoPhase(
      connection,
      "COMMIT",
      (driver) => driver.commit(name),
      () => dialect.commitTwoPhase(name, isPrepared),
    );
  else
    yield* runTwoPhase(
      connection,
      "ROLLBACK",
      (driver) => driver.rollback(name, isPrepared),
      () => dialect.rollbackTwoPhase(name, isPrepared),
    );
}

/** Ids of transactions that were prepared, by any connection, and neither committed nor rolled back. */
export function* recoverTwophase(connection: ConnectionCore): Step<readonly string[]> {
  yield* outside(connection, "recoverTwophase()");
  return yield* settle(
    connection.dialect.recoverTwoPhase((sql, parameters) => runText(connection, sql, parameters, true)),
  );
}

/** Ends a transaction that was prepared, by any connection. */
export function* endPrepared(connection: ConnectionCore, xid: string, how: "commit" | "rollback"): Step<void> {
  yield* outside(connection, how === "commit" ? "commitPrepared()" : "rollbackPrepared()");
  const name = checkedXid(connection, xid);
  const listeners = listening(connection, how === "commit" ? "commitTwophase" : "rollbackTwophase");
  if (listeners !== null) yield* listeners.run(connection.front, name, true);
  yield* secondPhase(connection, name, how, true);
}

function* outside(connection: ConnectionCore, what: string): Step<void> {
  connection.check();
  if (connection.transaction !== null) {
    throw new InvalidRequestError(`${what} works outside of transactions`, {
      fix: "commit() or rollback() first: a statement has begun a transaction",
    });
  }
  if (connection.lease === null) yield* revalidate(connection);
}

/** By calls of the driver where it has them, by the dialect's statements otherwise. */
function* runTwoPhase(
  connection: ConnectionCore,
  operation: string,
  byDriver: (driver: DriverTwoPhase) => MaybePromise<void>,
  statements: () => string | readonly string[],
): Step<void> {
  const { twoPhase } = connection.driverConnection;
  if (twoPhase !== undefined) return yield* guarded(connection, operation, () => byDriver(twoPhase));
  const given = statements();
  for (const sql of typeof given === "string" ? [given] : given) yield* runText(connection, sql);
}
