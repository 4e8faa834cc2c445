/**
 * The transactions of a session: the outermost one, savepoints, and the frame around each flush. Each outermost transaction
 * and savepoint remembers what happened to objects in it, so that a rollback can undo that. Next: ./session-core.ts.
 */
import {
  beginNestedStep,
  beginStep,
  beginTwoPhaseStep,
  ConnectionCore,
  closeStep,
  commitStep,
  connectStep,
  type EngineCore,
  InvalidRequestError,
  invalidateStep,
  prepareStep,
  ResourceClosedError,
  rollbackStep,
  type TransactionCore,
  warn,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";
import { FlushError, PendingRollbackError } from "../base/errors.ts";
import type { IdentityHash } from "../identity/key.ts";
import { expireAll } from "../state/changes.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { noteOpen } from "./open-sessions.ts";
import type { JoinTransactionMode } from "./options.ts";

type SessionCore = OrmClasses["session"];

/** How a transaction came about. */
export type TransactionOrigin = "autobegin" | "begin" | "nested" | "flush";
type Status = "active" | "prepared" | "committed" | "deactive" | "closed";

/** A connection that takes part, and what is to be done with it in the end. */
interface Member {
  readonly connection: ConnectionCore;
  readonly transaction: TransactionCore;
  /** It is ours to commit. */
  readonly commits: boolean;
  /** It is ours to close. */
  readonly closes: boolean;
  /** It is rolled back with us, though not committed. */
  readonly rollsBack: boolean;
}

interface OldKey {
  readonly hash: IdentityHash;
  readonly value: unknown;
}

/** A transaction of a session. */
export class SessionTransaction {
  readonly session: SessionCore;
  readonly parent: SessionTransaction | null;
  readonly origin: TransactionOrigin;
  readonly nested: boolean;
  /** The object that the program holds; what listeners get. */
  front: object = this;
  status: Status = "active";
  /** The error of the flush that broke it. */
  failure: unknown = null;
  /** Objects that became persistent in it. */
  fresh: Set<InstanceState>;
  /** Objects whose rows were deleted in it. */
  deleted: Set<InstanceState>;
  /** Objects whose rows were updated in it. */
  dirty: Set<InstanceState>;
  /** Objects whose primary key changed, with the first one. */
  keySwitches: Map<InstanceState, OldKey>;
  readonly #members = new Map<object, Member>();
  readonly #previousNested: SessionTransaction | null;

  constructor(session: SessionCore, origin: TransactionOrigin, parent: SessionTransaction | null) {
    if (session.block !== null && session.block.status === "closed")
      throw new InvalidRequestError(
        "Can't operate on closed transaction inside context manager.  Please complete the context manager before emitting further commands.",
        { fix: "return from the callback of begin() or beginNested(): it has committed or rolled back already" },
      );
    this.session = session;
    this.origin = origin;
    this.parent = parent;
    this.nested = origin === "nested";
    this.#previousNested = session.nestedTransaction;
    if (this.isBoundary) {
      this.fresh = new Set();
      this.deleted = new Set();
      this.dirty = new Set();
      this.keySwitches = new Map();
    } else {
      const outer = parent as SessionTransaction;
      this.fresh = outer.fresh;
      this.deleted = outer.deleted;
      this.dirty = outer.dirty;
      this.keySwitches = outer.keySwitches;
    }
    if (parent === null) noteOpen(session);
    if (this.nested) session.nestedTransaction = this;
    session.transaction = this;
    session.events.of("afterTransactionCreate").fire(session.front as never, this.front as never);
  }

  /** It has a transaction or a savepoint of the database to itself. */
  get isBoundary(): boolean {
    return this.nested || this.parent === null;
  }

  get isActive(): boolean {
    return this.session.transaction !== null && this.status === "active";
  }

  /** @throws PendingRollbackError when a flush failed; ResourceClosedError when it has ended. */
  check(what: string): void {
    if (this.status === "active") return;
    if (this.status === "deactive") {
      if (this.failure !== null) {
        throw new PendingRollbackError(
          `This Session's transaction has been rolled back due to a previous exception during flush. To begin a new transaction with this Session, first issue Session.rollback(). Original exception was: ${messageOf(this.failure)}`,
          { code: "7s2a", cause: this.failure },
        );
      }
      throw new InvalidRequestError(
        "This session is in 'inactive' state, due to the SQL transaction being rolled back; no further SQL can be emitted within this transaction.",
      );
    }
    if (this.status === "closed") throw new ResourceClosedError("This transaction is closed");
    throw new InvalidRequestError(
      `This session is in '${this.status}' state; no further SQL can be emitted within this transaction. (${what})`,
    );
  }

  // ---- connections ----

  /** The connection to a bind, in this transaction. */
  *connectionStep(
    bind: EngineCore | ConnectionCore,
    options?: Readonly<Record<string, unknown>>,
  ): Step<ConnectionCore> {
    const known = this.#members.get(bind);
    if (known !== undefined) {
      if (options !== undefined)
        warn("Connection is already established for the given bind; execution_options ignored");
      return known.connection;
    }
    this.check("connection");
    const { session } = this;
    let connection: ConnectionCore;
    let opened = false;
    if (this.parent !== null) {
      connection = yield* this.parent.connectionStep(bind, options);
      if (!this.nested) return connection;
    } else if (bind instanceof ConnectionCore) {
      connection = bind;
      if (this.#members.has(connection.engine))
        throw new InvalidRequestError("Session already has a Connection associated for the given Connection's Engine");
    } else {
      connection = yield* connectStep(bind, (core) => session.connectionFront(core));
      opened = true;
    }
    let member: Member;
    try {
      if (options !== undefined) connection.options = { ...connection.options, ...options };
      member = yield* this.#joinStep(connection, opened);
    } catch (error) {
      if (opened) yield* closeStep(connection);
      throw error;
    }
    this.#members.set(connection, member);
    this.#members.set(bind instanceof ConnectionCore ? connection.engine : bind, member);
    const listeners = session.events.of("afterBegin");
    if (!listeners.empty) yield* listeners.run(session.front as never, this.front as never, connection.front as never);
    return connection;
  }

  *#joinStep(connection: ConnectionCore, opened: boolean): Step<Member> {
    const { session } = this;
    if (this.nested)
      return {
        connection,
        transaction: yield* beginNestedStep(connection),
        commits: true,
        closes: false,
        rollsBack: true,
      };
    if (connection.transaction === null) {
      const transaction =
        session.twophase && this.parent === null ? yield* beginTwoPhaseStep(connection) : yield* beginStep(connection);
      return { connection, transaction, commits: true, closes: opened, rollsBack: true };
    }
    const mode: JoinTransactionMode =
      session.joinTransactionMode === "conditional_savepoint"
        ? connection.nested !== null
          ? "create_savepoint"
          : "rollback_only"
        : session.joinTransactionMode;
    if (mode === "create_savepoint")
      return {
        connection,
        transaction: yield* beginNestedStep(connection),
        commits: true,
        closes: opened,
        rollsBack: true,
      };
    const transaction = connection.nested ?? connection.transaction;
    return { connection, transaction, commits: mode === "control_fully", closes: opened, rollsBack: true };
  }

  /** Whether it holds a connection of a pool. */
  usesPool(pool: object): boolean {
    for (const { connection } of this.#members.values()) if (connection.engine.pool === pool) return true;
    return false;
  }

  #own(): Set<Member> {
    return new Set(this.#members.values());
  }

  // ---- ending ----

  /** Flushes until nothing is left, and asks two-phase transactions to prepare. */
  *prepareStep(): Step<void> {
    this.check("prepare");
    const { session } = this;
    if (this.isBoundary) {
      const listeners = session.events.of("beforeCommit");
      if (!listeners.empty) yield* listeners.run(session.front as never);
    }
    yield* this.#endInnerStep("commit");
    if (!session.flushing) {
      for (let round = 0; session.needsFlush; round++) {
        if (round === 100)
          throw new FlushError(
            "Over 100 subsequent flushes have occurred within session.commit() - is an after_flush() hook creating new objects?",
          );
        yield* session.flushStep();
      }
    }
    if (this.parent === null && session.twophase) {
      try {
        for (const { transaction } of this.#own()) yield* prepareStep(transaction);
      } catch (error) {
        yield* this.rollbackStep();
        throw error;
      }
    }
    this.status = "prepared";
  }

  /** Transactions inside this one end with it. */
  *#endInnerStep(how: "commit" | "close"): Step<void> {
    const { session } = this;
    for (let inner = session.transaction; inner !== null && inner !== this; inner = session.transaction) {
      if (how === "commit") yield* inner.commitStep();
      else yield* inner.closeStep();
    }
  }

  *commitStep(toRoot = false): Step<void> {
    const { session, parent } = this;
    if (this.status !== "prepared") yield* this.prepareStep();
    if (this.isBoundary) {
      for (const { transaction, commits } of this.#own()) if (commits) yield* commitStep(transaction);
      this.status = "committed";
      const listeners = session.events.of("afterCommit");
      if (!listeners.empty) yield* listeners.run(session.front as never);
      this.#keepSnapshot();
    }
    yield* this.closeStep();
    if (toRoot && parent !== null) yield* parent.commitStep(true);
  }

  /** Rolls back, to the savepoint or the beginning that this transaction is part of. */
  *rollbackStep(failure: unknown = null, toRoot = false): Step<void> {
    const { session, parent } = this;
    yield* this.#endInnerStep("close");
    let failed: { readonly error: unknown } | null = null;
    let boundary: SessionTransaction = this;
    if (this.status === "active" || this.status === "prepared") {
      for (let transaction: SessionTransaction | null = this; transaction !== null; transaction = transaction.parent) {
        if (!transaction.isBoundary) {
          transaction.status = "deactive";
          continue;
        }
        try {
          for (const member of transaction.#own()) if (member.rollsBack) yield* rollbackStep(member.transaction);
          transaction.status = "deactive";
          const listeners = session.events.of("afterRollback");
          if (!listeners.empty) yield* listeners.run(session.front as never);
        } catch (error) {
          failed = { error };
        } finally {
          transaction.status = "deactive";
          transaction.#restoreSnapshot(transaction.nested);
        }
        boundary = transaction;
        break;
      }
    }
    if (failed === null && session.needsFlush) {
      warn("Session's state has been changed on a non-active transaction - this state will be discarded.");
      boundary.#restoreSnapshot(boundary.nested);
    }
    yield* this.closeStep();
    if (parent !== null && failure !== null) parent.failure = failure;
    if (failed !== null) throw failed.error;
    const listeners = session.events.of("afterSoftRollback");
    if (!listeners.empty) yield* listeners.run(session.front as never, this.front as never);
    if (toRoot && parent !== null) yield* parent.rollbackStep(null, true);
  }

  /** Ends it without a commit; gives connections back. */
  *closeStep(options: { readonly invalidate?: boolean } = {}): Step<void> {
    const { session, parent } = this;
    if (this.nested) session.nestedTransaction = this.#previousNested;
    else if (parent === null) session.nestedTransaction = null;
    session.transaction = parent;
    if (this.status === "closed") return;
    const wasOpen = this.status === "active" || this.status === "prepared";
    this.status = "closed";
    if (this.isBoundary) {
      let failed: { readonly error: unknown } | null = null;
      for (const member of this.#own()) {
        try {
          if (options.invalidate === true && parent === null) yield* invalidateStep(member.connection, null);
          if (wasOpen && member.transaction.isActive && member.commits) yield* rollbackStep(member.transaction);
          if (member.closes) yield* closeStep(member.connection);
        } catch (error) {
          failed ??= { error };
        }
      }
      this.#members.clear();
      if (failed !== null) {
        session.events.of("afterTransactionEnd").fire(session.front as never, this.front as never);
        throw failed.error;
      }
    }
    session.events.of("afterTransactionEnd").fire(session.front as never, this.front as never);
  }

  // ---- objects ----

  /** After a commit: everything expires, or the enclosing savepoint takes over what happened. */
  #keepSnapshot(): void {
    const { session, parent } = this;
    if (parent === null) {
      if (session.expireOnCommit) session.expireStates(null);
      session.detachDeleted(this.deleted);
      this.deleted.clear();
      return;
    }
    for (const state of this.fresh) parent.fresh.add(state);
    for (const state of this.dirty) parent.dirty.add(state);
    for (const state of this.deleted) parent.deleted.add(state);
    for (const [state, key] of this.keySwitches) if (!parent.keySwitches.has(state)) parent.keySwitches.set(state, key);
  }

  /** After a rollback: new objects leave, deleted ones come back, changed ones are loaded again. */
  #restoreSnapshot(onlyDirty: boolean): void {
    const { session } = this;
    const leaving = new Set([...this.fresh, ...session.newStates]);
    session.expungeStates(leaving, true);
    for (const [state, { hash, value }] of this.keySwitches) {
      session.identityMap.discard(state);
      if (leaving.has(state)) continue;
      state.identityHash = hash;
      state.identityValue = value;
      session.identityMap.replace(state);
    }
    for (const state of new Set([...this.deleted, ...session.deletedStates])) session.revive(state);
    for (const state of session.identityMap.states())
      if (!onlyDirty || state.modified || this.dirty.has(state)) expireAll(state);
    session.forgetModified(onlyDirty ? this.dirty : null);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `(${error.constructor.name}) ${error.message}` : String(error);
}
