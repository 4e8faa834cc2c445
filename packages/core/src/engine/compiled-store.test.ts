import { describe, expect, test } from "vitest";
import { type CacheKey, CacheKeyBuilder } from "../ast/cache-key.ts";
import { KeyedStore } from "./compiled-store.ts";

function built(...parts: readonly string[]): CacheKeyBuilder {
  const key = new CacheKeyBuilder();
  for (const part of parts) key.add(part);
  return key;
}

/** A key of these parts with a hash that others share. */
const colliding = (part: string): CacheKey => ({ hash: built("abc").hash, parts: [part] });

describe("compiled statements by key", () => {
  test("an equal key finds what was set, another does not", () => {
    const store = new KeyedStore<string>(10);
    store.set(built("(", "c1,", ")").finish(), "one");
    expect(store.get(built("(", "c1,", ")"))).toBe("one");
    expect(store.get(built("(", "c2,", ")"))).toBeUndefined();
    expect(store.get(built("(c1,", ")"))).toBeUndefined();
  });

  test("keys with the same hash are told apart", () => {
    const store = new KeyedStore<string>(10);
    store.set(colliding("x"), "x");
    store.set(colliding("abc"), "abc");
    expect(store.get(built("abc"))).toBe("abc");
    store.set(colliding("y"), "y");
    expect(store.get(built("abc"))).toBe("abc");
  });

  test("of many keys with the same hash the latest are kept", () => {
    const store = new KeyedStore<string>(10);
    store.set(colliding("abc"), "abc");
    for (let n = 0; n < 7; n++) store.set(colliding(`x${n}`), "x");
    expect(store.get(built("abc"))).toBe("abc");
    store.set(colliding("last"), "x");
    expect(store.get(built("abc"))).toBeUndefined();
  });

  test("a key that is kept is not changed by the next one", () => {
    const first = built("a", "b");
    const kept = first.finish();
    first.release();
    built("c", "d");
    expect(kept.parts).toEqual(["a", "b"]);
  });

  test("two keys may be built at a time", () => {
    const outer = built("a");
    const inner = built("x", "y");
    outer.add("b");
    inner.release();
    expect([outer.finish().parts, built("z").finish().parts]).toEqual([["a", "b"], ["z"]]);
    outer.add("c");
    expect(outer.finish().parts).toEqual(["a", "b", "c"]);
  });

  test("names do not run into each other, nor into facts", () => {
    const texts = [["ab", "c"], ["a", "bc"], ["abc"], ["", "abc"], ["abc", ""]].map((names) => {
      const key = new CacheKeyBuilder();
      for (const name of names) key.name(name);
      return key.text;
    });
    expect(new Set(texts).size).toBe(texts.length);
    const fact = new CacheKeyBuilder();
    fact.add("[");
    const name = new CacheKeyBuilder();
    name.name("[");
    expect(name.text).not.toBe(fact.text);
  });
});
