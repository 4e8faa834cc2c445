/** From Oracle's error numbers to our classes and words. Knows the server's messages, not the driver. */
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
  /** `ORA-00001`, `NJS-500`. */
  readonly code?: string;
  readonly errorNum?: number;
  readonly isRecoverable?: boolean;
  /** Set by the adapter where it knows better than the server. */
  readonly athanorKind?: ErrorKind;
}

const list = (meaning: Meaning, ...numbers: readonly number[]): readonly (readonly [number, Meaning])[] =>
  numbers.map((number) => [number, meaning]);

/** Meanings by error number.  https://docs.oracle.com/en/error-help/db/ */
const meanings: ReadonlyMap<number, Meaning> = new Map([
  ...list([IntegrityError, "unique"], 1, 1452, 2299),
  ...list([IntegrityError, "foreignKey"], 2266, 2291, 2292, 2297, 2298, 2449),
  ...list([IntegrityError, "notNull"], 1400, 1407, 2296),
  ...list([IntegrityError, "check"], 2290, 2293),
  ...list([OperationalError, "deadlock"], 60, 104),
  ...list([OperationalError, "serialization"], 8176, 8177, 1555),
  ...list([OperationalError, "lockTimeout"], 54, 4021, 30006),
  ...list([OperationalError, "timeout"], 40, 1051, 2049),
  ...list([OperationalError, "cancelled"], 1013),
  ...list([OperationalError, "authentication"], 1005, 1017, 1045, 28000, 28001, 28002, 1004),
  ...list([OperationalError, "permission"], 1031, 1749, 1950, 1720, 1723, 41900),
  ...list([OperationalError, "resources"], 18, 20, 1000, 1536, 1650, 1652, 1653, 1654, 1658, 4030, 4031, 2391),
  ...list([OperationalError, "readOnly"], 1456, 12081, 16000, 372, 1552),
  ...list(
    [OperationalError, "disconnect"],
    22,
    28,
    31,
    45,
    378,
    602,
    603,
    609,
    1012,
    1033,
    1034,
    1041,
    1043,
    1089,
    1090,
    1092,
    2396,
    2399,
    3113,
    3114,
    3122,
    3135,
    12153,
    12170,
    12514,
    12516,
    12518,
    12519,
    12520,
    12528,
    12537,
    12541,
    12543,
    12545,
    12547,
    12570,
    12571,
    12583,
    27146,
    28511,
    56600,
  ),
  ...list([ProgrammingError, "undefinedTable"], 942, 4043, 2289, 1418),
  ...list([ProgrammingError, "undefinedColumn"], 904, 1747),
  ...list([ProgrammingError, "duplicateObject"], 955, 1408, 1430, 1442, 2260, 2261, 2264, 2275),
  ...list(
    [ProgrammingError, "syntax"],
    900,
    903,
    905,
    906,
    907,
    908,
    909,
    911,
    913,
    917,
    918,
    920,
    921,
    922,
    923,
    925,
    926,
    927,
    928,
    929,
    930,
    931,
    932,
    933,
    934,
    935,
    936,
    937,
    938,
    946,
    947,
    957,
    960,
    969,
    970,
    971,
    972,
    979,
    1756,
    1789,
    1790,
    3048,
    3049,
    6550,
    24344,
  ),
  ...list([ProgrammingError, "other"], 1006, 1008, 1036, 1745, 1461, 2430, 2443, 1086, 6508, 6512, 4068),
  ...list([DataError, "dataTooLong"], 12899, 1401, 6502, 910, 1489),
  ...list([DataError, "outOfRange"], 1426, 1438, 1873, 1853, 1847, 1841, 1455),
  ...list(
    [DataError, "invalidValue"],
    1722,
    1427,
    1465,
    1843,
    1830,
    1839,
    1858,
    1861,
    1840,
    1850,
    6531,
    40441,
    40478,
    2437,
    8103,
  ),
  ...list([DataError, "divisionByZero"], 1476),
  ...list([NotSupportedError, "other"], 439, 3001, 14450, 22998, 2089),
  ...list([InternalError, "other"], 600, 7445),
]);

/** What oracledb itself reports of connections that are lost or cannot be made; 511 and below the same as ORA-12541. */
const lost: ReadonlySet<string> = new Set([
  "NJS-003",
  "NJS-500",
  "NJS-501",
  "NJS-503",
  "NJS-510",
  "NJS-511",
  "NJS-513",
  "NJS-521",
  "DPI-1010",
  "DPI-1080",
  "DPY-1001",
  "DPY-4011",
  "DPY-6005",
  "ECONNRESET",
  "ECONNREFUSED",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
]);

function asDriverError(error: unknown): DriverError {
  return error !== null && typeof error === "object" ? (error as DriverError) : { message: String(error) };
}

/** The server's number: the driver tells it, or the message begins with it. */
function numberOf({ errorNum, code, message }: DriverError): number | undefined {
  if (code?.startsWith("NJS") || code?.startsWith("DP")) return undefined;
  if (errorNum !== undefined && errorNum > 0) return errorNum;
  const found = /ORA-(\d{5})/.exec(code ?? message ?? "");
  return found === null ? undefined : Number(found[1]);
}

/** The driver's own code. */
function codeOf({ code, message }: DriverError): string | undefined {
  return code ?? /^((?:NJS|DPI|DPY)-\d+)/.exec(message ?? "")?.[1];
}

/** Whether the connection is gone. */
export function isDisconnect(error: unknown): boolean {
  const given = asDriverError(error);
  if (given.athanorKind !== undefined) return false;
  const number = numberOf(given);
  if (number !== undefined) return meanings.get(number)?.[1] === "disconnect";
  const code = codeOf(given);
  return (code !== undefined && lost.has(code)) || /not connected/i.test(given.message ?? "");
}

/** What an error means. */
export function translateError(error: unknown): TranslatedError {
  const given = asDriverError(error);
  const number = numberOf(given);
  const [Class, kind] = meaningOf(given, number, error);
  const message = given.message ?? String(error);
  const native = number ?? codeOf(given);
  return {
    class: Class,
    message,
    kind: given.athanorKind ?? kind,
    ...(native === undefined ? {} : { nativeCode: native }),
    ...violation(number ?? 0, message),
  };
}

function meaningOf(given: DriverError, number: number | undefined, error: unknown): Meaning {
  if (given.athanorKind !== undefined) return [OperationalError, given.athanorKind];
  const known = number === undefined ? undefined : meanings.get(number);
  if (known !== undefined) return known;
  if (isDisconnect(error)) return [OperationalError, "disconnect"];
  if (number !== undefined) return [DatabaseError, "other"];
  // The time limit of a call, and values that oracledb refuses before they are sent.
  const code = codeOf(given);
  if (code === "NJS-123" || code === "DPI-1067") return [OperationalError, "timeout"];
  if (code === "NJS-098" || code === "NJS-044" || code === "NJS-097") return [ProgrammingError, "other"];
  if (code === "NJS-011" || code === "NJS-012" || code === "NJS-058") return [DataError, "invalidValue"];
  return [InterfaceError, "other"];
}

type Violation = Pick<DatabaseErrorDetails, "constraint" | "table" | "columns">;

/** A name as SQL has it: what is all capitals was not quoted. */
function sqlName(name: string): string {
  return name === name.toUpperCase() ? name.toLowerCase() : name;
}

/** Constraint, table and columns, as far as the message tells them. */
function violation(number: number, message: string): Violation {
  switch (number) {
    case 1: {
      // 23ai goes on with "on table T columns (A, B)".
      const found = /constraint \(([^)]+)\) violated(?: on table (\S+) columns? \(([^)]*)\))?/i.exec(message);
      if (found === null) return {};
      return {
        constraint: sqlName(lastPart(found[1] as string)),
        ...(found[2] === undefined ? {} : { table: sqlName(lastPart(found[2])) }),
        ...(found[3] === undefined ? {} : { columns: found[3].split(",").map((column) => sqlName(column.trim())) }),
      };
    }
    case 2290:
    case 2291:
    case 2292: {
      const name = /constraint \(([^)]+)\) violated/i.exec(message)?.[1];
      return name === undefined ? {} : { constraint: sqlName(lastPart(name)) };
    }
    case 1400:
    case 1407:
    case 12899: {
      const found = /"((?:[^"]|"")+)"\."((?:[^"]|"")+)"\."((?:[^"]|"")+)"/.exec(message);
      return found === null ? {} : { table: sqlName(found[2] as string), columns: [sqlName(found[3] as string)] };
    }
    case 904: {
      const parts = /ORA-00904: ((?:"[^"]+"\.?)+)/.exec(message)?.[1]?.match(/"([^"]+)"/g);
      const column = parts?.at(-1)?.slice(1, -1);
      return column === undefined ? {} : { columns: [sqlName(column)] };
    }
    case 942: {
      // 23ai names the table.
      const name = /table or view "((?:[^"]|"\.")+)"/i.exec(message)?.[1];
      return name === undefined ? {} : { table: sqlName(name.split('"."').at(-1) as string) };
    }
    default:
      return {};
  }
}

function lastPart(qualified: string): string {
  return (qualified.split(".").at(-1) as string).replaceAll('"', "");
}
