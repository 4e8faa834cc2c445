import { FrameClause, FrameClauseType, func, literal } from "@athanor/core";
import { describe, expect, it } from "vitest";

const near = func("near");

describe("frames", () => {
  it("have values where they are measured from something", () => {
    const { PRECEDING, FOLLOWING, UNBOUNDED, CURRENT } = FrameClauseType;
    expect(FrameClause(1, literal(2), PRECEDING, FOLLOWING)).toBeDefined();
    expect(FrameClause(null, null, UNBOUNDED, CURRENT)).toBeDefined();
    expect(() => FrameClause(1, null, CURRENT, UNBOUNDED)).toThrow("CURRENT takes no value (lower)");
    expect(() => FrameClause(null, 2, CURRENT, UNBOUNDED)).toThrow("UNBOUNDED takes no value (upper)");
    expect(() => FrameClause(null, null, PRECEDING, CURRENT)).toThrow("PRECEDING needs a value (lower)");
  });
});

describe("asComparison()", () => {
  it("compares two arguments, counted from 1", () => {
    const comparison = near("a", "b", 3).asComparison(1, 3);
    expect(comparison.left).toBe(comparison.element.args.clauses[0]);
    expect(comparison.right).toBe(comparison.element.args.clauses[2]);
    expect(() => near("a", "b").asComparison(0, 2)).toThrow("the function has no argument 0");
    expect(() => near("a", "b").asComparison(1, 3)).toThrow("the function has no argument 3");
  });
});
