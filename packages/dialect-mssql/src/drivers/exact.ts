/**
 * DECIMAL and MONEY as the exact text that they are. tedious's value parser makes doubles of them, and has no option; so its
 * reader is wrapped, once per copy of tedious, and reads the bytes a second time for columns that the adapter has marked.
 * Connections of anybody else are not affected. Where that reader cannot be found (a bundled tedious), a value of more digits
 * than a double holds is an error rather than a wrong number.
 */
import { createRequire } from "node:module";
import { ArgumentError } from "@athanor/core";
import { decimalText } from "./decimal.ts";
import type { NativeColumn, NativeModule } from "./native.ts";

const marked: unique symbol = Symbol.for("athanor.exactDecimals") as never;

interface ReadResult {
  readonly value: unknown;
  readonly offset: number;
}

type ReadValue = (buffer: Buffer, offset: number, column: NativeColumn, options: unknown) => ReadResult;

interface ValueParser {
  readValue: ReadValue & { [marked]?: boolean };
}

/** Types by their TDS numbers, inside of SQL_VARIANT. */
const VARIANT_MONEY = 0x3c;
const VARIANT_SMALLMONEY = 0x7a;
const VARIANT_DECIMALS: ReadonlySet<number> = new Set([0x37, 0x3f, 0x6a, 0x6c]);

const patched = new WeakMap<NativeModule, boolean>();

/** Makes exact reading possible for a copy of tedious; false where its parser cannot be found. */
export function patchValueParser(module: NativeModule): boolean {
  let known = patched.get(module);
  if (known === undefined) {
    const parser = findParser(module);
    known = parser !== null;
    if (parser !== null && parser.readValue[marked] !== true) wrap(parser);
    patched.set(module, known);
  }
  return known;
}

/** The parser that belongs to these very exports, found among the modules that Node has loaded. */
function findParser(module: NativeModule): ValueParser | null {
  const load = createRequire(import.meta.url);
  for (const [path, loaded] of Object.entries(load.cache)) {
    if (loaded?.exports !== module || !/[\\/]tedious\.js$/.test(path)) continue;
    try {
      const parser = load(path.replace(/tedious\.js$/, "value-parser.js")) as ValueParser;
      return typeof parser.readValue === "function" ? parser : null;
    } catch {
      return null;
    }
  }
  return null;
}

function wrap(parser: ValueParser): void {
  const original = parser.readValue;
  const reader: ValueParser["readValue"] = (buffer, offset, column, options) => {
    const result = original(buffer, offset, column, options);
    if (result.value === null || !(marked in column)) return result;
    return { value: exactValue(buffer, offset, column, result), offset: result.offset };
  };
  reader[marked] = true;
  parser.readValue = reader;
}

/** Columns whose values are read from their bytes. */
export function markExact(columns: readonly NativeColumn[]): void {
  for (const column of columns) if (isExact(column.type.name)) Object.defineProperty(column, marked, { value: true });
}

function isExact(name: string): boolean {
  return /^(?:Decimal|Numeric|Money|SmallMoney)N?$/.test(name) || name === "Variant";
}

/** The value that starts at `offset`; `read` is what tedious made of it. */
function exactValue(buffer: Buffer, offset: number, column: NativeColumn, read: ReadResult): unknown {
  switch (column.type.name) {
    case "Money":
      return moneyText(buffer.subarray(offset, read.offset));
    case "SmallMoney":
      return moneyText(buffer.subarray(offset, read.offset));
    case "MoneyN":
      return moneyText(buffer.subarray(offset + 1, read.offset));
    case "Variant":
      return variantValue(buffer.subarray(offset, read.offset), read.value);
    default:
      return signedText(buffer.subarray(offset + 1, read.offset), column.scale ?? 0);
  }
}

/** A sign byte and a magnitude. */
function signedText(bytes: Uint8Array, scale: number): string {
  return decimalText(bytes.subarray(1), bytes[0] !== 1, scale);
}

/** Ten-thousandths in four bytes, or in eight with the high half first. */
function moneyText(bytes: Buffer): string {
  const units =
    bytes.length === 4
      ? BigInt(bytes.readInt32LE(0))
      : (BigInt(bytes.readInt32LE(0)) << 32n) + BigInt(bytes.readUInt32LE(4));
  const digits = (units < 0n ? -units : units).toString().padStart(5, "0");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -4)}.${digits.slice(-4)}`;
}

/** Length, type, length of the type's properties, properties, value. */
function variantValue(bytes: Buffer, read: unknown): unknown {
  const type = bytes[4] as number;
  const start = 6 + (bytes[5] as number);
  if (type === VARIANT_MONEY || type === VARIANT_SMALLMONEY) return moneyText(bytes.subarray(start));
  return VARIANT_DECIMALS.has(type) ? signedText(bytes.subarray(start), bytes[7] as number) : read;
}

/** Text of a double that a decimal was made to; for copies of tedious that could not be patched. */
export function textOfDouble(value: number, scale: number, column: string): string {
  if (Math.abs(value) * 10 ** scale < 1e15) return value.toFixed(scale);
  throw new ArgumentError(`tedious cannot read the decimal in column ${JSON.stringify(column)} without loss`, {
    fix: "do not bundle tedious, or cast the column to VARCHAR",
  });
}
