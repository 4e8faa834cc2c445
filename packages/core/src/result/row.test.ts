import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { Processor } from "../types/type.ts";
import { ResultKeys } from "./keys.ts";
import { RowShape } from "./row.ts";

interface AnyRow extends Iterable<unknown> {
  readonly [key: string | number]: unknown;
  readonly _mapping: Record<string, unknown>;
}

for (const interpreted of [false, true]) {
  const make = (
    names: readonly string[],
    values: readonly unknown[],
    processors: readonly Processor[] = names.map(() => null),
  ): AnyRow => new RowShape(new ResultKeys(names), processors, { interpreted }).make(values) as AnyRow;

  describe(`rows, ${interpreted ? "interpreted" : "by made code"}`, () => {
    it("have their values by name, by position and in order", () => {
      const row = make(["id", "name"], [1, "x"]);
      expect([row.id, row.name, row[0], row[1], row[2]]).toEqual([1, "x", 1, "x", undefined]);
      expect([...row]).toEqual([1, "x"]);
      expect(Object.keys(row)).toEqual(["id", "name"]);
      expect(JSON.stringify(row)).toBe('{"id":1,"name":"x"}');
      expect(inspect(row)).toBe("Row { id: 1, name: 'x' }");
      expect({ ...row }).toEqual({ id: 1, name: "x" });
      expect(row._mapping).toEqual({ id: 1, name: "x" });
      expect((row as unknown as { _tuple(): unknown[] })._tuple()).toEqual([1, "x"]);
      const { at } = row as unknown as { at(this: object, index: number): unknown };
      expect([0, -1, 2].map((index) => at.call(row, index))).toEqual([1, "x", undefined]);
      expect(make(["at"], [5]).at).toBe(5);
    });

    it("convert values once", () => {
      let calls = 0;
      const row = make(["a", "b"], ["1", null], [(value) => Number(value) + 0 * calls++, null]);
      expect([row.a, row.a, row[0], row.b]).toEqual([1, 1, 1, null]);
      expect(calls).toBe(1);
    });

    it("share one class", () => {
      const shape = new RowShape(new ResultKeys(["a"]), [null], { interpreted });
      expect(Object.getPrototypeOf(shape.make([1]))).toBe(Object.getPrototypeOf(shape.make([2])));
    });

    it("take names that mean something to JavaScript", () => {
      const names = [
        "constructor",
        "__proto__",
        "_mapping",
        "toString",
        "then",
        "hasOwnProperty",
        "length",
        "a'\"`\\${b}\u2028",
        "",
      ];
      const row = make(
        names,
        names.map((_, index) => index),
      );
      names.forEach((name, index) => {
        expect(Object.getOwnPropertyDescriptor(row, name)?.value, name).toBe(index);
        expect(row[index], name).toBe(index);
      });
      expect([...row]).toEqual(names.map((_, index) => index));
      expect(JSON.stringify(row)).toContain('"__proto__":1');
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    });

    it("keep columns of one name apart by position", () => {
      const row = make(["a", "b", "a"], [1, 2, 3]);
      expect([row[0], row[1], row[2], row.b]).toEqual([1, 2, 3, 2]);
      expect([...row]).toEqual([1, 2, 3]);
      expect(() => row.a).toThrow(/Ambiguous column name 'a'/);
      expect(row._mapping).toEqual({ a: 1, b: 2 });
      expect(JSON.stringify(row)).toBe('{"a":1,"b":2}');
    });

    it("read numeric names as positions", () => {
      const row = make(["1", "x", "0"], ["first", "second", "third"]);
      expect([row[0], row[1], row[2]]).toEqual(["first", "second", "third"]);
      expect(row._mapping).toEqual({ 1: "first", x: "second", 0: "third" });
    });

    it("have no columns at all", () => {
      expect([...make([], [])]).toEqual([]);
    });

    it("take some columns of wider rows", () => {
      const shape = new RowShape(new ResultKeys(["a", "b", "c"]), [null, (value) => `<${String(value)}>`, null], {
        interpreted,
      }).pick([2, 1]);
      expect({ ...(shape.make([1, 2, 3]) as object) }).toEqual({ c: 3, b: "<2>" });
      expect(shape.value([1, 2, 3], 1)).toBe("<2>");
    });
  });
}

describe("ResultKeys", () => {
  it("finds columns by name, position and expression", () => {
    const expression = {};
    const keys = new ResultKeys(["a", "b"], [[expression], []]);
    expect([keys.position("b"), keys.position(1), keys.position(-1), keys.position(expression)]).toEqual([1, 1, 1, 0]);
    expect(() => keys.position("c")).toThrow(/Could not locate column in row for column 'c'/);
    expect(() => keys.position(2)).toThrow(/none at position 2/);
    expect([keys.has("a"), keys.has("c"), keys.has(1), keys.has(2)]).toEqual([true, false, true, false]);
  });
});
