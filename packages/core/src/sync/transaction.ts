/** Transactions as the synchronous API hands them out. The logic is ../engine/steps/transaction.ts. */
import { runSync } from "@athanor/driver";
import type { TransactionCore } from "../engine/connection-core.ts";
import { commit, rollback, rollbackOnce } from "../engine/steps/transaction.ts";
import { prepare } from "../engine/steps/two-phase.ts";
import type { Connection } from "./connection-port.ts";

/** A transaction, or a savepoint. `using` rolls it back unless it was committed. */
export class Transaction {
  /** @internal */
  readonly core: TransactionCore;

  constructor(core: TransactionCore) {
    this.core = core;
    core.front = this;
  }

  /** The connection it belongs to. */
  get connection(): Connection {
    return this.core.connection.front as Connection;
  }

  /** False once it was committed or rolled back. */
  get isActive(): boolean {
    return this.core.isActive;
  }

  /** Whether it is the connection's present transaction. */
  get isValid(): boolean {
    return this.core.isActive && !this.core.connection.invalidated;
  }

  /** Commits; a savepoint is released. @throws InvalidRequestError when it has ended. */
  commit(): void {
    runSync(commit(this.core));
  }

  /** Rolls back, to the savepoint where it is one. Of a transaction that has ended it warns. */
  rollback(): void {
    runSync(rollbackOnce(this.core));
  }

  /** The same as {@link rollback}; does nothing when it has ended. */
  close(): void {
    runSync(rollback(this.core));
  }

  /** Rolls back at the end of a block, unless it was committed. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/** The outermost transaction of a connection. */
export class RootTransaction extends Transaction {}

/** A savepoint. */
export class NestedTransaction extends Transaction {}

/** A transaction in two phases. */
export class TwoPhaseTransaction extends RootTransaction {
  /** The transaction's id. */
  get xid(): string {
    return this.core.name;
  }

  /** The first phase of the commit. */
  prepare(): void {
    runSync(prepare(this.core));
  }
}
