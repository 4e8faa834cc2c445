/** Sets of related objects. */
import type { CollectionAdapter, CollectionLink } from "./adapter.ts";
import { iterableOf, refuseChange } from "./list.ts";

/** A Set that reports what is added and removed. */
export class RelatedSet<T extends object = object> extends Set<T> {
  #link: CollectionLink | null;

  constructor(link: CollectionLink | null = null) {
    super();
    this.#link = link;
  }

  /** @internal */
  static linkOf(set: RelatedSet): CollectionLink | null {
    return set.#link;
  }

  override add(value: T): this {
    const link = this.#link;
    if (link === null) return super.add(value);
    refuseChange(link);
    if (this.has(value)) {
      link.owner.fireAppendWoMutation(link.state, value);
      return this;
    }
    return super.add(link.owner.fireAppend(link.state, value, null) as T);
  }

  override delete(value: T): boolean {
    const link = this.#link;
    if (link === null || !this.has(value)) return super.delete(value);
    refuseChange(link);
    link.owner.fireRemove(link.state, value, null);
    return super.delete(value);
  }

  override clear(): void {
    for (const value of [...this]) this.delete(value);
  }

  /** Adds without a report. @internal */
  addRaw(value: T): void {
    super.add(value);
  }

  /** Removes without a report. @internal */
  deleteRaw(value: T): void {
    super.delete(value);
  }

  /** The same as `delete`. */
  remove(value: T): boolean {
    return this.delete(value);
  }

  /** The objects, as an array. */
  toJSON(): T[] {
    return [...this];
  }
}

/** The adapter of a Set class. */
export function setAdapter(type: new (link: CollectionLink | null) => RelatedSet = RelatedSet): CollectionAdapter {
  return {
    create: (link) => new type(link),
    linkOf: (collection) => (collection instanceof RelatedSet ? RelatedSet.linkOf(collection) : null),
    values: (collection) => [...(collection as RelatedSet)],
    view: (collection) => [...(collection as RelatedSet)],
    size: (collection) => (collection as RelatedSet).size,
    has: (collection, value) => (collection as RelatedSet).has(value),
    append: (collection, value) => (collection as RelatedSet).addRaw(value),
    fill: (collection, values) => {
      for (const value of values) (collection as RelatedSet).addRaw(value);
    },
    remove: (collection, value) => (collection as RelatedSet).deleteRaw(value),
    adapt: (given, attribute) => [...new Set(iterableOf(given, attribute, "set-like"))],
  };
}
