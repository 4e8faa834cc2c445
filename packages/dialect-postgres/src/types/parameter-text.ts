/** From JavaScript to PostgreSQL's text, for values that no type has converted: driver-level SQL, text() parameters, array items. */
import { ArgumentError, describe, isPlain } from "@athanor/core";
import { formatArray } from "../array-text.ts";
import { Range } from "./range.ts";

/** A parameter as it is sent. */
export type SentValue = string | Buffer | null;

const toBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** What is sent for a value: text, bytes, or null. Dates go as UTC. */
export function parameterValue(value: unknown): SentValue {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    case "undefined":
      throw new ArgumentError("a parameter is undefined", { code: "undefined_value", fix: "pass null for SQL NULL" });
    case "object":
      if (value === null) return null;
      return value instanceof Uint8Array ? toBuffer(value) : objectText(value);
    default:
      throw new ArgumentError(`${describe(value)} cannot be sent to PostgreSQL`);
  }
}

function objectText(value: object): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return formatArray(value, itemText);
  if (value instanceof Range) return String(value);
  if (isPlain(value)) return JSON.stringify(value);
  return String(value);
}

/** An item of an array: like a parameter, but bytes are text too. */
export function itemText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return `\\x${toBuffer(value).toString("hex")}`;
  return parameterValue(value) as string;
}
