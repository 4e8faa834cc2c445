/** From a declared type to ours. SQLite takes any words for a type; unknown ones count by their affinity.  https://sqlite.org/datatype3.html#determination_of_column_affinity */
import { type SqlType, StringType, t, warn } from "@athanor/core";
import { ANY } from "../types/any.ts";
import { JSON, JSONB } from "../types/json.ts";
import { DATE, DATETIME, TIME } from "../types/temporal.ts";

type Make = (...args: number[]) => SqlType;

/** A number that a type takes, or none. */
const length =
  (make: (length?: number) => SqlType): Make =>
  (size) =>
    size === undefined ? make() : make(size);

const decimal =
  (make: (precision?: number, scale?: number) => SqlType): Make =>
  (precision, scale) =>
    scale === undefined ? make(precision) : make(precision, scale);

const known: Readonly<Record<string, Make>> = {
  ANY: () => ANY(),
  BIGINT: () => t.BIGINT(),
  BINARY: length((size) => t.BINARY(size)),
  BLOB: length((size) => t.BLOB(size)),
  BOOL: () => t.BOOLEAN(),
  BOOLEAN: () => t.BOOLEAN(),
  CHAR: length((size) => t.CHAR(size)),
  CLOB: length((size) => t.CLOB(size)),
  DATE: () => DATE(),
  DATE_CHAR: () => DATE(),
  DATETIME: () => DATETIME(),
  DATETIME_CHAR: () => DATETIME(),
  DECIMAL: decimal((precision, scale) => t.DECIMAL(precision, scale)),
  DOUBLE: decimal((precision) => t.DOUBLE(precision)),
  "DOUBLE PRECISION": decimal((precision) => t.DOUBLE_PRECISION(precision)),
  FLOAT: decimal((precision) => t.FLOAT(precision)),
  INT: () => t.INTEGER(),
  INTEGER: () => t.INTEGER(),
  JSON: () => JSON(),
  JSONB: () => JSONB(),
  NCHAR: length((size) => t.NCHAR(size)),
  NUMERIC: decimal((precision, scale) => t.NUMERIC(precision, scale)),
  NVARCHAR: length((size) => t.NVARCHAR(size)),
  REAL: decimal((precision) => t.REAL(precision)),
  SMALLINT: () => t.SMALLINT(),
  TEXT: length((size) => t.TEXT(size)),
  TIME: () => TIME(),
  TIME_CHAR: () => TIME(),
  TIMESTAMP: () => t.TIMESTAMP(),
  UUID: () => t.UUID(),
  VARBINARY: length((size) => t.VARBINARY(size)),
  VARCHAR: length((size) => t.VARCHAR(size)),
};

/** The affinity of a type that is none of the known ones. */
function byAffinity(name: string): Make {
  if (name.includes("INT")) return () => t.INTEGER();
  if (/CHAR|CLOB|TEXT/.test(name)) return length((size) => t.TEXT(size));
  if (name === "" || name.includes("BLOB")) return () => t.null();
  if (/REAL|FLOA|DOUB/.test(name)) return decimal((precision) => t.REAL(precision));
  return decimal((precision, scale) => t.NUMERIC(precision, scale));
}

/** The type of a column by its declaration: `"VARCHAR(20)"`. */
export function typeOfDeclaration(declared: string, collation: string | null): SqlType {
  const [, words = "", args = ""] = /^([\w ]*?)\s*(?:\(([^)]*)\))?\s*$/.exec(declared.trim().toUpperCase()) ?? [];
  const name = words.replaceAll(/\s+/g, " ");
  const numbers = [...args.matchAll(/\d+/g)].map(Number);
  const make = (Object.hasOwn(known, name) ? known[name] : undefined) ?? byAffinity(name);
  let type: SqlType;
  try {
    type = make(...numbers);
  } catch {
    warn(`Could not make type ${name} with the arguments (${args}) of the database; using none`);
    type = make();
  }
  // SQLite compares by BINARY where no collation is given.
  if (collation === null || collation.toUpperCase() === "BINARY" || !(type instanceof StringType)) return type;
  const collated = type.copy() as { collation: string | undefined } & SqlType;
  collated.collation = collation;
  return collated;
}
