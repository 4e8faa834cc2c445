/** Every generic type: one JavaScript value, by parameter and as a literal, on every database. */

import type { AsyncConnection } from "@athanor/async";
import {
  column,
  dropTable,
  expandForExecution,
  func,
  insert,
  literal,
  MetaData,
  select,
  type Table,
  type TypeLike,
  t,
  table,
} from "@athanor/core";
import { afterAll, describe, expect, test } from "vitest";
import { isMariadb } from "../setup/urls.ts";
import { type Target, targets } from "./targets.ts";

type Family = Target["family"];

/** A type, values that must come back as they are, and where something else is true. */
interface Case {
  readonly name: string;
  readonly type: TypeLike;
  readonly values: readonly unknown[];
  /** Values that only these databases have. */
  readonly only?: Partial<Record<Family, readonly unknown[]>>;
  /** Not comparable in SQL, so not looked for. */
  readonly opaque?: boolean;
}

const big = 2n ** 63n;
const noon = new Date("2024-02-29T12:34:56.789Z");
const text = [
  "",
  " ",
  "a'b",
  '"',
  "\\",
  "\\'",
  "\\n",
  "%s",
  "%%",
  ":x",
  "?",
  "??",
  "$1",
  "{}",
  "--",
  "/*",
  "日本語",
  "😀",
  "e\u0301",
  "\n\r\t",
  "\u001a",
  "NULL",
];

const cases: readonly Case[] = [
  { name: "integer", type: t.integer, values: [-2147483648, -1, 0, 2147483647] },
  { name: "smallInteger", type: t.smallInteger, values: [-32768, 32767] },
  { name: "bigInteger", type: t.bigInteger, values: [-big, big - 1n, 0n, 2n ** 53n + 1n, -(2n ** 53n) - 1n] },
  {
    name: "numeric(38, 0)",
    type: t.numeric(38, 0),
    values: ["0", "123456789012345"],
    only: { postgresql: ["9".repeat(38), `-${"9".repeat(38)}`], mysql: ["9".repeat(38), `-${"9".repeat(38)}`] },
  },
  {
    name: "numeric(38, 10)",
    type: t.numeric(38, 10),
    values: ["1.5000000000", "-0.0000000001"],
    only: {
      postgresql: ["1234567890123456789012345678.0123456789"],
      mysql: ["1234567890123456789012345678.0123456789"],
    },
  },
  { name: "numeric(10, 2)", type: t.numeric(10, 2), values: ["12345678.90", "-0.01", "0.00"] },
  { name: "float", type: t.float, values: [1.1, -1.5, 0, 1e10, -1e-7], opaque: true },
  {
    name: "double",
    type: t.double,
    values: [1.1, 0.1, 1 / 3, 1e308, 5e-324, -1.7976931348623157e308, 2 ** 53 + 2, 123456789.12345679],
    only: {
      postgresql: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, -0],
      sqlite: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    },
  },
  { name: "string", type: t.string(200), values: text },
  { name: "text", type: t.text, values: [...text, "x".repeat(60_000)] },
  { name: "unicode", type: t.unicode(200), values: text },
  { name: "boolean", type: t.boolean, values: [true, false] },
  {
    name: "date",
    type: t.date,
    values: ["1000-01-01", "1883-11-18", "1899-12-31", "1970-01-01", "2024-02-29", "9999-12-31"],
    only: { postgresql: ["0001-01-01"], sqlite: ["0001-01-01"] },
  },
  {
    name: "time",
    type: t.time,
    values: ["00:00:00", "23:59:59", "08:09:10"],
    only: { postgresql: ["23:59:59.999999", "00:00:00.000001"], sqlite: ["23:59:59.999999", "00:00:00.000001"] },
  },
  {
    name: "dateTime",
    type: t.dateTime,
    values: [
      new Date("1000-01-01T00:00:00Z"),
      new Date("1883-11-18T12:03:58Z"),
      new Date("1969-12-31T23:59:59Z"),
      new Date("9999-12-31T23:59:59Z"),
    ],
    only: { postgresql: [noon, new Date("0001-01-01T00:00:00.001Z")], sqlite: [noon] },
  },
  {
    name: "dateTime with a time zone",
    type: t.dateTime({ timezone: true }),
    values: [new Date("1883-11-18T12:03:58Z"), new Date("2024-03-10T02:30:00Z"), new Date("2024-10-27T01:30:00Z")],
    only: { postgresql: [noon], sqlite: [noon] },
  },
  {
    name: "interval",
    type: t.interval,
    values: ["PT0S", "P1DT2H", "-P1D", "PT1H2M3S", "P400D"],
    only: { postgresql: ["PT0.000001S"], sqlite: ["PT0.000001S"] },
  },
  {
    name: "largeBinary",
    type: t.largeBinary,
    values: [
      Uint8Array.of(),
      Uint8Array.from({ length: 256 }, (_, i) => i),
      Uint8Array.of(0),
      Uint8Array.of(39, 92, 0, 39),
    ],
  },
  {
    name: "uuid",
    type: t.uuid,
    values: [
      "00000000-0000-0000-0000-000000000000",
      "ffffffff-ffff-ffff-ffff-ffffffffffff",
      "0194d3b5-7c3e-7aaa-8bbb-0123456789ab",
    ],
  },
  {
    name: "enum",
    type: t.enum("plain", "it's", 'say "x"', "b%c", "back\\slash", "ünï", ":colon", "", { name: "odd_enum" }),
    values: ["plain", "it's", 'say "x"', "b%c", "back\\slash", "ünï", ":colon", ""],
  },
  {
    name: "json",
    type: t.json,
    opaque: true,
    values: [
      { a: [1, null, "ü'\\\"", { "": true }] },
      [],
      {},
      "text",
      'it\'s \\ "q"',
      5,
      -1.5,
      0,
      true,
      false,
      [[[]]],
      { "a.b": 1, $: 2, "'": 3, '"': 4, "\\": 5 },
      "null",
      "\n\t\u0001",
    ],
  },
];

describe.each(targets())("$name", (target) => {
  const { engine, family } = target;
  // MySQL takes a parameter that stands alone in the list of columns for text, and gives it back as such.
  const takesBytesForText = family === "mysql" && !isMariadb();
  const made: Table[] = [];
  let number = 0;

  afterAll(async () => {
    await engine.begin(async (connection) => {
      for (const each of made) await connection.execute(dropTable(each, { ifExists: true }));
    });
  });

  async function withTable(
    type: TypeLike,
    work: (connection: AsyncConnection, kept: Kept) => Promise<void>,
  ): Promise<void> {
    const metadata = new MetaData();
    const kept = keptTable(`kept_${++number}`, metadata, type);
    made.push(kept);
    await engine.begin(async (connection) => {
      await metadata.createAll(connection);
      await work(connection, kept);
    });
    await engine.begin((connection) => metadata.dropAll(connection));
  }

  test.each(cases.map((each) => [each.name, each] as const))("%s", async (_name, { type, values, only, opaque }) => {
    await withTable(type, async (connection, kept) => {
      const all = [...values, ...(only?.[family] ?? []), null];
      await connection.execute(
        insert(kept),
        all.map((value, id) => ({ id, value: value as never })),
      );
      for (const [id, value] of all.entries())
        await connection.execute(insert(kept).values({ id: 1000 + id, value } as never));
      for (const [id, value] of all.entries()) {
        const { sql } = expandForExecution(insert(kept).values({ id: 2000 + id, value } as never), engine.dialect, {
          literalBinds: true,
        });
        await connection.execDriverSql(sql);
      }
      const found = (await connection.execute(select(kept.c.id, kept.c.value).orderBy(kept.c.id))).all();
      const byWay = [0, 1000, 2000].map((start) =>
        found.filter(({ id }) => id >= start && id < start + 1000).map(({ value }) => value),
      );
      expect(byWay[0]).toEqual(all);
      expect(byWay[1]).toEqual(all);
      expect(byWay[2]).toEqual(all);
      if (opaque) return;
      for (const value of all) {
        if (value === null || Number.isNaN(value)) continue;
        const query = select(func.count())
          .selectFrom(kept)
          .where(kept.c.value.eq(value as never));
        const count = Number(await connection.scalar(query));
        expect([value, count]).toEqual([value, expect.toSatisfy((n: number) => n >= 3)]);
        const { sql } = expandForExecution(query, engine.dialect, { literalBinds: true });
        expect([value, Number((await connection.execDriverSql(sql)).scalarOne())]).toEqual([value, count]);
        const listed = select(func.count())
          .selectFrom(kept)
          .where(kept.c.value.in([value, value] as never));
        expect([value, Number(await connection.scalar(listed))]).toEqual([value, count]);
      }
    });
  });

  test("values that stand in no table", async () => {
    await using connection = await engine.connect();
    for (const { type, values, name } of cases) {
      if (name === "enum" || (name === "largeBinary" && takesBytesForText)) continue;
      for (const value of values)
        expect([name, await connection.scalar(select(literal(value, type as never)))]).toEqual([name, value]);
    }
  });
});

type Kept = ReturnType<typeof keptTable>;
function keptTable(name: string, metadata: MetaData, type: TypeLike) {
  return table(name, metadata, {
    id: column(t.integer, { primaryKey: true, autoincrement: false }),
    value: column(type as typeof t.integer),
  });
}
