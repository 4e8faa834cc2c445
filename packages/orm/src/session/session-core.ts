/**
 * A session, whoever drives it: its objects, its transaction, its options. Methods that may wait are steps; the fronts
 * (../sync/session.ts and @athanor/async/orm) run them. Larger operations are in ./steps/. Next: ./transaction.ts.
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
import { FlushError } from "../base/errors.ts";
import type { ImplicitAccess } from "../base/session-port.ts";
import { IdentityMap } from "../identity/identity-map.ts";
import { refuseShadowing } from "../instrument/functions.ts";
import type { HeardLoad, LoadingSession, LoadParameters, LoadPurpose } from "../load/session.ts";
import { mapperOf } from "../mapping/class-map.ts";
import { isMapper } from "../mapping/mapper.ts";
import { cascadeNow } from "../persist/cascade.ts";
import type { FlushSession } from "../persist/scope.ts";
import { commitAll, expireAll } from "../state/changes.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { SessionBinds } from "./binds.ts";
import { allSessions, type SessionDispatcher } from "./events.ts";
import { flushStep } from "./flush.ts";
import { hearLoadStep } from "./hear.ts";
import { type Bind, type BindArguments, type JoinTransactionMode, joinModeOf, type SessionOptions } from "./options.ts";
import { Routing } from "./routing.ts";
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
export class SessionCore implements LoadingSession, FlushSession {
  /** The object that the program holds; what listeners get. */
  front: object = this;
  readonly #driver: SessionDriver;
  readonly #options: SessionOptions;
  #dispatch: SessionDispatcher | null = null;
  readonly #classDispatch: SessionDispatcher;

  readonly identityMap: IdentityMap = new IdentityMap();
  /** Pending objects, in the order in which they were added. */
  readonly newStates: Set<InstanceState> = new Set();
  /** Objects that the next flush deletes. */
  readonly deletedStates: Set<InstanceState> = new Set();
  readonly modified: Set<InstanceState> = new Set();
  transaction: SessionTransaction | null = null;
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
  /** Row by row inside a flush, where the session must not be changed by listeners. */
  warnsOnEvents = false;
  #closed = false;
  #bindArguments: BindArguments | null = null;
  #added = 0;

  constructor(
    driver: SessionDriver,
    options: SessionOptions,
    defaults: { readonly expireOnCommit: boolean; readonly dispatch?: SessionDispatcher | undefined },
  ) {
    this.#driver = driver;
    this.#options = options;
    this.#classDispatch = defaults.dispatch ?? allSessions;
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

  // ---- events ----

  /** The listeners that concern this session. */
  get events(): SessionDispatcher {
    return this.#dispatch ?? this.#classDispatch;
  }

  /** Listeners of this session alone; those of its class and its factory hear it too. */
  get dispatch(): SessionDispatcher {
    return (this.#dispatch ??= this.#classDispatch.child());
  }

  #tell(name: ObjectEvent, state: InstanceState): void {
    const listeners = this.events.of(name);
    if (!listeners.empty) listeners.fire(this.front as never, state.obj as never);
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

  registerModified(state: InstanceState): void {
    if (this.transaction === null && this.autobegins && !this.#closed) new SessionTransaction(this, "autobegin", null);
    // Pending objects are written whatever becomes of them.
    if (state.identityHash !== null) this.modified.add(state);
  }

  containsState(state: InstanceState): boolean {
    return state.session === this && !state.deleted;
  }

  isPending(state: InstanceState): boolean {
    return this.newStates.has(state);
  }

  expungePending(state: InstanceState): void {
    if (this.newStates.has(state))
      this.expungeStates([state, ...cascadeNow("expunge", state).filter((other) => other.session === this)]);
  }

  // ---- states ----

  /** add(): brings an object, and by the save-update cascade all that it refers to, into the session. */
  saveOrUpdate(state: InstanceState): void {
    state.orphanedOutside = false;
    this.#bringIn(state);
    for (const other of cascadeNow("save-update", state, (each) => this.containsState(each))) this.#bringIn(other);
  }

  #bringIn(state: InstanceState): void {
    if (state.identityHash === null) this.#bringNew(state);
    else this.#bringKnown(state);
  }

  #bringNew(state: InstanceState): void {
    refuseShadowing(state);
    const attaches = this.#beforeAttach(state);
    if (!this.newStates.has(state)) {
      this.newStates.add(state);
      state.insertOrder = ++this.#added;
    }
    if (attaches) this.#attach(state);
  }

  #bringKnown(state: InstanceState): void {
    if (state.deleted) {
      throw new InvalidRequestError(
        `Instance '${state}' has been deleted.  Use the make_transient() function to send this object back to the transient state.`,
        {
          fix: "makeTransient(object), then add it again to insert a new row",
        },
      );
    }
    const attaches = this.#beforeAttach(state);
    this.deletedStates.delete(state);
    this.identityMap.add(state);
    if (attaches) this.#attach(state);
  }

  #beforeAttach(state: InstanceState): boolean {
    this.autobegin();
    if (state.session === this) return false;
    if (state.session !== null) {
      throw new InvalidRequestError(`Object '${state}' is already attached to another session`, {
        fix: "expunge() it there first, or use session.merge(object) to work on a copy",
      });
    }
    const listeners = this.events.of("beforeAttach");
    if (!listeners.empty) listeners.fire(this.front as never, state.obj as never);
    return true;
  }

  #attach(state: InstanceState): void {
    state.session = this;
    if (state.modified && state.identityHash !== null) this.modified.add(state);
    this.#tell("afterAttach", state);
    this.#tell(state.identityHash !== null ? "detachedToPersistent" : "transientToPending", state);
  }

  /** Puts an object that is deleted, or whose deletion was rolled back, among the persistent ones again. */
  revive(state: InstanceState): void {
    if (state.identityHash === null || (state.deleted && state.session !== this)) return;
    const wasDeleted = state.deleted;
    state.deleted = false;
    this.deletedStates.delete(state);
    this.identityMap.replace(state);
    if (state.session !== this) {
      if (state.session === null) this.#attach(state);
    } else if (wasDeleted) this.#tell("deletedToPersistent", state);
  }

  /** Marks an object for deletion; false when it is marked already. @throws for objects without a row. */
  markDeleted(state: InstanceState, isFirst: boolean): boolean {
    if (state.identityHash === null) {
      if (!isFirst) return false;
      throw new InvalidRequestError(`Instance '${state}' is not persisted`, {
        fix: "flush() it first, or expunge() it: it has no row yet",
      });
    }
    const attaches = this.#beforeAttach(state);
    if (this.deletedStates.has(state)) return false;
    this.identityMap.add(state);
    if (attaches) this.#attach(state);
    return true;
  }

  /** Takes objects out of the session; those without a row any more become transient. */
  expungeStates(states: Iterable<InstanceState>, toTransient = false): void {
    for (const state of states) {
      if (this.newStates.delete(state)) {
        // It was only pending.
      } else if (this.identityMap.contains(state)) {
        this.identityMap.discard(state);
        this.deletedStates.delete(state);
      } else this.transaction?.deleted.delete(state);
      this.modified.delete(state);
      this.#detach(state, toTransient);
    }
  }

  #detach(state: InstanceState, toTransient: boolean): void {
    const { deleted } = state;
    const wasPending = state.identityHash === null;
    state.session = null;
    if (toTransient && !wasPending) {
      state.identityHash = null;
      state.identityValue = null;
      state.deleted = false;
    }
    if (wasPending) this.#tell("pendingToTransient", state);
    else if (deleted && !toTransient) this.#tell("deletedToDetached", state);
    else this.#tell(toTransient ? "persistentToTransient" : "persistentToDetached", state);
  }

  /** After a commit: objects whose rows were deleted leave. */
  detachDeleted(states: Iterable<InstanceState>): void {
    for (const state of states) if (state.session === this) this.#detach(state, false);
  }

  /** After a flush: objects have rows now, and what they hold is what the database has. */
  registerPersistent(states: readonly InstanceState[]): void {
    for (const state of states) this.#registerIdentity(state);
    const { transaction, newStates } = this;
    const becamePersistent: InstanceState[] = [];
    for (const state of states) {
      commitAll(state);
      if (newStates.has(state)) {
        transaction?.fresh.add(state);
        becamePersistent.push(state);
      } else {
        this.modified.delete(state);
        transaction?.dirty.add(state);
      }
    }
    const listeners = this.events.of("pendingToPersistent");
    if (listeners.empty && becamePersistent.length === newStates.size) newStates.clear();
    else {
      for (const state of becamePersistent) {
        if (!listeners.empty) listeners.fire(this.front as never, state.obj as never);
        newStates.delete(state);
      }
    }
    if (newStates.size === 0) this.#added = 0;
  }

  #registerIdentity(state: InstanceState): void {
    const { mapper } = state;
    const isNew = state.identityHash === null;
    if (!isNew && !keyTouched(state)) return;
    if (isNew && mapper.identifyBySingleKey(state)) {
      state.orphanedOutside = false;
      this.identityMap.replace(state);
      return;
    }
    const values = mapper.primaryKeyOf(state);
    checkIdentity(state, values);
    if (isNew) mapper.setIdentity(state, values);
    else {
      const hash = mapper.identityHashOf(values);
      if (hash === state.identityHash) return;
      // The primary key changed: another object may have taken the old one's place already.
      this.identityMap.discard(state);
      const { transaction } = this;
      if (transaction !== null && !transaction.keySwitches.has(state))
        transaction.keySwitches.set(state, { hash: state.identityHash as never, value: state.identityValue });
      mapper.setIdentity(state, values);
    }
    state.orphanedOutside = false;
    this.identityMap.replace(state);
  }

  /** After a flush: rows are gone, until a rollback brings them back. */
  registerDeleted(states: readonly InstanceState[]): void {
    for (const state of states) {
      this.transaction?.deleted.add(state);
      this.identityMap.discard(state);
      this.deletedStates.delete(state);
      this.modified.delete(state);
      state.deleted = true;
      this.#tell("persistentToDeleted", state);
    }
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

  get loadedIsHeard(): boolean {
    return !this.events.of("loadedAsPersistent").empty;
  }

  tellLoaded(state: InstanceState): void {
    this.#tell("loadedAsPersistent", state);
  }

  removeDeleted(states: readonly InstanceState[]): void {
    this.registerDeleted(states);
  }

  /** Expires the given states, or all; the next touch loads them. */
  expireStates(states: Iterable<InstanceState> | null): void {
    for (const state of states ?? this.identityMap.states()) expireAll(state);
    if (states === null) this.modified.clear();
    else for (const state of states) this.modified.delete(state);
  }

  forgetModified(states: Iterable<InstanceState> | null): void {
    if (states === null) this.modified.clear();
    else for (const state of states) this.modified.delete(state);
    for (const state of this.modified) if (!state.modified) this.modified.delete(state);
  }

  /** The transaction around all others. */
  get rootTransaction(): SessionTransaction | null {
    let { transaction } = this;
    while (transaction !== null && transaction.parent !== null) transaction = transaction.parent;
    return transaction;
  }

  /** Persistent objects with changes. */
  dirtyStates(): InstanceState[] {
    const dirty: InstanceState[] = [];
    for (const state of this.modified)
      if (state.modified && state.identityHash !== null && !state.deleted) dirty.push(state);
    return dirty;
  }

  get needsFlush(): boolean {
    if (this.newStates.size > 0 || this.deletedStates.size > 0) return true;
    for (const state of this.modified) if (state.modified && state.identityHash !== null && !state.deleted) return true;
    return false;
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

  /** Lends a session to an object without adding it: what it refers to can be loaded by its foreign keys. */
  lendTo(state: InstanceState): void {
    const attaches = this.#beforeAttach(state);
    state.loadsPending = true;
    if (!attaches) return;
    state.session = this;
    this.#tell("afterAttach", state);
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
  }

  /** Takes all objects out. */
  expungeAll(): void {
    const states = [...this.identityMap.states(), ...this.newStates];
    this.identityMap.clear();
    this.newStates.clear();
    this.deletedStates.clear();
    this.modified.clear();
    for (const state of states) this.#detach(state, false);
    const { transaction } = this;
    if (transaction !== null)
      for (const state of transaction.deleted) if (state.session === this) this.#detach(state, false);
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
    const bind = given?.bind ?? routing?.bindFor(own, state, about) ?? this.bind;
    return this.#binds.of(own, state, about, bind);
  }

  get identityToken(): unknown {
    return this.routing === null ? null : this.routing.identityToken;
  }

  /** Runs a step whose statements go where the arguments say. */
  *boundStep<T>(bindArguments: BindArguments, step: () => Step<T>): Step<T> {
    const before = this.#bindArguments;
    this.#bindArguments = bindArguments;
    const { shardId = null } = bindArguments;
    try {
      return yield* shardId === null || this.routing === null ? step() : this.routing.withTokenStep(shardId, step);
    } finally {
      this.#bindArguments = before;
    }
  }

  addBind(key: object, bind: Bind): void {
    this.#binds.add(key, bind);
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

type ObjectEvent =
  | "afterAttach"
  | "loadedAsPersistent"
  | "transientToPending"
  | "pendingToTransient"
  | "persistentToTransient"
  | "persistentToDeleted"
  | "deletedToPersistent"
  | "deletedToDetached"
  | "detachedToPersistent"
  | "persistentToDetached";

/** Whether the primary key may have changed since the last flush. */
function keyTouched(state: InstanceState): boolean {
  const { committed, mapper, dict } = state;
  if (committed === null) return false;
  return mapper.primaryKeyProperties.some(({ key }) => committed[key] !== undefined && dict[key] !== undefined);
}

function checkIdentity(state: InstanceState, values: readonly unknown[]): void {
  const missing = values.filter((value) => value === null || value === undefined).length;
  if (missing === 0 || (state.mapper.options.allowPartialPks !== false && missing < values.length)) return;
  throw new FlushError(
    `Instance ${state} has a NULL identity key.  If this is an auto-generated value, check that the database table allows generation of new primary key values, and that the mapped Column object is configured to expect these generated values.  Ensure also that this flush() is not occurring at an inappropriate time, such as within a load() event.`,
  );
}

declare module "../base/classes.ts" {
  interface OrmClasses {
    session: SessionCore;
  }
}
