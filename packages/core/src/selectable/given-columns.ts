/** Columns that the user spells out, for FROM elements that have none by themselves: VALUES, table functions. */
import { ColumnClause } from "../expression/column-clause.ts";
import { type ColumnCollection, columnCollection } from "./column-collection.ts";
import type { FromClause } from "./from-clause.ts";

/** The columns as an element's own. */
export function givenColumnsOf<C extends object>(
  from: FromClause,
  given: readonly ColumnClause[],
): ColumnCollection<C> {
  return columnCollection<C>(
    given.map((column) => {
      const { key, quote } = column;
      return [key, new ColumnClause(column.name, column.type, from, { key, proxies: [column], quote })] as const;
    }),
    from.description,
  );
}
