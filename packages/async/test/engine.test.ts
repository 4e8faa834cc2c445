import { createAsyncEngine } from "@athanor/async";
import {
  column,
  func,
  IntegrityError,
  insert,
  listen,
  MetaData,
  PoolTimeoutError,
  QueuePool,
  select,
  t,
  table,
  text,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import { describe, expect, it } from "vitest";
import "../../core/test/small-sqlite.ts";

const metadata = new MetaData();
const users = table("users", metadata, {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50), { nullable: false, unique: true }),
});
const countOf = select(func.count()).selectFrom(users);

for (const driver of ["small", "slow"]) {
  const made = async (...names: string[]) => {
    const engine = createAsyncEngine(`small+${driver}://`);
    await metadata.createAll(engine);
    if (names.length > 0)
      await engine.begin((connection) =>
        connection.execute(
          insert(users),
          names.map((name) => ({ name })),
        ),
      );
    return engine;
  };

  describe(`an asynchronous engine over a ${driver === "small" ? "blocking" : "promising"} driver`, () => {
    it("executes and buffers", async () => {
      const engine = await made("a", "b");
      await using connection = await engine.connect();
      const byId = select(users.c.name).where(users.c.id.eq(1));
      for (let round = 0; round < 3; round++) expect((await connection.execute(byId)).one().name).toBe("a");
      expect(await connection.scalar(countOf)).toBe(2);
      expect((await connection.scalars(select(users.c.name))).all().sort()).toEqual(["a", "b"]);
      expect(
        (await connection.execute(select(users.c.id).orderBy(users.c.id), null, { yieldPer: 1 })).all().length,
      ).toBe(2);
      expect((await connection.execDriverSql("SELECT 1 AS x")).mappings().one()).toEqual({ x: 1 });
    });

    it("commits and rolls back", async () => {
      const engine = await made();
      await expect(
        engine.begin(async (connection) => {
          await connection.execute(insert(users).values({ name: "a" }));
          throw new Error("mine");
        }),
      ).rejects.toThrow("mine");
      expect(await engine.begin((connection) => connection.scalar(countOf))).toBe(0);
      {
        await using connection = await engine.connect();
        await connection.execute(insert(users).values({ name: "a" }));
        await connection.beginNested(async () => {
          await connection.execute(insert(users).values({ name: "b" }));
        });
        await expect(
          connection.beginNested((inner) => inner.execute(insert(users).values({ name: "b" }))),
        ).rejects.toThrow(IntegrityError);
        expect(connection.inTransaction()).toBe(true);
        await connection.commit();
        await connection.execute(insert(users).values({ name: "lost" }));
      }
      expect(await engine.begin((connection) => connection.scalar(countOf))).toBe(2);
    });

    it("streams, and closes what was not read", async () => {
      const engine = await made(..."abcdefghij");
      await using connection = await engine.connect();
      const names: string[] = [];
      for await (const row of await connection.stream(select(users.c.name).orderBy(users.c.id))) names.push(row.name);
      expect(names.join("")).toBe("abcdefghij");
      for await (const row of await connection.stream(select(users.c.name))) {
        expect(row.name).toBeTypeOf("string");
        break;
      }
      const result = await connection.stream(select(users.c.id, users.c.name).orderBy(users.c.id), null, {
        yieldPer: 3,
      });
      const sizes: number[] = [];
      for await (const part of result.partitions()) sizes.push(part.length);
      expect(sizes).toEqual([3, 3, 3, 1]);
      expect(await (await connection.stream(select(users.c.name).orderBy(users.c.id))).scalars().first()).toBe("a");
      expect(await (await connection.stream(countOf)).scalarOne()).toBe(10);
      expect((await (await connection.stream(select(users).orderBy(users.c.id))).mappings().fetchmany(1))[0]).toEqual({
        id: 1,
        name: "a",
      });
      await expect((await connection.stream(select(users))).one()).rejects.toThrow(/Multiple rows/);
      const frozen = await (await connection.stream(select(users.c.id))).freeze();
      expect(frozen.thaw().all().length).toBe(10);
      // Nothing is left open: the transaction can end.
      await connection.commit();
    });

    it("runs a generator", async () => {
      const engine = await made("a");
      await using connection = await engine.connect();
      const found = await connection.run(function* (steps): Step<number | null> {
        yield* steps.execute(insert(users).values({ name: "b" }));
        yield* steps.commit();
        return (yield* steps.execute(countOf)).scalar();
      });
      expect(found).toBe(2);
    });

    it("waits for listeners", async () => {
      const engine = await made();
      const seen: string[] = [];
      listen(engine, "begin", async () => {
        await Promise.resolve();
        seen.push("begin");
      });
      listen(engine, "afterCursorExecute", async (connection, execution) => {
        await Promise.resolve();
        seen.push(execution.statement);
        expect(connection.inTransaction()).toBe(true);
      });
      await engine.begin((connection) => connection.execute(text("SELECT 1")));
      expect(seen).toEqual(["begin", "SELECT 1"]);
    });

    it("wraps errors with the failing statement", async () => {
      const engine = await made("a");
      await using connection = await engine.connect();
      await connection.execute(countOf);
      for (let round = 0; round < 3; round++) {
        await expect(connection.execute(insert(users).values({ name: "a" }))).rejects.toMatchObject({
          kind: "unique",
          statement: "INSERT INTO users (name) VALUES (?)",
        });
      }
      expect(await connection.scalar(countOf)).toBe(1);
    });
  });
}

it("lets callers wait for a connection, and gives up in time", async () => {
  const engine = createAsyncEngine("small+slow://", {
    poolclass: QueuePool,
    poolSize: 1,
    maxOverflow: 0,
    poolTimeout: 0.05,
  });
  const first = await engine.connect();
  await expect(engine.connect()).rejects.toThrow(PoolTimeoutError);
  const second = engine.connect();
  await first.close();
  await (await second).close();
  const controller = new AbortController();
  const held = await engine.connect();
  const waiting = engine.connect({ signal: controller.signal });
  controller.abort();
  await expect(waiting).rejects.toThrow(/cancelled/);
  await held.close();
  await engine.dispose();
});
