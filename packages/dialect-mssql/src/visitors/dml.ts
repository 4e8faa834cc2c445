/** INSERT, UPDATE and DELETE on SQL Server: OUTPUT stands in the middle, other tables in a second FROM. */
import {
  type Compiler,
  Delete,
  type Dml,
  type FilteredParts,
  type FromClause,
  type FromElement,
  type InsertParts,
  type ReturningParts,
  returningList,
} from "@athanor/core";

function output(compiler: Compiler, statement: Dml, implicit: ReturningParts["implicit"]): string {
  const rows = statement instanceof Delete ? "deleted" : "inserted";
  const names = new Map<FromElement, string>([[statement.table as FromClause, rows]]);
  return compiler.within({ tableNames: names }, () => ` OUTPUT ${returningList(compiler, { statement, implicit })}`);
}

/** ` OUTPUT inserted.id`, before VALUES. */
export function visitReturningBeforeValues(compiler: Compiler, parts: InsertParts): string {
  return output(compiler, parts.statement, parts.implicitReturning);
}

/** ` OUTPUT …`, before FROM and WHERE. */
export function visitReturningBeforeWhere(compiler: Compiler, parts: ReturningParts): string {
  return output(compiler, parts.statement, parts.implicit);
}

/** ` FROM target, others` */
export function visitExtraTables(compiler: Compiler, parts: FilteredParts): string {
  return ` FROM ${[parts.statement.table as FromClause, ...parts.extraFroms].map((from) => compiler.visit(from)).join(", ")}`;
}
