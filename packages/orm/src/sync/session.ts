/** The session of the synchronous API: each method runs one step of ../session/. */
import {
  type ClauseElement,
  type ColumnElement,
  Connection,
  type ConnectionCore,
  type CursorResult,
  type Dml,
  type Executable,
  type Result,
  type ScalarResult,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import { runSync } from "@athanor/driver";
import type { IdentityMap } from "../identity/identity-map.ts";
import type { GetOptions } from "../load/by-key.ts";
import { makeQuery, type Query, type QueryRow } from "../load/legacy-query.ts";
import type { RefreshOptions } from "../load/refresh.ts";
import type { LoadParameters } from "../load/session.ts";
import type { Mapper } from "../mapping/mapper.ts";
import { type ExecuteOptions, executeArguments, refreshArguments, sessionArguments } from "../session/arguments.ts";
import { allSessions, type SessionDispatcher } from "../session/events.ts";
import { identityKey, objectSession } from "../session/object-states.ts";
import { openSessions } from "../session/open-sessions.ts";
import type { Bind, BindArguments, SessionOptions } from "../session/options.ts";
import { SessionCore, type SessionDriver } from "../session/session-core.ts";
import { stateFor } from "../session/states.ts";
import { bindOf } from "../session/steps/bind.ts";
import {
  type BulkSaveOptions,
  bulkInsertMappingsStep,
  bulkSaveStep,
  bulkUpdateMappingsStep,
} from "../session/steps/bulk.ts";
import { executeStep } from "../session/steps/execute.ts";
import { entityOf, getOneStep, getStep } from "../session/steps/get.ts";
import { type MergeOptions, mergeStep } from "../session/steps/merge.ts";
import { deleteStep, expire, expunge } from "../session/steps/objects.ts";
import { refreshStep } from "../session/steps/refresh.ts";
import { contains, deletedObjects, dirtyObjects, isModified, newObjects } from "../session/views.ts";
import { SessionTransaction } from "./session-transaction.ts";

/** A mapped class, for what takes one and gives its objects. */
export type EntityClass<T extends object> = abstract new (...args: never) => T;

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
export class Session {
  /** Listeners for all sessions. */
  static get dispatch(): SessionDispatcher {
    return allSessions;
  }

  /** The same as the function `objectSession()`. */
  static readonly objectSession: typeof objectSession = objectSession;
  /** The same as the function `identityKey()`. */
  static readonly identityKey: typeof identityKey = identityKey;

  /** The same as the function `closeAllSessions()`. */
  static closeAll(): void {
    closeAllSessions();
  }

  /** State and options. For packages above. @internal */
  readonly core: SessionCore;

  constructor(bind?: Bind | SessionOptions | null, options?: SessionOptions) {
    this.core = new SessionCore(driver, sessionArguments(bind, options), {
      expireOnCommit: true,
      dispatch: (new.target as typeof Session).dispatch,
    });
    this.core.front = this;
  }

  /** Listeners of this session alone. */
  get dispatch(): SessionDispatcher {
    return this.core.dispatch;
  }

  // ---- querying ----

  /** Executes a statement; objects in its rows are those of this session. Flushes first (autoflush). */
  execute<C extends object, V extends readonly unknown[], O extends object>(
    statement: Dml<C, V, O>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): CursorResult<V, O>;
  execute<V extends readonly unknown[], O extends object>(
    statement: Executable<V, O>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Result<V, O>;
  execute<T>(
    statement: ColumnElement<T>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Result<[T]>;
  execute(
    statement: ClauseElement,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Result<unknown[]>;
  execute(statement: ClauseElement, params?: LoadParameters | ExecuteOptions, options?: ExecuteOptions): unknown {
    const given = executeArguments(params, options);
    return runSync(executeStep(this.core, statement, given.params, given.options, given.bindArguments));
  }

  /** The first value of each row. */
  scalars<V extends readonly unknown[], O extends object>(
    statement: Executable<V, O>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): ScalarResult<V[0]>;
  scalars(
    statement: ClauseElement,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): ScalarResult<unknown>;
  scalars(
    statement: ClauseElement,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): ScalarResult<unknown> {
    return this.execute(statement, params, options).scalars();
  }

  /** The first value of the first row; null when there is none. */
  scalar<V extends readonly unknown[], O extends object>(
    statement: Executable<V, O>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): V[0] | null;
  scalar<T>(statement: ColumnElement<T>, params?: LoadParameters | ExecuteOptions, options?: ExecuteOptions): T | null;
  scalar(statement: ClauseElement, params?: LoadParameters | ExecuteOptions, options?: ExecuteOptions): unknown;
  scalar(statement: ClauseElement, params?: LoadParameters | ExecuteOptions, options?: ExecuteOptions): unknown {
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

  /** Brings an object, and what it refers to, into the session: inserted or updated by the next flush. */
  add(instance: object): void {
    this.core.saveOrUpdate(stateFor(instance));
  }

  addAll(instances: Iterable<object>): void {
    for (const instance of instances) this.add(instance);
  }

  /** Marks an object for deletion by the next flush. */
  delete(instance: object): void {
    runSync(deleteStep(this.core, stateFor(instance)));
  }

  deleteAll(instances: Iterable<object>): void {
    for (const instance of instances) this.delete(instance);
  }

  /** Copies an object's state onto the session's object of the same key, loaded where need be; gives that one. */
  merge<T extends object>(instance: T, options?: MergeOptions): T {
    return runSync(mergeStep(this.core, stateFor(instance), options)) as T;
  }

  mergeAll<T extends object>(instances: Iterable<T>, options?: MergeOptions): T[] {
    return [...instances].map((instance) => this.merge(instance, options));
  }

  /** Loads an object's values again, or those of the named attributes. */
  refresh(instance: object, attributes?: readonly string[] | null, options?: RefreshOptions): void;
  refresh(instance: object, options: RefreshOptions): void;
  refresh(instance: object, attributes?: readonly string[] | RefreshOptions | null, options?: RefreshOptions): void {
    const given = refreshArguments(attributes, options);
    runSync(refreshStep(this.core, stateFor(instance), given.keys, given.options));
  }

  /** Forgets an object's values; the next touch loads them. */
  expire(instance: object, attributes?: readonly string[] | null): void {
    expire(this.core, stateFor(instance), attributes ?? null);
  }

  expireAll(): void {
    this.core.expireStates(null);
  }

  /** Takes an object out of the session. */
  expunge(instance: object): void {
    expunge(this.core, stateFor(instance));
  }

  expungeAll(): void {
    this.core.expungeAll();
  }

  /**
   * Lets an object that is not in the session load its relationships by the foreign keys that it holds. For special cases:
   * `load({ loadOnPending: true })` of a relationship says the same of pending objects.
   */
  enableRelationshipLoading(instance: object): void {
    this.core.lendTo(stateFor(instance));
  }

  /** Whether an object is in the session. */
  contains(instance: object): boolean {
    return contains(this.core, stateFor(instance));
  }

  /** Whether an object differs from its row. */
  isModified(instance: object, options: { readonly includeCollections?: boolean } = {}): boolean {
    return isModified(stateFor(instance), options.includeCollections ?? true);
  }

  /** Objects waiting to be inserted. */
  get new(): ReadonlySet<object> {
    return newObjects(this.core);
  }

  /** Persistent objects with changes. */
  get dirty(): ReadonlySet<object> {
    return dirtyObjects(this.core);
  }

  /** Objects that the next flush deletes. */
  get deleted(): ReadonlySet<object> {
    return deletedObjects(this.core);
  }

  /** The persistent objects by identity. */
  get identityMap(): IdentityMap {
    return this.core.identityMap;
  }

  *[Symbol.iterator](): IterableIterator<object> {
    for (const state of this.core.newStates) yield state.obj;
    yield* this.core.identityMap.values();
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

  get autoflush(): boolean {
    return this.core.autoflush;
  }

  set autoflush(autoflush: boolean) {
    this.core.autoflush = autoflush;
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

  inTransaction(): boolean {
    return this.core.transaction !== null;
  }

  inNestedTransaction(): boolean {
    return this.core.nestedTransaction !== null;
  }

  /** The outermost transaction in progress. */
  getTransaction(): SessionTransaction | null {
    return SessionTransaction.of(this.core.rootTransaction);
  }

  /** The innermost savepoint in progress. */
  getNestedTransaction(): SessionTransaction | null {
    return SessionTransaction.of(this.core.nestedTransaction);
  }

  /** False while a failed flush waits for `rollback()`. */
  get isActive(): boolean {
    return this.core.transaction === null ? this.core.autobegins : this.core.transaction.isActive;
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

  /** The engine or connection that serves a mapped class, or a statement: `getBind(User)`, `getBind({ clause: statement })`. */
  getBind(
    entity?: EntityClass<object> | Mapper | BindArguments | null,
    options: { readonly clause?: object } = {},
  ): object {
    return bindOf(this.core, entity, options);
  }

  get bind(): Bind | null {
    return this.core.bind;
  }

  set bind(bind: Bind | null) {
    this.core.bind = bind;
  }

  bindMapper(entity: EntityClass<object>, bind: Bind): void {
    this.core.addBind(entity, bind);
  }

  bindTable(table: object, bind: Bind): void {
    this.core.addBind(table, bind);
  }

  /** Options of every execution of the session. */
  get executionOptions(): Readonly<Record<string, unknown>> {
    return this.core.executionOptions;
  }

  set executionOptions(options: Readonly<Record<string, unknown>>) {
    this.core.executionOptions = options;
  }

  /** Notes of the user's own. */
  get info(): Record<PropertyKey, unknown> {
    return this.core.info;
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

  [Symbol.dispose](): void {
    this.close();
  }

  // ---- bulk ----

  /** INSERTs and UPDATEs objects in batches, without cascades and events; they do not become part of the session. */
  bulkSaveObjects(instances: Iterable<object>, options: BulkSaveOptions = {}): void {
    runSync(bulkSaveStep(this.core, [...instances].map(stateFor), options));
  }

  /** INSERTs values by attribute key. */
  bulkInsertMappings(
    entity: EntityClass<object>,
    rows: Iterable<Readonly<Record<string, unknown>>>,
    options: { readonly returnDefaults?: boolean; readonly renderNulls?: boolean } = {},
  ): void {
    runSync(bulkInsertMappingsStep(this.core, entityOf(entity).mapper, [...rows], options));
  }

  /** UPDATEs values by attribute key; the primary key finds the rows. */
  bulkUpdateMappings(entity: EntityClass<object>, rows: Iterable<Readonly<Record<string, unknown>>>): void {
    runSync(bulkUpdateMappingsStep(this.core, entityOf(entity).mapper, [...rows]));
  }
}

/**
 * Closes all sessions of the synchronous API that have had a transaction and were not closed since: for the end of tests.
 * Asynchronous ones: `closeAllSessions()` of `@athanor/async/orm`.
 */
export function closeAllSessions(): void {
  for (const { front } of openSessions()) if (front instanceof Session) front.close();
}
