import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalDecimal, decimalText, plainDecimal } from "./decimal-text.ts";

describe("decimal text", () => {
  it("compares by value", () => {
    expect(canonicalDecimal("1.50")).toBe(canonicalDecimal("+15e-1"));
    expect(canonicalDecimal("0.00")).toBe(canonicalDecimal("-0"));
    expect(canonicalDecimal("1000")).toBe(canonicalDecimal("1e3"));
    expect(canonicalDecimal("1.5")).not.toBe(canonicalDecimal("1.51"));
    expect(canonicalDecimal("x")).toBeNull();
  });

  it("leaves exact text as it is and gives numbers their scale", () => {
    expect(decimalText("12.500", 2)).toBe("12.500");
    expect(decimalText(12.5, 2)).toBe("12.50");
    expect(decimalText(12.5, undefined)).toBe("12.5");
    expect(decimalText(1e-7, undefined)).toBe("0.0000001");
    expect(decimalText(1e21, undefined)).toBe("1000000000000000000000");
  });

  it("keeps the value when the exponent goes", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const plain = plainDecimal(String(number));
        expect(plain).toMatch(/^-?\d+(\.\d+)?$/);
        expect(Number(plain)).toBe(number === 0 ? 0 : number);
      }),
    );
  });
});
