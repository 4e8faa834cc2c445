/** Leaves out columns that equal another one: by the foreign keys between them, or by conditions. */
import type { Node } from "../ast/node.ts";
import { Binary } from "../expression/binary.ts";
import { ColumnClause, shareLineage } from "../expression/column-clause.ts";
import { operators } from "../operator/table.ts";
import { referredColumn } from "./foreign-keys.ts";

type Pair = readonly [ColumnClause, ColumnClause];

/**
 * The columns without those that refer to another one, and without the later of two that a condition says are equal.
 * `onlySynonyms`: only where both have one name.
 */
export function reducedColumns<N extends Node>(
  columns: readonly N[],
  conditions: readonly Node[],
  onlySynonyms = false,
): readonly N[] {
  const equal: Pair[] = [];
  for (const condition of conditions) collectEqual(condition, equal);
  const named = columns.filter((column) => column instanceof ColumnClause) as unknown as ColumnClause[];
  const isSynonym = (a: ColumnClause, b: ColumnClause): boolean => !onlySynonyms || a.name === b.name;
  const kept = named.filter(
    (column) => !named.some((other) => other !== column && isSynonym(column, other) && refersTo(column, other)),
  );
  const left = new Set<Node>(kept);
  for (const [a, b] of equal) {
    if (!left.has(a) || !left.has(b) || !isSynonym(a, b)) continue;
    left.delete(kept.indexOf(a) < kept.indexOf(b) ? b : a);
  }
  return columns.filter((column, index) =>
    column instanceof ColumnClause ? left.has(column) && columns.indexOf(column) === index : true,
  );
}

function refersTo(column: ColumnClause, other: ColumnClause): boolean {
  return column.foreignKeys.some((key) => {
    const referred = referredColumn(key);
    return referred !== null && shareLineage(referred, other);
  });
}

/** Equality of two columns, also as a part of AND. */
function collectEqual(condition: Node, into: Pair[]): void {
  if (condition instanceof Binary) {
    const { left, right, operator } = condition;
    if (operator === operators.eq && left instanceof ColumnClause && right instanceof ColumnClause)
      into.push([left, right]);
  } else if ("clauses" in condition)
    for (const clause of condition.clauses as readonly Node[]) collectEqual(clause, into);
}
