/** Every database's own types: random values, with limits, NULL and unicode, by each way into a column and back. */

import {
  column,
  dropTable,
  expandForExecution,
  func,
  insert,
  MetaData,
  select,
  type TypeLike,
  t,
  table,
} from "@athanor/core";
import * as mysql from "@athanor/dialect-mysql";
import * as pg from "@athanor/dialect-postgres";
import * as sqlite from "@athanor/dialect-sqlite";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fuzz, type Target, targets } from "./targets.ts";

/** A type, its values, and what comes back where that differs. */
interface Own {
  readonly type: TypeLike;
  readonly values: fc.Arbitrary<unknown>;
  readonly back?: (value: never) => unknown;
  /** Not comparable in SQL, or not to the value itself. */
  readonly opaque?: boolean;
}

const nasty = fc.constantFrom(
  "",
  " ",
  "a'b",
  '"',
  "\\",
  "{}",
  "{a,b}",
  "NULL",
  "null",
  ",",
  "(",
  "]",
  "%s",
  ":x",
  "$1",
  "?",
  "日本",
  "😀",
  "\n\t",
  "--",
);
const words = fc.oneof(
  nasty,
  fc
    .string({ unit: "grapheme", maxLength: 12 })
    .filter((text) => !/\0|[\ud800-\udfff]/.test(text.replaceAll(/[\ud800-\udbff][\udc00-\udfff]/g, ""))),
);
const int4 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const int8 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const exact = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 1, max: 999 }))
  .map(([whole, part]) => `${whole}.${String(part).padStart(3, "0")}`);
const moment = fc.date({
  min: new Date("0001-01-02T00:00:00Z"),
  max: new Date("9999-12-30T00:00:00Z"),
  noInvalidDate: true,
});
const day = moment.map((date) => date.toISOString().slice(0, 10));
const bytes = fc.uint8Array({ maxLength: 20 });
const double = fc.double({ noNaN: true }).map((value) => (value === 0 ? 0 : value));
/** Without keys that need a backslash: JSON.parse of V8 13 takes one such key for another of the same length. */
const key = words.filter((text) => !/["\\\p{Cc}]/u.test(text));
const document = fc.letrec((tie) => ({
  leaf: fc.oneof(fc.boolean(), fc.constant(null), fc.integer(), double.filter(Number.isFinite), words),
  value: fc.oneof(
    { maxDepth: 3 },
    tie("leaf"),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;
const hstore = fc.dictionary(words, fc.option(words), { maxKeys: 4, noNullPrototype: true });
const octet = fc.integer({ min: 0, max: 255 });
const ipv4 = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join("."));
const hex = (digits: number) =>
  fc.integer({ min: 0, max: 16 ** digits - 1 }).map((number) => number.toString(16).padStart(digits, "0"));
const mac = (count: number) => fc.array(hex(2), { minLength: count, maxLength: count }).map((parts) => parts.join(":"));
const bits = (min: number, max: number) =>
  fc
    .array(fc.constantFrom("0", "1"), { minLength: min, maxLength: max })
    .map((digits) => pg.BitString(digits.join("")));
const micros = fc.integer({ min: 0, max: 86_399_999_999 });
const clock = micros.map((value) => {
  const [h, m, s, f] = [value / 3.6e9, (value / 6e7) % 60, (value / 1e6) % 60, value % 1e6].map(Math.floor) as [
    number,
    number,
    number,
    number,
  ];
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${two(h)}:${two(m)}:${two(s)}${f === 0 ? "" : `.${String(f).padStart(6, "0").replace(/0+$/, "")}`}`;
});

/** Discrete ranges as the server writes them back; either bound may be missing. */
const range = <T>(values: fc.Arbitrary<T>, compare: (a: T, b: T) => number, discrete: boolean): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant(pg.emptyRange()) },
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.option(values), fc.option(values), fc.constantFrom<"[)" | "(]" | "[]" | "()">("[)", "(]", "[]", "()"))
        .filter(([a, b]) => a === null || b === null || compare(a, b) < 0)
        .map(([a, b, bounds]) => {
          if (discrete) return pg.range(a, b, { bounds: a === null ? "()" : "[)" });
          return pg.range(a, b, { bounds: `${a === null ? "(" : bounds[0]}${b === null ? ")" : bounds[1]}` as "[)" });
        }),
    },
  );
const byNumber = (a: number | bigint, b: number | bigint): number => (a < b ? -1 : a > b ? 1 : 0);
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byTime = (a: Date, b: Date): number => a.getTime() - b.getTime();
const int4range = range(int4, byNumber, true);
/** Ranges of a multirange neither touch nor overlap. */
const multi = fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { maxLength: 8 }).map((bounds) => {
  const sorted = bounds.sort((a, b) => a - b);
  return Array.from(
    { length: Math.floor(sorted.length / 2) },
    (_, i) => [sorted[i * 2], sorted[i * 2 + 1]] as [number, number],
  );
});
const multirange = <T>(make: (value: number) => T) =>
  multi.map((pairs) => pairs.map(([low, high]) => pg.range(make(low * 2), make(high * 2 - 1))));

const list = (values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown[]> =>
  fc.array(fc.option(values, { freq: 4 }), { maxLength: 5 });
/** Rectangular, as arrays of several dimensions are. */
const grid = (values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown[][]> =>
  fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })).chain(([rows, width]) =>
    fc.array(fc.array(fc.option(values), { minLength: width, maxLength: width }), {
      minLength: rows,
      maxLength: rows,
    }),
  );

const mood = pg.ENUM("sad", "it's", "ünï", "a,b", 'q"', { name: "own_mood" });
const moods = fc.constantFrom("sad", "it's", "ünï", "a,b", 'q"');

const postgres: Record<string, Own> = {
  integers: { type: pg.ARRAY(t.integer), values: list(int4) },
  "big integers": { type: pg.ARRAY(t.bigInteger), values: list(int8) },
  texts: { type: pg.ARRAY(t.text), values: list(words) },
  "grid of texts": { type: pg.ARRAY(t.text, { dimensions: 2 }), values: grid(words) },
  "grid of integers": { type: pg.ARRAY(t.integer, { dimensions: 2 }), values: grid(int4) },
  booleans: { type: pg.ARRAY(t.boolean), values: list(fc.boolean()) },
  numerics: {
    type: pg.ARRAY(t.numeric(30, 3)),
    values: list(exact),
    back: (value: (string | null)[]) => value.map((item) => item?.replace(/^-(0\.0+)$/, "$1") ?? null),
  },
  doubles: { type: pg.ARRAY(t.double), values: list(double) },
  dates: { type: pg.ARRAY(t.date), values: list(day) },
  moments: { type: pg.ARRAY(t.dateTime({ timezone: true })), values: list(moment) },
  uuids: { type: pg.ARRAY(t.uuid), values: list(fc.uuid()) },
  bytes: { type: pg.ARRAY(t.largeBinary), values: list(bytes) },
  documents: { type: pg.ARRAY(pg.JSONB), values: list(fc.dictionary(key, int4, { noNullPrototype: true })) },
  ranges: { type: pg.ARRAY(pg.INT4RANGE), values: list(int4range) },
  hstores: { type: pg.ARRAY(pg.HSTORE), values: list(hstore) },
  moods: { type: pg.ARRAY(mood), values: list(moods) },
  addresses: { type: pg.ARRAY(pg.INET), values: list(ipv4) },
  citexts: { type: pg.ARRAY(pg.CITEXT), values: list(words) },
  "bit strings": { type: pg.ARRAY(pg.BIT(3)), values: list(bits(3, 3)) },
  json: { type: pg.JSON, values: document, opaque: true },
  jsonb: { type: pg.JSONB, values: document.filter((value) => value !== null) },
  hstore: { type: pg.HSTORE, values: hstore },
  int4range: { type: pg.INT4RANGE, values: int4range },
  int8range: { type: pg.INT8RANGE, values: range(int8, byNumber, true) },
  numrange: {
    type: pg.NUMRANGE,
    values: range(
      fc.integer({ min: 1, max: 10 ** 9 }).map((value) => `${value}.5`),
      (a, b) => Number(a) - Number(b),
      false,
    ),
  },
  daterange: { type: pg.DATERANGE, values: range(day, byText, true) },
  tsrange: { type: pg.TSRANGE, values: range(moment, byTime, false) },
  tstzrange: { type: pg.TSTZRANGE, values: range(moment, byTime, false) },
  int4multirange: { type: pg.INT4MULTIRANGE, values: multirange((value) => value) },
  int8multirange: { type: pg.INT8MULTIRANGE, values: multirange((value) => BigInt(value)) },
  nummultirange: { type: pg.NUMMULTIRANGE, values: multirange((value) => String(value)) },
  tstzmultirange: { type: pg.TSTZMULTIRANGE, values: multirange((value) => new Date(value * 86_400_000)) },
  datemultirange: {
    type: pg.DATEMULTIRANGE,
    values: multirange((value) => new Date(value * 86_400_000).toISOString().slice(0, 10)),
  },
  inet: {
    type: pg.INET,
    values: fc.oneof(
      ipv4,
      fc.tuple(ipv4, fc.integer({ min: 0, max: 31 })).map(([ip, mask]) => `${ip}/${mask}`),
      fc.constant("2001:db8::1"),
    ),
  },
  cidr: { type: pg.CIDR, values: fc.tuple(octet, octet).map(([a, b]) => `${a}.${b}.0.0/16`) },
  macaddr: { type: pg.MACADDR, values: mac(6) },
  macaddr8: { type: pg.MACADDR8, values: mac(8) },
  bit: { type: pg.BIT(8), values: bits(8, 8) },
  "bit varying": { type: pg.BIT({ varying: true }), values: bits(0, 20) },
  money: {
    type: pg.MONEY,
    values: fc.integer({ min: 0, max: 99 }).map((cents) => `$12.${String(cents).padStart(2, "0")}`),
  },
  oid: { type: pg.OID, values: fc.integer({ min: 0, max: 2 ** 32 - 1 }) },
  regclass: { type: pg.REGCLASS, values: fc.constantFrom("pg_class", "pg_type") },
  regconfig: { type: pg.REGCONFIG, values: fc.constantFrom("simple", "english") },
  tsvector: { type: pg.TSVECTOR, values: fc.constantFrom("", "'cat':1 'dog':2", "'it''s' 'ü'") },
  tsquery: { type: pg.TSQUERY, values: fc.constantFrom("'cat' & 'dog'", "!'it''s'", "'a' <-> 'b' | 'c':*") },
  enum: { type: mood, values: moods },
  domain: {
    type: pg.DOMAIN("own_posint", t.integer, { check: "VALUE > 0" }),
    values: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  },
  interval: {
    type: pg.INTERVAL,
    values: fc.constantFrom("PT0S", "P1DT2H", "-P1D", "PT0.000001S", "P400D", "PT-1.5S", "P1DT23H59M59.999999S"),
    back: (value: string) => (value === "PT-1.5S" ? "-PT1.5S" : value),
  },
  citext: { type: pg.CITEXT, values: words },
  bytea: { type: pg.BYTEA, values: bytes },
  "timestamp(3)": { type: pg.TIMESTAMP({ precision: 3 }), values: moment },
  "timestamptz(3)": { type: pg.TIMESTAMP({ precision: 3, timezone: true }), values: moment },
  "time(6)": { type: pg.TIME({ precision: 6 }), values: clock },
  jsonpath: { type: pg.JSONPATH, values: fc.constantFrom('$."a"', '$."it\'s"[0]', '$."x"?(@ > 1)'), opaque: true },
};

const blob = { values: bytes };
const plainText = { values: words };
const mysqlMoment = fc.date({
  min: new Date("1000-01-02T00:00:00Z"),
  max: new Date("9999-12-30T00:00:00Z"),
  noInvalidDate: true,
});
const stamp = fc.date({
  min: new Date("1970-01-02T00:00:00Z"),
  max: new Date("2038-01-18T00:00:00Z"),
  noInvalidDate: true,
});
const unsigned = (digits: number) => fc.integer({ min: 0, max: 2 ** digits - 1 });
const own = ["x", "it's", "ü", "b%c", "d\\e"] as const;
const mariadb: Record<string, Own> = {
  tinyint: { type: mysql.TINYINT, values: fc.integer({ min: -128, max: 127 }) },
  "tinyint unsigned": { type: mysql.TINYINT({ unsigned: true }), values: unsigned(8) },
  "smallint unsigned": { type: mysql.SMALLINT({ unsigned: true }), values: unsigned(16) },
  mediumint: { type: mysql.MEDIUMINT, values: fc.integer({ min: -(2 ** 23), max: 2 ** 23 - 1 }) },
  "mediumint unsigned": { type: mysql.MEDIUMINT({ unsigned: true }), values: unsigned(24) },
  "integer unsigned": { type: mysql.INTEGER({ unsigned: true }), values: unsigned(32) },
  bigint: { type: mysql.BIGINT, values: int8 },
  "bigint unsigned": { type: mysql.BIGINT({ unsigned: true }), values: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
  bit: { type: mysql.BIT(20), values: unsigned(20) },
  "bit(64)": {
    type: mysql.BIT(64),
    values: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    back: (value: bigint) => expect.toSatisfy((got: unknown) => BigInt(got as number) === value),
  },
  set: { type: mysql.SET(...own), values: fc.subarray([...own]).map((items) => new Set(items)) },
  "set, bitwise": {
    type: mysql.SET("", "a", "b", { retrieveAsBitwise: true }),
    values: fc.subarray(["a", "b"]).map((items) => new Set(items)),
  },
  enum: { type: mysql.ENUM(...own), values: fc.constantFrom(...own) },
  year: { type: mysql.YEAR, values: fc.integer({ min: 1901, max: 2155 }) },
  char: { type: mysql.CHAR(20), values: words.map((text) => text.trimEnd()) },
  varchar: { type: mysql.VARCHAR(40, { charset: "utf8mb4", collation: "utf8mb4_bin" }), ...plainText },
  tinytext: { type: mysql.TINYTEXT, ...plainText },
  mediumtext: { type: mysql.MEDIUMTEXT, ...plainText },
  longtext: { type: mysql.LONGTEXT, ...plainText },
  nvarchar: { type: mysql.NVARCHAR(40), values: words.filter((text) => !/[\u{10000}-\u{10ffff}]/u.test(text)) },
  tinyblob: { type: mysql.TINYBLOB, ...blob },
  blob: { type: mysql.BLOB, ...blob },
  mediumblob: { type: mysql.MEDIUMBLOB, ...blob },
  longblob: { type: mysql.LONGBLOB, ...blob },
  varbinary: { type: mysql.VARBINARY(30), ...blob },
  binary: { type: mysql.BINARY(4), values: fc.uint8Array({ minLength: 4, maxLength: 4 }) },
  "datetime(6)": { type: mysql.DATETIME({ fsp: 6 }), values: mysqlMoment },
  "datetime(3)": { type: mysql.DATETIME({ fsp: 3 }), values: mysqlMoment },
  "timestamp(6)": { type: mysql.TIMESTAMP({ fsp: 6 }), values: stamp },
  "time(6)": { type: mysql.TIME({ fsp: 6 }), values: clock },
  date: { type: mysql.DATE, values: mysqlMoment.map((date) => date.toISOString().slice(0, 10)) },
  double: {
    type: mysql.DOUBLE,
    values: fc
      .double({ noNaN: true, noDefaultInfinity: true, min: -1.7e308, max: 1.7e308 })
      .map((value) => (Math.abs(value) < 1e-300 ? 0 : value)),
  },
  "double(20,4)": {
    type: mysql.DOUBLE(20, 4),
    values: fc.integer({ min: -(10 ** 9), max: 10 ** 9 }).map((value) => value / 4),
  },
  float: {
    type: mysql.FLOAT,
    values: fc.integer({ min: -(2 ** 20), max: 2 ** 20 }).map((value) => value / 4),
    opaque: true,
  },
  real: { type: mysql.REAL, values: fc.integer().map((value) => value / 8) },
  "decimal unsigned": {
    type: mysql.DECIMAL(30, 3, { unsigned: true }),
    values: exact.map((value) => value.replace("-", "")),
  },
  json: { type: mysql.JSON, values: document.filter((value) => value !== null), opaque: true },
};

const lite: Record<string, Own> = {
  json: { type: sqlite.JSON, values: document.filter((value) => value !== null), opaque: true },
  jsonb: { type: sqlite.JSONB, values: document.filter((value) => value !== null), opaque: true },
  datetime: { type: sqlite.DATETIME, values: moment },
  "datetime without fractions": {
    type: sqlite.DATETIME({ truncateMicroseconds: true }),
    values: moment.map((date) => new Date(Math.floor(date.getTime() / 1000) * 1000)),
  },
  date: { type: sqlite.DATE, values: day },
  "compact date": {
    type: sqlite.DATE({ storageFormat: "%(year)04d%(month)02d%(day)02d", regexp: /(\d{4})(\d{2})(\d{2})/ } as never),
    values: day,
  },
  time: { type: sqlite.TIME, values: clock },
  blob: { type: sqlite.BLOB, values: bytes },
  numeric: {
    type: sqlite.NUMERIC(10, 2),
    values: fc
      .integer({ min: -(10 ** 7), max: 10 ** 7 })
      .map((value) => (value / 100).toFixed(2))
      .map((value) => (value === "-0.00" ? "0.00" : value)),
  },
  real: { type: sqlite.REAL, values: double.filter(Number.isFinite) },
  integer: { type: sqlite.INTEGER, values: fc.maxSafeInteger() },
  bigint: { type: sqlite.BIGINT, values: int8 },
  text: { type: sqlite.TEXT, values: words },
  boolean: { type: sqlite.BOOLEAN, values: fc.boolean() },
};

const owns: Record<Target["family"], Record<string, Own>> = { postgresql: postgres, mysql: mariadb, sqlite: lite };

describe.each(targets())("$name", (target) => {
  const { engine, family } = target;
  const { numRuns = 0, seed = 0 } = fuzz(12);

  beforeAll(async () => {
    if (family !== "postgresql") return;
    await engine.begin(async (connection) => {
      for (const name of ["hstore", "citext"]) await connection.execDriverSql(`CREATE EXTENSION IF NOT EXISTS ${name}`);
    });
  });

  const cases = Object.entries(owns[family]);
  let number = 0;
  const made: { readonly drop: () => Promise<void> }[] = [];
  afterAll(async () => {
    for (const each of made) await each.drop();
  });

  test.each(cases)("%s", async (_name, { type, values, back, opaque }) => {
    const metadata = new MetaData();
    const kept = table(`own_${++number}`, metadata, {
      id: column(t.integer, { primaryKey: true, autoincrement: false }),
      value: column(type as typeof t.integer),
    });
    made.push({
      drop: () =>
        engine.begin(async (connection) => {
          await connection.execute(dropTable(kept, { ifExists: true }));
        }),
    });
    const sent = [...fc.sample(values, { numRuns: numRuns as number, seed: seed as number }), null];
    const wanted = sent.map((value) => (value === null || back === undefined ? value : back(value as never)));
    await engine.begin((connection) => metadata.createAll(connection));
    await engine.begin(async (connection) => {
      const returning = engine.dialect.capabilities.insertReturning;
      await connection.execute(insert(kept), sent.map((value, id) => ({ id, value })) as never);
      for (const [id, value] of sent.entries()) {
        const statement = insert(kept).values({ id: 1000 + id, value } as never);
        if (!returning) await connection.execute(statement);
        else expect((await connection.execute(statement.returning(kept.c.value))).scalarOne()).toEqual(wanted[id]);
        const { sql } = expandForExecution(insert(kept).values({ id: 2000 + id, value } as never), engine.dialect, {
          literalBinds: true,
        });
        await connection.execDriverSql(sql);
      }
      if (returning) {
        const rows = sent.map((value, id) => ({ id: 3000 + id, value }));
        const all = await connection.execute(
          insert(kept).returning(kept.c.value, { sortByParameterOrder: true } as never),
          rows as never,
        );
        expect(all.all().map((row) => row[0])).toEqual(wanted);
      } else
        await connection.execute(insert(kept).values(sent.map((value, id) => ({ id: 3000 + id, value })) as never));
      const found = (await connection.execute(select(kept.c.id, kept.c.value).orderBy(kept.c.id))).all();
      for (const start of [0, 1000, 2000, 3000])
        expect([start, found.filter(({ id }) => id >= start && id < start + 1000).map(({ value }) => value)]).toEqual([
          start,
          wanted,
        ]);
      if (opaque) return;
      for (const value of sent) {
        if (value === null) continue;
        const query = select(func.count())
          .selectFrom(kept)
          .where(kept.c.value.eq(value as never));
        const count = Number(await connection.scalar(query));
        expect([value, count]).toEqual([value, expect.toSatisfy((found: number) => found >= 4)]);
        const { sql } = expandForExecution(query, engine.dialect, { literalBinds: true });
        expect([value, Number((await connection.execDriverSql(sql)).scalarOne())]).toEqual([value, count]);
      }
    });
    await engine.begin((connection) => metadata.dropAll(connection));
  });
});
