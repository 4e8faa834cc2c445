/**
 * DDL as SQLite writes it: AUTOINCREMENT, ON CONFLICT of constraints, STRICT and WITHOUT ROWID, indexes that carry the
 * schema instead of their table.  https://sqlite.org/lang_createtable.html
 */
import {
  type CheckConstraint,
  type Column,
  type ColumnCollectionConstraint,
  CompileError,
  type Compiler,
  type CreateColumn,
  type CreateIndex,
  type CreateView,
  columnIdentifier,
  dialectOption,
  type ForeignKeyConstraint,
  type Node,
  type PrimaryKeyConstraint,
  resolveNode,
  schemaExpression,
  type Table,
  tableOfIndex,
  type UniqueConstraint,
  type Visitor,
  visitCheckConstraint,
  visitForeignKeyConstraint,
  visitPrimaryKeyConstraint,
  visitUniqueConstraint,
} from "@athanor/core";

type WithOptions = Parameters<typeof dialectOption>[0];

const actions: ReadonlySet<string> = new Set(["ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE"]);

/** ` ON CONFLICT action`, or nothing. */
function conflictText(action: unknown): string {
  if (action === undefined || action === null) return "";
  const word = String(action);
  if (!actions.has(word.toUpperCase()))
    throw new CompileError(`Unexpected SQL phrase: '${word}'`, { fix: `ON CONFLICT takes ${[...actions].join(", ")}` });
  return ` ON CONFLICT ${word}`;
}

/** The action given with a constraint, or with its only column. */
function conflictOf(
  constraint: WithOptions & Pick<ColumnCollectionConstraint, "columns">,
  columnOption: string,
): string {
  const own = dialectOption(constraint, "sqlite", "onConflict");
  const [only, ...others] = constraint.columns;
  return conflictText(
    own ?? (only !== undefined && others.length === 0 ? dialectOption(only, "sqlite", columnOption) : undefined),
  );
}

/** Whether the primary key is part of a column, as AUTOINCREMENT wants it. */
function isAutoincrement(column: Column, table: Table): boolean {
  return (
    dialectOption(table, "sqlite", "autoincrement") === true &&
    table.primaryKey.columns.length === 1 &&
    table.primaryKey.columns[0] === column &&
    column.type.affinity === "integer" &&
    column.foreignKeys.length === 0
  );
}

/** `name type DEFAULT … NOT NULL ON CONFLICT … PRIMARY KEY AUTOINCREMENT` */
function visitColumnSpec(compiler: Compiler, create: CreateColumn): string {
  const column = create.element;
  const table = column.table as Table | null;
  let text = `${columnIdentifier(compiler, column)} ${compiler.hook("columnType", column)}`;
  const fallback = compiler.hook("columnDefault", column);
  if (fallback !== "") text += ` DEFAULT ${enclosedDefault(fallback)}`;
  if (!column.nullable) text += ` NOT NULL${conflictText(dialectOption(column, "sqlite", "onConflictNotNull"))}`;
  if (column.primaryKey && table !== null) {
    if (column.autoincrement === true && table.primaryKey.columns.length !== 1) {
      throw new CompileError("SQLite does not support autoincrement for composite primary keys");
    }
    if (isAutoincrement(column, table))
      text += ` PRIMARY KEY${conflictText(dialectOption(column, "sqlite", "onConflictPrimaryKey"))} AUTOINCREMENT`;
  }
  if (column.computed !== null) text += ` ${compiler.visit(column.computed)}`;
  return text;
}

/** Expressions need parentheses; one word, one string, and what has parentheses already, do not. */
function enclosedDefault(text: string): string {
  const bare = /^\s*(?:\w+|'(?:[^']|'')*'|"(?:[^"]|"")*")\s*$/.test(text) || isEnclosed(text.trim());
  return bare ? text : `(${text})`;
}

/** Whether one pair of parentheses holds the whole text. */
function isEnclosed(text: string): boolean {
  if (!text.startsWith("(")) return false;
  let depth = 0;
  let end = -1;
  for (const { 0: token, index } of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]/g)) {
    if (token === "(") depth++;
    else if (token === ")" && --depth === 0) {
      end = index;
      break;
    }
  }
  return end === text.length - 1;
}

/** Empty where the column says it. */
function visitPrimaryKey(compiler: Compiler, constraint: PrimaryKeyConstraint): string {
  const [only] = constraint.columns;
  if (only !== undefined && isAutoincrement(only, only.table as Table)) return "";
  const text = visitPrimaryKeyConstraint(compiler, constraint);
  return text === "" ? "" : `${text}${conflictOf(constraint, "onConflictPrimaryKey")}`;
}

function visitUnique(compiler: Compiler, constraint: UniqueConstraint): string {
  const text = visitUniqueConstraint(compiler, constraint);
  return text === "" ? "" : `${text}${conflictOf(constraint, "onConflictUnique")}`;
}

function visitCheck(compiler: Compiler, constraint: CheckConstraint): string {
  return `${visitCheckConstraint(compiler, constraint)}${conflictText(dialectOption(constraint, "sqlite", "onConflict"))}`;
}

/** Foreign keys stay within one attached database; others are left out. */
function visitForeignKey(compiler: Compiler, constraint: ForeignKeyConstraint): string {
  const from = compiler.effectiveSchema((constraint.table as Table).schema);
  const to = compiler.effectiveSchema(constraint.referredTable.schema);
  return from === to ? visitForeignKeyConstraint(compiler, constraint) : "";
}

/** A table without its schema. */
function bareTable(compiler: Compiler, table: Table): string {
  return compiler.identifier(table.name, table.quote);
}

/** `\n WITHOUT ROWID,\n STRICT` */
function visitPostCreateTable(_compiler: Compiler, table: Table): string {
  const options: string[] = [];
  if (dialectOption(table, "sqlite", "withRowid") === false) options.push("WITHOUT ROWID");
  if (dialectOption(table, "sqlite", "strict") === true) options.push("STRICT");
  return options.length === 0 ? "" : `\n ${options.join(",\n ")}`;
}

/** `CREATE INDEX schema.name ON table (…) WHERE …` */
function visitCreateIndex(compiler: Compiler, create: CreateIndex): string {
  const index = create.element;
  const table = tableOfIndex(index);
  const head = `CREATE ${index.unique ? "UNIQUE " : ""}INDEX ${create.ifNotExists ? "IF NOT EXISTS " : ""}`;
  const name = compiler.hook("qualifiedIndexName", index);
  const where = dialectOption(index, "sqlite", "where");
  const condition =
    where === undefined || where === null ? "" : ` WHERE ${schemaExpression(compiler, resolveNode(where) as Node)}`;
  return `${head}${name} ON ${bareTable(compiler, table)} (${compiler.hook("indexColumns", index)})${condition}`;
}

function visitViewIfNotExists(_compiler: Compiler, create: CreateView): string {
  return dialectOption(create, "sqlite", "ifNotExists") === true ? "IF NOT EXISTS" : "";
}

export const ddlVisitors: Readonly<Record<string, Visitor>> = {
  columnSpec: visitColumnSpec as Visitor,
  primaryKeyConstraint: visitPrimaryKey as Visitor,
  uniqueConstraint: visitUnique as Visitor,
  checkConstraint: visitCheck as Visitor,
  foreignKeyConstraint: visitForeignKey as Visitor,
  remoteTable: ((compiler: Compiler, constraint: ForeignKeyConstraint) =>
    bareTable(compiler, constraint.referredTable)) as Visitor,
  postCreateTable: visitPostCreateTable as Visitor,
  createIndex: visitCreateIndex as Visitor,
  viewIfNotExists: visitViewIfNotExists as Visitor,
};
