import { describe, expect, it } from "vitest";
import { readInterval, writeInterval } from "./interval-text.ts";

describe("interval text", () => {
  it.each([
    ["00:00:00", "PT0S"],
    ["1 day", "P1D"],
    ["1 year 2 mons 3 days 04:05:06.789", "P1Y2M3DT4H5M6.789S"],
    ["-1 years -2 mons +3 days -04:05:06", "P-1Y-2M3DT-4H-5M-6S"],
    ["-1 days", "-P1D"],
    ["100:00:00.000001", "PT100H0.000001S"],
    ["P1Y2M3DT4H5M6S", "P1Y2M3DT4H5M6S"],
  ])("reads %s", (text, iso) => {
    expect(readInterval(text)).toBe(iso);
  });

  it("leaves other text alone", () => {
    expect(readInterval("whatever 3")).toBe("whatever 3");
  });

  it.each([
    ["PT5M", "PT300S"],
    ["P1Y2M3DT4H", "P14M3DT14400S"],
    ["-P1DT0.5S", "P-1DT-0.5S"],
    ["PT-0.000001S", "PT-0.000001S"],
    ["PT0S", "PT0S"],
  ])("writes %s", (iso, text) => {
    expect(writeInterval(iso)).toBe(text);
  });

  it("writes nothing for other text", () => {
    expect(writeInterval("5 minutes")).toBeNull();
  });
});
