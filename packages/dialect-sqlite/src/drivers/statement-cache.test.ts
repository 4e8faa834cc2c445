/** What the cache of prepared statements keeps. */
import { expect, test } from "vitest";
import { StatementCache } from "./statement-cache.ts";

test("what is used stays, the rest goes", () => {
  const cache = new StatementCache<number>(2);
  cache.set("a", 1);
  for (let round = 0; round < 10; round++) {
    cache.set(`x${round}`, round);
    expect(cache.get("a")).toBe(1);
  }
  expect(cache.get("x0")).toBeUndefined();
  expect(cache.get("x9")).toBe(9);
  cache.clear();
  expect(cache.get("a")).toBeUndefined();
});

test("a size of 0 keeps nothing", () => {
  const cache = new StatementCache<number>(0);
  cache.set("a", 1);
  expect(cache.get("a")).toBeUndefined();
});
