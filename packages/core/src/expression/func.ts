/** `func`: every SQL function by its own name, those of the standard with their result types. */
import { QuotedName } from "../ast/name.ts";
import { ArgumentError } from "../errors/errors.ts";
import type { Operator } from "../operator/operator.ts";
import { operators } from "../operator/table.ts";
import { ArrayType } from "../types/array.ts";
import { NULLTYPE } from "../types/null.ts";
import { Double, Integer, Numeric } from "../types/numeric.ts";
import { StringType } from "../types/string.ts";
import { DateTime, DateType } from "../types/temporal.ts";
import type { SqlType, TypeLike } from "../types/type.ts";
import type { ArrayOps } from "./array-ops.ts";
import type { Cast } from "./cast.ts";
import type { SqlExpression } from "./clause-element.ts";
import { ColumnElement } from "./column-element.ts";
import { cast, extract } from "./constructors.ts";
import type { Extract } from "./extract.ts";
import { functionArguments, SqlFunction } from "./function.ts";
import type { DatabaseFunctionName } from "./function-names.ts";
import { LiteralColumn } from "./literal-column.ts";
import type { WithinGroup } from "./over.ts";

/** A call of a function whose result type is not known; give it one with `.returns(t.integer)`. */
export interface AnyFunction {
  (...args: readonly unknown[]): SqlFunction<unknown, unknown>;
  /** A function in a package or schema: `func.pkg.name()`. */
  readonly [name: string]: AnyFunction;
}

type ValueOf<A> = A extends { readonly "~value": infer T } ? T : A;
type Widen<T> = T extends string ? string : T extends number ? number : T;
type Coalesced<A extends readonly unknown[]> = A extends readonly [...infer Head, infer Last]
  ? NonNullable<ValueOf<Head[number]>> | Widen<ValueOf<Last>> extends infer T
    ? null extends ValueOf<Last>
      ? T
      : NonNullable<T>
    : never
  : never;

/** Functions with known results. */
export interface KnownFunctions {
  /** `count(*)` without an argument. Never null. */
  count(...args: readonly unknown[]): SqlFunction<number>;
  /** Null over no rows. */
  sum<T, I>(expression: ColumnElement<T, I>): SqlFunction<T | null, I>;
  sum(...args: readonly unknown[]): SqlFunction<unknown>;
  /** The same as `cast()`. */
  cast<T, I, O>(element: unknown, type: TypeLike<T, I, O>): Cast<T | null, I> & O;
  /** The same as `extract()`. */
  extract(field: string, element: unknown): Extract;
  max<T, I>(expression: ColumnElement<T, I>): SqlFunction<T | null, I>;
  max(...args: readonly unknown[]): SqlFunction<unknown>;
  min<T, I>(expression: ColumnElement<T, I>): SqlFunction<T | null, I>;
  min(...args: readonly unknown[]): SqlFunction<unknown>;
  avg(...args: readonly unknown[]): SqlFunction<number | null>;
  coalesce<const A extends readonly unknown[]>(...args: A): SqlFunction<Coalesced<A>>;
  nullif<T, I>(expression: ColumnElement<T, I>, other: unknown): SqlFunction<T | null, I>;
  nullif(...args: readonly unknown[]): SqlFunction<unknown>;
  lower(...args: readonly unknown[]): SqlFunction<string>;
  upper(...args: readonly unknown[]): SqlFunction<string>;
  trim(...args: readonly unknown[]): SqlFunction<string>;
  concat(...args: readonly unknown[]): SqlFunction<string>;
  substr(...args: readonly unknown[]): SqlFunction<string>;
  replace(...args: readonly unknown[]): SqlFunction<string>;
  char_length(...args: readonly unknown[]): SqlFunction<number>;
  length(...args: readonly unknown[]): SqlFunction<number>;
  abs<T, I>(expression: ColumnElement<T, I>): SqlFunction<T, I>;
  abs(...args: readonly unknown[]): SqlFunction<unknown>;
  now(...args: readonly unknown[]): SqlFunction<Date>;
  current_timestamp(...args: readonly unknown[]): SqlFunction<Date>;
  localtimestamp(...args: readonly unknown[]): SqlFunction<Date>;
  sysdate(...args: readonly unknown[]): SqlFunction<Date>;
  current_date(...args: readonly unknown[]): SqlFunction<string>;
  current_time(...args: readonly unknown[]): SqlFunction<string>;
  localtime(...args: readonly unknown[]): SqlFunction<string>;
  current_user(...args: readonly unknown[]): SqlFunction<string>;
  session_user(...args: readonly unknown[]): SqlFunction<string>;
  user(...args: readonly unknown[]): SqlFunction<string>;
  random(...args: readonly unknown[]): SqlFunction<number>;
  row_number(...args: readonly unknown[]): SqlFunction<number>;
  rank(...args: readonly unknown[]): SqlFunction<number>;
  dense_rank(...args: readonly unknown[]): SqlFunction<number>;
  ntile(...args: readonly unknown[]): SqlFunction<number>;
  percent_rank(...args: readonly unknown[]): SqlFunction<string>;
  cume_dist(...args: readonly unknown[]): SqlFunction<string>;
  array_agg<T, I>(expression: ColumnElement<T, I>): SqlFunction<T[]> & ArrayOps;
  array_agg(...args: readonly unknown[]): SqlFunction<unknown[]> & ArrayOps;
  /** Joins the strings of a group: string_agg, group_concat, LISTAGG. */
  aggregate_strings(expression: SqlExpression, separator: string): SqlFunction<string>;
}

/** The same names in capitals: `func.COUNT()`. */
type CapitalFunctions = { readonly [K in keyof KnownFunctions as Uppercase<K>]: KnownFunctions[K] } & {
  readonly [K in Uppercase<DatabaseFunctionName>]: AnyFunction;
};

/** The type of `func`. */
export type FunctionNamespace = KnownFunctions & {
  readonly [K in DatabaseFunctionName]: AnyFunction;
} & CapitalFunctions & {
    readonly [name: string]: AnyFunction;
  } & FunctionByName;

/** A function by its name, with the packages or schemas that it is in before it: `func("my_pkg", "my_function")(1)`. */
export type FunctionByName = (...path: readonly [string, ...string[]]) => AnyFunction;

const integer = new Integer();
const string = new StringType();
const dateTime = new DateTime();
const time = new StringType();

/** Chooses a function's type by its arguments. */
type TypeRule = (args: readonly ColumnElement[]) => SqlType;
const fixed =
  (type: SqlType): TypeRule =>
  () =>
    type;
const ofArgument: TypeRule = (args) => args.find((arg) => arg.type.affinity !== "null")?.type ?? NULLTYPE;
const always =
  (make: () => SqlType): TypeRule =>
  () =>
    make();

const rules: Readonly<Record<string, TypeRule>> = {
  count: fixed(integer),
  sum: ofArgument,
  max: ofArgument,
  min: ofArgument,
  coalesce: ofArgument,
  nullif: ofArgument,
  abs: ofArgument,
  avg: always(() => new Double()),
  concat: fixed(string),
  char_length: fixed(integer),
  now: fixed(dateTime),
  current_timestamp: fixed(dateTime),
  localtimestamp: fixed(dateTime),
  sysdate: fixed(dateTime),
  current_date: always(() => new DateType()),
  current_time: fixed(time),
  localtime: fixed(time),
  current_user: fixed(string),
  session_user: fixed(string),
  user: fixed(string),
  row_number: fixed(integer),
  rank: fixed(integer),
  dense_rank: fixed(integer),
  percent_rank: always(() => new Numeric()),
  cume_dist: always(() => new Numeric()),
  aggregate_strings: fixed(string),
  // Arrays are put together into one of more dimensions, which is the same type.
  array_agg: ([first]) => (first?.type instanceof ArrayType ? first.type : new ArrayType(first?.type ?? NULLTYPE)),
};

/** Functions that the standard writes without parentheses when they have no arguments. */
export const parenthesisFree: ReadonlySet<string> = new Set([
  "current_date",
  "current_time",
  "current_timestamp",
  "current_user",
  "localtime",
  "localtimestamp",
  "session_user",
  "sysdate",
  "user",
]);

/** Functions of SQL that are written otherwise than a call. */
const spelled: Readonly<Record<string, (args: readonly unknown[]) => ColumnElement>> = {
  cast: ([element, type]) => cast(element, type as TypeLike),
  extract: ([field, element]) => extract(String(field), element),
};

const orderedSetTypes = new Set(["mode", "percentile_cont", "percentile_disc"]);

/** A call whose type follows from what it is ordered by. */
class OrderedSetFunction extends SqlFunction {
  protected override withinGroupType(element: WithinGroup): SqlType | null {
    const first = element.orderBy.clauses[0];
    return first instanceof ColumnElement ? first.type : null;
  }
}

/** Own functions with a result type and, optionally, their own rendering; see {@link registerFunction}. */
const registered = new Map<string, (args: readonly unknown[]) => ColumnElement>();

/**
 * Makes `func.<name>` call a constructor of your own; a name with dots stands for `func.<package>.<name>`.
 *
 * @throws ArgumentError for an empty name.
 */
export function registerFunction(name: string, make: (args: readonly unknown[]) => ColumnElement): void {
  if (name === "") throw new ArgumentError("a function needs a name");
  registered.set(name.toLowerCase(), make);
}

/** Functions that are written in lower case however they are named, as SQLAlchemy has them. */
const standardNames: ReadonlySet<string> = new Set([
  ...parenthesisFree,
  ..."aggregate_strings array_agg char_length coalesce concat count cube cume_dist dense_rank grouping_sets max min".split(
    " ",
  ),
  ..."mode now percent_rank percentile_cont percentile_disc pow random rank rollup sum".split(" "),
]);

function makeCall(path: readonly string[], quote: boolean | null, args: readonly unknown[]): ColumnElement {
  const packages = path.slice(0, -1);
  const given = path.at(-1) as string;
  const lower = given.toLowerCase();
  // `func.if_()`, as Python has to write it.
  const plain = quote === null && given.length > 1 && given.endsWith("_") ? given.slice(0, -1) : given;
  const name = quote === null && packages.length === 0 && standardNames.has(lower) ? lower : plain;
  const own = registered.get(path.join(".").toLowerCase());
  if (own !== undefined) return own(args);
  const special = packages.length === 0 && quote === null ? spelled[lower] : undefined;
  if (special !== undefined) return special(args);
  if (packages.length > 0) return new SqlFunction(name, functionArguments(name, args), NULLTYPE, packages, quote);
  if (lower === "count" && args.length === 0) return new SqlFunction("count", [new LiteralColumn("*")], integer);
  if (lower === "array_agg" || lower === "aggregate_strings")
    return new SqlFunction(
      name,
      functionArguments(name, args),
      (rules[lower] as TypeRule)(functionArguments(name, args)),
      [],
      quote,
    );
  const rule = rules[lower];
  let nodes = functionArguments(name, args);
  if (rule === ofArgument) {
    // Literals beside a typed argument take its type, so that dates and decimals are converted alike.
    const type = ofArgument(nodes.filter((_, index) => args[index] instanceof ColumnElement));
    if (type !== NULLTYPE)
      nodes = functionArguments(
        name,
        args,
        args.map((arg) =>
          arg instanceof ColumnElement || arg === null ? undefined : type.coerceComparedValue(null, arg),
        ),
      );
  }
  const Class = orderedSetTypes.has(lower) ? OrderedSetFunction : SqlFunction;
  return new Class(name, nodes, rule === undefined ? NULLTYPE : rule(nodes), [], quote);
}

function namespace(path: readonly string[]): AnyFunction {
  const call = (...args: readonly unknown[]): ColumnElement => makeCall(path, null, args);
  return new Proxy(call, {
    get(target, name) {
      if (typeof name === "symbol") return Reflect.get(target, name) as unknown;
      if (path.length === 0 || !(name in Function.prototype)) return member([...path, name]);
      return Reflect.get(target, name) as unknown;
    },
  }) as unknown as AnyFunction;
}

const topLevel = new Map<string, AnyFunction>();

function member(path: readonly string[]): AnyFunction {
  if (path.length > 1) return namespace(path);
  const name = path[0] as string;
  let known = topLevel.get(name);
  if (known === undefined) topLevel.set(name, (known = namespace(path)));
  return known;
}

function byName(...path: readonly string[]): AnyFunction {
  if (path.length === 0 || path.some((name) => typeof name !== "string" || name === ""))
    throw new ArgumentError("func() takes the name of a function, with its packages before it", {
      fix: 'write func("my_function")(…)',
    });
  return member(path);
}

/**
 * SQL functions: `func.lower(users.c.name)`, `func.my_schema.my_function(1)`. Names are SQL's own, never camelCased. A name
 * that TypeScript cannot know is given as text, `func("my_function")(1)`, or declared once for the whole program:
 *
 * @example
 * declare module "@athanor/core" {
 *   interface KnownFunctions { my_function(value: unknown): SqlFunction<number> }
 * }
 */
export const func: FunctionNamespace = new Proxy(
  ((...path: readonly string[]) => byName(...path)) as FunctionNamespace,
  {
    get(_target, name) {
      return typeof name === "symbol" ? undefined : member([name]);
    },
  },
);

/** `func` for a name that is no identifier, or whose quoting is given: `functionNamed("odd name")(1)`. */
export function functionNamed(
  name: string | QuotedName,
): (...args: readonly unknown[]) => SqlFunction<unknown, unknown> {
  const quote = name instanceof QuotedName ? name.quote : null;
  return (...args) => makeCall([String(name)], quote, args) as SqlFunction<unknown, unknown>;
}

/** Whether an operator is that of a comparison; used by `functionAsComparison`. */
export function isComparison(operator: Operator): boolean {
  return operator.comparison && operator !== operators.between;
}
