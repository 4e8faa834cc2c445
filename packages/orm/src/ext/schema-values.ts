/** What values a column's type takes. Types of which nothing is known take all. */
import {
  ArrayType,
  BigInteger,
  describe,
  EnumType,
  JSON_NULL,
  JSONType,
  type SchemaResult,
  type SqlType,
  StringType,
  TypeDecorator,
} from "@athanor/core";

/** What a schema is for. */
export type SchemaPurpose = "insert" | "select" | "update";

type Checked = SchemaResult<unknown> | PromiseLike<SchemaResult<unknown>>;

const accepted = (value: unknown): SchemaResult<unknown> => ({ value });
const refused = (message: string): SchemaResult<unknown> => ({ issues: [{ message }] });
const expected = (what: string, value: unknown): SchemaResult<unknown> =>
  refused(`Expected ${what}, not ${describe(value)}`);

/** Checks a value that is not null. */
export function checkValue(type: SqlType, value: unknown, purpose: SchemaPurpose): Checked {
  // What a type of the program's own takes is for its conversions to say.
  if (type instanceof TypeDecorator) return accepted(value);
  if (type instanceof JSONType) return checkJson(type, value, purpose);
  if (type instanceof ArrayType) return checkArray(type, value, purpose);
  if (type instanceof EnumType) return checkEnum(type, value);
  if (type instanceof BigInteger) return checkBig(value);
  const check = byAffinity[type.affinity];
  return check === undefined ? accepted(value) : check(value, type);
}

type Check = (value: unknown, type: SqlType) => SchemaResult<unknown>;

const isoDate = /^[+-]?\d{4,6}-\d\d-\d\d$/;
const isoTime = /^\d\d:\d\d(:\d\d(\.\d+)?)?$/;
const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const uuid = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

const byAffinity: Readonly<Record<string, Check | undefined>> = {
  integer: (value) => (Number.isSafeInteger(value) ? accepted(value) : expected("a whole number", value)),
  float: (value) =>
    typeof value === "number" && Number.isFinite(value) ? accepted(value) : expected("a number", value),
  numeric: (value) => {
    const fits =
      typeof value === "number"
        ? Number.isFinite(value)
        : typeof value === "bigint" || (typeof value === "string" ? decimal.test(value) : isObject(value));
    return fits ? accepted(value) : expected("a decimal number", value);
  },
  boolean: (value) => (typeof value === "boolean" ? accepted(value) : expected("true or false", value)),
  string: checkText,
  text: checkText,
  uuid: (value) => (typeof value === "string" && uuid.test(value) ? accepted(value) : expected("a UUID", value)),
  binary: (value) => (value instanceof Uint8Array ? accepted(value) : expected("bytes", value)),
  datetime: (value) => {
    if (value instanceof Date)
      return Number.isNaN(value.getTime()) ? refused("Expected a valid date") : accepted(value);
    return isTemporal(value) ? accepted(value) : expected("a Date", value);
  },
  date: (value) =>
    isTemporal(value) || (typeof value === "string" && isoDate.test(value))
      ? accepted(value)
      : expected("a date, YYYY-MM-DD", value),
  time: (value) =>
    isTemporal(value) || (typeof value === "string" && isoTime.test(value))
      ? accepted(value)
      : expected("a time, HH:MM:SS", value),
};

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** An object of Temporal, of whichever kind. */
function isTemporal(value: unknown): boolean {
  return (
    isObject(value) &&
    String((value as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag]).startsWith("Temporal.")
  );
}

function checkText(value: unknown, type: SqlType): SchemaResult<unknown> {
  if (typeof value !== "string") return expected("text", value);
  const { length } = type instanceof StringType ? type : { length: null };
  // Databases count characters, JavaScript units of two bytes.
  if (typeof length === "number" && value.length > length && [...value].length > length)
    return refused(`At most ${length} characters`);
  return accepted(value);
}

function checkBig(value: unknown): SchemaResult<unknown> {
  return typeof value === "bigint" || Number.isSafeInteger(value) ? accepted(value) : expected("a whole number", value);
}

function checkEnum(type: EnumType<unknown>, value: unknown): SchemaResult<unknown> {
  const allowed = type.enumObject === undefined ? type.enums : Object.values(type.enumObject);
  return (allowed as readonly unknown[]).includes(value)
    ? accepted(value)
    : refused(`Expected one of ${type.enums.map((each) => JSON.stringify(each)).join(", ")}`);
}

/** Rows hold the output of a column's schema, which was checked when they were read; what is written is its input. */
function checkJson(type: JSONType, value: unknown, purpose: SchemaPurpose): Checked {
  if (typeof value === "function" || typeof value === "symbol") return expected("a JSON document", value);
  if (type.schema === undefined || purpose === "select" || value === JSON_NULL) return accepted(value);
  const result = type.schema["~standard"].validate(value);
  const keep = (checked: SchemaResult<unknown>): SchemaResult<unknown> =>
    checked.issues === undefined ? accepted(value) : checked;
  return result instanceof Promise ? result.then(keep) : keep(result);
}

function checkArray(type: ArrayType, value: unknown, purpose: SchemaPurpose, depth = 1): Checked {
  if (!Array.isArray(value)) return expected("an array", value);
  const issues: { message: string; path: readonly PropertyKey[] }[] = [];
  const item = type.itemType;
  value.forEach((each: unknown, index) => {
    if (each === null) return;
    const checked =
      Array.isArray(each) && (type.dimensions ?? depth + 1) > depth
        ? checkArray(type, each, purpose, depth + 1)
        : checkValue(item, each, purpose);
    const { issues: found = [] } = checked as { issues?: readonly { message: string; path?: readonly unknown[] }[] };
    for (const { message, path = [] } of found) issues.push({ message, path: [index, ...(path as PropertyKey[])] });
  });
  return issues.length > 0 ? { issues } : accepted(value);
}
