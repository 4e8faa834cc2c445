/** Decimals without loss: tedious reads and writes them as doubles. Bytes and text only; ./exact.ts reads, ./encode.ts writes. */
import { isDecimalText, plainDecimal } from "@athanor/core";
import type { NativeBuffer, NativeParameter, NativeType } from "./native.ts";

/** Most digits that a DECIMAL has. */
export const MAX_PRECISION = 38;

/** A decimal as digits and the number of those after the point. */
export interface DecimalDigits {
  /** Without a sign, without zeros in front. */
  readonly digits: string;
  readonly scale: number;
  readonly isNegative: boolean;
}

/** Takes decimal text apart; null where it is none, or an infinity. */
export function decimalDigits(text: string): DecimalDigits | null {
  if (!isDecimalText(text)) return null;
  const plain = /e/i.test(text) ? plainDecimal(text) : text;
  const isNegative = plain.startsWith("-");
  const [whole = "", fraction = ""] = plain.replace(/^[+-]/, "").split(".");
  return { digits: (whole + fraction).replace(/^0+/, ""), scale: fraction.length, isNegative };
}

/** The digits that an unsigned little-endian number of the wire stands for. */
export function decimalText(bytes: Uint8Array, isNegative: boolean, scale: number): string {
  let magnitude = 0n;
  for (let index = bytes.length - 1; index >= 0; index--)
    magnitude = (magnitude << 8n) | BigInt(bytes[index] as number);
  const digits = magnitude.toString().padStart(scale + 1, "0");
  const point = digits.length - scale;
  const text = scale === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return isNegative && magnitude !== 0n ? `-${text}` : text;
}

/** A magnitude in units of a scale; digits beyond it are rounded. */
function units({ digits, scale }: DecimalDigits, wanted: number): bigint {
  const magnitude = BigInt(digits || "0");
  if (scale <= wanted) return magnitude * 10n ** BigInt(wanted - scale);
  const divisor = 10n ** BigInt(scale - wanted);
  return (magnitude + divisor / 2n) / divisor;
}

/** Bytes of a decimal's magnitude, by its precision. */
function width(precision: number): number {
  return precision <= 9 ? 4 : precision <= 19 ? 8 : precision <= 28 ? 12 : 16;
}

/** tedious's DECIMAL, whose values are text that is never made a number. */
export function exactDecimal(base: NativeType): NativeType {
  return Object.assign(Object.create(base) as NativeType, {
    validate: (value: unknown): unknown => value ?? null,
    writeValue(buffer: NativeBuffer, { value, precision = MAX_PRECISION, scale = 0 }: NativeParameter): void {
      const given = value === null || value === undefined ? null : decimalDigits(String(value));
      if (given === null) {
        buffer.writeUInt8(0);
        return;
      }
      const bytes = width(precision);
      let magnitude = units(given, scale);
      buffer.writeUInt8(bytes + 1);
      buffer.writeUInt8(given.isNegative ? 0 : 1);
      for (let written = 0; written < bytes; written += 4) {
        buffer.writeUInt32LE(Number(magnitude & 0xffff_ffffn));
        magnitude >>= 32n;
      }
    },
  });
}
