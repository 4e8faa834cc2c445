/**
 * What the two SQLite libraries have in common: a database and its prepared statements. ./better-sqlite3.ts and
 * ./node-sqlite.ts adapt the libraries to it; ./connection.ts builds the driver's connection on it.
 */
import type { DriverRow } from "@athanor/driver";

/** Values for a statement's markers, in SQLite's storage classes, by position or by name. */
export type NativeParameters = readonly unknown[] | Readonly<Record<string, unknown>>;

/** A result column as SQLite describes it. */
export interface NativeColumn {
  readonly name: string;
  /** The type that the column's table declares; null for expressions. */
  readonly type: string | null;
}

/** What a statement without rows did. */
export interface NativeOutcome {
  readonly changes: number | bigint;
  readonly lastInsertRowid: number | bigint;
}

/** One prepared statement. */
export interface NativeStatement {
  /** It yields rows: a query, or a RETURNING. */
  readonly isReader: boolean;
  /** It changes nothing, so it can be run again. */
  readonly isReadonly: boolean;
  /** Throws when the number of values is not that of the markers. */
  all(parameters: NativeParameters): DriverRow[];
  run(parameters: NativeParameters): NativeOutcome;
  iterate(parameters: NativeParameters): Iterator<DriverRow>;
  columns(): readonly NativeColumn[];
  /** Whether INTEGER values are read as bigint, exactly, or as number. */
  readExactly(exactly: boolean): void;
}

/** One open database. */
export interface NativeDatabase {
  /** The library's own object. */
  readonly native: unknown;
  readonly isOpen: boolean;
  readonly inTransaction: boolean;
  prepare(sql: string): NativeStatement;
  /** Called with true while results are read row by row: other statements must be allowed meanwhile. */
  allowInterleaving(allow: boolean): void;
  close(): void;
}
