/** INSERT. */
import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import { appendValue, defineKind, type Fields, type Node } from "../ast/node.ts";
import { copyWith } from "../ast/traverse.ts";
import { ArgumentError, InvalidRequestError } from "../errors/errors.ts";
import type { ClauseElement } from "../expression/clause-element.ts";
import { resolveNode } from "../expression/coerce.ts";
import type { ColumnElement } from "../expression/column-element.ts";
import type { NamesOf, ValuesOf } from "../expression/row-types.ts";
import { type FromClause, isFromClause } from "../selectable/from-clause.ts";
import { ReturnsRows } from "../selectable/returns-rows.ts";
import type { SelectedMore } from "../selectable/row-columns.ts";
import { Select } from "../selectable/select.ts";
import {
  type ColumnValues,
  Dml,
  type DmlTarget,
  dmlTable,
  oneArgument,
  type PlainValue,
  type ReturnedColumns,
  type ValuePairs,
  valueMap,
  withTarget,
} from "./dml-base.ts";
import { bindValues } from "./values-binds.ts";

/** `INSERT … SELECT …` */
export interface FromSelect {
  readonly names: readonly string[];
  readonly select: ReturnsRows;
  /** Columns with client-side defaults are added to the SELECT. */
  readonly includeDefaults: boolean;
}

type BoundValues = ReadonlyMap<string | ColumnElement, Node>;

/** `INSERT INTO table …` */
export class Insert<
  out C extends object = object,
  out V extends readonly unknown[] = readonly unknown[],
  out O extends object = object,
  out E extends object = object,
> extends Dml<C, V, O, E> {
  static override readonly fields: Fields = {
    ...Dml.fields,
    singleValues: "options",
    multiValues: "options",
    source: "options",
    postValues: "child",
    isInline: "atom",
  };

  /** Values of one row, literals as bind parameters; null where none were given. */
  readonly singleValues: BoundValues | null = null;
  /** Values of several rows in one statement. */
  readonly multiValues: readonly BoundValues[] | null = null;
  readonly source: FromSelect | null = null;
  /** What stands behind VALUES: ON CONFLICT, ON DUPLICATE KEY. */
  readonly postValues: ClauseElement | null = null;
  /** No values are fetched back and no defaults executed beforehand. */
  readonly isInline: boolean = false;

  /**
   * The row to insert, or several rows in one statement. Calls are merged.
   *
   * @throws ArgumentError for `undefined`.
   */
  values(row: ColumnValues<C>): this;
  values(rows: readonly ColumnValues<C>[]): this;
  values(pairs: ValuePairs): this;
  values(positions: readonly PlainValue[]): this;
  values(rows: readonly (readonly PlainValue[] | ValuePairs)[]): this;
  values(): this;
  values(...args: readonly unknown[]): this {
    const given = oneArgument(args);
    if (this.source !== null) throw new InvalidRequestError("This construct already inserts from a SELECT");
    if (isRows(given)) {
      if (this.singleValues !== null)
        throw new InvalidRequestError("Can't mix single and multiple VALUES formats in one INSERT statement");
      const rows = given.map((row) =>
        bound(this.table, Array.isArray(row) && !isPairs(row) ? positional(this.table, row) : row, this.target),
      );
      return copyWith(this, { multiValues: [...(this.multiValues ?? []), ...rows] });
    }
    if (this.multiValues !== null)
      throw new InvalidRequestError("Can't mix single and multiple VALUES formats in one INSERT statement");
    if (Array.isArray(given) && given.length > 0 && !isPairs(given)) {
      return copyWith(this, { singleValues: bound(this.table, positional(this.table, given), this.target) });
    }
    return copyWith(this, {
      singleValues: new Map([...(this.singleValues ?? []), ...bound(this.table, given, this.target)]),
    });
  }

  /** `INSERT INTO table (names) SELECT …` */
  fromSelect(
    names: Iterable<string | ColumnElement>,
    select: unknown,
    options: { readonly includeDefaults?: boolean } = {},
  ): this {
    if (this.singleValues !== null || this.multiValues !== null)
      throw new InvalidRequestError("This construct already inserts value expressions");
    const node = resolveNode(select);
    const statement = node instanceof ReturnsRows ? node : isFromClause(node) ? new Select([node]) : undefined;
    if (statement === undefined) throw new ArgumentError("fromSelect() takes a SELECT statement");
    const keys = [...names].map(
      (name) => this.column(typeof name === "string" ? name : (name.key as string)).key as string,
    );
    return copyWith(this, {
      source: { names: keys, select: statement, includeDefaults: options.includeDefaults ?? true },
      isInline: true,
    });
  }

  /** Renders all defaults into the statement and fetches nothing back. */
  inline(): this {
    return copyWith(this, { isInline: true });
  }

  /** `RETURNING …`; with a trailing `{ sortByParameterOrder: true }`, rows in the order of the parameter sets. */
  returning<const A extends readonly unknown[]>(
    ...columns: A
  ): Insert<
    C,
    [...V, ...ValuesOf<ReturnedColumns<A>>],
    O & NamesOf<ReturnedColumns<A>>,
    SelectedMore<E, ReturnedColumns<A>>
  > {
    return this.addReturning(columns) as unknown as Insert<
      C,
      [...V, ...ValuesOf<ReturnedColumns<A>>],
      O & NamesOf<ReturnedColumns<A>>,
      SelectedMore<E, ReturnedColumns<A>>
    >;
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    // Rows of a multi-row VALUES are part of the text: each number of rows is a statement of its own.
    key.add(`(I${this.isInline ? "i" : ""}${this.sortByParameterOrder ? "s" : ""}${this.kind}`);
    this.table.appendCacheKey(key);
    if (this.singleValues !== null) appendMap(key, this.singleValues);
    for (const row of this.multiValues ?? []) appendMap(key, row);
    if (this.source !== null) {
      appendValue(key, this.source.names);
      key.add(this.source.includeDefaults ? "d" : "n");
      this.source.select.appendCacheKey(key);
    }
    key.node(this.postValues);
    this.appendClausesKey(key);
    key.add(")");
  }
}
defineKind(Insert, "insert");

/** Columns or their keys with values, as one row. */
function isPairs(given: readonly unknown[]): boolean {
  return given.every(
    (pair) =>
      Array.isArray(pair) && pair.length === 2 && (typeof pair[0] === "string" || resolveNode(pair[0]) !== undefined),
  );
}

/** Several rows: objects, lists of values in the table's order, or lists of pairs. */
function isRows(given: unknown): given is readonly unknown[] {
  if (!Array.isArray(given) || given.length === 0 || isPairs(given)) return false;
  return given.every((row) => row !== null && typeof row === "object" && resolveNode(row) === undefined);
}

function positional(table: FromClause, row: readonly unknown[]): ValuePairs {
  const columns = [...table.c];
  if (row.length > columns.length)
    throw new ArgumentError(`${table.description} has ${columns.length} columns, but ${row.length} values were given`);
  return row.map((value, index) => [columns[index] as ColumnElement, value]);
}

function bound(table: FromClause, given: unknown, target: Node | null): BoundValues {
  return bindValues(valueMap(given, table, "insert()", target), table);
}

/** Appends a map of values to a cache key. */
export function appendMap(key: CacheKeyBuilder, map: BoundValues): void {
  key.add("{");
  for (const [name, node] of map) {
    if (typeof name === "string") key.name(name);
    else name.appendCacheKey(key);
    node.appendCacheKey(key);
  }
  key.add("}");
}

/** `INSERT INTO table …`: `insert(users).values({ name: "Ada" })`. */
export function insert<C extends object>(table: DmlTarget<C>): Insert<C, [], object> {
  return withTarget(new Insert<C, [], object>(dmlTable(table, "insert()")), table);
}

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    insert: Insert;
  }
}
