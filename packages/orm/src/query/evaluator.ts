/**
 * Evaluates conditions and values in memory, so that UPDATE and DELETE can tell which loaded objects they hit. What has no
 * certain equivalent in JavaScript is refused by throwing; the caller then asks the database.
 */

import {
  Binary,
  BindParameter,
  type ClauseElement,
  ColumnClause,
  ExpressionList,
  False,
  Grouping,
  InvalidRequestError,
  Label,
  type Node,
  Null,
  type Operator,
  operators,
  True,
  Tuple,
  Unary,
} from "@athanor/core";
import { nameErrors } from "@athanor/driver";
import type { Values } from "../state/instance-state.ts";

/** An expression that cannot be evaluated in memory. */
export class UnevaluatableError extends InvalidRequestError {}

nameErrors({ UnevaluatableError });

/** Stands for the value of an attribute that is not loaded. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** A value computed from an object's loaded values; NULL is null. */
export type Evaluate = (values: Values) => unknown;

/** What an evaluator needs to know of its surroundings. */
export interface EvaluatorContext {
  /** The attribute key of a column; null for columns of other entities. */
  keyOf(column: ColumnClause): string | null;
  /** The value of a parameter in this execution. */
  valueOf(bind: BindParameter): unknown;
}

/** A function that evaluates an expression. @throws UnevaluatableError */
export function evaluator(node: ClauseElement, context: EvaluatorContext): Evaluate {
  return build(node, context);
}

function refuse(node: Node): never {
  throw new UnevaluatableError(`Cannot evaluate ${node.constructor.name} in memory`, {
    fix: 'use synchronizeSession "fetch" or false',
  });
}

function build(node: Node, context: EvaluatorContext): Evaluate {
  if (node instanceof Grouping || node instanceof Label) return build(node.element, context);
  if (node instanceof Null) return () => null;
  if (node instanceof True) return () => true;
  if (node instanceof False) return () => false;
  if (node instanceof BindParameter) {
    const value = context.valueOf(node as BindParameter);
    return () => value;
  }
  if (node instanceof ColumnClause) {
    const key = context.keyOf(node as ColumnClause);
    if (key === null)
      throw new UnevaluatableError(`Cannot evaluate column: ${String(node.name)}`, {
        fix: 'use synchronizeSession "fetch" or false',
      });
    return (values) => {
      const value = values[key];
      return value === undefined ? UNKNOWN : value;
    };
  }
  if (node instanceof ExpressionList) return buildList(node, context);
  if (node instanceof Tuple) {
    const parts = node.clauses.map((clause) => build(clause, context));
    return (values) => {
      const tuple = parts.map((part) => part(values));
      return tuple.includes(UNKNOWN) ? UNKNOWN : tuple.includes(null) ? null : tuple;
    };
  }
  if (node instanceof Unary && node.operator === operators.not) {
    const inner = build(node.element, context);
    return (values) => {
      const value = inner(values);
      return value === UNKNOWN || value === null ? value : !value;
    };
  }
  if (node instanceof Binary) return buildBinary(node, context);
  return refuse(node);
}

function buildList(node: ExpressionList, context: EvaluatorContext): Evaluate {
  const parts = node.clauses.map((clause) => build(clause, context));
  if (node.operator === operators.and) {
    return (values) => {
      let result: unknown = true;
      for (const part of parts) {
        const value = part(values);
        if (value === UNKNOWN) return UNKNOWN;
        if (value === null) result = null;
        else if (!value) return false;
      }
      return result;
    };
  }
  if (node.operator === operators.or) {
    return (values) => {
      let result: unknown = false;
      for (const part of parts) {
        const value = part(values);
        if (value === UNKNOWN) return UNKNOWN;
        if (value === null) result = null;
        else if (value) return true;
      }
      return result;
    };
  }
  const { operator } = node;
  const combine = arithmetic.get(operator);
  if (combine === undefined) return refuse(node);
  return (values) =>
    parts
      .map((part) => part(values))
      .reduce((left, right) =>
        left === UNKNOWN || right === UNKNOWN ? UNKNOWN : left === null || right === null ? null : combine(left, right),
      );
}

type Combine = (left: unknown, right: unknown) => unknown;

const number =
  (compute: (left: number, right: number) => number): Combine =>
  (left, right) => {
    if (typeof left === "number" && typeof right === "number") return compute(left, right);
    throw new UnevaluatableError("Only numbers can be computed with in memory");
  };

const arithmetic = new Map<Operator, Combine>([
  [operators.add, number((left, right) => left + right)],
  [operators.sub, number((left, right) => left - right)],
  [operators.mul, number((left, right) => left * right)],
  [operators.truediv, number((left, right) => left / right)],
  [operators.mod, number((left, right) => left % right)],
  [operators.concat, (left, right) => String(left) + String(right)],
]);

/** Values as they can be compared with `===` and `<`. */
function comparable(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  if (typeof value === "bigint") return value;
  if (value !== null && typeof value === "object")
    throw new UnevaluatableError("Only plain values can be compared in memory");
  return value;
}

const comparisons = new Map<Operator, Combine>([
  [operators.eq, (left, right) => same(left, right)],
  [operators.ne, (left, right) => !same(left, right)],
  [operators.lt, (left, right) => order(left, right) < 0],
  [operators.le, (left, right) => order(left, right) <= 0],
  [operators.gt, (left, right) => order(left, right) > 0],
  [operators.ge, (left, right) => order(left, right) >= 0],
]);

const texts = new Map<Operator, Combine>([
  [operators.startswith, (left, right) => String(left).startsWith(String(right))],
  [operators.notStartswith, (left, right) => !String(left).startsWith(String(right))],
  [operators.endswith, (left, right) => String(left).endsWith(String(right))],
  [operators.notEndswith, (left, right) => !String(left).endsWith(String(right))],
  [operators.contains, (left, right) => String(left).includes(String(right))],
  [operators.notContains, (left, right) => !String(left).includes(String(right))],
]);

function same(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((value, index) => same(value, right[index]));
  const [a, b] = [comparable(left), comparable(right)];
  // biome-ignore lint/suspicious/noDoubleEquals: 5n and 5 are equal in SQL.
  return typeof a === typeof b ? a === b : a == b;
}

function order(left: unknown, right: unknown): number {
  const [a, b] = [comparable(left) as number, comparable(right) as number];
  return a < b ? -1 : a > b ? 1 : 0;
}

function buildBinary(node: Binary, context: EvaluatorContext): Evaluate {
  const { operator } = node;
  const left = build(node.left, context);
  if (operator === operators.is || operator === operators.isNot) {
    const right = build(node.right, context);
    const negated = operator === operators.isNot;
    return (values) => {
      const [a, b] = [left(values), right(values)];
      if (a === UNKNOWN || b === UNKNOWN) return UNKNOWN;
      return (a === b) !== negated;
    };
  }
  const right = build(node.right, context);
  if (operator === operators.in || operator === operators.notIn) {
    const negated = operator === operators.notIn;
    return (values) => {
      const [a, list] = [left(values), right(values)];
      if (a === UNKNOWN || list === UNKNOWN) return UNKNOWN;
      if (a === null) return null;
      return (list as unknown[]).some((value) => value !== null && same(a, value)) !== negated;
    };
  }
  const combine = comparisons.get(operator) ?? arithmetic.get(operator) ?? texts.get(operator);
  if (combine === undefined || (node.modifiers !== null && node.modifiers !== undefined)) return refuse(node);
  return (values) => {
    const [a, b] = [left(values), right(values)];
    if (a === UNKNOWN || b === UNKNOWN) return UNKNOWN;
    return a === null || b === null ? null : combine(a, b);
  };
}
