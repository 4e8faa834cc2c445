import { describe, expect, it } from "vitest";
import { atLeast, parseVersion } from "./server.ts";

describe("parseVersion", () => {
  it.each([
    ["8.0.36", false, [8, 0, 36]],
    ["9.7.4-2", false, [9, 7, 4]],
    ["5.7.44-log", false, [5, 7, 44]],
    ["8.0.35-27", false, [8, 0, 35]],
    ["10.11.19-MariaDB-0+deb12u1", true, [10, 11, 19]],
    ["5.5.5-10.6.12-MariaDB-1:10.6.12+maria~ubu2004-log", true, [10, 6, 12]],
    ["11.4.2-MariaDB", true, [11, 4, 2]],
    ["", false, []],
  ])("%s", (banner, isMariaDB, version) => {
    expect(parseVersion(banner)).toEqual({ isMariaDB, version });
  });
});

describe("atLeast", () => {
  it("compares part by part, missing parts as 0", () => {
    expect(atLeast([8, 0, 20], 8, 0, 20)).toBe(true);
    expect(atLeast([8, 1], 8, 0, 20)).toBe(true);
    expect(atLeast([8], 8, 0, 20)).toBe(false);
    expect(atLeast([10, 11], 10, 5)).toBe(true);
    expect(atLeast([5, 7, 44], 8)).toBe(false);
  });
});
