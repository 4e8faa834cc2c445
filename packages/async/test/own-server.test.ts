/** A server that crashes and comes back, and transactions that survive it: servers of the test's own. */
import { type AsyncEngine, createAsyncEngine } from "@athanor/async";
import { column, insert, MetaData, select, t, table } from "@athanor/core";
import "@athanor/dialect-mysql";
import "@athanor/dialect-postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OwnServer, startMariadb, startPostgres } from "../../../test/setup/servers.ts";

const metadata = new MetaData();
const rows = table("crash_rows", metadata, { id: column(t.integer, { primaryKey: true }), name: column(t.string(20)) });

describe.each([
  ["PostgreSQL", startPostgres],
  ["MariaDB", startMariadb],
])("%s of our own", (_name, start) => {
  let server: OwnServer | undefined;
  let engine: AsyncEngine;
  beforeAll(async () => {
    server = await start();
    if (server === undefined) return;
    engine = createAsyncEngine(server.url, { poolPrePing: true, poolSize: 3 });
    await metadata.createAll(engine);
  }, 120_000);
  afterAll(async () => {
    await engine?.dispose();
    await server?.stop();
  }, 60_000);

  const names = (): Promise<unknown> =>
    engine.begin(async (connection) => (await connection.scalars(select(rows.c.name).orderBy(rows.c.name))).all());

  it("loses nothing that was committed and keeps nothing that was not, over a crash", async ({ skip }) => {
    if (server === undefined) return skip("not installed");
    const idle = await engine.connect();
    await idle.scalar(select(rows.c.id));
    await idle.close();
    await using working = await engine.connect();
    await working.execute(insert(rows).values({ name: "committed" }));
    await working.commit();
    await working.execute(insert(rows).values({ name: "uncommitted" }));
    await server.crash();
    await expect(working.execute(insert(rows).values({ name: "never" }))).rejects.toMatchObject({ kind: "disconnect" });
    await expect(engine.connect()).rejects.toMatchObject({ kind: "disconnect" });
    await working.rollback();
    await server.start();
    expect(await names()).toEqual(["committed"]);
    await working.execute(insert(rows).values({ name: "again" }));
    await working.commit();
    expect(await names()).toEqual(["again", "committed"]);
    expect(engine.pool.status()).toContain("Current Checked out connections: 1");
  }, 120_000);

  it("recovers two-phase transactions whose coordinator is gone, over a crash", async ({ skip }) => {
    if (server === undefined) return skip("not installed");
    for (const xid of ["one", "two"]) {
      const connection = await engine.connect();
      const transaction = await connection.beginTwophase(xid);
      await connection.execute(insert(rows).values({ name: xid }));
      await transaction.prepare();
      // The program ends here: nobody commits.
      await connection.invalidate();
      await connection.close();
    }
    await server.crash();
    await server.start();
    await using connection = await engine.connect();
    expect([...(await connection.recoverTwophase())].sort()).toEqual(["one", "two"]);
    await connection.commitPrepared("one");
    await connection.rollbackPrepared("two");
    expect(await connection.recoverTwophase()).toEqual([]);
    expect(await names()).toEqual(expect.arrayContaining(["one"]));
    expect(await names()).not.toEqual(expect.arrayContaining(["two"]));
    await connection.scalar(select(rows.c.id));
    await expect(connection.recoverTwophase()).rejects.toThrow(/outside of transactions/);
    await connection.rollback();
    await expect(connection.commitPrepared("no such'id")).rejects.toThrow(/letters, digits/);
  }, 120_000);
});
