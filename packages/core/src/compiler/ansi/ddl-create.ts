/** `CREATE TABLE` and `DROP TABLE`, schemas, sequences, and DDL given as text. */

import type { CreateColumn, CreateSchema, CreateSequence, CreateTable } from "../../ddl/create.ts";
import type { DropSchema, DropSequence, DropTable } from "../../ddl/drop.ts";
import type { DdlText } from "../../ddl/text.ts";
import { CompileError } from "../../errors/errors.ts";
import type { Sequence } from "../../schema/sequence.ts";
import { Table } from "../../schema/table.ts";
import type { Compiler } from "../compiler.ts";

/** `CREATE TABLE` */
export function visitCreateTable(compiler: Compiler, create: CreateTable): string {
  const table = create.element;
  const name = compiler.hook<Table>("tableName", table);
  const suffix = compiler.hook<Table>("createTableSuffix", table);
  const columns = create.columns.map((column) => columnText(compiler, table, column)).filter((text) => text !== "");
  const constraints = compiler.hook("tableConstraints", create);
  const parts = constraints === "" ? columns : [...columns, constraints];
  const body = parts.length === 0 ? "" : `\n\t${parts.join(", \n\t")}`;
  return `\n${compiler.hook("createTablePrefix", create)}${name} ${suffix === "" ? "" : `${suffix} `}(${body}\n)${compiler.hook<Table>("postCreateTable", table)}\n\n`;
}

/** A column; what goes wrong with it tells which one it was. */
function columnText(compiler: Compiler, table: Table, column: CreateColumn): string {
  try {
    return compiler.visit(column);
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    throw new CompileError(`(in table '${table.name}', column '${column.element.name}'): ${error.message}`, {
      cause: error,
    });
  }
}

/** `CREATE TABLE `, with the words that belong between. */
export function visitCreateTablePrefix(_compiler: Compiler, create: CreateTable): string {
  const prefixes = create.element.prefixes.map((prefix) => `${prefix} `).join("");
  return `CREATE ${prefixes}TABLE ${create.ifNotExists ? "IF NOT EXISTS " : ""}`;
}

/** What stands between the name of a table and its columns. */
export function visitCreateTableSuffix(): string {
  return "";
}

/** What stands behind the columns of a table. */
export function visitPostCreateTable(): string {
  return "";
}

/** `DROP TABLE` */
export function visitDropTable(compiler: Compiler, drop: DropTable): string {
  return `\nDROP TABLE ${drop.ifExists ? "IF EXISTS " : ""}${compiler.hook<Table>("tableName", drop.element)}`;
}

/** `CREATE SCHEMA` */
export function visitCreateSchema(compiler: Compiler, create: CreateSchema): string {
  return `CREATE SCHEMA ${create.ifNotExists ? "IF NOT EXISTS " : ""}${compiler.identifier(String(create.element), create.element.quote)}`;
}

/** `DROP SCHEMA` */
export function visitDropSchema(compiler: Compiler, drop: DropSchema): string {
  const name = compiler.identifier(String(drop.element), drop.element.quote);
  return `DROP SCHEMA ${drop.ifExists ? "IF EXISTS " : ""}${name}${drop.cascade ? " CASCADE" : ""}`;
}

/** `CREATE SEQUENCE` */
export function visitCreateSequence(compiler: Compiler, create: CreateSequence): string {
  const name = compiler.hook<Sequence>("sequenceName", create.element);
  const options = compiler.hook("sequenceOptions", create.element);
  const type = compiler.hook<Sequence>("sequenceType", create.element);
  return `CREATE SEQUENCE ${create.ifNotExists ? "IF NOT EXISTS " : ""}${name}${type}${options === "" ? "" : ` ${options}`}`;
}

/** ` AS type`, where a database has typed sequences. */
export function visitSequenceType(): string {
  return "";
}

/** `DROP SEQUENCE` */
export function visitDropSequence(compiler: Compiler, drop: DropSequence): string {
  return `DROP SEQUENCE ${drop.ifExists ? "IF EXISTS " : ""}${compiler.hook<Sequence>("sequenceName", drop.element)}`;
}

/** DDL given as text. */
export function visitDdlText(compiler: Compiler, ddl: DdlText): string {
  const { target } = ddl;
  if (!(target instanceof Table)) return compiler.userText(ddl.fill({}));
  const schema = compiler.effectiveSchema(target.schema);
  const values = {
    table: compiler.identifier(target.name, target.quote),
    schema: schema === null ? "" : compiler.schemaName(schema, target.quoteSchema),
    fullname: compiler.hook<Table>("tableName", target),
  };
  return compiler.userText(ddl.fill(values));
}
