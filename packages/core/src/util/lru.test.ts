import { expect, it } from "vitest";
import { LruCache } from "./lru.ts";

it("keeps what was used lately", () => {
  const cache = new LruCache<number, string>(10);
  for (let key = 0; key < 100; key++) {
    cache.set(key, `v${key}`);
    expect(cache.get(0)).toBe("v0");
  }
  expect(cache.get(1)).toBeUndefined();
  expect(cache.get(99)).toBe("v99");
  expect(cache.size).toBeLessThanOrEqual(22);
  cache.clear();
  expect(cache.get(99)).toBeUndefined();
});

it("keeps nothing without capacity", () => {
  const cache = new LruCache<number, number>(0);
  cache.set(1, 1);
  expect(cache.get(1)).toBeUndefined();
});
