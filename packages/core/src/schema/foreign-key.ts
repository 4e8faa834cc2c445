/** One column's reference to another. The constraint it is part of: ./foreign-key-constraint.ts. */
import { defineKind } from "../ast/node.ts";
import {
  ArgumentError,
  InvalidRequestError,
  NoReferencedColumnError,
  NoReferencedTableError,
} from "../errors/errors.ts";
import { resolveNode } from "../expression/coerce.ts";
import { ColumnClause, type ForeignKeyLink } from "../expression/column-clause.ts";
import type { HasValue } from "../expression/row-types.ts";
import { columnByKeyOrName, columnsOf } from "../selectable/column-collection.ts";
import { takeDialectOptions } from "../selectable/dialect-options.ts";
import { TableClause } from "../selectable/table-clause.ts";
import { describe } from "../types/literals.ts";
import type { SchemaClasses } from "./classes.ts";
import { type ConstraintName, type ConstraintOptions, constraintOptionNames } from "./constraint.ts";
import { SchemaItem, setInfo } from "./schema-item.ts";
import { tableKey } from "./schema-name.ts";

/** Options of foreign keys. */
export interface ForeignKeyOptions extends ConstraintOptions {
  /** `ON DELETE`: CASCADE, SET NULL, RESTRICT, … */
  readonly ondelete?: string | null | undefined;
  /** `ON UPDATE` */
  readonly onupdate?: string | null | undefined;
  /** `MATCH FULL`, … */
  readonly match?: string | null | undefined;
  /** Add the constraint by ALTER TABLE behind the tables, and leave it out of their sorting. Default false. */
  readonly useAlter?: boolean | undefined;
  /** The column is named by its database name instead of its key. Default false. */
  readonly linkToName?: boolean | undefined;
}

/** The names of {@link ForeignKeyOptions}. */
export const foreignKeyOptionNames: readonly string[] = [
  ...constraintOptionNames,
  "ondelete",
  "onupdate",
  "match",
  "useAlter",
  "linkToName",
];

const optionNames = new Set(foreignKeyOptionNames);

/**
 * A function that gives the column, for classes that refer to each other. Its result is not looked at by the compiler, or
 * a circle of classes could not be typed; what it must be is checked when the reference is resolved.
 */
export type ColumnThunk = () => void;

/** What a foreign key refers to: `"table.column"`, `"schema.table.column"`, a column, or a function that gives one. */
export type ForeignKeyTarget = string | HasValue | ColumnThunk;

/**
 * A column by names that may have dots in them, which no text could tell apart. The schema is the one that is meant, null for
 * none, whatever the MetaData says.
 *
 * @internal
 */
export class TargetName {
  readonly schema: string | null;
  readonly table: string;
  readonly column: string;

  constructor(schema: string | null, table: string, column: string) {
    this.schema = schema;
    this.table = table;
    this.column = column;
  }

  toString(): string {
    return `${tableKey(this.table, this.schema)}.${this.column}`;
  }
}

interface Tokens {
  readonly schema: string | null;
  readonly table: string;
  readonly column: string | null;
}

/** A column's reference to another column. */
export class ForeignKey<out T = unknown> extends SchemaItem implements ForeignKeyLink {
  /** Phantom: what kind of column item it is. */
  declare readonly "~item": "foreignKey";
  /** Phantom: the value's type, where the column that is referred to tells it. */
  declare readonly "~value": T;

  readonly target: unknown;
  readonly name: ConstraintName;
  readonly ondelete: string | null;
  readonly onupdate: string | null;
  readonly match: string | null;
  readonly deferrable: boolean | null;
  readonly initially: string | null;
  readonly comment: string | null;
  readonly useAlter: boolean;
  readonly linkToName: boolean;
  /** The column that refers. */
  parent: SchemaClasses["column"] | null = null;
  #constraint: SchemaClasses["foreignKeyConstraint"] | null = null;
  #column: SchemaClasses["column"] | undefined;

  constructor(target: unknown, options: ForeignKeyOptions = {}) {
    super();
    if (!isName(target) && typeof target !== "function" && !(resolveNode(target) instanceof ColumnClause)) {
      throw new ArgumentError(`a foreign key refers to a column, not to ${describe(target)}`, {
        fix: 'write "table.column", pass the column, or a function that gives it',
      });
    }
    this.target = target;
    this.name = options.name ?? null;
    this.ondelete = options.ondelete ?? null;
    this.onupdate = options.onupdate ?? null;
    this.match = options.match ?? null;
    this.deferrable = options.deferrable ?? null;
    this.initially = options.initially ?? null;
    this.comment = options.comment ?? null;
    this.useAlter = options.useAlter ?? false;
    this.linkToName = options.linkToName ?? false;
    this.dialectOptions = takeDialectOptions(options, optionNames, "foreignKey()");
    setInfo(this, options.info);
  }

  /** The constraint it is part of; made by itself when the column becomes part of a table. */
  get constraint(): SchemaClasses["foreignKeyConstraint"] {
    if (this.#constraint !== null) return this.#constraint;
    throw new InvalidRequestError("this foreign key is not part of a table yet");
  }

  /** The constraint, or null before there is one. */
  get constraintOrNull(): SchemaClasses["foreignKeyConstraint"] | null {
    return this.#constraint;
  }

  set constraint(constraint: SchemaClasses["foreignKeyConstraint"]) {
    this.#constraint = constraint;
  }

  /**
   * The column that is referred to.
   *
   * @throws NoReferencedTableError, NoReferencedColumnError while it is not there.
   */
  get column(): SchemaClasses["column"] {
    this.#column ??= this.#resolve();
    return this.#column;
  }

  /** `"table.column"`, with the schema where there is one. */
  get targetFullname(): string {
    const target = this.targetColumn;
    if (target === null) return String(this.target);
    const { table } = target;
    return table instanceof TableClause ? `${tableKey(table.name, table.schema)}.${target.key}` : String(target.key);
  }

  /** The referring constraint's options, for the constraint that is made for this key alone. */
  get constraintOptions(): ForeignKeyOptions {
    const { name, ondelete, onupdate, match, deferrable, initially, comment, useAlter, linkToName } = this;
    return {
      name,
      ondelete,
      onupdate,
      match,
      deferrable,
      initially,
      comment,
      useAlter,
      linkToName,
      ...(this.dialectOptions as object),
    };
  }

  /** Whether the table has the column that is referred to. */
  references(table: SchemaClasses["table"]): boolean {
    return table.correspondingColumn(this.column, true) !== null;
  }

  /** The column of a selectable that stands for the one referred to, or null. */
  getReferent(from: SchemaClasses["table"]): SchemaClasses["column"] | null {
    return from.correspondingColumn(this.column, true) as SchemaClasses["column"] | null;
  }

  /** The target where it was given as a column; null where it was named. */
  get targetColumn(): SchemaClasses["column"] | null {
    if (isName(this.target)) return null;
    const node = resolveNode(this.target) ?? resolveNode((this.target as () => unknown)());
    if (!(node instanceof ColumnClause))
      throw new ArgumentError(`a foreign key's function must give a column; it gave ${describe(node)}`);
    if (node.table !== null && !(node.table instanceof TableClause)) {
      throw new ArgumentError(`ForeignKey received Column not bound to a Table, got: ${node.table.kind}`, {
        fix: "refer to the table's own column, not to an alias or a subquery",
      });
    }
    return node.canonical as SchemaClasses["column"];
  }

  /** The key of the table referred to, in the MetaData of the referring table. */
  get targetTableKey(): string | null {
    const target = this.targetColumn;
    if (target !== null) return target.table === null ? null : tableKey(target.table.name, target.table.schema);
    const { schema, table } = this.#tokens();
    const fallback = this.target instanceof TargetName ? null : this.parent?.table?.metadata.schema;
    return tableKey(table, schema ?? fallback ?? null);
  }

  /** The schema that was named, or that the given column's table has. */
  get referredSchema(): string | null {
    const target = this.targetColumn;
    return target === null ? this.#tokens().schema : (target.table?.schema ?? null);
  }

  /** The name of the table referred to; empty where a column without a table was given. */
  get referredTableName(): string {
    const { table, column } = this.#tokens();
    return column === null ? "" : table;
  }

  /** The name of the target, with another schema or table name, for copies. */
  targetFor(schema: string | null | undefined, tableName: string | null): string | TargetName {
    const tokens = this.#tokens();
    const { column } = tokens;
    const table = tableName ?? tokens.table;
    const inSchema = schema === undefined ? tokens.schema : schema;
    if (column === null) return tableKey(table, inSchema);
    return table.includes(".") || column.includes(".")
      ? new TargetName(inSchema, table, column)
      : `${tableKey(table, inSchema)}.${column}`;
  }

  /** A copy for another column. */
  copy(): ForeignKey<T> {
    return new ForeignKey<T>(this.target, this.constraintOptions);
  }

  #tokens(): Tokens {
    if (this.target instanceof TargetName) return this.target;
    const { targetColumn } = this;
    if (targetColumn !== null && targetColumn.table instanceof TableClause) {
      const { name, schema } = targetColumn.table;
      return { schema, table: name, column: this.linkToName ? targetColumn.name : (targetColumn.key as string) };
    }
    const parts = this.targetFullname.split(".");
    const column = parts.length === 1 ? null : (parts.pop() as string);
    const table = parts.pop() as string;
    return { schema: parts.length === 0 ? null : parts.join("."), table, column };
  }

  #resolve(): SchemaClasses["column"] {
    const target = this.targetColumn;
    if (target !== null) return target;
    const parent = this.parent;
    if (parent === null)
      throw new InvalidRequestError("this ForeignKey object does not yet have a parent Column associated with it.");
    const own = parent.table;
    if (own === null)
      throw new InvalidRequestError("this ForeignKey's parent column is not yet associated with a Table.");
    const { column } = this.#tokens();
    const key = this.targetTableKey as string;
    const table = own.metadata.tables.get(key);
    if (table === undefined) {
      throw new NoReferencedTableError(
        `Foreign key associated with column '${own.name}.${parent.name}' could not find table '${key}' with which to generate a foreign key to target column '${column}'`,
        { fix: "define the table in the same MetaData before the key is needed, or check the name" },
      );
    }
    return this.#columnIn(table, own.name, column ?? (parent.key as string));
  }

  #columnIn(table: SchemaClasses["table"], ownName: string, name: string): SchemaClasses["column"] {
    const found = this.linkToName
      ? columnsOf(table.c).find((column) => (column as ColumnClause).name === name)
      : columnByKeyOrName(table.c, name);
    if (found !== undefined) return found as SchemaClasses["column"];
    throw new NoReferencedColumnError(
      `Could not initialize target column for ForeignKey '${this.targetFullname}' on table '${ownName}': table '${table.name}' has no column named '${name}'`,
      { fix: "columns are named by their key, or by their name in the database" },
    );
  }
}
defineKind(ForeignKey, "foreignKey");

/** Whether a target is named rather than given. */
function isName(target: unknown): target is string | TargetName {
  return typeof target === "string" || target instanceof TargetName;
}

/**
 * A reference to another column: `column(t.integer, foreignKey("users.id", { ondelete: "CASCADE" }))`.
 *
 * The target is named (`"users.id"`, `"app.users.id"`) and looked up when it is first needed, or it is the column itself, or
 * a function that gives it.
 */
export function foreignKey<T = unknown>(target: string | ColumnThunk, options?: ForeignKeyOptions): ForeignKey<T>;
export function foreignKey<T>(target: HasValue<T>, options?: ForeignKeyOptions): ForeignKey<T>;
export function foreignKey(target: ForeignKeyTarget, options: ForeignKeyOptions = {}): ForeignKey {
  return new ForeignKey(target, options);
}
