/** What MySQL writes differently in SELECT. */
import {
  ColumnClause,
  type Compiler,
  type ForUpdate,
  FromClause,
  type GenerativeSelect,
  type Join,
  type Node,
  type Select,
  type Visitor,
} from "@athanor/core";
import { isMySQL, serverOf } from "../server.ts";

/** MySQL has no OFFSET without LIMIT; this is its manual's own advice.  https://dev.mysql.com/doc/refman/8.4/en/select.html */
const NO_LIMIT = "18446744073709551615";

/** `LIMIT offset, count` */
export function visitLimit(compiler: Compiler, select: GenerativeSelect): string {
  const { limitClause, offsetClause } = select;
  if (offsetClause === null) return limitClause === null ? "" : `\n LIMIT ${compiler.visit(limitClause)}`;
  const offset = compiler.visit(offsetClause);
  return `\n LIMIT ${offset}, ${limitClause === null ? NO_LIMIT : compiler.visit(limitClause)}`;
}

/** JOIN says what it is. */
function visitJoinKeyword(_compiler: Compiler, join: Join): string {
  return join.full ? " FULL OUTER JOIN " : join.isouter ? " LEFT OUTER JOIN " : " INNER JOIN ";
}

/** `table USE INDEX (name)` */
function visitTableHint(
  _compiler: Compiler,
  { table, hint }: { readonly table: string; readonly hint: string },
): string {
  return `${table} ${hint}`;
}

/** WHERE needs a FROM. */
function visitNoFrom(_compiler: Compiler, select: Select): string {
  return select.whereClauses.length > 0 ? " \nFROM DUAL" : "";
}

/** ` FOR UPDATE OF t SKIP LOCKED`, ` FOR SHARE`, ` LOCK IN SHARE MODE`. */
export function visitForUpdate(compiler: Compiler, lock: ForUpdate): string {
  const server = serverOf(compiler);
  let text = !lock.read ? " FOR UPDATE" : isMySQL(server, 8, 0, 1) ? " FOR SHARE" : " LOCK IN SHARE MODE";
  if (lock.of !== null && isMySQL(server, 8))
    text += ` OF ${[...new Set(lock.of.map((node) => lockedTable(compiler, node)))].join(", ")}`;
  if (lock.nowait) text += " NOWAIT";
  if (lock.skipLocked) text += " SKIP LOCKED";
  return text;
}

/** The name of a table in FOR UPDATE OF, without its schema. */
function lockedTable(compiler: Compiler, node: Node): string {
  const table = node instanceof ColumnClause ? node.table : node;
  if (table === null || !(table instanceof FromClause) || table.name === null) return compiler.visit(node);
  return compiler.nameIdentifier(table.name, (table as { quote?: boolean | null }).quote ?? null);
}

/** Clauses of SELECT. */
export const selectVisitors: Readonly<Record<string, Visitor>> = {
  limit: visitLimit as Visitor,
  joinKeyword: visitJoinKeyword as Visitor,
  noFrom: visitNoFrom as Visitor,
  tableHint: visitTableHint as Visitor,
  forUpdate: visitForUpdate as Visitor,
};
