import { describe, expect, it } from "vitest";
import { DecimalParameter, DoubleParameter } from "../types/parameter.ts";
import { encodeStatement, typeOf } from "./mariadb-encode.ts";
import { ParameterType } from "./parameter-types.ts";
import { placeholders, wrapParameters } from "./placeholders.ts";

const sent = (value: unknown, isAssigned = false): readonly [string, unknown] => {
  const { sql, values } = encodeStatement("SELECT ?", [value], isAssigned);
  return [sql, values[0]];
};

describe("encodeStatement", () => {
  it.each([
    [5, "SELECT ?", 5],
    [2 ** 31 - 1, "SELECT ?", 2147483647n],
    [-(2 ** 40), "SELECT ?", -1099511627776n],
    [1.5, "SELECT ?", 1.5],
    [2 ** 60, "SELECT ?", 2 ** 60],
    [2n ** 64n - 1n, "SELECT ?", 18446744073709551615n],
    [-(2n ** 64n), "SELECT CAST(? AS DECIMAL(65,0))", "-18446744073709551616"],
    [new DecimalParameter("-1.250"), "SELECT CAST(? AS DECIMAL(65,3))", "-1.250"],
    [new DecimalParameter("1e-3"), "SELECT CAST(? AS DECIMAL(65,30))", "1e-3"],
    [new DoubleParameter(3), "SELECT (? + 0e0)", 3],
    [new DoubleParameter(2 ** 40), "SELECT ?", 2 ** 40],
    ["?", "SELECT ?", "?"],
    [true, "SELECT ?", true],
    [undefined, "SELECT ?", null],
    [null, "SELECT ?", null],
    [{ a: 1 }, "SELECT ?", '{"a":1}'],
    [new Date("2024-01-02T03:04:05.678Z"), "SELECT ?", "2024-01-02 03:04:05.678000"],
    [Uint8Array.of(1, 2), "SELECT ?", Buffer.from([1, 2])],
  ])("%o", (value, sql, given) => {
    expect(sent(value)).toEqual([sql, given]);
  });

  it("leaves statements alone whose values go into columns as they are", () => {
    expect(sent(new DecimalParameter("1.25"), true)).toEqual(["SELECT ?", "1.25"]);
  });

  it("tells what the server takes a value for", () => {
    const values = [null, "x", Buffer.of(1), 1.5, 2 ** 31 - 1, 7, true, 5n, 2n ** 63n];
    expect(values.map(typeOf)).toEqual([
      ParameterType.unknown,
      ParameterType.text,
      ParameterType.binary,
      ParameterType.double,
      ParameterType.double,
      ParameterType.integer,
      ParameterType.integer,
      ParameterType.integer,
      ParameterType.decimal,
    ]);
  });
});

describe("placeholders", () => {
  it.each([
    ["SELECT ?, ?", [7, 10]],
    ["SELECT '?', \"?\", `?`, ?", [22]],
    ["SELECT 'it''s \\'?', ?", [20]],
    ["SELECT 1 -- ?\n, ?", [16]],
    ["SELECT 1 # ?\n, ?", [15]],
    ["SELECT /* ? */ ?", [15]],
    ["SELECT 1--?", [10]],
    ["SELECT '?", []],
  ])("%s", (sql, positions) => {
    expect(placeholders(sql)).toEqual(positions);
  });

  it("are wrapped one by one; a text that is not understood stays", () => {
    expect(wrapParameters("f(?, '?', ?, ?)", [["<", ">"], null, ["[", "]"]])).toBe("f(<?>, '?', ?, [?])");
    expect(wrapParameters("f(?)", [["<", ">"], null])).toBe("f(?)");
  });
});
