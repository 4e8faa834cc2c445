/** Literal values of INSERT and UPDATE as bind parameters, made once per statement so that cache keys can collect them. */

import type { Node } from "../ast/node.ts";
import { BindParameter, literalBind } from "../expression/bind.ts";
import { resolveNode } from "../expression/coerce.ts";
import { ColumnClause } from "../expression/column-clause.ts";
import type { ColumnElement } from "../expression/column-element.ts";
import { columnByKey } from "../selectable/column-collection.ts";
import type { FromClause } from "../selectable/from-clause.ts";
import { NULLTYPE } from "../types/null.ts";
import type { ValueMap } from "./dml-base.ts";

/** Values with every literal replaced by a bind parameter named after its column. */
export function bindValues(map: ValueMap, table: FromClause): ReadonlyMap<string | ColumnElement, Node> {
  const bound = new Map<string | ColumnElement, Node>();
  for (const [key, value] of map) {
    const node = resolveNode(value);
    if (node !== undefined) {
      bound.set(key, node);
      continue;
    }
    const column = typeof key === "string" ? columnByKey(table.c, key) : key;
    const name = typeof key === "string" ? key : nameOfOther(key);
    const type = column?.type ?? NULLTYPE;
    // An element of an array or a document has no name: several may be set at once.
    bound.set(key, name === null ? literalBind(value, type) : new CrudBind(name, name, value, type));
  }
  return bound;
}

/** The parameter of a column of another table has that table's name in it. */
function nameOfOther(column: ColumnElement): string | null {
  const table = column instanceof ColumnClause ? column.table?.name : undefined;
  return typeof table === "string" && column.key !== null ? `${table}_${column.key}` : column.key;
}

/** A literal of INSERT or UPDATE: its name is the column's, and other parameters may not take it. */
export class CrudBind extends BindParameter {
  override readonly isCrud: boolean = true;
}
