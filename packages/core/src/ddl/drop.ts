/** `DROP …` and `ALTER TABLE … DROP CONSTRAINT`. Views: ./view.ts. */
import type { QuotedName } from "../ast/name.ts";
import { defineKind } from "../ast/node.ts";
import type { Constraint } from "../schema/constraint.ts";
import type { Sequence } from "../schema/sequence.ts";
import type { Table } from "../schema/table.ts";
import type { Index } from "../schema/table-index.ts";
import { DdlElement } from "./element.ts";
import { schemaNameOf } from "./identifier.ts";

/** Options of `DROP` statements. */
export interface DropOptions {
  /** `IF EXISTS` */
  readonly ifExists?: boolean;
}

/** Options of `DROP` statements that can take along what depends on the thing. */
export interface CascadeOptions extends DropOptions {
  /** `CASCADE` */
  readonly cascade?: boolean;
}

/** `DROP TABLE` */
export class DropTable extends DdlElement {
  readonly element: Table;
  readonly ifExists: boolean;

  constructor(element: Table, options: DropOptions = {}) {
    super();
    this.element = element;
    this.ifExists = options.ifExists ?? false;
  }
}
defineKind(DropTable, "dropTable");

/** `DROP INDEX` */
export class DropIndex extends DdlElement {
  readonly element: Index;
  readonly ifExists: boolean;

  constructor(element: Index, options: DropOptions = {}) {
    super();
    this.element = element;
    this.ifExists = options.ifExists ?? false;
  }
}
defineKind(DropIndex, "dropIndex");

/** `DROP SEQUENCE` */
export class DropSequence extends DdlElement {
  readonly element: Sequence;
  readonly ifExists: boolean;

  constructor(element: Sequence, options: DropOptions = {}) {
    super();
    this.element = element;
    this.ifExists = options.ifExists ?? false;
  }
}
defineKind(DropSequence, "dropSequence");

/** `DROP SCHEMA` */
export class DropSchema extends DdlElement {
  readonly element: QuotedName;
  readonly ifExists: boolean;
  readonly cascade: boolean;

  constructor(name: string | QuotedName, options: CascadeOptions = {}) {
    super();
    this.element = schemaNameOf(name, "dropSchema()");
    this.ifExists = options.ifExists ?? false;
    this.cascade = options.cascade ?? false;
  }
}
defineKind(DropSchema, "dropSchema");

/** `ALTER TABLE … DROP CONSTRAINT` */
export class DropConstraint extends DdlElement {
  readonly element: Constraint;
  readonly ifExists: boolean;
  readonly cascade: boolean;

  constructor(element: Constraint, options: CascadeOptions = {}) {
    super();
    this.element = element;
    this.ifExists = options.ifExists ?? false;
    this.cascade = options.cascade ?? false;
  }
}
defineKind(DropConstraint, "dropConstraint");

/** `DROP TABLE` */
export function dropTable(table: Table, options: DropOptions = {}): DropTable {
  return new DropTable(table, options);
}

/** `DROP INDEX` */
export function dropIndex(index: Index, options: DropOptions = {}): DropIndex {
  return new DropIndex(index, options);
}

/** `DROP SEQUENCE` */
export function dropSequence(sequence: Sequence, options: DropOptions = {}): DropSequence {
  return new DropSequence(sequence, options);
}

/** `DROP SCHEMA` */
export function dropSchema(name: string | QuotedName, options: CascadeOptions = {}): DropSchema {
  return new DropSchema(name, options);
}

/** `ALTER TABLE … DROP CONSTRAINT` */
export function dropConstraint(constraint: Constraint, options: CascadeOptions = {}): DropConstraint {
  return new DropConstraint(constraint, options);
}
