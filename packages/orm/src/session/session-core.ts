/**
 * A session, whoever drives it: its transaction, its connections, its options. Methods that may wait are steps; the fronts
 * (../sync/session.ts and @athanor/async/orm) run them. Larger operations are in ./steps/. Its objects: ./session-objects.ts.
 * Next: ./transaction.ts.
 */
import {
  type ClauseElement,
  type ConnectionCore,
  type CursorResult,
  type EngineCore,
  type ExecutionOptionsInput,
  executeStep,
  InvalidRequestError,
  resolveNode,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";
import type { ImplicitAccess } from "../base/session-port.ts";
import type { HeardLoad, LoadingSession, LoadParameters, LoadPurpose } from "../load/session.ts";
import { mapperOf } from "../mapping/class-map.ts";
import { isMapper } from "../mapping/mapper.ts";
import type { FlushSession } from "../persist/scope.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { coreOf, SessionBinds } from "./binds.ts";
import { allSessions, type SessionDispatcher } from "./events.ts";
import { flushStep } from "./flush.ts";
import { hearLoadStep } from "./hear.ts";
import { noteClosed, type OpenPlace } from "./open-sessions.ts";
import { type Bind, type BindArguments, type JoinTransactionMode, joinModeOf, type SessionOptions } from "./options.ts";
import { Routing } from "./routing.ts";
import { SessionObjects } from "./session-objects.ts";
import { SessionTransaction, type TransactionOrigin } from "./transaction.ts";

type Mapper = OrmClasses["mapper"];

/** What a front lends to the core: how loads that touching an attribute asks for are run, and connection objects. */
export interface SessionDriver {
  readonly loadsImplicitly: boolean;
  runImplicit<T>(step: () => Step<T>, access: ImplicitAccess): T;
  awaitStep<T>(step: () => Step<T>, access: ImplicitAccess): Promise<T>;
  connectionFront(core: ConnectionCore): object;
}

/** The session behind the fronts. */
export class SessionCore extends SessionObjects implements LoadingSession, FlushSession {
  readonly #driver: SessionDriver;
  readonly #options: SessionOptions;
  nestedTransaction: SessionTransaction | null = null;
  /** The transaction of the callback of `begin()` that is running. */
  block: SessionTransaction | null = null;
  autoflush: boolean;
  expireOnCommit: boolean;
  readonly autobegins: boolean;
  readonly twophase: boolean;
  readonly joinTransactionMode: JoinTransactionMode;
  readonly info: Record<PropertyKey, unknown>;
  executionOptions: Readonly<Record<string, unknown>>;
  bind: Bind | null;
  readonly #binds: SessionBinds;
  /** Chooses between databases that share classes; null for most sessions. */
  readonly routing: Routing | null;
  flushing = false;
  place: OpenPlace | null = null;
  /** Row by row inside a flush, where the session must not be changed by listeners. */
  warnsOnEvents = false;
  #closed = false;
  #identityToken: unknown = null;
  #bindArguments: BindArguments | null = null;

  constructor(
    driver: SessionDriver,
    options: SessionOptions,
    defaults: { readonly expireOnCommit: boolean; readonly dispatch?: SessionDispatcher | undefined },
  ) {
    super(defaults.dispatch ?? allSessions);
    this.#driver = driver;
    this.#options = options;
    this.bind = options.bind ?? null;
    this.#binds = new SessionBinds(options);
    this.routing = options.router === undefined ? null : new Routing(this, options.router);
    this.autoflush = options.autoflush ?? true;
    this.autobegins = options.autobegin ?? true;
    this.expireOnCommit = options.expireOnCommit ?? defaults.expireOnCommit;
    this.twophase = options.twophase ?? false;
    this.joinTransactionMode = joinModeOf(options.joinTransactionMode);
    this.info = { ...options.info };
    this.executionOptions = options.executionOptions ?? {};
  }

  // ---- what instances ask ----

  get loadsImplicitly(): boolean {
    return this.#driver.loadsImplicitly;
  }

  runImplicit<T>(step: () => Step<T>, access: ImplicitAccess): T {
    return this.#driver.runImplicit(step, access);
  }

  awaitStep<T>(step: () => Step<T>, access: ImplicitAccess): Promise<T> {
    return this.#driver.awaitStep(step, access);
  }

  connectionFront(core: ConnectionCore): object {
    return this.#driver.connectionFront(core);
  }

  get loadsAreHeard(): boolean {
    return !this.events.of("doOrmExecute").empty;
  }

  hearLoadStep(
    statement: ClauseElement,
    params: LoadParameters | undefined,
    options: ExecutionOptionsInput | undefined,
    purpose: LoadPurpose,
  ): Step<HeardLoad> {
    return hearLoadStep(this, statement, params, options, purpose);
  }

  /** The transaction around all others. */
  get rootTransaction(): SessionTransaction | null {
    let { transaction } = this;
    while (transaction !== null && transaction.parent !== null) transaction = transaction.parent;
    return transaction;
  }

  // ---- transactions ----

  get closed(): boolean {
    return this.#closed;
  }

  /** The transaction; begins one where that is allowed. */
  autobegin(origin: TransactionOrigin = "autobegin"): SessionTransaction {
    if (this.transaction !== null) return this.transaction;
    if (this.#closed)
      throw new InvalidRequestError(
        "This Session has been permanently closed and is unable to handle any more transaction requests.",
      );
    if (origin === "autobegin" && !this.autobegins)
      throw new InvalidRequestError(
        "Autobegin is disabled on this Session; please call session.begin() to start a new transaction",
      );
    return new SessionTransaction(this, origin, null);
  }

  *beginTransactionStep(nested: boolean): Step<SessionTransaction> {
    const { transaction } = this;
    if (transaction === null) {
      if (!nested) return this.autobegin("begin");
      this.autobegin();
    } else if (!nested)
      throw new InvalidRequestError("A transaction is already begun on this Session.", {
        code: "transaction_begun",
        fix: "commit() or rollback() it first, or use beginNested() for a savepoint",
      });
    const outer = this.transaction as SessionTransaction;
    outer.check("beginNested");
    if (!this.flushing) yield* this.flushStep();
    return new SessionTransaction(this, "nested", outer);
  }

  /** The first phase of a two-phase commit. @throws InvalidRequestError */
  *prepareStep(): Step<void> {
    const transaction = this.autobegin();
    if (!this.twophase || transaction.parent !== null)
      throw new InvalidRequestError("'twophase' mode not enabled, or not root transaction; can't prepare.", {
        fix: "new Session({ twophase: true })",
      });
    yield* transaction.prepareStep();
  }

  *commitStep(): Step<void> {
    yield* this.autobegin().commitStep(true);
  }

  *rollbackStep(): Step<void> {
    if (this.transaction !== null) yield* this.transaction.rollbackStep(null, true);
  }

  /** Gives everything back: objects leave, transactions end. */
  *closeStep(options: { readonly invalidate?: boolean; readonly reset?: boolean } = {}): Step<void> {
    if (this.#options.closeResetsOnly === false && options.reset !== true) this.#closed = true;
    this.expungeAll();
    for (let transaction = this.transaction; transaction !== null; transaction = this.transaction) {
      yield* transaction.closeStep({ invalidate: options.invalidate === true });
    }
    noteClosed(this);
  }

  // ---- connections ----

  /** The bind for a mapper. @throws UnboundExecutionError */
  bindFor(
    mapper: Mapper | null,
    state: InstanceState | null = null,
    clause: ClauseElement | null = null,
  ): EngineCore | ConnectionCore {
    const given = this.#bindArguments;
    const { routing } = this;
    if (given === null && routing === null) return this.#binds.of(mapper, state, clause, this.bind);
    const own = given?.mapper === undefined ? mapper : isMapper(given.mapper) ? given.mapper : mapperOf(given.mapper);
    const about = given?.clause === undefined ? clause : (resolveNode(given.clause) as ClauseElement);
    if (given?.bind !== undefined) return coreOf(given.bind);
    return this.#binds.of(own, state, about, routing?.bindFor(own, state, about) ?? this.bind);
  }

  get identityToken(): unknown {
    return this.#identityToken;
  }

  *withTokenStep<T>(token: unknown, step: () => Step<T>): Step<T> {
    const before = this.#identityToken;
    this.#identityToken = token;
    try {
      return yield* step();
    } finally {
      this.#identityToken = before;
    }
  }

  /** Runs a step whose statements go where the arguments say. */
  *boundStep<T>(bindArguments: BindArguments, step: () => Step<T>): Step<T> {
    const before = this.#bindArguments;
    this.#bindArguments = bindArguments;
    const { shardId = null } = bindArguments;
    try {
      return yield* shardId === null || this.routing === null ? step() : this.withTokenStep(shardId, step);
    } finally {
      this.#bindArguments = before;
    }
  }

  addBind(key: object, bind: Bind): void {
    this.#binds.add(key, bind);
  }

  /** Lets a function choose the bind: the `getBind()` of a class of sessions of the program's own. */
  chooseBindBy(choose: (mapper: Mapper | null, clause: ClauseElement | null) => Bind): void {
    this.#binds.chooseBy(choose);
  }

  get routesByState(): boolean {
    return this.routing !== null || this.#binds.routesByState;
  }

  connectionStep(
    mapper: Mapper | null,
    state?: InstanceState,
    options?: Readonly<Record<string, unknown>>,
  ): Step<ConnectionCore> {
    return this.autobegin().connectionStep(this.bindFor(mapper, state ?? null), options);
  }

  // ---- executing ----

  *executeCoreStep(
    statement: ClauseElement,
    params: LoadParameters | undefined,
    options: ExecutionOptionsInput | undefined,
    mapper: Mapper | null,
  ): Step<CursorResult> {
    const transaction = this.autobegin();
    transaction.check("execute");
    const connection = yield* transaction.connectionStep(this.bindFor(mapper, null, statement));
    return yield* executeStep(connection, statement, params, options);
  }

  *autoflushStep(): Step<void> {
    if (!this.autoflush || this.flushing || !this.needsFlush) return;
    try {
      yield* this.flushStep(
        null,
        " (This warning originated from the Session 'autoflush' process, which was invoked automatically in response to a user-initiated operation. Consider using ``no_autoflush`` context manager if this warning happened while initializing objects.)",
      );
    } catch (error) {
      if (error instanceof Error && !error.message.includes("raised as a result of Query-invoked autoflush")) {
        error.message +=
          "\n(raised as a result of Query-invoked autoflush; consider using a session.noAutoflush() block if this flush is occurring prematurely)";
      }
      throw error;
    }
  }

  flushStep(objects: readonly InstanceState[] | null = null, warnSuffix = ""): Step<void> {
    return flushStep(this, objects, warnSuffix);
  }
}

declare module "../base/classes.ts" {
  interface OrmClasses {
    session: SessionCore;
  }
}
