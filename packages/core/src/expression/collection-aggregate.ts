/** ANY and ALL over a subquery or an array. */
import { defineKind, type Fields } from "../ast/node.ts";
import { ArgumentError } from "../errors/errors.ts";
import type { Operator } from "../operator/operator.ts";
import { operators } from "../operator/table.ts";
import { BooleanType } from "../types/boolean.ts";
import { Binary } from "./binary.ts";
import { operand } from "./coerce.ts";
import { ColumnElement } from "./column-element.ts";
import { null_ } from "./constants.ts";

const mirrored = new Map<Operator, Operator>([
  [operators.lt, operators.gt],
  [operators.gt, operators.lt],
  [operators.le, operators.ge],
  [operators.ge, operators.le],
]);

/** `ANY (…)`; stands on the right side of a comparison. */
export class CollectionAggregate<out T = unknown, I = T> extends ColumnElement<T, I> {
  static override readonly fields: Fields = { element: "child", operator: "keyed" };
  readonly element: ColumnElement;
  readonly operator: Operator;

  constructor(element: ColumnElement, operator: Operator) {
    super((element.type as { itemType?: ColumnElement["type"] }).itemType ?? element.type);
    this.element = element.selfGroup(operator);
    this.operator = operator;
  }

  /** `other op ANY (…)`, written from this side. Its negation is `NOT (…)`: `!= ANY` says something else. */
  compareReversed(operator: Operator, other: ColumnElement): Binary<boolean> {
    return new Binary<boolean>(other, this, operator, new BooleanType());
  }

  /** @internal Not a private member: copies of statements are made without their constructor. */
  protected reversed(operator: Operator, other: unknown): ColumnElement<boolean> {
    if (!operator.comparison) throw new ArgumentError("Only comparison operators may be used with ANY/ALL");
    return this.compareReversed(
      mirrored.get(operator) ?? operator,
      other === null ? null_() : operand(other, operator, this),
    );
  }

  override eq(other: unknown): ColumnElement<boolean> {
    return this.reversed(operators.eq, other);
  }
  override ne(other: unknown): ColumnElement<boolean> {
    return this.reversed(operators.ne, other);
  }
  override lt(other: unknown): ColumnElement<boolean> {
    return this.reversed(operators.lt, other);
  }
  override le(other: unknown): ColumnElement<boolean> {
    return this.reversed(operators.le, other);
  }
  override gt(other: unknown): ColumnElement<boolean> {
    return this.reversed(operators.gt, other);
  }
  override ge(other: unknown): ColumnElement<boolean> {
    return this.reversed(operators.ge, other);
  }
}
defineKind(CollectionAggregate, "collectionAggregate");
