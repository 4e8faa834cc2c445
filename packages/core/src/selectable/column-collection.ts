/** `table.c`: columns by key. Own properties are the columns; asking for one that is not there names what there is. */

import { NoSuchColumnError } from "../errors/errors.ts";
import type { ColumnElement } from "../expression/column-element.ts";
import type { HasColumns } from "../expression/row-types.ts";

/** What a collection can be asked besides its columns; a column of the same key stands before it. */
export interface ColumnCollectionMethods<out E = ColumnElement> extends Iterable<E> {
  /** The keys, in order. */
  keys(): string[];
  /** The columns, in order. */
  values(): E[];
  /** Pairs of key and column, in order. */
  items(): [string, E][];
  /** The column of a key; null where there is none. */
  get(key: string): E | null;
  /** Whether this very column is among them. */
  containsColumn(column: ColumnElement): boolean;
}

/** Columns by key, iterable in order; `select(users.c)` is a SELECT of them all. */
export type ColumnCollection<C extends object = object> = Readonly<C> & ColumnCollectionMethods & HasColumns<C>;

const members: unique symbol = Symbol("members");
const owner: unique symbol = Symbol("owner");

interface Internals {
  [members]: ColumnElement[];
  [owner]: string;
}

// Names that tools ask any object for; a miss on these is no mistake.
const probes = new Set([
  "then",
  "toJSON",
  "constructor",
  "nodeType",
  "tagName",
  "asymmetricMatch",
  "$$typeof",
  "toString",
  "valueOf",
  "inspect",
  "length",
  "hasAttribute",
  "_isMockFunction",
  "toStringTag",
]);

const base = Object.create(
  new Proxy(Object.create(null) as object, {
    get(_target, name, receiver) {
      if (typeof name === "symbol") return undefined;
      const internals = receiver as Partial<Internals>;
      if (probes.has(name) || internals[members] === undefined)
        return (Object.prototype as unknown as Record<string, unknown>)[name];
      const known = internals[members].map((column) => column.key).filter((key) => key !== null);
      throw new NoSuchColumnError(`${internals[owner] ?? "the selectable"} has no column ${JSON.stringify(name)}`, {
        fix: `its columns are: ${known.join(", ") || "none"}`,
      });
    },
    has: () => false,
  }),
  {
    [Symbol.iterator]: {
      value(this: Internals): Iterator<ColumnElement> {
        return this[members][Symbol.iterator]();
      },
    },
    keys: { value: keys, writable: true },
    values: { value: values, writable: true },
    items: { value: items, writable: true },
    get: { value: get, writable: true },
    containsColumn: { value: containsColumn, writable: true },
  },
) as object;

// Writable, so that a collection may have columns of these names: an assignment does not fail on its prototype's.

function keys(this: Internals): string[] {
  return Object.keys(this);
}

function values(this: Internals): ColumnElement[] {
  return [...this[members]];
}

function items(this: Internals): [string, ColumnElement][] {
  return Object.entries(this);
}

function get(this: Internals, key: string): ColumnElement | null {
  return columnByKey(this as never, key) ?? null;
}

function containsColumn(this: Internals, column: ColumnElement): boolean {
  return this[members].includes(column);
}

/** Makes a collection; `entries` pairs each column with its key (null: reachable by iteration only). */
export function columnCollection<C extends object>(
  entries: Iterable<readonly [string | null, ColumnElement]>,
  ownerName: string,
): ColumnCollection<C> {
  const collection = Object.create(base) as Internals & Record<string, ColumnElement>;
  Object.defineProperty(collection, members, { value: [], enumerable: false });
  Object.defineProperty(collection, owner, { value: ownerName, enumerable: false });
  for (const [key, column] of entries) {
    collection[members].push(column);
    if (key !== null && !Object.hasOwn(collection, key)) collection[key] = column;
  }
  return collection as unknown as ColumnCollection<C>;
}

/** Adds a column to a collection, replacing one of the same key in place. */
export function addColumn(collection: Iterable<ColumnElement>, key: string, column: ColumnElement): void {
  const internals = collection as unknown as Internals & Record<string, ColumnElement>;
  const index = internals[members].findIndex((known) => known.key === key);
  if (index >= 0) internals[members][index] = column;
  else internals[members].push(column);
  internals[key] = column;
}

/** Removes a column. */
export function removeColumn(collection: Iterable<ColumnElement>, key: string): void {
  const internals = collection as unknown as Internals & Record<string, ColumnElement>;
  const index = internals[members].findIndex((known) => known.key === key);
  if (index >= 0) internals[members].splice(index, 1);
  delete internals[key];
}

/** The columns as an array, in order; not a copy. */
export function columnsOf(collection: Iterable<ColumnElement>): readonly ColumnElement[] {
  return (collection as unknown as Internals)[members];
}

/** Arguments of a column list, with collections of columns spread. */
export function spreadCollections(args: readonly unknown[]): readonly unknown[] {
  return args.some(isColumnCollection)
    ? args.flatMap((value): readonly unknown[] => (isColumnCollection(value) ? columnsOf(value) : [value]))
    : args;
}

function isColumnCollection(value: unknown): value is Iterable<ColumnElement> {
  return typeof value === "object" && value !== null && members in value;
}

/** The column of a key, or undefined. */
export function columnByKey(collection: Iterable<ColumnElement>, key: string): ColumnElement | undefined {
  return Object.hasOwn(collection as object, key)
    ? (collection as unknown as Record<string, ColumnElement>)[key]
    : undefined;
}

/** The column of a key, or else the one with this name in the database; undefined where there is neither. */
export function columnByKeyOrName(collection: Iterable<ColumnElement>, text: string): ColumnElement | undefined {
  return (
    columnByKey(collection, text) ??
    columnsOf(collection).find((column) => (column as { readonly name?: unknown }).name === text)
  );
}
