/** Parameters for the binary protocol: each value says what it is, so that the server does not guess. */
import { DecimalParameter, DoubleParameter } from "../types/parameter.ts";
import { encodeObject as encodePlain } from "./encode-object.ts";
import type { NativeModule } from "./native.ts";

/** mysql2's typed parameters. */
export type Typed = NativeModule["TypedParameter"];

const MAX_INT = 0x7fffffff;
const MAX_SIGNED = 2n ** 63n - 1n;
const MIN_SIGNED = -(2n ** 63n);
const MAX_UNSIGNED = 2n ** 64n - 1n;

/** One value as mysql2 is to send it. */
export function encode(value: unknown, typed: Typed): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      // DOUBLE, mysql2's own choice, is refused in LIMIT and loses digits in comparisons with BIGINT.
      if (!Number.isSafeInteger(value)) return value;
      return value >= -MAX_INT && value <= MAX_INT ? typed.LONG(value) : typed.LONGLONG(value);
    case "bigint":
      return encodeBigInt(value, typed);
    case "undefined":
      return null;
    default:
      return value === null ? null : encodeObject(value as object, typed);
  }
}

function encodeBigInt(value: bigint, typed: Typed): unknown {
  if (value >= MIN_SIGNED && value <= MAX_SIGNED) return typed.LONGLONG(value);
  return value > 0n && value <= MAX_UNSIGNED ? typed.LONGLONG.unsigned(value) : typed.NEWDECIMAL(value.toString());
}

function encodeObject(value: object, typed: Typed): unknown {
  if (value instanceof DecimalParameter) return typed.NEWDECIMAL(value.value);
  // mysql2's own choice for numbers.
  if (value instanceof DoubleParameter) return value.value;
  return encodePlain(value);
}

/** All values of one statement. */
export function encodeAll(values: readonly unknown[], typed: Typed): unknown[] {
  return values.map((value) => encode(value, typed));
}
