/** How the type of a row follows from what was selected. Types only. */

/** One row: values by position and by name, iterable, so that `const [a, b] = row` and `row.name` both work. */
export type Row<
  V extends readonly unknown[] = readonly unknown[],
  O extends object = Readonly<Record<string, unknown>>,
> = O & RowPositions<V> & RowMembers<V, O>;

type RowPositions<V extends readonly unknown[]> = number extends V["length"]
  ? { readonly [index: number]: V[number] }
  : { readonly [K in keyof V as K extends `${number}` ? K : never]: V[K] };

/** What every row has besides its values. */
export interface RowMembers<out V extends readonly unknown[], out O extends object> {
  /** The row itself, typed as a tuple. */
  readonly _t: V;
  /** The names of the columns. */
  readonly _fields: readonly string[];
  /** The same as {@link _mapping}. */
  _asdict(): O;
  /** The values by position, as an array. */
  _tuple(): V;
  /** The value at a position, from the end where it is negative; undefined beyond. A column named `at` takes its place. */
  at(index: number): V[number] | undefined;
  [Symbol.iterator](): IterableIterator<V[number]>;
  /** The row as a plain object. */
  readonly _mapping: O;
}

/** Anything that has a value when it is selected. */
export interface HasValue<out T = unknown> {
  readonly "~value": T;
}

/** Something that stands for several columns when it is selected: tables, aliases, subqueries. */
export interface HasColumns<out C extends object = object> {
  readonly "~columns": C;
}

/** A mapped class, selected as an object of that class. */
export interface HasEntity<out E = unknown> {
  readonly "~entity": E;
}

/** Phantom: the columns of a mapped object's attributes, by key. No property of this name exists at run time. */
export declare const ENTITY_COLUMNS: unique symbol;

/** A mapped object, as far as a subquery's columns are concerned. */
export interface EntityValue<out C extends object = object> {
  readonly [ENTITY_COLUMNS]: C;
}

/** The value of what is selected. */
export type ValueOf<E> =
  E extends HasValue<infer T>
    ? T
    : E extends HasEntity<infer T>
      ? E extends { readonly prototype: infer P extends T }
        ? P
        : T
      : unknown;
/** The name in rows of what is selected; never where the types do not know it. */
export type NameOf<E> = E extends { readonly "~name": infer N extends string } ? (string extends N ? never : N) : never;

/** The values of a row by position. */
export type ValuesOf<A extends readonly unknown[]> = A extends readonly (HasValue | HasEntity)[]
  ? { -readonly [K in keyof A]: ValueOf<A[K]> }
  : unknown[];

/** The values of a row by name. */
export type NamesOf<A extends readonly unknown[]> = { readonly [E in A[number] as NameOf<E>]: ValueOf<E> } & TableNames<
  A[number]
>;

type TableNames<E> = [Extract<E, HasColumns>] extends [never]
  ? unknown
  : { readonly [K in ColumnKeys<E>]: ValueAt<E, K> };

/** The column keys of what has columns. */
type ColumnKeys<E> = E extends HasColumns<infer C> ? keyof C : never;

/** The value of a key; of tables that share it, what either of them has. */
type ValueAt<E, K> = E extends HasColumns<infer C> ? (K extends keyof C ? ValueOf<C[K]> : never) : never;

/** The columns themselves, by their names in rows. */
export type NamedColumnsOf<A extends readonly unknown[]> = { readonly [E in A[number] as NameOf<E>]: E };

/** The object form: `select({ id: users.c.id })`. */
export type ObjectNames<S extends object> = { readonly [K in keyof S]: ValueOf<S[K]> };
