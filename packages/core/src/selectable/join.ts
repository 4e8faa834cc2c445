/** `a JOIN b ON …`. */
import { defineKind, type Fields } from "../ast/node.ts";
import type { ClauseElement } from "../expression/clause-element.ts";
import { ColumnClause } from "../expression/column-clause.ts";
import { ColumnElement } from "../expression/column-element.ts";
import type { FromElement } from "../expression/from-element.ts";
import { operators } from "../operator/table.ts";
import { type ColumnCollection, columnCollection, columnsOf } from "./column-collection.ts";
import { FromClause } from "./from-clause.ts";
import { reducedColumns } from "./reduce-columns.ts";

/** Two selectables joined. Its columns are keyed `table_column`. */
export class Join<out C extends object = object> extends FromClause<C> {
  static override readonly fields: Fields = {
    left: "child",
    right: "child",
    onclause: "child",
    isouter: "atom",
    full: "atom",
  };
  readonly name = null;
  readonly left: FromClause;
  readonly right: FromClause;
  readonly onclause: ClauseElement;
  readonly isouter: boolean;
  readonly full: boolean;
  memoColumns: ColumnCollection<C> | undefined;
  memoHides: readonly FromClause[] | undefined;

  constructor(left: FromClause, right: FromClause, onclause: ClauseElement, isouter = false, full = false) {
    super();
    this.left = left;
    this.right = right;
    this.onclause = onclause instanceof ColumnElement ? onclause.selfGroup(operators.asBoolean) : onclause;
    this.isouter = isouter;
    this.full = full;
  }

  get c(): ColumnCollection<C> {
    return (this.memoColumns ??= columnCollection<C>(
      [...columnsOf(this.left.c), ...columnsOf(this.right.c)].map((column) => [keyInJoin(column), column] as const),
      "the join",
    ));
  }

  override get description(): string {
    return `Join object on ${this.left.description} and ${this.right.description}`;
  }

  /** The ON conditions, also those of joins inside. */
  get conditions(): readonly ClauseElement[] {
    const inner = [this.left, this.right].flatMap((side) => (side instanceof Join ? side.conditions : []));
    return [this.onclause, ...inner];
  }

  /** The keys of both sides, without what only repeats another column: `a.id, b.n` where `b.a_id` refers to `a.id`. */
  override get primaryKeyColumns(): readonly ColumnClause[] {
    return reducedColumns([...this.left.primaryKeyColumns, ...this.right.primaryKeyColumns], this.conditions);
  }

  override get hides(): readonly FromClause[] {
    // Text may stand on either side, too.
    return (this.memoHides ??= [this.left, ...(this.left.hides ?? []), this.right, ...(this.right.hides ?? [])]);
  }

  override collectFroms(into: Set<FromElement>): void {
    into.add(this);
  }

  override isDerivedFrom(other: FromElement): boolean {
    return this === other || this.left.isDerivedFrom(other) || this.right.isDerivedFrom(other);
  }
}
defineKind(Join, "join");

/** `table_column`, with the table's schema in front; the column's own key where the table is anonymous. */
function keyInJoin(column: ColumnElement): string | null {
  if (!(column instanceof ColumnClause) || column.table === null || typeof column.table.name !== "string")
    return column.key;
  const schema = (column.table as { schema?: string | null }).schema;
  return `${schema ? `${schema.replaceAll(".", "_")}_` : ""}${column.table.name}_${column.key}`;
}

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    join: Join;
  }
}
