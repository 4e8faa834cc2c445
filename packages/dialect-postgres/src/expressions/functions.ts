/** Functions whose results have a type of PostgreSQL's. */
import {
  type ArrayOps,
  type ColumnElement,
  functionArguments,
  Grouping,
  type Operator,
  operators,
  type SqlExpression,
  SqlFunction,
} from "@athanor/core";
import { PgArray, type PgArrayOps } from "../types/array.ts";
import { HSTORE, type HstoreOps, type HstoreValue } from "../types/hstore.ts";

/** `hstore(…)`; a key of it stands behind parentheses. */
class HstoreFunction extends SqlFunction<HstoreValue> {
  override selfGroup(against: Operator | null): ColumnElement {
    return against === operators.getitem ? new Grouping(this) : super.selfGroup(against);
  }
}

/**
 * An hstore made of a key and a value, of two arrays, or of an array of both: `pg.hstore("a", "b")`,
 * `pg.hstore(pg.array(["a"]), pg.array(["b"]))`.
 */
export function hstore(...args: readonly unknown[]): SqlFunction<HstoreValue> & HstoreOps {
  return new HstoreFunction("hstore", functionArguments("hstore", args), HSTORE()) as SqlFunction<HstoreValue> &
    HstoreOps;
}

/** `array_agg(a)` with the operators of PostgreSQL's arrays; null over no rows. */
export function arrayAgg<T, I>(
  element: ColumnElement<T, I> | (SqlExpression & { readonly "~value": T }),
): SqlFunction<T[] | null> & PgArrayOps<T> {
  const args = functionArguments("array_agg", [element]);
  return new SqlFunction("array_agg", args, new PgArray((args[0] as ColumnElement).type)) as unknown as SqlFunction<
    T[] | null
  > &
    PgArrayOps<T>;
}

/** An expression that gives arrays. */
type ArrayExpression<Method extends keyof ArrayOps> = ColumnElement<readonly unknown[] | null, unknown> &
  Pick<ArrayOps, Method>;

/** `value = ANY (array)`; the same as `literal(value).eq(any(array))`, which takes any other comparison too. */
export function any(
  value: unknown,
  array: ArrayExpression<"any">,
  options: { readonly operator?: Operator } = {},
): ColumnElement<boolean> {
  return array.any(value as never, options.operator);
}

/** `value = ALL (array)`; the same as `literal(value).eq(all(array))`, which takes any other comparison too. */
export function all(
  value: unknown,
  array: ArrayExpression<"all">,
  options: { readonly operator?: Operator } = {},
): ColumnElement<boolean> {
  return array.all(value as never, options.operator);
}
