/** SELECT on SQL Server: TOP, OFFSET … FETCH, ROW_NUMBER for old servers, and no ORDER BY where it may not stand. */
import {
  BindParameter,
  type ColumnElement,
  CompileError,
  type Compiler,
  func,
  type GenerativeSelect,
  literalColumn,
  Select,
  SqlFunction,
  transformStatement,
  visitFetch,
  visitOrderBy,
  visitSelect,
} from "@athanor/core";

/** The number of a plain LIMIT: a literal, not an expression and not a named parameter. */
function plainNumber(clause: ColumnElement | null): BindParameter | null {
  return clause instanceof BindParameter && clause.bindKey === null && typeof clause.value === "number" ? clause : null;
}

/**
 * Whether the rows are cut by TOP: LIMIT with a plain number, or FETCH with what only TOP has, and no offset. A set operation
 * has no place for it.
 */
function topCount(select: GenerativeSelect): BindParameter | null {
  const onlyTop = select.fetchOptions?.withTies === true || select.fetchOptions?.percent === true;
  if (select instanceof Select && select.offsetClause === null) {
    const count = plainNumber(onlyTop ? select.fetchClause : select.limitClause);
    if (count !== null) return count;
  }
  if (onlyTop)
    throw new CompileError(
      "MSSQL needs TOP to use PERCENT and/or WITH TIES. Only simple fetch without offset can be used.",
    );
  return null;
}

/** `TOP n `, behind DISTINCT. */
export function visitSelectPrefix(compiler: Compiler, select: Select): string {
  let text = select.isDistinct ? "DISTINCT " : "";
  const count = select.hasRowLimit ? topCount(select) : null;
  if (count !== null) {
    // TOP takes no parameter without parentheses; the number is written when the statement is executed.
    text += `TOP ${compiler.visit(count.withLiteralExecute())} `;
    if (select.fetchOptions?.percent) text += "PERCENT ";
    if (select.fetchOptions?.withTies) text += "WITH TIES ";
  }
  return text;
}

/** `table WITH (NOLOCK)` */
export function visitTableHint(
  _compiler: Compiler,
  { table, hint }: { readonly table: string; readonly hint: string },
): string {
  return `${table} ${hint}`;
}

const hasOffsetFetch = (compiler: Compiler): boolean => (compiler.dialect.serverVersion[0] ?? 16) >= 11;

/** OFFSET … FETCH where TOP does not do. */
export function visitRowLimit(compiler: Compiler, select: GenerativeSelect): string {
  if (topCount(select) !== null) return "";
  requireOrder(select);
  if (select.offsetClause !== null) return visitFetch(compiler, select);
  const count = select.fetchClause ?? select.limitClause;
  return count === null ? "" : `\n OFFSET 0 ROWS\n FETCH FIRST ${compiler.visit(count)} ROWS ONLY`;
}

function requireOrder(select: GenerativeSelect): void {
  if (select.orderByClauses.length === 0) {
    throw new CompileError("MSSQL requires an order_by when using an OFFSET or a non-simple LIMIT clause", {
      fix: "add orderBy(…)",
    });
  }
}

/** Subqueries may be ordered only where their rows are cut. */
export function visitSubqueryOrderBy(compiler: Compiler, select: GenerativeSelect): string {
  if (compiler.stack.length > 1 && !select.hasRowLimit) return "";
  return visitOrderBy(compiler, select);
}

/** SELECT; before SQL Server 2012, an offset is a condition on ROW_NUMBER(). */
export function visitMssqlSelect(compiler: Compiler, given: Select): string {
  if (!given.hasRowLimit || hasOffsetFetch(compiler)) return visitSelect(compiler, given);
  const select = transformStatement(given, compiler);
  if (topCount(select) !== null) return visitSelect(compiler, select);
  requireOrder(select);
  return visitSelect(compiler, numbered(select));
}

function numbered(select: Select): Select {
  const number = new SqlFunction("ROW_NUMBER", [], func.row_number().type)
    .over({ orderBy: select.orderByClauses })
    .label("mssql_rn");
  const inner = select.orderBy(null).limit(null).offset(null).addColumns(number).alias();
  const columns = [...inner.c].filter((column) => column.key !== "mssql_rn");
  const position = literalColumn("mssql_rn");
  const offset = select.offsetClause;
  const count = select.fetchClause ?? select.limitClause;
  let outer = new Select(columns).selectFrom(inner);
  if (offset !== null) {
    outer = outer.where(position.gt(offset));
    if (count !== null) outer = outer.where(position.le(count.add(offset)));
  } else if (count !== null) outer = outer.where(position.le(count));
  return outer;
}
