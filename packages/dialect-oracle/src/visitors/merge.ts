/** `upsert()` as MERGE.  https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/MERGE.html */
import { CompileError, type Compiler, type MergeParts, mergeText, type Visitor } from "@athanor/core";

/** Rows as SELECTs from DUAL: VALUES as a table exists since 23 only. */
function rowsText(names: readonly string[], rows: readonly (readonly string[])[]): string {
  return rows
    .map(
      (row, index) =>
        `SELECT ${row.map((value, at) => (index === 0 ? `${value} AS ${names[at]}` : value)).join(", ")} FROM DUAL`,
    )
    .join(" UNION ALL ");
}

function mergeInsert(compiler: Compiler, parts: MergeParts): string {
  if (parts.statement.returningColumns.length > 0 && (compiler.dialect.serverVersion[0] ?? 23) < 23)
    throw new CompileError("MERGE has no RETURNING before Oracle 23", {
      fix: "select the rows afterwards, or leave returning() out",
    });
  return mergeText(compiler, parts, {
    target: compiler.visit(parts.statement.table),
    source: (names, rows, select) => `(${select ?? rowsText(names, rows)}) excluded`,
    whereInside: true,
  });
}

/** Visitors of MERGE. */
export const mergeVisitors: Readonly<Record<string, Visitor>> = { mergeInsert: mergeInsert as unknown as Visitor };
