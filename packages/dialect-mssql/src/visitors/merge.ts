/** `upsert()` as MERGE.  https://learn.microsoft.com/sql/t-sql/statements/merge-transact-sql */
import { type Compiler, type MergeParts, mergeText, type Visitor } from "@athanor/core";

/** HOLDLOCK keeps another connection from inserting the same key between the search and the insert. */
function mergeInsert(compiler: Compiler, parts: MergeParts): string {
  return mergeText(compiler, parts, {
    target: `${compiler.visit(parts.statement.table)} WITH (HOLDLOCK)`,
    source: (names, rows, select) =>
      select === null
        ? `(VALUES ${rows.map((row) => `(${row.join(", ")})`).join(", ")}) AS excluded (${names.join(", ")})`
        : `(${select}) AS excluded`,
    whereInside: false,
  });
}

/** Visitors of MERGE; the statement must end with a semicolon. */
export const mergeVisitors: Readonly<Record<string, Visitor>> = {
  mergeInsert: mergeInsert as unknown as Visitor,
  mergeEnd: () => ";",
};
