/** Transactions of the asynchronous API. The logic is @athanor/core's; each method runs one step. */
import { commitStep, prepareStep, rollbackOnceStep, rollbackStep, type TransactionCore } from "@athanor/core";
import { runAsync } from "@athanor/driver";
import type { AsyncConnection } from "./connection-port.ts";

/** A transaction, or a savepoint. `await using` rolls it back unless it was committed. */
export class AsyncTransaction {
  /** @internal */
  readonly core: TransactionCore;

  constructor(core: TransactionCore) {
    this.core = core;
    core.front = this;
  }

  /** The connection it belongs to. */
  get connection(): AsyncConnection {
    return this.core.connection.front as AsyncConnection;
  }

  /** False once it was committed or rolled back. */
  get isActive(): boolean {
    return this.core.isActive;
  }

  /** Whether it is the connection's present transaction. */
  get isValid(): boolean {
    return this.core.isActive && !this.core.connection.invalidated;
  }

  /** The id of a two-phase transaction, the name of a savepoint. */
  get name(): string {
    return this.core.name;
  }

  /** Commits; a savepoint is released. @throws InvalidRequestError when it has ended. */
  commit(): Promise<void> {
    return runAsync(commitStep(this.core));
  }

  /** Rolls back, to the savepoint where it is one. Of a transaction that has ended it warns. */
  rollback(): Promise<void> {
    return runAsync(rollbackOnceStep(this.core));
  }

  /** The first phase of a two-phase commit. */
  prepare(): Promise<void> {
    return runAsync(prepareStep(this.core));
  }

  /** The same as {@link rollback}; does nothing when it has ended. */
  close(): Promise<void> {
    return runAsync(rollbackStep(this.core));
  }

  /** Rolls back at the end of a block, unless it was committed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
