import { describe, expect, it } from "vitest";
import {
  emptyRange,
  formatMultirange,
  formatRange,
  parseMultirange,
  parseRange,
  Range,
  range,
  sameRange,
} from "./range.ts";

describe("ranges", () => {
  it("knows its bounds", () => {
    const given = range(1, 5);
    expect([given.lowerInc, given.upperInc, given.lowerInf, given.upperInf]).toEqual([true, false, false, false]);
    expect(range(null, 5).lowerInf).toBe(true);
    expect(range(5, 5).isEmpty).toBe(true);
    expect(range(5, 5, { bounds: "[]" }).isEmpty).toBe(false);
    expect(range(7, 5).isEmpty).toBe(true);
    expect(emptyRange().lowerInf).toBe(false);
  });

  it("compares in memory", () => {
    expect(range(1, 5).contains(1)).toBe(true);
    expect(range(1, 5).contains(5)).toBe(false);
    expect(range("2", "10").contains("9.5")).toBe(true);
    expect(range(new Date(0), null).contains(new Date(1))).toBe(true);
    expect(range(1, 5).contains(range(2, 3))).toBe(true);
    expect(range(2, 3).containedBy(range(1, 5))).toBe(true);
    expect(range(1, 5).overlaps(range(5, 9))).toBe(false);
    expect(range(1, 5, { bounds: "[]" }).overlaps(range(5, 9))).toBe(true);
    expect(range(1, 5).strictlyLeftOf(range(5, 9))).toBe(true);
    expect(range(6, 9).strictlyRightOf(range(1, 5))).toBe(true);
  });

  it("knows that whole numbers and days are discrete, and that others are not", () => {
    expect(range(1, 5).equals(range(0, 4, { bounds: "(]" }))).toBe(true);
    expect(range(1n, 5n).equals(range(1n, 4n, { bounds: "[]" }))).toBe(true);
    expect(range("2024-02-28", "2024-03-01").equals(range("2024-02-28", "2024-02-29", { bounds: "[]" }))).toBe(true);
    expect(range("1", "5").equals(range("1", "4", { bounds: "[]" }))).toBe(false);
    expect(range(1.5, 5).equals(range(1.5, 4, { bounds: "[]" }))).toBe(false);
    expect(range(1, 2, { bounds: "()" }).isEmpty).toBe(true);
    expect(range("1", "2", { bounds: "()" }).isEmpty).toBe(false);
    expect(range(1, 5).containedBy(range(1, 4, { bounds: "[]" }))).toBe(true);
    expect(range(1, 3, { bounds: "[]" }).adjacentTo(range(4, 6))).toBe(true);
    expect(range("1", "3", { bounds: "[]" }).adjacentTo(range("4", "6"))).toBe(false);
    expect(range("1", "3").adjacentTo(range("3", "6"))).toBe(true);
    expect(range("9999-12-31", "9999-12-31", { bounds: "[]" }).isEmpty).toBe(false);
  });

  it("lies left and right of others", () => {
    expect(range(1, 5).notExtendRightOf(range(0, 5))).toBe(true);
    expect(range(1, 6).notExtendRightOf(range(0, 5))).toBe(false);
    expect(range(1, null).notExtendRightOf(range(0, 5))).toBe(false);
    expect(range(1, 5).notExtendLeftOf(range(1, 3))).toBe(true);
    expect(range(null, 5).notExtendLeftOf(range(1, 3))).toBe(false);
    expect(range(5, 9).adjacentTo(range(1, 5))).toBe(true);
    for (const answer of ["notExtendLeftOf", "notExtendRightOf", "adjacentTo", "overlaps"] as const)
      expect(range(1, 5)[answer](emptyRange())).toBe(false);
  });

  it("is added to, cut by and met by others", () => {
    expect(range(1, 5).union(range(5, 9))).toEqual(range(1, 9));
    expect(range(3, null).union(range(1, 4, { bounds: "(]" }))).toEqual(range(1, null, { bounds: "()" }));
    expect(range(1, 5).union(emptyRange())).toEqual(range(1, 5));
    expect(() => range(1, 5).union(range(6, 9))).toThrow(/leave something between/);
    expect(range(1, 5).difference(range(3, 9))).toEqual(range(1, 3));
    expect(range("1", "5").difference(range("0", "3", { bounds: "[]" }))).toEqual(range("3", "5", { bounds: "()" }));
    expect(range(1, 5).difference(range(0, 9))).toEqual(emptyRange());
    expect(range(1, 5).difference(range(7, 9))).toEqual(range(1, 5));
    expect(() => range(1, 9).difference(range(3, 5))).toThrow(/in the middle/);
    expect(range(1, 5).intersection(range(3, 9))).toEqual(range(3, 5));
    expect(range(1, 5).intersection(range(5, 9))).toEqual(emptyRange());
    expect(range(null, 5).intersection(range(3, null)).equals(range(3, 5))).toBe(true);
  });

  it("refuses what is no range", () => {
    expect(() => range(1, 5, { bounds: "<>" as never })).toThrow(/no bounds/);
    expect(() => range(undefined as never, 5)).toThrow(/undefined/);
    expect(() => new Range(1, 2, { empty: true })).toThrow(/no bounds/);
  });

  it("reads and writes PostgreSQL's text", () => {
    expect(formatRange(range(1, 5), String)).toBe("[1,5)");
    expect(formatRange(range('a "b"', "c,d"), String)).toBe('["a ""b""","c,d")');
    expect(formatRange(emptyRange(), String)).toBe("empty");
    expect(parseRange("[1,5)", Number)).toEqual(range(1, 5));
    expect(parseRange("(,5]", Number)).toEqual(range(null, 5, { bounds: "(]" }));
    expect(parseRange("empty", Number).isEmpty).toBe(true);
    expect(parseRange('["2024-01-01 00:00:00","a ""b"" \\\\")', String)).toEqual(
      range("2024-01-01 00:00:00", 'a "b" \\'),
    );
    expect(parseMultirange("{[1,2),[5,6)}", Number)).toEqual([range(1, 2), range(5, 6)]);
    expect(parseMultirange("{}", Number)).toEqual([]);
    expect(formatMultirange([range(1, 2), range(5, null)], String)).toBe("{[1,2),[5,)}");
  });

  it("is equal by value", () => {
    expect(sameRange(range(1, 5), range(1, 5))).toBe(true);
    expect(sameRange(range(1, 5), range(1, 5, { bounds: "[]" }))).toBe(false);
    expect(sameRange(range(1, 1), emptyRange())).toBe(true);
    expect(String(range(new Date(0), null))).toBe("[1970-01-01T00:00:00.000Z,)");
  });

  it("takes options alone", () => {
    expect(range({ empty: true })).toEqual(emptyRange());
    expect(range({ bounds: "()" })).toEqual(range(null, null, { bounds: "()" }));
    expect(() => range({ emtpy: true } as never)).toThrow(/range\(\) has no option "emtpy"/);
  });
});
