/** SQL expressions inside a schema: conditions of CHECK, expressions of indexes and computed columns. */
import type { Node } from "../ast/node.ts";
import { iterate, replacementTraverse } from "../ast/traverse.ts";
import { ArgumentError } from "../errors/errors.ts";
import { ClauseElement } from "../expression/clause-element.ts";
import { constantOf, refuseUndefined, resolveNode } from "../expression/coerce.ts";
import { ColumnClause } from "../expression/column-clause.ts";
import { TextClause } from "../expression/text.ts";
import { columnByKey } from "../selectable/column-collection.ts";
import type { FromClause } from "../selectable/from-clause.ts";
import { describe } from "../types/literals.ts";

/** An expression, or SQL given as a string. */
export function ddlExpression(value: unknown, where: string): ClauseElement {
  refuseUndefined(value, `the expression of ${where}`);
  if (typeof value === "string") return new TextClause(value);
  const node = resolveNode(value) ?? constantOf(value);
  if (node instanceof ClauseElement) return node;
  throw new ArgumentError(`${describe(value)} is not a SQL expression for ${where}`, {
    fix: "pass SQL as a string, or an expression of columns",
  });
}

/** The columns that an expression names, in order, each once. */
export function columnsIn(expression: Node): ColumnClause[] {
  const found: ColumnClause[] = [];
  for (const node of iterate(expression)) if (node instanceof ColumnClause) found.push(node);
  return found;
}

/** An expression over the columns of one table, rewritten for another that has columns of the same keys. */
export function moveExpression<E extends Node>(expression: E, from: FromClause | null, to: FromClause): E {
  return replacementTraverse(expression, (node) => {
    if (!(node instanceof ColumnClause)) return undefined;
    if (from !== null && node.table !== from) return undefined;
    return node.key === null ? undefined : columnByKey(to.c, node.key);
  });
}
