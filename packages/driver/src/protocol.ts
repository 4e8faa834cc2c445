/**
 * What a driver adapter implements. One interface for blocking and asynchronous drivers: every method may return its
 * value or a promise of it. Adapters convert nothing by type: they hand out rows as the database sent them, in arrays.
 */
import type { MaybePromise } from "./step.ts";

/** How bind parameters are written in SQL text. */
export type ParamStyle = "qmark" | "numeric_dollar" | "named" | "at_named";

/** Positional values for `qmark` and `numeric_dollar`, an object by name for `named` and `at_named`. */
export type DriverParameters = readonly unknown[] | Readonly<Record<string, unknown>>;

/** One row as the driver delivers it: values by position. */
export type DriverRow = readonly unknown[];

/** What is known of a result column. */
export interface ColumnDescription {
  /** The column's name as the database reports it. */
  readonly name: string;
  /** The driver's own type code (a PostgreSQL OID, a declared SQLite type, a MySQL field type). */
  readonly typeCode?: number | string | undefined;
}

/** How one statement is to be run. */
export interface ExecuteOptions {
  /** Aborting cancels the statement on the server where the driver can. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which the server cancels the statement. */
  readonly statementTimeout?: number | undefined;
  /** Rows a streaming cursor asks for at a time. Default: chosen by the driver. */
  readonly batchSize?: number | undefined;
  /** `false` when the text is used once, so that preparing it would not pay. Default `true`. */
  readonly prepare?: boolean | undefined;
  /** The statement may return rows (a SELECT, a RETURNING, driver-level SQL). Default `true`. */
  readonly returnsRows?: boolean | undefined;
  /**
   * Result columns, by position, whose integers are wanted as bigint. For drivers that read all integers one way
   * (SQLite's). Default: the driver tells by the declared type.
   */
  readonly bigIntegers?: readonly number[] | undefined;
  /**
   * Result columns, by position, that are wanted as the database's text, for drivers whose usual value would hold less
   * (a Date has no microseconds). Default: none.
   */
  readonly textColumns?: readonly number[] | undefined;
  /**
   * What the dialect says about each parameter, in words that dialect and adapter agree on: a type for NULLs and for
   * values that could be several things, a direction for out parameters. By position or by name, as the parameters are.
   * Default: the adapter goes by the values.
   */
  readonly parameterTypes?: readonly unknown[] | Readonly<Record<string, unknown>> | undefined;
  /** The statement is an INSERT whose generated key is wanted as {@link DriverResult.lastRowId}. Default `false`. */
  readonly wantsLastRowId?: boolean | undefined;
}

/** The whole outcome of one statement. */
export interface DriverResult {
  /** Columns of the rows, or null for a statement that returns none. */
  readonly columns: readonly ColumnDescription[] | null;
  /** The rows, all of them; empty where `columns` is null. */
  readonly rows: DriverRow[];
  /** Rows affected or returned; -1 when the driver does not tell. */
  readonly rowCount: number;
  /** Key that the database generated for the last inserted row, where the protocol reports one. */
  readonly lastRowId?: number | bigint | string | undefined;
  /** Values of out parameters by name (Oracle's RETURNING … INTO). */
  readonly outValues?: Readonly<Record<string, readonly unknown[]>> | undefined;
  /** Results behind this one, where the statement was a batch or a procedure that gives several. Absent: none. */
  readonly further?: readonly DriverResult[] | undefined;
}

/** An open, unbuffered result. */
export interface DriverCursor {
  readonly columns: readonly ColumnDescription[];
  /** Up to `size` further rows; an empty array at the end. */
  fetchMany(size: number): MaybePromise<DriverRow[]>;
  /** Ends the result early. May be called twice. */
  close(): MaybePromise<void>;
}

/** Two-phase transactions by calls of the driver rather than by statements. */
export interface DriverTwoPhase {
  /** Starts a transaction of that id. */
  begin(xid: string): MaybePromise<void>;
  /** First half of the commit. */
  prepare(xid: string): MaybePromise<void>;
  /** Second half. */
  commit(xid: string): MaybePromise<void>;
  rollback(xid: string, isPrepared: boolean): MaybePromise<void>;
}

/** One open connection. Calls on it are never made concurrently. */
export interface DriverConnection {
  /** The driver's own connection object, for what this interface does not cover. */
  readonly native: unknown;
  /** Runs one statement and buffers its rows. */
  execute(sql: string, parameters: DriverParameters, options?: ExecuteOptions): MaybePromise<DriverResult>;
  /**
   * Runs one statement once for each parameter set, in order. Rows are returned only by drivers of dialects with the
   * capability `executeManyReturning`: those of all sets, in the order of the sets.
   */
  executeMany(
    sql: string,
    parameterSets: readonly DriverParameters[],
    options?: ExecuteOptions,
  ): MaybePromise<DriverResult>;
  /** Runs one statement and leaves its rows on the server. Absent where the driver only buffers. */
  stream?(sql: string, parameters: DriverParameters, options?: ExecuteOptions): MaybePromise<DriverCursor>;
  /** Starts a transaction. `sql` replaces the driver's default statement (isolation, deferrable, read-only forms). */
  begin(sql?: string): MaybePromise<void>;
  commit(): MaybePromise<void>;
  rollback(): MaybePromise<void>;
  /** Two-phase transactions. Absent: the dialect's statements are executed. */
  readonly twoPhase?: DriverTwoPhase | undefined;
  /** True where the driver knows that no transaction is open, so that a rollback need not be sent. */
  isIdle?(): boolean;
  /** False once the driver knows that the connection is gone. */
  isOpen(): boolean;
  /** Closes politely; a broken connection must not make it throw. */
  close(): MaybePromise<void>;
  /** Drops the connection at once, without a word to the server. Falls back to `close`. */
  terminate?(): MaybePromise<void>;
  /** Asks the server to cancel the statement that is running on this connection. */
  cancel?(): MaybePromise<void>;
}

/** A database client library behind one interface. */
export interface Driver<Options = unknown> {
  /** The npm package's name, as in `postgresql+pg`. */
  readonly name: string;
  readonly paramStyle: ParamStyle;
  /** True when its calls return promises; such a driver works only behind the asynchronous API. */
  readonly isAsync: boolean;
  /** The database has one session only, so that connections cannot stand beside each other. Default false. */
  readonly isSingle?: boolean;
  connect(options: Options): MaybePromise<DriverConnection>;
}
