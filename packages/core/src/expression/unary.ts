/** `op a` and `a op`: negation, sort directions, DISTINCT inside aggregates. */
import type { Name } from "../ast/name.ts";
import { defineKind, type Fields } from "../ast/node.ts";
import { needsParentheses, type Operator } from "../operator/operator.ts";
import { operators } from "../operator/table.ts";
import type { SqlType } from "../types/type.ts";
import { ColumnElement } from "./column-element.ts";
import type { FromElement } from "./from-element.ts";
import { Grouping } from "./grouping.ts";

/** One operand with an operator before it, or a modifier behind it. */
export class Unary<out T = unknown, I = T> extends ColumnElement<T, I> {
  static override readonly fields: Fields = { element: "child", operator: "keyed", modifier: "keyed", type: "keyed" };

  readonly element: ColumnElement;
  /** Stands before the operand. */
  readonly operator: Operator | null;
  /** Stands behind the operand. */
  readonly modifier: Operator | null;

  constructor(
    element: ColumnElement,
    options: { readonly operator?: Operator | null; readonly modifier?: Operator | null; readonly type?: SqlType } = {},
  ) {
    super(options.type ?? element.type);
    this.operator = options.operator ?? null;
    this.modifier = options.modifier ?? null;
    this.element = element.selfGroup(this.operator ?? this.modifier);
  }

  override collectFroms(into: Set<FromElement>): void {
    this.element.collectFroms(into);
  }

  override selfGroup(against: Operator | null): ColumnElement {
    return this.operator !== null && needsParentheses(this.operator, against) ? new Grouping(this) : this;
  }

  override negate(): ColumnElement {
    return this.type.affinity === "boolean" && this.operator !== operators.not && this.operator !== operators.exists
      ? new Unary(this.selfGroup(operators.not), { operator: operators.not, type: this.type })
      : this.operator === operators.not
        ? ungroup(this.element)
        : super.negate();
  }
}
defineKind(Unary, "unary");

function ungroup(element: ColumnElement): ColumnElement {
  return element instanceof Grouping ? element.element : element;
}

/** A boolean column where a condition is wanted: `flag = 1` on databases without booleans. */
export class AsBoolean extends ColumnElement<boolean> {
  static override readonly fields: Fields = { element: "child", operator: "keyed" };

  readonly element: ColumnElement;
  readonly operator: Operator;

  constructor(element: ColumnElement, operator: Operator) {
    super(element.type);
    this.element = element;
    this.operator = operator;
  }

  override get resultName(): Name | null {
    return this.element.resultName;
  }

  override selfGroup(_against: Operator | null): ColumnElement {
    return this;
  }

  override negate(): ColumnElement {
    if (this.element.type.affinity === "boolean" && this.operator.negation !== null)
      return new AsBoolean(this.element, this.operator.negation);
    return super.negate();
  }
}
defineKind(AsBoolean, "asBoolean");

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    unary: Unary;
  }
}
