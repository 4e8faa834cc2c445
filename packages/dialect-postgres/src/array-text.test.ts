import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatArray, parseArray } from "./array-text.ts";

const same = (text: string): string => text;

describe("array text", () => {
  it("reads items, quotes, NULLs, levels and bounds", () => {
    expect(parseArray("{}", same)).toEqual([]);
    expect(parseArray("{1,NULL,3}", Number)).toEqual([1, null, 3]);
    expect(parseArray('{"a,b","",NULL,"NULL",x y,"\\"q\\"","\\\\"}', same)).toEqual([
      "a,b",
      "",
      null,
      "NULL",
      "x y",
      '"q"',
      "\\",
    ]);
    expect(parseArray("{{1,2},{3,4}}", Number)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(parseArray("[0:1]={1,2}", Number)).toEqual([1, 2]);
    expect(parseArray("{a;b}", same, ";")).toEqual(["a", "b"]);
  });

  it("refuses other text", () => {
    expect(() => parseArray("1,2", same)).toThrow(SyntaxError);
    expect(() => parseArray("{1,2", same)).toThrow(SyntaxError);
    expect(() => parseArray('{"a', same)).toThrow(SyntaxError);
  });

  it("reads what it writes", () => {
    const items = fc.array(fc.option(fc.string({ unit: "grapheme" })));
    fc.assert(fc.property(items, (list) => void expect(parseArray(formatArray(list, String), same)).toEqual(list)));
    const levels = fc.array(fc.array(fc.integer(), { minLength: 2, maxLength: 2 }), { minLength: 1 });
    fc.assert(fc.property(levels, (list) => void expect(parseArray(formatArray(list, String), Number)).toEqual(list)));
  });
});
