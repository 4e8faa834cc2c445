import { ArgumentError, runAsync, runSync, SynchronousAccessError, TimeoutError } from "@athanor/driver";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  checkOut,
  checkOutAsync,
  FakeDriver,
  giveBack,
  giveBackAsync,
  idOf,
  keepLog,
  sleep,
} from "../test/fake-driver.ts";
import { PoolTimeoutError } from "./errors.ts";
import type { Lease } from "./events.ts";
import { QueuePool } from "./queue-pool.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** [size, checkedin, overflow, checkedout], as SQLAlchemy's own tests look at it. */
const state = (pool: QueuePool): number[] => [pool.size(), pool.checkedin(), pool.overflow(), pool.checkedout()];

describe("counting", () => {
  it("opens connections on demand, keeps poolSize of them and closes the overflow", () => {
    const driver = new FakeDriver();
    const pool = new QueuePool(driver.creator, { poolSize: 3, maxOverflow: -1 });
    expect(state(pool)).toEqual([3, 0, -3, 0]);
    const leases = [1, 2, 3, 4, 5, 6].map(() => checkOut(pool));
    expect(state(pool)).toEqual([3, 0, 3, 6]);
    leases.slice(0, 3).forEach((lease) => {
      giveBack(lease);
    });
    expect(state(pool)).toEqual([3, 3, 3, 3]);
    leases.slice(3).forEach((lease) => {
      giveBack(lease);
    });
    expect(state(pool)).toEqual([3, 3, 0, 0]);
    expect(driver.openCount).toBe(3);
    const [one, other] = [checkOut(pool), checkOut(pool)];
    expect(state(pool)).toEqual([3, 1, 0, 2]);
    giveBack(one);
    giveBack(other);
    expect(driver.connections).toHaveLength(6);
  });

  it("opens 4 at a time, keeps 2: after 5 rounds 10 were closed", () => {
    const driver = new FakeDriver();
    const pool = new QueuePool(driver.creator, { poolSize: 2, maxOverflow: 2 });
    for (let round = 0; round < 5; round += 1) {
      const leases = [1, 2, 3, 4].map(() => checkOut(pool));
      for (const lease of leases) giveBack(lease);
    }
    expect(driver.connections.filter((connection) => connection.calls.includes("close"))).toHaveLength(10);
    expect(driver.openCount).toBe(2);
  });

  it.each([42, 0, -5, 1])("poolSize 0 has no limit, whatever maxOverflow is (%i)", (maxOverflow) => {
    const pool = new QueuePool(new FakeDriver().creator, { poolSize: 0, maxOverflow });
    expect(pool.overflow()).toBe(0);
    const leases = Array.from({ length: 40 }, () => checkOut(pool));
    expect(pool.overflow()).toBe(0);
    expect(pool.checkedout()).toBe(40);
    for (const lease of leases) giveBack(lease);
    expect(pool.checkedin()).toBe(40);
  });

  it("says its state in SQLAlchemy's words", () => {
    const pool = new QueuePool(new FakeDriver().creator);
    const lease = checkOut(pool);
    expect(pool.status()).toBe(
      "Pool size: 5  Connections in pool: 0 Current Overflow: -4 Current Checked out connections: 1",
    );
    giveBack(lease);
    expect(pool.timeout()).toBe(30);
  });

  it("does not count a connection that could not be opened", () => {
    const driver = new FakeDriver();
    const pool = new QueuePool(driver.creator, { poolSize: 2, maxOverflow: 3 });
    const leases = [1, 2, 3].map(() => checkOut(pool));
    expect(pool.overflow()).toBe(1);
    driver.failures.set("connect", new Error("connection failed"));
    expect(() => checkOut(pool)).toThrow("connection failed");
    expect(pool.overflow()).toBe(1);
    for (const lease of leases) giveBack(lease);
  });

  it.each([
    [{ poolSize: -1 }, "poolSize"],
    [{ poolSize: Number.NaN }, "poolSize"],
    [{ timeout: -1 }, "timeout"],
    [{ recycle: -2 }, "recycle"],
    [{ resetOnReturn: "maybe" as "rollback" }, "resetOnReturn"],
  ])("refuses %o", (options, name) => {
    expect(() => new QueuePool(new FakeDriver().creator, options)).toThrow(ArgumentError);
    expect(() => new QueuePool(new FakeDriver().creator, options)).toThrow(name);
  });
});

describe("order of reuse", () => {
  const three = (pool: QueuePool): void => {
    const leases = [checkOut(pool), checkOut(pool), checkOut(pool)];
    for (const lease of leases) giveBack(lease);
  };

  it("hands out the connection that has rested longest", () => {
    const pool = new QueuePool(new FakeDriver().creator);
    three(pool);
    const used = [1, 2, 3, 4].map(() => {
      const lease = checkOut(pool);
      const id = idOf(lease);
      giveBack(lease);
      return id;
    });
    expect(used).toEqual([1, 2, 3, 1]);
  });

  it("with useLifo, hands out the connection that came back last", () => {
    const pool = new QueuePool(new FakeDriver().creator, { useLifo: true });
    three(pool);
    const first = checkOut(pool);
    expect(idOf(first)).toBe(3);
    const second = checkOut(pool);
    expect(idOf(second)).toBe(2);
    giveBack(first);
    const third = checkOut(pool);
    expect(idOf(third)).toBe(3);
    giveBack(second);
    giveBack(third);
  });
});

describe("a full pool", () => {
  it("in a synchronous engine raises at once and says why", () => {
    const pool = new QueuePool(new FakeDriver().creator, { poolSize: 1, maxOverflow: 1 });
    const leases = [checkOut(pool), checkOut(pool)];
    expect(() => runSync(pool.connect())).toThrow(PoolTimeoutError);
    expect(() => runSync(pool.connect())).toThrow(
      /limit of size 1 overflow 1 reached, and a synchronous engine cannot wait/,
    );
    for (const lease of leases) giveBack(lease);
    giveBack(checkOut(pool));
  });

  it("waits for timeout seconds, then names size, overflow, waiters and the oldest holders", async () => {
    vi.useFakeTimers({ now: 1_000_000 });
    const pool = new QueuePool(new FakeDriver(true).creator, {
      canWait: true,
      poolSize: 1,
      maxOverflow: 1,
      timeout: 2,
      trackCheckouts: true,
    });
    const first = await checkOutAsync(pool);
    first.activity = "SELECT *\n  FROM users";
    await vi.advanceTimersByTimeAsync(5000);
    const second = await checkOutAsync(pool);
    const waiting = checkOutAsync(pool).catch((error: unknown) => error);
    const patient = checkOutAsync(pool, new AbortController().signal).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1999);
    expect(pool.waiting()).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    const error = (await waiting) as PoolTimeoutError;
    await patient;
    expect(error).toBeInstanceOf(PoolTimeoutError);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ code: "pool_timeout", size: 1, overflow: 1, checkedOut: 2, waiters: 1 });
    expect(error.holders.map((holder) => holder.seconds)).toEqual([7, 2]);
    expect(error.message).toContain(
      "QueuePool limit of size 1 overflow 1 reached, connection timed out, timeout 2.00 (2 checked out, 1 waiting). Release",
    );
    expect(error.message).toContain("connection #1 held for 7.0 s, last: SELECT * FROM users, checked out at\n");
    expect(error.message).toMatch(/connection #2 held for 2.0 s, checked out at\n {4}at checkOutAsync/);
    await giveBackAsync(first);
    await giveBackAsync(second);
    expect(pool.checkedin()).toBe(1);
  });

  it("without tracking knows holders by age alone, and tracks from the first time-out on", async () => {
    vi.useFakeTimers({ now: 1_000_000 });
    const pool = new QueuePool(new FakeDriver(true).creator, {
      canWait: true,
      poolSize: 2,
      maxOverflow: 0,
      timeout: 3,
      trackCheckouts: "auto",
    });
    const held = await checkOutAsync(pool);
    await vi.advanceTimersByTimeAsync(10_000);
    const other = await checkOutAsync(pool);
    const timeOut = async (): Promise<PoolTimeoutError> => {
      const waiting = checkOutAsync(pool).catch((error: unknown) => error);
      await vi.advanceTimersByTimeAsync(3000);
      return (await waiting) as PoolTimeoutError;
    };
    const blind = await timeOut();
    expect(blind.holders).toMatchObject([
      { entry: 1, stack: null },
      { entry: 2, stack: null },
    ]);
    expect(blind.holders[0]?.seconds).toBeGreaterThanOrEqual(12);
    expect(blind.holders[1]?.seconds).toBeLessThanOrEqual(4);
    expect(blind.message).toContain("ATHANOR_TRACK=1");
    await giveBackAsync(other);
    const tracked = await checkOutAsync(pool);
    expect((await timeOut()).holders.find((holder) => holder.entry === 2)?.stack).toContain("at ");
    await giveBackAsync(held);
    await giveBackAsync(tracked);
  });

  it("timeout 0 does not wait, a checkout's own timeout overrides the pool's", async () => {
    const pool = new QueuePool(new FakeDriver(true).creator, {
      canWait: true,
      poolSize: 1,
      maxOverflow: 0,
      timeout: 0,
    });
    const lease = await checkOutAsync(pool);
    await expect(runAsync(pool.connect())).rejects.toThrow("timeout 0.00");
    await expect(runAsync(pool.connect({ timeout: 0.01 }))).rejects.toThrow("timeout 0.01");
    const patient = runAsync(pool.connect({ timeout: null }));
    await giveBackAsync(lease);
    await giveBackAsync(await patient);
  });

  it("a timeout beyond what timers can count is no deadline", async () => {
    const pool = new QueuePool(new FakeDriver(true).creator, {
      canWait: true,
      poolSize: 1,
      maxOverflow: 0,
      timeout: 1e9,
    });
    const lease = await checkOutAsync(pool);
    const waiting = checkOutAsync(pool);
    await sleep(5);
    expect(pool.waiting()).toBe(1);
    await giveBackAsync(lease);
    await giveBackAsync(await waiting);
  });
});

describe("waiting callers", () => {
  const small = (driver: FakeDriver, size = 1): QueuePool =>
    new QueuePool(driver.creator, { canWait: true, poolSize: size, maxOverflow: 0 });

  it("are served in the order they came, and nobody overtakes", async () => {
    const pool = small(new FakeDriver(true));
    const held = await checkOutAsync(pool);
    const order: number[] = [];
    const waiters = [1, 2, 3].map(async (number) => {
      const lease = await checkOutAsync(pool);
      order.push(number);
      await giveBackAsync(lease);
    });
    const release = giveBackAsync(held);
    const latecomer = checkOutAsync(pool).then((lease) => {
      order.push(4);
      return giveBackAsync(lease);
    });
    expect(pool.tryCheckout()).toBeNull();
    await Promise.all([...waiters, release, latecomer]);
    expect(order).toEqual([1, 2, 3, 4]);
  });

  it("1,000 tasks over 10 connections: in order, never more than 10, none left behind", async () => {
    const driver = new FakeDriver(true);
    const pool = small(driver, 10);
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 1000 }, async (_, number) => {
        const lease = await checkOutAsync(pool);
        order.push(number);
        await lease.connection.execute("SELECT 1", []);
        await giveBackAsync(lease);
      }),
    );
    expect(order.slice(10)).toEqual(Array.from({ length: 990 }, (_, index) => index + 10));
    expect([...order].sort((one, other) => one - other)).toEqual(Array.from({ length: 1000 }, (_, index) => index));
    expect(driver.connections).toHaveLength(10);
    expect(driver.peak).toBe(10);
    expect(pool.checkedin()).toBe(10);
    expect(pool.waiting()).toBe(0);
    // Every connection had its share of the work.
    for (const connection of driver.connections) expect(connection.calls.length).toBeGreaterThan(100);
  });

  it("1,000 tasks of uneven length, some failing, some cancelled: the pool ends as it began", async () => {
    const driver = new FakeDriver(true);
    const pool = new QueuePool(driver.creator, { canWait: true, poolSize: 5, maxOverflow: 5 });
    let random = 7;
    const next = (limit: number): number => {
      random = (random * 1103515245 + 12345) % 2147483648;
      return random % limit;
    };
    const outcomes = await Promise.allSettled(
      Array.from({ length: 1000 }, async (_, number) => {
        const controller = new AbortController();
        if (number % 7 === 0) setTimeout(() => controller.abort(), next(20));
        const lease = await checkOutAsync(pool, controller.signal);
        if (next(3) === 0) await sleep(next(3));
        if (number % 11 === 0) return runAsync(lease.invalidate(new Error("gone")));
        if (number % 13 === 0) {
          await runAsync(lease.detach());
          return runAsync(lease.release());
        }
        return giveBackAsync(lease);
      }),
    );
    for (const outcome of outcomes)
      if (outcome.status === "rejected") expect(outcome.reason.name).toBe("CancelledError");
    await sleep(30);
    expect(pool.waiting()).toBe(0);
    expect(pool.checkedout()).toBe(0);
    expect(pool.checkedin()).toBeLessThanOrEqual(5);
    expect(driver.peak).toBeLessThanOrEqual(11);
    expect(driver.openCount).toBeLessThanOrEqual(5);
  });

  it("are given the place of a connection that could not be opened", async () => {
    const driver = new FakeDriver(true);
    const gate = Promise.withResolvers<void>();
    driver.gate = gate.promise;
    driver.failures.set("connect", new Error("refused"));
    const pool = small(driver);
    const first = checkOutAsync(pool).catch((error: Error) => error.message);
    const second = checkOutAsync(pool);
    expect(pool.waiting()).toBe(1);
    gate.resolve();
    expect(await first).toBe("refused");
    driver.failures.clear();
    const lease = await second;
    expect(idOf(lease)).toBe(1);
    await giveBackAsync(lease);
  });

  it("are served after an invalidation, with a new connection", async () => {
    const driver = new FakeDriver(true);
    const pool = small(driver);
    const held = await checkOutAsync(pool);
    const waiting = checkOutAsync(pool);
    await runAsync(held.invalidate());
    expect(idOf(await waiting)).toBe(2);
  });

  it("are served after a detach", async () => {
    const driver = new FakeDriver(true);
    const pool = small(driver);
    const held = await checkOutAsync(pool);
    const waiting = checkOutAsync(pool);
    await runAsync(held.detach());
    expect(idOf(await waiting)).toBe(2);
    await runAsync(held.release());
  });

  it("are served when overflow was closed", async () => {
    const driver = new FakeDriver(true);
    const pool = new QueuePool(driver.creator, { canWait: true, poolSize: 1, maxOverflow: 1 });
    const [one, other] = [await checkOutAsync(pool), await checkOutAsync(pool)];
    await giveBackAsync(one);
    driver.latency = 5;
    const closing = giveBackAsync(other);
    const [first, second] = [checkOutAsync(pool), checkOutAsync(pool)];
    await Promise.all([closing, first, second]);
    expect(driver.peak).toBe(2);
    expect(driver.openCount).toBe(2);
  });
});

describe("an asynchronous pool that is run synchronously", () => {
  it("is refused, and nobody is left in the queue", async () => {
    const pool = new QueuePool(new FakeDriver(false).creator, { canWait: true, poolSize: 1, maxOverflow: 0 });
    const held = checkOut(pool);
    expect(() => runSync(pool.connect())).toThrow(SynchronousAccessError);
    expect(pool.waiting()).toBe(0);
    giveBack(held);
    expect(pool.checkedin()).toBe(1);
  });
});

describe("dispose and recreate", () => {
  it("closes what is idle at once and what is in use when it comes back", () => {
    const driver = new FakeDriver();
    const log = keepLog();
    const pool = new QueuePool(driver.creator, { poolSize: 2, maxOverflow: 0, log });
    const [one, other] = [checkOut(pool), checkOut(pool)];
    giveBack(one);
    runSync(pool.dispose());
    expect(driver.openCount).toBe(1);
    expect(state(pool)).toEqual([2, 0, -2, 0]);
    expect(log.lines).toContain(`info: Pool disposed. ${pool.status()}`);
    giveBack(other, true);
    expect(driver.openCount).toBe(0);
    expect(state(pool)).toEqual([2, 0, -2, 0]);
  });

  it("can be used after dispose", () => {
    const driver = new FakeDriver();
    const pool = new QueuePool(driver.creator);
    giveBack(checkOut(pool));
    runSync(pool.dispose());
    const lease = checkOut(pool);
    expect(idOf(lease)).toBe(2);
    giveBack(lease);
    expect(pool.checkedin()).toBe(1);
  });

  it("leaves nobody waiting: callers get new connections", async () => {
    const driver = new FakeDriver(true);
    const pool = new QueuePool(driver.creator, { canWait: true, poolSize: 1, maxOverflow: 0 });
    const held = await checkOutAsync(pool);
    const waiting: Promise<Lease>[] = [checkOutAsync(pool), checkOutAsync(pool)];
    await runAsync(pool.dispose());
    const served = await (waiting[0] as Promise<Lease>);
    expect(idOf(served)).toBe(2);
    await giveBackAsync(held);
    expect(driver.openCount).toBe(1);
    await giveBackAsync(served);
    await giveBackAsync(await (waiting[1] as Promise<Lease>));
  });

  it("closes idle connections side by side, and all of them even if one fails", async () => {
    const driver = new FakeDriver(true);
    const log = keepLog();
    const pool = new QueuePool(driver.creator, { canWait: true, log });
    const leases = await Promise.all([1, 2, 3].map(() => checkOutAsync(pool)));
    await Promise.all(leases.map((lease) => giveBackAsync(lease)));
    driver.failures.set("close", new Error("already gone"));
    driver.calls.length = 0;
    await runAsync(pool.dispose());
    expect(driver.calls).toEqual(["close 1", "close 2", "close 3"]);
    expect(log.lines.filter((line) => line.startsWith("error: Exception closing"))).toHaveLength(3);
  });

  it("recreate makes a pool of the same class with the same options, and no connections", () => {
    const driver = new FakeDriver();
    class Traced extends QueuePool {}
    const pool = new Traced(driver.creator, { poolSize: 1, maxOverflow: 0, resetOnReturn: null, timeout: 7 });
    giveBack(checkOut(pool));
    const other = pool.recreate();
    expect(other).toBeInstanceOf(Traced);
    expect([other.size(), other.timeout(), other.checkedin()]).toEqual([1, 7, 0]);
    expect(other.options.resetOnReturn).toBeNull();
    expect(other.creator).toBe(driver.creator);
    expect(driver.connections).toHaveLength(1);
  });
});
