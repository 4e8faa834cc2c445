/** As much of tedious as the adapter uses; spelled out here so that the package's types do not need tedious's. */

/** A column of a result. */
export interface NativeColumn {
  readonly colName: string;
  readonly type: { readonly id: number; readonly name: string };
  readonly precision?: number | undefined;
  readonly scale?: number | undefined;
  readonly dataLength?: number | undefined;
}

/** A value of a row. */
export interface NativeValue {
  readonly value: unknown;
  readonly metadata: NativeColumn;
}

/** Where a type writes itself to. */
export interface NativeBuffer {
  writeUInt8(value: number): void;
  writeUInt32LE(value: number): void;
  writeBigUInt64LE(value: bigint): void;
}

/** A parameter as its type sees it. */
export interface NativeParameter {
  readonly value: unknown;
  readonly precision?: number | undefined;
  readonly scale?: number | undefined;
}

/** A TDS type. */
export interface NativeType {
  readonly name: string;
  declaration(parameter: NativeParameter): string;
  validate(value: unknown): unknown;
  writeValue(buffer: NativeBuffer, parameter: NativeParameter): unknown;
}

/** How a parameter's type is narrowed. */
export interface NativeTypeOptions {
  readonly length?: number | undefined;
  readonly precision?: number | undefined;
  readonly scale?: number | undefined;
  readonly output?: boolean | undefined;
}

export type NativeDone = (error: NativeError | null | undefined, rowCount?: number) => void;

/** One statement. */
export interface NativeRequest {
  addParameter(name: string, type: NativeType, value: unknown, options?: NativeTypeOptions): void;
  on(event: "columnMetadata", listener: (columns: readonly NativeColumn[]) => void): this;
  on(event: "row", listener: (values: readonly NativeValue[]) => void): this;
  on(event: "done" | "doneInProc", listener: (rowCount: number | undefined, more: boolean) => void): this;
  on(event: "returnValue", listener: (name: string, value: unknown) => void): this;
  pause(): void;
  resume(): void;
  cancel(): void;
}

/** Rows on their way by the server's bulk protocol. */
export interface NativeBulkLoad {
  addColumn(name: string, type: NativeType, options: NativeTypeOptions & { readonly nullable?: boolean }): void;
  cancel(): void;
}

/** An error of the server, of the network, or of tedious itself. */
export interface NativeError extends Error {
  code?: string;
  /** The server's number of the error. */
  number?: number;
  state?: number;
  /** Its severity. */
  class?: number;
  /** Several errors of one statement. */
  errors?: readonly NativeError[];
}

/** One connection. */
export interface NativeConnection {
  readonly closed: boolean;
  readonly inTransaction: boolean;
  connect(done: (error?: NativeError | null) => void): void;
  close(): void;
  execSql(request: NativeRequest): void;
  execSqlBatch(request: NativeRequest): void;
  newBulkLoad(table: string, options: Readonly<Record<string, boolean>>, done: NativeDone): NativeBulkLoad;
  execBulkLoad(bulk: NativeBulkLoad, rows: Iterable<readonly unknown[]> | AsyncIterable<readonly unknown[]>): void;
  beginTransaction(done: NativeDone, name: string, isolationLevel: number): void;
  commitTransaction(done: NativeDone): void;
  rollbackTransaction(done: NativeDone): void;
  on(event: "error", listener: (error: NativeError) => void): this;
  on(event: "end", listener: () => void): this;
  on(event: "infoMessage", listener: (message: { readonly number: number; readonly message: string }) => void): this;
}

/** The types that values are sent as. */
export type NativeTypes = Readonly<
  Record<
    | "Bit"
    | "Int"
    | "BigInt"
    | "Float"
    | "Decimal"
    | "VarChar"
    | "NVarChar"
    | "VarBinary"
    | "Date"
    | "Time"
    | "DateTime"
    | "DateTime2"
    | "DateTimeOffset"
    | "UniqueIdentifier",
    NativeType
  >
>;

/** The package. */
export interface NativeModule {
  readonly Connection: new (config: Readonly<Record<string, unknown>>) => NativeConnection;
  readonly Request: new (sql: string, done: NativeDone) => NativeRequest;
  readonly TYPES: NativeTypes;
  readonly ISOLATION_LEVEL: Readonly<Record<string, number>>;
}
