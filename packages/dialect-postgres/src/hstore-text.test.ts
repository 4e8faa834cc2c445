import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatHstore, parseHstore } from "./hstore-text.ts";

describe("hstore text", () => {
  it("reads pairs, NULLs and escapes", () => {
    expect(parseHstore('"a"=>"1", "b"=>NULL, c=>d, "q\\"\\\\"=>"x, y=>z"')).toEqual({
      a: "1",
      b: null,
      c: "d",
      'q"\\': "x, y=>z",
    });
    expect(parseHstore("")).toEqual({});
    expect(() => parseHstore("nonsense")).toThrow(/not an hstore/);
  });

  it("has no key that reaches the prototype", () => {
    const value = parseHstore('"__proto__"=>"x"');
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it("reads what it writes", () => {
    const pairs = fc.dictionary(fc.string({ unit: "grapheme" }), fc.option(fc.string({ unit: "grapheme" })));
    fc.assert(fc.property(pairs, (value) => void expect(parseHstore(formatHstore(value))).toEqual({ ...value })));
  });

  it("takes a Map, and refuses values that are no text", () => {
    expect(formatHstore(new Map([["a", null]]))).toBe('"a"=>NULL');
    expect(() => formatHstore({ a: 1 })).toThrow(/not a value of an hstore/);
  });
});
