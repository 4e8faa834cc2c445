/** The session of the synchronous API: each method runs one step of ../session/. */
import {
  type ColumnElement,
  Connection,
  type ConnectionCore,
  type CursorResult,
  type Engine,
  type Given,
  type OtherClause,
  type ParametersFor,
  type Result,
  type ScalarResult,
  type StatementTypes,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import { runSync } from "@athanor/driver";
import type { AttributeKey, BulkRow } from "../declarative/types.ts";
import type { GetOptions } from "../load/by-key.ts";
import { makeQuery, type Query } from "../load/legacy-query.ts";
import type { QueryRow } from "../load/query-state.ts";
import type { RefreshOptions } from "../load/refresh.ts";
import type { LoadParameters } from "../load/session.ts";
import { type ExecuteOptions, executeArguments, refreshArguments, sessionArguments } from "../session/arguments.ts";
import { allSessions, type SessionDispatcher } from "../session/events.ts";
import { identityKey, objectSession } from "../session/object-states.ts";
import { openSessions } from "../session/open-sessions.ts";
import type { Bind, BindArguments, SessionOptions } from "../session/options.ts";
import { SessionCore, type SessionDriver } from "../session/session-core.ts";
import { stateFor } from "../session/states.ts";
import {
  type BulkSaveOptions,
  bulkInsertMappingsStep,
  bulkSaveStep,
  bulkUpdateMappingsStep,
} from "../session/steps/bulk.ts";
import { executeStep } from "../session/steps/execute.ts";
import { entityOf, getOneStep, getStep } from "../session/steps/get.ts";
import { type MergeOptions, mergeStep } from "../session/steps/merge.ts";
import { deleteStep } from "../session/steps/objects.ts";
import { refreshStep } from "../session/steps/refresh.ts";
import { type EntityClass, SessionMembers } from "./members.ts";
import { SessionTransaction } from "./session-transaction.ts";

const driver: SessionDriver = {
  loadsImplicitly: true,
  runImplicit: <T>(step: () => Step<T>): T => runSync(step()),
  awaitStep: async <T>(step: () => Step<T>): Promise<T> => runSync(step()),
  connectionFront: (core: ConnectionCore) => new Connection(core),
};

/**
 * A conversation with the database: it knows each row once, collects changes and writes them in one go. Objects that touch
 * an unloaded attribute load it through their session.
 *
 * @example
 * using session = new Session(engine);
 * session.add(new User({ name: "Alice" }));
 * session.commit();
 */
export class Session extends SessionMembers<
  Engine | Connection,
  SessionDispatcher<Session, SessionTransaction, Connection>
> {
  /** Listeners for all sessions. */
  static get dispatch(): SessionDispatcher<Session, SessionTransaction, Connection> {
    return allSessions as never;
  }

  /** The same as the function `objectSession()`. */
  static readonly objectSession: typeof objectSession = objectSession;
  /** The same as the function `identityKey()`. */
  static readonly identityKey: typeof identityKey = identityKey;

  /** The same as the function `closeAllSessions()`. */
  static closeAll(): void {
    closeAllSessions();
  }

  constructor(bind?: Bind | SessionOptions | null, options?: SessionOptions) {
    super(
      new SessionCore(driver, sessionArguments(bind, options), {
        expireOnCommit: true,
        dispatch: (new.target as typeof Session).dispatch,
      }),
    );
    this.core.front = this;
  }

  // ---- querying ----

  /** Executes a statement; objects in its rows are those of this session. Flushes first (autoflush). */
  execute<V extends readonly unknown[], O extends object>(
    statement: StatementTypes<V, O>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Result<V, O>;
  execute<T>(
    statement: ColumnElement<T>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Result<[T]>;
  execute(
    statement: OtherClause,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Result<unknown[]>;
  execute<V extends readonly unknown[], O extends object, C extends object>(
    statement: StatementTypes<V, O, C>,
    params?: ParametersFor<C> | ExecuteOptions,
    options?: ExecuteOptions,
  ): CursorResult<V, O>;
  execute(statement: Given, params?: LoadParameters | ExecuteOptions, options?: ExecuteOptions): unknown {
    const given = executeArguments(params, options);
    return runSync(executeStep(this.core, statement, given.params, given.options, given.bindArguments));
  }

  /** The first value of each row. */
  scalars<V extends readonly unknown[], O extends object>(
    statement: StatementTypes<V, O>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): ScalarResult<V[0]>;
  scalars(
    statement: OtherClause,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): ScalarResult<unknown>;
  scalars<V extends readonly unknown[], O extends object, C extends object>(
    statement: StatementTypes<V, O, C>,
    params?: ParametersFor<C> | ExecuteOptions,
    options?: ExecuteOptions,
  ): ScalarResult<V[0]>;
  scalars(statement: Given, params?: LoadParameters | ExecuteOptions, options?: ExecuteOptions): ScalarResult<unknown> {
    return this.execute(statement, params, options).scalars();
  }

  /** The first value of the first row; null when there is none. */
  scalar<V extends readonly unknown[], O extends object>(
    statement: StatementTypes<V, O>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): V[0] | null;
  scalar<T>(statement: ColumnElement<T>, params?: LoadParameters | ExecuteOptions, options?: ExecuteOptions): T | null;
  scalar(statement: OtherClause, params?: LoadParameters | ExecuteOptions, options?: ExecuteOptions): unknown;
  scalar<V extends readonly unknown[], O extends object, C extends object>(
    statement: StatementTypes<V, O, C>,
    params?: ParametersFor<C> | ExecuteOptions,
    options?: ExecuteOptions,
  ): V[0] | null;
  scalar(statement: Given, params?: LoadParameters | ExecuteOptions, options?: ExecuteOptions): unknown {
    return this.execute(statement, params, options).scalar();
  }

  /** The object with a primary key, from the session or by SELECT; null when there is none. */
  get<T extends object>(entity: EntityClass<T>, ident: unknown, options?: GetOptions): T | null {
    return runSync(getStep(this.core, entity, ident, options)) as T | null;
  }

  /** {@link get}. @throws NoResultFound when there is none. */
  getOne<T extends object>(entity: EntityClass<T>, ident: unknown, options?: GetOptions): T {
    return runSync(getOneStep(this.core, entity, ident, options)) as T;
  }

  /** A query in the style of SQLAlchemy 1.x. */
  query<const A extends readonly unknown[]>(...entities: A): Query<QueryRow<A>> {
    return makeQuery(this, entities);
  }

  // ---- objects ----

  /** Marks an object for deletion by the next flush. */
  delete(instance: object): void {
    runSync(deleteStep(this.core, stateFor(instance)));
  }

  /** Marks several objects for deletion by the next flush. */
  deleteAll(instances: Iterable<object>): void {
    for (const instance of instances) this.delete(instance);
  }

  /** Copies an object's state onto the session's object of the same key, loaded where need be; gives that one. */
  merge<T extends object>(instance: T, options?: MergeOptions): T {
    return runSync(mergeStep(this.core, stateFor(instance), options)) as T;
  }

  /** {@link merge} for several objects. */
  mergeAll<T extends object>(instances: Iterable<T>, options?: MergeOptions): T[] {
    return [...instances].map((instance) => this.merge(instance, options));
  }

  /** Loads an object's values again, or those of the named attributes. */
  refresh<E extends object>(
    instance: E,
    attributes?: readonly AttributeKey<E>[] | null,
    options?: RefreshOptions,
  ): void;
  refresh(instance: object, options: RefreshOptions): void;
  refresh(instance: object, attributes?: readonly string[] | RefreshOptions | null, options?: RefreshOptions): void {
    const given = refreshArguments(attributes, options);
    runSync(refreshStep(this.core, stateFor(instance), given.keys, given.options));
  }

  // ---- flushing and transactions ----

  /** Writes all changes to the database, in the present transaction. */
  flush(objects?: Iterable<object> | null): void {
    runSync(this.core.flushStep(objects === undefined || objects === null ? null : [...objects].map(stateFor)));
  }

  /** Runs a callback in which queries do not flush. */
  noAutoflush<T>(work: () => T): T {
    const { autoflush } = this.core;
    this.core.autoflush = false;
    try {
      return work();
    } finally {
      this.core.autoflush = autoflush;
    }
  }

  /** Begins a transaction; with a callback, commits when it returns and rolls back when it throws. */
  begin(options?: { readonly nested?: boolean }): SessionTransaction;
  begin<T>(work: (session: this) => T): T;
  begin<T>(given?: ((session: this) => T) | { readonly nested?: boolean }): SessionTransaction | T {
    if (typeof given === "function") return this.#begin(false, given);
    return this.#begin(given?.nested ?? false, undefined);
  }

  /** Begins a savepoint; with a callback, releases it when it returns and rolls back to it when it throws. */
  beginNested(): SessionTransaction;
  beginNested<T>(work: (session: this) => T): T;
  beginNested<T>(work?: (session: this) => T): SessionTransaction | T {
    return this.#begin(true, work);
  }

  #begin<T>(nested: boolean, work: ((session: this) => T) | undefined): SessionTransaction | T {
    const transaction = new SessionTransaction(runSync(this.core.beginTransactionStep(nested)));
    if (work === undefined) return transaction;
    let result: T;
    const outer = this.core.block;
    this.core.block = transaction.core;
    try {
      result = work(this);
    } catch (error) {
      if (transaction.core.status !== "closed") transaction.rollback();
      throw error;
    } finally {
      this.core.block = outer;
    }
    if (transaction.core.status !== "closed") {
      try {
        transaction.commit();
      } catch (error) {
        if ((transaction.core.status as string) !== "closed") transaction.rollback();
        throw error;
      }
    }
    return result;
  }

  /** Flushes and commits; objects are loaded again when they are next touched. */
  commit(): void {
    runSync(this.core.commitStep());
  }

  /** Rolls back; objects return to what they were before the transaction. */
  rollback(): void {
    runSync(this.core.rollbackStep());
  }

  /** Flushes and prepares a two-phase commit. */
  prepare(): void {
    runSync(this.core.prepareStep());
  }

  /** The outermost transaction in progress. */
  getTransaction(): SessionTransaction | null {
    return SessionTransaction.of(this.core.rootTransaction);
  }

  /** The innermost savepoint in progress. */
  getNestedTransaction(): SessionTransaction | null {
    return SessionTransaction.of(this.core.nestedTransaction);
  }

  /** The connection of the present transaction; begins one where there is none. */
  connection(
    options: {
      readonly mapper?: EntityClass<object>;
      readonly bindArguments?: BindArguments;
      readonly executionOptions?: Readonly<Record<string, unknown>>;
    } = {},
  ): Connection {
    const mapper = options.mapper === undefined ? null : entityOf(options.mapper).mapper;
    const step = (): Step<ConnectionCore> => this.core.connectionStep(mapper, undefined, options.executionOptions);
    const { bindArguments } = options;
    return runSync(bindArguments === undefined ? step() : this.core.boundStep(bindArguments, step)).front as Connection;
  }

  /** Rolls back, lets objects go and gives connections back. The session can be used again. */
  close(): void {
    runSync(this.core.closeStep());
  }

  /** {@link close}, also where the session was made to be closed once. */
  reset(): void {
    runSync(this.core.closeStep({ reset: true }));
  }

  /** {@link close}, and connections are given up as unusable. */
  invalidate(): void {
    runSync(this.core.closeStep({ invalidate: true }));
  }

  /** Closes the session at the end of a block; what was not committed is rolled back. */
  [Symbol.dispose](): void {
    this.close();
  }

  // ---- bulk ----

  /** INSERTs and UPDATEs objects in batches, without cascades and events; they do not become part of the session. */
  bulkSaveObjects(instances: Iterable<object>, options: BulkSaveOptions = {}): void {
    runSync(bulkSaveStep(this.core, [...instances].map(stateFor), options));
  }

  /** INSERTs values by attribute key. */
  bulkInsertMappings<C extends EntityClass<object>>(
    entity: C,
    rows: Iterable<BulkRow<C>>,
    options: { readonly returnDefaults?: boolean; readonly renderNulls?: boolean } = {},
  ): void {
    runSync(
      bulkInsertMappingsStep(
        this.core,
        entityOf(entity).mapper,
        [...rows] as Readonly<Record<string, unknown>>[],
        options,
      ),
    );
  }

  /** UPDATEs values by attribute key; the primary key finds the rows. */
  bulkUpdateMappings<C extends EntityClass<object>>(entity: C, rows: Iterable<BulkRow<C>>): void {
    runSync(
      bulkUpdateMappingsStep(this.core, entityOf(entity).mapper, [...rows] as Readonly<Record<string, unknown>>[]),
    );
  }
}

/**
 * Closes all sessions of the synchronous API that have had a transaction and were not closed since: for the end of tests.
 * Asynchronous ones: `closeAllSessions()` of `@athanor/async/orm`.
 */
export function closeAllSessions(): void {
  for (const { front } of openSessions()) if (front instanceof Session) front.close();
}
