import { describe, expect, it } from "vitest";
import { BitString } from "./bit.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

describe("bit strings", () => {
  it.each([
    [bytes(), undefined, ""],
    [bytes(), 4, "0000"],
    [bytes(0), 1, "0"],
    [bytes(1), 1, "1"],
    [bytes(1), 4, "0001"],
    [bytes(1), 10, "0000000001"],
    [bytes(1), undefined, "00000001"],
    [bytes(0xff), 10, "0011111111"],
    [bytes(0xaf, 4), 16, "1010111100000100"],
    [bytes(0xaf, 4), 20, "00001010111100000100"],
  ])("are made of bytes %s in %s bits, and bytes of them", (given, length, bits) => {
    expect(BitString.fromBytes(given, length)).toBe(bits);
    expect(BitString.toBytes(bits, given.length)).toEqual(given);
  });

  it("fit into what they are put into", () => {
    expect(() => BitString.fromBytes(bytes(0xaf, 4), 8)).toThrow(/2 bytes do not fit into 8 bits/);
    expect(() => BitString.toBytes("100000000", 1)).toThrow(/does not fit into 1 bytes/);
    expect(BitString.toBytes("1")).toEqual(bytes(1));
    expect(BitString.fromInt(1404, 12)).toBe("010101111100");
    expect(() => BitString.fromInt(1404, 8)).toThrow(/does not fit/);
    expect(BitString.toInt("010101111100")).toBe(1404n);
  });

  it("have single bits", () => {
    expect(BitString.getBit("1010", 2)).toBe("1");
    expect(BitString.setBit("0101", 3, "0")).toBe("0100");
    expect(() => BitString.getBit("0", 1)).toThrow(/has no bit 1/);
    expect(() => BitString.setBit("1111", 5, "1")).toThrow(/has no bit 5/);
    expect(() => BitString.setBit("1111", 0, "2" as never)).toThrow(/not a string of bits/);
  });

  it("are combined and moved as in SQL", () => {
    expect(BitString.not("0101")).toBe("1010");
    expect(BitString.and("010", "011")).toBe("010");
    expect(BitString.or("010", "011")).toBe("011");
    expect(BitString.xor("010", "011")).toBe("001");
    expect(() => BitString.and("01", "011")).toThrow(/different lengths/);
    expect(BitString.shiftLeft("001100", 2)).toBe("110000");
    expect(BitString.shiftRight("001100", 2)).toBe("000011");
    expect(BitString.shiftRight("0011", 9)).toBe("0000");
    expect(BitString.shiftLeft("0011", -1)).toBe("0001");
  });
});
