/** FOREIGN KEY constraints over one column or several. */
import { defineKind } from "../ast/node.ts";
import { ArgumentError } from "../errors/errors.ts";
import type { SchemaClasses } from "./classes.ts";
import type { Column } from "./column.ts";
import { ColumnCollectionConstraint } from "./column-constraint.ts";
import type { ColumnArgument } from "./column-list.ts";
import { ForeignKey, type ForeignKeyOptions, type ForeignKeyTarget, foreignKeyOptionNames } from "./foreign-key.ts";
import type { ConventionKey, ConventionParts } from "./naming.ts";
import { copyInfo } from "./schema-item.ts";

/** Options of {@link foreignKeyConstraint}. */
export interface ForeignKeyConstraintOptions extends ForeignKeyOptions {
  /** The table, where the constraint is not passed to one. */
  readonly table?: SchemaClasses["table"] | undefined;
}

const optionNames = new Set([...foreignKeyOptionNames, "table"]);

/** `FOREIGN KEY (…) REFERENCES table (…)` */
export class ForeignKeyConstraint extends ColumnCollectionConstraint {
  /** One key per column, in order. */
  readonly elements: readonly ForeignKey[];
  readonly ondelete: string | null;
  readonly onupdate: string | null;
  readonly match: string | null;
  useAlter: boolean;
  readonly linkToName: boolean;
  /** Made for the `foreignKey()` of a column. */
  readonly implicit: boolean;

  constructor(columns: readonly unknown[], references: readonly unknown[], options: ForeignKeyConstraintOptions = {}) {
    super(columns, options, "foreignKeyConstraint()", optionNames);
    if (new Set(columns).size !== columns.length)
      throw new ArgumentError("ForeignKeyConstraint with duplicate source column references are not supported.");
    if (columns.length !== references.length) {
      throw new ArgumentError(
        "ForeignKeyConstraint number of constrained columns must match the number of referenced columns.",
      );
    }
    if (references.length === 0)
      throw new ArgumentError("foreignKeyConstraint() needs at least one column and what it refers to");
    this.ondelete = options.ondelete ?? null;
    this.onupdate = options.onupdate ?? null;
    this.match = options.match ?? null;
    this.useAlter = options.useAlter ?? false;
    this.linkToName = options.linkToName ?? false;
    const [first] = references;
    this.implicit = references.length === 1 && first instanceof ForeignKey;
    const { table, ...keyOptions } = options;
    this.elements = this.implicit
      ? [first as ForeignKey]
      : references.map((target) => new ForeignKey(target, keyOptions));
    for (const element of this.elements) element.constraint = this;
    if (table !== undefined) table.appendConstraint(this);
    else if (!this.implicit) this.attachByColumns();
  }

  override get conventionKey(): ConventionKey {
    return "fk";
  }

  /**
   * The table that is referred to.
   *
   * @throws NoReferencedTableError, NoReferencedColumnError while it is not there.
   */
  get referredTable(): SchemaClasses["table"] {
    return (this.elements[0] as ForeignKey).column.table as SchemaClasses["table"];
  }

  override attach(table: SchemaClasses["table"]): void {
    super.attach(table);
    this.columns.forEach((column, index) => {
      const key = this.elements[index] as ForeignKey;
      if (key.parent !== column) column.appendForeignKey(key);
    });
    this.#requireOneTable(table);
  }

  protected override conventionParts(key: ConventionKey): ConventionParts {
    return {
      ...super.conventionParts(key),
      referredTableName: () => (this.elements[0] as ForeignKey).referredTableName,
      referredColumnNames: () => this.elements.map((element) => element.column.name),
    };
  }

  /** A copy for another table, which refers to another schema if one is given, and to the new table where it referred to the old. */
  override copyTo(
    table: SchemaClasses["table"],
    options: { readonly schema?: string | null } = {},
  ): ForeignKeyConstraint {
    const own = this.table.key;
    const targets = this.elements.map((element) =>
      element.targetFor(options.schema, element.targetTableKey === own ? table.name : null),
    );
    const { ondelete, onupdate, match, useAlter, linkToName } = this;
    const copy = new ForeignKeyConstraint(this.columnKeys, targets, {
      ...this.optionsForCopy,
      ondelete,
      onupdate,
      match,
      useAlter,
      linkToName,
    });
    copy.condition = this.condition;
    copyInfo(this, copy);
    table.appendConstraint(copy);
    return copy;
  }

  #requireOneTable(table: SchemaClasses["table"]): void {
    if (this.elements.length < 2 || this.elements.some((element) => typeof element.target === "function")) return;
    const keys = new Set(this.elements.map((element) => element.targetTableKey));
    if (keys.has(null) || keys.size < 2) return;
    const [first, second] = [...keys].sort();
    throw new ArgumentError(
      `ForeignKeyConstraint on ${table.fullname}(${this.columnKeys.join(", ")}) refers to multiple remote tables: ${first} and ${second}`,
    );
  }
}
defineKind(ForeignKeyConstraint, "foreignKeyConstraint");

declare module "./classes.ts" {
  interface SchemaClasses {
    foreignKeyConstraint: ForeignKeyConstraint;
  }
}

/** The constraint of a column's own foreign key. */
export function constraintOfKey(column: Column, key: ForeignKey): ForeignKeyConstraint {
  return new ForeignKeyConstraint([column], [key], key.constraintOptions);
}

/**
 * A foreign key over several columns.
 *
 * @example foreignKeyConstraint(["orderId", "lineNo"], ["line_items.order_id", "line_items.line_no"], { ondelete: "CASCADE" })
 */
export function foreignKeyConstraint(
  columns: readonly ColumnArgument[],
  references: readonly ForeignKeyTarget[],
  options: ForeignKeyConstraintOptions = {},
): ForeignKeyConstraint {
  return new ForeignKeyConstraint(columns, references, options);
}
