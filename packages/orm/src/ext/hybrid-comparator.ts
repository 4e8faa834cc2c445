/** Values that compare in SQL in a way of their own. */
import {
  CLAUSE_ELEMENT,
  type CollateOptions,
  ColumnElement,
  type ContainsOptions,
  InvalidRequestError,
  type LikeOptions,
  resolveNode,
} from "@athanor/core";

interface RegexpOptions {
  readonly flags?: string | null;
}

/** An operation of expressions, as a function: `(left, right) => left.eq(right)`. Its name is that of the method. */
export type ComparatorOperation = (left: unknown, ...others: readonly unknown[]) => ColumnElement<never>;

/** The operations that a comparator may have its own way of: methods of expressions. */
export const comparatorOperations = [
  "eq",
  "ne",
  "lt",
  "le",
  "gt",
  "ge",
  "is",
  "isNot",
  "isDistinctFrom",
  "isNotDistinctFrom",
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
  "istartswith",
  "iendswith",
  "icontains",
  "match",
  "regexpMatch",
  "regexpReplace",
  "concat",
  "collate",
  "add",
  "sub",
  "mul",
  "div",
  "floorDiv",
  "mod",
  "neg",
  "bitwiseAnd",
  "bitwiseOr",
  "bitwiseXor",
  "bitwiseNot",
  "bitwiseLshift",
  "bitwiseRshift",
  "desc",
  "asc",
  "nullsFirst",
  "nullsLast",
  "distinct",
  "op",
  "boolOp",
] as const;

type OperationName = (typeof comparatorOperations)[number];
type Method = (...args: readonly unknown[]) => unknown;

/** The operation of a method; options stand behind the operands, and are not shown to comparators. */
function operation(name: OperationName, ...options: readonly unknown[]): ComparatorOperation {
  const operate = (left: unknown, ...others: readonly unknown[]): unknown => {
    const element = elementOf(left) as unknown as Readonly<Record<OperationName, Method>>;
    return element[name](...others, ...options);
  };
  return Object.defineProperty(operate, "name", { value: name }) as ComparatorOperation;
}

/** The operation of an operator of one's own. */
function ownOperation(name: "op" | "boolOp", symbol: string, options: object | undefined): ComparatorOperation {
  const operate = (left: unknown, other: unknown): unknown => elementOf(left)[name](symbol, options)(other);
  return Object.defineProperty(operate, "name", { value: name }) as ComparatorOperation;
}

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
    return this.operate(operation("eq"), other);
  }
  ne(other: unknown): ColumnElement<boolean> {
    return this.operate(operation("ne"), other);
  }
  lt(other: unknown): ColumnElement<boolean> {
    return this.operate(operation("lt"), other);
  }
  le(other: unknown): ColumnElement<boolean> {
    return this.operate(operation("le"), other);
  }
  gt(other: unknown): ColumnElement<boolean> {
    return this.operate(operation("gt"), other);
  }
  ge(other: unknown): ColumnElement<boolean> {
    return this.operate(operation("ge"), other);
  }
  is(other: unknown): ColumnElement<boolean> {
    return this.operate(operation("is"), other);
  }
  isNot(other: unknown): ColumnElement<boolean> {
    return this.operate(operation("isNot"), other);
  }
  isDistinctFrom(other: unknown): ColumnElement<boolean> {
    return this.operate(operation("isDistinctFrom"), other);
  }
  isNotDistinctFrom(other: unknown): ColumnElement<boolean> {
    return this.operate(operation("isNotDistinctFrom"), other);
  }
  in(values: unknown): ColumnElement<boolean> {
    return this.operate(operation("in"), values);
  }
  notIn(values: unknown): ColumnElement<boolean> {
    return this.operate(operation("notIn"), values);
  }
  between(low: unknown, high: unknown, options?: { readonly symmetric?: boolean }): ColumnElement<boolean> {
    return this.operate(operation("between", options), low, high);
  }
  like(pattern: unknown, options?: LikeOptions): ColumnElement<boolean> {
    return this.operate(operation("like", options), pattern);
  }
  notLike(pattern: unknown, options?: LikeOptions): ColumnElement<boolean> {
    return this.operate(operation("notLike", options), pattern);
  }
  ilike(pattern: unknown, options?: LikeOptions): ColumnElement<boolean> {
    return this.operate(operation("ilike", options), pattern);
  }
  notIlike(pattern: unknown, options?: LikeOptions): ColumnElement<boolean> {
    return this.operate(operation("notIlike", options), pattern);
  }
  startswith(text: unknown, options?: ContainsOptions): ColumnElement<boolean> {
    return this.operate(operation("startswith", options), text);
  }
  endswith(text: unknown, options?: ContainsOptions): ColumnElement<boolean> {
    return this.operate(operation("endswith", options), text);
  }
  contains(text: unknown, options?: ContainsOptions): ColumnElement<boolean> {
    return this.operate(operation("contains", options), text);
  }
  istartswith(text: unknown, options?: ContainsOptions): ColumnElement<boolean> {
    return this.operate(operation("istartswith", options), text);
  }
  iendswith(text: unknown, options?: ContainsOptions): ColumnElement<boolean> {
    return this.operate(operation("iendswith", options), text);
  }
  icontains(text: unknown, options?: ContainsOptions): ColumnElement<boolean> {
    return this.operate(operation("icontains", options), text);
  }
  match(text: unknown, options?: Readonly<Record<string, unknown>>): ColumnElement<boolean> {
    return this.operate(operation("match", options), text);
  }
  regexpMatch(pattern: unknown, options?: RegexpOptions): ColumnElement<boolean> {
    return this.operate(operation("regexpMatch", options), pattern);
  }
  regexpReplace(pattern: unknown, replacement: unknown, options?: RegexpOptions): ColumnElement<T> {
    return this.operate(operation("regexpReplace", options), pattern, replacement);
  }
  concat(other: unknown): ColumnElement<T> {
    return this.operate(operation("concat"), other);
  }
  collate(collation: string, options?: CollateOptions): ColumnElement<T> {
    return this.operate(operation("collate", collation, options));
  }
  add(other: unknown): ColumnElement<T> {
    return this.operate(operation("add"), other);
  }
  sub(other: unknown): ColumnElement<T> {
    return this.operate(operation("sub"), other);
  }
  mul(other: unknown): ColumnElement<T> {
    return this.operate(operation("mul"), other);
  }
  div(other: unknown): ColumnElement<T> {
    return this.operate(operation("div"), other);
  }
  floorDiv(other: unknown): ColumnElement<T> {
    return this.operate(operation("floorDiv"), other);
  }
  mod(other: unknown): ColumnElement<T> {
    return this.operate(operation("mod"), other);
  }
  neg(): ColumnElement<T> {
    return this.operate(operation("neg"));
  }
  bitwiseAnd(other: unknown): ColumnElement<T> {
    return this.operate(operation("bitwiseAnd"), other);
  }
  bitwiseOr(other: unknown): ColumnElement<T> {
    return this.operate(operation("bitwiseOr"), other);
  }
  bitwiseXor(other: unknown): ColumnElement<T> {
    return this.operate(operation("bitwiseXor"), other);
  }
  bitwiseNot(): ColumnElement<T> {
    return this.operate(operation("bitwiseNot"));
  }
  bitwiseLshift(other: unknown): ColumnElement<T> {
    return this.operate(operation("bitwiseLshift"), other);
  }
  bitwiseRshift(other: unknown): ColumnElement<T> {
    return this.operate(operation("bitwiseRshift"), other);
  }
  desc(): ColumnElement<T> {
    return this.operate(operation("desc"));
  }
  asc(): ColumnElement<T> {
    return this.operate(operation("asc"));
  }
  nullsFirst(): ColumnElement<T> {
    return this.operate(operation("nullsFirst"));
  }
  nullsLast(): ColumnElement<T> {
    return this.operate(operation("nullsLast"));
  }
  distinct(): ColumnElement<T> {
    return this.operate(operation("distinct"));
  }
  /** An operator of your own. */
  op<R = T>(symbol: string, options?: Parameters<ColumnElement["op"]>[1]): (other: unknown) => ColumnElement<R> {
    return (other) => this.operate(ownOperation("op", symbol, options), other);
  }
  /** An operator of your own that yields a truth value. */
  boolOp(symbol: string, options?: Parameters<ColumnElement["boolOp"]>[1]): (other: unknown) => ColumnElement<boolean> {
    return (other) => this.operate(ownOperation("boolOp", symbol, options), other);
  }
}
