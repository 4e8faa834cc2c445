/** Values of every type, there and back, through the engine and both libraries. */
import {
  column,
  createEngine,
  func,
  insert,
  literal,
  MetaData,
  onWarning,
  select,
  type TypeLike,
  t,
  table,
  text,
  toType,
} from "@athanor/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as sqlite from "../src/index.ts";
import { both } from "./both.ts";

const bytes = fc.uint8Array({ maxLength: 40 });
const pad = (value: number, width = 2): string => String(value).padStart(width, "0");
const date = fc.date({
  min: new Date("0001-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59.999Z"),
  noInvalidDate: true,
});
const day = date.map((value) => value.toISOString().slice(-24, -14));
const time = fc
  .tuple(fc.nat(23), fc.nat(59), fc.nat(59), fc.nat(999_999))
  .map(([h, m, s, f]) => `${pad(h)}:${pad(m)}:${pad(s)}${f === 0 ? "" : `.${pad(f, 6).replace(/0+$/, "")}`}`);
const integer = fc.integer();
const bigInteger = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const decimal = fc
  .tuple(fc.integer({ min: -999_999_999, max: 999_999_999 }), fc.nat(99))
  .map(([whole, cents]) => `${whole}.${pad(cents)}`);
const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);

describe.each(both)("$scheme", ({ scheme }) => {
  const engine = createEngine(`${scheme}://`);

  /** What the database gives back for each value. */
  function roundTrip(type: TypeLike, values: readonly unknown[]): unknown[] {
    const metadata = new MetaData();
    const kept = table("kept", metadata, {
      id: column(t.integer, { primaryKey: true }),
      value: column(type as typeof t.integer),
    });
    return engine.begin((connection) => {
      metadata.createAll(connection);
      for (const value of values) connection.execute(insert(kept).values({ value: value as number }));
      const found = connection.execute(select(kept.c.value).orderBy(kept.c.id)).scalars().all();
      metadata.dropAll(connection);
      return found;
    });
  }

  const properties: readonly (readonly [name: string, type: TypeLike, values: fc.Arbitrary<unknown>])[] = [
    ["integer", t.integer, integer],
    ["bigInteger", t.bigInteger, bigInteger],
    ["boolean", t.boolean, fc.boolean()],
    ["float", t.float, fc.double({ noNaN: true, noDefaultInfinity: false })],
    ["numeric(11, 2)", t.numeric(11, 2), decimal],
    ["string", t.string(50), fc.string({ unit: "grapheme" })],
    ["text", t.text, fc.string({ unit: "binary" })],
    ["largeBinary", t.largeBinary, bytes],
    ["uuid", t.uuid, fc.uuid()],
    ["dateTime", t.dateTime, date],
    ["dateTime with zone", t.dateTime({ timezone: true }), date],
    ["date", t.date, day],
    ["time", t.time, time],
    ["json", t.json, json],
    ["sqlite.JSONB", sqlite.JSONB, json],
    ["enum", t.enum("a", "b c", "ü"), fc.constantFrom("a", "b c", "ü")],
    [
      "DATETIME without fraction",
      sqlite.DATETIME({ truncateMicroseconds: true }),
      date.map((value) => new Date(Math.floor(value.getTime() / 1000) * 1000)),
    ],
    [
      "DATETIME of digits",
      sqlite.DATETIME({
        storageFormat: "%(year)04d%(month)02d%(day)02d%(hour)02d%(minute)02d%(second)02d%(microsecond)06d",
      }),
      date,
    ],
    ["DATE of one's own", sqlite.DATE({ storageFormat: "%(month)02d/%(day)02d/%(year)04d" }), day],
    ["TIME of one's own", sqlite.TIME({ storageFormat: "%(hour)d-%(minute)d-%(second)d-%(microsecond)d" }), time],
  ];

  test.each(properties)("%s", (_name, type, values) => {
    fc.assert(
      fc.property(fc.array(fc.option(values, { nil: null }), { minLength: 1, maxLength: 20 }), (list) => {
        expect(roundTrip(type, list)).toEqual(list.map((value) => (Object.is(value, -0) ? 0 : value)));
      }),
      { numRuns: 40 },
    );
  });

  test("intervals", () => {
    expect(roundTrip(t.interval, ["PT5M", "P1DT2H", "-PT0.000001S", null])).toEqual([
      "PT5M",
      "P1DT2H",
      "-PT0.000001S",
      null,
    ]);
  });

  test("limits of integers, and numbers beyond them", () => {
    expect(roundTrip(t.bigInteger({ mode: "number" }), [5, 2n ** 40n])).toEqual([5, 2 ** 40]);
    expect(roundTrip(t.integer, [2 ** 53 - 1])).toEqual([2 ** 53 - 1]);
    expect(() => roundTrip(t.bigInteger, [2n ** 63n])).toThrow(/too (?:big|large)/);
  });

  test("decimals: whole numbers of 64 bits and 15 digits are exact, SQLite rounds the rest", () => {
    expect(roundTrip(t.numeric, ["9223372036854775807", "0.1", "-12.50", "123456789012.345", 3, 5n])).toEqual([
      "9223372036854775807",
      "0.1",
      "-12.5",
      "123456789012.345",
      "3",
      "5",
    ]);
    expect(roundTrip(t.numeric(20, 2), ["9007199254740993"])).toEqual(["9007199254740993.00"]);
    expect(roundTrip(t.numeric(30, 20), ["0.1"])).toEqual(["0.10000000000000000000"]);
    expect(roundTrip(t.numeric(38, 20), ["1.00000000000000000001"])).toEqual(["1.00000000000000000000"]);
    expect(roundTrip(t.numeric(10, 2, { as: "number" }), ["1.5"])).toEqual([1.5]);
  });

  test("a decimal that SQLite rounds is warned of, one that it keeps is not", () => {
    const warnings: string[] = [];
    const restore = onWarning((message) => warnings.push(message));
    try {
      roundTrip(t.numeric(30, 10), [
        "9223372036854775807",
        "0.0000000001",
        "123456789012.345000000000",
        "-12345.6789012345",
      ]);
      expect(warnings).toEqual([]);
      roundTrip(t.numeric(20, 4), ["12345678901234.1234"]);
      roundTrip(t.numeric(38, 0), ["99999999999999999999"]);
      expect(warnings).toHaveLength(2);
      expect(warnings[0]).toContain("NUMERIC(20, 4) and is rounded");
      expect(warnings[1]).toContain("NUMERIC(38, 0) and is rounded");
    } finally {
      restore();
    }
  });

  test("decimals compare as numbers, in expressions too", () => {
    const rows = engine
      .connect()
      .execute(
        select(
          literal("10", t.numeric).gt(literal("9.5", t.numeric)),
          literal(3, t.numeric).mul(literal("1.5", t.numeric)),
        ),
      )
      .all();
    expect([...(rows[0] as Iterable<unknown>)]).toEqual([true, "4.5"]);
  });

  test("moments are UTC text, whatever they were given as", () => {
    const connection = engine.connect();
    connection.execDriverSql("CREATE TEMP TABLE moments (at DATETIME)");
    const moments = table("moments", new MetaData(), { at: column(t.dateTime) });
    connection.execute(insert(moments).values({ at: new Date("2024-01-02T03:04:05.678Z") }));
    connection.execute(text("INSERT INTO moments VALUES (:at)"), { at: new Date("2024-01-02T03:04:05.678Z") });
    expect(connection.execute(text("SELECT at FROM moments")).scalars().all()).toEqual(
      Array(2).fill("2024-01-02 03:04:05.678000"),
    );
    connection.execDriverSql(
      "INSERT INTO moments VALUES ('2024-01-02T03:04:05Z'), ('2024-01-02'), (CURRENT_TIMESTAMP)",
    );
    const read = connection.execute(select(moments.c.at)).scalars().all();
    expect(read.slice(0, 4)).toEqual(
      ["03:04:05.678", "03:04:05.678", "03:04:05", "00:00"].map((at) => new Date(`2024-01-02T${at}Z`)),
    );
    expect(read[4]).toBeInstanceOf(Date);
    connection.close();
  });

  test("text of another format names the way out", () => {
    const connection = engine.connect();
    connection.execDriverSql("CREATE TEMP TABLE bad (at TEXT)");
    connection.execDriverSql("INSERT INTO bad VALUES ('yesterday')");
    const bad = (type: TypeLike) => table("bad", new MetaData(), { at: column(type as typeof t.dateTime) });
    expect(() => connection.execute(select(bad(t.dateTime).c.at)).all()).toThrow(/yesterday/);
    expect(() => connection.execute(select(bad(sqlite.DATE({ storageFormat: "%(year)d" })).c.at)).all()).toThrow(
      /storageFormat/,
    );
    connection.close();
  });

  test("formats that cannot be", () => {
    expect(() => sqlite.DATETIME({ storageFormat: "%(century)d" }).bindProcessor(engine.dialect)).toThrow(/century/);
    expect(() =>
      sqlite.DATETIME({ storageFormat: "%(year)d", truncateMicroseconds: true }).bindProcessor(engine.dialect),
    ).toThrow(/truncateMicroseconds/);
  });

  test("a regexp with names reads what the format alone would not", () => {
    const type = sqlite.DATE({
      storageFormat: "%(day)d.%(month)d.%(year)d",
      regexp: /(?<day>\d+)\.(?<month>\d+)\.(?<year>\d+)/,
    });
    expect(roundTrip(type, ["2024-03-02"])).toEqual(["2024-03-02"]);
  });

  test("a variant brings its expressions", () => {
    expect(roundTrip(t.json().withVariant(sqlite.JSONB, "sqlite"), [{ a: [1] }])).toEqual([{ a: [1] }]);
  });

  test("JSON: paths with any names, typed access, NULL against null", () => {
    const connection = engine.connect();
    const metadata = new MetaData();
    const documents = table("documents", metadata, { data: column(t.json), binary: column(sqlite.JSONB) });
    metadata.createAll(connection);
    const names = ["a", 'with "quotes"', "back\\slash", "a.b", "[0]", "it's", "$", "ü", ""];
    const data = Object.fromEntries(names.map((name, index) => [name, { list: [index, String(index)] }]));
    connection.execute(insert(documents).values({ data, binary: data }));
    for (const [index, name] of names.entries()) {
      const found = connection.execute(
        select(
          documents.c.data.at(name),
          documents.c.data.at([name, "list", 0]).asInteger(),
          documents.c.binary.at(name).at("list").at(1).asString(),
          documents.c.binary.at([name, "list", -1]).asString(),
          documents.c.data.at([name, "none"]),
        ),
      );
      expect([...(found.one() as Iterable<unknown>)]).toEqual([data[name], index, String(index), String(index), null]);
    }
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 8 }).filter((name) => !name.includes("\0")),
        fc.integer(),
        (name, value) => {
          connection.execute(insert(documents).values({ data: { [name]: value, other: -1 } }));
          const path = select(documents.c.data.at(name).asInteger()).orderBy(text("rowid desc")).limit(1);
          expect(connection.execute(path).scalar()).toBe(value);
          expect(
            connection.execDriverSql(path.compile({ dialect: engine.dialect, literalBinds: true }).sql).scalar(),
          ).toBe(value);
        },
      ),
      { numRuns: 60 },
    );
    metadata.dropAll(connection);
    connection.close();
  });

  test("literals in the text mean what they say", () => {
    const connection = engine.connect();
    const check = (type: TypeLike, value: unknown): void => {
      const sql = select(literal(value, type as typeof t.integer)).compile({
        dialect: engine.dialect,
        literalBinds: true,
      }).sql;
      const found = connection.execDriverSql(sql).scalar();
      const read = engine.dialect.adaptType(toType(type)).resultProcessor(engine.dialect);
      expect(read === null ? found : read(found)).toEqual(value);
    };
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }).filter((value) => !value.includes("\0")),
        (value) => check(t.string, value),
      ),
      { numRuns: 100 },
    );
    fc.assert(
      fc.property(bigInteger, (value) => check(t.bigInteger, value)),
      { numRuns: 50 },
    );
    fc.assert(
      fc.property(bytes, (value) => check(t.largeBinary, value)),
      { numRuns: 50 },
    );
    fc.assert(
      fc.property(date, (value) => check(t.dateTime, value)),
      { numRuns: 50 },
    );
    fc.assert(
      fc.property(day, (value) => check(t.date, value)),
      { numRuns: 50 },
    );
    fc.assert(
      fc.property(time, (value) => check(t.time, value)),
      { numRuns: 50 },
    );
    fc.assert(
      fc.property(
        json.filter((value) => !JSON.stringify(value).includes("\\u0000")),
        (value) => check(t.json, value),
      ),
      { numRuns: 50 },
    );
    check(t.interval, "P1DT0.5S");
    fc.assert(fc.property(fc.boolean(), (value) => check(t.boolean, value)));
    fc.assert(fc.property(fc.uuid(), (value) => check(t.uuid, value)));
    connection.close();
  });

  test("untyped results", () => {
    const row = engine
      .connect()
      .execute(select(func.coalesce(null, 5), func.count(), text("x'00'")))
      .one();
    expect([...(row as Iterable<unknown>)]).toEqual([5, 1, Uint8Array.of(0)]);
  });
});
