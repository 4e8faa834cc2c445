/** Statements that differ in SQL or in the types of their results never share a compiled statement. */
import {
  CacheKeyBuilder,
  type ClauseElement,
  case_,
  cast,
  column,
  columnClause,
  func,
  literal,
  literalColumn,
  MetaData,
  select,
  t,
  table,
  text,
  typeCoerce,
  values,
} from "@athanor/core";
import { describe, expect, test } from "vitest";
import * as pg from "../src/index.ts";

const things = table("things", new MetaData(), {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.text),
  data: column(pg.JSONB),
  tags: column(pg.ARRAY(t.text)),
});
const { id, name, data } = things.c;
const conflict = (options: pg.ConflictUpdate<typeof things.c>) =>
  pg.insert(things).values({ id: 1 }).onConflictDoUpdate(options);

const keyOf = (statement: ClauseElement): string => {
  const key = new CacheKeyBuilder();
  statement.appendCacheKey(key);
  return key.uncacheable ? `uncacheable ${Math.random()}` : key.text;
};

const pairs: Readonly<Record<string, readonly [ClauseElement, ClauseElement]>> = {
  "types of a text's columns": [text("SELECT a").columns({ a: t.integer }), text("SELECT a").columns({ a: t.text })],
  "types of table functions": [
    select(func.f?.().tableValued(columnClause("v", t.integer)) as never),
    select(func.f?.().tableValued(columnClause("v", t.text)) as never),
  ],
  "types of VALUES": [
    select(values(columnClause("v", t.integer)).data([[1]])),
    select(values(columnClause("v", t.text)).data([[1]])),
  ],
  "typeCoerce()": [select(typeCoerce(id, t.text)), select(typeCoerce(id, t.integer))],
  "lengths of casts": [select(cast(id, t.string(5))), select(cast(id, t.string(6)))],
  "types of CASE": [
    select(case_([id.eq(1), literalColumn("a", t.integer)])),
    select(case_([id.eq(1), literalColumn("a", t.text)])),
  ],
  "types of arrays": [
    select(pg.array([literalColumn("a")], { type: t.integer })),
    select(pg.array([literalColumn("a")], { type: t.text })),
  ],
  "types of empty arrays": [select(pg.array([], { type: t.integer })), select(pg.array([], { type: t.text }))],
  "types of NULL": [select(literal(null, t.integer)), select(literal(null, t.text))],
  "window functions": [
    select(func.f?.(1).returns(t.integer).over() as never),
    select(func.f?.(1).returns(t.text).over() as never),
  ],
  "types of operators": [
    select(id.op("->", { returnType: t.integer })(1)),
    select(id.op("->", { returnType: t.text })(1)),
  ],
  "JSON elements": [select(data.at("a").asInteger()), select(data.at("a").asString())],
  "JSON elements and their own type": [select(data.at("a").asBoolean().eq(true)), select(data.at("a").eq(true))],
  "JSON paths": [select(data.at(["a", "b"]).asFloat()), select(data.at(["a", "b"]).asString())],
  "scales of JSON numbers": [select(data.at("a").asNumeric(10, 2)), select(data.at("a").asNumeric(10, 3))],
  "JSON values and text": [select(data.eq("a" as never)), select(data.eq({}))],
  "order in aggregates": [
    select(func.string_agg?.(name, pg.aggregateOrderBy(name, id)) as never),
    select(func.string_agg?.(name, pg.aggregateOrderBy(name, data)) as never),
  ],
  "DISTINCT ON": [select(id).ext(pg.distinctOn(id)), select(id).ext(pg.distinctOn(name))],
  "conflict targets": [
    conflict({ indexElements: ["id"], set: { id: 1 } }),
    conflict({ constraint: "things_pkey", set: { id: 1 } }),
  ],
  "conflict columns": [
    conflict({ indexElements: ["id"], set: { id: 1 } }),
    conflict({ indexElements: ["id"], set: { name: "1" } }),
  ],
  "conflict conditions": [
    conflict({ indexElements: ["id"], set: { id: 1 }, where: id.gt(1) }),
    conflict({ indexElements: ["id"], set: { id: 1 }, where: id.lt(1) }),
  ],
  "conflict index conditions": [
    conflict({ indexElements: ["id"], set: { id: 1 }, indexWhere: id.gt(1) }),
    conflict({ indexElements: ["id"], set: { id: 1 }, where: id.gt(1) }),
  ],
  "row locks": [select(things).withForUpdate({ skipLocked: true }), select(things).withForUpdate({ nowait: true })],
  "strengths of row locks": [
    select(things).withForUpdate({ read: true }),
    select(things).withForUpdate({ keyShare: true }),
  ],
  hints: [select(things).withHint(things, "ONLY", "postgresql"), select(things)],
  "indexes that count from zero": [
    select(columnClause("a", pg.ARRAY(t.integer, { zeroIndexes: true })).at(1)),
    select(columnClause("a", pg.ARRAY(t.integer)).at(1)),
  ],
  "modes of BIGINT": [
    select(columnClause("a", t.bigInteger({ mode: "number" }))),
    select(columnClause("a", t.bigInteger)),
  ],
  enumerations: [
    select(columnClause("a", t.enum("a", "b", { name: "e" }))),
    select(columnClause("a", t.enum("a", "c", { name: "e" }))),
  ],
  domains: [select(columnClause("a", pg.DOMAIN("d", t.integer))), select(columnClause("a", pg.DOMAIN("d", t.text)))],
  "flags of regular expressions": [
    select(name.regexpMatch("a", { flags: "i" })),
    select(name.regexpMatch("a", { flags: "m" })),
  ],
  "configurations of text search": [
    select(name.match("a", { postgresqlRegconfig: "english" })),
    select(name.match("a", { postgresqlRegconfig: "simple" })),
  ],
  collations: [select(name.collate("C")), select(name.collate("POSIX"))],
};

describe("keys of the cache differ for", () => {
  test.each(Object.entries(pairs))("%s", (_name, [first, second]) => {
    expect(keyOf(first)).not.toBe(keyOf(second));
    expect(keyOf(first)).toBe(keyOf(first));
  });
});
