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

/** A function for SQL, with values in storage classes; whole numbers are bigint. It takes as many arguments as its length says. */
export interface NativeFunction {
  readonly call: (...values: unknown[]) => unknown;
  readonly deterministic: boolean;
  readonly varargs: boolean;
}

/** The state of an aggregate over one group. */
export interface AggregateState {
  value: unknown;
}

/** An aggregate for SQL; the length of `step` counts the state, too. */
export interface NativeAggregate extends Omit<NativeFunction, "call"> {
  readonly start: () => AggregateState;
  readonly step: (state: AggregateState, ...values: unknown[]) => AggregateState;
  readonly inverse?: NativeAggregate["step"];
  readonly result: (state: AggregateState) => unknown;
}

/** Pages that a backup copies before others have their turn. */
export const pagesPerStep = 100;

/** Called during a backup with the pages that are still to be copied, and all of them. */
export type BackupProgress = (remaining: number, total: number) => void;

/** One open database. */
export interface NativeDatabase {
  /** The library's own object. */
  readonly native: unknown;
  readonly isOpen: boolean;
  readonly inTransaction: boolean;
  prepare(sql: string): NativeStatement;
  /** Called with true while results are read row by row: other statements must be allowed meanwhile. */
  allowInterleaving(allow: boolean): void;
  defineFunction(name: string, definition: NativeFunction): void;
  defineAggregate(name: string, definition: NativeAggregate): void;
  /** Copies the database while it is used. */
  backup(filename: string, progress: BackupProgress | undefined): Promise<unknown>;
  close(): void;
}
