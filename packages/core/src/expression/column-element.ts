/**
 * The base of everything that has a value: columns, parameters, functions, operators. The methods are the standard
 * operators; what they build is filled in by ./operate.ts, and types add methods of their own (./comparators/).
 */
import { AnonName, type Name } from "../ast/name.ts";
import type { Fields } from "../ast/node.ts";
import { childrenOf } from "../ast/traverse.ts";
import type { Operator } from "../operator/operator.ts";
import { type CustomOperatorOptions, customOp, operators } from "../operator/table.ts";
import type { ComparatorMethods, SqlType, TypeLike } from "../types/type.ts";
import { ClauseElement, type SqlExpression } from "./clause-element.ts";
import type { FromElement } from "./from-element.ts";

/** What an operator accepts on its right: a value that fits the left side, NULL, or any expression. */
export type Operand<I> = NonNullable<I> | null | SqlExpression;

/**
 * Takes values of type `I`. The member is a method on purpose: a column that takes more than the declared values (numbers beside
 * the text of a decimal) then passes for one that takes these, `ColumnElement<string>`, and so does the reverse.
 */
export interface Accepts<I> {
  accept(value: I): void;
}

/** Escaping options of the LIKE family. */
export interface LikeOptions {
  /** The character that takes the wildcards' meaning away. */
  readonly escape?: string;
}

/** Escaping options of `contains`, `startswith` and `endswith`. */
export interface ContainsOptions extends LikeOptions {
  /** Escapes `%`, `_` and the escape character (default `/`) in the given string. Default false. */
  readonly autoescape?: boolean;
}

/** Options of `collate()`. */
export interface CollateOptions {
  /** The schema that the collation belongs to. */
  readonly collationSchema?: string | null;
}

/** An expression whose name in result rows is known. */
export interface Named<out N extends string> {
  /** Phantom: the name in result rows. */
  readonly "~name": N;
}

/** Where the methods of expressions get what they build; filled by ./operate.ts. */
export const operations: {
  operate(
    operator: Operator,
    left: ColumnElement,
    right: unknown,
    options?: Readonly<Record<string, unknown>>,
  ): ColumnElement<never>;
  unary(operator: Operator, operand: ColumnElement): ColumnElement<never>;
  label(element: ColumnElement, name: Name | null): ColumnElement<never>;
  cast(element: ColumnElement, type: TypeLike): ColumnElement<never>;
  between(
    element: ColumnElement,
    low: unknown,
    high: unknown,
    options: { readonly symmetric?: boolean },
  ): ColumnElement<never>;
  group(element: ColumnElement, against: Operator | null): ColumnElement;
  negate(element: ColumnElement): ColumnElement;
} = {} as never;

/** An expression with a value of type `T`; `I` is what it accepts as the other operand. */
export abstract class ColumnElement<out T = unknown, I = T> extends ClauseElement {
  static override readonly fields: Fields = {};

  /** Phantom: the value's type. */
  declare readonly "~value": T;
  /** Phantom: accepted operands. */
  declare readonly "~accepts": Accepts<I>;

  readonly type: SqlType;

  constructor(type: SqlType) {
    super();
    this.type = type;
    const comparator = type.comparator;
    if (comparator !== undefined) specialise(this, comparator);
  }

  /** Name under which results and subqueries know the element; null for anonymous expressions. */
  get resultName(): Name | null {
    return null;
  }

  /** The element's own rendering gives a result column its name. */
  get namesItself(): boolean {
    return false;
  }

  /** Key under which a selectable's `c` knows the element; null for anonymous expressions. */
  get key(): string | null {
    return null;
  }

  /** The name given where a column needs one and has none, e.g. `anon_1`. */
  get anonLabel(): AnonName {
    let label = anonLabels.get(this);
    if (label === undefined) anonLabels.set(this, (label = new AnonName(this.anonBase)));
    return label;
  }

  /** What an anonymous label starts with. */
  get anonBase(): Name {
    return "anon";
  }

  /** The element that decides whether two occurrences are the same column; attributes of mapped classes give their column. */
  get canonical(): ColumnElement {
    return this;
  }

  /** What the names of literals beside this expression start with. */
  get bindBase(): string {
    return "param";
  }

  /** The columns that this one stands for, itself first; filled for columns of subqueries and aliases. */
  get proxies(): readonly ColumnElement[] {
    return noProxies;
  }

  override collectFroms(into: Set<FromElement>): void {
    for (const child of childrenOf(this)) if (child instanceof ClauseElement) child.collectFroms(into);
  }

  /** This element as an operand of `against`: parenthesised where SQL's precedence asks for it. */
  selfGroup(against: Operator | null): ColumnElement {
    return operations.group(this, against);
  }

  /** The logical negation. */
  negate(): ColumnElement {
    return operations.negate(this);
  }

  /** Applies an operator by its object: `operate(operators.add, 5)` is `.add(5)`. */
  operate(operator: Operator, other?: unknown, options?: Readonly<Record<string, unknown>>): ColumnElement {
    return other === undefined ? operations.unary(operator, this) : operations.operate(operator, this, other, options);
  }

  // ---- comparison ----

  /** `a = b`; `IS NULL` for null. */
  eq(other: Operand<I>): ColumnElement<boolean> {
    return operations.operate(operators.eq, this, other);
  }
  /** `a != b`; `IS NOT NULL` for null. */
  ne(other: Operand<I>): ColumnElement<boolean> {
    return operations.operate(operators.ne, this, other);
  }
  /** `a < b` */
  lt(other: Operand<I>): ColumnElement<boolean> {
    return operations.operate(operators.lt, this, other);
  }
  /** `a <= b` */
  le(other: Operand<I>): ColumnElement<boolean> {
    return operations.operate(operators.le, this, other);
  }
  /** `a > b` */
  gt(other: Operand<I>): ColumnElement<boolean> {
    return operations.operate(operators.gt, this, other);
  }
  /** `a >= b` */
  ge(other: Operand<I>): ColumnElement<boolean> {
    return operations.operate(operators.ge, this, other);
  }
  /** `a IS b`; for null, true and false. */
  is(other: Operand<I> | boolean): ColumnElement<boolean> {
    return operations.operate(operators.is, this, other);
  }
  /** `a IS NOT b`; for null, true and false. */
  isNot(other: Operand<I> | boolean): ColumnElement<boolean> {
    return operations.operate(operators.isNot, this, other);
  }
  /** `a IS DISTINCT FROM b`: a comparison in which NULL equals NULL. */
  isDistinctFrom(other: Operand<I>): ColumnElement<boolean> {
    return operations.operate(operators.isDistinctFrom, this, other);
  }
  /** `a IS NOT DISTINCT FROM b` */
  isNotDistinctFrom(other: Operand<I>): ColumnElement<boolean> {
    return operations.operate(operators.isNotDistinctFrom, this, other);
  }
  /** `a IN (…)`: a list of values, a subquery, or an expanding bind parameter. An empty list matches nothing. */
  in(values: readonly Operand<I>[] | SqlExpression): ColumnElement<boolean> {
    return operations.operate(operators.in, this, values);
  }
  /** `a NOT IN (…)`; an empty list matches everything. */
  notIn(values: readonly Operand<I>[] | SqlExpression): ColumnElement<boolean> {
    return operations.operate(operators.notIn, this, values);
  }
  /** `a BETWEEN low AND high` */
  between(low: Operand<I>, high: Operand<I>, options: { readonly symmetric?: boolean } = {}): ColumnElement<boolean> {
    return operations.between(this, low, high, options);
  }

  /** The same as {@link isNot}. */
  isnot(other: Operand<I> | boolean): ColumnElement<boolean> {
    return this.isNot(other);
  }
  /** The same as {@link isNotDistinctFrom}. */
  isnotDistinctFrom(other: Operand<I>): ColumnElement<boolean> {
    return this.isNotDistinctFrom(other);
  }
  /** The same as {@link notIn}. */
  notin(values: readonly Operand<I>[] | SqlExpression): ColumnElement<boolean> {
    return this.notIn(values);
  }

  // ---- strings ----

  /** The same as {@link notLike}. */
  notlike(other: string | SqlExpression, options?: LikeOptions): ColumnElement<boolean> {
    return this.notLike(other, options);
  }
  /** The same as {@link notIlike}. */
  notilike(other: string | SqlExpression, options?: LikeOptions): ColumnElement<boolean> {
    return this.notIlike(other, options);
  }

  /** `a LIKE b` */
  like(other: string | SqlExpression, options?: LikeOptions): ColumnElement<boolean> {
    return operations.operate(operators.like, this, other, options as never);
  }
  /** `a NOT LIKE b` */
  notLike(other: string | SqlExpression, options?: LikeOptions): ColumnElement<boolean> {
    return operations.operate(operators.notLike, this, other, options as never);
  }
  /** Case-insensitive LIKE: `a ILIKE b`, or `lower(a) LIKE lower(b)` where there is no ILIKE. */
  ilike(other: string | SqlExpression, options?: LikeOptions): ColumnElement<boolean> {
    return operations.operate(operators.ilike, this, other, options as never);
  }
  /** Negated {@link ilike}. */
  notIlike(other: string | SqlExpression, options?: LikeOptions): ColumnElement<boolean> {
    return operations.operate(operators.notIlike, this, other, options as never);
  }
  /** `a LIKE '%' || b || '%'` */
  contains(other: string | SqlExpression, options?: ContainsOptions): ColumnElement<boolean> {
    return operations.operate(operators.contains, this, other, options as never);
  }
  /** `a LIKE b || '%'` */
  startswith(other: string | SqlExpression, options?: ContainsOptions): ColumnElement<boolean> {
    return operations.operate(operators.startswith, this, other, options as never);
  }
  /** `a LIKE '%' || b` */
  endswith(other: string | SqlExpression, options?: ContainsOptions): ColumnElement<boolean> {
    return operations.operate(operators.endswith, this, other, options as never);
  }
  /** `lower(a) LIKE '%' || lower(b) || '%'` */
  icontains(other: string | SqlExpression, options?: ContainsOptions): ColumnElement<boolean> {
    return operations.operate(operators.icontains, this, other, options as never);
  }
  /** `lower(a) LIKE lower(b) || '%'` */
  istartswith(other: string | SqlExpression, options?: ContainsOptions): ColumnElement<boolean> {
    return operations.operate(operators.istartswith, this, other, options as never);
  }
  /** `lower(a) LIKE '%' || lower(b)` */
  iendswith(other: string | SqlExpression, options?: ContainsOptions): ColumnElement<boolean> {
    return operations.operate(operators.iendswith, this, other, options as never);
  }
  /** Full-text match in the database's own way: `MATCH … AGAINST`, `@@ plainto_tsquery(…)`, `CONTAINS (…)`. */
  match(other: string | SqlExpression, options?: Readonly<Record<string, unknown>>): ColumnElement<boolean> {
    return operations.operate(operators.match, this, other, options);
  }
  /** Matches a regular expression in the database's own syntax. */
  regexpMatch(pattern: string | SqlExpression, options?: { readonly flags?: string | null }): ColumnElement<boolean> {
    return operations.operate(operators.regexpMatch, this, pattern, options as never);
  }
  /** Replaces what a regular expression matches. */
  regexpReplace(
    pattern: string | SqlExpression,
    replacement: string | SqlExpression,
    options?: { readonly flags?: string | null },
  ): ColumnElement<T> {
    return operations.operate(operators.regexpReplace, this, pattern, { ...options, replacement });
  }
  /** `a || b` */
  concat(other: Operand<I> | string): ColumnElement<T, I> {
    return operations.operate(operators.concat, this, other);
  }
  /** `a COLLATE name` */
  collate(collation: string, options?: CollateOptions): ColumnElement<T, I> {
    return operations.operate(operators.collate, this, collation, options as never);
  }

  // ---- arithmetic ----

  /** `a + b`; concatenation for strings. */
  add(other: Operand<I> | number | bigint | string): ColumnElement<T, I> {
    return operations.operate(operators.add, this, other);
  }
  /** `a - b` */
  sub(other: Operand<I> | number | bigint | string): ColumnElement<T, I> {
    return operations.operate(operators.sub, this, other);
  }
  /** `a * b` */
  mul(other: Operand<I> | number | bigint): ColumnElement<T, I> {
    return operations.operate(operators.mul, this, other);
  }
  /** True division: `7 / 2` is 3.5 on every database. */
  div(other: Operand<I> | number | bigint): ColumnElement<T, I> {
    return operations.operate(operators.truediv, this, other);
  }
  /** Division rounded down. */
  floorDiv(other: Operand<I> | number | bigint): ColumnElement<T, I> {
    return operations.operate(operators.floordiv, this, other);
  }
  /** Remainder. */
  mod(other: Operand<I> | number | bigint): ColumnElement<T, I> {
    return operations.operate(operators.mod, this, other);
  }
  /** `-a` */
  neg(): ColumnElement<T, I> {
    return operations.unary(operators.neg, this);
  }
  /** `a & b` */
  bitwiseAnd(other: Operand<I> | number | bigint): ColumnElement<T, I> {
    return operations.operate(operators.bitwiseAnd, this, other);
  }
  /** `a | b` */
  bitwiseOr(other: Operand<I> | number | bigint): ColumnElement<T, I> {
    return operations.operate(operators.bitwiseOr, this, other);
  }
  /** Exclusive or, in the database's own spelling. */
  bitwiseXor(other: Operand<I> | number | bigint): ColumnElement<T, I> {
    return operations.operate(operators.bitwiseXor, this, other);
  }
  /** `~a` */
  bitwiseNot(): ColumnElement<T, I> {
    return operations.unary(operators.bitwiseNot, this);
  }
  /** `a << b` */
  bitwiseLshift(other: Operand<I> | number | bigint): ColumnElement<T, I> {
    return operations.operate(operators.bitwiseLshift, this, other);
  }
  /** `a >> b` */
  bitwiseRshift(other: Operand<I> | number | bigint): ColumnElement<T, I> {
    return operations.operate(operators.bitwiseRshift, this, other);
  }

  // ---- the rest ----

  /** An operator of your own: `users.c.name.op("~*")("^a")`. */
  op<R = T>(
    symbol: string,
    options: CustomOperatorOptions & { readonly returnType?: TypeLike<R> } = {},
  ): (other: unknown) => ColumnElement<R> {
    const operator = customOp(symbol, options);
    return (other) => operations.operate(operator, this, other, { returnType: options.returnType });
  }
  /** An operator of your own that yields a truth value. */
  boolOp(
    symbol: string,
    options: Omit<CustomOperatorOptions, "isComparison"> = {},
  ): (other: unknown) => ColumnElement<boolean> {
    return this.op<boolean>(symbol, { ...options, isComparison: true });
  }
  /** `a DESC` */
  desc(): ColumnElement<T, I> {
    return operations.unary(operators.desc, this);
  }
  /** `a ASC` */
  asc(): ColumnElement<T, I> {
    return operations.unary(operators.asc, this);
  }
  /** `a NULLS FIRST` */
  nullsFirst(): ColumnElement<T, I> {
    return operations.unary(operators.nullsFirst, this);
  }
  /** `a NULLS LAST` */
  nullsLast(): ColumnElement<T, I> {
    return operations.unary(operators.nullsLast, this);
  }
  /** The same as {@link nullsFirst}. */
  nullsfirst(): ColumnElement<T, I> {
    return this.nullsFirst();
  }
  /** The same as {@link nullsLast}. */
  nullslast(): ColumnElement<T, I> {
    return this.nullsLast();
  }
  /** `DISTINCT a`, inside an aggregate. */
  distinct(): ColumnElement<T, I> {
    return operations.unary(operators.distinct, this);
  }
  /** `a AS name`; without a name, an anonymous label. */
  label<const N extends string>(name: N): ColumnElement<T, I> & Named<N>;
  label(name?: null): ColumnElement<T, I>;
  label(name: string | null = null): ColumnElement<T, I> {
    return operations.label(this, name);
  }
  /** `CAST(a AS type)` */
  cast<T2, I2, O2>(type: TypeLike<T2, I2, O2>): ColumnElement<T2 | null, I2> & O2 {
    return operations.cast(this, type as TypeLike) as unknown as ColumnElement<T2 | null, I2> & O2;
  }
  /** `other = ANY (a)`, for arrays; without arguments `ANY (a)`, as one side of a comparison. */
  any(): ColumnElement;
  any(other: unknown, operator?: Operator | { readonly operator?: Operator }): ColumnElement<boolean>;
  any(...args: readonly unknown[]): ColumnElement {
    return operations.operate(operators.any, this, args.length === 0 ? WHOLE : args[0], { operator: args[1] });
  }
  /** `other = ALL (a)`, for arrays; without arguments `ALL (a)`, as one side of a comparison. */
  all(): ColumnElement;
  all(other: unknown, operator?: Operator | { readonly operator?: Operator }): ColumnElement<boolean>;
  all(...args: readonly unknown[]): ColumnElement {
    return operations.operate(operators.all, this, args.length === 0 ? WHOLE : args[0], { operator: args[1] });
  }
}

/** Stands for the other side where `any()` or `all()` gets none. */
export const WHOLE: unique symbol = Symbol("whole");

const noProxies: readonly ColumnElement[] = [];
const anonLabels = new WeakMap<ColumnElement, AnonName>();
const specialised = new WeakMap<object, WeakMap<object, object>>();

/** Gives one expression the methods that its type brings along; prototypes are made once per class and type. */
function specialise(element: ColumnElement, comparator: ComparatorMethods): void {
  const base = Object.getPrototypeOf(element) as object;
  let byComparator = specialised.get(base);
  if (byComparator === undefined) specialised.set(base, (byComparator = new WeakMap()));
  let prototype = byComparator.get(comparator);
  if (prototype === undefined) {
    prototype = Object.create(base, Object.getOwnPropertyDescriptors(comparator)) as object;
    byComparator.set(comparator, prototype);
  }
  Object.setPrototypeOf(element, prototype);
}
