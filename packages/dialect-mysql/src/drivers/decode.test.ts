import { describe, expect, it } from "vitest";
import { microsecondsOf } from "../types/precise-date.ts";
import { decoderOf, describeColumns, type ResultField, rowDecoder } from "./decode.ts";

const field = (columnType: number, more: Partial<ResultField> = {}): ResultField => ({
  name: "c",
  columnType,
  columnLength: 20,
  characterSet: 63,
  flags: 0,
  orgTable: "t",
  ...more,
});
const decoded = (of: ResultField, value: unknown) => {
  const decode = decoderOf(of) as ((value: unknown) => unknown) | null;
  return decode === null ? value : decode(value);
};

describe("decoderOf", () => {
  it("gives BIGINT as bigint, and narrow expressions as numbers", () => {
    expect(decoded(field(8), "9223372036854775807")).toBe(9223372036854775807n);
    expect(decoded(field(8, { columnLength: 5 }), "7")).toBe(7n);
    expect(decoded(field(8, { orgTable: "", columnLength: 2 }), "1")).toBe(1);
    expect(decoded(field(8, { orgTable: "", columnLength: 21 }), "3")).toBe(3n);
  });

  it("gives moments as Date in UTC, with the microseconds beside", () => {
    const date = decoded(field(12), "2024-02-29 08:09:10.123456") as Date;
    expect(date).toEqual(new Date("2024-02-29T08:09:10.123Z"));
    expect(microsecondsOf(date)).toBe(456);
    expect(decoded(field(7), "1850-02-03 00:00:00")).toEqual(new Date("1850-02-03T00:00:00Z"));
    expect(decoded(field(12), "0000-00-00 00:00:00")).toBeNull();
  });

  it("gives FLOAT by its own digits", () => {
    expect(decoded(field(4), 0.10000000149011612)).toBe(0.1);
    expect(decoded(field(4), 16777216)).toBe(16777216);
    expect(decoded(field(4), Math.fround(1 / 3))).toBe(0.33333334);
    expect(decoded(field(4), -0)).toBe(-0);
  });

  it("gives bytes as a Uint8Array of their own", () => {
    const buffer = Buffer.from([1, 2, 3]);
    const bytes = decoded(field(252), buffer) as Uint8Array;
    expect(bytes.constructor).toBe(Uint8Array);
    expect([...bytes]).toEqual([1, 2, 3]);
    expect(bytes.buffer).not.toBe(buffer.buffer);
    expect(decoderOf(field(252, { characterSet: 224 }))).toBeNull();
  });

  it("gives BIT as a number, from 49 bits on as a bigint", () => {
    expect(decoded(field(16), Buffer.from([1, 5]))).toBe(261);
    expect(decoded(field(16), Buffer.from([255, 255, 255, 255, 255, 255, 255, 255]))).toBe(2n ** 64n - 1n);
    expect(decoded(field(16), Buffer.from([0, 0, 0, 0, 0, 0, 1]))).toBe(1n);
  });

  it("parses JSON of both servers, and says so", () => {
    expect(decoded(field(245), '{"a": [1, null]}')).toEqual({ a: [1, null] });
    expect(decoded(field(252, { extendedFormat: "json", characterSet: 224 }), '"x"')).toBe("x");
    expect(
      describeColumns([field(245), field(252, { extendedFormat: "json" }), field(3)]).map((column) => column.typeCode),
    ).toEqual(["json", "json", 3]);
  });

  it("gives TIME without zeros at the end", () => {
    expect(decoded(field(11), "-100:00:00.500000")).toBe("-100:00:00.5");
  });
});

describe("rowDecoder", () => {
  it("leaves NULL and other columns alone", () => {
    const decode = rowDecoder([field(3), field(8)]);
    const rows: unknown[][] = [
      [1, "2"],
      [1, null],
    ];
    decode?.(rows);
    expect(rows).toEqual([
      [1, 2n],
      [1, null],
    ]);
    expect(rowDecoder([field(3)])).toBeNull();
  });
});
