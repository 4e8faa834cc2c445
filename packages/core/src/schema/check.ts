/** CHECK constraints: of a table, or of a single column. */
import { defineKind } from "../ast/node.ts";
import type { ClauseElement } from "../expression/clause-element.ts";
import type { SchemaClasses } from "./classes.ts";
import { Column } from "./column.ts";
import { conventionColumn } from "./column-constraint.ts";
import { attachToTableOf } from "./column-list.ts";
import { Constraint, type ConstraintOptions, constraintOptionNames, type RuleDialect } from "./constraint.ts";
import { columnsIn, ddlExpression, moveExpression } from "./expression.ts";
import type { ConventionKey, ConventionParts } from "./naming.ts";
import { copyInfo } from "./schema-item.ts";

/** Options of {@link checkConstraint}. */
export interface CheckOptions extends ConstraintOptions {
  /** The table, where neither the expression nor the place tells it. */
  readonly table?: SchemaClasses["table"] | undefined;
}

const optionNames = new Set([...constraintOptionNames, "table"]);

/** `CHECK (…)` */
export class CheckConstraint extends Constraint {
  readonly sqltext: ClauseElement;
  /** The columns that the expression names; none where it is text. */
  readonly columns: readonly Column[];

  /** `typeRule`: the constraint belongs to a column's type, and says where it is rendered. */
  constructor(
    sqltext: unknown,
    options: CheckOptions = {},
    typeRule: ((dialect: RuleDialect) => boolean) | null = null,
  ) {
    super(options, optionNames, "checkConstraint()");
    this.typeBound = typeRule !== null;
    this.createRule = typeRule;
    this.sqltext = ddlExpression(sqltext, "checkConstraint()");
    this.columns = columnsIn(this.sqltext).filter((column) => column instanceof Column);
    if (options.table !== undefined) options.table.appendConstraint(this);
    else attachToTableOf(this.columns, (table) => table.appendConstraint(this), true);
  }

  override get conventionKey(): ConventionKey {
    return "ck";
  }

  /** Rendered beside a column rather than among the table's constraints. */
  get isColumnLevel(): boolean {
    return this.parent instanceof Column;
  }

  override attach(table: SchemaClasses["table"]): void {
    this.parent = table;
    // The convention may ask for a name: better now than when the table is created.
    if (!this.typeBound) void this.name;
  }

  [Symbol.iterator](): Iterator<Column> {
    return this.columns[Symbol.iterator]();
  }

  protected override conventionParts(key: ConventionKey): ConventionParts {
    return { ...super.conventionParts(key), columns: this.columns.map(conventionColumn) };
  }

  /** A copy that belongs to nothing. */
  copy(): CheckConstraint {
    return this.#copy(this.sqltext);
  }

  override copyTo(table: SchemaClasses["table"]): CheckConstraint {
    const copy = this.#copy(moveExpression(this.sqltext, this.tableOrNull, table));
    table.appendConstraint(copy);
    return copy;
  }

  #copy(sqltext: ClauseElement): CheckConstraint {
    const { deferrable, initially, comment } = this;
    const copy = new CheckConstraint(
      sqltext,
      { ...(this.dialectOptions as object), name: this.nameForCopy, deferrable, initially, comment },
      this.typeBound ? this.createRule : null,
    );
    copy.createRule = this.createRule;
    copy.condition = this.condition;
    copyInfo(this, copy);
    return copy;
  }
}
defineKind(CheckConstraint, "checkConstraint");

/**
 * A CHECK constraint: SQL as a string, or an expression of the table's columns.
 *
 * @example table("t", metadata, { price: column(t.numeric(10, 2), checkConstraint("price > 0")) }, checkConstraint("price < 1000", { name: "ck_price" }));
 */
export function checkConstraint(sqltext: unknown, options: CheckOptions = {}): CheckConstraint {
  return new CheckConstraint(sqltext, options);
}
