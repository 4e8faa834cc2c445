/** PRIMARY KEY, and which of its columns is numbered by the database. */
import { defineKind } from "../ast/node.ts";
import { ArgumentError } from "../errors/errors.ts";
import { splitArguments } from "../selectable/dialect-options.ts";
import { warn } from "../util/warnings.ts";
import type { SchemaClasses } from "./classes.ts";
import type { Column } from "./column.ts";
import { ColumnCollectionConstraint } from "./column-constraint.ts";
import type { ColumnArgument } from "./column-list.ts";
import type { ConstraintOptions } from "./constraint.ts";
import { Identity } from "./identity.ts";
import type { ConventionKey } from "./naming.ts";
import { copyInfo } from "./schema-item.ts";
import { Sequence } from "./sequence.ts";

/** `PRIMARY KEY (…)`. Every table has one; it is empty where there is no key. */
export class PrimaryKeyConstraint extends ColumnCollectionConstraint {
  /** Made by the table itself, not given by the user. */
  readonly implicit: boolean;

  constructor(columns: readonly unknown[] = [], options: ConstraintOptions = {}, implicit = false) {
    super(columns, options, "primaryKeyConstraint()");
    this.implicit = implicit;
    this.attachByColumns();
  }

  override get conventionKey(): ConventionKey {
    return "pk";
  }

  override attach(table: SchemaClasses["table"]): void {
    super.attach(table);
    table.replacePrimaryKey(this);
    const flagged = [...table.c].filter((column) => column.primaryKey);
    if (this.columns.length > 0 && flagged.length > 0 && !sameColumns(flagged, this.columns)) {
      const names = (columns: readonly Column[]): string => columns.map((column) => `'${column.name}'`).join(", ");
      warn(
        `Table '${table.name}' specifies columns ${names(flagged)} as primaryKey: true, not matching locally specified columns ${names(this.columns)}; ` +
          `setting the current primary key columns to ${names(this.columns)}. This warning may become an exception in a future release`,
      );
      for (const column of flagged) if (!this.columns.includes(column)) column.primaryKey = false;
    } else this.setColumns([...new Set([...this.columns, ...flagged])]);
    for (const column of this.columns) {
      column.primaryKey = true;
      if (column.givenNullable === null) column.nullable = false;
    }
  }

  /** Adds a column that says it is part of the key, or puts it in the place of one with the same key or name. */
  replaceColumn(column: Column): void {
    const columns = this.columns.filter((known) => known !== column);
    const index = columns.findIndex((known) => known.key === column.key || known.name === column.name);
    this.setColumns(index < 0 ? [...columns, column] : columns.with(index, column));
  }

  /** Makes other columns the key, for tables whose key was read from a database. */
  reload(columns: readonly Column[]): void {
    for (const column of columns) column.primaryKey = true;
    this.setColumns([...new Set([...this.columns, ...columns])]);
  }

  /** The columns with the numbered one first, as some databases want it. */
  get columnsAutoincrementFirst(): readonly Column[] {
    const numbered = this.autoincrementColumn;
    return numbered === null ? this.columns : [numbered, ...this.columns.filter((column) => column !== numbered)];
  }

  /**
   * The column whose values the database makes: an integer key of one column without default and foreign key, or the one
   * with `autoincrement: true`.
   *
   * @throws ArgumentError where `autoincrement: true` cannot be.
   */
  get autoincrementColumn(): Column | null {
    const [only] = this.columns;
    if (this.columns.length === 1 && only !== undefined) {
      if (only.autoincrement === true) requireNumerable(only);
      else if (only.autoincrement === false || !isNumbered(only)) return null;
      return only;
    }
    let found: Column | null = null;
    for (const column of this.columns) {
      if (column.autoincrement !== true) continue;
      requireNumerable(column);
      if (found !== null)
        throw new ArgumentError(
          `Only one Column may be marked autoincrement: true, found both ${column.name} and ${found.name}.`,
        );
      found = column;
    }
    return found;
  }

  override copyTo(table: SchemaClasses["table"]): PrimaryKeyConstraint {
    const copy = new PrimaryKeyConstraint(this.columnKeys, this.optionsForCopy, this.implicit);
    copyInfo(this, copy);
    table.appendConstraint(copy);
    return copy;
  }
}
defineKind(PrimaryKeyConstraint, "primaryKeyConstraint");

function sameColumns(a: readonly Column[], b: readonly Column[]): boolean {
  return a.length === b.length && a.every((column) => b.includes(column));
}

function scaleOf(column: Column): unknown {
  return (column.type as { readonly scale?: unknown }).scale;
}

function requireNumerable(column: Column): void {
  const { affinity } = column.type;
  if (affinity === "integer") return;
  if (affinity === "numeric") {
    const scale = scaleOf(column);
    if (scale === 0) return;
    throw new ArgumentError(
      `Column type ${column.type} with non-zero scale ${scale ?? "unknown"} on column '${column.description}' is not compatible with autoincrement: true`,
    );
  }
  throw new ArgumentError(
    `Column type ${column.type} on column '${column.description}' is not compatible with autoincrement: true`,
  );
}

/** The rule for a key of one column that leaves the decision to us. */
function isNumbered(column: Column): boolean {
  if (column.type.affinity !== "integer") return false;
  if (column.default !== null && !(column.default instanceof Sequence)) return false;
  if (column.serverDefault !== null && !(column.serverDefault instanceof Identity)) return false;
  return column.foreignKeys.length === 0 || column.autoincrement === "ignore_fk";
}

/** A PRIMARY KEY over columns, by key, where the columns do not say so themselves or it needs a name or an order. */
export function primaryKeyConstraint(...args: readonly (ColumnArgument | ConstraintOptions)[]): PrimaryKeyConstraint {
  const { items, options } = splitArguments<ConstraintOptions>(args);
  return new PrimaryKeyConstraint(items, options);
}
