/** The functions that users build expressions with, beside methods and `func`. */

import { isPlain } from "../ast/node.ts";
import { ArgumentError } from "../errors/errors.ts";
import { operators } from "../operator/table.ts";
import { describe } from "../types/literals.ts";
import { NULLTYPE } from "../types/null.ts";
import { TupleType } from "../types/tuple.ts";
import { isTypeLike, type TypeLike, toType } from "../types/type.ts";
import { warn } from "../util/warnings.ts";
import { Binary } from "./binary.ts";
import { literalBind } from "./bind.ts";
import { Case } from "./case.ts";
import { Cast, TryCast, TypeCoerce } from "./cast.ts";
import type { SqlExpression } from "./clause-element.ts";
import { joinConditions } from "./clause-list.ts";
import {
  asColumnElement,
  byElement,
  columnsClauseElement,
  condition,
  literalElement,
  refuseUndefined,
  resolveNode,
} from "./coerce.ts";
import { Collation } from "./collation.ts";
import { CollectionAggregate } from "./collection-aggregate.ts";
import { type CollateOptions, ColumnElement, type Named, operations } from "./column-element.ts";
import { null_ } from "./constants.ts";
import { Extract } from "./extract.ts";
import type { FunctionElement } from "./function.ts";
import { LabelReference } from "./label-reference.ts";
import { LiteralColumn } from "./literal-column.ts";
import { type AggregateOrderBy, type FunctionFilter, Over, type OverOptions, type WithinGroup } from "./over.ts";
import { TextClause } from "./text.ts";
import { Tuple } from "./tuple.ts";
import { Unary } from "./unary.ts";

/** What AND, OR and WHERE accept. */
export type Condition = SqlExpression | boolean;

/**
 * `a AND b AND …`. Constants are folded. Without arguments it asks for nothing: WHERE and AND leave it out, elsewhere it is TRUE.
 * Lists that may be empty are better written `and(true, ...conditions)`; without arguments there is a warning.
 */
export function and(...conditions: readonly Condition[]): ColumnElement<boolean> {
  if (conditions.length === 0) warnOfNothing("and", "true");
  return joinConditions(
    operators.and,
    conditions.map((given) => condition(given, "and()")),
  );
}

/**
 * `a OR b OR …`. Constants are folded. Without arguments it holds for nothing: OR leaves it out, elsewhere it is FALSE.
 * Lists that may be empty are better written `or(false, ...conditions)`; without arguments there is a warning.
 */
export function or(...conditions: readonly Condition[]): ColumnElement<boolean> {
  if (conditions.length === 0) warnOfNothing("or", "false");
  return joinConditions(
    operators.or,
    conditions.map((given) => condition(given, "or()")),
  );
}

function warnOfNothing(name: string, constant: string): void {
  warn(
    `${name}() without arguments is deprecated. For conditions that may be none, write ${name}(${constant}, ...conditions)`,
  );
}

/** The negation: `a != b` for `a = b`, `NOT (…)` where there is no shorter form. */
export function not(given: Condition): ColumnElement<boolean> {
  const element = typeof given === "boolean" ? literalElement(given) : condition(given, "not()");
  if (element instanceof ColumnElement) return element.negate() as ColumnElement<boolean>;
  return new Unary<boolean>(element as unknown as ColumnElement, { operator: operators.not, type: NULLTYPE });
}

/** A value as a bind parameter that can stand anywhere: `select(literal(5))`. */
export function literal<T, I, O>(
  value: unknown,
  type: TypeLike<T, I, O>,
  options?: LiteralOptions,
): ColumnElement<T, I> & O;
export function literal<T, I, O>(
  value: unknown,
  options: LiteralOptions & { readonly type: TypeLike<T, I, O> },
): ColumnElement<T, I> & O;
export function literal<const V>(
  value: V,
  options?: LiteralOptions,
): ColumnElement<V extends number ? number : V extends string ? string : V>;
export function literal(value: unknown, ...rest: readonly unknown[]): ColumnElement {
  const args = [...rest];
  const last = args.at(-1);
  const options =
    last !== undefined && !isTypeLike(last)
      ? (args.pop() as LiteralOptions & { readonly type?: TypeLike })
      : ({} as { readonly type?: TypeLike } & LiteralOptions);
  const type = (args[0] as TypeLike | undefined) ?? options.type ?? undefined;
  if (resolveNode(value) !== undefined)
    throw new ArgumentError("literal() takes a value, not an SQL expression", { fix: "use the expression itself" });
  const element = literalElement(value, type === undefined ? undefined : toType(type));
  return options.literalExecute ? element.withLiteralExecute() : element;
}

/** Options of {@link literal}. */
export interface LiteralOptions {
  /** Writes the value into the text when the statement is executed. Default false. */
  readonly literalExecute?: boolean;
}

/** SQL text as a column expression; not escaped, not quoted. */
export function literalColumn<T = unknown, I = T, O = unknown>(
  text: string,
  type?: TypeLike<T, I, O>,
): LiteralColumn<T, I> & O {
  if (typeof text !== "string") throw new ArgumentError(`literalColumn() takes SQL text, not ${describe(text)}`);
  return new LiteralColumn<T, I>(text, type === undefined ? NULLTYPE : toType(type as TypeLike)) as LiteralColumn<
    T,
    I
  > &
    O;
}

/** SQL text with `:name` parameters, as a statement or in any place of one. */
export function text(sql: string): TextClause {
  if (typeof sql !== "string") throw new ArgumentError(`text() takes SQL text, not ${describe(sql)}`);
  return new TextClause(sql);
}

function valueElement(value: unknown, type: TypeLike): ColumnElement {
  const node = resolveNode(value);
  if (node !== undefined) return asColumnElement(node, "a cast operand");
  refuseUndefined(value, "the operand of cast()");
  return value === null ? null_() : literalBind(value, toType(type));
}

/** `CAST(a AS type)` */
export function cast<T, I, O>(element: unknown, type: TypeLike<T, I, O>): Cast<T | null, I> & O {
  return new Cast<T | null, I>(valueElement(element, type as TypeLike), toType(type as TypeLike)) as Cast<T | null, I> &
    O;
}

/** `TRY_CAST(a AS type)`: NULL where the value does not convert (SQL Server). */
export function tryCast<T, I, O>(element: unknown, type: TypeLike<T, I, O>): TryCast<T | null, I> & O {
  return new TryCast<T | null, I>(valueElement(element, type as TypeLike), toType(type as TypeLike)) as TryCast<
    T | null,
    I
  > &
    O;
}

/** Treats an expression as another type on the JavaScript side, without SQL. */
export function typeCoerce<T, I, O>(element: unknown, type: TypeLike<T, I, O>): TypeCoerce<T, I> & O {
  const node = resolveNode(element);
  const target = toType(type as TypeLike);
  if (node === undefined) refuseUndefined(element, "the operand of typeCoerce()");
  const inner =
    node === undefined
      ? element === null
        ? null_()
        : literalBind(element, target)
      : asColumnElement(node, "the operand of typeCoerce()");
  return new TypeCoerce<T, I>(inner, target) as TypeCoerce<T, I> & O;
}

/** One arm of CASE: a condition (or a value, beside `value`) and a result. */
export type When = readonly [when: unknown, then: unknown];

function isListOfPairs(given: unknown): given is readonly When[] {
  return Array.isArray(given) && given.every((pair) => Array.isArray(pair) && pair.length === 2);
}

/** Options of {@link case_}. */
export interface CaseOptions {
  /** Compared with each `when`. */
  readonly value?: unknown;
  /** The result where no arm fits; NULL without it. */
  readonly else?: unknown;
}

type ResultOf<V> = V extends { readonly "~value": infer T }
  ? T
  : V extends string
    ? string
    : V extends number
      ? number
      : V extends boolean
        ? boolean
        : V;
type CaseResult<A extends readonly unknown[]> = A[number] extends infer W
  ? W extends readonly [unknown, infer R]
    ? ResultOf<R>
    : W extends { readonly else: infer E }
      ? ResultOf<E>
      : never
  : never;
type HasElse<A extends readonly unknown[]> = A extends readonly [...unknown[], { readonly else: unknown }]
  ? true
  : false;

/**
 * `CASE WHEN … THEN … ELSE … END`: `case_([users.c.age.lt(13), "child"], [users.c.age.lt(20), "teen"], { else: "adult" })`,
 * or by value: `case_({ new: 1, paid: 2 }, { value: orders.c.status, else: 0 })`.
 */
export function case_<const A extends readonly (When | CaseOptions | Readonly<Record<string, unknown>>)[]>(
  ...args: A
): Case<HasElse<A> extends true ? CaseResult<A> : CaseResult<A> | null> {
  const given: unknown[] = [...args];
  let options: CaseOptions = {};
  const last = given.at(-1);
  if (
    last !== undefined &&
    !Array.isArray(last) &&
    isPlain(last as object) &&
    ("value" in (last as object) || "else" in (last as object))
  )
    options = given.pop() as CaseOptions;
  const value = options.value !== undefined && options.value !== null ? columnsClauseElement(options.value) : null;
  let arms = given as (When | Readonly<Record<string, unknown>>)[];
  if (arms.length === 1 && !Array.isArray(arms[0]))
    arms = Object.entries(arms[0] as Record<string, unknown>).map(([key, each]): When => [keyFor(value, key), each]);
  // By value, a list of pairs stands for a dictionary whose keys are no strings.
  if (arms.length === 1 && "value" in options && isListOfPairs(arms[0])) arms = [...arms[0]];
  if (arms.length > 0 && Array.isArray((arms[0] as When)[0]) && Array.isArray(arms[0])) {
    throw new ArgumentError(
      'The "whens" argument to case(), when referring to a sequence of items, is now passed as a series of positional elements, rather than as a list.',
    );
  }
  const whens = (arms as When[]).map((arm): [ColumnElement, ColumnElement] => {
    if (!Array.isArray(arm) || arm.length !== 2)
      throw new ArgumentError("case_() takes pairs of a condition and a result", {
        fix: "write case_([users.c.age.lt(13), 1], { else: 0 })",
      });
    const isValue = value !== null || typeof arm[0] === "boolean";
    const when = isValue ? result(arm[0]) : (condition(arm[0], "CASE WHEN") as ColumnElement);
    return [when instanceof ColumnElement ? when.selfGroup(null) : when, result(arm[1])];
  });
  const otherwise = options.else === undefined || options.else === null ? null : result(options.else);
  return new Case(value as ColumnElement | null, whens, otherwise) as never;
}

/** The keys of an object are text, also where they stand for numbers. */
function keyFor(value: unknown, key: string): unknown {
  const affinity = value instanceof ColumnElement ? value.type.affinity : "null";
  const isNumber = affinity === "integer" || affinity === "numeric" || affinity === "float";
  return isNumber && key.trim() !== "" && Number.isFinite(Number(key)) ? Number(key) : key;
}

function result(value: unknown): ColumnElement {
  const node = resolveNode(value);
  if (node !== undefined) return asColumnElement(node, "a result of CASE");
  return value === null ? null_() : literalElement(value);
}

/** `(a, b)`, for comparison with lists and subqueries. */
export function tuple(...args: readonly unknown[]): Tuple<unknown[], unknown> {
  const options = args.at(-1);
  const types =
    options !== null && typeof options === "object" && isPlain(options)
      ? (options as { types?: readonly TypeLike[] }).types
      : undefined;
  const members = types === undefined ? args : args.slice(0, -1);
  const elements = members.map((member, index) => {
    const node = resolveNode(member);
    const type = types?.[index];
    return node === undefined
      ? literalElement(member, type === undefined ? undefined : toType(type))
      : asColumnElement(node, "a tuple member");
  });
  return new Tuple<unknown[], unknown>(elements, new TupleType(...elements.map((element) => element.type)));
}

function columnOf(element: unknown, where: string): ColumnElement {
  const node = resolveNode(element);
  if (node !== undefined) return asColumnElement(node, where);
  return literalElement(element);
}

/** An element of ORDER BY, or the name of a label. */
function orderElement(element: unknown): ColumnElement {
  return typeof element === "string" ? new LabelReference(element) : (byElement(element, "ORDER BY") as ColumnElement);
}

/** `a ASC` */
export function asc(element: SqlExpression | string): ColumnElement {
  return operations.unary(operators.asc, orderElement(element));
}
/** `a DESC` */
export function desc(element: SqlExpression | string): ColumnElement {
  return operations.unary(operators.desc, orderElement(element));
}
/** `a NULLS FIRST` */
export function nullsFirst(element: SqlExpression | string): ColumnElement {
  return operations.unary(operators.nullsFirst, orderElement(element));
}
/** `a NULLS LAST` */
export function nullsLast(element: SqlExpression | string): ColumnElement {
  return operations.unary(operators.nullsLast, orderElement(element));
}
export { nullsFirst as nullsfirst, nullsLast as nullslast };

/** `f() OVER (…)`, as `f.over(options)`. */
export function over<T, I>(element: ColumnElement<T, I>, options: OverOptions = {}): Over<T, I> {
  return new Over<T, I>(element, options);
}
/** `f() FILTER (WHERE …)`, as `f.filter(…)`. */
export function funcfilter<T, I>(
  element: FunctionElement<T, I>,
  ...criteria: readonly Condition[]
): FunctionFilter<T, I> {
  return element.filter(...criteria);
}
/** `f() WITHIN GROUP (ORDER BY …)`, as `f.withinGroup(…)`. */
export function withinGroup<T, I>(element: FunctionElement<T, I>, ...orderBy: readonly unknown[]): WithinGroup<T, I> {
  return element.withinGroup(...orderBy);
}
/** `f(a ORDER BY …)`, as `f.aggregateOrderBy(…)`. */
export function aggregateOrderBy<T, I>(
  element: FunctionElement<T, I>,
  ...orderBy: readonly unknown[]
): AggregateOrderBy<T, I> {
  return element.aggregateOrderBy(...orderBy);
}
/** `a AS name`, as `a.label(name)`. */
export function label<const N extends string, T, I>(
  name: N,
  element: ColumnElement<T, I>,
): ColumnElement<T, I> & Named<N> {
  return element.label(name);
}

/** `DISTINCT a`, inside an aggregate. */
export function distinct<T, I>(element: ColumnElement<T, I>, ...more: readonly never[]): ColumnElement<T, I> {
  if (more.length > 0)
    throw new ArgumentError(`distinct() takes one expression, not ${more.length + 1}`, {
      fix: "for several columns: distinct(tuple(a, b)), or .distinct() of the statement",
    });
  return element.distinct();
}
/** `a COLLATE name` */
export function collate<T, I>(
  element: ColumnElement<T, I> | string,
  collation: string,
  options: CollateOptions = {},
): ColumnElement<T, I> {
  const operand = columnOf(element, "the operand of collate()");
  return new Binary<T, I>(
    operand,
    new Collation(collation, options.collationSchema ?? null),
    operators.collate,
    operand.type,
  );
}
/** `EXTRACT(field FROM a)` */
export function extract(field: string, element: unknown): Extract {
  return new Extract(field, columnOf(element, "the operand of extract()"));
}
/** `a BETWEEN low AND high` */
export function between<I>(
  element: ColumnElement<unknown, I>,
  low: unknown,
  high: unknown,
  options: { readonly symmetric?: boolean } = {},
): ColumnElement<boolean> {
  return operations.between(element, low, high, options);
}
/** `~a` */
export function bitwiseNot<T, I>(element: ColumnElement<T, I>): ColumnElement<T, I> {
  return element.bitwiseNot();
}
/** `ANY (…)` over a subquery or an array, as one side of a comparison. */
export function any(element: unknown): CollectionAggregate {
  return new CollectionAggregate(columnOf(element, "the operand of any()"), operators.any);
}
/** `ALL (…)` over a subquery or an array, as one side of a comparison. */
export function all(element: unknown): CollectionAggregate {
  return new CollectionAggregate(columnOf(element, "the operand of all()"), operators.all);
}
