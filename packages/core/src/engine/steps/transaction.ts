/** Beginning, committing and rolling back: transactions, savepoints, two-phase transactions. */
import type { Step } from "@athanor/driver";
import { InvalidRequestError } from "../../errors/errors.ts";
import { warn } from "../../util/warnings.ts";
import { type ConnectionCore, pendingRollback, TransactionCore } from "../connection-core.ts";
import { transactionTracer } from "../tracing.ts";
import { revalidate } from "./connect.ts";
import { guarded } from "./guarded.ts";
import { runSavepoint } from "./savepoint.ts";
import { listening } from "./transaction-events.ts";
import { checkedXid, endTwoPhase } from "./two-phase.ts";

/** Begins a transaction that the program asked for. @throws InvalidRequestError when one is open. */
export function* begin(connection: ConnectionCore): Step<TransactionCore> {
  refuseSecond(connection, "begin()");
  return yield* autobegin(connection);
}

/** Begins a transaction because a statement needs one. */
export function* autobegin(connection: ConnectionCore): Step<TransactionCore> {
  if (connection.lease === null) yield* revalidate(connection);
  const transaction = new TransactionCore("root", connection, "", null);
  const listeners = listening(connection, "begin");
  if (listeners !== null) yield* listeners.run(connection.front);
  const { isAutocommit } = connection;
  connection.log?.info(
    isAutocommit ? "BEGIN (implicit; DBAPI should not BEGIN due to autocommit mode)" : "BEGIN (implicit)",
  );
  if (beginsOnServer(connection)) {
    yield* guarded(connection, "BEGIN", () => connection.driverConnection.begin(beginStatement(connection)));
  }
  connection.transaction = transaction;
  return transaction;
}

/** Whether the server begins a transaction. @throws InvalidRequestError where there is none that could be read-only. */
export function beginsOnServer(connection: ConnectionCore): boolean {
  if (!connection.isAutocommit) return true;
  if (connection.options.readOnly !== true) return false;
  throw new InvalidRequestError("Statements in AUTOCOMMIT have no transaction that could be read-only", {
    fix: "leave the isolation level AUTOCOMMIT out, or the option readOnly",
  });
}

/** Whether {@link autobegin} would have nothing to do beside telling the driver. */
export function beginsPlainly(connection: ConnectionCore): boolean {
  return connection.listeners.begin.empty && !transactionTracer.isOn;
}

/** Whether nobody has to be told that a transaction of an autocommitting connection ends. */
export function endsPlainly({ kind, connection }: TransactionCore): boolean {
  return (
    kind === "root" && connection.nested === null && connection.log === null && connection.listeners.rollback.empty
  );
}

/** The statement that begins a connection's transactions. */
export function beginStatement({ dialect, isolationLevel, options }: ConnectionCore): string | undefined {
  return dialect.beginStatement({
    isolationLevel,
    ...(options.readOnly === undefined ? {} : { readOnly: options.readOnly }),
    ...(options.deferrable === undefined ? {} : { deferrable: options.deferrable }),
  });
}

/** Begins a savepoint, and a transaction around it where there is none. */
export function* beginNested(connection: ConnectionCore): Step<TransactionCore> {
  connection.check();
  if (connection.transaction === null) yield* autobegin(connection);
  connection.savepoints += 1;
  const name = `sa_savepoint_${connection.savepoints}`;
  const transaction = new TransactionCore("nested", connection, name, connection.nested);
  const listeners = listening(connection, "savepoint");
  if (listeners !== null) yield* listeners.run(connection.front, name);
  yield* runSavepoint(connection, connection.dialect.savepointStatement(name));
  connection.nested = transaction;
  return transaction;
}

/** Begins a transaction that is prepared before it is committed. */
export function* beginTwoPhase(connection: ConnectionCore, xid?: string): Step<TransactionCore> {
  refuseSecond(connection, "beginTwophase()");
  const name = checkedXid(connection, xid);
  if (connection.lease === null) yield* revalidate(connection);
  const listeners = listening(connection, "beginTwophase");
  if (listeners !== null) yield* listeners.run(connection.front, name);
  connection.log?.info("BEGIN TWOPHASE (implicit)");
  yield* guarded(connection, "BEGIN", () => {
    const { driverConnection, dialect } = connection;
    const { twoPhase } = driverConnection;
    return twoPhase === undefined ? driverConnection.begin(dialect.beginTwoPhase(name)) : twoPhase.begin(name);
  });
  const transaction = new TransactionCore("twoPhase", connection, name, null);
  connection.transaction = transaction;
  return transaction;
}

/** Commits. A savepoint is released. */
export function* commit(transaction: TransactionCore): Step<void> {
  const { connection } = transaction;
  connection.checkFree();
  if (!transaction.isActive) throw inactive(transaction);
  if (connection.invalidated && connection.transaction !== null) {
    transaction.isActive = false;
    throw pendingRollback(transaction.kind === "nested" ? "savepoint " : "");
  }
  if (transaction.kind === "nested") return yield* release(transaction);
  if (transaction.isCurrent) {
    try {
      yield* endStreams(connection);
      if (transaction.kind === "twoPhase") yield* endTwoPhase(transaction, "commit");
      else {
        const listeners = listening(connection, "commit");
        if (listeners !== null) yield* listeners.run(connection.front);
        connection.log?.info(
          connection.isAutocommit
            ? "COMMIT using DBAPI connection.commit(), has no effect due to autocommit mode"
            : "COMMIT",
        );
        if (!connection.isAutocommit) yield* guarded(connection, "COMMIT", () => connection.driverConnection.commit());
      }
    } finally {
      // A commit that fails leaves the transaction to be rolled back when the connection is returned.
      endNested(connection);
      if (connection.transaction === transaction) connection.transaction = null;
    }
    transaction.isActive = false;
    yield* conclude(transaction);
  }
}

/** Does what was left for the end of a transaction. */
function* conclude(transaction: TransactionCore): Step<void> {
  const { atEnd } = transaction;
  transaction.atEnd = null;
  if (atEnd !== null) yield* atEnd();
}

/** Rolls back, to the savepoint where it is one. Does nothing when it has ended already. */
export function* rollback(transaction: TransactionCore): Step<void> {
  const { connection } = transaction;
  if (transaction.kind === "nested") return yield* rollbackToSavepoint(transaction);
  try {
    if (transaction.isActive && transaction.isCurrent) {
      yield* endStreams(connection);
      if (transaction.kind === "twoPhase") yield* endTwoPhase(transaction, "rollback");
      else yield* rollbackConnection(connection);
    }
  } finally {
    if (transaction.isCurrent) {
      endNested(connection);
      connection.transaction = null;
    }
    transaction.isActive = false;
  }
  yield* conclude(transaction);
}

/** {@link rollback} that a program asks for: of a transaction that has ended already it warns. */
export function* rollbackOnce(transaction: TransactionCore): Step<void> {
  if (transaction.kind !== "nested" && !transaction.isActive && !transaction.isCurrent)
    warn("transaction already deassociated from connection");
  yield* rollback(transaction);
}

function* rollbackConnection(connection: ConnectionCore): Step<void> {
  const listeners = listening(connection, "rollback");
  if (listeners !== null) yield* listeners.run(connection.front);
  connection.log?.info(
    connection.isAutocommit
      ? "ROLLBACK using DBAPI connection.rollback(), has no effect due to autocommit mode"
      : "ROLLBACK",
  );
  if (!connection.isAutocommit && connection.lease !== null)
    yield* guarded(connection, "ROLLBACK", () => connection.driverConnection.rollback());
}

function* release(transaction: TransactionCore): Step<void> {
  const { connection, name } = transaction;
  // Savepoints inside this one end with it.
  for (let inner = connection.nested; inner !== null && inner !== transaction; inner = inner.previous)
    inner.isActive = false;
  connection.nested = transaction;
  try {
    const listeners = listening(connection, "releaseSavepoint");
    if (listeners !== null) yield* listeners.run(connection.front, name);
    const sql = connection.dialect.releaseSavepointStatement(name);
    if (sql !== null) yield* runSavepoint(connection, sql);
  } finally {
    transaction.isActive = false;
  }
  connection.nested = transaction.previous;
}

function* rollbackToSavepoint(transaction: TransactionCore): Step<void> {
  const { connection, name } = transaction;
  try {
    if (transaction.isActive && connection.transaction?.isActive) {
      for (let inner = connection.nested; inner !== null && inner !== transaction; inner = inner.previous)
        inner.isActive = false;
      const listeners = listening(connection, "rollbackSavepoint");
      if (listeners !== null) yield* listeners.run(connection.front, name);
      if (connection.lease !== null)
        yield* runSavepoint(connection, connection.dialect.rollbackToSavepointStatement(name));
    }
  } finally {
    transaction.isActive = false;
    if (isOpen(connection, transaction)) connection.nested = transaction.previous;
  }
}

function isOpen(connection: ConnectionCore, transaction: TransactionCore): boolean {
  for (let open = connection.nested; open !== null; open = open.previous) if (open === transaction) return true;
  return false;
}

/** Ends rows that are still on the server: they do not outlive the transaction. */
export function* endStreams(connection: ConnectionCore): Step<void> {
  if (connection.streams === null) return;
  for (const stream of [...connection.streams]) yield* stream.close();
  connection.streams.clear();
}

function endNested(connection: ConnectionCore): void {
  for (let inner = connection.nested; inner !== null; inner = inner.previous) inner.isActive = false;
  connection.nested = null;
}

function refuseSecond(connection: ConnectionCore, what: string): void {
  if (connection.transaction === null) {
    connection.check();
    return;
  }
  connection.checkFree();
  throw new InvalidRequestError(
    `This connection has already initialized a Transaction() object via begin() or autobegin; can't call ${what} here unless rollback() or commit() is called first.`,
    { code: "transaction_begun" },
  );
}

function inactive(transaction: TransactionCore): InvalidRequestError {
  if (transaction.isCurrent) return pendingRollback(transaction.kind === "nested" ? "savepoint " : "");
  return new InvalidRequestError(
    transaction.kind === "nested" ? "This nested transaction is inactive" : "This transaction is inactive",
  );
}
