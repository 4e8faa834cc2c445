/** Objects as parameters: bytes, moments in UTC, JSON. The same for every package. */
import { formatDateTime } from "@athanor/core";
import { microsecondsOf } from "../types/precise-date.ts";

/** Bytes, or text. */
export function encodeObject(value: object): unknown {
  if (value instanceof Uint8Array)
    return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof Date) return formatDateTime(value.getTime(), microsecondsOf(value)) ?? value;
  const prototype = Object.getPrototypeOf(value) as unknown;
  if (Array.isArray(value) || prototype === Object.prototype || prototype === null) return JSON.stringify(value);
  return String(value);
}
