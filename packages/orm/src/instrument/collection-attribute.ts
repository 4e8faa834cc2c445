/** Attributes that hold a collection of related objects. The collections themselves: ./collections. */
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";
import type { MapperProperty } from "../base/property.ts";
import {
  INCLUDE_PENDING,
  INIT_OK,
  NO_RAISE,
  NO_VALUE,
  NOT_LOADED,
  PASSIVE_NO_INITIALIZE,
  PASSIVE_OFF,
  PASSIVE_ONLY_PERSISTENT,
  type Passive,
} from "../base/symbols.ts";
import type { CollectionAdapter, CollectionLink, CollectionOwner } from "../collections/adapter.ts";
import { refusePartial } from "../collections/list.ts";
import { BLANK_HISTORY, type History, history } from "../history/history.ts";
import { noteChange, pendingChanges } from "../state/changes.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { stateOf } from "../state/registry.ts";
import { filterValue, type Initiator } from "./events.ts";
import { RelatedAttribute, relatedState } from "./related.ts";

/** A one-to-many or many-to-many attribute. */
export class CollectionAttribute extends RelatedAttribute implements CollectionOwner {
  override readonly kind: "collection" | "dynamic" = "collection";
  readonly adapter: CollectionAdapter;
  readonly #initListeners = this.dispatch.of("initCollection");

  constructor(
    key: string,
    property: MapperProperty,
    mapper: OrmClasses["mapper"],
    adapter: CollectionAdapter,
    activeHistory = false,
  ) {
    super(key, property, mapper, { activeHistory, collection: true });
    this.adapter = adapter;
  }

  // ---- making ----

  #create(state: InstanceState, values: Iterable<object> | null = null): object {
    state.partialKeys?.delete(this.key);
    const { adapter } = this;
    const link: CollectionLink = { owner: this, state, invalidated: false };
    const listeners = this.#initListeners;
    if (listeners.empty && Array.isArray(values)) {
      const filled = adapter.createFilled?.(link, values) ?? null;
      if (filled !== null) return filled;
    }
    const collection = adapter.create(link);
    if (!listeners.empty)
      for (const listener of listeners.all) (listener as (...values: unknown[]) => unknown)(state.obj, collection);
    if (values !== null) adapter.fill(collection, values);
    return collection;
  }

  /** An empty collection that is not a value yet: it becomes one when something is added. */
  override defaultValue(state: InstanceState): object {
    state.emptyCollections ??= new Map<string, object>();
    const empty = state.emptyCollections;
    let collection = empty.get(this.key);
    if (collection === undefined) {
      collection = this.#create(state);
      empty.set(this.key, collection);
    }
    return collection;
  }

  #adopt(state: InstanceState): void {
    const empty = state.emptyCollections?.get(this.key);
    if (empty === undefined || state.dict[this.key] !== undefined) return;
    state.emptyCollections?.delete(this.key);
    state.dict[this.key] = empty;
  }

  override setCommitted(state: InstanceState, value: unknown): object {
    const collection = this.#create(state, (value ?? null) as Iterable<object> | null);
    const { adapter, key } = this;
    const old = state.dict[key];
    if (old !== undefined) this.invalidate(old);
    state.dict[key] = collection;
    state.emptyCollections?.delete(key);
    if (state.committed !== null && state.committed[key] !== undefined) delete state.committed[key];
    const pending = state.pending?.get(key);
    if (pending !== undefined) {
      noteChange(state, key, [...adapter.values(collection)]);
      state.pending?.delete(key);
      for (const item of pending.added) adapter.append(collection, item);
      for (const item of pending.removed) adapter.remove(collection, item);
    }
    return collection;
  }

  // ---- parts of collections ----

  /** {@link setCommitted} with some of the objects only: the collection refuses changes. */
  setPartial(state: InstanceState, objects: readonly object[]): void {
    this.setCommitted(state, objects);
    state.partialKeys ??= new Set();
    state.partialKeys.add(this.key);
  }

  /** Whether the value is a part of what the database has. */
  isPartial(state: InstanceState): boolean {
    return state.dict[this.key] !== undefined && state.partialKeys?.has(this.key) === true;
  }

  /** Lets a partial collection go: the next load makes it whole, with what other sides of relationships did to it. */
  dropPartial(state: InstanceState): void {
    const { key } = this;
    if (!this.isPartial(state)) return;
    const { added, deleted } = this.history(state, PASSIVE_NO_INITIALIZE);
    this.invalidate(state.dict[key]);
    state.partialKeys?.delete(key);
    state.dict[key] = undefined;
    if (state.committed !== null) delete state.committed[key];
    if (added.length + deleted.length === 0) return;
    const pending = pendingChanges(state, key);
    for (const value of added) pending.append(value as object);
    for (const value of deleted) pending.remove(value as object);
  }

  /** An empty collection that is filled by {@link appendLoaded}: for loaders that meet the objects row by row. */
  initCommitted(state: InstanceState): object {
    return this.setCommitted(state, null);
  }

  /** Adds an object while the collection is being loaded. */
  appendLoaded(collection: object, value: object): void {
    this.adapter.append(collection, value);
  }

  override invalidate(value: unknown): void {
    const link = this.adapter.linkOf(value as object);
    if (link !== null) link.invalidated = true;
  }

  // ---- events ----

  fireAppend(state: InstanceState, given: unknown, initiator: Initiator | null): object {
    const token = initiator ?? this.appendToken;
    let child = relatedState(this, given);
    this.checkSingleParent(state, child, null, token);
    // Values that replace a collection were validated together.
    let value = token === this.bulkReplaceToken ? (given as object) : (this.validate(state, given, token) as object);
    if (value !== given) child = relatedState(this, value);
    this.cascadeIn(state, child, token);
    this.mirrorIn(state, child, token);
    const listeners = this.dispatch.of("append");
    if (!listeners.empty) {
      value = filterValue(listeners.all, state.obj, value, token) as object;
      child = relatedState(this, value);
    }
    this.#noteChange(state);
    if (this.trackParent) this.setParent(child, state, true);
    return value;
  }

  fireAppendWoMutation(state: InstanceState, value: object): void {
    const listeners = this.dispatch.of("appendWoMutation");
    if (!listeners.empty) listeners.fire(state.obj as never, value as never, this.appendToken);
  }

  fireRemove(state: InstanceState, value: object, initiator: Initiator | null): void {
    const token = initiator ?? this.removeToken;
    const child = stateOf(value);
    if (this.trackParent) this.setParent(child, state, false);
    this.validateRemoval(state, value, token);
    this.cascadeOut(state, child);
    if (!this.#hasTwice(state, value)) this.mirrorOut(state, child, token);
    const listeners = this.dispatch.of("remove");
    if (!listeners.empty)
      for (const listener of listeners.all) (listener as (...values: unknown[]) => unknown)(state.obj, value, token);
    this.#noteChange(state);
  }

  /** An object that is in a list twice keeps its reference when one of the two goes. */
  #hasTwice(state: InstanceState, value: object): boolean {
    const collection = state.dict[this.key];
    if (!Array.isArray(collection)) return false;
    const first = collection.indexOf(value);
    return first >= 0 && collection.indexOf(value, first + 1) >= 0;
  }

  #noteChange(state: InstanceState): void {
    this.#adopt(state);
    if (!this.tracksChanges) return;
    const { key } = this;
    const known = state.committed === null ? undefined : state.committed[key];
    if (known !== undefined && state.modified) return;
    const collection = state.dict[key];
    noteChange(state, key, collection === undefined ? NO_VALUE : [...this.adapter.view(collection as object)]);
  }

  // ---- writing ----

  override append(state: InstanceState, value: object, initiator: Initiator | null, passive: Passive): void {
    const collection = this.get(state, passive);
    if (collection === NOT_LOADED) {
      const added = this.fireAppend(state, value, initiator);
      pendingChanges(state, this.key).append(added);
      return;
    }
    this.adapter.append(collection as object, this.fireAppend(state, value, initiator));
  }

  override pop(state: InstanceState, value: object, initiator: Initiator | null, passive: Passive): void {
    const collection = this.get(state, passive);
    if (collection === NOT_LOADED) {
      this.fireRemove(state, value, initiator);
      pendingChanges(state, this.key).remove(value);
      return;
    }
    this.fireRemove(state, value, initiator);
    this.adapter.remove(collection as object, value);
  }

  override set(
    state: InstanceState,
    given: unknown,
    _initiator: Initiator | null = null,
    passive: Passive = PASSIVE_OFF,
  ): void {
    const { adapter, key } = this;
    const token = this.bulkReplaceToken;
    const adapted = adapter.adapt(given, this);
    const values = state.mapper.validators.has(key)
      ? adapted.map((value) => this.validate(state, value, token) as object)
      : adapted;
    const listeners = this.dispatch.of("bulkReplace");
    if (!listeners.empty)
      for (const listener of listeners.all) (listener as (...all: unknown[]) => unknown)(state.obj, values, token);
    for (const value of values) relatedState(this, value);
    refusePartial(state, key);
    if (this.#isUntouched(state)) {
      if (this.tracksChanges) noteChange(state, key, nothing);
      const collection = this.#create(state);
      state.dict[key] = collection;
      this.#fill(state, collection, values, nothing, token);
      return;
    }
    let old = this.get(state, PASSIVE_ONLY_PERSISTENT ^ (passive & NO_RAISE));
    if (old === NOT_LOADED || old === NO_VALUE) old = this.defaultValue(state);
    else if (old === given) return;
    const before = adapter.values(old as object);
    this.#adopt(state);
    if (this.tracksChanges) noteChange(state, key, before);
    const collection = this.#create(state);
    state.dict[key] = collection;
    state.emptyCollections?.delete(key);
    this.#fill(state, collection, values, before, token);
    this.invalidate(old);
    const disposed = this.dispatch.of("disposeCollection");
    if (!disposed.empty)
      for (const listener of disposed.all) (listener as (...all: unknown[]) => unknown)(state.obj, old);
  }

  /** A new object in no session, whose collection nobody has seen: there is no old one to part from. */
  #isUntouched(state: InstanceState): boolean {
    return (
      state.identityHash === null &&
      state.session === null &&
      state.dict[this.key] === undefined &&
      state.pending === null &&
      state.emptyCollections === null &&
      this.#initListeners.empty &&
      this.dispatch.of("disposeCollection").empty
    );
  }

  #fill(
    state: InstanceState,
    collection: object,
    values: readonly object[],
    before: readonly object[],
    token: Initiator,
  ): void {
    const { adapter } = this;
    if (before.length === 0) {
      for (const value of values) adapter.append(collection, this.fireAppend(state, value, token));
      return;
    }
    const had = new Set(before);
    const kept = new Set<object>();
    for (const value of values) {
      if (had.has(value)) {
        kept.add(value);
        adapter.append(collection, value);
      } else adapter.append(collection, this.fireAppend(state, value, token));
    }
    for (const value of had) if (!kept.has(value)) this.fireRemove(state, value, token);
  }

  override remove(state: InstanceState): void {
    const collection = state.dict[this.key];
    if (collection === undefined) return;
    refusePartial(state, this.key);
    const values = this.adapter.values(collection as object);
    for (const value of values) this.fireRemove(state, value, null);
    for (const value of values) this.adapter.remove(collection as object, value);
    this.invalidate(collection);
    state.dict[this.key] = undefined;
  }

  // ---- comparing ----

  protected override knownHistory(state: InstanceState): History | null {
    const { key } = this;
    const current = state.dict[key];
    if (current === undefined) return null;
    const original = state.committed === null ? undefined : state.committed[key];
    return collectionHistory(this.adapter.view(current as object), original);
  }

  protected override *unknownHistoryStep(state: InstanceState, passive: Passive): Step<History> {
    const current: unknown =
      state.dict[this.key] ?? (yield* this.getStep(state, passive & ~INIT_OK & ~INCLUDE_PENDING));
    if (current === NOT_LOADED) return (passive & INCLUDE_PENDING) === 0 ? BLANK_HISTORY : this.#pendingHistory(state);
    if (current === NO_VALUE) return BLANK_HISTORY;
    const original = state.committed === null ? undefined : state.committed[this.key];
    return collectionHistory(this.adapter.view(current as object), original);
  }

  #pendingHistory(state: InstanceState): History {
    const pending = state.pending?.get(this.key);
    return pending === undefined ? BLANK_HISTORY : history([...pending.added], [], [...pending.removed]);
  }

  /** All objects that the attribute holds or held, with their states: for cascades. Loads nothing. */
  present(state: InstanceState): readonly object[] {
    const current = state.dict[this.key];
    return current === undefined ? [] : this.adapter.view(current as object);
  }
}

const nothing: readonly object[] = Object.freeze([]);

function collectionHistory(current: readonly object[], original: unknown): History {
  if (original === undefined) return history(nothing, [...current], nothing);
  if (original === NO_VALUE || original === NOT_LOADED) return history([...current], nothing, nothing);
  const before = original as readonly object[];
  if (before.length === 0) return history([...current], nothing, nothing);
  const had = new Set(before);
  const has = new Set(current);
  return history(
    current.filter((value) => !had.has(value)),
    current.filter((value) => had.has(value)),
    before.filter((value) => !has.has(value)),
  );
}

/** The link of a collection that this attribute made. */
export type { CollectionLink };
