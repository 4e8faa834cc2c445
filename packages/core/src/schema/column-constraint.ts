/** Constraints over columns, and the first of them: UNIQUE. Next: ./primary-key.ts, ./foreign-key-constraint.ts. */
import { defineKind } from "../ast/node.ts";
import { splitArguments } from "../selectable/dialect-options.ts";
import type { SchemaClasses } from "./classes.ts";
import type { Column } from "./column.ts";
import { attachToTableOf, type ColumnArgument, columnArgument, resolveColumns } from "./column-list.ts";
import { Constraint, type ConstraintOptions, constraintOptionNames } from "./constraint.ts";
import type { ConventionColumn, ConventionKey, ConventionParts } from "./naming.ts";
import { copyInfo } from "./schema-item.ts";

const optionNames = new Set(constraintOptionNames);

/** A column as naming conventions see it. */
export function conventionColumn(column: Column): ConventionColumn {
  return { name: column.name, key: column.key ?? column.name, label: String(column.ddlLabel) };
}

/** Base of the constraints that list columns. Iterating gives the columns. */
export abstract class ColumnCollectionConstraint extends Constraint {
  /** The columns as they were given. */
  protected readonly given: readonly (string | Column)[];
  #columns: readonly Column[] = [];

  constructor(
    columns: readonly unknown[],
    options: ConstraintOptions,
    where: string,
    known: ReadonlySet<string> = optionNames,
  ) {
    super(options, known, where);
    this.given = columns.map((column) => columnArgument(column, where));
  }

  /** The columns; empty before the constraint is part of a table. */
  get columns(): readonly Column[] {
    return this.#columns;
  }

  protected setColumns(columns: readonly Column[]): void {
    this.#columns = columns;
  }

  /** Finds the table by the columns, if they were given as objects. Constructors end with it. */
  protected attachByColumns(severalTables = false): void {
    attachToTableOf(this.given, (table) => table.appendConstraint(this), severalTables);
  }

  /** Whether a column is among them. */
  containsColumn(column: Column): boolean {
    return this.#columns.includes(column);
  }

  [Symbol.iterator](): Iterator<Column> {
    return this.#columns[Symbol.iterator]();
  }

  override attach(table: SchemaClasses["table"]): void {
    this.parent = table;
    this.setColumns(resolveColumns(this.given, table, this.constructor.name));
  }

  protected override conventionParts(key: ConventionKey): ConventionParts {
    return { ...super.conventionParts(key), columns: this.columns.map(conventionColumn) };
  }

  /** The options for a copy. */
  protected get optionsForCopy(): ConstraintOptions {
    const { deferrable, initially, comment } = this;
    return { ...(this.dialectOptions as object), name: this.nameForCopy, deferrable, initially, comment };
  }

  /** The keys of the columns, whether or not they have been found yet. */
  get columnKeys(): readonly string[] {
    if (this.#columns.length > 0) return this.#columns.map((column) => column.key as string);
    return this.given.map((column) => (typeof column === "string" ? column : (column.key ?? "")));
  }
}

/** `UNIQUE (…)` */
export class UniqueConstraint extends ColumnCollectionConstraint {
  constructor(columns: readonly unknown[], options: ConstraintOptions = {}, columnFlag = false) {
    super(columns, options, "uniqueConstraint()");
    this.columnFlag = columnFlag;
    this.attachByColumns();
  }

  override get conventionKey(): ConventionKey {
    return "uq";
  }

  override copyTo(table: SchemaClasses["table"]): UniqueConstraint {
    const copy = new UniqueConstraint(this.columnKeys, this.optionsForCopy);
    copyInfo(this, copy);
    table.appendConstraint(copy);
    return copy;
  }
}
defineKind(UniqueConstraint, "uniqueConstraint");

/** A UNIQUE constraint over columns, by key: `uniqueConstraint("customerId", "number", { name: "uq_order" })`. */
export function uniqueConstraint(...args: readonly (ColumnArgument | ConstraintOptions)[]): UniqueConstraint {
  const { items, options } = splitArguments<ConstraintOptions>(args);
  return new UniqueConstraint(items, options);
}
