/** Types of the server that have no class here (extensions, composite types, `xml`): under the name that the server gives. */
import { defineVisitName } from "@athanor/core";
import { TextualType } from "./simple.ts";

/** A type by its SQL. Values travel as text. */
export class PgVerbatimType extends TextualType {
  /** The type as DDL writes it, e.g. `geometry(Point,4326)`. */
  readonly sqlText: string;

  constructor(sqlText: string) {
    super();
    this.sqlText = sqlText;
  }
}
defineVisitName(PgVerbatimType, "VERBATIM");
