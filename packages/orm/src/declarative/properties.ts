/** Properties of shapes that are neither plain columns nor relationships: `columnProperty()`, `deferred()`, `synonym()`, `composite()`. */
import {
  ArgumentError,
  Column,
  ColumnElement,
  type ColumnTypes,
  describe,
  isPlain,
  Label,
  null_,
  resolveNode,
} from "@athanor/core";
import { ColumnProperty, type ColumnPropertyOptions } from "../mapping/column-property.ts";
import {
  type CompositeAttribute,
  type CompositeMember,
  type CompositeOptions,
  CompositeProperty,
  type CompositeType,
} from "../mapping/composite.ts";
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

/** A declared composite: `T` is its value, `A` its attribute in statements. */
export interface CompositeOf<T, A> {
  readonly "~value": T;
  readonly "~composite": A;
}

/** What the options of a composite make of its type. */
type MadeComposite<T, O> = O extends { readonly comparatorFactory: new (...args: never) => infer A }
  ? CompositeOf<CompositeValue<T, O>, A>
  : CompositeOf<CompositeValue<T, O>, CompositeAttribute<CompositeValue<T, O>>>;

/** The value: an object always where null never stands for one. */
type CompositeValue<T, O> = O extends { readonly returnNoneOn: null } ? T : T | null;

/**
 * An attribute that is an object made of several columns: `start: composite(Point, { x: "x1", y: "y1" })`, members of the object
 * by the attributes of their columns; or the attributes alone, in the order in which the class takes them. A column may be given
 * in place of an attribute: of the table, or `column("x1", t.integer)`, which becomes part of it.
 *
 * @example
 * class Vertex extends Base.mapped("vertices", {
 *   id: column(t.integer, { primaryKey: true }),
 *   start: composite(Point, column("x1", t.integer), column("y1", t.integer)),
 * }) {}
 */
export function composite<T extends object, const O extends CompositeOptions = Record<never, never>>(
  type: CompositeType<T>,
  members: { readonly [K in keyof T & string]?: CompositeMember | ColumnTypes },
  options?: O,
): MadeComposite<T, O>;
export function composite<T extends object>(
  type: CompositeType<T>,
  ...attributes: readonly (CompositeMember | ColumnTypes)[]
): MadeComposite<T, Record<never, never>>;
export function composite<T extends object, const O extends CompositeOptions>(
  type: CompositeType<T>,
  ...attributes: readonly [...attributes: (CompositeMember | ColumnTypes)[], options: O]
): MadeComposite<T, O>;
export function composite(type: CompositeType<object>, ...rest: readonly unknown[]): unknown {
  const [first] = rest;
  const last = rest.length > 1 && isOptions(rest.at(-1)) ? (rest.at(-1) as CompositeOptions) : undefined;
  if (isOptions(first)) return new CompositeProperty(type, memberList(Object.values(first)), Object.keys(first), last);
  return new CompositeProperty(type, memberList(last === undefined ? rest : rest.slice(0, -1)), null, last);
}

function isOptions(value: unknown): value is object {
  return value !== null && typeof value === "object" && isPlain(value);
}

/** @throws ArgumentError for what is neither an attribute's key nor a column. */
function memberList(given: readonly unknown[]): CompositeMember[] {
  if (given.length === 0) throw new ArgumentError("composite() takes the attributes that it is made of");
  return given.map((each) => {
    const node = typeof each === "string" || each === null || each === undefined ? each : resolveNode(each);
    if (typeof node === "string" || node instanceof Column) return node;
    throw new ArgumentError(`composite() is made of attributes and columns, not of ${describe(each)}`);
  });
}
