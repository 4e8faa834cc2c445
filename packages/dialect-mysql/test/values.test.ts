import {
  type ClauseElement,
  column,
  formatMicroseconds,
  func,
  insert,
  literal,
  MetaData,
  select,
  type TypeLike,
  t,
  table,
  text,
} from "@athanor/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as mysql from "../src/index.ts";
import { drivers, engineOf, url } from "./connect.ts";

const surrogates = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const unicode = fc
  .string({ unit: "grapheme", maxLength: 40 })
  .filter((value) => !surrogates.test(value) && value.length <= 60);
const moment = fc.date({
  min: new Date("1000-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59Z"),
  noInvalidDate: true,
});
const twoDigits = (max: number) => fc.integer({ min: 0, max }).map((number) => String(number).padStart(2, "0"));
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 28n) + 1n, max: 10n ** 28n - 1n }), fc.integer({ min: 0, max: 9_999_999_999 }))
  .map(([whole, fraction]) => `${whole}.${String(fraction).padStart(10, "0")}`);

/** A column, what goes into it, and what comes out where that differs. */
const columns: Record<string, readonly [TypeLike, fc.Arbitrary<unknown>, ((value: never) => unknown)?]> = {
  small: [t.smallInteger, fc.integer({ min: -32768, max: 32767 })],
  whole: [t.integer, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })],
  natural: [mysql.INTEGER({ unsigned: true }), fc.integer({ min: 0, max: 2 ** 32 - 1 })],
  big: [t.bigInteger, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  huge: [mysql.BIGINT({ unsigned: true }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })],
  counted: [t.bigInteger({ mode: "number" }), fc.maxSafeInteger()],
  exact: [t.numeric(38, 10), decimal, (value: string) => value.replace(/^-(0\.0+)$/, "$1")],
  real: [
    t.double,
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }),
    (value: number) => (Object.is(value, -0) ? expect.closeTo(0) : value),
  ],
  single: [
    t.float,
    fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(-1e30), max: Math.fround(1e30) }),
    (value: number) => expect.toSatisfy((got: number) => Math.fround(got) === value),
  ],
  flag: [t.boolean, fc.boolean()],
  words: [t.string(250), unicode],
  long: [t.text, unicode],
  bytes: [t.largeBinary, fc.uint8Array({ maxLength: 100 })],
  day: [t.date, moment.map((date) => date.toISOString().slice(0, 10))],
  clock: [
    mysql.TIME({ fsp: 6 }),
    fc
      .tuple(twoDigits(23), twoDigits(59), twoDigits(59), fc.integer({ min: 0, max: 999_999 }))
      .map(([h, m, s, f]) => `${h}:${m}:${s}${f === 0 ? "" : `.${String(f).padStart(6, "0").replace(/0+$/, "")}`}`),
  ],
  moment: [mysql.DATETIME({ fsp: 6 }), moment],
  uuid: [t.uuid, fc.uuid()],
  document: [
    t.json,
    fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value).replaceAll("-0", "0")) as unknown),
  ],
  kind: [t.enum("a", "b'c", "ü"), fc.constantFrom("a", "b'c", "ü")],
  tags: [mysql.SET("x", "y", "z"), fc.subarray(["x", "y", "z"]), (value: string[]) => new Set(value)],
  bits: [mysql.BIT(20), fc.integer({ min: 0, max: 2 ** 20 - 1 })],
  year: [mysql.YEAR, fc.integer({ min: 1901, max: 2155 })],
  length: [t.interval, fc.integer({ min: 1, max: 10 ** 8 }).map((seconds) => formatMicroseconds(seconds * 1_000_000))],
};

describe.skipIf(url === null).each(drivers)("values by $name", ({ connect, engineOf }) => {
  const metadata = new MetaData();
  const names = Object.keys(columns);
  const values = table("vals", metadata, {
    id: column(t.integer, { primaryKey: true }),
    ...Object.fromEntries(names.map((name) => [name, column(columns[name]?.[0] as TypeLike)])),
  });
  const c = values.c as unknown as Record<string, (typeof values.c)["id"]>;
  const engine = engineOf();

  beforeAll(() => metadata.createAll(engine));
  afterAll(() => metadata.dropAll(engine));

  it.each(names)("%s comes back as it went", async (name) => {
    const [, arbitrary, expected = (value: never) => value] = columns[name] as readonly [
      TypeLike,
      fc.Arbitrary<unknown>,
      ((value: never) => unknown)?,
    ];
    const column = c[name] as (typeof values.c)["id"];
    await engine.begin(async (conn) => {
      await fc.assert(
        fc.asyncProperty(arbitrary, async (value) => {
          const { insertedPrimaryKey } = await conn.execute(insert(values).values({ [name]: value } as never));
          const id = insertedPrimaryKey?.[0] as number;
          expect((await conn.execute(select(column).where(values.c.id.eq(id)))).scalarOne()).toEqual(
            expected(value as never),
          );
          // A JSON null is no NULL.
          if (value !== null)
            expect(await conn.scalar(select(func.count()).where(values.c.id.eq(id), column.is(null)))).toBe(0);
        }),
        { numRuns: 40 },
      );
      await conn.rollback();
    });
  });

  it("NULL is NULL for all of them", async () => {
    await engine.begin(async (conn) => {
      await conn.execute(
        insert(values).values({
          id: 1,
          ...Object.fromEntries(names.filter((name) => name !== "document").map((name) => [name, null])),
        } as never),
      );
      const row = (await conn.execute(select(values))).one() as unknown as Record<string, unknown>;
      for (const name of names) expect(row[name], name).toBeNull();
      await conn.rollback();
    });
  });

  it("text() gives canonical values, too, whichever protocol is used", async () => {
    const row = {
      big: 2n ** 62n,
      exact: "1.5",
      flag: true,
      bytes: new Uint8Array([0, 255]),
      moment: new Date("2024-02-29T08:09:10.123Z"),
      document: { a: [1] },
      bits: 5,
      clock: "08:09:10.5",
      single: 0.1,
      day: "1850-01-02",
    };
    await engine.begin(async (conn) => {
      await conn.execute(insert(values).values({ id: 1, ...row } as never));
      const expected = { ...row, exact: "1.5000000000", flag: 1 };
      const list = Object.keys(row).join(", ");
      const prepared = (
        await conn.execute(text(`SELECT ${list} FROM vals WHERE id = :id`).bindparams({ id: 1 }))
      ).one();
      expect({ ...(prepared as object) }).toEqual(expected);
      await conn.rollback();
    });
    const plain = await connect();
    await plain.execute("INSERT INTO vals (id, big, clock) VALUES (2, ?, ?)", [5n, "01:02:03.25"], {
      returnsRows: false,
    });
    const asText = await plain.execute("SELECT big, clock FROM vals", [], { returnsRows: false });
    expect(asText.rows).toEqual([[5n, "01:02:03.25"]]);
    await plain.execute("DELETE FROM vals", [], { returnsRows: false });
  });

  it("expressions have the types of their values", async () => {
    await engine.begin(async (conn) => {
      const { id, exact } = c as { id: (typeof values.c)["id"]; exact: (typeof values.c)["id"] };
      await conn.execute(insert(values), [{ exact: "0.1" }, { exact: "0.2" }] as never);
      const row = (
        await conn.execute(
          select(
            func.count().label("n"),
            func.sum(exact).label("sum"),
            func.max(id).label("max"),
            literal(true).label("yes"),
            literal("a").concat("b").label("ab"),
            func.min(id).gt(0).label("positive"),
          ),
        )
      ).one();
      expect(row).toMatchObject({ n: 2, sum: "0.3000000000", yes: true, ab: "ab", positive: true });
      expect(typeof (row as unknown as { max: unknown }).max).toBe("number");
      // Decimals are computed as decimals, not in floating point.
      expect(await conn.scalar(select(exact.mul("0.1" as never)).where(exact.eq("0.1" as never)))).toMatch(
        /^0\.0100000000/,
      );
      await conn.rollback();
    });
  });

  it("microseconds survive where text is asked for", async () => {
    await engine.begin(async (conn) => {
      const micro = "2024-02-29 08:09:10.123456";
      await conn.execute(insert(values).values({ id: 1, moment: micro } as never));
      expect(await conn.scalar(text("SELECT CAST(moment AS CHAR) FROM vals"))).toBe(micro);
      await conn.rollback();
    });
  });
});

describe.skipIf(url === null).each(["mysql", "mariadb"])("UUIDs as literals by %s://", (scheme) => {
  const uid = "12345678-1234-5678-9abc-def012345678";
  const metadata = new MetaData();
  const uids = table("uids", metadata, {
    id: column(t.integer, { primaryKey: true }),
    own: column(t.uuid),
    text: column(t.uuid({ nativeUuid: false })),
  });
  const engine = engineOf({}, (url ?? "mysql://none").replace(/^\w+(?=[+:])/, scheme));

  it("have no dashes, and are what the column has, native or not", async (context) => {
    let isMariaDB = false;
    try {
      await engine.begin(async (conn) => {
        isMariaDB = (conn.engine.dialect as mysql.MySQLDialect).isMariaDB;
        await metadata.createAll(conn);
      });
    } catch (error) {
      if (scheme === "mariadb" && /not a MariaDB variant/.test(String(error))) return context.skip();
      throw error;
    }
    const literally = (statement: ClauseElement): string =>
      statement.compile({ dialect: engine.dialect, literalBinds: true }).sql;
    await engine.begin(async (conn) => {
      const added = literally(insert(uids).values({ id: 1, own: uid, text: uid }));
      expect(added.match(/'[^']*'/g)).toEqual([
        "'12345678123456789abcdef012345678'",
        "'12345678123456789abcdef012345678'",
      ]);
      await conn.execDriverSql(added);
      const found = select(uids.c.own, uids.c.text, literal(uid, t.uuid).label("said"));
      const row = { own: uid, text: uid, said: uid };
      expect({ ...(await conn.execute(found.where(uids.c.own.eq(uid), uids.c.text.eq(uid)))).one() }).toEqual(row);
      const where = literally(select(uids.c.id).where(uids.c.own.in([uid]), uids.c.text.eq(uid)));
      expect(await conn.scalar(text(where))).toBe(1);
      const type = "SELECT data_type FROM information_schema.columns WHERE table_name = 'uids' AND column_name = 'own'";
      expect(await conn.scalar(text(`${type} AND table_schema = database()`))).toBe(
        scheme === "mariadb" && isMariaDB ? "uuid" : "char",
      );
    });
    await metadata.dropAll(engine);
  });
});
