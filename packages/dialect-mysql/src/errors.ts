/** From MySQL's and MariaDB's error numbers to our classes and words. Knows the servers' messages, not the driver. */
import {
  DatabaseError,
  type DatabaseErrorDetails,
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

type ErrorClass = TranslatedError["class"];
type Meaning = readonly [ErrorClass, ErrorKind];

/** What the driver throws, as far as it is read here. */
interface DriverError {
  readonly message?: string;
  readonly code?: string;
  readonly errno?: number;
  readonly sqlState?: string;
  readonly sqlMessage?: string;
  readonly fatal?: boolean;
  /** Set by the adapter where it knows better than the server: the statement ran out of time, or was cancelled. */
  readonly athanorKind?: ErrorKind;
}

const list = (meaning: Meaning, ...numbers: readonly number[]): readonly (readonly [number, Meaning])[] =>
  numbers.map((number) => [number, meaning]);

/**
 * Meanings by error number.  https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 * https://mariadb.com/kb/en/mariadb-error-code-reference/
 */
const meanings: ReadonlyMap<number, Meaning> = new Map([
  ...list([IntegrityError, "unique"], 1022, 1062, 1169, 1557, 1586, 1761, 1762, 1859),
  ...list([IntegrityError, "foreignKey"], 1215, 1216, 1217, 1451, 1452),
  ...list([IntegrityError, "notNull"], 1048, 1121, 1138, 1263, 1364, 1566),
  ...list([IntegrityError, "check"], 3819, 4025),
  ...list([OperationalError, "deadlock"], 1213, 1479, 1614),
  ...list([OperationalError, "serialization"], 1020),
  ...list([OperationalError, "lockTimeout"], 1205, 1206, 3572),
  ...list([OperationalError, "timeout"], 1907, 1969, 3024),
  ...list([OperationalError, "cancelled"], 1317),
  ...list([OperationalError, "authentication"], 1045, 1698, 1820, 1862, 3118, 3955, 4151),
  // The package mariadb's own: a plugin it does not have, a key it does not ask for, a password it does not send.
  ...list([OperationalError, "authentication"], 45025, 45044, 45047, 45062, 45063, 45064),
  ...list([OperationalError, "permission"], 1044, 1129, 1130, 1142, 1143, 1144, 1227, 1370, 1419),
  ...list(
    [OperationalError, "resources"],
    1021,
    1028,
    1037,
    1038,
    1040,
    1041,
    1114,
    1135,
    1197,
    1203,
    1226,
    1436,
    1461,
    3170,
  ),
  ...list([OperationalError, "readOnly"], 1036, 1290, 1792, 1836, 3100),
  ...list(
    [OperationalError, "disconnect"],
    1053,
    1077,
    1078,
    1152,
    1156,
    1157,
    1158,
    1159,
    1160,
    1161,
    1184,
    1189,
    1190,
    1218,
    1927,
    4031,
    2002,
    2003,
    2006,
    2013,
    2055,
    // The package mariadb's own numbers.
    45001,
    45004,
    45009,
    45011,
    45012,
    45013,
    45019,
    45026,
  ),
  ...list([OperationalError, "other"], 1049),
  ...list([ProgrammingError, "undefinedTable"], 1051, 1109, 1146, 1347, 4091, 4092),
  ...list([ProgrammingError, "undefinedColumn"], 1054, 1072, 1091),
  ...list(
    [ProgrammingError, "syntax"],
    1064,
    1065,
    1149,
    1056,
    1055,
    1110,
    1111,
    1136,
    1140,
    1222,
    1241,
    1242,
    1247,
    1248,
    1305,
    1327,
    1582,
    3065,
  ),
  ...list([ProgrammingError, "duplicateObject"], 1007, 1050, 1060, 1061, 1304, 1826, 3822, 4100),
  ...list(
    [ProgrammingError, "other"],
    1008,
    1046,
    1052,
    1066,
    1096,
    1100,
    1102,
    1103,
    1115,
    1193,
    1210,
    1243,
    1247,
    1318,
    1390,
  ),
  ...list([DataError, "dataTooLong"], 1406),
  ...list([DataError, "outOfRange"], 1264, 1416, 1690, 1916),
  ...list(
    [DataError, "invalidValue"],
    1231,
    1265,
    1292,
    1300,
    1366,
    1367,
    1411,
    1425,
    1426,
    1439,
    1525,
    3140,
    3141,
    3143,
    3156,
    4038,
  ),
  ...list([DataError, "divisionByZero"], 1365),
  ...list([NotSupportedError, "other"], 1178, 1214, 1235, 1286, 1295, 3618),
  ...list([InternalError, "other"], 1815, 1105),
]);

/** Meanings by the first two characters of the SQL state, for numbers that are not listed. */
const bySqlState: Readonly<Record<string, Meaning>> = {
  "08": [OperationalError, "disconnect"],
  "22": [DataError, "invalidValue"],
  "23": [IntegrityError, "other"],
  "28": [OperationalError, "authentication"],
  "40": [OperationalError, "serialization"],
  "42": [ProgrammingError, "syntax"],
  "0A": [NotSupportedError, "other"],
};

/** Errors of the network and of the driver itself, by code. */
const disconnectCodes: ReadonlySet<string> = new Set([
  "PROTOCOL_CONNECTION_LOST",
  "PROTOCOL_SEQUENCE_TIMEOUT",
  "PROTOCOL_ENQUEUE_AFTER_QUIT",
  "PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR",
  "PROTOCOL_UNEXPECTED_PACKET",
  "PROTOCOL_PACKETS_OUT_OF_ORDER",
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EAI_AGAIN",
  "ERR_STREAM_DESTROYED",
  "ERR_STREAM_WRITE_AFTER_END",
]);

function asDriverError(error: unknown): DriverError {
  return error !== null && typeof error === "object" ? (error as DriverError) : { message: String(error) };
}

/** Whether the connection is gone. */
export function isDisconnect(error: unknown): boolean {
  const { code, errno, message } = asDriverError(error);
  if (errno !== undefined && meanings.get(errno)?.[1] === "disconnect") return true;
  if (code !== undefined && disconnectCodes.has(code)) return true;
  return /closed state|Connection lost|server has gone away/i.test(message ?? "");
}

/** What an error means. */
export function translateError(error: unknown): TranslatedError {
  const given = asDriverError(error);
  const { errno, sqlState } = given;
  const message = given.sqlMessage ?? given.message ?? String(error);
  const [Class, kind] = meaningOf(given, error);
  return {
    class: Class,
    message: errno === undefined || errno < 0 ? message : `(${errno}) ${message}`,
    kind: given.athanorKind ?? kind,
    ...(sqlState === undefined ? {} : { sqlState }),
    ...(errno === undefined || errno < 0
      ? given.code === undefined
        ? {}
        : { nativeCode: given.code }
      : { nativeCode: errno }),
    ...violation(errno ?? 0, message),
  };
}

function meaningOf(given: DriverError, error: unknown): Meaning {
  const { errno, sqlState } = given;
  if (given.athanorKind !== undefined) return [OperationalError, given.athanorKind];
  const known = errno === undefined ? undefined : meanings.get(errno);
  if (known !== undefined) return known;
  if (isDisconnect(error)) return [OperationalError, "disconnect"];
  if (errno !== undefined && errno >= 1000 && errno < 2000 && sqlState === "HY000") return [OperationalError, "other"];
  if (sqlState !== undefined) return bySqlState[sqlState.slice(0, 2)] ?? [DatabaseError, "other"];
  return [InterfaceError, "other"];
}

type Violation = Pick<DatabaseErrorDetails, "constraint" | "table" | "columns">;

/** An identifier in the server's quotes, as its name. */
const unquoted = (name: string): string => name.replace(/^[`"']|[`"']$/g, "").replaceAll("``", "`");

const columnList = (text: string): string[] =>
  [...text.matchAll(/`((?:[^`]|``)+)`/g)].map((match) => unquoted(match[1] as string));

/** Constraint, table and columns, as far as the message tells them. */
function violation(errno: number, message: string): Violation {
  switch (errno) {
    case 1062:
    case 1586:
    case 1859: {
      // MySQL 8.0.19 and later put the table in front of the key's name.
      const key = /for key '((?:[^']|'')+)'/.exec(message)?.[1];
      if (key === undefined) return {};
      const dot = key.indexOf(".");
      return dot < 0 ? { constraint: key } : { constraint: key.slice(dot + 1), table: key.slice(0, dot) };
    }
    case 1451:
    case 1452: {
      const failed =
        /fails \(`(?:[^`]|``)+`\.`((?:[^`]|``)+)`(?:, CONSTRAINT `((?:[^`]|``)+)`)? FOREIGN KEY \(([^)]*)\)/.exec(
          message,
        );
      if (failed === null) return {};
      return {
        table: unquoted(failed[1] as string),
        columns: columnList(failed[3] as string),
        ...(failed[2] === undefined ? {} : { constraint: unquoted(failed[2]) }),
      };
    }
    case 1048:
    case 1364:
    case 1263: {
      const column = /(?:Column|Field) '((?:[^']|'')+)'/.exec(message)?.[1];
      return column === undefined ? {} : { columns: [column.slice(column.lastIndexOf(".") + 1)] };
    }
    case 3819: {
      const name = /constraint '((?:[^']|'')+)'/i.exec(message)?.[1];
      return name === undefined ? {} : { constraint: name };
    }
    case 4025: {
      const failed = /CONSTRAINT `((?:[^`]|``)+)` failed for `(?:[^`]|``)+`\.`((?:[^`]|``)+)`/.exec(message);
      if (failed === null) return {};
      const name = unquoted(failed[1] as string);
      // A column's own CHECK is called like `table.column`.
      const dot = name.indexOf(".");
      return {
        constraint: name,
        table: unquoted(failed[2] as string),
        ...(dot < 0 ? {} : { columns: [name.slice(dot + 1)] }),
      };
    }
    case 1146: {
      const table = /Table '([^']+)'/.exec(message)?.[1];
      return table === undefined ? {} : { table: table.slice(table.indexOf(".") + 1) };
    }
    case 1054: {
      const column = /Unknown column '([^']+)'/.exec(message)?.[1];
      return column === undefined ? {} : { columns: [column] };
    }
    case 1264:
    case 1265:
    case 1292:
    case 1366:
    case 1406: {
      const column = /column (?:`[^`]+`\.`([^`]+)`\.)?[`']([^`']+)[`']/.exec(message);
      if (column === null) return {};
      return { columns: [column[2] as string], ...(column[1] === undefined ? {} : { table: column[1] }) };
    }
    default:
      return {};
  }
}
