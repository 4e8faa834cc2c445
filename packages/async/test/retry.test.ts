/** Transactions that are run again after they met another: real deadlocks and serialization failures. */
import { type AsyncConnection, type AsyncEngine, createAsyncEngine } from "@athanor/async";
import { asyncSessionmaker } from "@athanor/async/orm";
import { column, insert, isTransient, MetaData, OperationalError, select, t, table, update } from "@athanor/core";
import "@athanor/dialect-mysql";
import "@athanor/dialect-postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { mysqlUrl, pgUrl } from "../../../test/setup/urls.ts";

const metadata = new MetaData();
const accounts = table("retry_accounts", metadata, {
  id: column(t.integer, { primaryKey: true, autoincrement: false }),
  balance: column(t.integer),
});

const add = (id: number, amount: number) =>
  update(accounts)
    .where(accounts.c.id.eq(id))
    .values({ balance: accounts.c.balance.add(amount) });

/** Lets several tasks go on once all of them have come; who comes again passes. */
function gate(count: number): () => Promise<void> {
  let waiting = count;
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    if (--waiting <= 0) open();
    return opened;
  };
}

describe.each([
  { name: "PostgreSQL", url: pgUrl() },
  { name: "MariaDB", url: mysqlUrl() },
])("retries on $name", ({ name, url }) => {
  if (url === null) return it.skip(`needs ${name}`);
  let engine: AsyncEngine;

  beforeAll(async () => {
    engine = createAsyncEngine(url);
    await metadata.dropAll(engine);
    await metadata.createAll(engine);
  });
  afterAll(async () => {
    await metadata.dropAll(engine);
    await engine.dispose();
  });
  beforeEach(async () => {
    await engine.begin(async (conn) => {
      await conn.execute(accounts.delete());
      await conn.execute(insert(accounts), [
        { id: 1, balance: 0 },
        { id: 2, balance: 0 },
      ]);
    });
  });

  async function balances(): Promise<readonly (number | null)[]> {
    await using conn = await engine.connect();
    return (await conn.scalars(select(accounts.c.balance).orderBy(accounts.c.id))).all();
  }

  /** Two transactions that lock two rows in opposite orders, after both hold their first. */
  function crossing(runs: string[]): readonly ((conn: AsyncConnection) => Promise<void>)[] {
    const bothHoldOne = gate(2);
    return [
      [1, 2],
      [2, 1],
    ].map(([first, second]) => async (conn) => {
      runs.push(`${first}${second}`);
      await conn.execute(add(first as number, 1));
      await bothHoldOne();
      await conn.execute(add(second as number, 10));
    });
  }

  it("loses the victim of a deadlock without attempts, and says that it may be run again", async () => {
    const runs: string[] = [];
    const results = await Promise.allSettled(crossing(runs).map((work) => engine.begin(work)));
    const failed = results.filter((result) => result.status === "rejected");
    expect(failed).toHaveLength(1);
    const error: unknown = failed[0]?.reason;
    expect(error).toBeInstanceOf(OperationalError);
    expect(error).toMatchObject({ kind: "deadlock" });
    expect(isTransient(error)).toBe(true);
    expect(runs).toHaveLength(2);
  });

  it("runs the victim of a deadlock again", async () => {
    const runs: string[] = [];
    await Promise.all(crossing(runs).map((work) => engine.begin(work, { attempts: 9, delay: 1 })));
    // More than three where the victim was back before the other woke, and took its row away.
    expect(runs.length).toBeGreaterThanOrEqual(3);
    expect(await balances()).toEqual([11, 11]);
  });

  it("gives each attempt a session of its own", async () => {
    const Sessions = asyncSessionmaker(engine);
    const bothHoldOne = gate(2);
    const seen = new Set<unknown>();
    const transfer = (first: number, second: number) =>
      Sessions.begin(
        async (session) => {
          seen.add(session);
          await session.execute(add(first, 1));
          await bothHoldOne();
          await session.execute(add(second, 10));
        },
        { attempts: 9 },
      );
    await Promise.all([transfer(1, 2), transfer(2, 1)]);
    expect(seen.size).toBeGreaterThanOrEqual(3);
    expect(await balances()).toEqual([11, 11]);
  });

  if (name === "PostgreSQL")
    it("runs a transaction again that could not be serialized", async () => {
      const serializable = engine.executionOptions({ isolationLevel: "SERIALIZABLE" });
      const bothHaveRead = gate(2);
      const failures: unknown[] = [];
      const task = (id: number) =>
        serializable.begin(
          async (conn) => {
            const total = (await conn.scalars(select(accounts.c.balance))).all();
            await bothHaveRead();
            await conn.execute(add(id, 1 + total.reduce<number>((sum, value) => sum + (value ?? 0), 0)));
          },
          {
            attempts: 5,
            delay: (failed) => failed,
            shouldRetry: (error) => {
              failures.push(error);
              return isTransient(error);
            },
          },
        );
      await Promise.all([task(1), task(2)]);
      expect(failures).toMatchObject([{ kind: "serialization" }]);
      expect((await balances()).toSorted()).toEqual([1, 2]);
    });

  it("stops after its attempts, and at once at another error", async () => {
    let runs = 0;
    const twice = { id: 1, balance: 0 };
    const work = async (conn: AsyncConnection) => {
      runs += 1;
      await conn.execute(insert(accounts).values(twice));
    };
    await expect(engine.begin(work, { attempts: 3 })).rejects.toMatchObject({ kind: "unique" });
    expect(runs).toBe(1);
    await expect(engine.begin(work, { attempts: 3, delay: 0, shouldRetry: () => true })).rejects.toMatchObject({
      kind: "unique",
    });
    expect(runs).toBe(4);
    expect(await balances()).toEqual([0, 0]);
  });

  it("refuses a number of attempts that is none", async () => {
    await expect(engine.begin(() => 1, { attempts: 0 })).rejects.toThrow(
      "attempts is 0, but must be a whole number of at least 1",
    );
  });
});
