/** INSERT, UPDATE and DELETE: several tables, LIMIT, ON DUPLICATE KEY UPDATE. */
import {
  AliasedFromClause,
  BindParameter,
  ColumnClause,
  type ColumnElement,
  CompileError,
  type Compiler,
  type Delete,
  type FilteredDml,
  type FilteredParts,
  type Frame,
  type FromClause,
  type FromElement,
  Node,
  targetText,
  type Update,
  type Visitor,
} from "@athanor/core";

/** All tables of an UPDATE stand behind its keyword. */
function visitUpdateTables(compiler: Compiler, { statement, extraFroms }: FilteredParts<Update>): string {
  return [targetText(compiler, statement), ...extraFroms.map((from) => compiler.visit(from))].join(", ");
}

/** With several tables, columns are qualified: by the alias where there is one, without a schema. */
function visitSetColumn(compiler: Compiler, column: ColumnElement): string {
  const table = column instanceof ColumnClause ? column.table : null;
  if (table === null) return compiler.visit(column);
  const target = (compiler.frame as Frame).statement as unknown as Update;
  const from = target.table as FromClause;
  const named = from instanceof AliasedFromClause && from.element === table ? from : table;
  if (named.name === null) return compiler.visit(column);
  const names = new Map<FromElement, string>([[table, compiler.nameIdentifier(named.name)]]);
  return compiler.within({ tableNames: names }, () => compiler.visit(column));
}

const nothing = (): string => "";

/** What is deleted from: with several tables, only the name. */
function visitDeleteTables(compiler: Compiler, { statement, extraFroms }: FilteredParts<Delete>): string {
  const target = statement.table as FromClause;
  if (extraFroms.length > 0 && target instanceof AliasedFromClause && target.name !== null)
    return `FROM ${compiler.nameIdentifier(target.name)}`;
  return `FROM ${targetText(compiler, statement)}`;
}

/** ` USING target, others` */
function visitDeleteExtraTables(compiler: Compiler, { statement, extraFroms }: FilteredParts<Delete>): string {
  const target = statement.table as FromClause;
  // A join that has the table in it stands in its place.
  const tables = extraFroms.some((from) => from.hides.includes(target)) ? extraFroms : [target, ...extraFroms];
  return ` USING ${tables.map((from) => compiler.visit(from)).join(", ")}`;
}

/** ` LIMIT n` of UPDATE and DELETE: the option `mysqlLimit`, or `mysql.limit(n)`. */
function visitDmlLimit(compiler: Compiler, statement: FilteredDml): string {
  const limit = statement.dialectOptions[`${compiler.dialect.name}Limit`];
  if (limit === undefined || limit === null) return "";
  if (limit instanceof BindParameter) return ` LIMIT ${compiler.visit(limit.withLiteralExecute())}`;
  if (limit instanceof Node) return ` LIMIT ${compiler.visit(limit)}`;
  if (
    (typeof limit === "number" || typeof limit === "bigint" || typeof limit === "string") &&
    /^\d+$/.test(String(limit))
  )
    return ` LIMIT ${limit}`;
  throw new CompileError(`${compiler.dialect.name}Limit must be a whole number, not ${String(limit)}`);
}

/** A column's plain name. */
export function columnName(compiler: Compiler, column: ColumnElement): string {
  return column instanceof ColumnClause
    ? compiler.nameIdentifier(column.name, column.quote)
    : compiler.within({ bareColumns: true }, () => compiler.visit(column));
}

/** Clauses of INSERT, UPDATE and DELETE. */
export const dmlVisitors: Readonly<Record<string, Visitor>> = {
  updateTables: visitUpdateTables as Visitor,
  updateFrom: nothing as Visitor,
  setColumn: visitSetColumn as Visitor,
  setOtherTables: nothing as Visitor,
  updateLimit: visitDmlLimit as Visitor,
  deleteTables: visitDeleteTables as Visitor,
  deleteExtraTables: visitDeleteExtraTables as Visitor,
  deleteLimit: visitDmlLimit as Visitor,
};
