/** Which columns a statement gives to an enclosing one: as a subquery, as a single value, by `selectedColumns`. Types only. */
import type { ColumnClause } from "../expression/column-clause.ts";
import type { Accepts, ColumnElement, Named } from "../expression/column-element.ts";
import type { Condition } from "../expression/constructors.ts";
import type { EntityValue, HasColumns, NameOf, ValueOf } from "../expression/row-types.ts";

/** `(SELECT …)` as a value. */
export interface ScalarSubquery<out T = unknown, I = T> extends ColumnElement<T, I> {
  /** Adds conditions to the query. */
  where(...conditions: readonly Condition[]): ScalarSubquery<T, I>;
  /** Names what the query takes from the enclosing one. */
  correlate(...froms: readonly unknown[]): ScalarSubquery<T, I>;
  /** All but these may be taken from the enclosing query. */
  correlateExcept(...froms: readonly unknown[]): ScalarSubquery<T, I>;
}

/** What is known of a statement's elements: those that have a key, by key, and the first. */
export interface ElementTypes {
  readonly columns: object;
  readonly first: unknown;
}

/** The elements of `select(…)`. An interface, so that its members are worked out only where an enclosing statement asks for them. */
export interface Selected<A extends readonly unknown[]> {
  readonly columns: Elements<A>;
  readonly first: A[0];
}

/** The elements of the object form: `select({ id: users.c.id })`. */
export interface SelectedObject<S extends object> {
  readonly columns: S;
  readonly first: unknown;
}

/** The elements of a statement after others were added behind `E`. */
export interface SelectedMore<E extends object, A extends readonly unknown[]> {
  readonly columns: KnownColumns<E> & Omit<Elements<A>, keyof KnownColumns<E>>;
  readonly first: (E & ElementTypes)["first"];
}

/** The elements by key, as far as they are known. */
export type KnownColumns<E extends object> = (E & ElementTypes)["columns"];

/** A statement with rows: its values by position and by name, and {@link ElementTypes}; `object` where these are not known. */
export interface HasRows<out V extends readonly unknown[], out O extends object, out E extends object> {
  readonly "~values": V;
  readonly "~names": O;
  readonly "~elements": E;
}

/** The columns of a statement as a subquery. */
export type StatementColumns<V extends readonly unknown[], O extends object, E extends object> = E extends ElementTypes
  ? SubqueryColumns<E["columns"]>
  : ValueColumns<O> & SubqueryColumns<Elements<V>>;

/** A statement as a single value. */
export type ScalarOf<V extends readonly unknown[], E extends object> = E extends { readonly first: infer First }
  ? Scalar<First>
  : ScalarSubquery<V[0] | null, ValueInput<V[0]>>;

/** A statement as a single value under a name. */
export type ScalarLabel<V extends readonly unknown[], E extends object, N extends string> = (ScalarOf<V, E> extends {
  readonly "~value": infer T;
  readonly "~accepts": Accepts<infer I>;
}
  ? ColumnElement<T, I>
  : never) &
  Named<N>;

/** The columns of a subquery of these elements: types, names, and the methods that a column's type adds. */
export type SubqueryColumns<E extends object> = { readonly [K in keyof E & string]: SubqueryColumn<E[K], K> };

type SubqueryColumn<E, K extends string> = E extends {
  readonly "~value": infer T;
  readonly "~accepts": Accepts<infer I>;
}
  ? ColumnClause<T, K, I> & OpsOf<E>
  : ColumnClause<ValueOf<E>, K>;

type Scalar<E> = E extends { readonly "~value": infer T; readonly "~accepts": Accepts<infer I> }
  ? ScalarSubquery<T | null, I> & OpsOf<E>
  : ScalarSubquery<ValueOf<E> | null>;

/** The methods of a column's type; what they are stays known, so that `outer()` and further subqueries keep them. */
type OpsOf<E> = E extends { readonly "~ops": infer Ops }
  ? unknown extends Ops
    ? unknown
    : Ops & { readonly "~ops": Ops }
  : unknown;

type ValueColumns<O extends object> = { readonly [K in keyof O]: ColumnClause<O[K], K & string, ValueInput<O[K]>> };

/** What a column of such values accepts, if nothing else is known of it: any whole or fractional number for numbers. */
type ValueInput<T> = T | (T extends number | bigint ? number | bigint : never);

/** What was selected, by the key in an enclosing query; a key that is there already is numbered: `id`, `id_1`. */
export type Elements<A extends readonly unknown[]> = ByKey<KeyedElements<A>>;

type ByKey<Pairs extends readonly [string, unknown]> = { readonly [P in Pairs as P[0]]: P[1] };

type KeyedElements<
  A extends readonly unknown[],
  Taken extends string = never,
  Pairs extends readonly [string, unknown] = never,
> = A extends readonly [infer E, ...infer Rest]
  ? KeyedElements<Rest, Taken | Free<keyof Parts<E> & string, Taken>, Pairs | PairsOf<Parts<E>, Taken>>
  : Pairs;

type PairsOf<P extends object, Taken extends string> = {
  [K in keyof P & string]: [Free<K, Taken>, P[K]];
}[keyof P & string];

/** What an element stands for: the columns of a table, of a mapped class or of an object of one; otherwise itself. */
type Parts<E> = E extends HasColumns<infer C> | EntityValue<infer C>
  ? C
  : ValueOf<E> extends EntityValue<infer C>
    ? C
    : { readonly [K in NameOf<E>]: E };

/** The key, or the first numbered one that is not taken; keys that the types do not know are left alone. */
type Free<K extends string, Taken extends string, N extends readonly unknown[] = [1]> = string extends K
  ? K
  : K extends Taken
    ? `${K}_${N["length"]}` extends Taken
      ? Free<K, Taken, [...N, 1]>
      : `${K}_${N["length"]}`
    : K;
