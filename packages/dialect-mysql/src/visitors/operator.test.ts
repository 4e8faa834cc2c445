import { columnClause, func, literal, not, or, t } from "@athanor/core";
import { describe, expect, it } from "vitest";
import { expectSql, mysql8, sqlOf } from "../../test/sql.ts";
import { product } from "../../test/tables.ts";
import { match } from "../expressions/match.ts";

const { name, data, id } = product.c;

describe("operators", () => {
  expectSql([
    [
      "a chain of concatenations is one call",
      () => name.add("a").add(name.add("b")),
      "concat(product.name, ?, product.name, ?)",
    ],
    [
      "NULL-safe comparison",
      () => or(name.isDistinctFrom("x"), id.eq(1)),
      "NOT (product.name <=> ?) OR product.id = ?",
    ],
    ["NULL-safe equality is grouped", () => name.isNotDistinctFrom("x").eq(true), "(product.name <=> ?) = true"],
    ["division is true division", () => id.div(2), "product.id / ?"],
    ["floor division", () => id.floorDiv(2), "FLOOR(product.id / ?)"],
    ["an empty list", () => id.in([]), "product.id IN (NULL) AND (1 != 1)"],
    [
      "regexp with flags",
      () => name.regexpMatch("a", { flags: "i" }),
      "REGEXP_LIKE(product.name, ?, 'i')",
      "product.name REGEXP CONCAT('(?', 'i', ')', ?)",
    ],
    [
      "replacement with flags",
      () => name.regexpReplace("a", columnClause("z"), { flags: "i" }),
      "REGEXP_REPLACE(product.name, ?, z, 'i')",
      "REGEXP_REPLACE(product.name, CONCAT('(?', 'i', ')', ?), z)",
    ],
    ["negated regexp", () => not(name.regexpMatch("a")), "product.name NOT REGEXP ?"],
    ["random", () => func.random(), "rand()"],
    [
      "joined strings in order",
      () => func.aggregate_strings(name, "; ").aggregateOrderBy(id.desc()),
      "group_concat(product.name ORDER BY product.id DESC SEPARATOR '; ')",
    ],
  ]);
});

describe("MATCH", () => {
  const against = (modes = {}) => match(name, { against: "cat", ...modes });

  expectSql([
    ["plain", () => against(), "MATCH (product.name) AGAINST (?)"],
    ["boolean", () => against().inBooleanMode(), "MATCH (product.name) AGAINST (? IN BOOLEAN MODE)"],
    [
      "natural with expansion",
      () => against({ inNaturalLanguageMode: true, withQueryExpansion: true }),
      "MATCH (product.name) AGAINST (? IN NATURAL LANGUAGE MODE WITH QUERY EXPANSION)",
    ],
    ["negated", () => not(against()), "NOT (MATCH (product.name) AGAINST (?))"],
    ["the operator", () => name.match("cat"), "MATCH (product.name) AGAINST (? IN BOOLEAN MODE)"],
    [
      "the operator without its mode",
      () => name.match("cat", { mysqlBooleanMode: false }),
      "MATCH (product.name) AGAINST (?)",
    ],
  ]);

  it("refuses modes that exclude each other, and missing parts", () => {
    expect(() => sqlOf(against().inBooleanMode().withQueryExpansion())).toThrow(/Invalid MySQL match flags/);
    expect(() => match(name, {} as never)).toThrow(/against/);
    expect(() => match({ against: "x" })).toThrow(/columns/);
  });
});

describe("JSON", () => {
  const extract = "JSON_EXTRACT(product.data, ?)";

  expectSql([
    ["text", () => data.at("a").asString(), `CASE ${extract} WHEN 'null' THEN NULL ELSE JSON_UNQUOTE(${extract}) END`],
    [
      "a float",
      () => data.at("a").asFloat(),
      `CASE ${extract} WHEN 'null' THEN NULL ELSE ${extract}+0.0000000000000000000000 END`,
    ],
    [
      "a decimal",
      () => data.at("a").asNumeric(10, 2),
      `CASE ${extract} WHEN 'null' THEN NULL ELSE CAST(${extract} AS DECIMAL(10, 2)) END`,
    ],
    [
      "an integer",
      () => data.at(["a", 1]).asInteger(),
      `CASE ${extract} WHEN 'null' THEN NULL ELSE CAST(${extract} AS SIGNED INTEGER) END`,
    ],
    [
      "a boolean",
      () => data.at("a").asBoolean(),
      `CASE ${extract} WHEN 'null' THEN NULL WHEN true THEN true ELSE false END`,
    ],
  ]);
});

describe("literals", () => {
  expectSql(
    [
      ["a key with quotes", () => data.at(`it's "x"`), String.raw`JSON_EXTRACT(product.data, '$."it''s \\"x\\""')`],
      ["a path", () => data.at(["a", 1, "b c"]), `JSON_EXTRACT(product.data, '$."a"[1]."b c"')`],
      ["backslashes", () => literal("a'b\\c", t.string), String.raw`'a''b\\c'`],
      ["booleans", () => literal(true), "true"],
      ["bytes", () => literal(new Uint8Array([0, 39, 255]), t.largeBinary), "X'0027ff'"],
      [
        "UUIDs",
        () => literal("49519deb-a27b-4bad-a095-392ab25eb62a", t.uuid),
        "'49519deba27b4bada095392ab25eb62a'",
        "'49519deba27b4bada095392ab25eb62a'",
      ],
    ],
    { literalBinds: true },
  );

  it("keep backslashes where the server does not escape by them", () => {
    mysql8.backslashEscapes = false;
    try {
      expect(sqlOf(literal("a\\b", t.string), mysql8, true)).toBe("'a\\b'");
    } finally {
      mysql8.backslashEscapes = true;
    }
  });
});
