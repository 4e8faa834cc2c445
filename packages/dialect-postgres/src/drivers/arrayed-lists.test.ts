import { describe, expect, it } from "vitest";
import { arrayedLists } from "./arrayed-lists.ts";

const list = (first: number, count: number, type = "INTEGER"): string =>
  Array.from({ length: count }, (_, index) => `$${first + index}::${type}`).join(", ");
const numbers = (first: number, count: number): number[] => Array.from({ length: count }, (_, index) => first + index);

describe("long lists as arrays", () => {
  it("takes the place of a list, between other parameters", () => {
    const form = arrayedLists(
      `SELECT t.a FROM t WHERE t.x > $1::INTEGER AND t."b" IN (${list(2, 40)}) AND t.c = $42::VARCHAR AND (t.d NOT IN (${list(43, 32, "TIMESTAMP WITH TIME ZONE")})) \n LIMIT $75`,
    );
    expect(form?.sql).toBe(
      'SELECT t.a FROM t WHERE t.x > $1::INTEGER AND t."b" = ANY ($2::INTEGER[]) AND t.c = $3::VARCHAR AND (t.d <> ALL ($4::TIMESTAMP WITH TIME ZONE[])) \n LIMIT $5',
    );
    expect(form?.values([0, ...numbers(1, 40), "x", ...numbers(100, 31), null, 7])).toEqual([
      "0",
      `{${numbers(1, 40).join(",")}}`,
      "x",
      `{${numbers(100, 31).join(",")},NULL}`,
      "7",
    ]);
  });

  it("leaves values alone that an array cannot hold", () => {
    const form = arrayedLists(`SELECT a FROM t WHERE a IN (${list(1, 32)})`);
    expect(form?.values([...numbers(1, 31), [1]])).toBeNull();
    expect(form?.values([...numbers(1, 31), undefined])).toBeNull();
    expect(form?.values(numbers(1, 32))).not.toBeNull();
  });

  it.each([
    ["short lists", `SELECT a FROM t WHERE a IN (${list(1, 31)})`],
    ["quoted text", `SELECT a, 'x' FROM t WHERE a IN (${list(1, 40)})`],
    ["comments", `SELECT a FROM t /* x */ WHERE a IN (${list(1, 40)})`],
    ["parameters without a type", `SELECT a FROM t WHERE a IN (${list(1, 40).replaceAll("::INTEGER", "")})`],
    ["several types", `SELECT a FROM t WHERE a IN (${list(1, 39)}, $40::BIGINT)`],
    ["arrays", `SELECT a FROM t WHERE a IN (${list(1, 40, "INTEGER[]")})`],
    ["types with lengths", `SELECT a FROM t WHERE a IN (${list(1, 40, "BIT(3)")})`],
    ["types of the database's own", `SELECT a FROM t WHERE a IN (${list(1, 40, "mood")})`],
    ["expressions on the left side", `SELECT a FROM t WHERE a || b IN (${list(1, 40)})`],
    ["comparisons of the list", `SELECT a FROM t WHERE a IN (${list(1, 40)}) = b`],
    ["comparisons with the list", `SELECT a FROM t WHERE b = a IN (${list(1, 40)})`],
    ["parameters that come again", `SELECT a FROM t WHERE a IN (${list(1, 40)}) AND b > $3::INTEGER`],
    ["numbers that jump", `SELECT a FROM t WHERE a IN (${list(1, 40)}, $42::INTEGER) AND b = $41::INTEGER`],
    ["BETWEEN", `SELECT a FROM t WHERE c BETWEEN b AND a IN (${list(1, 40)})`],
  ])("leaves alone: %s", (_, sql) => {
    expect(arrayedLists(sql)).toBeNull();
  });
});
