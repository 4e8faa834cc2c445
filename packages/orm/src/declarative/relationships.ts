/** `many()` and `one()`: relationships as users declare them. What becomes of them: ../relationship. */
import type { Condition, Delete, Insert, Select, StatementOption, Update } from "@athanor/core";
import type { CollectionValue } from "../collections/choose.ts";
import type { LazyName, RelationshipOptions } from "../relationship/options.ts";
import { RelationshipProperty } from "../relationship/relationship.ts";
import type { ListOf } from "./types.ts";

/** Anything with objects of its own: a mapped class, or an alias of one. */
export interface RelatedClass {
  readonly "~entity": unknown;
}

type ObjectOf<C> = C extends { readonly prototype: infer P }
  ? P
  : C extends { readonly "~entity": infer E }
    ? E
    : never;

/** A declared relationship; `V` is what the attribute holds. */
export interface Relationship<out T, out V, out I = V> {
  /** Phantom: the related object. */
  readonly "~related": T;
  /** Phantom: what the attribute holds. */
  readonly "~value": V;
  /** Phantom: what the constructor takes. */
  readonly "~input": I;
}

/** A collection that is never loaded as a whole; what it does is in ../load/strategies/dynamic.ts. */
export interface WriteOnly<out T> {
  /** Adds an object; it is written at the next flush. */
  add(object: T): void;
  /** Adds several objects. */
  addAll(objects: Iterable<T>): void;
  /** Takes an object out; its reference is removed at the next flush. */
  remove(object: T): void;
  /** `SELECT` of the collection's objects, to be executed by the session. */
  select(): Select<[T]>;
  /** `INSERT` of rows that belong to the collection. Not for many-to-many collections. */
  insert(): Insert<object, []>;
  /** `UPDATE` of the collection's rows. */
  update(): Update<object, []>;
  /** `DELETE` of the collection's rows. */
  delete(): Delete<object, []>;
}

/** A write-only collection that can also be iterated and queried. Synchronous sessions only. */
export interface Dynamic<out T> extends WriteOnly<T>, Iterable<T> {
  /** The same as `add`. */
  append(object: T): void;
  /** The collection with further conditions. */
  filter(...conditions: readonly Condition[]): Dynamic<T>;
  /** The same as `filter`. */
  where(...conditions: readonly Condition[]): Dynamic<T>;
  /** The collection with further conditions on attributes by name. */
  filterBy(values: Readonly<Record<string, unknown>>): Dynamic<T>;
  /** The collection in an order. */
  orderBy(...clauses: readonly unknown[]): Dynamic<T>;
  /** At most so many objects. */
  limit(count: number): Dynamic<T>;
  /** Without the first so many objects. */
  offset(count: number): Dynamic<T>;
  /** The objects, loaded now. */
  all(): T[];
  /** The first object, or null. */
  first(): T | null;
  /** @throws NoResultFound, MultipleResultsFound */
  one(): T;
  /** @throws MultipleResultsFound */
  oneOrNone(): T | null;
  /** The object at a position; undefined where there is none. */
  at(index: number): T | undefined;
  /** The objects from `start` to `stop`. */
  slice(start: number, stop: number): T[];
  /** The collection with loader options. */
  options(...options: readonly StatementOption[]): Dynamic<T>;
  /** The collection joined to something that conditions can speak of. */
  join(target: unknown, ...rest: readonly unknown[]): Dynamic<T>;
  /** How many objects there are, by SELECT count(*). */
  count(): number;
}

/** Options of {@link many}. `L` and `K` are inferred: they say what the attribute holds. */
export interface ManyOptions<out L extends LazyName, out K>
  extends Omit<RelationshipOptions, "lazy" | "collectionClass" | "uselist"> {
  /** How it is loaded. Default `"select"`: on first access. */
  readonly lazy?: L | undefined;
  /** What holds the objects: `Set`, a keyed map, a subclass of RelatedList. Default: a list. */
  readonly collectionClass?: K | undefined;
}

/** What a collection attribute holds. */
type Held<T, L, K> = L extends "writeOnly" | "write_only"
  ? WriteOnly<T>
  : L extends "dynamic"
    ? Dynamic<T>
    : CollectionValue<K, T, ListOf<T>>;

/**
 * A collection of related objects: one-to-many, or many-to-many with `secondary`. In a shape it is a function, so that
 * classes can refer to each other: `addresses: () => many(Address, { backPopulates: "user" })`.
 */
export function many<C extends RelatedClass, L extends LazyName = "select", K = undefined>(
  target: C,
  options: ManyOptions<L, K> = {},
): Relationship<ObjectOf<C>, Held<ObjectOf<C>, L, K>, Held<ObjectOf<C>, L, K> | readonly ObjectOf<C>[]> {
  return new RelationshipProperty(target, true, options as RelationshipOptions) as unknown as Relationship<
    ObjectOf<C>,
    Held<ObjectOf<C>, L, K>,
    Held<ObjectOf<C>, L, K> | readonly ObjectOf<C>[]
  >;
}

/** Options of {@link one}. */
export interface OneOptions<out Nullable extends boolean>
  extends Omit<RelationshipOptions, "collectionClass" | "uselist"> {
  /** False: every object has one; the type of the attribute is without null. Nothing is checked at run time. Default true. */
  readonly nullable?: Nullable | undefined;
  /** Always false; for those who come from SQLAlchemy. */
  readonly uselist?: false | undefined;
}

/** One related object: many-to-one, or one-to-one. */
export function one<C extends RelatedClass, Nullable extends boolean = true>(
  target: C,
  options: OneOptions<Nullable> = {},
): Relationship<ObjectOf<C>, Nullable extends false ? ObjectOf<C> : ObjectOf<C> | null> {
  return new RelationshipProperty(target, false, options as RelationshipOptions) as unknown as Relationship<
    ObjectOf<C>,
    Nullable extends false ? ObjectOf<C> : ObjectOf<C> | null
  >;
}
