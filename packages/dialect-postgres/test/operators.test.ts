/** Operators with values beside columns, executed for every type: the server must find an operator for the casts we write. */
import {
  any,
  type ColumnElement,
  column,
  func,
  literal,
  MetaData,
  not,
  select,
  type TypeLike,
  t,
  table,
  text,
  tuple,
} from "@athanor/core";
import { beforeAll, describe, expect, test } from "vitest";
import * as pg from "../src/index.ts";
import { engineOf, url } from "./database.ts";

const epoch = new Date(0);
const later = new Date(1e9);

/** A type, a value of it, and, for ranges, something inside. */
const kinds: Readonly<Record<string, readonly [TypeLike, unknown, unknown?]>> = {
  integer: [t.integer, 5],
  smallint: [t.smallInteger, 5],
  bigint: [t.bigInteger, 5n],
  numeric: [t.numeric(10, 2), "1.50"],
  float: [t.float, 1.5],
  real: [t.REAL, 1.5],
  double: [t.double, 1.5],
  text: [t.text, "x"],
  varchar: [t.string(5), "x"],
  char: [t.CHAR(1), "x"],
  unicode: [t.unicodeText, "ü"],
  boolean: [t.boolean, true],
  date: [t.date, "2024-01-02"],
  time: [t.time, "10:00:00"],
  timetz: [t.time({ timezone: true }), "10:00:00+00"],
  timestamp: [t.dateTime, epoch],
  timestamptz: [t.dateTime({ timezone: true }), epoch],
  precise: [pg.TIMESTAMP({ precision: 3 }), epoch],
  interval: [t.interval, "P1D"],
  uuid: [t.uuid, "6f0e7c1a-3f53-4f5e-9f0e-0a0b0c0d0e0f"],
  bytes: [t.largeBinary, new Uint8Array([1, 2])],
  jsonb: [pg.JSONB, { a: 1 }],
  inet: [pg.INET, "10.0.0.1"],
  cidr: [pg.CIDR, "10.0.0.0/8"],
  macaddr: [pg.MACADDR, "08:00:2b:01:02:03"],
  money: [pg.MONEY, "$1.00"],
  oid: [pg.OID, 5],
  bit: [pg.BIT(3), "101"],
  hstore: [pg.HSTORE, { a: "1" }],
  enum: [pg.ENUM("sad", "ok", { name: "operator_mood" }), "ok"],
  generic_enum: [t.enum("a", "b", { name: "operator_letter" }), "a"],
  domain: [pg.DOMAIN("operator_word", t.text), "x"],
  int4range: [pg.INT4RANGE, pg.range(1, 5), 2],
  int8range: [pg.INT8RANGE, pg.range(1n, 5n), 2n],
  numrange: [pg.NUMRANGE, pg.range("1.5", "5"), "2.5"],
  daterange: [pg.DATERANGE, pg.range("2024-01-01", "2024-02-01"), "2024-01-15"],
  tsrange: [pg.TSRANGE, pg.range(epoch, later), new Date(1e6)],
  tstzrange: [pg.TSTZRANGE, pg.range(epoch, later), new Date(1e6)],
  int4multirange: [pg.INT4MULTIRANGE, [pg.range(1, 5)], 2],
};
const names = Object.keys(kinds);
const documents = {
  text: "x",
  whole: 1,
  half: 1.5,
  yes: true,
  list: [1, "z"],
  inner: { k: "v" },
};

/** Expressions as these tests use them: their types are known at run time only. */
type Method =
  | "add"
  | "adjacentTo"
  | "all"
  | "any"
  | "at"
  | "between"
  | "bitwiseLshift"
  | "concat"
  | "containedBy"
  | "contains"
  | "difference"
  | "eq"
  | "in"
  | "intersection"
  | "is"
  | "isNotDistinctFrom"
  | "lt"
  | "ne"
  | "notExtendLeftOf"
  | "notExtendRightOf"
  | "notIn"
  | "overlap"
  | "overlaps"
  | "strictlyLeftOf"
  | "strictlyRightOf"
  | "union";
type Loose = { readonly [M in Method]: (...args: readonly unknown[]) => Loose };
const no = (expression: unknown): unknown => not(expression as never);
const call = (name: string, ...args: readonly unknown[]): Loose => func[name]?.(...args) as unknown as Loose;

const items = table("operator_items", new MetaData(), {
  id: column(t.integer, { primaryKey: true }),
  document: column(pg.JSONB),
  ...Object.fromEntries(
    names.flatMap((name) => {
      const type = kinds[name]?.[0] as TypeLike;
      return [
        [`one_${name}`, column(type)],
        [`many_${name}`, column(pg.ARRAY(type, { dimensions: 1 }))],
      ];
    }),
  ),
});
const columnOf = (name: string): Loose => (items.c as unknown as Record<string, Loose>)[name] as Loose;

describe.skipIf(url === null)("operators", () => {
  const engine = url === null ? (undefined as never) : engineOf();
  const truth = async (expression: unknown): Promise<unknown> => {
    await using connection = await engine.connect();
    return await connection.scalar(select(expression as ColumnElement));
  };
  const all = async (expressions: Readonly<Record<string, unknown>>): Promise<void> => {
    const found: Record<string, unknown> = {};
    for (const [name, expression] of Object.entries(expressions)) {
      found[name] = await truth(expression).catch((error: Error) => error.message);
    }
    expect(found).toEqual(Object.fromEntries(Object.keys(expressions).map((name) => [name, true])));
  };

  beforeAll(async () => {
    await engine.begin(async (connection) => {
      await connection.execute(text("CREATE EXTENSION IF NOT EXISTS hstore"));
      await items.metadata.createAll(connection);
      const row: Record<string, unknown> = { document: documents };
      for (const [name, [, value]] of Object.entries(kinds)) {
        row[`one_${name}`] = value;
        row[`many_${name}`] = [value, value];
      }
      await connection.execute(pg.insert(items).values(row as never));
    });
  });

  test.each(names)("%s", async (name) => {
    const [type, value] = kinds[name] as readonly [TypeLike, unknown];
    const one = columnOf(`one_${name}`);
    const other = literal(value as never, type);
    await all({
      eq: one.eq(value),
      "not ne": no(one.ne(value)),
      isNotDistinctFrom: one.isNotDistinctFrom(value),
      in: one.in([value, value]),
      "not notIn": no(one.notIn([value])),
      tuple: tuple(one as never, items.c.id).in([[value, 1]] as never),
      any: one.eq(any(columnOf(`many_${name}`) as never)),
      "value any": other.eq(any(columnOf(`many_${name}`) as never)),
      nullif: call("nullif", one, value).is(null),
      coalesce: call("coalesce", one, value).eq(other),
    });
  });

  test.each(names)("arrays of %s", async (name) => {
    const [type, value] = kinds[name] as readonly [TypeLike, unknown];
    const many = columnOf(`many_${name}`);
    const written = name === "domain" ? [value] : pg.array([value], { type });
    await all({
      eq: many.eq([value, value]),
      contains: many.contains([value]),
      "contains ARRAY[]": many.contains(written),
      containedBy: many.containedBy([value]),
      overlap: many.overlap([value]),
      "not overlap nothing": no(many.overlap([])),
      any: many.any(value),
      all: many.all(value),
      at: many.at(1).eq(value),
      concat: call("array_length", many.concat([value]), 1).eq(3),
      append: call("array_length", call("array_append", many, literal(value as never, type)), 1).eq(3),
    });
  });

  test.each(names.filter((name) => kinds[name]?.length === 3))("ranges: %s", async (name) => {
    const [, value, element] = kinds[name] as readonly [TypeLike, unknown, unknown];
    const one = columnOf(`one_${name}`);
    const text = Array.isArray(value) ? `{${value[0]}}` : String(value);
    await all({
      "contains an element": one.contains(element),
      contains: one.contains(value),
      "contains text": one.contains(name.startsWith("ts") ? "empty" : text),
      containedBy: one.containedBy(value),
      overlaps: one.overlaps(value),
      "overlaps several": one.overlaps([Array.isArray(value) ? value[0] : value]),
      notExtendLeftOf: one.notExtendLeftOf(value),
      notExtendRightOf: one.notExtendRightOf(value),
      "not strictlyLeftOf": no(one.strictlyLeftOf(value)),
      "not strictlyRightOf": no(one.strictlyRightOf(value)),
      "not adjacentTo": no(one.adjacentTo(value)),
      union: one.union(value).eq(value),
      intersection: one.intersection(value).eq(value),
      difference: call("isempty", one.difference(value)),
    });
  });

  test("JSONB beside scalars", async () => {
    const { document } = items.c;
    for (const [key, value] of Object.entries(documents)) {
      const element = document.at(key);
      await all({
        [`${key} eq`]: element.eq(value),
        [`${key} not ne`]: no(element.ne(value)),
        [`${key} isNotDistinctFrom`]: element.isNotDistinctFrom(value),
        [`${key} in`]: Array.isArray(value) ? true : element.in([value]),
        [`${key} contains`]: element.contains(value),
        [`${key} containedBy`]: element.containedBy(value),
      });
    }
    await all({
      lt: document.at("whole").lt(5),
      between: document.at("whole").between(0, 2),
      "contains a scalar": document.at("list").contains("z"),
      "concat a scalar": document.at("list").concat("w").contains("w"),
      "concat a document": (document.concat({ more: 1 }) as unknown as Loose).at("more").eq(1),
      "not sub": no((document.sub("text") as unknown as Loose).contains({ text: "x" })),
      asBoolean: document.at("yes").asBoolean().eq(true),
    });
  });

  test("values that do not fit the column", async () => {
    await all({
      "integer and number": columnOf("one_integer").lt(3_000_000_000),
      "integer and bigint": columnOf("one_integer").lt(3_000_000_000n),
      smallint: columnOf("one_smallint").add(40_000).eq(40_005),
      "shifted bigint": columnOf("one_bigint").bitwiseLshift(1).eq(10n),
      "integer and fraction": columnOf("one_integer").add(1.5).eq(6.5),
      "numeric and number": columnOf("one_numeric").eq(1.5),
    });
  });

  test("text beside what has no known type", async () => {
    await all({
      date: call("date", columnOf("one_timestamptz")).eq("1970-01-01"),
      numeric: call("round", columnOf("one_numeric"), 1).eq("1.5"),
      text: call("left", "abc", 1).eq("a"),
      in: call("left", "abc", 1).in(["a", "b"]),
      between: call("date", columnOf("one_timestamptz")).between("1969-01-01", "1971-01-01"),
      bound: call("lower", columnOf("one_daterange")).eq("2024-01-01"),
      number: call("length", "abc").eq("3"),
    });
  });
});
