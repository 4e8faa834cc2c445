/** A string in ORDER BY or GROUP BY: the name of a label of the statement, looked up at compilation. */
import { defineKind, type Fields } from "../ast/node.ts";
import { NULLTYPE } from "../types/null.ts";
import { ColumnElement } from "./column-element.ts";

/** The name of a label or column of the enclosing statement. */
export class LabelReference extends ColumnElement {
  static override readonly fields: Fields = { name: "atom" };

  readonly name: string;

  constructor(name: string) {
    super(NULLTYPE);
    this.name = name;
  }

  override collectFroms(): void {}
}
defineKind(LabelReference, "labelReference");
