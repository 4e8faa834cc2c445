/** The session of the asynchronous API: the steps of @athanor/orm, awaited. Nothing is loaded by merely touching it. */
import type {
  ColumnElement,
  CursorResult,
  Given,
  OtherClause,
  ParametersFor,
  Result,
  ScalarResult,
  StatementTypes,
} from "@athanor/core";
import { runAsync, type Step } from "@athanor/driver";
import {
  type AttributeKey,
  allSessions,
  type Bind,
  type BulkRow,
  type BulkSaveOptions,
  bulkInsertMappingsStep,
  bulkSaveStep,
  bulkUpdateMappingsStep,
  closeAllSessions as closeAllSyncSessions,
  deleteStep,
  type EntityClass,
  type ExecuteOptions,
  entityOf,
  executeArguments,
  executeInSessionStep,
  type GetOptions,
  getOneStep,
  getStep,
  identityKey,
  type LoadParameters,
  type MergeOptions,
  mergeStep,
  objectSession,
  openSessions,
  type RefreshOptions,
  refreshArguments,
  refreshStep,
  SessionCore,
  type SessionDispatcher,
  SessionMembers,
  type SessionOptions,
  type SessionTransactionCore,
  sessionArguments,
  stateFor,
} from "@athanor/orm";
import type { AsyncConnection } from "../connection.ts";
import type { AsyncEngine } from "../engine.ts";
import { AsyncResult, type AsyncScalarResult } from "../result.ts";
import { Busy } from "./busy.ts";
import { driverFor } from "./driver.ts";
import { bufferedStep, type ConnectionOptions, StepSession, sessionConnectionStep } from "./step-session.ts";
import { AsyncSessionTransaction } from "./transaction.ts";

/**
 * A conversation with the database over an asynchronous driver. Objects stay loaded after a commit (`expireOnCommit` is false
 * by default); an attribute that is not loaded is loaded on request only. For one task at a time: an operation that begins
 * while another is in progress throws.
 *
 * @example
 * await using session = new AsyncSession(engine);
 * const user = await session.get(User, 1, { options: [selectinload(User.$.addresses)] });
 */
export class AsyncSession extends SessionMembers<
  AsyncEngine | AsyncConnection,
  SessionDispatcher<AsyncSession, AsyncSessionTransaction, AsyncConnection>
> {
  /** Listeners for all sessions. */
  static get dispatch(): SessionDispatcher<AsyncSession, AsyncSessionTransaction, AsyncConnection> {
    return allSessions as never;
  }

  /** The same as the function `objectSession()`. */
  static readonly objectSession: typeof objectSession = objectSession;
  /** The same as the function `identityKey()`. */
  static readonly identityKey: typeof identityKey = identityKey;

  /** The same as the function `closeAllSessions()`. */
  static closeAll(): Promise<void> {
    return closeAllSessions();
  }

  readonly #busy: Busy;

  constructor(bind?: Bind | SessionOptions | null, options?: SessionOptions) {
    const busy = new Busy();
    super(
      new SessionCore(driverFor(busy), sessionArguments(bind, options), {
        expireOnCommit: false,
        dispatch: (new.target as typeof AsyncSession).dispatch,
      }),
    );
    this.#busy = busy;
    this.core.front = this;
  }

  #run<T>(operation: string, step: () => Step<T>): Promise<T> {
    return this.#busy.during(operation, () => runAsync(step()));
  }

  // ---- querying ----

  /** Executes a statement and buffers its rows; objects in them are those of this session. Flushes first (autoflush). */
  execute<V extends readonly unknown[], O extends object>(
    statement: StatementTypes<V, O>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<Result<V, O>>;
  execute<T>(
    statement: ColumnElement<T>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<Result<[T]>>;
  execute(
    statement: OtherClause,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<Result<unknown[]>>;
  execute<V extends readonly unknown[], O extends object, C extends object>(
    statement: StatementTypes<V, O, C>,
    params?: ParametersFor<C> | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<CursorResult<V, O>>;
  execute(statement: Given, params?: LoadParameters | ExecuteOptions, options?: ExecuteOptions): Promise<unknown> {
    return this.#run("execute()", () => bufferedStep(this.core, statement, params, options));
  }

  /** The first value of each row. */
  scalars<V extends readonly unknown[], O extends object>(
    statement: StatementTypes<V, O>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<ScalarResult<V[0]>>;
  scalars(
    statement: OtherClause,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<ScalarResult<unknown>>;
  scalars<V extends readonly unknown[], O extends object, C extends object>(
    statement: StatementTypes<V, O, C>,
    params?: ParametersFor<C> | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<ScalarResult<V[0]>>;
  async scalars(
    statement: Given,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<ScalarResult<unknown>> {
    return (await this.execute(statement, params, options)).scalars();
  }

  /** The first value of the first row; null when there is none. */
  scalar<V extends readonly unknown[], O extends object>(
    statement: StatementTypes<V, O>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<V[0] | null>;
  scalar<T>(
    statement: ColumnElement<T>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<T | null>;
  scalar(statement: OtherClause, params?: LoadParameters | ExecuteOptions, options?: ExecuteOptions): Promise<unknown>;
  scalar<V extends readonly unknown[], O extends object, C extends object>(
    statement: StatementTypes<V, O, C>,
    params?: ParametersFor<C> | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<V[0] | null>;
  async scalar(statement: Given, params?: LoadParameters | ExecuteOptions, options?: ExecuteOptions): Promise<unknown> {
    return (await this.execute(statement, params, options)).scalar();
  }

  /** Executes a SELECT whose rows stay on the server and are fetched in portions: `for await (const row of await session.stream(…))`. */
  stream<V extends readonly unknown[], O extends object, C extends object | undefined = undefined>(
    statement: StatementTypes<V, O, C>,
    params?: ParametersFor<NoInfer<C>> | ExecuteOptions,
    options?: ExecuteOptions,
  ): Promise<AsyncResult<V, O>>;
  async stream(statement: Given, params?: LoadParameters | ExecuteOptions, options?: ExecuteOptions): Promise<unknown> {
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
  async streamScalars<V extends readonly unknown[], O extends object, C extends object | undefined = undefined>(
    statement: StatementTypes<V, O, C>,
    params?: ParametersFor<NoInfer<C>> | ExecuteOptions,
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

  /** Marks an object for deletion by the next flush; related objects that go with it are loaded. */
  delete(instance: object): Promise<void> {
    return this.#run("delete()", () => deleteStep(this.core, stateFor(instance)));
  }

  /** Marks several objects for deletion by the next flush. */
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
  refresh<E extends object>(
    instance: E,
    attributes?: readonly AttributeKey<E>[] | null,
    options?: RefreshOptions,
  ): Promise<void>;
  refresh(instance: object, options: RefreshOptions): Promise<void>;
  refresh(
    instance: object,
    attributes?: readonly string[] | RefreshOptions | null,
    options?: RefreshOptions,
  ): Promise<void> {
    const given = refreshArguments(attributes, options);
    return this.#run("refresh()", () => refreshStep(this.core, stateFor(instance), given.keys, given.options));
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

  /** Flushes and prepares a two-phase commit. @throws InvalidRequestError unless the session has `twophase: true`. */
  prepare(): Promise<void> {
    return this.#run("prepare()", () => this.core.prepareStep());
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
    return AsyncSessionTransaction.of(core, this.#busy);
  }

  /** The connection of the present transaction; begins one where there is none. */
  async connection(options: ConnectionOptions = {}): Promise<AsyncConnection> {
    return (await this.#run("connection()", () => sessionConnectionStep(this.core, options))).front as AsyncConnection;
  }

  /**
   * Runs a generator of steps in one go: no promise between them where the driver needs none.
   *
   * @example await session.run(function* (s) { const user = yield* s.get(User, 1); if (user !== null) yield* s.load(user, "addresses"); });
   */
  run<T>(work: (session: StepSession) => Step<T>): Promise<T> {
    return this.#run("run()", () => work(new StepSession(this.core)));
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

  /** Closes the session at the end of a block; what was not committed is rolled back. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  // ---- bulk ----

  /** INSERTs and UPDATEs objects in batches, without cascades and events; they do not become part of the session. */
  bulkSaveObjects(instances: Iterable<object>, options: BulkSaveOptions = {}): Promise<void> {
    return this.#run("bulkSaveObjects()", () => bulkSaveStep(this.core, [...instances].map(stateFor), options));
  }

  /** INSERTs values by attribute key. */
  bulkInsertMappings<C extends EntityClass<object>>(
    entity: C,
    rows: Iterable<BulkRow<C>>,
    options: { readonly returnDefaults?: boolean; readonly renderNulls?: boolean } = {},
  ): Promise<void> {
    return this.#run("bulkInsertMappings()", () =>
      bulkInsertMappingsStep(
        this.core,
        entityOf(entity).mapper,
        [...rows] as Readonly<Record<string, unknown>>[],
        options,
      ),
    );
  }

  /** UPDATEs values by attribute key; the primary key finds the rows. */
  bulkUpdateMappings<C extends EntityClass<object>>(entity: C, rows: Iterable<BulkRow<C>>): Promise<void> {
    return this.#run("bulkUpdateMappings()", () =>
      bulkUpdateMappingsStep(this.core, entityOf(entity).mapper, [...rows] as Readonly<Record<string, unknown>>[]),
    );
  }
}

/** The AsyncSession that an object is in; null for none, and for objects of a synchronous Session. */
export function asyncObjectSession(instance: object): AsyncSession | null {
  const session = objectSession(instance);
  return session instanceof AsyncSession ? session : null;
}

/**
 * Closes all sessions, of either API, that have had a transaction and were not closed since: for the end of tests.
 *
 * @throws IllegalStateChangeError for a session that is in use at the moment.
 */
export async function closeAllSessions(): Promise<void> {
  closeAllSyncSessions();
  for (const { front } of openSessions()) if (front instanceof AsyncSession) await front.close();
}
