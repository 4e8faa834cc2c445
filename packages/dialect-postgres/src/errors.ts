/** What PostgreSQL's error codes mean.  https://www.postgresql.org/docs/current/errcodes-appendix.html */
import {
  DatabaseError,
  DataError,
  type ErrorKind,
  IntegrityError,
  InterfaceError,
  InternalError,
  NotSupportedError,
  OperationalError,
  ProgrammingError,
  type TranslatedError,
} from "@athanor/core";

/** An ErrorResponse of the server, as the drivers hand it out. */
export interface ServerError {
  readonly message: string;
  readonly code?: string;
  readonly severity?: string;
  readonly detail?: string;
  readonly constraint?: string;
  readonly constraint_name?: string;
  readonly table?: string;
  readonly table_name?: string;
  readonly column?: string;
  readonly column_name?: string;
}

type ErrorClass = TranslatedError["class"];

const kinds: Readonly<Record<string, ErrorKind>> = {
  "23001": "foreignKey",
  "23502": "notNull",
  "23503": "foreignKey",
  "23505": "unique",
  "23514": "check",
  "23P01": "exclusion",
  "40001": "serialization",
  "40P01": "deadlock",
  "55P03": "lockTimeout",
  "57014": "cancelled",
  "42601": "syntax",
  "42P01": "undefinedTable",
  "42703": "undefinedColumn",
  "42P04": "duplicateObject",
  "42P06": "duplicateObject",
  "42P07": "duplicateObject",
  "42701": "duplicateObject",
  "42710": "duplicateObject",
  "42723": "duplicateObject",
  "42501": "permission",
  "22001": "dataTooLong",
  "22003": "outOfRange",
  "22008": "outOfRange",
  "22012": "divisionByZero",
  "25006": "readOnly",
};

/** Classes of codes, by their first two characters. */
const classes: Readonly<Record<string, readonly [ErrorClass, ErrorKind]>> = {
  "08": [OperationalError, "disconnect"],
  "0A": [NotSupportedError, "other"],
  "20": [ProgrammingError, "other"],
  "21": [ProgrammingError, "other"],
  "22": [DataError, "invalidValue"],
  "23": [IntegrityError, "other"],
  "24": [InternalError, "other"],
  "25": [InternalError, "other"],
  "26": [OperationalError, "other"],
  "27": [OperationalError, "other"],
  "28": [OperationalError, "authentication"],
  "2B": [InternalError, "other"],
  "2D": [InternalError, "other"],
  "2F": [InternalError, "other"],
  "34": [OperationalError, "other"],
  "38": [InternalError, "other"],
  "39": [InternalError, "other"],
  "3B": [InternalError, "other"],
  "3D": [ProgrammingError, "other"],
  "3F": [ProgrammingError, "other"],
  "40": [OperationalError, "serialization"],
  "42": [ProgrammingError, "other"],
  "44": [ProgrammingError, "check"],
  "53": [OperationalError, "resources"],
  "54": [OperationalError, "resources"],
  "55": [OperationalError, "other"],
  "57": [OperationalError, "other"],
  "58": [OperationalError, "other"],
  F0: [InternalError, "other"],
  HV: [OperationalError, "other"],
  P0: [InternalError, "other"],
  XX: [InternalError, "other"],
};

const lost = new Set([
  "57P01",
  "57P02",
  "57P03",
  "57P05",
  "25P03",
  "08000",
  "08001",
  "08003",
  "08004",
  "08006",
  "08007",
  "08P01",
]);
const socketErrors = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENETDOWN",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENOENT",
  "CONNECT_TIMEOUT",
]);
const lostMessages =
  /^(Connection terminated|Connection ended|connection is closed|Client has encountered a connection error|Client was closed|timeout expired|the connection was lost|server closed the connection|write CONNECTION_|PGlite is closed)/i;

function isServerError(error: unknown): boolean {
  return error instanceof Error && /^[0-9A-Z]{5}$/.test(String((error as { code?: unknown }).code));
}

/** Whether an error means that the connection is gone. */
export function isDisconnect(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === "string" && (lost.has(code) || socketErrors.has(code) || code.startsWith("CONNECTION_")))
    return true;
  if (isServerError(error)) return false;
  return lostMessages.test(error.message) || (error instanceof AggregateError && error.errors.some(isDisconnect));
}

/** The class and the facts of an error. */
export function translateError(error: unknown): TranslatedError {
  const message =
    error instanceof Error ? error.message || String((error as { code?: unknown }).code ?? error.name) : String(error);
  if (!isServerError(error)) {
    if (isDisconnect(error)) return { class: OperationalError, message: messageOf(error, message), kind: "disconnect" };
    return { class: InterfaceError, message };
  }
  const report = error as ServerError;
  const code = report.code as string;
  const [type, general] = classes[code.slice(0, 2)] ?? [DatabaseError, "other"];
  const constraint = report.constraint ?? report.constraint_name;
  const table = report.table ?? report.table_name;
  const columns = columnsOf(report);
  return {
    class: type,
    message,
    kind: lost.has(code)
      ? "disconnect"
      : code === "57014" && /statement timeout|lock timeout/.test(message)
        ? "timeout"
        : (kinds[code] ?? general),
    sqlState: code,
    nativeCode: code,
    ...(constraint === undefined ? {} : { constraint }),
    ...(table === undefined ? {} : { table }),
    ...(columns.length === 0 ? {} : { columns }),
  };
}

/** Several addresses of one name were tried: say what each answered. */
function messageOf(error: unknown, message: string): string {
  return error instanceof AggregateError && error.errors.length > 0
    ? error.errors.map((each: unknown) => (each as Error).message).join("; ")
    : message;
}

function columnsOf(error: ServerError): readonly string[] {
  const column = error.column ?? error.column_name;
  if (column !== undefined) return [column];
  // "Key (a, b)=(1, 2) already exists."
  const key = /^Key \((.*?)\)=\(/.exec(error.detail ?? "")?.[1];
  return key === undefined
    ? []
    : key.split(", ").map((name) => name.replace(/^"(.*)"$/s, (_, inner: string) => inner.replaceAll('""', '"')));
}
