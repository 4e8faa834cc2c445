/** Properties of shapes that are neither plain columns nor relationships: `columnProperty()`, `deferred()`, `synonym()`, `composite()`. */
import { ArgumentError, Column, ColumnElement, describe, isPlain, Label, null_, resolveNode } from "@athanor/core";
import { ColumnProperty, type ColumnPropertyOptions } from "../mapping/column-property.ts";
import { type CompositeAttribute, CompositeProperty, type CompositeType } from "../mapping/composite.ts";
import { SynonymProperty } from "../mapping/synonym.ts";

/** An expression that is mapped as an attribute: loaded, never written. */
export interface MappedExpressionOf<T> {
  /** Phantom: the value. */
  readonly "~value": T;
}

interface WithValue<T> {
  readonly "~value": T;
}

/**
 * A column with mapping options, or a SQL expression as an attribute. Expressions of the class's own columns are given by a
 * function: `full: () => columnProperty(User.$.first.concat(User.$.last))`.
 */
export function columnProperty<M extends WithValue<unknown>>(
  element: M,
  options?: ColumnPropertyOptions,
): M extends { readonly "~insert": unknown } ? M : MappedExpressionOf<M["~value"]>;
/**
 * One attribute for columns of several tables that hold the same value, in a class that is mapped to a join of them. The first
 * is the one that statements name; all are written.
 *
 * @example id: columnProperty(users.c.id, addresses.c.userId)
 */
export function columnProperty<M extends WithValue<unknown>>(
  element: M,
  ...rest: readonly [...columns: WithValue<unknown>[], options: ColumnPropertyOptions | WithValue<unknown>]
): M extends { readonly "~insert": unknown } ? M : MappedExpressionOf<M["~value"]>;
export function columnProperty(...given: readonly unknown[]): unknown {
  const last = given.at(-1);
  const options = given.length > 1 && isPlain(last as object) ? (last as ColumnPropertyOptions) : undefined;
  const elements = (options === undefined ? given : given.slice(0, -1)).filter((each) => each !== undefined);
  return new ColumnProperty(elements.map(mappedElement), options);
}

/** What is mapped for a column or expression that was given. */
function mappedElement(given: unknown): ColumnElement {
  const node = given === null || given === undefined ? undefined : resolveNode(given);
  const expression =
    node instanceof ColumnElement
      ? node
      : (node as unknown as { scalarSubquery?(): ColumnElement } | undefined)?.scalarSubquery?.();
  if (!(expression instanceof ColumnElement))
    throw new ArgumentError(`columnProperty() takes columns or a column expression, not ${describe(given)}`);
  return expression instanceof Column ? expression : expression.canonical;
}

/**
 * An attribute whose expression comes with the statement: `options(withExpression(User.$.rank, …))`. Without it the value is
 * that of the default expression, or null. Never written.
 *
 * @example rank: queryExpression<number>()
 */
export function queryExpression<T = unknown>(defaultExpression?: ColumnElement<T>): MappedExpressionOf<T | null> {
  const node = defaultExpression === undefined ? undefined : resolveNode(defaultExpression);
  if (defaultExpression !== undefined && !(node instanceof ColumnElement))
    throw new ArgumentError("queryExpression() takes a SQL expression as its default");
  const queryExpression = node === undefined ? "none" : "default";
  const element = node === undefined ? new Label(null, null_()) : (node as ColumnElement);
  return new ColumnProperty([element], { queryExpression }) as unknown as MappedExpressionOf<T | null>;
}

/** Options of {@link deferred}. */
export interface DeferredOptions {
  /** Columns of one group are loaded together. */
  readonly group?: string;
  /** Touching the column raises. */
  readonly raiseload?: boolean;
}

/** A column that is loaded when it is first touched: `bio: deferred(column(t.text))`. */
export function deferred<M extends WithValue<unknown>>(element: M, options: DeferredOptions = {}): M {
  return columnProperty(element, { ...options, deferred: true }) as unknown as M;
}

/** An attribute under another name, on objects and in statements: `surname: synonym("last")`. */
export function synonym<const N extends string>(attribute: N): { readonly "~synonym": N; readonly "~value": unknown } {
  return new SynonymProperty(attribute) as unknown as { readonly "~synonym": N; readonly "~value": unknown };
}

/** A declared composite. */
export interface CompositeOf<T> {
  readonly "~value": T | null;
  readonly "~attribute": CompositeAttribute<T>;
}

/**
 * An attribute that is an object made of several attributes: `start: composite(Point, { x: "x1", y: "y1" })`, members of
 * the object by the attributes of their columns; or the attributes alone, for objects whose members have the same order.
 */
export function composite<T extends object>(
  type: CompositeType<T>,
  members: { readonly [K in keyof T & string]?: string },
): CompositeOf<T>;
export function composite<T extends object>(type: CompositeType<T>, ...attributes: readonly string[]): CompositeOf<T>;
export function composite(type: CompositeType<object>, ...rest: readonly unknown[]): unknown {
  const [first] = rest;
  if (first !== null && typeof first === "object")
    return new CompositeProperty(type, Object.values(first) as string[], Object.keys(first));
  if (rest.length === 0) throw new ArgumentError("composite() takes the attributes that it is made of");
  return new CompositeProperty(type, rest as readonly string[], null);
}
