/** As much of oracledb as the adapter uses; spelled out here so that the package's types do not need oracledb's. */

/** A type of the database, by identity. */
export interface NativeType {
  readonly name: string;
}

/** A column of a result. */
export interface NativeColumn {
  readonly name: string;
  readonly dbType: NativeType;
  readonly dbTypeName?: string;
  readonly precision?: number | undefined;
  readonly scale?: number | undefined;
}

/** How a column is fetched. */
export interface NativeFetch {
  readonly type?: NativeType;
}

/** A parameter: a value with its type, or a place for one. */
export interface NativeBind {
  readonly type: NativeType;
  readonly dir?: number;
  readonly val?: unknown;
  readonly maxSize?: number;
}

/** A large object that is read by a call of its own. */
export interface NativeLob {
  getData(): Promise<string | Uint8Array | null>;
}

/** Rows that stay on the server. */
export interface NativeResultSet {
  readonly metaData: readonly NativeColumn[];
  getRows(count: number): Promise<unknown[][]>;
  close(): Promise<void>;
}

/** The outcome of a statement. */
export interface NativeResult {
  readonly metaData?: readonly NativeColumn[];
  readonly rows?: unknown[][];
  readonly rowsAffected?: number;
  readonly lastRowid?: string;
  readonly outBinds?: Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[];
  readonly resultSet?: NativeResultSet;
  readonly implicitResults?: readonly unknown[];
}

/** How a statement is run. */
export interface NativeExecuteOptions {
  readonly autoCommit: boolean;
  readonly outFormat?: number;
  readonly resultSet?: boolean;
  readonly fetchArraySize?: number;
  readonly prefetchRows?: number;
  readonly maxRows?: number;
  readonly keepInStmtCache?: boolean;
  readonly dbObjectAsPojo?: boolean;
  readonly fetchTypeHandler?: (column: NativeColumn) => NativeFetch | undefined;
  readonly bindDefs?: Readonly<Record<string, NativeBind>> | readonly NativeBind[];
}

/** An error of the server, or of oracledb itself. */
export interface NativeError extends Error {
  /** `ORA-00001`, `NJS-500`. */
  code?: string;
  /** The server's number. */
  errorNum?: number;
  isRecoverable?: boolean;
}

/** The id of a distributed transaction. */
export interface NativeXid {
  readonly formatId: number;
  readonly globalTransactionId: string;
  readonly branchQualifier: string;
}

/** One connection. */
export interface NativeConnection {
  readonly oracleServerVersion: number;
  readonly oracleServerVersionString: string;
  callTimeout: number | undefined;
  execute(sql: string, binds: unknown, options: NativeExecuteOptions): Promise<NativeResult>;
  executeMany(sql: string, binds: readonly unknown[], options: NativeExecuteOptions): Promise<NativeResult>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  ping(): Promise<void>;
  /** Asks the server to stop the statement; older versions of oracledb call it `break`. */
  breakExecution?(): Promise<void>;
  break?(): Promise<void>;
  isHealthy(): boolean;
  close(options?: { readonly drop?: boolean }): Promise<void>;
  tpcBegin(xid: NativeXid, flags?: number, timeout?: number): Promise<void>;
  tpcPrepare(xid?: NativeXid): Promise<boolean>;
  tpcCommit(xid?: NativeXid, onePhase?: boolean): Promise<void>;
  tpcRollback(xid?: NativeXid): Promise<void>;
}

/** The package. */
export interface NativeModule {
  readonly BIND_IN: number;
  readonly BIND_OUT: number;
  readonly OUT_FORMAT_ARRAY: number;
  readonly DB_TYPE_NUMBER: NativeType;
  readonly DB_TYPE_BINARY_DOUBLE: NativeType;
  readonly DB_TYPE_BINARY_FLOAT: NativeType;
  readonly DB_TYPE_VARCHAR: NativeType;
  readonly DB_TYPE_NVARCHAR: NativeType;
  readonly DB_TYPE_CLOB: NativeType;
  readonly DB_TYPE_NCLOB: NativeType;
  readonly DB_TYPE_RAW: NativeType;
  readonly DB_TYPE_LONG_RAW: NativeType;
  readonly DB_TYPE_BLOB: NativeType;
  readonly DB_TYPE_DATE: NativeType;
  readonly DB_TYPE_TIMESTAMP: NativeType;
  readonly DB_TYPE_TIMESTAMP_TZ: NativeType;
  readonly DB_TYPE_TIMESTAMP_LTZ: NativeType;
  readonly DB_TYPE_INTERVAL_DS: NativeType;
  readonly DB_TYPE_BOOLEAN: NativeType;
  readonly DB_TYPE_JSON: NativeType;
  readonly DB_TYPE_VECTOR: NativeType;
  readonly DB_TYPE_ROWID: NativeType;
  readonly IntervalDS: new (parts: Readonly<Record<string, number>>) => object;
  getConnection(options: Readonly<Record<string, unknown>>): Promise<NativeConnection>;
}
