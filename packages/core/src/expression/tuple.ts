/** `(a, b)`. */
import { defineKind, type Fields } from "../ast/node.ts";
import type { Operator } from "../operator/operator.ts";
import { TupleType } from "../types/tuple.ts";
import { ColumnElement } from "./column-element.ts";

/** Several expressions compared as one. */
export class Tuple<out T = unknown, I = T> extends ColumnElement<T, I> {
  static override readonly fields: Fields = { clauses: "children" };
  readonly clauses: readonly ColumnElement[];

  constructor(clauses: readonly ColumnElement[], type = new TupleType(...clauses.map((clause) => clause.type))) {
    super(type);
    this.clauses = clauses;
  }

  override selfGroup(_against: Operator | null): ColumnElement {
    return this;
  }
}
defineKind(Tuple, "tuple");
