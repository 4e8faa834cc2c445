/** What a session of either API does without waiting: its objects, its binds, its state. Next: ./session.ts, which waits. */
import type { AttributeKey } from "../declarative/types.ts";
import type { IdentityMap } from "../identity/identity-map.ts";
import type { Mapper } from "../mapping/mapper.ts";
import type { SessionDispatcher } from "../session/events.ts";
import type { Bind, BindArguments } from "../session/options.ts";
import type { SessionCore } from "../session/session-core.ts";
import { stateFor } from "../session/states.ts";
import { bindOf } from "../session/steps/bind.ts";
import { expire, expunge } from "../session/steps/objects.ts";
import { contains, deletedObjects, dirtyObjects, isModified, newObjects } from "../session/views.ts";

/** A mapped class, for what takes one and gives its objects. */
export type EntityClass<T extends object> = abstract new (...args: never) => T;

/** The members of a session that never wait; `B` is what it is bound to, `D` its dispatcher. */
export abstract class SessionMembers<out B extends Bind = Bind, out D extends object = SessionDispatcher> {
  /** State and options. For packages above. @internal */
  readonly core: SessionCore;

  constructor(core: SessionCore) {
    this.core = core;
    if (this.getBind !== SessionMembers.prototype.getBind)
      core.chooseBindBy((mapper, clause) => this.getBind(mapper, clause === null ? {} : { clause }));
  }

  /** Listeners of this session alone. Asynchronous sessions wait for what they return. */
  get dispatch(): D {
    return this.core.dispatch as object as D;
  }

  // ---- objects ----

  /** Brings an object, and what it refers to, into the session: inserted or updated by the next flush. */
  add(instance: object): void {
    this.core.saveOrUpdate(stateFor(instance));
  }

  /** {@link add} for several objects. */
  addAll(instances: Iterable<object>): void {
    for (const instance of instances) this.add(instance);
  }

  /** Forgets an object's values; the next touch loads them, in an asynchronous session `refresh()`. */
  expire<E extends object>(instance: E, attributes?: readonly AttributeKey<E>[] | null): void {
    expire(this.core, stateFor(instance), attributes ?? null);
  }

  /** {@link expire} for all objects of the session. */
  expireAll(): void {
    this.core.expireStates(null);
  }

  /** Takes an object out of the session. */
  expunge(instance: object): void {
    expunge(this.core, stateFor(instance));
  }

  /** Takes all objects out of the session. */
  expungeAll(): void {
    this.core.expungeAll();
  }

  /**
   * Lets an object that is not in the session load its relationships by the foreign keys that it holds, in an asynchronous
   * session by `await object.awaitable.user`. For special cases: `load({ loadOnPending: true })` of a relationship says the same of
   * pending objects.
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

  // ---- state ----

  /** Queries flush first. */
  get autoflush(): boolean {
    return this.core.autoflush;
  }

  set autoflush(autoflush: boolean) {
    this.core.autoflush = autoflush;
  }

  /** Whether a transaction has begun. */
  inTransaction(): boolean {
    return this.core.transaction !== null;
  }

  /** Whether a savepoint is open. */
  inNestedTransaction(): boolean {
    return this.core.nestedTransaction !== null;
  }

  /** False while a failed flush waits for `rollback()`. */
  get isActive(): boolean {
    return this.core.transaction === null ? this.core.autobegins : this.core.transaction.isActive;
  }

  /** The engine or connection for everything that `binds` do not name. */
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
   * The engine or connection that serves a mapped class, or a statement: `getBind(User)`, `getBind({ clause: statement })`.
   *
   * A class of sessions may override it to choose between databases: it is asked for each execution, and by a flush for each
   * class, with the mapper and the statement, as far as they are known.
   *
   * @throws UnboundExecutionError where the session has none for it.
   * @example
   * class Routed extends Session {
   *   override getBind(...[entity, options]: Parameters<Session["getBind"]>) {
   *     return options?.clause instanceof Select ? follower : super.getBind(entity, options);
   *   }
   * }
   */
  getBind(entity?: EntityClass<object> | Mapper | BindArguments | null, options: { readonly clause?: object } = {}): B {
    return bindOf(this.core, entity, options) as B;
  }

  /** Sets the bind of a mapped class and those that inherit from it. */
  bindMapper(entity: EntityClass<object>, bind: Bind): void {
    this.core.addBind(entity, bind);
  }

  /** Sets the bind of a table. */
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
}
