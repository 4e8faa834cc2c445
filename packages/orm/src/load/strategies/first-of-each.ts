/** The statement behind `selectinload(…).limit(n)`: the first objects of each parent's collection. */
import { and, ColumnClause, type ColumnElement, func, LABEL_STYLE_NONE, Select, Unary } from "@athanor/core";
import type { Entity } from "../../base/entity.ts";
import { entityColumn } from "../../query/adapt.ts";
import { nodeOf } from "../../query/entity.ts";

/** What is to be numbered, and how far. */
export interface Ranking {
  /** The parent's key, as the related side (or the table between) has it. */
  readonly columns: readonly ColumnElement[];
  readonly target: Entity;
  readonly orderBy: readonly ColumnElement[];
  readonly limit: number;
}

/**
 * A SELECT of the parent's key and the related entity, in order, no more than `limit` per parent. `from` says where the
 * numbered rows come from. Equal places in the order are told apart by the primary key.
 */
export function firstOfEach({ columns, target, orderBy, limit }: Ranking, from: (ranked: Select) => Select): Select {
  const keys = target.mapper.primaryKey.map((column) => entityColumn(target, column));
  // SQL Server refuses a column that is named twice.
  const named = new Set(orderBy.map(bare));
  const order = [...orderBy, ...keys.filter((key) => !named.has(bare(key)))];
  const place = func.row_number().over({ partitionBy: columns, orderBy: order });
  const ranked = from(
    new Select([
      ...columns.map((column, index) => column.label(`parent_${index + 1}`)),
      ...keys.map((column, index) => column.label(`related_${index + 1}`)),
      place.label("place"),
    ]),
  ).subquery("ranked");
  const column = (name: string): ColumnElement =>
    (ranked.c as unknown as Record<string, ColumnElement>)[name] as ColumnElement;
  const own = keys.map((key, index) => key.eq(column(`related_${index + 1}`) as never));
  return new Select([...columns.map((_, index) => column(`parent_${index + 1}`)), nodeOf(target)])
    .setLabelStyle(LABEL_STYLE_NONE)
    .selectFrom(nodeOf(target))
    .join(ranked, and(...own) as never)
    .where(column("place").le(limit as never) as never)
    .orderBy(column("place"));
}

/** A column without its direction and without what marks its place. */
function bare(element: ColumnElement): unknown {
  if (element instanceof Unary) return bare(element.element);
  return element instanceof ColumnClause ? element.canonical : element;
}
