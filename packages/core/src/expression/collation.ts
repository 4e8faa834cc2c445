/** The name of a collation, quoted like an identifier. */
import { defineKind, type Fields } from "../ast/node.ts";
import { NULLTYPE } from "../types/null.ts";
import { ColumnElement } from "./column-element.ts";

/** What stands behind COLLATE. */
export class Collation extends ColumnElement {
  static override readonly fields: Fields = { collation: "atom", schema: "atom" };
  readonly collation: string;
  readonly schema: string | null;

  constructor(collation: string, schema: string | null = null) {
    super(NULLTYPE);
    this.collation = collation;
    this.schema = schema;
  }
  override collectFroms(): void {}
}
defineKind(Collation, "collation");
