/** From the option `collectionClass` to what holds the objects. */
import { ArgumentError } from "@athanor/core";
import type { CollectionAdapter } from "./adapter.ts";
import { listAdapter, RelatedList } from "./list.ts";
import { KeyedCollection, type KeyedMap, keyedAdapter } from "./map.ts";
import { RelatedSet, setAdapter } from "./set.ts";

/** A collection of the user's own: gives its adapter. */
export interface CustomCollection<V = unknown> {
  /** Phantom: what the attribute holds. */
  readonly "~collection"?: V;
  /** How objects are put in, taken out and listed. */
  adapter(): CollectionAdapter;
}

/** What an attribute holds by its `collectionClass`; `L` for lists. */
export type CollectionValue<K, T, L> = [K] extends [undefined]
  ? L
  : [K] extends [SetConstructor]
    ? Set<T>
    : [K] extends [KeyedCollection<infer Key>]
      ? KeyedMap<Key, T>
      : [K] extends [new (...args: never) => infer V extends RelatedList | RelatedSet]
        ? OwnCollection<V, T, L>
        : [K] extends [CustomCollection<infer V>]
          ? unknown extends V
            ? L
            : V
          : L;

/** What a class of collections holds: a subclass of the program's own is shown as it is. */
type OwnCollection<V, T, L> = RelatedList extends V ? L : RelatedSet extends V ? Set<T> : V;

/** The adapter of a relationship's collections. @throws ArgumentError for something that is no collection. */
export function chooseAdapter(given: unknown, where: string): CollectionAdapter {
  if (given === null || given === undefined || given === Array || given === RelatedList) return listAdapter();
  if (given === Set || given === RelatedSet) return setAdapter();
  if (given instanceof KeyedCollection) return keyedAdapter(given);
  if (typeof given === "function" && given.prototype instanceof RelatedList)
    return listAdapter(given as new () => RelatedList);
  if (typeof given === "function" && given.prototype instanceof RelatedSet)
    return setAdapter(given as new () => RelatedSet);
  const custom = given as Partial<CustomCollection>;
  if (typeof custom.adapter === "function") return custom.adapter();
  throw new ArgumentError(`collectionClass of ${where} is no collection`, {
    fix: "use Set, attributeKeyedMap(…), a subclass of RelatedList or RelatedSet, or an object with adapter()",
  });
}
