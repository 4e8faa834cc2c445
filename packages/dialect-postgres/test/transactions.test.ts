/** Isolation levels, modes of transactions, savepoints, two-phase transactions, streams through an engine. */
import type { AsyncConnection } from "@athanor/async";
import { column, func, insert, literalColumn, MetaData, select, t, table, text } from "@athanor/core";
import { beforeAll, describe, expect, test } from "vitest";
import { drivers, url } from "./database.ts";

const metadata = new MetaData();
const items = table("items", metadata, { id: column(t.integer, { primaryKey: true }), name: column(t.string(20)) });
const count = select(func.count()).selectFrom(items);
const level = text("SELECT upper(current_setting('transaction_isolation'))");

describe.skipIf(url === null).each(drivers)("transactions over $name", ({ engineOf }) => {
  const engine = url === null ? (undefined as never) : engineOf();
  beforeAll(async () => {
    await metadata.dropAll(engine);
    await metadata.createAll(engine);
  });

  test("isolation levels of a connection, of an engine, and back", async () => {
    const one = engineOf({ poolSize: 1, maxOverflow: 0 });
    {
      await using connection = await one.connect();
      expect(await connection.getIsolationLevel()).toBe("READ COMMITTED");
      await connection.rollback();
      for (const name of ["SERIALIZABLE", "REPEATABLE READ", "READ UNCOMMITTED"] as const) {
        await connection.executionOptions({ isolationLevel: name });
        expect(await connection.scalar(level)).toBe(name);
        expect(await connection.getIsolationLevel()).toBe(name);
        await connection.rollback();
      }
      await expect(connection.executionOptions({ isolationLevel: "SNAPSHOT" })).rejects.toThrow(
        /Valid isolation levels/,
      );
    }
    await using again = await one.connect();
    expect(await again.scalar(level)).toBe("READ COMMITTED");
    await using strict = await engineOf({ isolationLevel: "SERIALIZABLE" }).connect();
    expect(await strict.scalar(level)).toBe("SERIALIZABLE");
  });

  test("autocommit", async () => {
    await using connection = await engine.connect();
    await connection.executionOptions({ isolationLevel: "AUTOCOMMIT" });
    await connection.execute(insert(items).values({ name: "kept" }));
    await connection.execute(text("VACUUM items"));
    await connection.rollback();
    expect(await connection.scalar(count)).toBe(1);
  });

  test("a level that was set is put back, also where the engine's own is autocommit", async () => {
    const one = engineOf({ isolationLevel: "AUTOCOMMIT", poolSize: 1, maxOverflow: 0 });
    const session = text("SELECT upper(current_setting('default_transaction_isolation'))");
    {
      await using connection = await one.connect();
      await connection.executionOptions({ isolationLevel: "SERIALIZABLE" });
      expect(await connection.scalar(session)).toBe("SERIALIZABLE");
      await connection.rollback();
      await connection.executionOptions({ isolationLevel: "AUTOCOMMIT" });
    }
    await using connection = await one.executionOptions({ isolationLevel: "AUTOCOMMIT" }).connect();
    expect(await connection.getIsolationLevel()).toBe("AUTOCOMMIT");
    expect(await connection.scalar(session)).toBe("READ COMMITTED");
  });

  test("read only and deferrable", async () => {
    await using connection = await engine.connect();
    await connection.executionOptions({ readOnly: true, deferrable: true, isolationLevel: "SERIALIZABLE" });
    const modes = text("SELECT current_setting('transaction_read_only'), current_setting('transaction_deferrable')");
    expect([...((await connection.execute(modes)).one() as never)]).toEqual(["on", "on"]);
    await expect(connection.execute(insert(items).values({ name: "x" }))).rejects.toMatchObject({ kind: "readOnly" });
  });

  test("read only and deferrable by SQLAlchemy's names, of a connection and of an engine", async () => {
    const modes = text("SELECT current_setting('transaction_read_only'), current_setting('transaction_deferrable')");
    const modesOf = async (connection: AsyncConnection): Promise<unknown[]> => [
      ...((await connection.execute(modes)).one() as never as unknown[]),
    ];
    const one = engineOf({ poolSize: 1, maxOverflow: 0, poolPrePing: true });
    for (let round = 0; round < 2; round++) {
      await using connection = await one.connect();
      await connection.executionOptions({ postgresqlReadonly: true, postgresqlDeferrable: true });
      expect(await modesOf(connection)).toEqual(["on", "on"]);
      await expect(connection.execute(insert(items).values({ name: "x" }))).rejects.toMatchObject({ kind: "readOnly" });
    }
    {
      await using connection = await one.connect();
      expect(await modesOf(connection)).toEqual(["off", "off"]);
      await expect(connection.executionOptions({ postgresqlReadonly: true })).rejects.toThrow(
        /readOnly may not be altered unless rollback/,
      );
    }
    const readers = one.executionOptions({ postgresqlReadonly: true });
    {
      await using connection = await readers.connect();
      expect(await modesOf(connection)).toEqual(["on", "off"]);
    }
    await using writer = await readers.executionOptions({ readOnly: false }).connect();
    expect(await modesOf(writer)).toEqual(["off", "off"]);
  });

  test("AUTOCOMMIT has no transaction that could be read only", async () => {
    await using connection = await engine.connect();
    await connection.executionOptions({ isolationLevel: "AUTOCOMMIT", readOnly: true });
    await expect(connection.execute(insert(items).values({ name: "x" }))).rejects.toThrow(/no transaction that could/);
    await expect(connection.begin()).rejects.toThrow(/no transaction that could/);
  });

  test("savepoints", async () => {
    await using connection = await engine.connect();
    await connection.execute(insert(items).values({ name: "outer" }));
    await expect(
      connection.beginNested(async () => {
        await connection.execute(text("SELECT 1/0"));
      }),
    ).rejects.toMatchObject({ kind: "divisionByZero" });
    const nested = await connection.beginNested();
    await connection.execute(insert(items).values({ name: "inner" }));
    await nested.rollback();
    expect(
      await connection.scalar(
        select(func.count())
          .selectFrom(items)
          .where(items.c.name.in(["outer", "inner"])),
      ),
    ).toBe(1);
    await connection.rollback();
  });

  test("two-phase transactions", async ({ skip }) => {
    await using connection = await engine.connect();
    const limit = await connection.scalar(text("SELECT current_setting('max_prepared_transactions')::int"));
    await connection.rollback();
    if (limit === 0) return skip("the server has max_prepared_transactions = 0");
    const before = await connection.scalar(count);
    await connection.rollback();
    const first = await connection.beginTwoPhase();
    await connection.execute(insert(items).values({ name: "first" }));
    await first.prepare();
    await first.commit();
    const second = await connection.beginTwoPhase("my.transaction-1");
    await connection.execute(insert(items).values({ name: "second" }));
    await second.prepare();
    expect(await (await engine.connect()).scalar(text("SELECT count(*) FROM pg_prepared_xacts"))).toBe(1n);
    await second.rollback();
    const third = await connection.beginTwoPhase();
    await connection.execute(insert(items).values({ name: "third" }));
    await third.rollback();
    expect(await connection.scalar(count)).toBe(Number(before) + 1);
  });

  test("rows are streamed, with other statements in between", async () => {
    await using connection = await engine.connect();
    const n = literalColumn("n", t.integer);
    const numbers = select(n).selectFrom(text("generate_series(1, 5000) AS n"));
    const rows = await connection.stream(numbers, null, { yieldPer: 500 });
    let seen = 0;
    for await (const _ of rows) {
      seen += 1;
      if (seen % 1_000 === 0) expect(await connection.scalar(text("SELECT 1"))).toBe(1);
    }
    expect(seen).toBe(5_000);
    const early = await connection.stream(numbers, null, { yieldPer: 10 });
    for await (const _ of early) break;
    await early.close();
    expect(await connection.scalar(text("SELECT 2"))).toBe(2);
  });

  test("a thousand tasks share a few connections", async () => {
    const shared = engineOf({ poolSize: 4, maxOverflow: 0, poolTimeout: 60 });
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) =>
        shared.connect().then(async (connection) => {
          await using held = connection;
          return await held.scalar(text("SELECT CAST(:n AS integer)").bindparams({ n: index }));
        }),
      ),
    );
    expect(answers).toEqual(Array.from({ length: 1_000 }, (_, index) => index));
  });
});
