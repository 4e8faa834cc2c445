/**
 * What a collection attribute asks of the thing that holds the objects: a list, a Set, a keyed Map, or a class of the
 * user's own. Tracked collections report what users do to them; the attribute fills them without reports.
 */

import type { Initiator } from "../base/initiator.ts";
import type { InstanceState } from "../state/instance-state.ts";

/** What a tracked collection reports to: its attribute, for one object. */
export interface CollectionOwner {
  /** An object is to be added; gives the one to add. */
  fireAppend(state: InstanceState, value: unknown, initiator: Initiator | null): object;
  /** An object is added that is there already. */
  fireAppendWoMutation(state: InstanceState, value: object): void;
  /** An object is to be removed. */
  fireRemove(state: InstanceState, value: object, initiator: Initiator | null): void;
  /** Refuses to work on a collection that was replaced or expired. */
  readonly key: string;
}

/** Ties a tracked collection to an object. */
export interface CollectionLink {
  /** The attribute that the collection belongs to. */
  readonly owner: CollectionOwner;
  /** The object that the collection belongs to. */
  readonly state: InstanceState;
  /** The collection is no longer the attribute's value. */
  invalidated: boolean;
}

/** Something that messages name. */
export interface Named {
  toString(): string;
}

/** One kind of collection. */
export interface CollectionAdapter {
  /** An empty collection that reports to `link`. */
  create(link: CollectionLink): object;
  /** One that has objects from the start, where that is quicker than {@link fill}; null: it is not. */
  createFilled?(link: CollectionLink, values: readonly object[]): object | null;
  /** The link of a collection, or null for a foreign object. */
  linkOf(collection: object): CollectionLink | null;
  /** The objects in order. */
  values(collection: object): readonly object[];
  /** The objects as an array, as quickly as it goes; not to be changed. */
  view(collection: object): readonly object[];
  /** How many objects there are. */
  size(collection: object): number;
  /** Whether an object is there. */
  has(collection: object, value: object): boolean;
  /** Adds without a report. */
  append(collection: object, value: object): void;
  /** Adds several to an empty collection without a report. */
  fill(collection: object, values: Iterable<object>): void;
  /** Removes without a report. */
  remove(collection: object, value: object): void;
  /** The objects of something that is assigned to the attribute, in a new array. @throws ArgumentError when it is of the wrong kind. */
  adapt(given: unknown, attribute: Named): object[];
}
