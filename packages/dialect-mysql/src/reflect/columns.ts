/** Columns, from `information_schema.COLUMNS`.  https://mariadb.com/kb/en/information-schema-columns-table/ */
import {
  type CatalogSession,
  quoteString,
  type ReflectedBy,
  type ReflectedColumn,
  type SqlType,
  type TableFilter,
  type TypeDialect,
} from "@athanor/core";
import type { DriverRow, Step } from "@athanor/driver";
import * as my from "../types/factories.ts";
import { expressionText, perTable, serverOf, tableRows } from "./catalog.ts";
import { checkRows, isJsonCheck } from "./checks.ts";
import { columnRowsOf } from "./temporary.ts";
import { typeOfDeclaration } from "./types.ts";

/** A row of `information_schema.COLUMNS`. */
interface ColumnRow {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly default: string | null;
  readonly extra: string;
  readonly comment: string;
  readonly charset: string | null;
  readonly collation: string | null;
  readonly generation: string | null;
}

const statement =
  "SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA, COLUMN_COMMENT, CHARACTER_SET_NAME, COLLATION_NAME, GENERATION_EXPRESSION FROM information_schema.COLUMNS WHERE ";

const orNull = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));

function rowOf(row: DriverRow): ColumnRow {
  return {
    name: String(row[1]),
    type: String(row[2]),
    nullable: row[3] === "YES",
    default: orNull(row[4]),
    extra: String(row[5] ?? ""),
    comment: String(row[6] ?? ""),
    charset: orNull(row[7]),
    collation: orNull(row[8]),
    generation: orNull(row[9]),
  };
}

/** Columns by table. */
export function* readColumns(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedColumn[]>> {
  const rows = yield* perTable(session, filter, statement, "TABLE_NAME, ORDINAL_POSITION", rowOf, {
    rowsOf: (table) => columnRowsOf(table, serverOf(session).isMariaDB),
  });
  const checks = yield* checkRows(session, filter);
  const collations = new Map((yield* tableRows(session, filter)).map((table) => [table.name, table.collation]));
  return new Map(
    [...rows].map(([table, columns]) => [
      table,
      columns.map((row) => {
        const isJson = (checks.get(table) ?? []).some((check) => isJsonCheck(check, row.name));
        return columnOf(session, row, typeOf(row, collations.get(table) ?? null, isJson));
      }),
    ]),
  );
}

/** MariaDB's JSON is text with a CHECK. */
function typeOf(row: ColumnRow, tableCollation: string | null, isJson: boolean): SqlType {
  if (isJson && /^longtext$/i.test(row.type) && row.collation === "utf8mb4_bin") return my.JSON();
  const { charset, collation } = row;
  const isOwn = collation !== null && charset !== null && collation !== tableCollation;
  return typeOfDeclaration(row.type, isOwn ? { charset, collation } : {});
}

function columnOf(session: CatalogSession, row: ColumnRow, type: SqlType): ReflectedColumn {
  const isComputed = row.generation !== null && row.generation !== "";
  return {
    name: row.name,
    type,
    nullable: row.nullable,
    default: isComputed ? null : defaultOf(session, row),
    autoincrement: /auto_increment/i.test(row.extra),
    comment: row.comment === "" ? null : row.comment,
    ...(isComputed
      ? {
          computed: {
            sqltext: expressionText(session, row.generation as string),
            persisted: /STORED|PERSISTENT/i.test(row.extra),
          },
        }
      : {}),
  };
}

/** SQL of the DEFAULT clause, ON UPDATE included. */
function defaultOf(session: CatalogSession, row: ColumnRow): string | null {
  const given = serverOf(session).isMariaDB ? mariadbDefault(session, row) : mysqlDefault(session, row);
  const [, onUpdate] = /\bon update (.+)$/i.exec(row.extra) ?? [];
  return onUpdate === undefined ? given : `${given ?? "NULL"} ON UPDATE ${onUpdate}`;
}

/** MariaDB keeps SQL. */
function mariadbDefault(session: CatalogSession, row: ColumnRow): string | null {
  return row.default === null || row.default.toUpperCase() === "NULL" ? null : expressionText(session, row.default);
}

/** MySQL keeps the value of a literal, and SQL where `EXTRA` says so. */
function mysqlDefault(session: CatalogSession, row: ColumnRow): string | null {
  const text = row.default;
  if (text === null) return null;
  if (/^(?:CURRENT_TIMESTAMP|now)(?:\(\d*\))?$/i.test(text)) return text;
  if (/DEFAULT_GENERATED/i.test(row.extra)) return `(${expressionText(session, text)})`;
  if (/^b'[01]*'$/i.test(text)) return text;
  return quoteString(text, session.dialect as unknown as TypeDialect);
}
