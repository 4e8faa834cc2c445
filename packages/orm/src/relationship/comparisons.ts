/** The comparisons in a join condition, as pairs of the columns on their two sides, however deep these stand. */
import { Binary, ColumnClause, childrenOf, type Node, type Operator, ScalarSelect } from "@athanor/core";

/** A column of the left side and one of the right side of the same comparison. */
export interface ComparedPair {
  readonly operator: Operator;
  readonly left: ColumnClause;
  readonly right: ColumnClause;
}

/** The pairs, in the order of writing: `remote(h.ip) = CAST(foreign(h.content) AS INET)` compares `ip` with `content`. */
export function comparedPairs(condition: Node): ComparedPair[] {
  const found: ComparedPair[] = [];
  visit(condition, found);
  return found;
}

/** Collects the comparisons below a node, and gives the columns that an enclosing comparison compares. */
function visit(node: Node, found: ComparedPair[]): ColumnClause[] {
  if (node instanceof ScalarSelect) return [];
  const children = childrenOf(node);
  if (node instanceof Binary && node.operator.comparison && children.length === 2) {
    const [lefts, rights] = children.map((child) => visit(child, found)) as [ColumnClause[], ColumnClause[]];
    for (const left of lefts) for (const right of rights) found.push({ operator: node.operator, left, right });
    return [];
  }
  const own = node instanceof ColumnClause ? [node] : [];
  return [...own, ...children.flatMap((child) => visit(child, found))];
}
