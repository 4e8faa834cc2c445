/** The engine on real servers: what a small dialect on SQLite cannot show. */
import { createAsyncEngine } from "@athanor/async";
import { column, delete_, func, IntegrityError, insert, MetaData, select, t, table, text, update } from "@athanor/core";
import "@athanor/dialect-mysql";
import "@athanor/dialect-postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mysqlUrl, pgUrl } from "../../../test/setup/urls.ts";

const metadata = new MetaData();
const things = table("engine_things", metadata, {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50), { nullable: false, unique: true }),
  flag: column(t.boolean),
  at: column(t.dateTime),
});
const keyed = table("engine_keyed", metadata, {
  id: column(t.integer, { primaryKey: true, autoincrement: false }),
  name: column(t.string(20)),
});
const countOf = select(func.count()).selectFrom(things);

for (const [name, url] of [
  ["PostgreSQL", pgUrl()],
  ["MySQL or MariaDB", mysqlUrl()],
] as const) {
  describe.skipIf(url === null)(`an asynchronous engine on ${name}`, () => {
    const engine = createAsyncEngine(url ?? "postgresql://none", { poolSize: 2 });
    beforeAll(() => metadata.createAll(engine));
    afterAll(async () => {
      await metadata.dropAll(engine);
      await engine.dispose();
    });
    const emptied = async () => engine.begin((connection) => connection.execute(delete_(things)));

    it("runs the same with tags behind every statement", async () => {
      await emptied();
      await using tagged = createAsyncEngine(url ?? "", {
        statementTags: { application: "it's a :test?", route: "$1" },
      });
      await tagged.begin(async (connection) => {
        const names = Array.from({ length: 1500 }, (_, index) => ({ name: `n${index}` }));
        await connection.execute(insert(things), names);
        const found = select(things.c.name)
          .where(things.c.name.in(["n3", "n1499"]))
          .orderBy(things.c.name);
        expect((await connection.scalars(found)).all()).toEqual(["n1499", "n3"]);
        expect((await connection.execute(insert(things).values({ name: "x" }))).insertedPrimaryKey.id).toBeTypeOf(
          "number",
        );
        expect(await connection.scalar(countOf)).toBe(1501);
      });
    });

    it("inserts, selects, tells generated keys", async () => {
      await emptied();
      const at = new Date("2024-02-03T04:05:06Z");
      await engine.begin(async (connection) => {
        const first = (await connection.execute(insert(things).values({ name: "a", flag: true, at })))
          .insertedPrimaryKey.id as number;
        expect(first).toBeTypeOf("number");
        const row = (await connection.execute(select(things).where(things.c.id.eq(first)))).one();
        expect({ ...row }).toEqual({ id: first, name: "a", flag: true, at });
        const second = (await connection.execute(insert(things).values({ name: "b" }))).insertedPrimaryKey.id as number;
        expect(second).toBeGreaterThan(first);
        expect((await connection.execute(update(things).values({ flag: false }))).rowcount).toBe(2);
      });
    });

    it("inserts many, with keys in the order of the parameters", async () => {
      await emptied();
      const names = Array.from({ length: 2500 }, (_, index) => ({ name: `n${(index * 7919) % 2500}` }));
      await engine.begin(async (connection) => {
        expect((await connection.execute(insert(things), names.slice(0, 500))).rowcount).toBe(500);
        await connection.execute(delete_(things));
        if (!engine.dialect.capabilities.insertReturning) return;
        const rows = (
          await connection.execute(
            insert(things).returning(things.c.name, things.c.id, { sortByParameterOrder: true }),
            names,
          )
        ).all();
        expect(rows.map((row) => row.name)).toEqual(names.map((set) => set.name));
        expect(rows.every((row, index) => index === 0 || row.id > (rows[index - 1]?.id ?? 0))).toBe(true);
        const sets = [5, 3, 9].map((id) => ({ id, name: `k${id}` }));
        const known = (
          await connection.execute(insert(keyed).returning(keyed.c.name, { sortByParameterOrder: true }), sets)
        )
          .scalars()
          .all();
        expect(known).toEqual(["k5", "k3", "k9"]);
        await connection.execute(delete_(keyed));
      });
    });

    it("reports constraint violations, and goes on after a savepoint", async () => {
      await emptied();
      await engine.begin(async (connection) => {
        await connection.execute(insert(things).values({ name: "a" }));
        await expect(
          connection.beginNested((inner) => inner.execute(insert(things).values({ name: "a" }))),
        ).rejects.toThrow(IntegrityError);
        expect(await connection.scalar(countOf)).toBe(1);
      });
    });

    it("streams without reading ahead", async () => {
      await emptied();
      await engine.begin((connection) =>
        connection.execute(
          insert(things),
          Array.from({ length: 1000 }, (_, index) => ({ name: `s${index}` })),
        ),
      );
      await using connection = await engine.connect();
      let count = 0;
      for await (const row of await connection.stream(select(things.c.id, things.c.name).orderBy(things.c.id))) {
        expect(row.name).toBe(`s${count}`);
        count++;
        if (count === 700) break;
      }
      expect(count).toBe(700);
      expect(await connection.scalar(countOf)).toBe(1000);
    });

    it("sets isolation levels and puts them back", async () => {
      {
        await using connection = await (await engine.connect()).executionOptions({ isolationLevel: "SERIALIZABLE" });
        expect(await connection.getIsolationLevel()).toBe("SERIALIZABLE");
        await connection.execute(text("SELECT 1"));
      }
      {
        await using connection = await (await engine.connect()).executionOptions({ isolationLevel: "AUTOCOMMIT" });
        await connection.execute(insert(things).values({ name: "auto" }));
      }
      expect(
        await engine.begin((connection) =>
          connection.scalar(select(func.count()).selectFrom(things).where(things.c.name.eq("auto"))),
        ),
      ).toBe(1);
    });

    it("recovers from a connection that the server closed", async () => {
      await using connection = await engine.connect();
      await using killer = await engine.connect();
      const isPostgres = engine.dialect.name === "postgresql";
      const id = await connection.scalar(text(isPostgres ? "SELECT pg_backend_pid()" : "SELECT connection_id()"));
      await killer.execute(text(isPostgres ? `SELECT pg_terminate_backend(${String(id)})` : `KILL ${String(id)}`));
      await new Promise((resolve) => setTimeout(resolve, 100));
      await expect(connection.execute(text("SELECT 1"))).rejects.toMatchObject({
        kind: "disconnect",
        connectionInvalidated: true,
      });
      await expect(connection.execute(text("SELECT 1"))).rejects.toThrow(/rollback/);
      await connection.rollback();
      expect(Number(await connection.scalar(text("SELECT 1")))).toBe(1);
    });
  });
}
