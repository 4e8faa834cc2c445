/** `many()` and `one()`: relationships as users declare them. What becomes of them: ../relationship. */
import type { CollectionValue } from "../collections/choose.ts";
import type { LazyStrategy, RelationshipOptions } from "../relationship/options.ts";
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
export interface Relationship<T, V, I = V> {
  /** Phantom: the related object. */
  readonly "~related": T;
  /** Phantom: what the attribute holds. */
  readonly "~value": V;
  /** Phantom: what the constructor takes. */
  readonly "~input": I;
}

/** A collection that is never loaded as a whole; its methods are in ../load/strategies/write-only.ts. */
export interface WriteOnly<T> {
  add(object: T): void;
  addAll(objects: Iterable<T>): void;
  remove(object: T): void;
}

/** Options of {@link many}. `L` and `K` are inferred: they say what the attribute holds. */
export interface ManyOptions<L extends LazyStrategy, K>
  extends Omit<RelationshipOptions, "lazy" | "collectionClass" | "uselist"> {
  /** How it is loaded. Default `"select"`: on first access. */
  readonly lazy?: L | undefined;
  /** What holds the objects: `Set`, a keyed map, a subclass of RelatedList. Default: a list. */
  readonly collectionClass?: K | undefined;
}

/** What a collection attribute holds. */
type Held<T, L, K> = L extends "writeOnly" | "dynamic" ? WriteOnlyValue<T, L> : CollectionValue<K, T, ListOf<T>>;

/** Filled in by ../load for the collections that are never loaded as a whole. */
export interface NeverLoaded<T> {
  writeOnly: WriteOnly<T>;
  dynamic: WriteOnly<T>;
}

type WriteOnlyValue<T, L> = L extends keyof NeverLoaded<T> ? NeverLoaded<T>[L] : never;

/**
 * A collection of related objects: one-to-many, or many-to-many with `secondary`. In a shape it is a function, so that
 * classes can refer to each other: `addresses: () => many(Address, { backPopulates: "user" })`.
 */
export function many<C extends RelatedClass, L extends LazyStrategy = "select", K = undefined>(
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
export interface OneOptions<Nullable extends boolean> extends Omit<RelationshipOptions, "collectionClass" | "uselist"> {
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
