/** `CREATE …` and `ALTER TABLE … ADD CONSTRAINT`. Views and tables made by SELECT: ./view.ts. */
import type { QuotedName } from "../ast/name.ts";
import { defineKind, Node } from "../ast/node.ts";
import type { Column } from "../schema/column.ts";
import type { Constraint } from "../schema/constraint.ts";
import type { ForeignKeyConstraint } from "../schema/foreign-key-constraint.ts";
import type { Sequence } from "../schema/sequence.ts";
import type { Table } from "../schema/table.ts";
import type { Index } from "../schema/table-index.ts";
import { DdlElement } from "./element.ts";
import { schemaNameOf } from "./identifier.ts";

/** Options of `CREATE` statements. */
export interface CreateOptions {
  /** `IF NOT EXISTS` */
  readonly ifNotExists?: boolean;
}

/** Options of {@link createTable}. */
export interface CreateTableOptions extends CreateOptions {
  /** The foreign keys that are part of the statement; default: all. */
  readonly includeForeignKeyConstraints?: readonly ForeignKeyConstraint[] | null;
}

/** One column in CREATE TABLE; a rendering of your own can be registered for it with `compiles(CreateColumn, …)`. */
export class CreateColumn extends Node {
  readonly element: Column;
  /** The table's first column of the primary key. */
  readonly firstPrimaryKey: boolean;

  constructor(element: Column, firstPrimaryKey = false) {
    super();
    this.element = element;
    this.firstPrimaryKey = firstPrimaryKey;
  }
}
defineKind(CreateColumn, "createColumn");

/** `CREATE TABLE` */
export class CreateTable extends DdlElement {
  readonly element: Table;
  readonly ifNotExists: boolean;
  readonly includeForeignKeyConstraints: readonly ForeignKeyConstraint[] | null;
  readonly columns: readonly CreateColumn[];

  constructor(element: Table, options: CreateTableOptions = {}) {
    super();
    this.element = element;
    this.ifNotExists = options.ifNotExists ?? false;
    this.includeForeignKeyConstraints = options.includeForeignKeyConstraints ?? null;
    const firstKey = element.columnList.find((column) => column.primaryKey);
    this.columns = element.columnList.map((column) => new CreateColumn(column, column === firstKey));
  }
}
defineKind(CreateTable, "createTable");

/** `CREATE INDEX` */
export class CreateIndex extends DdlElement {
  readonly element: Index;
  readonly ifNotExists: boolean;

  constructor(element: Index, options: CreateOptions = {}) {
    super();
    this.element = element;
    this.ifNotExists = options.ifNotExists ?? false;
  }
}
defineKind(CreateIndex, "createIndex");

/** `CREATE SEQUENCE` */
export class CreateSequence extends DdlElement {
  readonly element: Sequence;
  readonly ifNotExists: boolean;

  constructor(element: Sequence, options: CreateOptions = {}) {
    super();
    this.element = element;
    this.ifNotExists = options.ifNotExists ?? false;
  }
}
defineKind(CreateSequence, "createSequence");

/** `CREATE SCHEMA` */
export class CreateSchema extends DdlElement {
  readonly element: QuotedName;
  readonly ifNotExists: boolean;

  constructor(name: string | QuotedName, options: CreateOptions = {}) {
    super();
    this.element = schemaNameOf(name, "createSchema()");
    this.ifNotExists = options.ifNotExists ?? false;
  }
}
defineKind(CreateSchema, "createSchema");

/** Options of {@link addConstraint}. */
export interface AddConstraintOptions {
  /** The constraint is then no part of CREATE TABLE any more. Default true. */
  readonly isolateFromTable?: boolean;
}

/** `ALTER TABLE … ADD CONSTRAINT` */
export class AddConstraint extends DdlElement {
  readonly element: Constraint;

  constructor(element: Constraint, options: AddConstraintOptions = {}) {
    super();
    this.element = element;
    if (options.isolateFromTable !== false) element.createRule = () => false;
  }
}
defineKind(AddConstraint, "addConstraint");

/** `CREATE TABLE`, with constraints and without indexes; `table.create(engine)` makes these too. */
export function createTable(table: Table, options: CreateTableOptions = {}): CreateTable {
  return new CreateTable(table, options);
}

/**
 * One column as CREATE TABLE writes it: `name VARCHAR(5) NOT NULL`. The column must belong to a table where the database's text
 * depends on the others, as AUTO_INCREMENT does.
 */
export function createColumn(column: Column): CreateColumn {
  return new CreateColumn(column);
}

/** `CREATE INDEX` */
export function createIndex(index: Index, options: CreateOptions = {}): CreateIndex {
  return new CreateIndex(index, options);
}

/** `CREATE SEQUENCE` */
export function createSequence(sequence: Sequence, options: CreateOptions = {}): CreateSequence {
  return new CreateSequence(sequence, options);
}

/** `CREATE SCHEMA` */
export function createSchema(name: string | QuotedName, options: CreateOptions = {}): CreateSchema {
  return new CreateSchema(name, options);
}

/** `ALTER TABLE … ADD CONSTRAINT` */
export function addConstraint(constraint: Constraint, options: AddConstraintOptions = {}): AddConstraint {
  return new AddConstraint(constraint, options);
}
