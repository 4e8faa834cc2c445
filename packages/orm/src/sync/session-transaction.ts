/** A session's transaction or savepoint, as the synchronous API hands it out. */
import { runSync } from "@athanor/driver";
import type { SessionTransaction as TransactionCore } from "../session/transaction.ts";

/** What `session.begin()` and `session.beginNested()` return. `using` rolls back unless it was committed. */
export class SessionTransaction {
  /** @internal */
  readonly core: TransactionCore;

  constructor(core: TransactionCore) {
    this.core = core;
    core.front = this;
  }

  /** The object that stands for a transaction; the same at each call. */
  static of(core: TransactionCore | null): SessionTransaction | null {
    if (core === null) return null;
    return core.front instanceof SessionTransaction ? core.front : new SessionTransaction(core);
  }

  /** The transaction around a savepoint; null for the outermost. */
  get parent(): SessionTransaction | null {
    return SessionTransaction.of(this.core.parent);
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
  commit(): void {
    runSync(this.core.commitStep());
  }

  /** Rolls back, to the savepoint where it is one. */
  rollback(): void {
    runSync(this.core.rollbackStep());
  }

  /** The first phase of a two-phase commit. */
  prepare(): void {
    runSync(this.core.prepareStep());
  }

  /** Rolls back what was not committed. */
  close(): void {
    if (this.core.status === "active" || this.core.status === "prepared") this.rollback();
    else runSync(this.core.closeStep());
  }

  /** Rolls back at the end of a block, unless it was committed. */
  [Symbol.dispose](): void {
    if (this.core.status !== "closed") this.close();
  }
}
