import { describe, expect, it } from "vitest";
import { DecimalParameter } from "../types/parameter.ts";
import { preciseDate } from "../types/precise-date.ts";
import { encode } from "./encode.ts";

const typed = {
  LONG: (value: number) => ["LONG", value],
  LONGLONG: Object.assign((value: number | bigint) => ["LONGLONG", value], {
    unsigned: (value: bigint) => ["UNSIGNED", value],
  }),
  NEWDECIMAL: (value: string) => ["DECIMAL", value],
};

describe("encode", () => {
  it.each([
    [5, ["LONG", 5]],
    [2 ** 40, ["LONGLONG", 2 ** 40]],
    [1.5, 1.5],
    [2 ** 60, 2 ** 60],
    [5n, ["LONGLONG", 5n]],
    [2n ** 63n, ["UNSIGNED", 2n ** 63n]],
    [2n ** 64n, ["DECIMAL", "18446744073709551616"]],
    [-(2n ** 64n), ["DECIMAL", "-18446744073709551616"]],
    [new DecimalParameter("1.10"), ["DECIMAL", "1.10"]],
    ["text", "text"],
    [true, true],
    [null, null],
    [undefined, null],
    [new Date("2024-01-02T03:04:05.006Z"), "2024-01-02 03:04:05.006000"],
    [preciseDate(0, 7), "1970-01-01 00:00:00.000007"],
    [{ a: 1 }, '{"a":1}'],
    [[1, 2], "[1,2]"],
  ])("%o", (value, expected) => {
    expect(encode(value, typed)).toEqual(expected);
  });

  it("sends bytes as a Buffer over the same memory", () => {
    const bytes = new Uint8Array([0, 1, 2]).subarray(1);
    const buffer = encode(bytes, typed) as Buffer;
    expect(Buffer.isBuffer(buffer)).toBe(true);
    expect([...buffer]).toEqual([1, 2]);
    expect(buffer.buffer).toBe(bytes.buffer);
  });
});
