/** As much of mysql2's callback interface as the adapter uses; spelled out here so that the package's types do not need mysql2's. */
import type { Readable } from "node:stream";
import type { ResultField } from "./decode.ts";
import type { NativeError } from "./native-error.ts";
import type { GivenFields, GivenResult } from "./results.ts";

/** One statement. */
export interface NativeStatement {
  readonly sql: string;
  readonly values?: readonly unknown[];
  readonly rowsAsArray: true;
}

export type NativeCallback = (error: NativeError | null, result: GivenResult, fields: GivenFields) => void;

/** A statement whose rows are taken one by one. */
export interface NativeCommand {
  stream(options: { readonly highWaterMark: number }): Readable;
  on(event: "fields", listener: (fields: readonly ResultField[] | undefined) => void): unknown;
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
