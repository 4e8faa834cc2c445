import { describe, expect, it } from "vitest";
import { findCycles, topologicalOrder } from "./topological.ts";

describe("topologicalOrder", () => {
  it("puts items behind those they depend on, and keeps the order of the others", () => {
    const edges = [
      ["a", "b"],
      ["b", "c"],
    ] as const;
    expect(topologicalOrder(edges, ["c", "x", "b", "a"])).toEqual({ order: ["x", "a", "b", "c"], cycle: null });
  });

  it("ignores what it was not asked to sort", () => {
    expect(topologicalOrder([["gone", "a"]], ["a"]).order).toEqual(["a"]);
  });

  it("stops at a circle and tells who takes part", () => {
    const edges = [
      ["a", "b"],
      ["b", "a"],
      ["b", "c"],
      ["free", "a"],
    ] as const;
    expect(topologicalOrder(edges, ["a", "b", "c", "free"])).toEqual({ order: ["free"], cycle: new Set(["a", "b"]) });
  });
});

describe("findCycles", () => {
  it("finds circles of one and of many, and nobody else", () => {
    const edges = [
      [1, 1],
      [2, 3],
      [3, 4],
      [4, 2],
      [4, 5],
    ] as const;
    expect(findCycles(edges)).toEqual(new Set([1, 2, 3, 4]));
  });
});
