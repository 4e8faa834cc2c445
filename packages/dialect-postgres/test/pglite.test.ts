import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAsyncEngine } from "@athanor/async";
import { column, func, insert, MetaData, select, t, table, text } from "@athanor/core";
import { afterAll, describe, expect, test } from "vitest";
import { ARRAY, copyFrom, copyTo, JSONB } from "../src/index.ts";

const metadata = new MetaData();
const rows = table("rows", metadata, {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(20), { unique: true }),
  at: column(t.dateTime),
  big: column(t.bigInteger),
  exact: column(t.numeric(10, 2)),
  doc: column(JSONB()),
  tags: column(ARRAY(t.string())),
  data: column(t.largeBinary),
});
const count = select(func.count()).selectFrom(rows);
const full = {
  name: "a",
  at: new Date("2024-01-02T03:04:05.678Z"),
  big: 2n ** 60n,
  exact: "12.50",
  doc: { a: [1, null] },
  tags: ["x", 'y"'],
  data: new Uint8Array([0, 255]),
};

describe("PGlite", { timeout: 120_000 }, () => {
  const engine = createAsyncEngine("postgresql+pglite://", { poolSize: 7 });
  afterAll(() => engine.dispose());

  test("values, keys, RETURNING in order", async () => {
    await metadata.createAll(engine);
    await engine.begin(async (connection) => {
      expect((await connection.execute(insert(rows).values(full))).insertedPrimaryKey.id).toBe(1);
      const { id: _, ...read } = (await connection.execute(select(rows))).one();
      expect(read).toEqual(full);
      const statement = insert(rows).returning(rows.c.name, { sortByParameterOrder: true });
      const many = Array.from({ length: 500 }, (_, index) => ({ name: `n${500 - index}` }));
      expect((await connection.execute(statement, many)).scalars().all()).toEqual(many.map(({ name }) => name));
      expect(await connection.scalar(text("SHOW timezone"))).toBe("UTC");
    });
  });

  test("transactions, savepoints, errors", async () => {
    await using connection = await engine.connect();
    const before = await connection.scalar(count);
    const savepoint = await connection.beginNested();
    await expect(connection.execute(insert(rows).values({ name: "a" }))).rejects.toMatchObject({
      kind: "unique",
      constraint: "rows_name_key",
      sqlState: "23505",
    });
    await savepoint.rollback();
    await connection.execute(insert(rows).values({ name: "gone" }));
    await connection.rollback();
    expect(await connection.scalar(count)).toBe(before);
  });

  test("tasks wait for the only session", async () => {
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        engine.begin(async (connection) => {
          await connection.execute(insert(rows).values({ name: `task${index}` }));
          await connection.execute(count);
        }),
      ),
    );
    expect(engine.pool.status()).toContain("Connections in pool: 1");
    expect(await engine.begin((connection) => connection.scalar(count.where(rows.c.name.like("task%"))))).toBe(50);
  });

  test("streams and COPY", async () => {
    await using connection = await engine.connect();
    const seen: unknown[] = [];
    for await (const row of await connection.stream(
      text("SELECT n FROM generate_series(1, 1000) AS n").columns({ n: t.integer }),
      null,
      { yieldPer: 100 },
    ))
      seen.push(row.n);
    expect(seen.length).toBe(1000);
    expect(await copyFrom(connection, rows, [{ name: "c1" }, { name: "c2" }])).toBe(2);
    const chunks: Uint8Array[] = [];
    for await (const chunk of copyTo(connection, select(rows.c.name).where(rows.c.name.like("c_")), { format: "csv" }))
      chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe("c1\nc2\n");
    await connection.rollback();
  });

  test("data in a folder outlives the engine", async () => {
    const folder = mkdtempSync(join(tmpdir(), "athanor-pglite-"));
    try {
      for (const expected of [1, 2]) {
        const kept = createAsyncEngine(`postgresql+pglite:///${join(folder, "data")}`);
        await metadata.createAll(kept);
        await kept.begin((connection) => connection.execute(insert(rows).values({ name: `n${expected}` })));
        expect(await kept.begin((connection) => connection.scalar(count))).toBe(expected);
        await kept.dispose();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
