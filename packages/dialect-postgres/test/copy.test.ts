import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { createAsyncEngine } from "@athanor/async";
import { column, computed, func, MetaData, select, t, table, text } from "@athanor/core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  ARRAY,
  copyFrom,
  copyStreamFrom,
  copyTo,
  JSONB,
  type Notification,
  notifications,
  notify,
} from "../src/index.ts";
import { drivers, url } from "./database.ts";

const metadata = new MetaData();
const rows = table("copy rows", metadata, {
  id: column(t.integer, { primaryKey: true }),
  name: column("the name", t.string()),
  at: column(t.dateTime),
  data: column(t.largeBinary),
  doc: column(JSONB()),
  tags: column(ARRAY(t.string())),
  big: column(t.bigInteger),
  flag: column(t.boolean),
  length: column(t.integer, computed('char_length("the name")', { persisted: true })),
});

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString();
}

describe.skipIf(url === null).each(drivers)("COPY over $name", ({ engineOf }) => {
  const engine = engineOf();
  beforeAll(() => metadata.createAll(engine));
  beforeEach(() => engine.begin((connection) => connection.execute(text('TRUNCATE "copy rows" RESTART IDENTITY'))));
  afterAll(() => metadata.dropAll(engine));

  const full = {
    name: 'a\tb\nc\\d"e,\r\u{1F600}',
    at: new Date("2024-01-02T03:04:05.678Z"),
    data: new Uint8Array([0, 1, 92, 255]),
    doc: { a: ["x\\y", null], b: "\n" },
    tags: ["p,q", 'r"s', null, "\\t"],
    big: 9007199254740993n,
    flag: true,
  };
  const empty = { name: null, at: null, data: null, doc: null, tags: null, big: null, flag: null };

  test("rows go in by their types and come out as they were", () =>
    engine.begin(async (connection) => {
      expect(await copyFrom(connection, rows, [full, empty])).toBe(2);
      const {
        id: _,
        length,
        ...read
      } = (await connection.execute(select(rows).orderBy(rows.c.id))).all()[0] as never as Record<string, unknown>;
      expect(read).toEqual(full);
      expect(length).toBe(12);
      expect(await connection.scalar(select(func.count()).where(rows.c.name.is(null)))).toBe(1);
    }));

  test("many rows from a generator, as arrays, in the transaction that is open", async () => {
    await using connection = await engine.connect();
    async function* many(): AsyncGenerator<readonly unknown[], void> {
      for (let index = 0; index < 50_000; index++) {
        if (index % 10_000 === 0) await sleep(1);
        yield [index, `n${index}`];
      }
    }
    expect(await copyFrom(connection, rows, many(), { columns: ["id", "name"] })).toBe(50_000);
    expect(await connection.scalar(select(func.count()).selectFrom(rows))).toBe(50_000);
    await connection.rollback();
    expect(await connection.scalar(select(func.count()).selectFrom(rows))).toBe(0);
  });

  test("files go in and out as they are", async () => {
    await using connection = await engine.connect();
    const csv = 'id,"the name"\n1,"a,b"\n2,\n';
    expect(
      await copyStreamFrom(connection, rows, Readable.from([csv.slice(0, 7), Buffer.from(csv.slice(7))]), {
        format: "csv",
        header: true,
        columns: ["id", "name"],
      }),
    ).toBe(2);
    expect(await bytesOf(copyTo(connection, rows, { format: "csv", header: true, columns: ["id", "name"] }))).toBe(
      'id,the name\n1,"a,b"\n2,\n',
    );
    const query = select(rows.c.id, rows.c.name)
      .where(rows.c.id.in([1, 7]))
      .orderBy(rows.c.id);
    expect(await bytesOf(copyTo(connection, query, { delimiter: "|", null: "NIX" }))).toBe("1|a,b\n");
    // Binary is a round trip of its own.
    const binary = await bytesOfBinary(copyTo(connection, rows, { format: "binary" }));
    await connection.execute(text('TRUNCATE "copy rows"'));
    expect(await copyStreamFrom(connection, rows, [binary], { format: "binary" })).toBe(2);
  });

  async function bytesOfBinary(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
    const all: Uint8Array[] = [];
    for await (const chunk of chunks) all.push(chunk);
    return Buffer.concat(all);
  }

  test("a row that the database refuses is its error; nothing is written, the source is left", async () => {
    await using connection = await engine.connect();
    let yielded = 0;
    let left = false;
    function* source(): Generator<{ id: number; name: string }, void> {
      try {
        for (;;) yield { id: yielded++ % 1000, name: "x".repeat(1000) };
      } finally {
        left = true;
      }
    }
    await expect(copyFrom(connection, rows, source())).rejects.toMatchObject({
      name: "IntegrityError",
      kind: "unique",
      statement: expect.stringMatching(/^COPY "copy rows"/) as string,
    });
    await expect.poll(() => left).toBe(true);
    expect(yielded).toBeLessThan(1_000_000);
    await connection.rollback();
    expect(await connection.scalar(select(func.count()).selectFrom(rows))).toBe(0);
  });

  test("a source that fails is the source's error", async () => {
    await using connection = await engine.connect();
    function* source(): Generator<{ id: number }, void> {
      yield { id: 1 };
      throw new RangeError("no more");
    }
    await expect(copyFrom(connection, rows, source())).rejects.toThrow(/no more/);
    await connection.rollback();
    for (const [bad, message] of [
      [[{ id: 1 }, { id: 2, name: "x" }], /row 1 .*"name", which is not copied/],
      [[{ id: 1, name: "x" }, { id: 2 }], /row 1 .*no value for "name"/],
      [[{ id: undefined }], /no value for "id"/],
      [[{ nothing: 1 }], /no column "nothing"/],
      [[[1]], /row 0 .*1 values for 8 columns/],
    ] as const) {
      await expect(copyFrom(connection, rows, bad as never)).rejects.toThrow(message);
      await connection.rollback();
    }
    expect(await connection.scalar(select(func.count()).selectFrom(rows))).toBe(0);
    await connection.rollback();
    expect(await copyFrom(connection, rows, [])).toBe(0);
  });

  test("a slow reader makes the server wait; one that leaves ends the statement", async () => {
    await using connection = await engine.connect();
    const many = text("SELECT repeat('x', 1000) || left(generate_series(1, 100000)::text, 0)");
    let size = 0;
    for await (const chunk of copyTo(connection, many)) {
      size += chunk.length;
      if (size < 5_000_000) await sleep(2);
    }
    expect(size).toBe(100_000 * 1001);
    const endless = text("SELECT repeat('x', 1000) || left(generate_series(1, 100000000)::text, 0)");
    const started = performance.now();
    for await (const _ of copyTo(connection, endless)) break;
    expect(performance.now() - started).toBeLessThan(15_000);
    await connection.rollback();
    expect(await connection.scalar(select(func.count()).selectFrom(rows))).toBe(0);
    await expect(bytesOf(copyTo(connection, text("SELECT 1/0")))).rejects.toMatchObject({ kind: "divisionByZero" });
  }, 60_000);
});

describe.skipIf(url === null).each(drivers)("LISTEN and NOTIFY over $name", ({ engineOf, name, url }) => {
  test("messages arrive when their transaction commits, in order", async () => {
    const engine = createAsyncEngine(url, { poolSize: 2 });
    const controller = new AbortController();
    const listening = Promise.withResolvers<void>();
    const got: Notification[] = [];
    const loop = (async () => {
      for await (const message of notifications(engine, ["jobs", "My Channel"], {
        signal: controller.signal,
        onListening: () => listening.resolve(),
      })) {
        got.push(message);
        if (message.payload === "last") return;
      }
    })();
    await listening.promise;
    await using connection = await engine.connect();
    await notify(connection, "jobs", "unseen");
    await connection.rollback();
    await notify(connection, "jobs", "first");
    await notify(connection, "My Channel");
    await sleep(50);
    expect(got).toEqual([]);
    await connection.commit();
    await engine.begin((other) => notify(other, "jobs", "last"));
    await loop;
    expect(got.map(({ channel, payload }) => [channel, payload])).toEqual([
      ["jobs", "first"],
      ["My Channel", ""],
      ["jobs", "last"],
    ]);
    expect(got[0]?.processId).toEqual(name === "pg" ? expect.any(Number) : null);
    await connection.close();
    expect(engine.pool.status()).toContain("Current Checked out connections: 0");
    await engine.dispose();
  });

  test("a signal and a lost connection end the loop", async () => {
    const engine = engineOf();
    const controller = new AbortController();
    const waiting = notifications(engine, ["x"], { signal: controller.signal }).next();
    setTimeout(() => controller.abort(), 50);
    await expect(waiting).rejects.toMatchObject({ name: "CancelledError" });
    const listening = Promise.withResolvers<void>();
    const cut = notifications(engine, ["to be cut"], { onListening: () => listening.resolve() }).next();
    const failed = expect(cut).rejects.toMatchObject({ kind: "disconnect" });
    await listening.promise;
    await engine.begin((connection) =>
      connection.execute(
        text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN \"to be cut\"'"),
      ),
    );
    await failed;
  });
});
