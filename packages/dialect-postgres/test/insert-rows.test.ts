/** INSERTs of many rows that come back in their order: the driver sends columns in place of rows, and nobody may notice. */
import { column, event, func, insert, MetaData, select, t, table, text } from "@athanor/core";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bulkBatch } from "../src/drivers/bulk-insert.ts";
import * as pg from "../src/index.ts";
import { engineOf, url } from "./database.ts";

const metadata = new MetaData();
const things = table("things", metadata, {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50)),
  note: column(t.text),
  count: column(t.integer),
  large: column(t.bigInteger),
  price: column(t.numeric(12, 2)),
  ratio: column(t.double),
  isOn: column("is_on", t.boolean),
  at: column(t.dateTime({ timezone: true })),
  day: column(t.date),
  bytes: column(t.largeBinary),
  data: column(pg.JSONB),
  code: column(t.uuid),
});
const tagged = table("tagged", metadata, {
  id: column(t.integer, { primaryKey: true }),
  tags: column(pg.ARRAY(t.text)),
  kind: column(t.enum("small", "large", { name: "thing_kind" })),
});

const texts = ["plain", "", " ", "NULL", "null", 'a"b', "a\\b", "{a,b}", "a,b", "ü\n\t", "'", "$1", "\u2028"];

const rows = Array.from({ length: 1203 }, (_, n) => ({
  name: texts[n % texts.length] as string,
  note: n % 5 === 0 ? null : (texts[(n * 7) % texts.length] as string),
  count: n - 600,
  large: BigInt(n) * 10n ** 14n,
  price: `${n}.25`,
  ratio: n % 11 === 0 ? Number.NaN : n / 7,
  isOn: n % 3 === 0,
  at: new Date(n * 1e9),
  day: n % 2 === 0 ? null : "2024-02-29",
  bytes: new Uint8Array([0, n % 256, 92, 34]),
  data: n % 4 === 0 ? null : { text: texts[n % texts.length], list: [n, null] },
  code: `6f0e7c1a-3f53-4f5e-9f0e-0a0b0c0d${String(n).padStart(4, "0")}`,
}));

describe.skipIf(url === null)("INSERT of many rows", () => {
  const engine = url === null ? (undefined as never) : engineOf();

  beforeAll(async () => {
    await engine.begin((connection) => metadata.createAll(connection));
  });
  beforeEach(async () => {
    await engine.begin((connection) => connection.execute(text("TRUNCATE things, tagged RESTART IDENTITY")));
  });

  test("stores the same as row by row, and gives keys in the order of the rows", async () => {
    const stored = async (): Promise<unknown[]> => {
      await using connection = await engine.connect();
      return (await connection.execute(select(things).orderBy(things.c.id))).mappings().all();
    };
    await engine.begin(async (connection) => {
      for (const row of rows) await connection.execute(insert(things).values(row));
    });
    const single = await stored();
    await engine.begin((connection) => connection.execute(text("TRUNCATE things RESTART IDENTITY")));
    const sent: string[] = [];
    const note = (_connection: unknown, _cursor: unknown, sql: string): void => void sent.push(sql);
    event.listen(engine, "beforeCursorExecute", note);
    const returned = await engine.begin(async (connection) =>
      (
        await connection.execute(
          insert(things).returning(things.c.id, things.c.count, { sortByParameterOrder: true }),
          rows,
        )
      ).all(),
    );
    event.remove(engine, "beforeCursorExecute", note);
    expect(sent.map((sql) => bulkBatch(sql)?.width)).toEqual([12, 12]);
    expect(returned.map(({ count }) => count)).toEqual(rows.map(({ count }) => count));
    expect(returned.map(({ id }) => id)).toEqual(rows.map((_, index) => index + 1));
    expect(await stored()).toEqual(single);
  });

  test("expressions stand in each row", async () => {
    const statement = insert(things)
      .values({ name: func.upper(text(":given").bindparams({ given: "x" }) as never) as never })
      .returning(things.c.name, things.c.count, { sortByParameterOrder: true });
    const given = Array.from({ length: 100 }, (_, count) => ({ count }));
    const returned = await engine.begin(async (connection) => (await connection.execute(statement, given)).all());
    expect(returned.map(({ name, count }) => `${name}${count}`)).toEqual(given.map(({ count }) => `X${count}`));
  });

  test("arrays and types of the database's own go as they are", async () => {
    const given = Array.from({ length: 100 }, (_, n) => ({ tags: [`a${n}`, "b"], kind: "small" as const }));
    const returned = await engine.begin(async (connection) =>
      (await connection.execute(insert(tagged).returning(tagged.c.tags, { sortByParameterOrder: true }), given)).all(),
    );
    expect(returned.map(({ tags }) => tags)).toEqual(given.map(({ tags }) => tags));
  });

  test("an error names its cause and leaves the connection usable", async () => {
    await using connection = await engine.connect();
    const given = Array.from({ length: 100 }, (_, n) => ({ name: "x".repeat(n) }));
    const statement = insert(things).returning(things.c.id, { sortByParameterOrder: true });
    await expect(connection.execute(statement, given)).rejects.toThrow(/value too long/);
    await connection.rollback();
    expect(await connection.scalar(select(func.count()).selectFrom(things))).toBe(0);
  });
});
