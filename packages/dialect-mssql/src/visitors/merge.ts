/** MERGE, for `merge()` and `upsert()`.  https://learn.microsoft.com/sql/t-sql/statements/merge-transact-sql */
import {
  CompileError,
  type Compiler,
  type MergeBranchParts,
  type MergeParts,
  mergeText,
  type Visitor,
  visitMergeBranch,
} from "@athanor/core";

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

function mergeBranch(compiler: Compiler, parts: MergeBranchParts): string {
  if (parts.branch.action === "nothing")
    throw new CompileError("SQL Server's MERGE has no DO NOTHING", {
      fix: "leave the branch out, and narrow the others by its negated condition",
    });
  return visitMergeBranch(compiler, parts);
}

/** Visitors of MERGE; the statement must end with a semicolon. */
export const mergeVisitors: Readonly<Record<string, Visitor>> = {
  mergeInsert: mergeInsert as unknown as Visitor,
  mergeBranch: mergeBranch as unknown as Visitor,
  mergeAction: () => "$action",
  mergeEnd: () => ";",
};
