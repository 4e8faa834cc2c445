/** The session of the asynchronous API: the steps of @athanor/orm, awaited. Nothing is loaded by merely touching it. */
import type {
  ClauseElement,
  ColumnElement,
  ConnectionCore,
  CursorResult,
  Dml,
  Executable,
  Result,
  ScalarResult,
} from "@athanor/core";
import { runAsync, type Step } from "@athanor/driver";
import {
  allSessions,
  type Bind,
  type BindArguments,
  type BulkSaveOptions,
  bulkInsertMappingsStep,
  bulkSaveStep,
  bulkUpdateMappingsStep,
  deletedObjects,
  deleteStep,
  dirtyObjects,
  type EntityClass,
  type ExecuteOptions,
  entityOf,
  executeArguments,
  executeInSessionStep,
  expireInSession,
  expungeFromSession,
  type GetOptions,
  getOneStep,
  getStep,
  type IdentityMap,
  type ImplicitAccess,
  isModified,
  type LoadParameters,
  type MergeOptions,
  MissingAwait,
  mergeStep,
  newObjects,
  type RefreshOptions,
  refreshArguments,
  refreshStep,
  SessionCore,
  type SessionDispatcher,
  type SessionDriver,
  type SessionOptions,
  type SessionTransactionCore,
  sessionArguments,
  sessionContains,
  stateFor,
} from "@athanor/orm";
import { AsyncConnection } from "../connection.ts";
import { AsyncResult, type AsyncScalarResult } from "../result.ts";
import { Busy } from "./busy.ts";
import { AsyncSessionTransaction } from "./transaction.ts";

function driverFor(busy: Busy): SessionDriver {
  return {
    loadsImplicitly: false,
    runImplicit<T>(_step: () => Step<T>, access: ImplicitAccess): T {
      throw missingAwait(access);
    },
    awaitStep: (step, { key, state }) =>
      busy.during(`load of ${state.mapper.class.name}.${key}`, () => runAsync(step())),
    connectionFront: (core: ConnectionCore) => new AsyncConnection(core),
  };
}

/** What a touch of an unloaded attribute gets, with the ways to load it. */
function missingAwait({ state, key }: ImplicitAccess): MissingAwait {
  const name = state.mapper.class.name;
  const isRelationship = state.mapper.props.get(key)?.kind === "relationship";
  return new MissingAwait(`${name}.${key} of ${state} is not loaded, and an AsyncSession never loads implicitly`, {
    code: "missing_await",
    fix: `${isRelationship ? `load it with the statement: .options(selectinload(${name}.$.${key}))` : `load it with the statement: .options(undefer(${name}.$.${key}))`}; or afterwards: await session.refresh(object, ["${key}"]); or on access: await object.awaitable.${key}`,
  });
}

/** What `session.run(function* (session) { … })` works with: the session's operations as steps, for `yield*`. */
export interface StepSession {
  readonly core: SessionCore;
  execute(statement: ClauseElement, params?: LoadParameters | ExecuteOptions, options?: ExecuteOptions): Step<Result>;
  scalars<V extends readonly unknown[], O extends object>(
    statement: Executable<V, O>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Step<ScalarResult<V[0]>>;
  get<T extends object>(entity: EntityClass<T>, ident: unknown, options?: GetOptions): Step<T | null>;
  /** The value of an attribute, loaded where need be. */
  load<T extends object, K extends keyof T & string>(instance: T, key: K): Step<T[K]>;
  add(instance: object): void;
  delete(instance: object): Step<void>;
  refresh(instance: object, attributes?: readonly string[] | null): Step<void>;
  flush(): Step<void>;
  commit(): Step<void>;
  rollback(): Step<void>;
}

/**
 * A conversation with the database over an asynchronous driver. Objects stay loaded after a commit (`expireOnCommit` is false
 * by default); an attribute that is not loaded is loaded on request only. For one task at a time: an operation that begins
 * while another is in progress throws.
 *
 * @example
 * await using session = new AsyncSession(engine);
 * const user = await session.get(User, 1, { options: [selectinload(User.$.addresses)] });
 */
export class AsyncSession {
  /** Listeners for all sessions. */
  static get dispatch(): SessionDispatcher {
    return allSessions;
  }

  /** State and options. For packages above. @internal */
  readonly core: SessionCore;
  readonly #busy = new Busy();

  constructor(bind?: Bind | SessionOptions | null, options?: SessionOptions) {
    this.core = new SessionCore(driverFor(this.#busy), sessionArguments(bind, options), {
      expireOnCommit: false,
      dispatch: (new.target as typeof AsyncSession).dispatch,
    });
    this.core.front = this;
  }

  /** Listeners of this session alone. What they return is waited for. */
  get dispatch(): SessionDispatcher {
    return this.core.dispatch;
  }

  #run<T>(operation: string, step: () => Step<T>): Promise<T> {
    return this.#busy.during(operation, () => runAsync(step()));
  }

  // ---- querying ----

  /** Executes a statement and buffers its rows; objects in them are those of this session. Flushes first (autoflush). */
  execute<C extends object, V extends readonly unknown[], O extends object>(
    statement: Dml<C, V, O>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<CursorResult<V, O>>;
  execute<V extends readonly unknown[], O extends object>(
    statement: Executable<V, O>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<Result<V, O>>;
  execute<T>(
    statement: ColumnElement<T>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<Result<[T]>>;
  execute(
    statement: ClauseElement,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<Result<unknown[]>>;
  execute(
    statement: ClauseElement,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<unknown> {
    return this.#run("execute()", () => buffered(this.core, statement, params, options));
  }

  /** The first value of each row. */
  scalars<V extends readonly unknown[], O extends object>(
    statement: Executable<V, O>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<ScalarResult<V[0]>>;
  scalars(
    statement: ClauseElement,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<ScalarResult<unknown>>;
  async scalars(
    statement: ClauseElement,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<ScalarResult<unknown>> {
    return (await this.execute(statement, params, options)).scalars();
  }

  /** The first value of the first row; null when there is none. */
  scalar<V extends readonly unknown[], O extends object>(
    statement: Executable<V, O>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<V[0] | null>;
  scalar<T>(
    statement: ColumnElement<T>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<T | null>;
  scalar(
    statement: ClauseElement,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<unknown>;
  async scalar(
    statement: ClauseElement,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<unknown> {
    return (await this.execute(statement, params, options)).scalar();
  }

  /** Executes a SELECT whose rows stay on the server and are fetched in portions: `for await (const row of await session.stream(…))`. */
  stream<V extends readonly unknown[], O extends object>(
    statement: Executable<V, O>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<AsyncResult<V, O>>;
  async stream(
    statement: ClauseElement,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<unknown> {
    const given = executeArguments(params, options);
    const result = await this.#run("stream()", () =>
      executeInSessionStep(
        this.core,
        statement,
        given.params,
        { ...given.options, streamResults: true },
        given.bindArguments,
      ),
    );
    return new AsyncResult(result);
  }

  /** {@link stream}, the first value of each row. */
  async streamScalars<V extends readonly unknown[], O extends object>(
    statement: Executable<V, O>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<AsyncScalarResult<V[0]>> {
    return (await this.stream(statement, params, options)).scalars();
  }

  /** The object with a primary key, from the session or by SELECT; null when there is none. */
  get<T extends object>(entity: EntityClass<T>, ident: unknown, options?: GetOptions): Promise<T | null> {
    return this.#run("get()", () => getStep(this.core, entity, ident, options) as Step<T | null>);
  }

  /** {@link get}. @throws NoResultFound when there is none. */
  getOne<T extends object>(entity: EntityClass<T>, ident: unknown, options?: GetOptions): Promise<T> {
    return this.#run("getOne()", () => getOneStep(this.core, entity, ident, options) as Step<T>);
  }

  // ---- objects ----

  /** Brings an object, and what it refers to, into the session: inserted or updated by the next flush. */
  add(instance: object): void {
    this.core.saveOrUpdate(stateFor(instance));
  }

  addAll(instances: Iterable<object>): void {
    for (const instance of instances) this.add(instance);
  }

  /** Marks an object for deletion by the next flush; related objects that go with it are loaded. */
  delete(instance: object): Promise<void> {
    return this.#run("delete()", () => deleteStep(this.core, stateFor(instance)));
  }

  async deleteAll(instances: Iterable<object>): Promise<void> {
    for (const instance of instances) await this.delete(instance);
  }

  /** Copies an object's state onto the session's object of the same key, loaded where need be; gives that one. */
  merge<T extends object>(instance: T, options?: MergeOptions): Promise<T> {
    return this.#run("merge()", () => mergeStep(this.core, stateFor(instance), options) as Step<T>);
  }

  /** {@link merge} of several, in order. */
  async mergeAll<T extends object>(instances: Iterable<T>, options?: MergeOptions): Promise<T[]> {
    const merged: T[] = [];
    for (const instance of instances) merged.push(await this.merge(instance, options));
    return merged;
  }

  /** Loads an object's values again, or the named attributes: also relationships. */
  refresh(instance: object, attributes?: readonly string[] | null, options?: RefreshOptions): Promise<void>;
  refresh(instance: object, options: RefreshOptions): Promise<void>;
  refresh(
    instance: object,
    attributes?: readonly string[] | RefreshOptions | null,
    options?: RefreshOptions,
  ): Promise<void> {
    const given = refreshArguments(attributes, options);
    return this.#run("refresh()", () => refreshStep(this.core, stateFor(instance), given.keys, given.options));
  }

  /** Forgets an object's values; load them with `refresh()`. */
  expire(instance: object, attributes?: readonly string[] | null): void {
    expireInSession(this.core, stateFor(instance), attributes ?? null);
  }

  expireAll(): void {
    this.core.expireStates(null);
  }

  /** Takes an object out of the session. */
  expunge(instance: object): void {
    expungeFromSession(this.core, stateFor(instance));
  }

  expungeAll(): void {
    this.core.expungeAll();
  }

  /** Whether an object is in the session. */
  contains(instance: object): boolean {
    return sessionContains(this.core, stateFor(instance));
  }

  /** Whether an object differs from its row. */
  isModified(instance: object, options: { readonly includeCollections?: boolean } = {}): boolean {
    return isModified(stateFor(instance), options.includeCollections ?? true);
  }

  get new(): ReadonlySet<object> {
    return newObjects(this.core);
  }
  get dirty(): ReadonlySet<object> {
    return dirtyObjects(this.core);
  }
  get deleted(): ReadonlySet<object> {
    return deletedObjects(this.core);
  }
  get identityMap(): IdentityMap {
    return this.core.identityMap;
  }

  *[Symbol.iterator](): IterableIterator<object> {
    for (const state of this.core.newStates) yield state.obj;
    yield* this.core.identityMap.values();
  }

  // ---- flushing and transactions ----

  /** Writes all changes to the database, in the present transaction. */
  flush(objects?: Iterable<object> | null): Promise<void> {
    return this.#run("flush()", () =>
      this.core.flushStep(objects === undefined || objects === null ? null : [...objects].map(stateFor)),
    );
  }

  /** Runs a callback in which queries do not flush. */
  async noAutoflush<T>(work: () => T | PromiseLike<T>): Promise<T> {
    const { autoflush } = this.core;
    this.core.autoflush = false;
    try {
      return await work();
    } finally {
      this.core.autoflush = autoflush;
    }
  }

  get autoflush(): boolean {
    return this.core.autoflush;
  }
  set autoflush(autoflush: boolean) {
    this.core.autoflush = autoflush;
  }

  /** Begins a transaction; with a callback, commits when it ends and rolls back when it throws. */
  begin(): Promise<AsyncSessionTransaction>;
  begin<T>(work: (session: this) => T | PromiseLike<T>): Promise<T>;
  begin<T>(work?: (session: this) => T | PromiseLike<T>): Promise<AsyncSessionTransaction | T> {
    return this.#begin("begin()", false, work);
  }

  /** Begins a savepoint; with a callback, releases it when it ends and rolls back to it when it throws. */
  beginNested(): Promise<AsyncSessionTransaction>;
  beginNested<T>(work: (session: this) => T | PromiseLike<T>): Promise<T>;
  beginNested<T>(work?: (session: this) => T | PromiseLike<T>): Promise<AsyncSessionTransaction | T> {
    return this.#begin("beginNested()", true, work);
  }

  async #begin<T>(
    operation: string,
    nested: boolean,
    work: ((session: this) => T | PromiseLike<T>) | undefined,
  ): Promise<AsyncSessionTransaction | T> {
    const core = await this.#run(operation, () => this.core.beginTransactionStep(nested));
    const transaction = new AsyncSessionTransaction(core, this.#busy);
    if (work === undefined) return transaction;
    const isOpen = (): boolean => core.status !== "closed";
    const outer = this.core.block;
    this.core.block = core;
    let result: T;
    try {
      result = await work(this);
    } catch (error) {
      if (isOpen()) await transaction.rollback();
      throw error;
    } finally {
      this.core.block = outer;
    }
    if (!isOpen()) return result;
    try {
      await transaction.commit();
    } catch (error) {
      if (isOpen()) await transaction.rollback();
      throw error;
    }
    return result;
  }

  /** Flushes and commits. */
  commit(): Promise<void> {
    return this.#run("commit()", () => this.core.commitStep());
  }

  /** Rolls back; objects return to what they were before the transaction. */
  rollback(): Promise<void> {
    return this.#run("rollback()", () => this.core.rollbackStep());
  }

  /** The outermost transaction in progress; null where there is none. */
  getTransaction(): AsyncSessionTransaction | null {
    return this.#frontOf(this.core.rootTransaction);
  }

  /** The innermost savepoint in progress; null where there is none. */
  getNestedTransaction(): AsyncSessionTransaction | null {
    return this.#frontOf(this.core.nestedTransaction);
  }

  #frontOf(core: SessionTransactionCore | null): AsyncSessionTransaction | null {
    if (core === null) return null;
    return core.front instanceof AsyncSessionTransaction ? core.front : new AsyncSessionTransaction(core, this.#busy);
  }

  inTransaction(): boolean {
    return this.core.transaction !== null;
  }

  inNestedTransaction(): boolean {
    return this.core.nestedTransaction !== null;
  }

  /** False while a failed flush waits for `rollback()`. */
  get isActive(): boolean {
    return this.core.transaction === null ? this.core.autobegins : this.core.transaction.isActive;
  }

  /** The connection of the present transaction; begins one where there is none. */
  async connection(
    options: {
      readonly mapper?: EntityClass<object>;
      readonly bindArguments?: BindArguments;
      readonly executionOptions?: Readonly<Record<string, unknown>>;
    } = {},
  ): Promise<AsyncConnection> {
    const mapper = options.mapper === undefined ? null : entityOf(options.mapper).mapper;
    const step = () => this.core.connectionStep(mapper, undefined, options.executionOptions);
    const { bindArguments } = options;
    const core = await this.#run("connection()", () =>
      bindArguments === undefined ? step() : this.core.boundStep(bindArguments, step),
    );
    return core.front as AsyncConnection;
  }

  get bind(): Bind | null {
    return this.core.bind;
  }
  set bind(bind: Bind | null) {
    this.core.bind = bind;
  }

  /** Notes of the user's own. */
  get info(): Record<PropertyKey, unknown> {
    return this.core.info;
  }

  /**
   * Runs a generator of steps in one go: no promise between them where the driver needs none.
   *
   * @example await session.run(function* (s) { const user = yield* s.get(User, 1); if (user !== null) yield* s.load(user, "addresses"); });
   */
  run<T>(work: (session: StepSession) => Step<T>): Promise<T> {
    return this.#run("run()", () => work(stepSession(this.core)));
  }

  /** Rolls back, lets objects go and gives connections back. The session can be used again. */
  close(): Promise<void> {
    return this.#run("close()", () => this.core.closeStep());
  }

  /** {@link close}, also where the session was made to be closed once. */
  reset(): Promise<void> {
    return this.#run("reset()", () => this.core.closeStep({ reset: true }));
  }

  /** {@link close}, and connections are given up as unusable. */
  invalidate(): Promise<void> {
    return this.#run("invalidate()", () => this.core.closeStep({ invalidate: true }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  // ---- bulk ----

  /** INSERTs and UPDATEs objects in batches, without cascades and events; they do not become part of the session. */
  bulkSaveObjects(instances: Iterable<object>, options: BulkSaveOptions = {}): Promise<void> {
    return this.#run("bulkSaveObjects()", () => bulkSaveStep(this.core, [...instances].map(stateFor), options));
  }

  bulkInsertMappings(
    entity: EntityClass<object>,
    rows: Iterable<Readonly<Record<string, unknown>>>,
    options: { readonly returnDefaults?: boolean; readonly renderNulls?: boolean } = {},
  ): Promise<void> {
    return this.#run("bulkInsertMappings()", () =>
      bulkInsertMappingsStep(this.core, entityOf(entity).mapper, [...rows], options),
    );
  }

  bulkUpdateMappings(entity: EntityClass<object>, rows: Iterable<Readonly<Record<string, unknown>>>): Promise<void> {
    return this.#run("bulkUpdateMappings()", () =>
      bulkUpdateMappingsStep(this.core, entityOf(entity).mapper, [...rows]),
    );
  }
}

function* buffered(
  core: SessionCore,
  statement: ClauseElement,
  params: LoadParameters | ExecuteOptions | undefined,
  options: ExecuteOptions | undefined,
): Step<Result> {
  const given = executeArguments(params, options);
  const result = yield* executeInSessionStep(core, statement, given.params, given.options, given.bindArguments);
  if (!result.feed.isBuffered) yield* result.feed.fill(null);
  return result;
}

function stepSession(core: SessionCore): StepSession {
  return {
    core,
    execute: (statement, params, options) => buffered(core, statement, params, options),
    *scalars(statement, params, options) {
      return (yield* buffered(core, statement, params, options)).scalars() as never;
    },
    get: (entity, ident, options) => getStep(core, entity, ident, options) as never,
    load(instance, key) {
      const state = stateFor(instance);
      return state.mapper.attribute(key).getStep(state) as never;
    },
    add: (instance) => core.saveOrUpdate(stateFor(instance)),
    delete: (instance) => deleteStep(core, stateFor(instance)),
    refresh: (instance, attributes) => refreshStep(core, stateFor(instance), attributes ?? null),
    flush: () => core.flushStep(),
    commit: () => core.commitStep(),
    rollback: () => core.rollbackStep(),
  };
}
