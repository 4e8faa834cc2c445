/**
 * Notices FROM elements that no condition connects: every row of the one meets every row of the other, which is seldom
 * meant. Asked for by engines (`enableFromLinting`); each SELECT, UPDATE and DELETE is looked at by itself.
 */
import type { Node } from "../ast/node.ts";
import { childrenOf } from "../ast/traverse.ts";
import { Binary } from "../expression/binary.ts";
import { ColumnClause } from "../expression/column-clause.ts";
import { ColumnElement } from "../expression/column-element.ts";
import type { FromElement } from "../expression/from-element.ts";
import { Lateral } from "../selectable/alias.ts";
import { FromClause } from "../selectable/from-clause.ts";
import { Join } from "../selectable/join.ts";
import { ScalarSelect } from "../selectable/scalar.ts";
import { LateralSubquery } from "../selectable/subquery.ts";
import { FunctionFrom, TableValuedAlias } from "../selectable/table-valued.ts";
import { TemplateFrom } from "../selectable/text-select.ts";
import { warn } from "../util/warnings.ts";
import type { Compiler } from "./compiler.ts";

/** Warns of FROM elements without a connection to the others. Does nothing unless the compiler's options ask for it. */
export function warnOfCartesianProduct(
  compiler: Compiler,
  statement: "SELECT" | "UPDATE" | "DELETE",
  froms: readonly Node[],
  conditions: readonly Node[],
): void {
  if (compiler.options.warnsOfCartesianProducts !== true || froms.length < 2) return;
  const groups = new Groups();
  const elements: FromClause[] = [];
  for (const from of froms) gather(from, elements, groups);
  const [first, ...others] = elements.filter((element) => !bringsItsOwnCondition(element));
  if (first === undefined || others.length === 0) return;
  for (const condition of conditions) connect(condition, groups);
  const apart = others.filter((element) => groups.of(element) !== groups.of(first));
  if (apart.length === 0) return;
  const named = (element: FromClause): string =>
    `"${element.name === null ? element.description : compiler.resolveName(element.name)}"`;
  warn(
    `${statement} statement has a cartesian product between FROM element(s) ${apart.map(named).join(", ")} and FROM element ${named(first)}.  Apply join condition(s) between each element to resolve.`,
  );
}

/** Takes joins apart: their sides are connected, whatever their condition says. */
function gather(from: Node, elements: FromClause[], groups: Groups): void {
  if (from instanceof Join) {
    const start = elements.length;
    gather(from.left, elements, groups);
    const middle = elements.length;
    gather(from.right, elements, groups);
    const left = elements[start];
    const right = elements[middle];
    if (left !== undefined && right !== undefined) groups.join([left, right]);
  } else if (from instanceof FromClause && !(from instanceof TemplateFrom) && !(from instanceof FunctionFrom))
    elements.push(from);
}

/** It may refer to what stands beside it. */
function bringsItsOwnCondition(from: FromClause): boolean {
  return (
    from instanceof Lateral ||
    from instanceof LateralSubquery ||
    (from instanceof TableValuedAlias && (from.joinsImplicitly || from.isLateral))
  );
}

/** Notes the FROM elements that comparisons bring together. Statements inside of the condition have their own. */
function connect(condition: Node, groups: Groups): void {
  if (condition instanceof Binary && condition.operator.comparison) {
    const left = new Set<FromElement>();
    const right = new Set<FromElement>();
    condition.left.collectFroms(left);
    condition.right.collectFroms(right);
    if (left.size > 0 && right.size > 0) groups.join([...left, ...right]);
  }
  for (const child of childrenOf(condition)) {
    const isInner = !(child instanceof ColumnElement) || child instanceof ColumnClause || child instanceof ScalarSelect;
    if (!isInner) connect(child, groups);
  }
}

/** FROM elements by what they are connected with. */
class Groups {
  readonly #parents = new Map<FromElement, FromElement>();

  /** What stands for the group that an element belongs to. */
  of(element: FromElement): FromElement {
    let root = element;
    for (let parent = this.#parents.get(root); parent !== undefined; parent = this.#parents.get(root)) root = parent;
    return root;
  }

  join(elements: readonly FromElement[]): void {
    const [first, ...others] = elements;
    for (const other of others) {
      const root = this.of(other);
      const target = this.of(first as FromElement);
      if (root !== target) this.#parents.set(root, target);
    }
  }
}
