/** `EXTRACT(field FROM a)` */
import { defineKind, type Fields } from "../ast/node.ts";
import { Integer } from "../types/numeric.ts";
import { ColumnElement } from "./column-element.ts";

/** A part of a date or time. */
export class Extract extends ColumnElement<number> {
  static override readonly fields: Fields = { field: "atom", element: "child" };
  readonly field: string;
  readonly element: ColumnElement;

  constructor(field: string, element: ColumnElement) {
    super(new Integer());
    this.field = field;
    this.element = element;
  }
}
defineKind(Extract, "extract");
