/** `(SELECT …) AS name` and its columns. */
import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import { AnonName, type Name, quoteOf } from "../ast/name.ts";
import { defineKind, type Fields } from "../ast/node.ts";
import { ColumnClause } from "../expression/column-clause.ts";
import { ColumnElement } from "../expression/column-element.ts";
import type { FromElement } from "../expression/from-element.ts";
import { type ColumnCollection, columnCollection } from "./column-collection.ts";
import { FromClause } from "./from-clause.ts";
import { labelQuote } from "./naming.ts";
import type { ReturnsRows } from "./returns-rows.ts";

/** The columns of a statement that is selected from. */
export function statementColumns<C extends object>(
  table: FromElement,
  statement: ReturnsRows,
  description: string,
): ColumnCollection<C> {
  const keys = statement.columnKeys;
  return columnCollection<C>(
    statement.namedColumns.flatMap(({ column, name: own, first }, index) => {
      // A column that stands there twice is read by its first name both times.
      const name = first ?? own;
      if (!(column instanceof ColumnElement) || name === null) return [];
      const key = keys[index] ?? null;
      const proxy = new ColumnClause(name, column.type, table, {
        key,
        proxies: [column],
        quote: typeof name === "string" ? labelQuote(column, name) : null,
      });
      return [[key, proxy] as const];
    }),
    description,
  );
}

/** Base of named statements in FROM. */
export abstract class NamedStatement<out C extends object = object, out N extends string = string> extends FromClause<
  C,
  N
> {
  static override readonly fields: Fields = { element: "child", name: "skip" };
  readonly element: ReturnsRows;
  readonly name: Name;
  /** Quoting given by the user; null: by the dialect's rules. */
  readonly quote: boolean | null;
  keyStamp = 0;
  keyOrdinal = 0;
  memoColumns: ColumnCollection<C> | undefined;

  constructor(element: ReturnsRows, name: Name | null) {
    super();
    this.element = element;
    this.quote = quoteOf(name);
    this.name = this.quote === null ? (name ?? new AnonName("anon")) : String(name);
  }

  get c(): ColumnCollection<C> {
    return (this.memoColumns ??= statementColumns<C>(this, this.element, this.description));
  }

  override isDerivedFrom(other: FromElement): boolean {
    if (this === other) return true;
    const froms = new Set<FromElement>();
    for (const { column } of this.element.namedColumns) if (column instanceof ColumnElement) column.collectFroms(froms);
    return froms.has(other);
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    if (!key.firstMeeting(this)) return;
    key.add(`(${this.kind}`);
    if (typeof this.name === "string") key.name(this.name);
    this.element.appendCacheKey(key);
    this.appendOwnKey(key);
    key.add(")");
  }

  /** What the class adds to the cache key. */
  protected appendOwnKey(_key: CacheKeyBuilder): void {}
}

/** `(SELECT …) AS name` */
export class Subquery<out C extends object = object, out N extends string = string> extends NamedStatement<C, N> {}
defineKind(Subquery, "subquery");

/** `LATERAL (SELECT …) AS name`: may refer to what stands left of it. */
export class LateralSubquery<out C extends object = object, out N extends string = string> extends NamedStatement<
  C,
  N
> {}
defineKind(LateralSubquery, "lateralSubquery");

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    subquery: Subquery;
  }
}
