/** SQL of a construct on MySQL and MariaDB, for tables of expectations. */
import { type ClauseElement, expandForExecution } from "@athanor/core";
import { expect, it } from "vitest";
import { MariaDBDialect, MySQLDialect } from "../src/dialect/dialect.ts";

/** The servers that the recorded cases assume. */
export const mysql8: MySQLDialect = new MySQLDialect({ serverVersion: [8, 0, 36] });
export const mysql57: MySQLDialect = new MySQLDialect({ serverVersion: [5, 7, 44] });
export const mariadb: MariaDBDialect = new MariaDBDialect({ serverVersion: [11, 4] });

/** The text with white space folded. */
export function sqlOf(element: ClauseElement, dialect: MySQLDialect = mysql8, literalBinds = false): string {
  return expandForExecution(element, dialect, { literalBinds })
    .sql.replaceAll(/\s+/g, " ")
    .replaceAll("( ", "(")
    .replaceAll(" )", ")")
    .trim();
}

/** What a construct renders to; the second text is MariaDB's where it differs. */
export type Expectation = readonly [name: string, make: () => ClauseElement, mysql: string, mariadb?: string];

/** One test for each line of a table. */
export function expectSql(table: readonly Expectation[], options: { readonly literalBinds?: boolean } = {}): void {
  it.each(table)("%s", (...line) => {
    const [, make, mysql, maria = mysql] = line as unknown as Expectation;
    expect(sqlOf(make(), mysql8, options.literalBinds)).toBe(mysql);
    expect(sqlOf(make(), mariadb, options.literalBinds)).toBe(maria);
  });
}
