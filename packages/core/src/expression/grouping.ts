/** `( a )`. */

import type { Name } from "../ast/name.ts";
import { defineKind, type Fields } from "../ast/node.ts";
import type { Operator } from "../operator/operator.ts";
import { ColumnElement } from "./column-element.ts";

/** An expression in parentheses. */
export class Grouping<out T = unknown, I = T> extends ColumnElement<T, I> {
  static override readonly fields: Fields = { element: "child" };

  readonly element: ColumnElement;

  constructor(element: ColumnElement) {
    super(element.type);
    this.element = element;
  }

  override get resultName(): Name | null {
    return this.element.resultName;
  }

  override get key(): string | null {
    return this.element.key;
  }

  override get proxies(): readonly ColumnElement[] {
    return [this.element];
  }

  override selfGroup(_against: Operator | null): ColumnElement {
    return this;
  }
}
defineKind(Grouping, "grouping");

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    grouping: Grouping;
  }
}
