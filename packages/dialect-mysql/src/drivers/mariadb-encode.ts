/** Parameters for the package `mariadb`, which tells the type of a value by its JavaScript type. */
import { DecimalParameter, DoubleParameter } from "../types/parameter.ts";
import type { SentStatement } from "./connection.ts";
import { encodeObject } from "./encode-object.ts";
import { ParameterType } from "./parameter-types.ts";
import { wrapParameters } from "./placeholders.ts";

const MAX_INT = 0x7fffffff;
const MIN_SIGNED = -(2n ** 63n);
const MAX_SIGNED = 2n ** 63n - 1n;

/** An expression around a parameter that gives it the type which the package cannot send. */
type Around = readonly [string, string] | null;

/** One value, with what has to be written around its parameter. */
function encode(value: unknown): readonly [unknown, Around] {
  switch (typeof value) {
    case "string":
    case "boolean":
      return [value, null];
    case "number":
      // Beyond 32 bits the package would send a DOUBLE, which loses digits in comparisons with BIGINT.
      if (!Number.isSafeInteger(value)) return [value, null];
      return [value >= -MAX_INT && value < MAX_INT ? value : BigInt(value), null];
    case "bigint":
      return value < MIN_SIGNED ? decimal(value.toString()) : [value, null];
    case "undefined":
      return [null, null];
    default:
      if (value === null) return [null, null];
      if (value instanceof DecimalParameter) return decimal(value.value);
      if (value instanceof DoubleParameter) return double(value.value);
      return [encodeObject(value as object), null];
  }
}

/** An exact number: as text it would be compared as DOUBLE. */
function decimal(text: string): readonly [unknown, Around] {
  const number = /^[+-]?(\d*)\.?(\d*)(?:[eE][+-]?\d+)?$/.exec(text);
  if (number === null) return [text, null];
  // 30 decimals are what both servers have.
  const scale = /[eE]/.test(text) ? 30 : Math.min((number[2] as string).length, 30);
  return [text, ["CAST(", ` AS DECIMAL(65,${scale}))`]];
}

/** A whole number of a floating point type: as such the package would send an integer. */
function double(value: number): readonly [unknown, Around] {
  return Number.isInteger(value) && Math.abs(value) <= MAX_INT ? [value, ["(", " + 0e0)"]] : [value, null];
}

/**
 * The statement as the package is to send it.
 *
 * @param isAssigned every value goes into a column as it is, so that none needs an expression around it.
 */
export function encodeStatement(sql: string, given: readonly unknown[], isAssigned: boolean): SentStatement {
  const values: unknown[] = new Array(given.length);
  let around: Around[] | null = null;
  for (let index = 0; index < given.length; index++) {
    const [value, wrap] = encode(given[index]);
    values[index] = value;
    if (wrap === null || isAssigned) continue;
    around ??= new Array<Around>(given.length).fill(null);
    around[index] = wrap;
  }
  return { sql: around === null ? sql : wrapParameters(sql, around), values };
}

/** What the server takes an encoded value for. */
export function typeOf(value: unknown): ParameterType {
  switch (typeof value) {
    case "string":
      return ParameterType.text;
    case "boolean":
      return ParameterType.integer;
    case "number":
      return Number.isInteger(value) && value >= -MAX_INT && value < MAX_INT
        ? ParameterType.integer
        : ParameterType.double;
    case "bigint":
      return value > MAX_SIGNED ? ParameterType.decimal : ParameterType.integer;
    default:
      return value === null ? ParameterType.unknown : ParameterType.binary;
  }
}
