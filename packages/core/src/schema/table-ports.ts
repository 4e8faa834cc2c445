/** What a table is made of, and what it knows of the DDL that makes it (views, tables made by SELECT: ../ddl). */
import type { QuotedName } from "../ast/name.ts";
import type { ClauseElement } from "../expression/clause-element.ts";
import type { GivenDialectOptions } from "../selectable/dialect-options.ts";
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

/** What a table is made of, besides its columns and constraints. */
export interface TableParts {
  readonly name: QuotedName;
  readonly schema: QuotedName | null;
  readonly metadata: SchemaClasses["metadata"];
  readonly comment: string | null;
  readonly prefixes: readonly string[];
  readonly implicitReturning: boolean;
  readonly dialectOptions: GivenDialectOptions;
}
