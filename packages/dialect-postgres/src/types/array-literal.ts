/** `ARRAY[a, b]`: arrays made of expressions. */
import {
  ArgumentError,
  asColumnElement,
  ColumnElement,
  defineKind,
  describe,
  type Fields,
  Grouping,
  literalElement,
  NULLTYPE,
  null_,
  type Operand,
  type Operator,
  operators,
  refuseUndefined,
  resolveNode,
  type SqlType,
  type TypeLike,
  toType,
} from "@athanor/core";
import { listOperand, PgArray, type PgArrayOps } from "./array.ts";

/** An array constructor. */
export class ArrayLiteral<T = unknown> extends ColumnElement<T[], readonly T[]> {
  static override readonly fields: Fields = { clauses: "children", type: "keyed" };
  readonly clauses: readonly ColumnElement[];

  constructor(clauses: readonly ColumnElement[], type: SqlType) {
    super(type);
    this.clauses = clauses;
  }

  override selfGroup(against: Operator | null): ColumnElement {
    return against === operators.any || against === operators.all || against === operators.getitem
      ? new Grouping(this)
      : this;
  }

  override eq(other: Operand<readonly T[]>): ColumnElement<boolean> {
    return super.eq(listOperand.of(this, other) as never);
  }
  override ne(other: Operand<readonly T[]>): ColumnElement<boolean> {
    return super.ne(listOperand.of(this, other) as never);
  }
  override add(other: Operand<readonly T[]> | number | bigint | string): ColumnElement<T[], readonly T[]> {
    return super.add(listOperand.of(this, other) as never);
  }
  override concat(other: Operand<readonly T[]> | string): ColumnElement<T[], readonly T[]> {
    return super.concat(listOperand.of(this, other) as never);
  }
}
defineKind(ArrayLiteral, "pgArray");

/** Options of {@link array}. */
export interface ArrayLiteralOptions {
  /** The type of the items; an empty array needs it, unless a cast around it says what it is. */
  readonly type?: TypeLike;
}

type ItemOf<A> = A extends readonly (infer E)[]
  ? E extends { readonly "~value": infer T }
    ? T
    : E extends string
      ? string
      : E extends number
        ? number
        : E
  : unknown;

/**
 * `ARRAY[a, b]` of values and expressions; nested for several dimensions. An empty one is `ARRAY[]::INTEGER[]` where its type
 * is given; without, the server takes it only inside of a cast: `cast(pg.array([]), pg.ARRAY(t.integer))`.
 */
export function array<const A extends readonly unknown[]>(
  items: A,
  options: ArrayLiteralOptions = {},
): ArrayLiteral<ItemOf<A>> & PgArrayOps<ItemOf<A>> {
  if (!Array.isArray(items)) throw new ArgumentError(`array() takes a list, not ${describe(items)}`);
  const given = options.type === undefined ? undefined : toType(options.type);
  const item = given instanceof PgArray ? given.itemType : given;
  const clauses = items.map((value: unknown, index): ColumnElement => {
    refuseUndefined(value, `item ${index} of array()`);
    const node = resolveNode(value);
    if (node !== undefined) return asColumnElement(node, "an item of array()").selfGroup(operators.comma);
    if (Array.isArray(value)) return array(value, options);
    return value === null ? null_() : literalElement(value, item);
  });
  return new ArrayLiteral(clauses, typeOf(clauses, item)) as ArrayLiteral<ItemOf<A>> & PgArrayOps<ItemOf<A>>;
}

function typeOf(clauses: readonly ColumnElement[], given: SqlType | undefined): SqlType {
  const first = clauses.find((clause) => clause.type.affinity !== "null")?.type;
  if (first instanceof PgArray)
    return new PgArray(given ?? first.itemType, {
      dimensions: first.dimensions === undefined ? 2 : first.dimensions + 1,
    });
  return new PgArray(given ?? first ?? NULLTYPE);
}

listOperand.of = (left, other) =>
  left instanceof ArrayLiteral && Array.isArray(other)
    ? array(other, { type: (left.type as PgArray).itemType })
    : other;
