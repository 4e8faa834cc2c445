/**
 * Turns what users write into nodes: values into bind parameters, strings into label references, mapped classes into
 * what they stand for. Each function is a place (a role) and says what may stand there.
 */
import { Node } from "../ast/node.ts";
import { ArgumentError } from "../errors/errors.ts";
import type { Operator } from "../operator/operator.ts";
import { describe } from "../types/literals.ts";
import { NULLTYPE } from "../types/null.ts";
import { type SqlType, typeOfValueSlot } from "../types/type.ts";
import { isForeign } from "../util/copies.ts";
import { BindParameter, literalBind } from "./bind.ts";
import { CLAUSE_ELEMENT, ClauseElement, type HasClauseElement } from "./clause-element.ts";
import { ColumnElement } from "./column-element.ts";
import { false_, Null, null_, true_ } from "./constants.ts";
import { LabelReference } from "./label-reference.ts";
import { LiteralColumn } from "./literal-column.ts";
import { TextClause } from "./text.ts";

/** A selectable that can be used as a scalar: SELECT and set operations. */
interface ScalarCapable {
  scalarSubquery(): ColumnElement;
}

/** The node that an object stands for, or undefined for plain values. */
export function resolveNode(value: unknown): Node | undefined {
  if (value instanceof Node) return value;
  if (value !== null && (typeof value === "object" || typeof value === "function") && CLAUSE_ELEMENT in value) {
    const node = (value as HasClauseElement)[CLAUSE_ELEMENT]();
    return node instanceof Node ? node : refuseForeign(node);
  }
  if (isForeign(value)) refuseForeign(value);
  return undefined;
}

/** Taken for a value, what another copy of this package made would become a parameter. */
function refuseForeign(value: unknown): never {
  throw new ArgumentError(`${describe(value)} cannot be used in a statement`, { code: "foreign_copy" });
}

function isScalarCapable(value: unknown): value is ScalarCapable {
  return typeof (value as Partial<ScalarCapable>).scalarSubquery === "function";
}

/** Refuses `undefined`, which is a mistake wherever a value is wanted. */
export function refuseUndefined(value: unknown, where: string): void {
  if (value === undefined) {
    throw new ArgumentError(`${where} is undefined`, {
      code: "undefined_value",
      fix: "pass null for SQL NULL, or leave the condition out",
    });
  }
}

/** The other side of an operator: expressions stay, values become parameters typed by the left side. */
export function operand(value: unknown, operator: Operator | null, left: ColumnElement): ColumnElement {
  const node = value instanceof ColumnElement ? value : resolveNode(value);
  if (node instanceof BindParameter && node.type === NULLTYPE && left.type !== NULLTYPE)
    return node.withType(left.type);
  if (node !== undefined) return asColumnElement(node, `the right side of ${operator?.name ?? "the operator"}`);
  if (value === undefined)
    refuseUndefined(
      value,
      `the right side of ${describeColumn(left)} ${operator?.symbol || operator?.name || ""}`.trimEnd(),
    );
  if (value === null && left.type.affinity !== "json") return literalBind(null, left.type, left.bindBase);
  return literalBind(value, left.type.coerceComparedValue(operator, value), left.bindBase);
}

function describeColumn(element: ColumnElement): string {
  return element.key ?? `a ${element.kind} expression`;
}

/** A node as an expression: SELECTs become scalar subqueries. */
export function asColumnElement(node: Node, where: string): ColumnElement {
  if (node instanceof ColumnElement) return node;
  if (isScalarCapable(node)) return node.scalarSubquery();
  if (node instanceof TextClause) return node.selfGroup(null) as unknown as ColumnElement;
  const column = (node as { asScalarColumn?: () => ColumnElement }).asScalarColumn?.();
  if (column !== undefined) return column;
  throw new ArgumentError(`a ${node.kind} cannot stand as ${where}`, { fix: "a column expression is wanted here" });
}

/** An argument of a function or CASE: values become parameters with the type of the value. */
export function argument(value: unknown, base: string, type?: SqlType): ColumnElement {
  const node = resolveNode(value);
  if (node !== undefined) return asColumnElement(node, "an argument");
  refuseUndefined(value, `an argument of ${base}`);
  if (value === null && type === undefined) return null_();
  return literalBind(value, type === undefined ? typeOfValueSlot.resolve(value) : type, base);
}

/** A literal as an element of its own. */
export function literalElement(value: unknown, type?: SqlType): BindParameter {
  refuseUndefined(value, "a literal");
  return literalBind(value, type ?? (value === null ? NULLTYPE : typeOfValueSlot.resolve(value)));
}

/** NULL, TRUE, FALSE or an expression; used where a constant is meant (IS, CASE … ELSE NULL). */
export function constantOf(value: unknown): ColumnElement | undefined {
  if (value === null) return null_();
  if (value === true) return true_();
  if (value === false) return false_();
  return value instanceof Null ? value : undefined;
}

/** A condition: WHERE, HAVING, ON, AND. */
export function condition(value: unknown, where: string): ClauseElement {
  const node = value instanceof ColumnElement ? value : resolveNode(value);
  if (node !== undefined) {
    if (node instanceof ColumnElement || node instanceof TextClause) return node;
    if (isScalarCapable(node)) return node.scalarSubquery();
    const asCondition = (node as { asCondition?: () => ClauseElement }).asCondition?.();
    if (asCondition !== undefined) return asCondition;
    throw new ArgumentError(`a ${node.kind} is not a condition for ${where}`);
  }
  if (value === true) return true_();
  if (value === false) return false_();
  if (value === null) return null_();
  refuseUndefined(value, `a condition of ${where}`);
  throw new ArgumentError(`${describe(value)} is not a condition for ${where}`, {
    fix:
      typeof value === "string"
        ? "use text() or the sql tag for SQL given as a string"
        : "pass a comparison such as users.c.id.eq(5)",
  });
}

/** An element of ORDER BY or GROUP BY: a string names a label or a column of the statement. */
export function byElement(value: unknown, where: string): ClauseElement {
  if (typeof value === "string") return new LabelReference(value);
  const node = resolveNode(value);
  if (node instanceof ColumnElement || node instanceof TextClause) return node;
  if (node !== undefined) {
    if (isScalarCapable(node)) return node.scalarSubquery();
    return asColumnElement(node, where);
  }
  refuseUndefined(value, `an element of ${where}`);
  throw new ArgumentError(`${describe(value)} cannot stand in ${where}`, {
    fix: "pass a column expression or the name of a label",
  });
}

/** Elements of ORDER BY or GROUP BY: what stands for several columns (a mapped class) gives them all. */
export function byElements(values: readonly unknown[], where: string): ClauseElement[] {
  const elements: ClauseElement[] = [];
  for (const value of values) {
    const node = value instanceof ColumnElement ? value : resolveNode(value);
    const columns = (node as { asByElements?(): readonly ClauseElement[] } | undefined)?.asByElements?.();
    if (columns === undefined) elements.push(byElement(value, where));
    else elements.push(...columns);
  }
  return elements;
}

/** An element of a column list: columns, text, everything with columns. */
export function columnsClauseElement(value: unknown): Node {
  const node = value instanceof ColumnElement ? value : resolveNode(value);
  if (node !== undefined) return node;
  refuseUndefined(value, "an element of the column list");
  if (value === null) return null_();
  if (typeof value === "boolean") return value ? true_() : false_();
  // `select(1)`, as it stands in EXISTS.
  if (typeof value === "bigint" || (typeof value === "number" && Number.isFinite(value)))
    return new LiteralColumn(String(value));
  if (value === "*") return new LiteralColumn(value);
  throw new ArgumentError(`${describe(value)} is not a column expression`, {
    fix:
      typeof value === "string"
        ? `use text(${JSON.stringify(value)}) or literalColumn(…) for SQL, or literal(…) for a value`
        : "use literal(…) for a value",
  });
}

/** Something for a FROM clause. */
export function fromElement<F extends Node>(value: unknown, isFrom: (node: Node) => node is F, where: string): F {
  const node = resolveNode(value);
  if (node !== undefined) {
    if (isFrom(node)) return node;
    const converted = (node as { asFrom?: () => Node }).asFrom?.();
    if (converted !== undefined && isFrom(converted)) return converted;
  }
  refuseUndefined(value, `the FROM element of ${where}`);
  throw new ArgumentError(
    `${node === undefined ? describe(value) : `a ${node.kind}`} cannot stand in FROM (${where})`,
    {
      fix:
        node !== undefined && isScalarCapable(node)
          ? "call .subquery() on it"
          : "pass a table, an alias, a join or a subquery",
    },
  );
}

/** Used by callers that only want to know. */
export function isClauseElement(value: unknown): value is ClauseElement {
  return value instanceof ClauseElement;
}
