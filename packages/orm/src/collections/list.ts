/** Lists: an Array whose changing methods report. `list[0] = x` and `list.length = n` cannot be seen; the type forbids them. */
import { ArgumentError, describe, InvalidRequestError } from "@athanor/core";
import type { InstanceState } from "../state/instance-state.ts";
import type { CollectionAdapter, CollectionLink, Named } from "./adapter.ts";

/**
 * A list of related objects. It is an Array: `push`, `splice`, `pop`, `sort` and the rest work and are noticed, and so are
 * `append`, `extend`, `insert`, `remove` and `clear`, as Python has them. Copies (`map`, `filter`, `slice`) are plain arrays.
 */
export class RelatedList<T extends object = object> extends Array<T> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** What it reports to; null for a copy. @internal */
  #link: CollectionLink | null;

  constructor(link: CollectionLink | null = null, items: readonly T[] = []) {
    super(...items);
    this.#link = link;
  }

  /** @internal */
  static linkOf(list: RelatedList): CollectionLink | null {
    return list.#link;
  }

  #in(value: T): T {
    const link = this.#link;
    if (link === null) return value;
    refuseChange(link);
    return link.owner.fireAppend(link.state, value, null) as T;
  }

  #out(value: T): void {
    const link = this.#link;
    if (link === null) return;
    refuseChange(link);
    link.owner.fireRemove(link.state, value, null);
  }

  /** Adds without a report. @internal */
  addRaw(value: T): void {
    this[this.length] = value;
  }

  override push(...items: T[]): number {
    for (const item of items) this.addRaw(this.#in(item));
    return this.length;
  }

  /** The same as `push`. */
  append(item: T): void {
    this.push(item);
  }

  /** Adds several. */
  extend(items: Iterable<T>): void {
    for (const item of items) this.push(item);
  }

  /** Adds at a place. */
  insert(index: number, item: T): void {
    this.splice(index, 0, item);
  }

  /** Removes the first occurrence of an object; false when it is not there. */
  remove(item: T): boolean {
    const index = this.indexOf(item);
    if (index < 0) return false;
    this.#out(item);
    // Listeners may have changed the list.
    const at = this[index] === item ? index : this.indexOf(item);
    if (at >= 0) super.splice(at, 1);
    return true;
  }

  /** Removes everything. */
  clear(): void {
    for (const item of [...this]) this.#out(item);
    super.splice(0, this.length);
  }

  /** Takes the last object off, or the one at `index`. */
  override pop(index: number = this.length - 1): T | undefined {
    return this.splice(index, 1)[0];
  }

  override shift(): T | undefined {
    return this.length === 0 ? undefined : this.splice(0, 1)[0];
  }

  override unshift(...items: T[]): number {
    this.splice(0, 0, ...items);
    return this.length;
  }

  override splice(start: number, ...rest: [deleteCount?: number, ...items: T[]]): T[] {
    const [deleteCount, ...items] = rest;
    const from = start < 0 ? Math.max(this.length + start, 0) : Math.min(start, this.length);
    const count = rest.length === 0 ? this.length - from : Math.max(0, Math.min(deleteCount ?? 0, this.length - from));
    for (let index = from; index < from + count; index++) this.#out(this[index] as T);
    const added = items.map((item) => this.#in(item));
    return super.splice(from, count, ...added);
  }

  override fill(value: T, start = 0, end: number = this.length): this {
    const from = start < 0 ? Math.max(this.length + start, 0) : Math.min(start, this.length);
    const to = end < 0 ? Math.max(this.length + end, 0) : Math.min(end, this.length);
    if (to > from) this.splice(from, to - from, ...Array.from({ length: to - from }, () => value));
    return this;
  }

  override copyWithin(target: number, start: number, end?: number): this {
    const copy = [...this].copyWithin(target, start, end);
    this.splice(0, this.length, ...copy);
    return this;
  }

  /** The objects, as a plain array. */
  toJSON(): T[] {
    return [...this];
  }
}

/** Refuses changes of a collection that its object no longer has, or of which only a part was loaded. */
export function refuseChange(link: CollectionLink): void {
  if (!link.invalidated) {
    refusePartial(link.state, link.owner.key);
    return;
  }
  throw new InvalidRequestError(
    `This collection has been invalidated: attribute '${link.owner.key}' of ${link.state} was expired or replaced`,
    {
      code: "stale_collection",
      fix: `read the attribute again: object.${link.owner.key}`,
    },
  );
}

/** Refuses changes of a collection of which only a part was loaded. */
export function refusePartial(state: InstanceState, key: string): void {
  if (state.partialKeys === null || state.dict[key] === undefined || !state.partialKeys.has(key)) return;
  throw new InvalidRequestError(
    `Attribute '${key}' of ${state} holds a part of its collection only: it was loaded with limit(), and cannot be changed`,
    {
      fix: `load all of it first: session.refresh(object, ["${key}"]); or set the other side of the relationship`,
    },
  );
}

/** The objects of any iterable. */
export function iterableOf(given: unknown, attribute: Named, wanted: string): object[] {
  if (given !== null && typeof given === "object" && Symbol.iterator in given) return [...(given as Iterable<object>)];
  const shown = given === null ? "null" : describe(given);
  throw new ArgumentError(`Incompatible collection type: ${shown} is not ${wanted}`, {
    fix: `assign an array to ${attribute}${given === null ? "; [] empties it" : ""}`,
  });
}

/** More than these are not handed over as arguments. */
const fewItems = 64;

/** The adapter of a list class; `collectionClass` may be a subclass of {@link RelatedList}. */
export function listAdapter(type: new (link: CollectionLink | null) => RelatedList = RelatedList): CollectionAdapter {
  return {
    create: (link) => new type(link),
    // An array that begins empty takes room for 17 objects with the first one.
    createFilled: (link, values) =>
      type === RelatedList && values.length <= fewItems ? new RelatedList(link, values) : null,
    linkOf: (collection) => (collection instanceof RelatedList ? RelatedList.linkOf(collection) : null),
    values: (collection) => [...(collection as RelatedList)],
    view: (collection) => collection as RelatedList,
    size: (collection) => (collection as RelatedList).length,
    has: (collection, value) => (collection as RelatedList).includes(value),
    append: (collection, value) => (collection as RelatedList).addRaw(value),
    fill: (collection, values) => {
      for (const value of values) (collection as RelatedList).addRaw(value);
    },
    remove: (collection, value) => {
      const list = collection as RelatedList;
      const index = list.indexOf(value);
      if (index >= 0) Array.prototype.splice.call(list, index, 1);
    },
    adapt: (given, attribute) => iterableOf(given, attribute, "list-like"),
  };
}
