/** `ON DUPLICATE KEY UPDATE`. */
import { type ColumnElement, type Compiler, columnByKey, type FromClause, Insert } from "@athanor/core";
import type { InsertedColumn, OnDuplicateKeyUpdate } from "../expressions/insert.ts";
import { isMySQL, serverOf } from "../server.ts";
import { columnName } from "./dml.ts";

/** The INSERT around the clause. */
function insertAround(compiler: Compiler): Insert | undefined {
  return compiler.stack.findLast((frame) => frame.statement instanceof Insert)?.statement as Insert | undefined;
}

/** The alias of the new row; null where VALUES() is used instead.  https://dev.mysql.com/doc/refman/8.4/en/insert-on-duplicate.html */
function rowAlias(compiler: Compiler): string | null {
  const statement = insertAround(compiler);
  if (!isMySQL(serverOf(compiler), 8, 0, 20) || statement === undefined || statement.source !== null) return null;
  return (statement.table as { name?: unknown }).name === "new" ? "new_1" : "new";
}

/** `AS new ON DUPLICATE KEY UPDATE a = new.a`, or `ON DUPLICATE KEY UPDATE a = VALUES(a)`. */
export function visitOnDuplicateKeyUpdate(compiler: Compiler, clause: OnDuplicateKeyUpdate): string {
  const table = insertAround(compiler)?.table as FromClause;
  const updates = clause.updates.map(([key, value]) => {
    const column = columnByKey(table.c, key) as ColumnElement;
    return `${columnName(compiler, column)} = ${compiler.visit(value)}`;
  });
  const alias = rowAlias(compiler);
  return `${alias === null ? "" : `AS ${alias} `}ON DUPLICATE KEY UPDATE ${updates.join(", ")}`;
}

/** `new.name`, or `VALUES(name)`. */
export function visitInsertedColumn(compiler: Compiler, column: InsertedColumn): string {
  const name = compiler.nameIdentifier(column.name, column.quote);
  const alias = rowAlias(compiler);
  return alias === null ? `VALUES(${name})` : `${alias}.${name}`;
}
