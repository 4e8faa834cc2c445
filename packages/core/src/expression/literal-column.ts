/** SQL text that stands as a column expression: `literalColumn("now()", t.dateTime)`. */
import { defineKind, type Fields } from "../ast/node.ts";
import { NULLTYPE } from "../types/null.ts";
import type { SqlType } from "../types/type.ts";
import { ColumnElement } from "./column-element.ts";

/** An expression given as SQL text; never quoted, never escaped. */
export class LiteralColumn<out T = unknown, I = T> extends ColumnElement<T, I> {
  static override readonly fields: Fields = { text: "atom", type: "keyed" };
  readonly text: string;

  constructor(text: string, type: SqlType = NULLTYPE) {
    super(type);
    this.text = text;
  }

  override get resultName(): string {
    return this.text;
  }

  override get key(): string {
    return this.text;
  }

  override get bindBase(): string {
    return this.text;
  }

  override collectFroms(): void {}
}
defineKind(LiteralColumn, "literalColumn");
