/**
 * A connection's state and its transactions', whoever drives them. The logic stands in ./steps/; the
 * fronts (../sync/connection.ts and @athanor/async) run it. Next: ./steps/execute.ts.
 */
import { type DriverConnection, type EventDispatcher, keepSpecimen, type Step } from "@athanor/driver";
import type { Lease } from "@athanor/pool";
import type { Dialect, IsolationLevel } from "../dialect/dialect.ts";
import { InvalidRequestError, PendingRollbackError, ResourceClosedError } from "../errors/errors.ts";
import type { StatementCompiler } from "./compiled-cache.ts";
import type { EngineCore } from "./engine-core.ts";
import { connectionDispatch, type EngineEvents, ExecutionListeners } from "./events.ts";
import type { EngineLog } from "./logging.ts";
import { concernsExecutions, type ExecutionOptionsInput } from "./options.ts";
import { queryTracer } from "./tracing.ts";

/** Something that must be ended before the connection goes back: a stream of rows. */
export interface OpenStream {
  close(): Step<void>;
}

/** One connection of an engine. */
export class ConnectionCore {
  readonly engine: EngineCore;
  readonly dialect: Dialect;
  readonly compiler: StatementCompiler;
  /** The connection as the program holds it; what listeners get. */
  front: object = this;
  /** What the pool lent; null once closed. */
  lease: Lease | null;
  /** The outermost transaction, or null outside of any. */
  transaction: TransactionCore | null = null;
  /** The innermost savepoint, or null. */
  nested: TransactionCore | null = null;
  /** The driver's connection was lost or given up; a transaction must be rolled back before another is opened. */
  invalidated = false;
  /** The isolation level set through options; null for the engine's. */
  isolationLevel: IsolationLevel | null = null;
  /** The driver's connection was told a level, which must be put back. */
  levelWasSet = false;
  log: EngineLog | null;
  /** Numbers savepoints. */
  savepoints = 0;
  /** What the driver is executing at this moment; null while it is free. Two tasks cannot share a connection. */
  pending: string | null = null;
  /** Rows that are still on the server; null: none were left there yet. */
  streams: Set<OpenStream> | null = null;
  /** The transaction whose callback runs; nothing may be executed in it once it has ended. */
  managed: TransactionCore | null = null;
  #options: ExecutionOptionsInput;
  #hasOptions: boolean;
  #dispatch: EventDispatcher<EngineEvents<unknown>> | null = null;
  #listeners: ExecutionListeners | null = null;

  constructor(engine: EngineCore, lease: Lease) {
    this.engine = engine;
    this.dialect = engine.dialect;
    this.compiler = engine.compiler;
    this.lease = lease;
    this.log = engine.log;
    const { options, concernsExecutions: concerns } = engine.defaults;
    this.#options = options;
    this.#hasOptions = concerns;
  }

  /** Listeners of this connection; those of the engine hear it too. */
  get dispatch(): EventDispatcher<EngineEvents<unknown>> {
    this.#dispatch ??= connectionDispatch(this.engine.dispatch.ofEngine);
    return this.#dispatch;
  }

  /** Where the listeners stand that hear this connection: it has no dispatcher of its own until somebody asks for it. */
  get heardEvents(): EventDispatcher<EngineEvents<unknown>> {
    return this.#dispatch ?? this.engine.dispatch.ofEngine;
  }

  get listeners(): ExecutionListeners {
    if (this.#dispatch === null) return this.engine.listeners;
    this.#listeners ??= new ExecutionListeners(this.#dispatch);
    return this.#listeners;
  }

  get options(): ExecutionOptionsInput {
    return this.#options;
  }

  set options(options: ExecutionOptionsInput) {
    this.#options = options;
    this.#hasOptions = concernsExecutions(options) || this.engine.options.statementTimeout !== undefined;
    const { loggingToken } = options;
    if (this.engine.log !== null)
      this.log = loggingToken === undefined ? this.engine.log : this.engine.log.withToken(loggingToken);
  }

  /** Nothing stands between a statement and the driver: no options, no log, no listener, no broken transaction. */
  get isPlain(): boolean {
    const { transaction } = this;
    return (
      (transaction === null ? this.lease !== null : transaction.isActive) &&
      this.log === null &&
      !this.#hasOptions &&
      !this.invalidated &&
      this.nested === null &&
      this.pending === null &&
      this.listeners.empty &&
      !queryTracer.isOn
    );
  }

  get closed(): boolean {
    return this.lease === null && !this.invalidated;
  }

  /** Statements run outside of transactions. */
  get isAutocommit(): boolean {
    return (this.isolationLevel ?? this.engine.options.isolationLevel) === "AUTOCOMMIT";
  }

  /**
   * The driver's connection.
   *
   * @throws ResourceClosedError when this connection was closed; PendingRollbackError when it was lost.
   */
  get driverConnection(): DriverConnection {
    const { lease } = this;
    if (lease !== null) return lease.connection;
    if (this.invalidated) throw pendingRollback("");
    throw new ResourceClosedError("This Connection is closed", { code: "connection_closed" });
  }

  /** @throws InvalidRequestError while the driver is executing something for another task. */
  checkFree(): void {
    const { pending } = this;
    if (pending === null) return;
    const doing = pending.replace(/\s+/g, " ").slice(0, 200);
    throw new InvalidRequestError(`This connection is executing another statement: ${doing}`, {
      code: "concurrent_use",
      fix: "await each call before the next one, or give each task a connection of its own",
    });
  }

  /** @throws when no statement may be executed now. */
  check(): void {
    if (this.pending !== null) this.checkFree();
    if (this.lease === null && !this.invalidated)
      throw new ResourceClosedError("This Connection is closed", { code: "connection_closed" });
    if (this.managed !== null && !this.managed.isActive) {
      throw new InvalidRequestError(
        "Can't operate on closed transaction inside context manager.  Please complete the context manager before emitting further commands.",
      );
    }
    const lost = this.invalidated;
    if (this.nested !== null && (lost || !this.nested.isActive)) throw pendingRollback("savepoint ");
    if (this.transaction !== null && (lost || !this.transaction.isActive)) throw pendingRollback("");
  }
}

/** The error of work on a connection whose transaction is broken. */
export function pendingRollback(kind: "" | "savepoint "): PendingRollbackError {
  return new PendingRollbackError(
    `Can't reconnect until invalid ${kind}transaction is rolled back.  Please rollback() fully before proceeding`,
    { code: "pending_rollback" },
  );
}

/** What kind of transaction it is. */
export type TransactionKind = "root" | "nested" | "twoPhase";

/** The state of a transaction. */
export class TransactionCore {
  readonly kind: TransactionKind;
  readonly connection: ConnectionCore;
  /** It has not ended. Stays true when the connection is lost: it is still to be rolled back. */
  isActive = true;
  /** Nested: the savepoint that was the innermost before. */
  readonly previous: TransactionCore | null;
  /** Nested: the savepoint's name. Two-phase: the transaction's id. */
  readonly name: string;
  isPrepared = false;
  /** The transaction as the program holds it; null where nobody asked for it. */
  front: object | null = null;
  /** What its end changes about the connection; null: nothing. */
  atEnd: (() => Step<void>) | null = null;

  constructor(kind: TransactionKind, connection: ConnectionCore, name: string, previous: TransactionCore | null) {
    this.kind = kind;
    this.connection = connection;
    this.name = name;
    this.previous = previous;
  }

  /** Whether its connection still counts it as its own. */
  get isCurrent(): boolean {
    return this.kind === "nested" ? this.connection.nested === this : this.connection.transaction === this;
  }
}

keepSpecimen(
  new ConnectionCore({ defaults: {} } as never, null as never),
  new TransactionCore("root", null as never, "", null),
);
