/** Operators: those with a symbol by a table, the rest by a visitor each. */

import { CompileError } from "../../errors/errors.ts";
import { Binary } from "../../expression/binary.ts";
import { BindParameter } from "../../expression/bind.ts";
import { type ClauseList, type ExpressionList, emptyCondition } from "../../expression/clause-list.ts";
import type { CollectionAggregate } from "../../expression/collection-aggregate.ts";
import type { ColumnElement } from "../../expression/column-element.ts";
import { Grouping } from "../../expression/grouping.ts";
import { Label } from "../../expression/label.ts";
import { LiteralColumn } from "../../expression/literal-column.ts";
import type { Tuple } from "../../expression/tuple.ts";
import type { AsBoolean, Unary } from "../../expression/unary.ts";
import { operators } from "../../operator/table.ts";
import { NUMERICTYPE } from "../../types/numeric.ts";
import { STRINGTYPE } from "../../types/string.ts";
import type { Compiler } from "../compiler.ts";
import { literalText } from "../literals.ts";
import type { Visitor } from "../visitors.ts";

/** `a op b` */
export function visitBinary(compiler: Compiler, binary: Binary): string {
  const { operator } = binary;
  if (operator.custom) return infix(compiler, binary, compiler.userText(operator.symbol), operator.eagerGrouping);
  const own = compiler.dialect.visitors[operator.binaryVisitor] as
    | ((compiler: Compiler, binary: Binary) => string)
    | undefined;
  if (own !== undefined) return own(compiler, binary);
  if (operator.symbol === "") return compiler.unsupported(binary);
  return infix(compiler, binary, operator.symbol);
}

/**
 * The two operands with a symbol between. An eagerly grouped operator stands in parentheses wherever it is part of
 * another one, whatever binds stronger; operators inside of it inherit that unless they say otherwise.
 */
export function infix(compiler: Compiler, binary: Binary, symbol: string, eager = compiler.eagerGrouping): string {
  const { inOperator, eagerGrouping } = compiler;
  compiler.inOperator = true;
  compiler.eagerGrouping = eager;
  const text = `${compiler.visit(binary.left)} ${symbol} ${compiler.visit(binary.right)}`;
  compiler.inOperator = inOperator;
  compiler.eagerGrouping = eagerGrouping;
  return inOperator && eager ? `(${text})` : text;
}

/** `op a` and `a op` */
export function visitUnary(compiler: Compiler, unary: Unary): string {
  if (unary.operator !== null) {
    const own = compiler.dialect.visitors[unary.operator.unaryVisitor] as
      | ((compiler: Compiler, unary: Unary) => string)
      | undefined;
    if (own !== undefined) return own(compiler, unary);
    if (unary.operator.custom) return `${unary.operator.symbol} ${compiler.visit(unary.element)}`;
    return `${unary.operator.symbol}${compiler.visit(unary.element)}`;
  }
  const modifier = unary.modifier === null ? "" : compiler.hook(unary.modifier.modifierVisitor, unary);
  return `${modifiedText(compiler, unary)}${modifier}`;
}

/** What a modifier stands behind; a label that is not named there is its expression. */
export function modifiedText(compiler: Compiler, { element, modifier }: Unary): string {
  return compiler.visit(element instanceof Label ? element.element.selfGroup(modifier) : element);
}

/** A boolean where a condition is wanted. */
export function visitAsBoolean(compiler: Compiler, node: AsBoolean): string {
  const text = compiler.visit(node.element);
  const native = compiler.dialect.supportsNativeBoolean;
  if (node.operator === operators.isTrue) return native ? text : `${text} = 1`;
  return native ? `NOT ${text}` : `${text} = 0`;
}

/** AND and OR lists, and comma lists. */
export function visitExpressionList(compiler: Compiler, list: ExpressionList): string {
  if (list.operator === operators.comma) return compiler.list(list.clauses, ", ");
  if (list.clauses.length === 0) return compiler.visit(emptyCondition(list.operator));
  const { inOperator } = compiler;
  compiler.inOperator = true;
  const text = compiler.list(list.clauses, ` ${list.operator.symbol} `);
  compiler.inOperator = inOperator;
  return text;
}

/** A comma list. */
export function visitClauseList(compiler: Compiler, list: ClauseList): string {
  return compiler.list(list.clauses);
}

/** `(a, b)` */
export function visitTuple(compiler: Compiler, tuple: Tuple): string {
  return `(${compiler.list(tuple.clauses)})`;
}

/** `ANY (…)` */
export function visitCollectionAggregate(compiler: Compiler, aggregate: CollectionAggregate): string {
  const text = compiler.visit(aggregate.element);
  return `${aggregate.operator.symbol} ${text.startsWith("(") ? text : `(${text})`}`;
}

const escapeText = (compiler: Compiler, binary: Binary): string => {
  const escape = binary.modifiers?.["escape"];
  return escape === undefined ? "" : ` ESCAPE ${literalText(escape, STRINGTYPE, compiler.dialect)}`;
};

/** `a LIKE b ESCAPE c` */
const like =
  (keyword: string): Visitor =>
  (compiler, binary: Binary) =>
    `${compiler.visit(binary.left)} ${keyword} ${compiler.visit(binary.right)}${escapeText(compiler, binary)}`;

/** LIKE without regard to case, where there is no ILIKE. */
const lowerLike =
  (keyword: string): Visitor =>
  (compiler, binary: Binary) =>
    `lower(${compiler.visit(binary.left)}) ${keyword} lower(${compiler.visit(binary.right)})${escapeText(compiler, binary)}`;

/** The pieces of a LIKE with wildcards around the operand. */
const wildcard =
  (keyword: string, before: boolean, after: boolean, lower: boolean): Visitor =>
  (compiler, binary: Binary) => {
    const left = compiler.visit(binary.left);
    const operands = lower ? [`lower(${compiler.visit(binary.right)})`] : patternParts(compiler, binary.right);
    const parts = [...(before ? ["'%'"] : []), ...operands, ...(after ? ["'%'"] : [])];
    return `${lower ? `lower(${left})` : left} ${keyword} ${compiler.hook("concatPattern", parts)}${escapeText(compiler, binary)}`;
  };

/** The operands of a concatenation, or the element as one of them. */
function patternParts(compiler: Compiler, given: ColumnElement): string[] {
  const element = given instanceof Grouping ? given.element : given;
  return element instanceof Binary && element.operator === operators.concat
    ? [...patternParts(compiler, element.left), ...patternParts(compiler, element.right)]
    : [compiler.visit(given)];
}

/** Joins the pieces of a pattern. */
export function visitConcatPattern(_compiler: Compiler, parts: readonly string[]): string {
  return parts.join(" || ");
}

/** Whether a type is whole-number. */
const isInteger = (element: ColumnElement): boolean => element.type.affinity === "integer";

/** True division. */
export function visitTrueDivision(compiler: Compiler, binary: Binary): string {
  const left = compiler.visit(binary.left);
  return `${left} / ${compiler.dialect.capabilities.integerDivision ? compiler.hook("divisor", binary.right) : compiler.visit(binary.right)}`;
}

/** The divisor of a true division where `/` is integer division. */
export function visitDivisor(compiler: Compiler, divisor: ColumnElement): string {
  const { affinity } = divisor.type;
  // A whole number is no float, whatever it stands beside.
  const isWhole = divisor instanceof BindParameter && Number.isInteger(divisor.value);
  const type = affinity === "numeric" || (affinity === "float" && !isWhole) ? divisor.type : NUMERICTYPE;
  return `CAST(${compiler.visit(divisor)} AS ${compiler.typeText(type)})`;
}

/** Division rounded down. */
export function visitFloorDivision(compiler: Compiler, binary: Binary): string {
  const text = `${compiler.visit(binary.left)} / ${compiler.visit(binary.right)}`;
  return compiler.dialect.capabilities.integerDivision && isInteger(binary.right) && isInteger(binary.left)
    ? text
    : `FLOOR(${text})`;
}

/** `a BETWEEN b AND c` */
const between =
  (keyword: string): Visitor =>
  (compiler, binary: Binary) =>
    `${compiler.visit(binary.left)} ${keyword}${binary.modifiers?.["symmetric"] ? " SYMMETRIC" : ""} ${compiler.visit(binary.right)}`;

/** `a IN (…)`; a parameter that expands brings its own parentheses. */
const membership =
  (keyword: string): Visitor =>
  (compiler, binary: Binary) => {
    const text = infix(compiler, binary, keyword);
    return wrapNotIn(keyword, text);
  };

/** NOT IN is grouped, since an empty list adds an OR. */
function wrapNotIn(keyword: string, text: string): string {
  return keyword === "NOT IN" ? `(${text})` : text;
}

const missing =
  (what: string): Visitor =>
  (compiler) => {
    throw new CompileError(`${compiler.dialect.name} dialect does not support ${what}`);
  };

/** Visitors of operators, `op:<name>` for two operands, `unary:<name>` and `modifier:<name>` for one. */
export const operatorVisitors: Readonly<Record<string, Visitor>> = {
  "op:like": like("LIKE"),
  "op:notLike": like("NOT LIKE"),
  "op:ilike": lowerLike("LIKE"),
  "op:notIlike": lowerLike("NOT LIKE"),
  "op:contains": wildcard("LIKE", true, true, false),
  "op:notContains": wildcard("NOT LIKE", true, true, false),
  "op:startswith": wildcard("LIKE", false, true, false),
  "op:notStartswith": wildcard("NOT LIKE", false, true, false),
  "op:endswith": wildcard("LIKE", true, false, false),
  "op:notEndswith": wildcard("NOT LIKE", true, false, false),
  "op:icontains": wildcard("LIKE", true, true, true),
  "op:notIcontains": wildcard("NOT LIKE", true, true, true),
  "op:istartswith": wildcard("LIKE", false, true, true),
  "op:notIstartswith": wildcard("NOT LIKE", false, true, true),
  "op:iendswith": wildcard("LIKE", true, false, true),
  "op:notIendswith": wildcard("NOT LIKE", true, false, true),
  "op:between": between("BETWEEN"),
  "op:notBetween": between("NOT BETWEEN"),
  "op:in": membership("IN"),
  "op:notIn": membership("NOT IN"),
  "op:isDistinctFrom": (compiler, binary: Binary) => infix(compiler, binary, "IS DISTINCT FROM"),
  "op:isNotDistinctFrom": (compiler, binary: Binary) => infix(compiler, binary, "IS NOT DISTINCT FROM"),
  "op:truediv": visitTrueDivision,
  "op:floordiv": visitFloorDivision,
  "op:mod": (compiler, binary: Binary) => infix(compiler, binary, "%"),
  "op:bitwiseXor": (compiler, binary: Binary) => infix(compiler, binary, "^"),
  "op:match": (compiler, binary: Binary) => infix(compiler, binary, "MATCH"),
  "op:notMatch": (compiler, binary: Binary) => `NOT ${compiler.hook("op:match", binary)}`,
  "op:regexpMatch": missing("regular expressions"),
  "op:notRegexpMatch": missing("regular expressions"),
  "op:regexpReplace": missing("regular expression replacements"),
  "op:jsonGetitem": (compiler, binary: Binary) => compiler.unsupported(binary),
  "op:jsonPathGetitem": (compiler, binary: Binary) => compiler.unsupported(binary),
  "op:getitem": (compiler, binary: Binary) => `${compiler.visit(binary.left)}[${compiler.visit(binary.right)}]`,
  "unary:not": (compiler, unary: Unary) => `NOT ${compiler.visit(unary.element)}`,
  "unary:distinct": (compiler, unary: Unary) => `DISTINCT ${compiler.visit(unary.element)}`,
  "unary:exists": (compiler, unary: Unary) => `EXISTS ${compiler.visit(unary.element)}`,
  "modifier:desc": () => " DESC",
  "modifier:asc": () => " ASC",
  "modifier:nullsFirst": () => " NULLS FIRST",
  "modifier:nullsLast": () => " NULLS LAST",
  slice: (compiler, slice: { readonly start: ColumnElement; readonly stop: ColumnElement }) =>
    `${compiler.visit(slice.start)}:${compiler.visit(slice.stop)}`,
  concatPattern: visitConcatPattern as Visitor,
  divisor: visitDivisor as Visitor,
};

/** Whether an element is `*`. */
export function isStar(element: ColumnElement): boolean {
  return element instanceof LiteralColumn && element.text === "*";
}
