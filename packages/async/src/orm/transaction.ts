/** A session's transaction or savepoint, as the asynchronous API hands it out. */
import { runAsync } from "@athanor/driver";
import type { SessionTransactionCore } from "@athanor/orm";
import type { Busy } from "./busy.ts";

/** What `session.begin()` and `session.beginNested()` give. `await using` rolls back unless it was committed. */
export class AsyncSessionTransaction {
  /** @internal */
  readonly core: SessionTransactionCore;
  readonly #busy: Busy;

  constructor(core: SessionTransactionCore, busy: Busy) {
    this.core = core;
    this.#busy = busy;
    core.front = this;
  }

  /** The object that stands for a transaction; the same at each call. @internal */
  static of(core: SessionTransactionCore | null, busy: Busy): AsyncSessionTransaction | null {
    if (core === null) return null;
    return core.front instanceof AsyncSessionTransaction ? core.front : new AsyncSessionTransaction(core, busy);
  }

  /** The transaction around a savepoint; null for the outermost. */
  get parent(): AsyncSessionTransaction | null {
    return AsyncSessionTransaction.of(this.core.parent, this.#busy);
  }

  /** Work can be done in it. */
  get isActive(): boolean {
    return this.core.isActive;
  }

  /** Whether it is a savepoint. */
  get nested(): boolean {
    return this.core.nested;
  }

  /** Flushes and commits; a savepoint is released. */
  commit(): Promise<void> {
    return this.#busy.during("commit()", () => runAsync(this.core.commitStep()));
  }

  /** Rolls back, to the savepoint where it is one. */
  rollback(): Promise<void> {
    return this.#busy.during("rollback()", () => runAsync(this.core.rollbackStep()));
  }

  /** The first phase of a two-phase commit. */
  prepare(): Promise<void> {
    return this.#busy.during("prepare()", () => runAsync(this.core.prepareStep()));
  }

  /** Rolls back what was not committed. */
  async close(): Promise<void> {
    const { status } = this.core;
    if (status === "active" || status === "prepared") await this.rollback();
    else if (status !== "closed") await this.#busy.during("close()", () => runAsync(this.core.closeStep()));
  }

  /** Rolls back at the end of a block, unless it was committed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
