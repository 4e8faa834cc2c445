import fc from "fast-check";
import { expect, test } from "vitest";
import type { IdentityHash } from "./key.ts";
import { KeyTable } from "./key-table.ts";

const near = fc.integer({ min: -40, max: 400 });
const key: fc.Arbitrary<IdentityHash> = fc.oneof(
  { weight: 6, arbitrary: near },
  { weight: 3, arbitrary: near.map((value) => value + 5_000_000) },
  fc.constantFrom(2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 53 - 1, 1.5, -0, "1", "", 12n ** 20n, true),
);
const change = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constant("set" as const), key) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("delete" as const), key) },
  fc.tuple(fc.constant("run" as const), fc.integer({ min: -1000, max: 100_000 })),
);

test("holds what a Map holds", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 300 }), (changes) => {
      const table = new KeyTable<object>();
      const map = new Map<IdentityHash, object>();
      const put = (at: IdentityHash): void => {
        const value = {};
        table.set(at, value);
        map.set(at, value);
      };
      for (const [what, at] of changes) {
        if (what === "set") put(at);
        else if (what === "delete") expect(table.delete(at)).toBe(map.delete(at));
        else for (let next = at; next < at + 200; next++) put(next);
        expect(table.size).toBe(map.size);
        expect(table.get(at)).toBe(map.get(at));
      }
      for (const [at, value] of map) expect(table.get(at)).toBe(value);
      expect(new Set(table.values())).toEqual(new Set(map.values()));
      expect(new Map(table.entries())).toEqual(map);
    }),
  );
});

test.each([
  ["upwards", (index: number) => index + 1],
  ["downwards", (index: number) => 100_000 - index],
  ["far from zero", (index: number) => 2_000_000_000 + index],
  ["below zero", (index: number) => -index],
  ["behind one far away", (index: number) => (index === 0 ? 1_900_000_000 : index)],
])("whole numbers in a row: %s", (_, keyOf) => {
  const table = new KeyTable<{ readonly key: number }>();
  for (let index = 0; index < 50_000; index++) table.set(keyOf(index), { key: keyOf(index) });
  expect(table.size).toBe(50_000);
  for (let index = 0; index < 50_000; index++) expect(table.get(keyOf(index))?.key).toBe(keyOf(index));
  for (const value of table.values()) table.delete(value.key);
  expect(table.size).toBe(0);
});

test("a missing key", () => {
  const table = new KeyTable<object>();
  expect(table.get(1)).toBeUndefined();
  expect(table.has("x")).toBe(false);
  expect(table.delete(1)).toBe(false);
  expect([...table.values()]).toEqual([]);
});
