/** What happens when statements are cancelled and connections die: on real servers, through a proxy that can be cut. */
import { setTimeout as sleep } from "node:timers/promises";
import { type AsyncConnection, type AsyncEngine, createAsyncEngine } from "@athanor/async";
import {
  CancelledError,
  column,
  delete_,
  type EngineOptions,
  func,
  InvalidRequestError,
  insert,
  MetaData,
  select,
  t,
  table,
  text,
} from "@athanor/core";
import "@athanor/dialect-mysql";
import "@athanor/dialect-postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Proxy, startProxy } from "../../../test/setup/proxy.ts";
import { isMariadb, mysqlUrls, pgUrls } from "../../../test/setup/urls.ts";

const metadata = new MetaData();
const rows = table("robust_rows", metadata, {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(20)),
});
const countRows = select(func.count()).selectFrom(rows);

interface Server {
  readonly name: string;
  readonly url: string | null;
  readonly sleep: string;
  readonly id: string;
  /** Sleeping statements on the server. */
  readonly sleepers: (id: unknown) => string;
  kill(id: unknown): string;
  /** Ends the session when it was idle for a moment. */
  readonly idleLimit: string;
  /** Whether the session is still there. */
  readonly sessions: (id: unknown) => string;
  /** Many rows. */
  readonly many: string;
  /** Rows that come fast at first, and then hardly at all. */
  readonly slowing: string;
}

const digits = `(${Array.from({ length: 10 }, (_, digit) => `SELECT ${digit} AS n`).join(" UNION ALL ")})`;

/** A table of the numbers from 1 in `seq`, in no order; MySQL has none of its own. */
const numbers = (upTo: number): string =>
  isMariadb()
    ? `seq_1_to_${upTo}`
    : `(SELECT 1 + ${Array.from({ length: 7 }, (_, place) => `${10 ** place} * d${place}.n`).join(" + ")} AS seq FROM ${Array.from({ length: 7 }, (_, place) => `${digits} d${6 - place}`).join(", ")}) AS counted WHERE seq <= ${upTo}`;

const servers: readonly Server[] = [
  ...pgUrls().map((server) => ({
    ...server,
    sleep: "SELECT pg_sleep(30)",
    id: "SELECT pg_backend_pid()",
    sleepers: (id: unknown) =>
      `SELECT count(*) FROM pg_stat_activity WHERE pid = ${String(id)} AND state = 'active' AND query LIKE 'SELECT pg_sleep%'`,
    kill: (id: unknown) => `SELECT pg_terminate_backend(${String(id)})`,
    idleLimit: "SET idle_session_timeout = 100",
    sessions: (id: unknown) => `SELECT count(*) FROM pg_stat_activity WHERE pid = ${String(id)}`,
    many: "SELECT generate_series(1, 5000000) AS n",
    slowing:
      "SELECT CASE WHEN n > 5000 THEN n + (pg_sleep(30) IS NULL)::int ELSE n END AS n FROM generate_series(1, 6000) AS n",
  })),
  ...mysqlUrls().map((server) => ({
    ...server,
    sleep: "SELECT SLEEP(30)",
    id: "SELECT CONNECTION_ID()",
    sleepers: (id: unknown) =>
      `SELECT count(*) FROM information_schema.processlist WHERE id = ${String(id)} AND info LIKE 'SELECT SLEEP%' AND command <> 'Sleep'`,
    kill: (id: unknown) => `KILL ${String(id)}`,
    idleLimit: "SET SESSION wait_timeout = 1",
    sessions: (id: unknown) => `SELECT count(*) FROM information_schema.processlist WHERE id = ${String(id)}`,
    many: `SELECT seq AS n FROM ${numbers(5_000_000)}`,
    slowing: `SELECT IF(seq > 5000, seq + SLEEP(30), seq) AS n FROM ${numbers(6000)}`,
  })),
];

for (const server of servers) {
  describe.skipIf(server.url === null)(`on ${server.name}`, () => {
    let proxy: Proxy;
    let direct: AsyncEngine;
    const engines: AsyncEngine[] = [];
    const engineOf = (options: EngineOptions = {}): AsyncEngine => {
      const engine = createAsyncEngine(proxy.url, { poolSize: 2, ...options });
      engines.push(engine);
      return engine;
    };
    beforeAll(async () => {
      proxy = await startProxy(server.url as string);
      direct = createAsyncEngine(server.url as string);
      await metadata.createAll(direct);
    });
    beforeEach(() => direct.begin((connection) => connection.execute(delete_(rows))));
    afterAll(async () => {
      for (const engine of engines) await engine.dispose();
      await metadata.dropAll(direct);
      await direct.dispose();
      await proxy.close();
    });

    /** Of this backend only: a statement whose client went away with an earlier test may run on. */
    const noSleeper = async (id: unknown): Promise<void> => {
      for (let tries = 0; tries < 50; tries++) {
        const count = await direct.begin((connection) => connection.scalar(text(server.sleepers(id))));
        if (Number(count) === 0) return;
        await sleep(50);
      }
      throw new Error("a statement is still running on the server");
    };
    const untilGone = async (id: unknown): Promise<void> => {
      for (let tries = 0; tries < 100; tries++) {
        const count = await direct.begin((connection) => connection.scalar(text(server.sessions(id))));
        if (Number(count) === 0) return;
        await sleep(50);
      }
      throw new Error("the session is still there");
    };
    const idOf = (connection: AsyncConnection): Promise<unknown> => connection.scalar(text(server.id));
    const failureOf = (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => "no failure",
        (error: unknown) => error,
      );
    const add = (connection: AsyncConnection, name: string): Promise<unknown> =>
      connection.execute(insert(rows).values({ name }));
    const names = (): Promise<unknown> =>
      direct.begin(async (connection) => (await connection.scalars(select(rows.c.name).orderBy(rows.c.id))).all());

    describe("a signal", () => {
      it("ends a statement on the server; the transaction can be rolled back and the connection goes on", async () => {
        const engine = engineOf();
        await using connection = await engine.connect();
        const id = await idOf(connection);
        await add(connection, "before");
        const started = performance.now();
        const failure = await failureOf(
          connection.execute(text(server.sleep), null, { signal: AbortSignal.timeout(100) }),
        );
        expect(failure).toBeInstanceOf(CancelledError);
        expect((failure as CancelledError).cause).toBeDefined();
        expect(performance.now() - started).toBeLessThan(10_000);
        await noSleeper(id);
        await connection.rollback();
        expect(await idOf(connection)).toBe(id);
        await add(connection, "after");
        await connection.commit();
        expect(await names()).toEqual(["after"]);
        expect(engine.pool.status()).toContain("Current Checked out connections: 1");
      });

      it("given as the connection's option holds for every statement, and one that is aborted starts none", async () => {
        await using connection = await engineOf().connect();
        const controller = new AbortController();
        await connection.executionOptions({ signal: controller.signal });
        expect(Number(await connection.scalar(countRows))).toBe(0);
        controller.abort(new Error("enough"));
        const failure = await failureOf(connection.scalar(countRows));
        expect(failure).toBeInstanceOf(CancelledError);
        expect(((failure as CancelledError).cause as Error).message).toBe("enough");
        await connection.executionOptions({ signal: undefined as never });
        expect(Number(await connection.scalar(countRows))).toBe(0);
      });

      it("ends a stream in the middle", async () => {
        const engine = engineOf();
        await using connection = await engine.connect();
        const controller = new AbortController();
        const stream = await connection.stream(text(server.many).columns({ n: t.integer }), null, {
          signal: controller.signal,
          yieldPer: 100,
        });
        let seen = 0;
        const failure = await failureOf(
          (async () => {
            for await (const _ of stream) if (++seen === 250) controller.abort();
          })(),
        );
        expect(failure).toBeInstanceOf(CancelledError);
        expect(seen).toBeGreaterThanOrEqual(250);
        expect(seen).toBeLessThan(100_000);
        await connection.rollback();
        expect(Number(await connection.scalar(countRows))).toBe(0);
      });

      it("ends the wait for a connection, and the next in line is served", async () => {
        const engine = engineOf({ poolSize: 1, maxOverflow: 0 });
        const held = await engine.connect();
        const waiting = failureOf(engine.connect({ signal: AbortSignal.timeout(50) }));
        const next = engine.connect();
        expect(await waiting).toBeInstanceOf(CancelledError);
        await held.close();
        await (await next).close();
        expect(engine.pool.status()).toContain("Current Checked out connections: 0");
      });
    });

    describe("a time limit", () => {
      it("of a statement, of a connection, of an engine", async () => {
        const engine = engineOf({ statementTimeout: 150 });
        await using connection = await engine.connect();
        expect(await failureOf(connection.execute(text(server.sleep)))).toMatchObject({
          kind: "timeout",
          name: "OperationalError",
        });
        await using other = await engineOf().connect();
        const id = await idOf(other);
        const limited = other.execute(text(server.sleep), null, { statementTimeout: 100 });
        expect(await failureOf(limited)).toMatchObject({ kind: "timeout" });
        await other.rollback();
        await other.executionOptions({ statementTimeout: 100 });
        expect(await failureOf(other.execute(text(server.sleep)))).toMatchObject({ kind: "timeout" });
        await noSleeper(id);
        await connection.rollback();
        expect(Number(await connection.scalar(countRows))).toBe(0);
        // In a transaction that has written, which then is to be rolled back.
        await add(connection, "undone");
        const late = connection.execute(text(server.sleep), null, { statementTimeout: 100 });
        expect(await failureOf(late)).toMatchObject({ kind: "timeout" });
        await connection.rollback();
        expect(await names()).toEqual([]);
        // A limit of one statement is not the next one's.
        await connection.execute(text(server.sleep.replace("30", "0.3")), null, { statementTimeout: 10_000 });
        expect(Number(await connection.scalar(countRows))).toBe(0);
      });
    });

    it("a time limit that passes while rows are streamed ends them, and the connection goes on", async () => {
      await using connection = await engineOf().connect();
      const stream = await connection.stream(text(server.slowing).columns({ n: t.integer }), null, {
        statementTimeout: 1000,
        yieldPer: 100,
      });
      let seen = 0;
      const reading = (async () => {
        for await (const _ of stream) seen++;
      })();
      expect(await failureOf(reading)).toMatchObject({ kind: "timeout" });
      expect(seen).toBeLessThanOrEqual(5000);
      await connection.rollback();
      expect(Number(await connection.scalar(countRows))).toBe(0);
    });

    describe("two tasks on one connection", () => {
      it("are told so, and the first goes on", async () => {
        await using connection = await engineOf().connect();
        await connection.scalar(countRows);
        const first = connection.execute(text(server.sleep.replace("30", "0.2")));
        const second = await failureOf(connection.execute(countRows));
        expect(second).toBeInstanceOf(InvalidRequestError);
        expect((second as Error).message).toMatch(/executing another statement: SELECT .*0\.2/);
        expect(await failureOf(connection.commit())).toBeInstanceOf(InvalidRequestError);
        await first;
        expect(Number(await connection.scalar(countRows))).toBe(0);
        await connection.commit();
      });
    });

    describe("a connection that is lost", () => {
      it("because the server ended it: what was committed stays, what was not is gone", async () => {
        const engine = engineOf();
        const other = await engine.connect();
        const otherId = await idOf(other);
        await other.close();
        await using connection = await engine.connect();
        await add(connection, "committed");
        await connection.commit();
        await add(connection, "uncommitted");
        const id = await idOf(connection);
        await direct.begin((killer) => killer.execDriverSql(server.kill(id)));
        const failure = await failureOf(connection.scalar(countRows));
        expect(failure).toMatchObject({ kind: "disconnect", connectionInvalidated: true });
        expect(connection.invalidated).toBe(true);
        expect(await failureOf(connection.scalar(countRows))).toMatchObject({ name: "PendingRollbackError" });
        await connection.rollback();
        expect(await idOf(connection)).not.toBe(id);
        expect(await names()).toEqual(["committed"]);
        // The whole pool was replaced.
        await using fresh = await engine.connect();
        expect(await idOf(fresh)).not.toBe(otherId);
      });

      it("because the network was cut, during a statement and while idle", async () => {
        const engine = engineOf({ poolPrePing: true });
        await using connection = await engine.connect();
        await add(connection, "lost");
        const running = failureOf(connection.execute(text(server.sleep)));
        await sleep(100);
        proxy.cut();
        expect(await running).toMatchObject({ kind: "disconnect", connectionInvalidated: true });
        await connection.rollback();
        expect(Number(await connection.scalar(countRows))).toBe(0);
        await connection.close();
        proxy.cut();
        await sleep(20);
        // Pre-ping finds the idle connection dead and opens another.
        await engine.begin(async (again) => {
          await add(again, "kept");
        });
        expect(await names()).toEqual(["kept"]);
      });

      it("between BEGIN and COMMIT: nothing appears; the error says that it is unknown to us", async () => {
        const engine = engineOf();
        const work = engine.begin(async (connection) => {
          await add(connection, "half");
          proxy.cut();
          await sleep(20);
        });
        expect(await failureOf(work)).toMatchObject({ kind: "disconnect" });
        expect(await names()).toEqual([]);
        await engine.begin((connection) => add(connection, "whole"));
        expect(await names()).toEqual(["whole"]);
        expect(engine.pool.status()).toContain("Current Checked out connections: 0");
      });

      it("while rows are streamed", async () => {
        const engine = engineOf();
        await using connection = await engine.connect();
        const stream = await connection.stream(text(server.many).columns({ n: t.integer }), null, { yieldPer: 100 });
        const failure = await failureOf(
          (async () => {
            let seen = 0;
            for await (const _ of stream) if (++seen === 150) proxy.cut();
          })(),
        );
        expect(failure).toMatchObject({ kind: "disconnect" });
        await connection.rollback();
        expect(Number(await connection.scalar(countRows))).toBe(0);
      });

      it("because the server ended it for being idle: noticed before it is lent, or at once", async () => {
        const [plain, careful] = [engineOf(), engineOf({ poolPrePing: true })];
        for (const engine of [plain, careful]) {
          const connection = await engine.connect();
          const id = await idOf(connection);
          await connection.execDriverSql(server.idleLimit);
          await connection.commit();
          await connection.close();
          await untilGone(id);
        }
        // The driver may have heard of it, so that the pool has taken another; without a ping that is luck.
        await using connection = await plain.connect();
        const first = await failureOf(connection.scalar(countRows));
        if (first !== "no failure") expect(first).toMatchObject({ kind: "disconnect", connectionInvalidated: true });
        await connection.rollback();
        expect(Number(await connection.scalar(countRows))).toBe(0);
        expect(Number(await careful.begin((pinged) => pinged.scalar(countRows)))).toBe(0);
      }, 20_000);

      it("by a network that swallows everything: a signal still ends the wait", async () => {
        const engine = engineOf();
        await using connection = await engine.connect();
        await connection.scalar(countRows);
        proxy.swallow();
        const failure = await failureOf(
          connection.execute(text(server.sleep), null, { signal: AbortSignal.timeout(100) }),
        );
        expect(failure).toBeInstanceOf(Error);
        await connection.rollback().catch(() => {});
        await connection.close();
        expect(Number(await engine.begin((again) => again.scalar(countRows)))).toBe(0);
      }, 40_000);
    });

    it("1,000 tasks over 10 connections: all served, in turn, nothing left behind", async () => {
      const engine = engineOf({ poolSize: 10, maxOverflow: 0, poolTimeout: 60 });
      const order: number[] = [];
      let most = 0;
      let holding = 0;
      await Promise.all(
        Array.from({ length: 1000 }, async (_, index) => {
          await using connection = await engine.connect();
          order.push(index);
          holding++;
          most = Math.max(most, holding);
          if (index % 7 === 0) await failureOf(connection.execute(text("SELECT nonsense FROM nowhere")));
          else await add(connection, `n${index}`);
          if (index % 2 === 0) await connection.rollback();
          else if (index % 7 !== 0) await connection.commit();
          holding--;
        }),
      );
      expect(most).toBeLessThanOrEqual(10);
      // The first ten open connections of their own, which takes as long as it takes; those that wait are served as they came.
      const waited = order.filter((index) => index >= 10);
      expect(waited).toEqual(waited.toSorted((a, b) => a - b));
      expect(order).toHaveLength(1000);
      const committed = Array.from({ length: 1000 }, (_, index) => index).filter(
        (index) => index % 2 === 1 && index % 7 !== 0,
      );
      expect(Number(await direct.begin((connection) => connection.scalar(countRows)))).toBe(committed.length);
      expect(engine.pool.status()).toContain("Connections in pool: 10");
    }, 60_000);

    it("1,000 tasks over 10 connections, of which a third stop waiting: the others are served, nothing leaks", async () => {
      const engine = engineOf({ poolSize: 10, maxOverflow: 0, poolTimeout: 60 });
      const held = await Promise.all(Array.from({ length: 10 }, () => engine.connect()));
      const controllers = Array.from({ length: 1000 }, () => new AbortController());
      const served: number[] = [];
      const tasks = controllers.map(async ({ signal }, index) => {
        await using connection = await engine.connect({ signal });
        served.push(index);
        await add(connection, `n${index}`);
        if (index % 2 === 0) await connection.commit();
      });
      const outcomes = Promise.allSettled(tasks);
      await sleep(0);
      expect(engine.pool.status()).toContain("Current Checked out connections: 10");
      for (const [index, controller] of controllers.entries()) if (index % 3 === 0) controller.abort();
      for (const connection of held) await connection.close();
      const settled = await outcomes;
      for (const [index, outcome] of settled.entries()) {
        expect(outcome.status).toBe(index % 3 === 0 ? "rejected" : "fulfilled");
        if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(CancelledError);
      }
      expect(served).toEqual(controllers.map((_, index) => index).filter((index) => index % 3 !== 0));
      const committed = served.filter((index) => index % 2 === 0).length;
      expect(Number(await direct.begin((connection) => connection.scalar(countRows)))).toBe(committed);
      expect(engine.pool.status()).toContain("Connections in pool: 10");
      expect(engine.pool.status()).toContain("Current Checked out connections: 0");
    }, 60_000);
  });
}
