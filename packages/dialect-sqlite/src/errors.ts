/**
 * What SQLite's errors mean, from both libraries. Classes are those of Python's sqlite3, as SQLAlchemy has them; kinds are
 * the same as on every database.  https://sqlite.org/rescode.html
 */
import {
  DatabaseError,
  type DatabaseErrorDetails,
  DataError,
  type DBAPIError,
  type ErrorKind,
  IntegrityError,
  InternalError,
  OperationalError,
  ProgrammingError,
  type TranslatedError,
} from "@athanor/core";

type ErrorClass = new (message: string, orig: unknown, details?: DatabaseErrorDetails) => DBAPIError;

/** Names of the extended codes that mean something of their own, by number: node:sqlite gives numbers. */
const extendedNames: Readonly<Record<number, string>> = {
  261: "SQLITE_BUSY_RECOVERY",
  275: "SQLITE_CONSTRAINT_CHECK",
  517: "SQLITE_BUSY_SNAPSHOT",
  531: "SQLITE_CONSTRAINT_COMMITHOOK",
  773: "SQLITE_BUSY_TIMEOUT",
  787: "SQLITE_CONSTRAINT_FOREIGNKEY",
  1299: "SQLITE_CONSTRAINT_NOTNULL",
  1555: "SQLITE_CONSTRAINT_PRIMARYKEY",
  1811: "SQLITE_CONSTRAINT_TRIGGER",
  2067: "SQLITE_CONSTRAINT_UNIQUE",
  2579: "SQLITE_CONSTRAINT_ROWID",
  3091: "SQLITE_CONSTRAINT_DATATYPE",
};

/** Primary codes: the low byte of every code. */
const primaryNames: readonly string[] = [
  "SQLITE_OK SQLITE_ERROR SQLITE_INTERNAL SQLITE_PERM SQLITE_ABORT SQLITE_BUSY SQLITE_LOCKED SQLITE_NOMEM SQLITE_READONLY",
  "SQLITE_INTERRUPT SQLITE_IOERR SQLITE_CORRUPT SQLITE_NOTFOUND SQLITE_FULL SQLITE_CANTOPEN SQLITE_PROTOCOL SQLITE_EMPTY",
  "SQLITE_SCHEMA SQLITE_TOOBIG SQLITE_CONSTRAINT SQLITE_MISMATCH SQLITE_MISUSE SQLITE_NOLFS SQLITE_AUTH SQLITE_FORMAT",
  "SQLITE_RANGE SQLITE_NOTADB",
].flatMap((names) => names.split(" "));

interface Meaning {
  readonly class: ErrorClass;
  readonly kind: ErrorKind;
}

const meanings: Readonly<Record<string, Meaning>> = {
  SQLITE_INTERNAL: { class: InternalError, kind: "other" },
  SQLITE_NOTFOUND: { class: InternalError, kind: "other" },
  SQLITE_PERM: { class: OperationalError, kind: "permission" },
  SQLITE_AUTH: { class: DatabaseError, kind: "permission" },
  SQLITE_BUSY_SNAPSHOT: { class: OperationalError, kind: "serialization" },
  SQLITE_BUSY: { class: OperationalError, kind: "lockTimeout" },
  SQLITE_LOCKED: { class: OperationalError, kind: "lockTimeout" },
  SQLITE_NOMEM: { class: OperationalError, kind: "resources" },
  SQLITE_READONLY: { class: OperationalError, kind: "readOnly" },
  SQLITE_INTERRUPT: { class: OperationalError, kind: "cancelled" },
  SQLITE_FULL: { class: OperationalError, kind: "resources" },
  SQLITE_CORRUPT: { class: DatabaseError, kind: "other" },
  SQLITE_NOTADB: { class: DatabaseError, kind: "other" },
  SQLITE_TOOBIG: { class: DataError, kind: "dataTooLong" },
  SQLITE_MISMATCH: { class: IntegrityError, kind: "invalidValue" },
  SQLITE_MISUSE: { class: ProgrammingError, kind: "other" },
  SQLITE_RANGE: { class: ProgrammingError, kind: "other" },
  SQLITE_CONSTRAINT_UNIQUE: { class: IntegrityError, kind: "unique" },
  SQLITE_CONSTRAINT_PRIMARYKEY: { class: IntegrityError, kind: "unique" },
  SQLITE_CONSTRAINT_ROWID: { class: IntegrityError, kind: "unique" },
  SQLITE_CONSTRAINT_FOREIGNKEY: { class: IntegrityError, kind: "foreignKey" },
  SQLITE_CONSTRAINT_NOTNULL: { class: IntegrityError, kind: "notNull" },
  SQLITE_CONSTRAINT_CHECK: { class: IntegrityError, kind: "check" },
  SQLITE_CONSTRAINT_DATATYPE: { class: IntegrityError, kind: "invalidValue" },
  SQLITE_CONSTRAINT: { class: IntegrityError, kind: "other" },
};

/** Messages of plain SQLITE_ERROR, the first group being the object that they name. */
const messages: readonly (readonly [RegExp, ErrorKind, "table" | "column" | null])[] = [
  [/^no such (?:table|view): (.+)$/, "undefinedTable", "table"],
  [/^no such column: (.+?)(?: - should this be a string literal.*)?$/, "undefinedColumn", "column"],
  [/^table (.+) has no column named (.+)$/, "undefinedColumn", "table"],
  [/^unknown column "(.+?)" in foreign key definition/, "undefinedColumn", "column"],
  [/^(?:table|index|view|trigger) (.+) already exists$/, "duplicateObject", "table"],
  [/^there is already (?:a|an) (?:table|index|view|another table or index with this name)/, "duplicateObject", null],
  [/^duplicate column name: (.+)$/, "duplicateObject", "column"],
  [/syntax error$|^incomplete input$|^unrecognized token: /, "syntax", null],
  [/^integer overflow$/, "outOfRange", null],
  [/^malformed JSON|^bad JSON path/, "invalidValue", null],
  [/^string or blob too big$/, "dataTooLong", null],
  [/^too many (?:SQL variables|columns|terms|levels)/, "resources", null],
];

/** What an error of better-sqlite3 or node:sqlite means. */
export function translateSQLiteError(error: unknown): TranslatedError {
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  if (code === null) return { ...interfaceMeaning(message), message };
  const meaning = meaningOf(code);
  const details = detailsOf(code, message);
  return {
    class: meaning?.class ?? OperationalError,
    message,
    kind: meaning?.kind ?? "other",
    nativeCode: code,
    ...details,
  };
}

/** Whether an error means that the connection was closed. */
export function isSQLiteDisconnect(error: unknown): boolean {
  return (
    error instanceof Error &&
    codeOf(error) === null &&
    /database (?:connection )?is not open|statement has been finalized/.test(error.message)
  );
}

/** The error's code by name, or null where it is not SQLite's. */
function codeOf(error: unknown): string | null {
  if (error === null || typeof error !== "object") return null;
  const { code, errcode } = error as { readonly code?: unknown; readonly errcode?: unknown };
  if (typeof code === "string" && code.startsWith("SQLITE_")) return code;
  if (typeof errcode !== "number") return null;
  return extendedNames[errcode] ?? primaryNames[errcode & 0xff] ?? `SQLITE_${errcode}`;
}

/** Meaning of an extended code, or of the code that it extends. */
function meaningOf(code: string): Meaning | undefined {
  for (let name = code; name.includes("_"); name = name.slice(0, name.lastIndexOf("_"))) {
    const found = meanings[name];
    if (found !== undefined) return found;
  }
  return undefined;
}

function detailsOf(code: string, message: string): Partial<TranslatedError> {
  if (code.startsWith("SQLITE_CONSTRAINT")) return constraintDetails(code, message);
  if (code !== "SQLITE_ERROR") return {};
  for (const [pattern, kind, names] of messages) {
    const match = pattern.exec(message) ?? pattern.exec(message.replace(/^near "[\s\S]*": /, ""));
    if (match === null) continue;
    const name = match[1];
    if (names === null || name === undefined) return { kind };
    if (names === "table")
      return { kind, table: lastPart(name), ...(match[2] === undefined ? {} : { columns: [match[2]] }) };
    return { kind, columns: [lastPart(name)] };
  }
  return {};
}

/** `UNIQUE constraint failed: t.a, t.b`, `… index 'name'`, `CHECK constraint failed: name`, `cannot store TEXT value in INTEGER column t.a`. */
function constraintDetails(code: string, message: string): Partial<TranslatedError> {
  const named = /constraint failed: ([\s\S]+)$/.exec(message)?.[1] ?? /column ([^ ]+)$/.exec(message)?.[1];
  if (named === undefined) return {};
  const index = /^index '(.+)'$/.exec(named)?.[1];
  if (index !== undefined) return { constraint: index };
  if (code === "SQLITE_CONSTRAINT_CHECK") return /^\w+$/.test(named) ? { constraint: named } : {};
  const places = named.split(", ").map((place) => place.split("."));
  if (places.some((place) => place.length < 2)) return {};
  return {
    table: (places[0] as string[]).slice(0, -1).join("."),
    columns: places.map((place) => place.at(-1) as string),
  };
}

function lastPart(name: string): string {
  return name.split(".").at(-1) as string;
}

/** Errors of the libraries themselves: parameters that cannot be bound, a closed database. */
function interfaceMeaning(message: string): Meaning {
  if (/^cannot open database/i.test(message)) return { class: OperationalError, kind: "other" };
  if (/too (?:big|large)/i.test(message)) return { class: DataError, kind: "outOfRange" };
  if (/can only bind|cannot be bound/.test(message)) return { class: ProgrammingError, kind: "invalidValue" };
  return { class: ProgrammingError, kind: "other" };
}
