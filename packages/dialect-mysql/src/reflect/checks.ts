/** CHECK constraints. MariaDB has them from 10.2, MySQL from 8.0.16. */
import type { CatalogSession, ReflectedBy, ReflectedCheckConstraint, TableFilter } from "@athanor/core";
import type { Step } from "@athanor/driver";
import { isMariaDB, isMySQL } from "../server.ts";
import { expressionText, perTable, serverOf } from "./catalog.ts";
import { checkRowsOf } from "./temporary.ts";

/** A CHECK constraint. */
export interface CheckRow {
  /** The name; of one beside a column in MariaDB that of the column. */
  readonly name: string;
  readonly clause: string;
  /** MariaDB: it stands beside a column, and has no name. */
  readonly ofColumn: boolean;
}

const mariadb =
  "SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE, LEVEL FROM (SELECT CONSTRAINT_SCHEMA AS TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE, LEVEL FROM information_schema.CHECK_CONSTRAINTS) AS c WHERE ";
const mysql =
  "SELECT t.TABLE_NAME, c.CONSTRAINT_NAME, c.CHECK_CLAUSE, 'Table' FROM information_schema.TABLE_CONSTRAINTS AS t JOIN information_schema.CHECK_CONSTRAINTS AS c ON c.CONSTRAINT_SCHEMA = t.CONSTRAINT_SCHEMA AND c.CONSTRAINT_NAME = t.CONSTRAINT_NAME WHERE t.CONSTRAINT_TYPE = 'CHECK' AND ";

/** CHECK constraints by table, as the catalog has them. */
export function checkRows(session: CatalogSession, filter: TableFilter): Step<ReadonlyMap<string, CheckRow[]>> {
  return session.once(`mysql checks ${JSON.stringify(filter)}`, function* () {
    const server = serverOf(session);
    const isOfMariaDB = isMariaDB(server, 10, 2, 22);
    if (!isOfMariaDB && !isMySQL(server, 8, 0, 16)) return new Map<string, CheckRow[]>();
    return yield* perTable(
      session,
      filter,
      isOfMariaDB ? mariadb : mysql,
      "1, 2",
      ([, name, clause, level]): CheckRow => ({
        name: String(name),
        clause: expressionText(session, String(clause)),
        ofColumn: level === "Column",
      }),
      { alias: isOfMariaDB ? "" : "t.", rowsOf: checkRowsOf },
    );
  });
}

/** Whether a CHECK is the one that MariaDB adds to JSON columns. */
export function isJsonCheck(check: CheckRow, column: string): boolean {
  return (
    check.ofColumn &&
    check.name === column &&
    /^json_valid\(`/i.test(check.clause) &&
    !/ (?:and|or) /i.test(check.clause)
  );
}

/** CHECK constraints by table. Those that belong to a type are part of it. */
export function* readCheckConstraints(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedCheckConstraint[]>> {
  return new Map(
    [...(yield* checkRows(session, filter))].map(([table, checks]) => [
      table,
      checks
        .filter((check) => !isJsonCheck(check, check.name))
        .map(({ name, clause, ofColumn }) => ({
          ...(ofColumn ? { name: null, column: name } : { name }),
          sqltext: withoutParentheses(clause),
        })),
    ]),
  );
}

/** MySQL keeps the condition in parentheses. */
function withoutParentheses(clause: string): string {
  if (!clause.startsWith("(")) return clause;
  let depth = 0;
  for (const { 0: token, index } of clause.matchAll(/'(?:[^'\\]|''|\\.)*'|`(?:[^`]|``)*`|[()]/gs)) {
    if (token === "(") depth++;
    else if (token === ")" && --depth === 0) return index === clause.length - 1 ? clause.slice(1, -1) : clause;
  }
  return clause;
}
