/** `CREATE INDEX` and `DROP INDEX`. */

import type { CreateIndex } from "../../ddl/create.ts";
import type { DropIndex } from "../../ddl/drop.ts";
import { CompileError } from "../../errors/errors.ts";
import type { ClauseElement } from "../../expression/clause-element.ts";
import type { Table } from "../../schema/table.ts";
import type { Index } from "../../schema/table-index.ts";
import type { Compiler } from "../compiler.ts";
import { indexIdentifier, schemaExpression } from "./ddl-names.ts";

/** `CREATE INDEX name ON table (…)` */
export function visitCreateIndex(compiler: Compiler, create: CreateIndex): string {
  const index = create.element;
  const table = tableOfIndex(index);
  const head = `CREATE ${index.unique ? "UNIQUE " : ""}INDEX ${create.ifNotExists ? "IF NOT EXISTS " : ""}${compiler.hook("indexName", index)}`;
  return `${head} ON ${compiler.hook<Table>("tableName", table)} (${compiler.hook("indexColumns", index)})`;
}

/**
 * The table of an index.
 *
 * @throws CompileError while it has none.
 */
export function tableOfIndex(index: Index): Table {
  if (index.table !== null) return index.table;
  throw new CompileError(`Index '${index.name}' is not associated with any table.`, {
    fix: "pass the index to a table, or make it of a table's columns",
  });
}

/** The name of an index where it is created. */
export function visitIndexName(compiler: Compiler, index: Index): string {
  return indexIdentifier(compiler, index);
}

/** What an index is over. */
export function visitIndexColumns(compiler: Compiler, index: Index): string {
  return index.expressions.map((expression) => schemaExpression(compiler, expression as ClauseElement)).join(", ");
}

/** `DROP INDEX` */
export function visitDropIndex(compiler: Compiler, drop: DropIndex): string {
  if (drop.element.name === null) throw new CompileError("DROP INDEX requires that the index have a name");
  return `\nDROP INDEX ${drop.ifExists ? "IF EXISTS " : ""}${compiler.hook("qualifiedIndexName", drop.element)}`;
}
