/** Errors that carry a statement: what the database or the conversion of a value said, with the SQL that led there. */
import { AthanorError, type ErrorDetails, nameErrors } from "@athanor/driver";

/** What kind of failure a database reported, the same word on every database. */
export type ErrorKind =
  | "unique"
  | "foreignKey"
  | "notNull"
  | "check"
  | "exclusion"
  | "serialization"
  | "deadlock"
  | "lockTimeout"
  | "disconnect"
  | "timeout"
  | "cancelled"
  | "syntax"
  | "undefinedTable"
  | "undefinedColumn"
  | "duplicateObject"
  | "permission"
  | "authentication"
  | "dataTooLong"
  | "outOfRange"
  | "invalidValue"
  | "divisionByZero"
  | "readOnly"
  | "resources"
  | "other";

/** What a statement error knows. */
export interface StatementErrorDetails extends ErrorDetails {
  readonly statement?: string | undefined;
  readonly params?: unknown;
  readonly hideParameters?: boolean | undefined;
}

/** An error while a statement was prepared or executed. The message ends with the SQL and its parameters. */
export class StatementError extends AthanorError {
  /** The error as the driver or the value conversion threw it. */
  readonly orig: unknown;
  /** The SQL text, or undefined when the failure came before it was known. */
  readonly statement: string | undefined;
  /** The parameters sent; undefined where `hideParameters` is on. */
  readonly params: unknown;

  constructor(message: string, orig: unknown, details: StatementErrorDetails = {}) {
    const { statement, params, hideParameters = false } = details;
    super(describe(message, statement, params, hideParameters), { ...details, cause: orig });
    this.orig = orig;
    this.statement = statement;
    this.params = hideParameters ? undefined : params;
  }
}

/** What a dialect found out about a driver's error. */
export interface DatabaseErrorDetails extends StatementErrorDetails {
  readonly kind?: ErrorKind | undefined;
  readonly constraint?: string | undefined;
  readonly table?: string | undefined;
  readonly columns?: readonly string[] | undefined;
  readonly sqlState?: string | undefined;
  /** The database's own error number. */
  readonly nativeCode?: string | number | undefined;
  readonly connectionInvalidated?: boolean | undefined;
}

/** An error that the database or its driver reported; every subclass mirrors the DB-API's class of the same name. */
export class DBAPIError extends StatementError {
  /** The same word for the same failure on every database. */
  readonly kind: ErrorKind;
  /** The violated constraint's name, where the database tells. */
  readonly constraint: string | undefined;
  readonly table: string | undefined;
  readonly columns: readonly string[];
  readonly sqlState: string | undefined;
  readonly nativeCode: string | number | undefined;
  /** True when the connection was lost; the pool has then discarded it. */
  readonly connectionInvalidated: boolean;

  constructor(message: string, orig: unknown, details: DatabaseErrorDetails = {}) {
    super(message, orig, details);
    this.kind = details.kind ?? "other";
    this.constraint = details.constraint;
    this.table = details.table;
    this.columns = details.columns ?? [];
    this.sqlState = details.sqlState;
    this.nativeCode = details.nativeCode;
    this.connectionInvalidated = details.connectionInvalidated ?? false;
  }
}

/** The driver's own interface failed, not the database. */
export class InterfaceError extends DBAPIError {}
/** Any error of the database. */
export class DatabaseError extends DBAPIError {}
/** A value does not fit: too long, out of range, malformed. */
export class DataError extends DatabaseError {}
/** Beyond the programmer's control: connections, memory, locks, time-outs. */
export class OperationalError extends DatabaseError {}
/** A constraint was violated. */
export class IntegrityError extends DatabaseError {}
/** The database met an inner error. */
export class InternalError extends DatabaseError {}
/** Wrong SQL: syntax, missing tables, wrong number of parameters. */
export class ProgrammingError extends DatabaseError {}
/** The database does not support what was asked. */
export class NotSupportedError extends DatabaseError {}

nameErrors({
  StatementError,
  DBAPIError,
  InterfaceError,
  DatabaseError,
  DataError,
  OperationalError,
  IntegrityError,
  InternalError,
  ProgrammingError,
  NotSupportedError,
});

const longestText = 300;

function describe(message: string, statement: string | undefined, params: unknown, hide: boolean): string {
  const lines = [message];
  if (statement !== undefined) lines.push(`[SQL: ${statement}]`);
  if (statement !== undefined && hide) lines.push("[parameters are hidden: hideParameters is on]");
  else if (params !== undefined && hasAny(params)) lines.push(`[parameters: ${showParameters(params)}]`);
  return lines.join("\n");
}

function hasAny(params: unknown): boolean {
  return Array.isArray(params)
    ? params.length > 0
    : params !== null && typeof params === "object" && Object.keys(params).length > 0;
}

/** Parameters for people: long values and long lists are cut in the middle. */
export function showParameters(params: unknown): string {
  if (
    Array.isArray(params) &&
    params.length > 10 &&
    params.every((item) => typeof item === "object" && item !== null)
  ) {
    const shown = [
      ...params.slice(0, 8).map(showOne),
      `... displaying 10 of ${params.length} total bound parameter sets ...`,
      ...params.slice(-2).map(showOne),
    ];
    return `[${shown.join(", ")}]`;
  }
  return showOne(params);
}

function showOne(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(cut(value));
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof Uint8Array) return `<${value.length} bytes>`;
  if (Array.isArray(value)) {
    const items =
      value.length > 50
        ? [...value.slice(0, 20).map(showOne), `... ${value.length - 25} more ...`, ...value.slice(-5).map(showOne)]
        : value.map(showOne);
    return `[${items.join(", ")}]`;
  }
  // Values of drivers and dialects (decimals, ranges) say what they are by themselves.
  if (value !== null && typeof value === "object" && !isPlain(value) && value.toString !== Object.prototype.toString)
    return cut(String(value));
  if (value !== null && typeof value === "object") {
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${key}: ${showOne(item)}`)
      .join(", ")} }`;
  }
  return String(value);
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}

function cut(text: string): string {
  if (text.length <= longestText) return text;
  const half = Math.floor(longestText / 2);
  return `${text.slice(0, half)} ... (${text.length - longestText} characters truncated) ... ${text.slice(-half)}`;
}
