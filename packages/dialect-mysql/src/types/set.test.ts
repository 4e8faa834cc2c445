import { ArgumentError, type TypeLike, toType } from "@athanor/core";
import { describe, expect, it } from "vitest";
import { mysql8 } from "../../test/sql.ts";
import { BIT, ENUM, SET } from "./factories.ts";

const bind = (type: TypeLike, value: unknown) => toType(type).bindProcessor(mysql8)?.(value);
const result = (type: TypeLike, value: unknown) => toType(type).resultProcessor(mysql8)?.(value);

describe("SET", () => {
  const type = SET("a", "b", "c");
  const bits = SET("a", "", "c", { retrieveAsBitwise: true });

  it("sends and reads values as text", () => {
    expect(bind(type, new Set(["a", "c"]))).toBe("a,c");
    expect(bind(type, ["b"])).toBe("b");
    expect(bind(type, new Set())).toBe("");
    expect(bind(type, null)).toBeNull();
    expect(result(type, "a,c")).toEqual(new Set(["a", "c"]));
    expect(result(type, "")).toEqual(new Set());
    expect(result(type, null)).toBeNull();
  });

  it("sends and reads bits where it was asked to", () => {
    expect(bind(bits, ["a", ""])).toBe(3n);
    expect(result(bits, 6n)).toEqual(new Set(["", "c"]));
    expect(result(bits, 0)).toEqual(new Set());
  });

  it("refuses values that are not its own", () => {
    expect(() => bind(type, ["d"])).toThrow(ArgumentError);
  });

  it("renders literals, compares by content, survives copies", () => {
    expect(type.literalProcessor(mysql8)?.(["a", "b"])).toBe("'a,b'");
    expect(type.compareValues(new Set(["a", "b"]), new Set(["b", "a"]))).toBe(true);
    expect(bind(type.withVariant(SET("x"), "sqlite"), ["a"])).toBe("a");
    expect(type.cacheKey).toBe(SET("a", "b", "c").cacheKey);
    expect(type.cacheKey).not.toBe(SET("a", "b").cacheKey);
  });
});

describe("ENUM and BIT", () => {
  it("ENUM takes options of its own beside core's", () => {
    const type = ENUM("a", "b", { charset: "latin1", validateStrings: true });
    expect(type).toMatchObject({ charset: "latin1", validateStrings: true, enums: ["a", "b"] });
    expect(() => bind(type, "c")).toThrow(ArgumentError);
  });

  it("BIT reads bytes", () => {
    expect(result(BIT(12), new Uint8Array([1, 5]))).toBe(261);
    expect(result(BIT(12), 7)).toBe(7);
  });
});
