import { describe, expect, it } from "vitest";
import { decimalDigits, decimalText, exactDecimal } from "./decimal.ts";
import { patchValueParser, textOfDouble } from "./exact.ts";
import type { NativeType } from "./native.ts";

/** The bytes that a value is written as. */
function written(value: string | null, precision: number, scale: number): number[] {
  const bytes: number[] = [];
  const buffer = {
    writeUInt8: (byte: number) => bytes.push(byte),
    writeUInt32LE: (word: number) => bytes.push(word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24),
    writeBigUInt64LE: () => {},
  };
  const base = { name: "Decimal", declaration: () => "", validate: Number, writeValue: () => {} } satisfies NativeType;
  exactDecimal(base).writeValue(buffer, { value, precision, scale });
  return bytes;
}

describe("decimals without loss", () => {
  it.each([
    ["1.50", { digits: "150", scale: 2, isNegative: false }],
    ["-0.05", { digits: "5", scale: 2, isNegative: true }],
    ["1.5e3", { digits: "1500", scale: 0, isNegative: false }],
    ["+7", { digits: "7", scale: 0, isNegative: false }],
    ["NaN", null],
    ["ten", null],
  ])("%s is taken apart", (text, expected) => {
    expect(decimalDigits(text)).toEqual(expected);
  });

  it("reads and writes the bytes of the protocol", () => {
    expect(decimalText(Uint8Array.of(0x96, 0, 0, 0), false, 2)).toBe("1.50");
    expect(decimalText(Uint8Array.of(5, 0, 0, 0), true, 2)).toBe("-0.05");
    expect(decimalText(Uint8Array.of(0, 0, 0, 0), true, 0)).toBe("0");
    expect(decimalText(new Uint8Array(16).fill(255), false, 0)).toBe("340282366920938463463374607431768211455");
    expect(written("1.5", 9, 2)).toEqual([5, 1, 150, 0, 0, 0]);
    expect(written("-1", 10, 0)).toEqual([9, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    expect(written(null, 9, 2)).toEqual([0]);
  });

  it("rounds digits that the column does not have", () => {
    expect(written("1.005", 9, 2)).toEqual([5, 1, 101, 0, 0, 0]);
    expect(written("1.004", 9, 2)).toEqual([5, 1, 100, 0, 0, 0]);
  });
});

describe("a tedious that cannot be wrapped", () => {
  it("is told from one that can", () => {
    expect(patchValueParser({} as never)).toBe(false);
  });

  it("gives what a double holds, and an error for what it does not", () => {
    expect(textOfDouble(1.5, 2, "price")).toBe("1.50");
    expect(textOfDouble(-0.05, 4, "price")).toBe("-0.0500");
    expect(() => textOfDouble(12_345_678_901_234_568, 2, "price")).toThrow(/"price" without loss.*VARCHAR/);
  });
});
