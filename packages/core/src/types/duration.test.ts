import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { durationMicroseconds, formatDuration, formatMicroseconds, isDurationText, parseDuration } from "./duration.ts";

describe("durations", () => {
  it.each([
    ["PT5M", { months: 0, days: 0, microseconds: 300_000_000 }],
    ["PT300S", { months: 0, days: 0, microseconds: 300_000_000 }],
    ["P1DT2H3M4.5S", { months: 0, days: 1, microseconds: 7_384_500_000 }],
    ["-P1D", { months: 0, days: -1, microseconds: 0 }],
    ["P2W", { months: 0, days: 14, microseconds: 0 }],
    ["P1Y2M", { months: 14, days: 0, microseconds: 0 }],
    ["P1Y-2M3DT-4H", { months: 10, days: 3, microseconds: -14_400_000_000 }],
    ["P0.5D", { months: 0, days: 0, microseconds: 43_200_000_000 }],
    ["PT0.000001S", { months: 0, days: 0, microseconds: 1 }],
  ])("reads %s", (text, expected) => {
    expect(parseDuration(text)).toEqual(expected);
  });

  it.each(["", "P", "PT", "P1", "1D", "P1DT", "PT1D", "P1H", "P1D'"])("rejects %j", (text) => {
    expect(parseDuration(text)).toBeNull();
    expect(isDurationText(text)).toBe(false);
  });

  it("has one spelling for a length", () => {
    expect(formatMicroseconds(0)).toBe("PT0S");
    expect(formatMicroseconds(300_000_000)).toBe("PT5M");
    expect(formatMicroseconds(90_061_000_001)).toBe("P1DT1H1M1.000001S");
    expect(formatMicroseconds(-1)).toBe("-PT0.000001S");
    expect(formatDuration({ months: 14, days: 0, microseconds: 0 })).toBe("P1Y2M");
    expect(formatDuration({ months: 1, days: -1, microseconds: 0 })).toBe("P1M-1D");
  });

  it("survives the way to text and back", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (microseconds) => {
        const duration = parseDuration(formatMicroseconds(microseconds));
        expect(duration && durationMicroseconds(duration)).toBe(microseconds);
      }),
    );
    const parts = fc.record({
      months: fc.integer({ min: -1200, max: 1200 }),
      days: fc.integer({ min: -9999, max: 9999 }),
      microseconds: fc.integer({ min: -86_400_000_000, max: 86_400_000_000 }),
    });
    fc.assert(
      fc.property(parts, (duration) => {
        expect(parseDuration(formatDuration(duration))).toEqual(duration);
      }),
    );
  });
});
