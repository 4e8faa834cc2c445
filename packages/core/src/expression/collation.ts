/** The name of a collation, quoted like an identifier. */
import { defineKind, type Fields } from "../ast/node.ts";
import { NULLTYPE } from "../types/null.ts";
import { ColumnElement } from "./column-element.ts";

/** What stands behind COLLATE. */
export class Collation extends ColumnElement {
  static override readonly fields: Fields = { collation: "atom" };
  readonly collation: string;

  constructor(collation: string) {
    super(NULLTYPE);
    this.collation = collation;
  }
  override collectFroms(): void {}
}
defineKind(Collation, "collation");
