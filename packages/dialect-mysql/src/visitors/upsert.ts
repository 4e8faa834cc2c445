/** `ON DUPLICATE KEY UPDATE`. */
import {
  type ColumnElement,
  CompileError,
  type Compiler,
  columnByKey,
  type ExcludedColumn,
  type FromClause,
  Insert,
  type UpsertClause,
  upsertPlan,
  upsertSets,
} from "@athanor/core";
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

/** A portable upsert. A row that stays as it is gets its own key: there is no DO NOTHING. */
export function visitUpsertClause(compiler: Compiler, clause: UpsertClause): string {
  const plan = upsertPlan(compiler, clause);
  if (plan.where !== null)
    throw new CompileError(
      `The '${compiler.dialect.name}' dialect cannot leave rows of an upsert as they are by a condition`,
      { fix: "leave where out of doUpdate(), or set each column with case_()" },
    );
  const alias = rowAlias(compiler);
  const key = plan.target[0] as ColumnElement;
  const sets =
    plan.sets.length > 0 ? upsertSets(compiler, plan) : `${columnName(compiler, key)} = ${compiler.visit(key)}`;
  return `${alias === null ? "" : `AS ${alias} `}ON DUPLICATE KEY UPDATE ${sets}`;
}

/** `new.name`, or `VALUES(name)`. */
export function visitInsertedColumn(compiler: Compiler, column: InsertedColumn | ExcludedColumn): string {
  const name = compiler.nameIdentifier(column.name, column.quote);
  const alias = rowAlias(compiler);
  return alias === null ? `VALUES(${name})` : `${alias}.${name}`;
}
