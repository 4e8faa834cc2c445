/**
 * Attributes that are computed: in JavaScript on objects, in SQL in statements. `hybrid()` for values, `hybridMethod()` for
 * methods. Expressions of plain arithmetic, comparison and text need one definition only: it is computed in memory, too.
 */
import type { ColumnElement } from "@athanor/core";
import type { MappedColumn } from "../declarative/types.ts";
import type { EntityOf } from "../mapping/relationship-attribute.ts";
import type { Comparator } from "./hybrid-comparator.ts";
import { HybridMethod, HybridProperty } from "./hybrid-property.ts";

export { Comparator, type ComparatorOperation } from "./hybrid-comparator.ts";
export { HybridMethod, HybridProperty } from "./hybrid-property.ts";

/** A mapped class. */
interface Mapped {
  readonly "~entity": unknown;
  readonly $: unknown;
}

/** Anything in SQL whose values are `T`. */
interface SqlValue<T> {
  readonly "~value": T;
}

/** What may be done with a computed value besides reading it. */
export interface HybridWriting<E, A, T> {
  /** Assigning on an object. */
  readonly set?: (object: E, value: T) => void;
  /**
   * Its value in `values()` of an ORM INSERT or UPDATE: the columns and their values; `fromDmlColumn()` of Core means what the
   * statement gives to another column. Default: the expression, where it is a column.
   */
  readonly update?: ($: A, value: T) => readonly (readonly [column: unknown, value: unknown])[];
  /** Its value in a row of a bulk INSERT or UPDATE: puts values for attributes into the row. */
  readonly bulkDml?: (row: Record<string, unknown>, value: T) => void;
  /** What `delAttribute(object, key)` does. */
  readonly delete?: (object: E) => void;
  /** Notes of the user's own. */
  readonly info?: Readonly<Record<PropertyKey, unknown>>;
}

/** A computed value. */
export interface HybridOptions<E, A, T> extends HybridWriting<E, A, T> {
  /** The value on an object. */
  readonly get: (object: E) => T;
  /** The value in SQL; `$` has the attributes of the class, or of an alias of it. */
  readonly expression?: ($: A) => unknown;
  /** What compares in SQL in a way of its own; in place of `expression`. */
  readonly comparator?: ($: A) => Comparator<T>;
}

/** A computed value with one definition: the expression, which is computed in memory for objects. */
export interface HybridExpression<E, A, T> extends HybridWriting<E, A, T> {
  /** The value, in SQL and on objects. */
  readonly expression: ($: A) => SqlValue<T>;
  readonly get?: undefined;
}

/** A declared hybrid. */
export interface HybridOf<T> {
  readonly "~value": T;
  readonly "~attribute": MappedColumn<T, string, T, never>;
}

/**
 * A computed attribute.
 *
 * @example
 * length: () => hybrid(Interval, { expression: ($) => $.end.sub($.start) }),
 * radius: () => hybrid(Interval, { get: (i) => Math.abs(i.length) / 2, expression: ($) => func.abs($.end.sub($.start)).div(2) }),
 * // interval.length; select(Interval.$.radius).where(Interval.$.length.gt(10))
 * @throws UnevaluatableError when an object is asked for an expression that cannot be computed in memory: give `get` for those.
 */
export function hybrid<C extends Mapped, T>(_type: C, options: HybridOptions<EntityOf<C>, C["$"], T>): HybridOf<T>;
export function hybrid<C extends Mapped, T>(_type: C, options: HybridExpression<EntityOf<C>, C["$"], T>): HybridOf<T>;
export function hybrid(_type: unknown, options: object): unknown {
  return new HybridProperty(options);
}

/** {@link hybrid} by SQLAlchemy's name. */
export const hybridProperty: typeof hybrid = hybrid;

/** A method that has a form in SQL. */
export interface HybridMethodOptions<E, A, P extends readonly unknown[], T> {
  /** What it gives on an object. */
  readonly call: (object: E, ...args: P) => T;
  /** What it is in SQL. */
  readonly expression: ($: A, ...args: NoInfer<P>) => unknown;
}

/** A method with one definition, computed in memory for objects. */
export interface HybridMethodExpression<A, P extends readonly unknown[], T> {
  /** What it is, in SQL and on objects. */
  readonly expression: ($: A, ...args: P) => SqlValue<T>;
  readonly call?: undefined;
}

/** A declared hybrid method. */
export interface HybridMethodOf<P extends readonly unknown[], T> {
  readonly "~value": (...args: P) => T;
  readonly "~attribute": (...args: P) => ColumnElement<T>;
}

/**
 * A method of objects that statements can call: `Gizmo.$.dearerThan(10)`.
 *
 * @example
 * contains: () => hybridMethod(Interval, { expression: ($, point: number) => and($.start.le(point), $.end.ge(point)) })
 */
export function hybridMethod<C extends Mapped, P extends readonly unknown[], T>(
  _type: C,
  options: HybridMethodOptions<EntityOf<C>, C["$"], P, T>,
): HybridMethodOf<P, T>;
export function hybridMethod<C extends Mapped, P extends readonly unknown[], T>(
  _type: C,
  options: HybridMethodExpression<C["$"], P, T>,
): HybridMethodOf<P, T>;
export function hybridMethod(_type: unknown, options: object): unknown {
  return new HybridMethod(options as never);
}
