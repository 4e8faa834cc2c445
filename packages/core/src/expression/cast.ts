/** CAST, TRY_CAST and type coercion. */
import { joinNames, type Name } from "../ast/name.ts";
import { defineKind, type Fields } from "../ast/node.ts";
import type { Operator } from "../operator/operator.ts";
import type { SqlType } from "../types/type.ts";
import { BindParameter } from "./bind.ts";
import { ColumnElement } from "./column-element.ts";

/** `CAST(a AS type)` */
export class Cast<out T = unknown, I = T> extends ColumnElement<T, I> {
  static override readonly fields: Fields = { element: "child", type: "keyed" };
  readonly element: ColumnElement;

  constructor(element: ColumnElement, type: SqlType) {
    super(type);
    this.element = element;
  }

  override get resultName(): Name | null {
    return this.element.resultName;
  }
  override get key(): string | null {
    return this.element instanceof BindParameter ? null : this.element.key;
  }
  override get anonBase(): Name {
    return this.element.resultName === null ? super.anonBase : joinNames(this.element.resultName, "_");
  }
}
defineKind(Cast, "cast");

/** `TRY_CAST(a AS type)`: NULL instead of an error. */
export class TryCast<out T = unknown, I = T> extends Cast<T, I> {}
defineKind(TryCast, "tryCast");

/** An expression that is treated as another type, without any SQL. */
export class TypeCoerce<out T = unknown, I = T> extends ColumnElement<T, I> {
  static override readonly fields: Fields = { element: "child", type: "keyed" };
  readonly element: ColumnElement;

  constructor(element: ColumnElement, type: SqlType) {
    super(type);
    this.element = element;
  }

  /** What is rendered: a literal takes the type itself, so that its conversions apply. */
  get typedElement(): ColumnElement {
    return this.element instanceof BindParameter ? this.element.withType(this.type) : this.element;
  }

  override get resultName(): Name | null {
    return this.element.resultName;
  }
  override get key(): string | null {
    return this.element.key;
  }
  override get anonBase(): Name {
    return this.element.resultName === null ? super.anonBase : joinNames(this.element.resultName, "_");
  }

  override selfGroup(against: Operator | null): ColumnElement {
    const grouped = this.element.selfGroup(against);
    return grouped === this.element ? this : new TypeCoerce(grouped, this.type);
  }
}
defineKind(TypeCoerce, "typeCoerce");

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    cast: Cast;
  }
}
