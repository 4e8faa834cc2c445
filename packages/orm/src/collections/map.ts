/** Maps of related objects, keyed by something about them: `attributeKeyedMap("name")`. */
import { ArgumentError, InvalidRequestError } from "@athanor/core";
import type { CollectionAdapter, CollectionLink } from "./adapter.ts";
import { iterableOf, refuseChange } from "./list.ts";

/** How the objects of a keyed map are keyed. */
export class KeyedCollection<Key = unknown> {
  /** Phantom. */
  declare readonly "~key": Key;
  /** The key of an object. */
  readonly keyOf: (value: object) => unknown;
  /** Objects without a key are left out. */
  readonly ignoreUnpopulated: boolean;
  /** The attribute that is the key, where it is one. */
  readonly attribute: string | null;

  constructor(keyOf: (value: object) => unknown, ignoreUnpopulated = false, attribute: string | null = null) {
    this.keyOf = keyOf;
    this.ignoreUnpopulated = ignoreUnpopulated;
    this.attribute = attribute;
  }
}

/** A map of related objects. `set(key, object)` insists that the key is the object's. */
export interface KeyedMap<Key, T> extends Map<Key, T> {
  /** Adds an object under its key. */
  add(value: T): this;
  /** Removes an object. */
  remove(value: T): boolean;
}

/** Keyed by an attribute of the related class: `collectionClass: attributeKeyedMap("keyword")`. */
export function attributeKeyedMap<Key = string>(
  attribute: string,
  options: { readonly ignoreUnpopulatedAttribute?: boolean } = {},
): KeyedCollection<Key> {
  return new KeyedCollection<Key>(
    (value) => (value as Record<string, unknown>)[attribute],
    options.ignoreUnpopulatedAttribute ?? false,
    attribute,
  );
}

/** Keyed by a function of the related object. */
export function keyfuncMapping<Key>(
  keyOf: (value: never) => Key,
  options: { readonly ignoreUnpopulatedAttribute?: boolean } = {},
): KeyedCollection<Key> {
  return new KeyedCollection<Key>(keyOf as (value: object) => unknown, options.ignoreUnpopulatedAttribute ?? false);
}

/** The Map that such collections are. */
export class RelatedMap extends Map<unknown, object> {
  #link: CollectionLink | null;
  readonly #keys: KeyedCollection;

  constructor(link: CollectionLink | null, keys: KeyedCollection) {
    super();
    this.#link = link;
    this.#keys = keys;
  }

  /** @internal */
  static linkOf(map: RelatedMap): CollectionLink | null {
    return map.#link;
  }

  /** The key of an object; undefined where objects without one are left out. */
  keyFor(value: object): unknown {
    const key = this.#keys.keyOf(value);
    if (key !== undefined && key !== null) return key;
    if (this.#keys.ignoreUnpopulated) return undefined;
    throw new InvalidRequestError(
      `In event triggered from population of attribute '${this.#link?.owner.key ?? "?"}', the key of a related object is not there yet`,
      {
        fix: "set the attribute that is the key before the object is added, or pass { ignoreUnpopulatedAttribute: true }",
      },
    );
  }

  override set(key: unknown, value: object): this {
    const link = this.#link;
    if (link === null) return super.set(key, value);
    refuseChange(link);
    const present = this.get(key);
    if (present === value) return this;
    if (present !== undefined) link.owner.fireRemove(link.state, present, null);
    const added = link.owner.fireAppend(link.state, value, null);
    const own = this.keyFor(added);
    if (own !== undefined && own !== key)
      throw new ArgumentError(`Can not set an object under the key ${String(key)}: its own is ${String(own)}`);
    return super.set(key, added);
  }

  override delete(key: unknown): boolean {
    const link = this.#link;
    const present = this.get(key);
    if (link === null || present === undefined) return super.delete(key);
    refuseChange(link);
    link.owner.fireRemove(link.state, present, null);
    return super.delete(key);
  }

  override clear(): void {
    for (const key of [...this.keys()]) this.delete(key);
  }

  /** Adds an object under its key. */
  add(value: object): this {
    const key = this.keyFor(value);
    return key === undefined ? this : this.set(key, value);
  }

  /** Removes an object. */
  remove(value: object): boolean {
    for (const [key, present] of this) if (present === value) return this.delete(key);
    return false;
  }

  /** Adds without a report. @internal */
  addRaw(value: object): void {
    const key = this.keyFor(value);
    if (key !== undefined) super.set(key, value);
  }

  /** Removes without a report. @internal */
  removeRaw(value: object): void {
    for (const [key, present] of this) if (present === value) super.delete(key);
  }

  toJSON(): Record<string, unknown> {
    return Object.fromEntries(this);
  }
}

/** The adapter of keyed maps. */
export function keyedAdapter(keys: KeyedCollection): CollectionAdapter {
  return {
    create: (link) => new RelatedMap(link, keys),
    linkOf: (collection) => (collection instanceof RelatedMap ? RelatedMap.linkOf(collection) : null),
    values: (collection) => [...(collection as RelatedMap).values()],
    view: (collection) => [...(collection as RelatedMap).values()],
    size: (collection) => (collection as RelatedMap).size,
    has: (collection, value) => [...(collection as RelatedMap).values()].includes(value),
    append: (collection, value) => (collection as RelatedMap).addRaw(value),
    fill: (collection, values) => {
      for (const value of values) (collection as RelatedMap).addRaw(value);
    },
    remove: (collection, value) => (collection as RelatedMap).removeRaw(value),
    adapt: (given, attribute) =>
      given instanceof Map
        ? [...(given as Map<unknown, object>).values()]
        : isRecord(given)
          ? Object.values(given)
          : iterableOf(given, attribute, "dict-like"),
  };
}

function isRecord(value: unknown): value is Record<string, object> {
  return value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype;
}
