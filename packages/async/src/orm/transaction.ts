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

  /** Rolls back what was not committed. */
  async close(): Promise<void> {
    const { status } = this.core;
    if (status === "active" || status === "prepared") await this.rollback();
    else if (status !== "closed") await this.#busy.during("close()", () => runAsync(this.core.closeStep()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
