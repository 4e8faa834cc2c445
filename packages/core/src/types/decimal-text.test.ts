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
    expect(decimalText(1.005, 2)).toBe("1.00");
    expect(decimalText(12.345, 1)).toBe("12.3");
    expect(decimalText(3, 2)).toBe("3.00");
    expect(decimalText(9007199254740993n, 2)).toBe("9007199254740993.00");
    expect(decimalText(5n, 0)).toBe("5");
    expect(decimalText(Number.NaN, 2)).toBe("NaN");
  });

  it("adds no digits of the binary fraction", () => {
    expect(decimalText(0.1, 20)).toBe("0.10000000000000000000");
    expect(decimalText(1e-7, 10)).toBe("0.0000001000");
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
