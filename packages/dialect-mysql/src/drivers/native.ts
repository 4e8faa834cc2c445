/** As much of mysql2's callback interface as the adapter uses; spelled out here so that the package's types do not need mysql2's. */
import type { Readable } from "node:stream";

/** A column of a result. */
export interface NativeField {
  readonly name: string;
  readonly columnType: number;
  readonly columnLength: number;
  readonly characterSet: number;
  readonly flags: number;
  readonly orgTable: string;
  /** MariaDB: `uuid`, `inet6`, … */
  readonly extendedTypeName?: string;
  /** MariaDB: `json`. */
  readonly extendedFormat?: string;
}

/** The outcome of a statement without rows. */
export interface NativeHeader {
  readonly affectedRows: number;
  readonly insertId: number | string;
}

/** One statement. */
export interface NativeStatement {
  readonly sql: string;
  readonly values?: readonly unknown[];
  readonly rowsAsArray: true;
}

/** Rows or a header; a list of them where a procedure gives several results. */
export type NativeResult = NativeHeader | unknown[][] | (NativeHeader | unknown[][])[];
export type NativeFields = readonly NativeField[] | readonly (readonly NativeField[] | undefined)[] | undefined;
export type NativeCallback = (error: NativeError | null, result: NativeResult, fields: NativeFields) => void;

/** An error of the server, of the network, or of mysql2 itself. */
export interface NativeError extends Error {
  code?: string;
  errno?: number;
  sqlState?: string;
  fatal?: boolean;
}

/** A statement whose rows are taken one by one. */
export interface NativeCommand {
  stream(options: { readonly highWaterMark: number }): Readable;
  on(event: "fields", listener: (fields: readonly NativeField[] | undefined) => void): unknown;
  on(event: "error", listener: (error: NativeError) => void): unknown;
  on(event: "end", listener: () => void): unknown;
}

/** One connection. */
export interface NativeConnection {
  readonly threadId: number | null;
  readonly stream: { destroy(error?: Error): void };
  query(statement: NativeStatement, callback: NativeCallback): unknown;
  query(statement: NativeStatement): NativeCommand;
  execute(statement: NativeStatement, callback: NativeCallback): unknown;
  execute(statement: NativeStatement): NativeCommand;
  unprepare(statement: NativeStatement): unknown;
  ping(callback: (error: NativeError | null) => void): void;
  end(callback: (error?: NativeError | null) => void): void;
  destroy(): void;
  connect(callback: (error: NativeError | null) => void): void;
  on(event: "error", listener: (error: NativeError) => void): unknown;
  on(event: "end", listener: () => void): unknown;
}

/** The package. */
export interface NativeModule {
  createConnection(options: Readonly<Record<string, unknown>>): NativeConnection;
  /** Parameters with a type of their own. */
  readonly TypedParameter: {
    LONG(value: number): unknown;
    LONGLONG: ((value: number | bigint) => unknown) & { unsigned(value: bigint): unknown };
    NEWDECIMAL(value: string): unknown;
  };
}
