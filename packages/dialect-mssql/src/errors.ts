/** From SQL Server's error numbers to our classes and words. Knows the server's messages, not the driver. */
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
  readonly number?: number;
  readonly class?: number;
  readonly errors?: readonly DriverError[];
  /** Set by the adapter where it knows better than the server. */
  readonly athanorKind?: ErrorKind;
}

const list = (meaning: Meaning, ...numbers: readonly number[]): readonly (readonly [number, Meaning])[] =>
  numbers.map((number) => [number, meaning]);

/**
 * Meanings by error number.
 * https://learn.microsoft.com/en-us/sql/relational-databases/errors-events/database-engine-events-and-errors
 */
const meanings: ReadonlyMap<number, Meaning> = new Map([
  ...list([IntegrityError, "unique"], 2627, 2601, 1505),
  ...list([IntegrityError, "foreignKey"], 1785),
  ...list([IntegrityError, "notNull"], 515),
  ...list([IntegrityError, "other"], 550),
  ...list([OperationalError, "deadlock"], 1205),
  ...list([OperationalError, "serialization"], 3960, 3961, 3951, 41302, 41305, 41325, 41301),
  ...list([OperationalError, "lockTimeout"], 1222),
  ...list([OperationalError, "timeout"], 8628, 8645),
  ...list([OperationalError, "cancelled"], 3204, 3617),
  ...list([OperationalError, "authentication"], 18456, 18452, 18470, 18486, 18487, 18488, 18461),
  ...list([OperationalError, "permission"], 229, 230, 262, 297, 300, 916, 4060, 15151, 15247, 15330),
  ...list([OperationalError, "resources"], 701, 802, 1105, 1204, 8623, 9002, 10928, 10929, 17809, 40544, 40552, 49918),
  ...list([OperationalError, "readOnly"], 3906, 3908, 978),
  ...list(
    [OperationalError, "disconnect"],
    233,
    596,
    6005,
    10053,
    10054,
    10060,
    17142,
    17197,
    40143,
    40197,
    40501,
    40540,
    40613,
    64,
  ),
  ...list([OperationalError, "other"], 911, 942, 945, 3902, 3903, 3930, 3998, 266),
  ...list([ProgrammingError, "undefinedTable"], 208, 3701, 4902, 1088, 15225),
  ...list([ProgrammingError, "undefinedColumn"], 207, 1911, 4924, 1769, 1770),
  ...list([ProgrammingError, "duplicateObject"], 2714, 2705, 1779, 1781, 1801, 1913, 15023, 15025, 2759),
  ...list(
    [ProgrammingError, "syntax"],
    102,
    103,
    105,
    107,
    109,
    110,
    111,
    113,
    116,
    120,
    121,
    137,
    145,
    147,
    156,
    170,
    195,
    201,
    205,
    206,
    209,
    213,
    214,
    257,
    306,
    319,
    321,
    402,
    1033,
    1046,
    4104,
    4145,
    8120,
    8121,
    8127,
    8144,
    8145,
    8156,
    8155,
    10738,
    10741,
    10742,
  ),
  ...list([ProgrammingError, "other"], 2812, 544, 545, 8101, 8106, 8107, 271, 334, 8178, 8179, 8003, 1776, 1750),
  ...list([DataError, "dataTooLong"], 8152, 2628),
  ...list([DataError, "outOfRange"], 220, 242, 248, 8115, 517, 535, 2568, 8727),
  ...list(
    [DataError, "invalidValue"],
    241,
    245,
    235,
    293,
    295,
    296,
    512,
    8114,
    8169,
    8016,
    9402,
    9420,
    13609,
    13608,
    6355,
  ),
  ...list([DataError, "divisionByZero"], 8134),
  ...list([NotSupportedError, "other"], 40510, 40508, 40514),
  ...list([InternalError, "other"], 3624, 605, 823, 824, 8630),
]);

/** Errors of the network and of the driver itself, by code. */
const disconnectCodes: ReadonlySet<string> = new Set([
  "ESOCKET",
  "ECLOSE",
  "EINVALIDSTATE",
  "ENOTOPEN",
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EAI_AGAIN",
]);

function asDriverError(error: unknown): DriverError {
  return error !== null && typeof error === "object" ? (error as DriverError) : { message: String(error) };
}

/** Of several errors, the one that says most: the others only name what failed because of it. */
function principal(given: DriverError): DriverError {
  const { errors } = given;
  if (errors === undefined || errors.length === 0) return given;
  return errors.find(({ number }) => number !== undefined && meanings.has(number)) ?? (errors[0] as DriverError);
}

/** Whether the connection is gone. Severities from 20 on end it. */
export function isDisconnect(error: unknown): boolean {
  const { code, number, class: severity, athanorKind, message } = principal(asDriverError(error));
  if (athanorKind !== undefined) return false;
  if (number !== undefined) return meanings.get(number)?.[1] === "disconnect" || (severity ?? 0) >= 20;
  if (code !== undefined && disconnectCodes.has(code)) return true;
  return code === "ETIMEOUT" && /cancel request|Failed to connect/i.test(message ?? "");
}

/** What an error means. */
export function translateError(error: unknown): TranslatedError {
  const whole = asDriverError(error);
  const given = principal(whole);
  const { number, code } = given;
  const text = (whole.errors ?? [given]).map(({ message }) => message ?? "").join(" ") || String(error);
  const [Class, kind] = meaningOf(given, error);
  return {
    class: Class,
    message: number === undefined ? text : `(${number}) ${text}`,
    kind: given.athanorKind ?? kind,
    ...(number === undefined ? (code === undefined ? {} : { nativeCode: code }) : { nativeCode: number }),
    ...violation(number ?? 0, given.message ?? ""),
  };
}

function meaningOf(given: DriverError, error: unknown): Meaning {
  const { number, code, message } = given;
  if (given.athanorKind !== undefined) return [OperationalError, given.athanorKind];
  if (number === 547) return [IntegrityError, /\bCHECK\b/.test(message ?? "") ? "check" : "foreignKey"];
  const known = number === undefined ? undefined : meanings.get(number);
  if (known !== undefined) return known;
  if (isDisconnect(error)) return [OperationalError, "disconnect"];
  if (number !== undefined) return [number >= 50_000 ? DatabaseError : ProgrammingError, "other"];
  switch (code) {
    case "ELOGIN":
      return [OperationalError, "authentication"];
    case "ECANCEL":
      return [OperationalError, "cancelled"];
    case "ETIMEOUT":
      return [OperationalError, "timeout"];
    case "EPARAM":
      return [DataError, "invalidValue"];
    default:
      return [InterfaceError, "other"];
  }
}

type Violation = Pick<DatabaseErrorDetails, "constraint" | "table" | "columns">;

/** `dbo.items`, `db.dbo.items` or `[dbo].[items]` as the table's name. */
function tableName(qualified: string): string {
  const parts = qualified.match(/\[(?:[^\]]|\]\])*\]|[^.]+/g) ?? [qualified];
  return (parts.at(-1) as string).replace(/^\[|\]$/g, "");
}

/** Constraint, table and columns, as far as the message tells them. */
function violation(number: number, message: string): Violation {
  switch (number) {
    case 2627: {
      const found = /constraint '([^']+)'.*?object '([^']+)'/is.exec(message);
      return found === null ? {} : { constraint: found[1] as string, table: tableName(found[2] as string) };
    }
    case 2601: {
      const found = /object '([^']+)' with unique index '([^']+)'/is.exec(message);
      return found === null ? {} : { constraint: found[2] as string, table: tableName(found[1] as string) };
    }
    case 1505: {
      const found = /object name '([^']+)' and the index name '([^']+)'/is.exec(message);
      return found === null ? {} : { constraint: found[2] as string, table: tableName(found[1] as string) };
    }
    case 547: {
      const found = /constraint "([^"]+)"(?:.*?table "([^"]+)")?(?:, column '([^']+)')?/is.exec(message);
      if (found === null) return {};
      return {
        constraint: found[1] as string,
        ...(found[2] === undefined ? {} : { table: tableName(found[2]) }),
        ...(found[3] === undefined ? {} : { columns: [found[3]] }),
      };
    }
    case 515: {
      const found = /column '([^']+)', table '([^']+)'/is.exec(message);
      return found === null ? {} : { columns: [found[1] as string], table: tableName(found[2] as string) };
    }
    case 2628: {
      const found = /table '([^']+)', column '([^']+)'/is.exec(message);
      return found === null ? {} : { columns: [found[2] as string], table: tableName(found[1] as string) };
    }
    case 208: {
      const name = /object name '([^']+)'/i.exec(message)?.[1];
      return name === undefined ? {} : { table: tableName(name) };
    }
    case 207: {
      const name = /column name '([^']+)'/i.exec(message)?.[1];
      return name === undefined ? {} : { columns: [name] };
    }
    default:
      return {};
  }
}
