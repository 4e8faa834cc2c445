/** Values of every type, through tables and back: one JavaScript value for each, exact at the limits. */
import {
  cast,
  column,
  func,
  insert,
  literal,
  MetaData,
  select,
  type TypeLike,
  t,
  table,
  text,
  toType,
  typeDecorator,
  update,
} from "@athanor/core";
import fc from "fast-check";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import * as pg from "../src/index.ts";
import { drivers, url } from "./database.ts";

/** Enough of Temporal to see which text arrives. */
class Instant {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  static from(text: string): Instant {
    return new Instant(text);
  }
  get [Symbol.toStringTag](): string {
    return "Temporal.Instant";
  }
  toString(): string {
    return this.text;
  }
}

describe.skipIf(url === null).each(drivers)("values over $name", ({ engineOf }) => {
  const engine = url === null ? (undefined as never) : engineOf({ poolSize: 2 });
  beforeAll(async () => {
    await engine.begin(async (connection) => {
      for (const name of ["hstore", "citext"]) await connection.execute(text(`CREATE EXTENSION IF NOT EXISTS ${name}`));
      await connection.execute(text("DROP TYPE IF EXISTS mood"));
      await connection.execute(text("CREATE TYPE mood AS ENUM ('sad', 'ok')"));
      await connection.execute(text("DROP DOMAIN IF EXISTS posint"));
      await connection.execute(text("CREATE DOMAIN posint AS integer CHECK (VALUE > 0)"));
    });
  });

  /** Inserts values into a column of the type, in one statement each and all at once, and reads them back. */
  const roundTrip = async (type: TypeLike, values: readonly unknown[]): Promise<unknown[]> => {
    const metadata = new MetaData();
    const values_ = table(
      "round_trip",
      metadata,
      { id: column(t.integer, { primaryKey: true }), v: column(type) },
      { prefixes: ["TEMPORARY"] },
    );
    await using connection = await engine.connect();
    await metadata.createAll(connection, { checkfirst: false });
    await connection.execute(insert(values_).values(values.map((v) => ({ v })) as never));
    const [first] = values;
    await connection.execute(
      insert(values_),
      values.map((v) => ({ v })),
    );
    await connection.execute(insert(values_).values({ v: first } as never));
    await connection.execute(
      update(values_)
        .where(values_.c.v.eq(first as never))
        .values({ v: first } as never),
    );
    const rows = (await connection.scalars(select(values_.c.v).orderBy(values_.c.id))).all();
    const count = values.length;
    expect(rows.slice(count, count * 2)).toEqual(rows.slice(0, count));
    expect(rows.at(-1)).toEqual(rows[0]);
    return rows.slice(0, count);
  };

  const cases: readonly (readonly [name: string, type: TypeLike, values: readonly unknown[]])[] = [
    ["integer", t.integer, [-2147483648, 0, 2147483647, null]],
    ["smallInteger", t.smallInteger, [-32768, 32767, null]],
    ["bigInteger", t.bigInteger, [-(2n ** 63n), 2n ** 63n - 1n, 0n, null]],
    ["bigInteger as number", t.bigInteger({ mode: "number" }), [2 ** 53 - 1, -5, null]],
    ["numeric", t.numeric, ["12345678901234567890123456789012345678", "-0.000000000000000000001", "0", null]],
    ["numeric(10, 2)", t.numeric(10, 2), ["12345678.90", "-0.01", null]],
    ["numeric as number", t.numeric(10, 2, { as: "number" }), [1.5, -0.01, null]],
    ["float", t.float, [1.1, -1e300, 5e-324, Number.POSITIVE_INFINITY, null]],
    ["real", t.REAL, [1.5, -0.25, null]],
    ["string", t.string(20), ["", "ü 😀 'q' \\", "a%b_c", null]],
    ["text", t.text, ["x".repeat(100_000), "\n\t", null]],
    ["boolean", t.boolean, [true, false, null]],
    ["date", t.date, ["0001-01-01", "1883-11-18", "2024-02-29", "9999-12-31", null]],
    ["time", t.time, ["00:00:00", "23:59:59.999999", "08:09:10.5", null]],
    [
      "dateTime",
      t.dateTime,
      [
        new Date("0001-01-01T00:00:00Z"),
        new Date("1883-11-18T12:03:58.123Z"),
        new Date("9999-12-31T23:59:59.999Z"),
        null,
      ],
    ],
    [
      "dateTime with a time zone",
      t.dateTime({ timezone: true }),
      [new Date("1883-11-18T12:03:58.123Z"), new Date("2024-02-29T08:09:10Z"), null],
    ],
    ["interval", t.interval, ["P1DT2H", "PT0.000001S", "-P1D", "PT0S", null]],
    ["interval with months", pg.INTERVAL, ["P1Y2M3DT4H5M6.789S", "P-1M3D", null]],
    ["largeBinary", t.largeBinary, [Uint8Array.of(), Uint8Array.from({ length: 256 }, (_, index) => index), null]],
    ["uuid", t.uuid, ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", null]],
    ["json", t.json, [{ a: [1, null, "ü"] }, [], "text", 5, true]],
    ["jsonb", pg.JSONB, [{ a: { b: [1.5, null] } }, "text", 0]],
    ["array of integers", pg.ARRAY(t.integer), [[1, 2, null], [], null]],
    ["array of strings", pg.ARRAY(t.string), [["a,b", '"', "\\", "NULL", "", "{}", null], [], null]],
    [
      "array of two dimensions",
      pg.ARRAY(t.integer, { dimensions: 2 }),
      [
        [
          [1, 2],
          [3, 4],
        ],
        null,
      ],
    ],
    [
      "array of dates and times",
      pg.ARRAY(t.dateTime({ timezone: true })),
      [[new Date("2024-01-01T00:00:00.5Z"), null]],
    ],
    ["array of bytes", pg.ARRAY(t.largeBinary), [[Uint8Array.of(0, 255)]]],
    ["array of decimals", pg.ARRAY(t.numeric), [["1.50", "2"]]],
    ["array of big integers", pg.ARRAY(t.bigInteger), [[2n ** 62n]]],
    ["array of documents", pg.ARRAY(pg.JSONB, { dimensions: 1 }), [[{ a: 1 }, [1, 2]]]],
    ["array of UUIDs", t.array(t.uuid), [["00000000-0000-0000-0000-00000000000a"]]],
    ["array of intervals", pg.ARRAY(t.interval), [["PT5M", "P1D"]]],
    ["array of ranges", pg.ARRAY(pg.INT4RANGE), [[pg.range(1, 5)]]],
    ["enum", pg.ENUM("sad", "ok", { name: "mood", createType: false }), ["sad", "ok", null]],
    ["array of enums", pg.ARRAY(pg.ENUM("sad", "ok", { name: "mood", createType: false })), [["ok", "sad", null]]],
    ["domain", pg.DOMAIN("posint", t.integer, { createType: false }), [5, null]],
    ["hstore", pg.HSTORE, [{ a: "1", 'q"\\ =>': null, "": "" }, {}, null]],
    ["int4range", pg.INT4RANGE, [pg.range(1, 5), pg.range(null, 5, { bounds: "()" }), pg.emptyRange(), null]],
    ["int8range", pg.INT8RANGE, [pg.range(1n, 2n ** 62n)]],
    ["numrange", pg.NUMRANGE, [pg.range("1.5", "2.50", { bounds: "[]" })]],
    ["daterange", pg.DATERANGE, [pg.range("2024-01-01", "2024-02-29")]],
    ["tsrange", pg.TSRANGE, [pg.range(new Date("2024-01-01T00:00:00Z"), null)]],
    ["tstzrange", pg.TSTZRANGE, [pg.range(new Date("2024-01-01T00:00:00.123Z"), new Date("2024-01-02T00:00:00Z"))]],
    ["int4multirange", pg.INT4MULTIRANGE, [[pg.range(1, 3), pg.range(5, 6)], []]],
    [
      "tstzmultirange",
      pg.TSTZMULTIRANGE,
      [[pg.range(new Date("2024-01-01T00:00:00Z"), new Date("2024-01-02T00:00:00Z"))]],
    ],
    ["inet", pg.INET, ["10.0.0.1", "::1/64", null]],
    ["cidr", pg.CIDR, ["10.0.0.0/8"]],
    ["macaddr", pg.MACADDR, ["08:00:2b:01:02:03"]],
    ["bit", pg.BIT(5), ["10101", null]],
    ["bit varying", pg.BIT({ varying: true }), ["1", "", null]],
    ["citext", pg.CITEXT, ["MiXed", null]],
    ["tsvector", pg.TSVECTOR, ["'cat' 'dog'"]],
    ["tsquery", pg.TSQUERY, ["'cat' & 'dog'"]],
    ["oid", pg.OID, [26]],
    ["regclass", pg.REGCLASS, ["pg_class"]],
    ["money", pg.MONEY, ["$1.50"]],
    ["jsonpath", pg.JSONPATH, ['$."a"[*]']],
    ["timestamp(3)", pg.TIMESTAMP({ precision: 3, timezone: true }), [new Date("2024-02-29T08:09:10.123Z")]],
    ["bytea", pg.BYTEA, [Uint8Array.of(1, 2)]],
    [
      "a decorated type",
      typeDecorator({
        impl: t.string,
        bind: (value: string) => value.toUpperCase(),
        result: (value: string) => value.toLowerCase(),
      }),
      ["abc"],
    ],
  ];

  const comparable = new Set(["json", "tsvector", "jsonpath"]);
  test.each(cases.filter(([name]) => !comparable.has(name)))("%s", async (_name, type, values) => {
    expect(await roundTrip(type, values)).toEqual(values);
  });

  test("JSON, which does not compare", async () => {
    await using connection = await engine.connect();
    for (const value of [{ a: [1, null, "ü"] }, [], "text", 5, true, null]) {
      expect(await connection.scalar(select(literal(value, t.json({ noneAsNull: true }))))).toEqual(value);
      expect(await connection.scalar(select(literal(value, pg.JSONB)))).toEqual(value);
    }
    expect(await connection.scalar(select(func.jsonb_typeof?.(literal(t.json.NULL, pg.JSONB))))).toBe("null");
    expect(await connection.scalar(select(cast("'cat' 'dog'", pg.TSVECTOR)))).toBe("'cat' 'dog'");
  });

  test("anything that is given and valid comes back", async () => {
    await using connection = await engine.connect();
    const back = async (type: TypeLike, value: unknown): Promise<void> => {
      expect(await connection.scalar(select(literal(value, type)))).toEqual(value);
    };
    const words = fc.string({ unit: "grapheme" }).filter((word) => !word.includes("\0"));
    const moments = fc.date({
      min: new Date("0001-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59Z"),
      noInvalidDate: true,
    });
    const check = <T>(type: TypeLike, values: fc.Arbitrary<T>): Promise<void> =>
      fc.assert(
        fc.asyncProperty(values, (value) => back(type, value)),
        { numRuns: 40 },
      );
    await check(t.text, words);
    await check(t.integer, fc.integer());
    await check(t.bigInteger, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
    await check(
      t.double,
      fc.double({ noNaN: true }).map((value) => value + 0),
    );
    await check(t.dateTime, moments);
    await check(t.dateTime({ timezone: true }), moments);
    await check(
      t.largeBinary,
      fc.uint8Array().map((bytes) => Uint8Array.from(bytes)),
    );
    await check(pg.ARRAY(t.text), fc.array(fc.option(words)));
    await check(
      pg.HSTORE,
      fc.dictionary(words, fc.option(words)).map((value) => ({ ...value })),
    );
    await check(
      pg.JSONB,
      fc
        .jsonValue()
        .filter((value) => !/\\u0000|\\ud[89a-f]/.test(JSON.stringify(value)))
        .map((value) => JSON.parse(JSON.stringify(value)) as unknown),
    );
  });

  test("literals in the text mean the same", async () => {
    await using connection = await engine.connect();
    for (const [name, type, values] of cases) {
      if (name === "json" || name === "text") continue;
      for (const value of values) {
        const statement = select(cast(literal(value, type), type));
        const sql = String(statement.compile({ dialect: engine.dialect, literalBinds: true }));
        const read = (await connection.execDriverSql(sql)).scalar();
        const expected = (await connection.execute(statement)).scalar();
        const process = engine.dialect.adaptType(toType(type)).resultProcessor(engine.dialect);
        const result = process === null ? read : process(read);
        expect([name, result]).toEqual([name, expected]);
      }
    }
  });

  describe("Temporal", () => {
    const globals = globalThis as unknown as { Temporal?: object | undefined };
    const before = globals.Temporal;
    afterEach(() => {
      globals.Temporal = before;
    });

    test("keeps microseconds", async () => {
      globals.Temporal = { Instant, PlainDateTime: Instant, Duration: Instant };
      await using connection = await engine.connect();
      const moment = new Instant("2024-02-29T08:09:10.123456Z");
      const type = t.dateTime({ timezone: true, as: "temporal" } as never) as unknown as TypeLike;
      const statement = select(literal(moment, type), literal([moment], pg.ARRAY(type)));
      for (let round = 0; round < 3; round++) {
        const [one, list] = (await connection.execute(statement)).one() as unknown as [Instant, Instant[]];
        expect([one.text, list[0]?.text]).toEqual([moment.text, moment.text]);
      }
      const [streamed] = (await connection.execute(statement, null, { yieldPer: 1 })).all() as unknown as [Instant][];
      expect(streamed?.[0].text).toBe(moment.text);
    });
  });

  test("aggregates and functions keep the type of what they are about", async () => {
    await using connection = await engine.connect();
    const numbers = select(
      literal(2, t.integer).label("i"),
      literal(5n, t.bigInteger).label("b"),
      literal("1.50", t.numeric(10, 2)).label("n"),
    ).subquery();
    const { i, b, n } = numbers.c;
    const row = (
      await connection.execute(
        select(
          func.count(),
          func.sum(i),
          func.sum(b),
          func.max(n),
          func.avg(i),
          func.array_agg(i),
          func.coalesce(func.max(i), 0),
        ),
      )
    ).one();
    expect([...row]).toEqual([1, 2, 5n, "1.50", 2, [2], 2]);
  });
});
