/** The SQLite dialect: `import * as sqlite from "@athanor/dialect-sqlite"`. Importing it registers `sqlite://`. */
import { registerDialect, registerDialectOptions, t } from "@athanor/core";
import { SQLiteDialect } from "./dialect/dialect.ts";
import { betterSqlite3Driver } from "./drivers/better-sqlite3.ts";
import { nodeSqliteDriver } from "./drivers/node-sqlite.ts";

export type { SQLiteConnectOptions, TransactionMode } from "./connect-options.ts";
export { dialect, SQLiteDialect, type SQLiteDialectOptions } from "./dialect/dialect.ts";
export { type BackupOptions, backup } from "./drivers/backup.ts";
export { betterSqlite3Driver } from "./drivers/better-sqlite3.ts";
export type { BackupProgress } from "./drivers/native.ts";
export { nodeSqliteDriver } from "./drivers/node-sqlite.ts";
export {
  type ConflictTarget,
  type ConflictUpdate,
  insert,
  OnConflict,
  SQLiteInsert as Insert,
} from "./expressions/insert.ts";
export type { SQLiteAggregate, SQLiteFunction, SQLiteFunctionFacts, SQLiteFunctionOptions } from "./functions.ts";
export { ANY, SQLiteAny } from "./types/any.ts";
export { JSON, JSONB, SQLiteJson, SQLiteJsonb, type SQLiteJsonFactory } from "./types/json.ts";
export {
  DATE,
  DATETIME,
  type DayOptions,
  type MomentOptions,
  SQLiteDate,
  type SQLiteDateFactory,
  SQLiteDateTime,
  type SQLiteDateTimeFactory,
  SQLiteTime,
  type SQLiteTimeFactory,
  TIME,
} from "./types/temporal.ts";
export { sqliteFunctionVisitors } from "./visitors/function.ts";
export { sqliteVisitors } from "./visitors/table.ts";
export { sqliteTypeVisitors } from "./visitors/type.ts";

// The standard's types, so that everything of a table can be written with `sqlite.`.
/** Integers of 64 bits, as bigint. */
export const BIGINT: typeof t.BIGINT = t.BIGINT;
/** Bytes, as Uint8Array. */
export const BLOB: typeof t.BLOB = t.BLOB;
/** True and false. */
export const BOOLEAN: typeof t.BOOLEAN = t.BOOLEAN;
/** Text of a fixed length, padded with blanks: `CHAR(3)`. */
export const CHAR: typeof t.CHAR = t.CHAR;
/** Exact decimals, as text: `DECIMAL(10, 2)`. */
export const DECIMAL: typeof t.DECIMAL = t.DECIMAL;
/** Floating point: `FLOAT(53)`. */
export const FLOAT: typeof t.FLOAT = t.FLOAT;
/** Integers of up to 64 bits, as number (as bigint beyond 2^53); with a primary key, the row's own number. */
export const INTEGER: typeof t.INTEGER = t.INTEGER;
/** Exact decimals, as text: `NUMERIC(10, 2)`. */
export const NUMERIC: typeof t.NUMERIC = t.NUMERIC;
/** Floating point of 32 bits. */
export const REAL: typeof t.REAL = t.REAL;
/** Integers of 16 bits. */
export const SMALLINT: typeof t.SMALLINT = t.SMALLINT;
/** Text of any length. */
export const TEXT: typeof t.TEXT = t.TEXT;
/** Moments, as Date. */
export const TIMESTAMP: typeof t.TIMESTAMP = t.TIMESTAMP;
/** Text up to a length: `VARCHAR(50)`. */
export const VARCHAR: typeof t.VARCHAR = t.VARCHAR;

registerDialectOptions("sqlite", {
  table: ["autoincrement", "withRowid", "strict"],
  index: ["where"],
  column: ["onConflictPrimaryKey", "onConflictNotNull", "onConflictUnique"],
  primaryKeyConstraint: ["onConflict"],
  uniqueConstraint: ["onConflict"],
  checkConstraint: ["onConflict"],
  foreignKeyConstraint: ["onConflict"],
  createView: ["ifNotExists"],
});

registerDialect("sqlite", {
  defaultDriver: "better-sqlite3",
  drivers: {
    "better-sqlite3": { package: "better-sqlite3", create: betterSqlite3Driver },
    node: { package: "node:sqlite", create: nodeSqliteDriver },
  },
  from: import.meta.url,
  create: (driver) => new SQLiteDialect({ driver }),
});
