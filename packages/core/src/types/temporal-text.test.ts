import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  dropZeroFraction,
  formatDateTime,
  isDateText,
  isDateTimeText,
  isTimeText,
  microsecondsBeyond,
  padTime,
  parseDateTime,
  trimFraction,
} from "./temporal-text.ts";

const utc = (iso: string): number => new Date(iso).getTime();

describe("parseDateTime", () => {
  it.each([
    ["2024-02-29 08:09:10.123456", "2024-02-29T08:09:10.123Z"],
    ["2024-02-29T08:09:10", "2024-02-29T08:09:10Z"],
    ["2024-02-29 08:09", "2024-02-29T08:09:00Z"],
    ["2024-02-29", "2024-02-29T00:00:00Z"],
    ["2024-02-29 08:09:10.5", "2024-02-29T08:09:10.500Z"],
    ["2024-02-29 08:09:10,05", "2024-02-29T08:09:10.050Z"],
    ["2024-02-29T08:09:10Z", "2024-02-29T08:09:10Z"],
    ["2024-02-29 08:09:10+02", "2024-02-29T06:09:10Z"],
    ["2024-02-29 08:09:10.25-03:30", "2024-02-29T11:39:10.250Z"],
    ["2024-02-29 08:09:10+0130", "2024-02-29T06:39:10Z"],
    ["2024-02-29 08:09:10 +00:00", "2024-02-29T08:09:10Z"],
    ["1883-11-18 12:00:00-04:56:02", "1883-11-18T16:56:02Z"],
    ["1815-06-18 11:35:00", "1815-06-18T11:35:00Z"],
    ["0001-01-01 00:00:00", "0001-01-01T00:00:00Z"],
    ["0044-03-15 BC", "-000043-03-15T00:00:00Z"],
    ["0044-03-15 12:00:00 BC", "-000043-03-15T12:00:00Z"],
    ["12024-01-02 03:04:05", "+012024-01-02T03:04:05Z"],
    ["+012024-01-02T03:04:05", "+012024-01-02T03:04:05Z"],
  ])("reads %s", (text, iso) => {
    expect(parseDateTime(text)).toBe(utc(iso));
  });

  it.each([
    "",
    "x",
    "2024",
    "2024-13-01",
    "2024-00-01",
    "2024-02-30",
    "2023-02-29",
    "1900-02-29",
    "2024-01-01x",
    "2024-01-01 24:00:00",
    "2024-01-01 10",
    "2024-01-01 10:60",
    "2024-01-01 10:00:60",
    "2024-01-01 10:00:00.",
    "2024-01-01 10:00:00+",
    "2024-01-01 10:00:00+1",
    "2024-01-01 10:00:00+01:0",
    "2024-01-01 10:00:00+01:60",
    "2024-01-01 10:00:00 UTC",
    "2024-01-01 10:00:00Zx",
    "2024-01-01'; DROP TABLE x; --",
    "infinity",
  ])("rejects %j", (text) => {
    expect(parseDateTime(text)).toBeNaN();
  });

  it("agrees with Date on every moment from year 1 to 9999", () => {
    const moments = fc.date({
      min: new Date("0001-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59.999Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moments, (date) => {
        expect(parseDateTime(date.toISOString())).toBe(date.getTime());
      }),
    );
  });
});

describe("formatDateTime", () => {
  it("is undone by parseDateTime, microseconds included", () => {
    const milliseconds = fc.integer({ min: -62_135_596_800_000, max: 8.64e15 });
    fc.assert(
      fc.property(milliseconds, fc.integer({ min: 0, max: 999 }), (moment, beyond) => {
        const text = formatDateTime(moment, beyond) as string;
        expect(parseDateTime(text)).toBe(moment);
        expect(microsecondsBeyond(text)).toBe(beyond);
      }),
    );
  });

  it("spells what Date spells", () => {
    const moments = fc.date({
      min: new Date("0001-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59.999Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moments, (date) => {
        expect(formatDateTime(date.getTime())).toBe(`${date.toISOString().slice(0, 23).replace("T", " ")}000`);
      }),
    );
  });

  it("refuses what databases cannot store so", () => {
    expect(formatDateTime(Number.NaN)).toBeNull();
    expect(formatDateTime(utc("0000-12-31T23:59:59.999Z"))).toBeNull();
    expect(formatDateTime(utc("0001-01-01T00:00:00Z"))).toBe("0001-01-01 00:00:00.000000");
  });
});

describe("kinds of text", () => {
  it("tells dates, times and both apart", () => {
    expect(["2024-02-29", "2024-02-30", "2024-02-29 10:00", "0000-01-01", "10:00"].map(isDateText)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(["2024-02-29 10:00", "2024-02-29T10:00:00Z", "2024-02-29", "10:00:00"].map(isDateTimeText)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(["10:00", "23:59:59.5", "08:00:00+02:00", "24:00", "8:00", "10:00' OR 1"].map(isTimeText)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it("pads and trims fractions", () => {
    expect(padTime("08:09", 6)).toBe("08:09:00.000000");
    expect(padTime("08:09:10.5+02", 6)).toBe("08:09:10.500000+02");
    expect(trimFraction("08:09:10.500000")).toBe("08:09:10.5");
    expect(trimFraction("08:09:10.000000+02")).toBe("08:09:10+02");
    expect(trimFraction("08:09:10")).toBe("08:09:10");
    expect(dropZeroFraction("08:09:10.000000")).toBe("08:09:10");
    expect(dropZeroFraction("08:09:10.500000")).toBe("08:09:10.500000");
  });
});
