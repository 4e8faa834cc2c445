/** Attributes whose collection is never loaded as a whole: `lazy: "writeOnly"` and `"dynamic"`. What they give to users is made by ../load. */
import { InvalidRequestError } from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";
import { loaders } from "../base/loading.ts";
import type { MapperProperty } from "../base/property.ts";
import { CALLABLES_OK, INIT_OK, NO_VALUE, PASSIVE_OFF, type Passive, SQL_OK } from "../base/symbols.ts";
import { iterableOf } from "../collections/list.ts";
import { type History, history } from "../history/history.ts";
import { noteChange, pendingChanges } from "../state/changes.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { stateOf } from "../state/registry.ts";
import { filterValue, type Initiator } from "./events.ts";
import { RelatedAttribute, relatedState } from "./related.ts";

/** Makes the object that stands for such a collection. Filled by ../load/strategies. */
export const dynamicCollections: { make(attribute: DynamicAttribute, state: InstanceState): object } = {
  make: () => {
    throw new Error("the loaders are not there yet: import @athanor/orm by its entry");
  },
};

/** A write-only or dynamic attribute. */
export class DynamicAttribute extends RelatedAttribute {
  readonly kind = "dynamic" as const;
  readonly #collections = new WeakMap<InstanceState, object>();

  constructor(key: string, property: MapperProperty, mapper: OrmClasses["mapper"]) {
    super(key, property, mapper, { collection: true });
  }

  override get(state: InstanceState): object {
    let collection = this.#collections.get(state);
    if (collection === undefined) {
      collection = dynamicCollections.make(this, state);
      this.#collections.set(state, collection);
    }
    return collection;
  }

  override *getStep(state: InstanceState): Step<unknown> {
    return this.get(state);
  }

  override defaultValue(state: InstanceState): object {
    return this.get(state);
  }

  /** Adds an object: it is written at the next flush. */
  add(state: InstanceState, given: object, initiator: Initiator | null = null): void {
    const token = initiator ?? this.appendToken;
    let value = this.validate(state, given, token) as object;
    let child = relatedState(this, value);
    this.cascadeIn(state, child, token);
    this.mirrorIn(state, child, token);
    const listeners = this.dispatch.of("append");
    if (!listeners.empty) {
      value = filterValue(listeners.all, state.obj, value, token) as object;
      child = relatedState(this, value);
    }
    noteChange(state, this.key, NO_VALUE);
    pendingChanges(state, this.key).append(value);
    if (this.trackParent) this.setParent(child, state, true);
  }

  /** Removes an object: it is written at the next flush. */
  discard(state: InstanceState, value: object, initiator: Initiator | null = null): void {
    const token = initiator ?? this.removeToken;
    const child = stateOf(value);
    if (this.trackParent) this.setParent(child, state, false);
    this.validateRemoval(state, value, token);
    this.cascadeOut(state, child);
    this.mirrorOut(state, child, token);
    const listeners = this.dispatch.of("remove");
    if (!listeners.empty)
      for (const listener of listeners.all) (listener as (...values: unknown[]) => unknown)(state.obj, value, token);
    noteChange(state, this.key, NO_VALUE);
    pendingChanges(state, this.key).remove(value);
  }

  override append(state: InstanceState, value: object, initiator: Initiator | null): void {
    this.add(state, value, initiator);
  }

  override pop(state: InstanceState, value: object, initiator: Initiator | null): void {
    this.discard(state, value, initiator);
  }

  override set(state: InstanceState, given: unknown): void {
    if (state.identityHash !== null && this.relationship.lazy === "writeOnly") {
      throw new InvalidRequestError(
        `Collection "${this}" does not support implicit iteration; collection replacement operations can't be used`,
        { fix: "use add() and remove() of the collection" },
      );
    }
    const values = iterableOf(given, this, "list-like");
    const { added, unchanged } = this.history(state, PASSIVE_OFF);
    const before = [...unchanged, ...added] as readonly object[];
    for (const value of before) if (!values.includes(value)) this.discard(state, value, this.bulkReplaceToken);
    for (const value of values) if (!before.includes(value)) this.add(state, value, this.bulkReplaceToken);
  }

  override remove(state: InstanceState): void {
    this.set(state, []);
  }

  override setCommitted(state: InstanceState): object {
    return this.get(state);
  }

  protected override knownHistory(): null {
    return null;
  }

  /**
   * With SQL allowed, the unchanged objects of a dynamic collection are loaded; those of a write-only one never.
   *
   * @throws InvalidRequestError where a flush has to know the objects of a write-only collection.
   */
  protected override *unknownHistoryStep(state: InstanceState, passive: Passive): Step<History> {
    const pending = state.pending?.get(this.key);
    const added = pending === undefined ? [] : [...pending.added];
    const removed = pending === undefined ? [] : [...pending.removed];
    if (
      (passive & CALLABLES_OK) === 0 ||
      (passive & SQL_OK) === 0 ||
      state.session === null ||
      state.identityHash === null
    )
      return history(added, [], removed);
    if (this.relationship.lazy === "writeOnly") {
      if ((passive & INIT_OK) === 0) return history(added, [], removed);
      throw new InvalidRequestError(
        `Attribute ${this} can't load the existing state from the database for this operation; full iteration is not permitted.  If this is a delete operation, configure passive_deletes=True on the ${this} relationship in order to resolve this error.`,
        { fix: "passiveDeletes: true, with ON DELETE in the database" },
      );
    }
    const loaded = yield* loaders.relationship(state.session, state, this.relationship, passive);
    const rest = Array.isArray(loaded)
      ? (loaded as object[]).filter((value) => !added.includes(value) && !removed.includes(value))
      : [];
    return history(added, rest, removed);
  }
}
