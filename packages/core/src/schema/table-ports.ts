/** What a table knows of the DDL that makes it: views and tables made by SELECT. Implemented in ../ddl. */
import type { ClauseElement } from "../expression/clause-element.ts";
import type { SchemaClasses } from "./classes.ts";

/** A statement that creates a table in another way than CREATE TABLE. */
export interface TableCreator extends ClauseElement {
  /** It makes a view. */
  readonly isView: boolean;
  /** The tables that have to be there before. */
  readonly sourceTables: readonly SchemaClasses["table"][];
  /** The same statement for a copy of its table. */
  toMetadata(metadata: SchemaClasses["metadata"], table: SchemaClasses["table"]): TableCreator;
}

/** The statement that removes such a table. */
export interface TableDropper extends ClauseElement {
  /** The same statement for a copy of its table. */
  toMetadata(metadata: SchemaClasses["metadata"], table: SchemaClasses["table"]): TableDropper;
}
