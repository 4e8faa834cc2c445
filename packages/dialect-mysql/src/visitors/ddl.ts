/** CREATE TABLE, ALTER TABLE and indexes in MySQL's form. */
import {
  CheckConstraint,
  type Column,
  ColumnClause,
  ColumnElement,
  CompileError,
  type Compiler,
  type Computed,
  type Constraint,
  type CreateColumn,
  type CreateIndex,
  DefaultClause,
  type DropConstraint,
  type DropIndex,
  type DropTableComment,
  dialectOption,
  exactTypes,
  ForeignKeyConstraint,
  Identity,
  type Index,
  LiteralColumn,
  PrimaryKeyConstraint,
  quoteString,
  requiredName,
  Sequence,
  type SetColumnComment,
  type SetTableComment,
  schemaExpression,
  type Table,
  tableOfIndex,
  Unary,
  UniqueConstraint,
  type Visitor,
  visitPrimaryKeyBody,
  visitSequenceOptions,
} from "@athanor/core";
import { isMariaDB, isMySQL, serverOf } from "../server.ts";
import { postCreateTable } from "./table-options.ts";

/** `name type NOT NULL COMMENT '…' AUTO_INCREMENT` */
export function visitColumnSpec(compiler: Compiler, create: CreateColumn): string {
  const column = create.element;
  const type = compiler.dialect.adaptType(column.type);
  const parts = [compiler.identifier(column.name, column.quote), compiler.hook("columnType", column)];
  if (column.computed !== null) parts.push(compiler.visit(column.computed));
  // TIMESTAMP is NOT NULL unless it says otherwise.  https://dev.mysql.com/doc/refman/8.4/en/timestamp-initialization.html
  if (!column.nullable) {
    if (!isComputedKey(compiler, column)) parts.push("NOT NULL");
  } else if (type instanceof exactTypes.TIMESTAMP || type.visitName === "TIMESTAMP") parts.push("NULL");
  if (column.comment !== null && column.comment !== undefined)
    parts.push(`COMMENT ${quoteString(column.comment, compiler.dialect)}`);
  if (numbersItself(compiler, column)) parts.push("AUTO_INCREMENT");
  else {
    const fallback = compiler.hook("columnDefault", column);
    if (fallback !== "") parts.push(`DEFAULT ${fallback}`);
  }
  return parts.join(" ");
}

/** MariaDB takes no NOT NULL behind an expression; a key that did not ask for it does without. */
function isComputedKey(compiler: Compiler, column: Column): boolean {
  return column.computed !== null && column.givenNullable === null && serverOf(compiler).isMariaDB;
}

/** Whether the column is numbered by AUTO_INCREMENT rather than by a default or a sequence. */
function numbersItself(compiler: Compiler, column: Column): boolean {
  const table = column.table as Table | null;
  if (table === null || table.autoincrementColumn !== column) return false;
  if (column.serverDefault !== null && !(column.serverDefault instanceof Identity)) return false;
  const source = column.default;
  return !(source instanceof Sequence && compiler.dialect.capabilities.sequences && !source.optional);
}

/** A DEFAULT that is an expression stands in parentheses, except for constants and the current time. */
export function visitColumnDefault(compiler: Compiler, column: Column): string {
  const given = column.serverDefault;
  if (!(given instanceof DefaultClause)) return "";
  const { arg } = given;
  const text = typeof arg === "string" ? quoteString(arg, compiler.dialect) : compiler.literal(arg);
  if (!expressionDefaults(compiler)) return text;
  return /^\s*(?:[bx]?'|["(])/i.test(text) ||
    /ON\s+UPDATE/i.test(text) ||
    /^\s*CURRENT_TIMESTAMP\s*(?:\(\s*\d*\s*\))?\s*$/i.test(text) ||
    /^\s*now\s*\(\s*\d+\s*\)\s*$/i.test(text) ||
    !/\W/.test(text.trim())
    ? text
    : `(${text})`;
}

function expressionDefaults(compiler: Compiler): boolean {
  const server = serverOf(compiler);
  return isMySQL(server, 8, 0, 13) || isMariaDB(server, 10, 2, 1);
}

function visitComputed(compiler: Compiler, computed: Computed): string {
  const text = `GENERATED ALWAYS AS (${schemaExpression(compiler, computed.sqltext)})`;
  return computed.persisted === null ? text : `${text} ${computed.persisted ? "STORED" : "VIRTUAL"}`;
}

/** The option of an index or key; MariaDB falls back to MySQL's. */
function fallbackOption(compiler: Compiler, element: Index | Constraint, name: string): unknown {
  const own = dialectOption(element, compiler.dialect.name, name);
  return own ?? (compiler.dialect.name === "mariadb" ? dialectOption(element, "mysql", name) : undefined);
}

const usingText = (compiler: Compiler, element: Index | Constraint): string => {
  const using = fallbackOption(compiler, element, "using");
  return using === undefined || using === null ? "" : ` USING ${methodName(using, "using")}`;
};

/** A word that goes into the text as it is. */
function methodName(value: unknown, option: string): string {
  if (typeof value === "string" && /^\w+$/.test(value)) return value;
  throw new CompileError(`the option "${option}" must be a word, not ${JSON.stringify(value)}`);
}

/** `CREATE FULLTEXT INDEX name ON table (a(10), (lower(b))) WITH PARSER ngram USING btree` */
export function visitCreateIndex(compiler: Compiler, create: CreateIndex): string {
  const index = create.element;
  const table = tableOfIndex(index);
  const prefix = dialectOption(index, compiler.dialect.name, "prefix");
  const words = [
    "CREATE",
    index.unique ? "UNIQUE" : "",
    prefix === undefined || prefix === null ? "" : methodName(prefix, "prefix"),
    "INDEX",
    create.ifNotExists ? "IF NOT EXISTS" : "",
  ];
  const head = `${words.filter((word) => word !== "").join(" ")} ${compiler.hook("indexName", index)} ON ${compiler.hook<Table>("tableName", table)}`;
  const parser = fallbackOption(compiler, index, "withParser");
  return `${head} (${compiler.hook("indexColumns", index)})${parser === undefined || parser === null ? "" : ` WITH PARSER ${methodName(parser, "withParser")}`}${usingText(compiler, index)}`;
}

/** The parts of an index, with prefix lengths; expressions stand in parentheses of their own. */
export function visitIndexColumns(compiler: Compiler, index: Index): string {
  const length = dialectOption(index, compiler.dialect.name, "length");
  return index.expressions.map((expression) => indexPart(compiler, expression as ColumnElement, length)).join(", ");
}

function indexPart(compiler: Compiler, expression: ColumnElement, length: unknown): string {
  if (expression instanceof Unary && expression.modifier !== null) {
    return `${indexPart(compiler, expression.element, length)}${compiler.hook(expression.modifier.modifierVisitor, expression)}`;
  }
  const text = schemaExpression(compiler, expression);
  if (expression instanceof ColumnClause) {
    const size = lengthOf(length, expression);
    return size === undefined ? text : `${text}(${size})`;
  }
  const plain =
    !(expression instanceof ColumnElement) ||
    expression instanceof LiteralColumn ||
    expression.kind === "label" ||
    expression.kind === "grouping";
  return plain ? text : `(${text})`;
}

/** The prefix length of a column: one for all, or by name. */
function lengthOf(length: unknown, column: ColumnClause): number | undefined {
  if (length === undefined || length === null) return undefined;
  if (typeof length !== "object") return wholeNumber(length);
  const given = length as Readonly<Record<string, unknown>>;
  const size = given[column.name as string] ?? given[column.key as string];
  return size === undefined ? undefined : wholeNumber(size);
}

function wholeNumber(value: unknown): number {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new CompileError(`the option "length" of an index takes whole numbers, not ${JSON.stringify(value)}`);
}

/** `DROP INDEX name ON table` */
export function visitDropIndex(compiler: Compiler, drop: DropIndex): string {
  const index = drop.element;
  if (index.name === null) throw new CompileError("DROP INDEX requires that the index have a name");
  return `\nDROP INDEX ${drop.ifExists ? "IF EXISTS " : ""}${compiler.hook("indexName", index)} ON ${compiler.hook<Table>("tableName", tableOfIndex(index))}`;
}

/** `ALTER TABLE … DROP FOREIGN KEY name`: each kind of constraint is dropped by a word of its own. */
export function visitDropConstraint(compiler: Compiler, drop: DropConstraint): string {
  const constraint = drop.element;
  const head = `ALTER TABLE ${compiler.hook<Table>("tableName", constraint.table)} DROP`;
  if (constraint instanceof PrimaryKeyConstraint) return `${head} PRIMARY KEY`;
  const name = requiredName(compiler, constraint);
  if (constraint instanceof ForeignKeyConstraint) return `${head} FOREIGN KEY ${name}`;
  if (constraint instanceof UniqueConstraint) return `${head} INDEX ${name}`;
  if (constraint instanceof CheckConstraint)
    return `${head} ${serverOf(compiler).isMariaDB ? "CONSTRAINT" : "CHECK"} ${name}`;
  return `${head} CONSTRAINT ${name}`;
}

/** `PRIMARY KEY (a) USING btree` */
function visitPrimaryKey(compiler: Compiler, constraint: PrimaryKeyConstraint): string {
  return visitPrimaryKeyBody(compiler, constraint) + usingText(compiler, constraint);
}

function visitConstraintMatch(_compiler: Compiler, constraint: ForeignKeyConstraint): string {
  if (constraint.match === null) return "";
  throw new CompileError(
    "MySQL ignores the 'MATCH' keyword while at the same time causes ON UPDATE/ON DELETE clauses to be ignored.",
  );
}

const tableComment = (compiler: Compiler, table: Table, comment: string): string =>
  `ALTER TABLE ${compiler.hook<Table>("tableName", table)} COMMENT ${quoteString(comment, compiler.dialect)}`;

/** A column's comment is part of its definition, which has to be repeated. */
function visitSetColumnComment(compiler: Compiler, comment: SetColumnComment): string {
  const column = comment.element;
  const name = compiler.identifier(column.name, column.quote);
  return `ALTER TABLE ${compiler.hook<Table>("tableName", column.table as Table)} CHANGE ${name} ${compiler.hook("columnSpec", { element: column })}`;
}

/** Sequences of MariaDB. */
function visitOptions(compiler: Compiler, settings: Parameters<typeof visitSequenceOptions>[1]): string {
  return visitSequenceOptions(compiler, settings).replace("NO CYCLE", "NOCYCLE");
}

/** DDL of MySQL and MariaDB. */
export const ddlVisitors: Readonly<Record<string, Visitor>> = {
  columnSpec: visitColumnSpec as Visitor,
  columnDefault: visitColumnDefault as Visitor,
  computedColumn: visitComputed as Visitor,
  postCreateTable: postCreateTable as Visitor,
  createIndex: visitCreateIndex as Visitor,
  indexColumns: visitIndexColumns as Visitor,
  dropIndex: visitDropIndex as Visitor,
  dropConstraint: visitDropConstraint as Visitor,
  primaryKeyBody: visitPrimaryKey as Visitor,
  constraintMatch: visitConstraintMatch as Visitor,
  setTableComment: ((compiler: Compiler, set: SetTableComment) =>
    tableComment(compiler, set.element, set.element.comment ?? "")) as Visitor,
  dropTableComment: ((compiler: Compiler, drop: DropTableComment) =>
    tableComment(compiler, drop.element, "")) as Visitor,
  setColumnComment: visitSetColumnComment as Visitor,
  sequenceOptions: visitOptions as Visitor,
};
