/** Values that compare in SQL in a way of their own. */
import { CLAUSE_ELEMENT, ColumnElement, InvalidRequestError, resolveNode } from "@athanor/core";

/** An operation of expressions, as a function: `(left, right) => left.eq(right)`. Its name is that of the method. */
export type ComparatorOperation = (left: unknown, ...others: readonly unknown[]) => ColumnElement<never>;

/** The operations that a comparator may have its own way of. */
export const comparatorOperations = [
  "eq",
  "ne",
  "lt",
  "le",
  "gt",
  "ge",
  "is",
  "isNot",
  "in",
  "notIn",
  "between",
  "like",
  "notLike",
  "ilike",
  "notIlike",
  "startswith",
  "endswith",
  "contains",
] as const;

type OperationName = (typeof comparatorOperations)[number];

const operations = Object.fromEntries(
  comparatorOperations.map((name) => {
    const operation = (left: unknown, ...others: readonly unknown[]): unknown => {
      const element = elementOf(left) as unknown as Record<string, (...args: unknown[]) => unknown>;
      return (element[name] as (...args: unknown[]) => unknown).apply(element, [...others]);
    };
    return [name, Object.defineProperty(operation, "name", { value: name })];
  }),
) as unknown as Readonly<Record<OperationName, ComparatorOperation>>;

function elementOf(value: unknown): ColumnElement {
  const node = resolveNode(value);
  if (node instanceof ColumnElement) return node;
  throw new InvalidRequestError("a comparator is made of a column expression");
}

/**
 * What compares an expression in its own way: all operations go through {@link operate}, each may be overridden.
 *
 * @example
 * class CaseInsensitive extends Comparator<string> {
 *   override operate(op: ComparatorOperation, ...others: readonly unknown[]) {
 *     return op(func.lower(this.expression), ...others.map((other) => func.lower(other)));
 *   }
 * }
 * word: () => hybrid(SearchWord, { get: (w) => w.text.toLowerCase(), comparator: ($) => new CaseInsensitive($.text) })
 */
export class Comparator<T = unknown> {
  /** Phantom: the value. */
  declare readonly "~value": T;
  readonly expression: ColumnElement<T>;

  constructor(expression: unknown) {
    this.expression = elementOf(expression) as ColumnElement<T>;
  }

  /** What stands in SQL for the value. */
  [CLAUSE_ELEMENT](): ColumnElement<T> {
    return this.expression;
  }

  /** Does one of the operations; here: on the expression, as if there were no comparator. */
  operate(op: ComparatorOperation, ...others: readonly unknown[]): ColumnElement<never> {
    return op(this[CLAUSE_ELEMENT](), ...others);
  }

  eq(other: unknown): ColumnElement<boolean> {
    return this.operate(operations.eq, other);
  }
  ne(other: unknown): ColumnElement<boolean> {
    return this.operate(operations.ne, other);
  }
  lt(other: unknown): ColumnElement<boolean> {
    return this.operate(operations.lt, other);
  }
  le(other: unknown): ColumnElement<boolean> {
    return this.operate(operations.le, other);
  }
  gt(other: unknown): ColumnElement<boolean> {
    return this.operate(operations.gt, other);
  }
  ge(other: unknown): ColumnElement<boolean> {
    return this.operate(operations.ge, other);
  }
  is(other: unknown): ColumnElement<boolean> {
    return this.operate(operations.is, other);
  }
  isNot(other: unknown): ColumnElement<boolean> {
    return this.operate(operations.isNot, other);
  }
  in(others: readonly unknown[]): ColumnElement<boolean> {
    return this.operate(operations.in, others);
  }
  notIn(others: readonly unknown[]): ColumnElement<boolean> {
    return this.operate(operations.notIn, others);
  }
  between(low: unknown, high: unknown): ColumnElement<boolean> {
    return this.operate(operations.between, low, high);
  }
  like(pattern: unknown): ColumnElement<boolean> {
    return this.operate(operations.like, pattern);
  }
  notLike(pattern: unknown): ColumnElement<boolean> {
    return this.operate(operations.notLike, pattern);
  }
  ilike(pattern: unknown): ColumnElement<boolean> {
    return this.operate(operations.ilike, pattern);
  }
  notIlike(pattern: unknown): ColumnElement<boolean> {
    return this.operate(operations.notIlike, pattern);
  }
  startswith(text: unknown): ColumnElement<boolean> {
    return this.operate(operations.startswith, text);
  }
  endswith(text: unknown): ColumnElement<boolean> {
    return this.operate(operations.endswith, text);
  }
  contains(text: unknown): ColumnElement<boolean> {
    return this.operate(operations.contains, text);
  }
}
