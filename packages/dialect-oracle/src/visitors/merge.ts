/** MERGE, for `merge()` and `upsert()`.  https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/MERGE.html */
import {
  CompileError,
  type Compiler,
  type Merge,
  type MergeBranchParts,
  type MergeParts,
  mergeInsertion,
  mergeSets,
  mergeText,
  type Visitor,
  visitMerge,
} from "@athanor/core";

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

const advice = { fix: "write it as update() or delete_() of its own" };

/** One update and one insert at the most, neither of them narrowed by AND. */
function mergeStatement(compiler: Compiler, statement: Merge): string {
  for (const match of ["matched", "notMatched"])
    if (statement.branches.filter((branch) => branch.match === match).length > 1)
      throw new CompileError(
        `Oracle's MERGE has one branch for rows that are ${match === "matched" ? "" : "not "}matched`,
        {
          fix: "use case_() in the values, or several statements",
        },
      );
  return visitMerge(compiler, statement);
}

/** `WHEN MATCHED THEN UPDATE SET … WHERE … DELETE WHERE …` */
function mergeBranch(compiler: Compiler, { branch, columns }: MergeBranchParts): string {
  const { action, match, condition, deleteWhere } = branch;
  const where = condition === null ? "" : ` WHERE ${compiler.visit(condition)}`;
  if (match === "notMatchedBySource")
    throw new CompileError("Oracle's MERGE does not see rows that only the target has", advice);
  if (action === "insert") return `WHEN NOT MATCHED THEN ${mergeInsertion(columns)}${where}`;
  if (action === "update") {
    const deletion = deleteWhere === null ? "" : ` DELETE WHERE ${compiler.visit(deleteWhere)}`;
    return `WHEN MATCHED THEN ${mergeSets(columns)}${where}${deletion}`;
  }
  throw new CompileError(
    action === "delete"
      ? "Oracle's MERGE deletes only rows that it updates: thenUpdate(…, { deleteWhere })"
      : "Oracle's MERGE has no DO NOTHING",
    advice,
  );
}

/** Visitors of MERGE. */
export const mergeVisitors: Readonly<Record<string, Visitor>> = {
  merge: mergeStatement as unknown as Visitor,
  mergeBranch: mergeBranch as unknown as Visitor,
  mergeInsert: mergeInsert as unknown as Visitor,
};
