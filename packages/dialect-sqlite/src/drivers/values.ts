/**
 * Values between JavaScript and SQLite's storage classes. Both libraries bind every number as REAL and read INTEGER as
 * number or as bigint at choice; here whole numbers are bound as INTEGER, and no digit of a large one is lost.
 */
import type { DriverParameters, DriverRow } from "@athanor/driver";
import type { NativeParameters } from "./native.ts";

const { MAX_SAFE_INTEGER, MIN_SAFE_INTEGER } = Number;

/**
 * Values as SQLite stores them. The array is copied only where one has to be changed. Numbers of the `plain` parameters
 * may go as REAL, see ./numeric-markers.ts.
 */
export function toStorage(parameters: DriverParameters, plain: readonly boolean[] | null = null): NativeParameters {
  if (!Array.isArray(parameters)) {
    return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, storageOf(value)]));
  }
  const given: readonly unknown[] = parameters;
  let values: unknown[] | null = null;
  for (let index = 0; index < given.length; index++) {
    const value = given[index];
    if (
      typeof value === "string" ||
      value === null ||
      (typeof value === "number" && plain !== null && plain[index] === true)
    )
      continue;
    const stored = storageOf(value);
    if (stored === value) continue;
    values ??= given.slice();
    values[index] = stored;
  }
  return values ?? given;
}

/** One value as SQLite stores it. A whole number is an INTEGER, so that `5 / ?` and `json_array(?)` see one. */
export function storageOf(value: unknown): unknown {
  switch (typeof value) {
    case "number":
      return Number.isSafeInteger(value) ? BigInt(value) : value;
    case "boolean":
      return value ? 1n : 0n;
    case "object":
      if (value === null || ArrayBuffer.isView(value)) return value;
      if (value instanceof Date) return dateTimeText(value);
      return refuse(value);
    case "string":
    case "bigint":
      return value;
    default:
      return refuse(value);
  }
}

/** A value that SQL hands to a function of the program: whole numbers beyond 2^53 stay bigint. */
export function fromStorage(value: unknown): unknown {
  if (typeof value === "bigint") return value <= MAX_SAFE_INTEGER && value >= MIN_SAFE_INTEGER ? Number(value) : value;
  return typeof value === "object" && value !== null ? plainBytes(value) : value;
}

/** Not left to the libraries, which take objects and arrays for lists of values. */
function refuse(value: unknown): never {
  throw new TypeError(
    `a value of type ${value?.constructor.name ?? typeof value} cannot be bound; SQLite takes numbers, strings, bigints, booleans, Dates, Uint8Arrays and null`,
  );
}

function dateTimeText(value: Date): string {
  if (Number.isNaN(value.getTime())) throw new TypeError("an invalid Date cannot be bound");
  return `${value.toISOString().slice(0, -1).replace("T", " ")}000`;
}

/**
 * Brings rows that were read with numbers into the common form (bytes as plain Uint8Array).
 *
 * @returns false when a number is so large that digits of an INTEGER may have been lost.
 */
export function settleNumbers(rows: readonly DriverRow[]): boolean {
  for (const row of rows as readonly unknown[][]) {
    for (let index = 0; index < row.length; index++) {
      const value = row[index];
      if (typeof value === "number") {
        if (value > MAX_SAFE_INTEGER || value < MIN_SAFE_INTEGER) return false;
      } else if (typeof value === "object" && value !== null) row[index] = plainBytes(value);
    }
  }
  return true;
}

/** Brings a row that was read exactly into the common form: bigints stay where they are wanted or needed. */
export function settleExact(row: DriverRow, wanted: readonly boolean[] | null): DriverRow {
  const values = row as unknown[];
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (typeof value === "bigint") {
      if (wanted?.[index] !== true && value <= MAX_SAFE_INTEGER && value >= MIN_SAFE_INTEGER)
        values[index] = Number(value);
    } else if (typeof value === "object" && value !== null) values[index] = plainBytes(value);
  }
  return row;
}

function plainBytes(value: object): object {
  if (!(value instanceof Uint8Array) || value.constructor === Uint8Array) return value;
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}
