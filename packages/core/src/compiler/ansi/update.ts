/** UPDATE and DELETE, with one table or several. */
import type { Node } from "../../ast/node.ts";
import { Delete } from "../../dml/delete.ts";
import type { FilteredDml, Update } from "../../dml/update.ts";
import { CompileError } from "../../errors/errors.ts";
import { BindParameter } from "../../expression/bind.ts";
import { conjunction } from "../../expression/clause-list.ts";
import { ColumnClause } from "../../expression/column-clause.ts";
import type { ColumnElement } from "../../expression/column-element.ts";
import type { FromElement } from "../../expression/from-element.ts";
import { FromClause } from "../../selectable/from-clause.ts";
import { warnOfCartesianProduct } from "../cartesian.ts";
import type { Compiler } from "../compiler.ts";
import { Frame } from "../frame.ts";
import { type Assignment, type RowPlan, updateRow, withSupplemental } from "../state/crud.ts";
import { transformStatement } from "../state/registry.ts";
import { enterCteScope, leaveCteScope, renderAddedCtes } from "./cte.ts";
import { decorationText, takePlace } from "./place.ts";
import { returningText } from "./returning.ts";
import { targetText } from "./target.ts";

/** An UPDATE or DELETE worked out; what its hooks get. */
export interface FilteredParts<S extends FilteredDml = FilteredDml> {
  readonly statement: S;
  /** Tables beside the target that conditions and values refer to. */
  readonly extraFroms: readonly FromClause[];
  readonly where: string;
  readonly plan: RowPlan | null;
}

function extraFroms(statement: FilteredDml, values: readonly (ColumnElement | Node)[]): FromClause[] {
  const found = new Set<FromElement>();
  for (const clause of statement.whereClauses) clause.collectFroms(found);
  for (const value of values) if ("collectFroms" in value) (value as ColumnElement).collectFroms(found);
  const target = statement.table as FromClause;
  const named = statement instanceof Delete ? statement.usingFroms : [];
  const hidden = new Set<FromElement>([target, ...target.hides, ...named.flatMap((from) => [from, ...from.hides])]);
  return [
    ...named,
    ...[...found].filter((from): from is FromClause => from instanceof FromClause && !hidden.has(from)),
  ];
}

/** What an INSERT would tell of the keys it made. */
const withoutKey = { lastRowIdColumn: null, keyColumns: [], batch: null };

function whereText(compiler: Compiler, statement: FilteredDml): string {
  const condition = conjunction(statement.whereClauses);
  return condition === null ? "" : compiler.visit(condition);
}

/** `UPDATE table SET … FROM … WHERE … RETURNING …` */
export function visitUpdate(compiler: Compiler, given: Update): string {
  takePlace();
  const statement = transformStatement(given, compiler);
  const outermost = compiler.stack.length === 0;
  const scope = enterCteScope(compiler);
  const plan = planUpdate(compiler, statement);
  const extra = extraFroms(
    statement,
    plan.assignments.map(({ value }) => value),
  );
  refuseOtherTables(compiler, statement, plan.otherTables, extra);
  compiler.stack.push(new Frame(statement, [statement.table as FromClause, ...extra]));
  const wasMulti = compiler.multiTable;
  compiler.multiTable = extra.length > 0 || (statement.table as FromClause).hides.length > 0;
  try {
    renderAddedCtes(compiler, statement);
    const head = `UPDATE ${decorationText(statement.prefixes, compiler)}`;
    const tables = compiler.hook("updateTables", { statement, extraFroms: extra, where: "", plan });
    const sets = plan.assignments.map((assignment) => setText(compiler, assignment)).join(", ");
    const parts: FilteredParts<Update> = { statement, extraFroms: extra, where: "", plan };
    const implicit = outermost ? plan.implicitReturning : [];
    const returning = statement.returningColumns.length > 0 || implicit.length > 0;
    let text = `${head}${tables} SET ${sets}`;
    const before = returning ? compiler.optionalHook("returningBeforeWhere", { statement, implicit }) : undefined;
    if (before !== undefined) text += before;
    text += compiler.hook("updateFrom", parts);
    const where = whereText(compiler, statement);
    if (where !== "") text += ` WHERE ${where}`;
    warnOfCartesianProduct(compiler, "UPDATE", [statement.table as FromClause, ...extra], statement.whereClauses);
    text += compiler.optionalHook("updateLimit", statement) ?? "";
    if (returning && before === undefined) text += ` ${returningText(compiler, statement, implicit)}`;
    if (outermost) {
      const boundColumns = new Map<ColumnElement, string>();
      for (const { column, value } of plan.assignments)
        if (value instanceof BindParameter) boundColumns.set(column, compiler.bindNameOf(value));
      compiler.crud = {
        prefetch: plan.prefetch.map(({ column, bind, isUpdate, row }) => ({
          column,
          bindName: compiler.bindNameOf(bind),
          isUpdate,
          row,
        })),
        postfetch: plan.postfetch,
        implicitReturning: implicit,
        boundColumns,
        ...withoutKey,
      };
    }
    return leaveCteScope(compiler, scope, text);
  } finally {
    compiler.stack.pop();
    compiler.multiTable = wasMulti;
  }
}

/** SET may have columns of the tables that the statement reads, on databases that know UPDATE of several tables. */
function refuseOtherTables(
  compiler: Compiler,
  statement: Update,
  others: ReadonlySet<FromClause>,
  extra: readonly FromClause[],
): void {
  if (compiler.dialect.visitors["setOtherTables"] === undefined && (statement.table as FromClause).hides.length > 0)
    throw new CompileError("This backend does not support multiple-table criteria within UPDATE, and so no join", {
      fix: "update one table, and name the others in where()",
    });
  if (others.size === 0) return;
  const names = (tables: Iterable<FromClause>) => [...tables].map((table) => `'${table.description}'`).join(", ");
  if (compiler.dialect.visitors["setOtherTables"] === undefined)
    throw new CompileError(
      `Backend does not support additional tables in the SET clause; cannot include columns from table(s) ${names(others)} in SET clause`,
    );
  const read = new Set<FromClause>([...extra, ...(statement.table as FromClause).hides]);
  const missing = [...others].filter((table) => !read.has(table));
  if (missing.length > 0)
    throw new CompileError(`SET has columns of ${names(missing)}, which the UPDATE does not read`, {
      fix: "name the table in where(), or update a join of the tables",
    });
}

/** Inside INSERT and UPDATE it was replaced; see ../state/crud.ts. */
export function visitDmlColumn(): never {
  throw new CompileError("fromDmlColumn() has a meaning only in the values of an INSERT or UPDATE");
}

/** Works out the assignments as seen from inside the statement. */
function planUpdate(compiler: Compiler, statement: Update): ReturnType<typeof updateRow> {
  compiler.stack.push(new Frame(statement));
  try {
    return updateRow(compiler, statement);
  } finally {
    compiler.stack.pop();
  }
}

function setText(compiler: Compiler, { column, value }: Assignment): string {
  const name = compiler.multiTable
    ? compiler.hook("setColumn", column)
    : column instanceof ColumnClause
      ? compiler.nameIdentifier(column.name, column.quote)
      : compiler.within({ bareColumns: true }, () => compiler.visit(column));
  return `${name}=${compiler.visit(value as Node)}`;
}

/** The name of a column in SET when there are several tables. */
export function visitSetColumn(compiler: Compiler, column: ColumnElement): string {
  return column instanceof ColumnClause
    ? compiler.nameIdentifier(column.name, column.quote)
    : compiler.within({ bareColumns: true }, () => compiler.visit(column));
}

/** The tables behind UPDATE. */
export function visitUpdateTables(compiler: Compiler, parts: FilteredParts<Update>): string {
  return targetText(compiler, parts.statement);
}

/** The other tables of an UPDATE; not every database has them. */
export function visitUpdateFrom(compiler: Compiler, parts: FilteredParts<Update>): string {
  return parts.extraFroms.length === 0 ? "" : compiler.hook("updateExtraTables", parts);
}

/** ` FROM …` of an UPDATE with several tables: PostgreSQL, SQLite, SQL Server. */
export function visitUpdateFromTables(compiler: Compiler, parts: FilteredParts<Update>): string {
  return ` FROM ${parts.extraFroms.map((from) => compiler.visit(from)).join(", ")}`;
}

/** `DELETE FROM table USING … WHERE … RETURNING …` */
export function visitDelete(compiler: Compiler, given: Delete): string {
  takePlace();
  const statement = transformStatement(given, compiler);
  const outermost = compiler.stack.length === 0;
  const scope = enterCteScope(compiler);
  const extra = extraFroms(statement, []);
  compiler.stack.push(new Frame(statement, [statement.table as FromClause, ...extra]));
  const wasMulti = compiler.multiTable;
  compiler.multiTable = extra.length > 0;
  try {
    renderAddedCtes(compiler, statement);
    const parts: FilteredParts<Delete> = { statement, extraFroms: extra, where: "", plan: null };
    const implicit = outermost ? withSupplemental(statement, []) : [];
    if (implicit.length > 0)
      compiler.crud = {
        prefetch: [],
        postfetch: [],
        implicitReturning: implicit,
        boundColumns: new Map(),
        ...withoutKey,
      };
    const returning = statement.returningColumns.length > 0 || implicit.length > 0;
    let text = `DELETE ${decorationText(statement.prefixes, compiler)}${compiler.hook("deleteTables", parts)}`;
    const before = returning ? compiler.optionalHook("returningBeforeWhere", { statement, implicit }) : undefined;
    if (before !== undefined) text += before;
    text += compiler.hook("deleteUsing", parts);
    const where = whereText(compiler, statement);
    if (where !== "") text += ` WHERE ${where}`;
    warnOfCartesianProduct(compiler, "DELETE", [statement.table as FromClause, ...extra], statement.whereClauses);
    text += compiler.optionalHook("deleteLimit", statement) ?? "";
    if (returning && before === undefined) text += ` ${returningText(compiler, statement, implicit)}`;
    return leaveCteScope(compiler, scope, text);
  } finally {
    compiler.stack.pop();
    compiler.multiTable = wasMulti;
  }
}

/** `FROM table` */
export function visitDeleteTables(compiler: Compiler, parts: FilteredParts<Delete>): string {
  if ((parts.statement.table as FromClause).hides.length > 0)
    throw new CompileError("This backend does not support multiple-table criteria within DELETE, and so no join", {
      fix: "delete from one table, and name the others in where()",
    });
  return `FROM ${targetText(compiler, parts.statement)}`;
}

/** The other tables of a DELETE. */
export function visitDeleteUsing(compiler: Compiler, parts: FilteredParts<Delete>): string {
  if (parts.extraFroms.length === 0) return "";
  return compiler.hook("deleteExtraTables", parts);
}
