/** INSERT, UPDATE and DELETE on SQL Server: OUTPUT stands in the middle, other tables in a second FROM. */
import {
  AliasedFromClause,
  type Column,
  type Compiler,
  Delete,
  type Dml,
  type FilteredParts,
  type FromClause,
  type FromElement,
  type InsertParts,
  Merge,
  type ReturningParts,
  readTableText,
  returningList,
  Table,
  targetText,
} from "@athanor/core";
import { isNumbered } from "./identity.ts";

function output(compiler: Compiler, statement: Dml, implicit: ReturningParts["implicit"]): string {
  const rows = deletesOnly(statement) ? "deleted" : "inserted";
  const names = new Map<FromElement, string>([[statement.table as FromClause, rows]]);
  return compiler.within({ tableNames: names }, () => ` OUTPUT ${returningList(compiler, { statement, implicit })}`);
}

/** There are no new rows: OUTPUT gives the old ones. */
function deletesOnly(statement: Dml): boolean {
  return statement instanceof Merge
    ? statement.branches.every(({ action }) => action === "delete")
    : statement instanceof Delete;
}

/** ` OUTPUT inserted.id`, before VALUES. */
export function visitReturningBeforeValues(compiler: Compiler, parts: InsertParts): string {
  return output(compiler, parts.statement, parts.implicitReturning);
}

/** ` OUTPUT …`, before FROM and WHERE. */
export function visitReturningBeforeWhere(compiler: Compiler, parts: ReturningParts): string {
  return output(compiler, parts.statement, parts.implicit);
}

/**
 * An INSERT that gives a value for the IDENTITY column stands between `SET IDENTITY_INSERT t ON` and `OFF`: otherwise the
 * server numbers rows itself and refuses the value.
 */
export function noteIdentityInsert(compiler: Compiler, { statement, rows }: InsertParts): string {
  const { table, source } = statement;
  if (!(table instanceof Table)) return "";
  const column = table.autoincrementColumn;
  if (column === null || !isNumbered(column as Column)) return "";
  const isGiven =
    source === null
      ? rows.some((row) => row.assignments.some((assignment) => assignment.column === column))
      : source.names.some((name) => name === column.key || name === String(column.name));
  if (isGiven) {
    const name = compiler.visit(table);
    compiler.surroundings = { before: [`SET IDENTITY_INSERT ${name} ON`], after: [`SET IDENTITY_INSERT ${name} OFF`] };
  }
  return "";
}

/** `FROM target`; an alias stands there by its name alone, its table in the second FROM. */
export function visitDeleteTables(compiler: Compiler, { statement, extraFroms }: FilteredParts<Delete>): string {
  const target = statement.table as FromClause;
  return extraFroms.length > 0 && target instanceof AliasedFromClause && target.name !== null
    ? `FROM ${compiler.nameIdentifier(target.name)}`
    : `FROM ${targetText(compiler, statement)}`;
}

/** ` FROM target, others` */
export function visitExtraTables(compiler: Compiler, parts: FilteredParts): string {
  return ` FROM ${[parts.statement.table as FromClause, ...parts.extraFroms].map((from) => readTableText(compiler, parts.statement, from)).join(", ")}`;
}
