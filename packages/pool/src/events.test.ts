import {
  call,
  contains,
  DisconnectionError,
  InvalidatePoolError,
  InvalidRequestError,
  listen,
  remove,
  runSync,
  type Step,
  SynchronousAccessError,
} from "@athanor/driver";
import { afterEach, describe, expect, it } from "vitest";
import {
  checkOut,
  checkOutAsync,
  FakeDriver,
  giveBack,
  giveBackAsync,
  idOf,
  noteEvents,
  sleep,
} from "../test/fake-driver.ts";
import type { ConnectionPoolEntry, Lease } from "./events.ts";
import { Pool } from "./pool.ts";
import { QueuePool } from "./queue-pool.ts";
import { SingletonPool } from "./singleton-pool.ts";

afterEach(() => {
  for (const target of [Pool, QueuePool, SingletonPool]) target.dispatch.clear();
});

describe("events", () => {
  it("come in SQLAlchemy's order over a connection's life", () => {
    const pool = new QueuePool(new FakeDriver().creator);
    const seen = noteEvents(pool);
    const take = (): string[] => seen.splice(0);
    let lease = checkOut(pool);
    expect(take()).toEqual(["firstConnect", "connect", "checkout"]);
    giveBack(lease);
    expect(take()).toEqual(["reset", "checkin"]);
    lease = checkOut(pool);
    expect(take()).toEqual(["checkout"]);
    runSync(lease.invalidate(undefined, { soft: true }));
    giveBack(lease);
    expect(take()).toEqual(["softInvalidate", "reset", "checkin"]);
    lease = checkOut(pool);
    expect(take()).toEqual(["close", "connect", "checkout"]);
    runSync(lease.invalidate());
    expect(take()).toEqual(["invalidate", "close", "checkin"]);
    lease = checkOut(pool);
    expect(take()).toEqual(["connect", "checkout"]);
    runSync(lease.detach());
    expect(take()).toEqual(["detach"]);
    giveBack(lease);
    expect(take()).toEqual(["reset", "closeDetached"]);
    giveBack(checkOut(pool));
    take();
    runSync(pool.dispose());
    expect(take()).toEqual(["close"]);
  });

  it("carry SQLAlchemy's arguments", () => {
    const pool = new QueuePool(new FakeDriver().creator);
    const seen: Record<string, readonly unknown[]> = {};
    const error = new Error("why");
    pool.dispatch.listen("connect", (...values) => (seen.connect = values));
    pool.dispatch.listen("checkout", (...values) => (seen.checkout = values));
    pool.dispatch.listen("reset", (...values) => (seen.reset = values));
    pool.dispatch.listen("checkin", (...values) => (seen.checkin = values));
    pool.dispatch.listen("softInvalidate", (...values) => (seen.softInvalidate = values));
    pool.dispatch.listen("invalidate", (...values) => (seen.invalidate = values));
    pool.dispatch.listen("closeDetached", (...values) => (seen.closeDetached = values));
    const lease = checkOut(pool);
    const { connection, entry } = lease;
    expect(seen.connect).toEqual([connection, entry]);
    expect(seen.checkout).toEqual([connection, entry, lease]);
    runSync(lease.invalidate(error, { soft: true }));
    expect(seen.softInvalidate).toEqual([connection, entry, error]);
    giveBack(lease, true);
    expect(seen.reset).toEqual([
      connection,
      entry,
      { transactionWasReset: true, terminateOnly: false, asyncioSafe: true },
    ]);
    expect(seen.checkin).toEqual([connection, entry]);
    const second = checkOut(pool);
    runSync(second.invalidate());
    expect(seen.invalidate?.[2]).toBeNull();
    expect(seen.checkin?.[0]).toBeNull();
    const third = checkOut(pool);
    const own = third.connection;
    runSync(third.detach());
    giveBack(third);
    expect(seen.closeDetached).toEqual([own]);
    expect(seen.reset?.[1]).toBeNull();
    expect(seen.reset?.[2]).toMatchObject({ terminateOnly: true });
  });

  it("firstConnect fires once a pool; a recreated pool fires it again, and keeps the listeners", () => {
    const seen: string[] = [];
    const pool = new QueuePool(new FakeDriver().creator, { events: [["firstConnect", () => seen.push("first")]] });
    const [one, other] = [checkOut(pool), checkOut(pool)];
    expect(seen).toEqual(["first"]);
    checkOut(pool.recreate());
    expect(seen).toEqual(["first", "first"]);
    giveBack(one);
    giveBack(other);
  });

  it("a listener added to the old pool afterwards is not heard from the recreated one", () => {
    const pool = new QueuePool(new FakeDriver().creator);
    const copy = pool.recreate();
    const seen: string[] = [];
    listen(pool, "checkout", () => seen.push("late"));
    giveBack(checkOut(copy));
    expect(seen).toEqual([]);
  });

  it("on a class reach its pools and those of its subclasses, before the pool's own", () => {
    const seen: string[] = [];
    listen(Pool, "connect", () => seen.push("Pool"));
    listen(QueuePool, "connect", () => seen.push("QueuePool"));
    listen(SingletonPool, "connect", () => seen.push("SingletonPool"));
    const queue = new QueuePool(new FakeDriver().creator);
    listen(queue, "connect", () => seen.push("instance"));
    giveBack(checkOut(queue));
    expect(seen.splice(0)).toEqual(["Pool", "QueuePool", "instance"]);
    giveBack(checkOut(new SingletonPool(new FakeDriver().creator)));
    expect(seen).toEqual(["Pool", "SingletonPool"]);
  });

  it("can be removed again, and then cost the fast path nothing", () => {
    const pool = new QueuePool(new FakeDriver().creator);
    giveBack(checkOut(pool));
    const listener = (): void => {};
    listen(pool, "checkout", listener);
    expect(contains(pool, "checkout", listener)).toBe(true);
    expect(pool.tryCheckout()).toBeNull();
    remove(pool, "checkout", listener);
    const lease = pool.tryCheckout() as Lease;
    giveBack(lease);
  });
});

describe("connect listeners", () => {
  it("may run statements, as steps and in promises", async () => {
    const driver = new FakeDriver(true);
    const pool = new QueuePool(driver.creator, { canWait: true });
    listen(pool, "connect", function* (connection): Step<void> {
      yield* call(connection.execute("SET ROLE reader", []));
    });
    listen(pool, "connect", async (connection) => {
      await connection.execute("SET search_path = app", []);
    });
    const lease = await checkOutAsync(pool);
    expect(driver.calls).toEqual(["SET ROLE reader 1", "SET search_path = app 1"]);
    await giveBackAsync(lease);
  });

  it("of a synchronous engine may not return promises", () => {
    const pool = new QueuePool(new FakeDriver().creator);
    listen(pool, "connect", async () => {});
    expect(() => checkOut(pool)).toThrow(SynchronousAccessError);
    expect(pool.checkedout()).toBe(0);
  });

  it("that fail close the connection and free its place", () => {
    const driver = new FakeDriver();
    const pool = new QueuePool(driver.creator, { poolSize: 1, maxOverflow: 0 });
    let fails = true;
    let failed: ConnectionPoolEntry | undefined;
    listen(pool, "connect", (_, entry) => {
      failed ??= entry;
      if (fails) throw new Error("it failed");
    });
    listen(pool, "connect", (_, entry) => {
      entry.info.important = true;
    });
    expect(() => checkOut(pool)).toThrow("it failed");
    expect(driver.openCount).toBe(0);
    expect(pool.checkedout()).toBe(0);
    expect(failed).toMatchObject({ connection: null, inUse: false });
    fails = false;
    const lease = checkOut(pool);
    expect(lease.info.important).toBe(true);
    runSync(lease.invalidate());
    fails = true;
    expect(() => checkOut(pool)).toThrow("it failed");
    expect(pool.checkedout()).toBe(0);
    fails = false;
    const again = checkOut(pool);
    expect(again.info.important).toBe(true);
    giveBack(again);
  });

  it("are not called when the connection cannot be opened", () => {
    const driver = new FakeDriver();
    const pool = new QueuePool(driver.creator);
    const seen = noteEvents(pool);
    driver.failures.set("connect", new Error("refused"));
    expect(() => checkOut(pool)).toThrow("refused");
    expect(seen).toEqual([]);
  });

  it("of the first connection end before another one is handed out", async () => {
    const driver = new FakeDriver(true);
    const pool = new QueuePool(driver.creator, { canWait: true });
    const seen: string[] = [];
    listen(pool, "firstConnect", async () => {
      await sleep(10);
      seen.push("firstConnect");
    });
    listen(pool, "connect", () => seen.push("connect"));
    listen(pool, "checkout", () => seen.push("checkout"));
    const leases = await Promise.all([1, 2, 3].map(() => checkOutAsync(pool)));
    expect(seen.slice(0, 2)).toEqual(["firstConnect", "connect"]);
    expect(seen.filter((name) => name === "firstConnect")).toHaveLength(1);
    expect(seen.indexOf("checkout")).toBeGreaterThan(1);
    await Promise.all(leases.map((lease) => giveBackAsync(lease)));
  });

  it("of later connections run side by side", async () => {
    const driver = new FakeDriver(true);
    const pool = new QueuePool(driver.creator, { canWait: true });
    const first = await checkOutAsync(pool);
    let running = 0;
    let most = 0;
    listen(pool, "connect", async () => {
      running += 1;
      most = Math.max(most, running);
      await sleep(2);
      running -= 1;
    });
    // The first connection had no listeners to hold back others for; this one does.
    const second = await checkOutAsync(pool);
    const others = await Promise.all([checkOutAsync(pool), checkOutAsync(pool), checkOutAsync(pool)]);
    expect(most).toBe(3);
    await Promise.all([first, second, ...others].map((lease) => giveBackAsync(lease)));
  });

  it("of the first connection that fail are called again for the second", async () => {
    const driver = new FakeDriver(true);
    const pool = new QueuePool(driver.creator, { canWait: true });
    let calls = 0;
    listen(pool, "firstConnect", async () => {
      calls += 1;
      await sleep(2);
      if (calls === 1) throw new Error("server is starting");
    });
    const outcomes = await Promise.allSettled([checkOutAsync(pool), checkOutAsync(pool), checkOutAsync(pool)]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
    expect(calls).toBe(2);
    expect(pool.checkedout()).toBe(2);
  });

  it("may use the same pool in a synchronous engine", () => {
    const pool = new QueuePool(new FakeDriver().creator);
    let depth = 0;
    listen(pool, "connect", () => {
      depth += 1;
      if (depth === 1) giveBack(checkOut(pool));
    });
    giveBack(checkOut(pool));
    expect(depth).toBe(2);
  });
});

describe("a checkout listener that finds the connection dead", () => {
  it("gets another connection", () => {
    const driver = new FakeDriver();
    const pool = new QueuePool(driver.creator);
    giveBack(checkOut(pool));
    listen(pool, "checkout", (connection) => {
      if (connection === driver.connections[0]) throw new DisconnectionError("dead");
    });
    const lease = checkOut(pool);
    expect(idOf(lease)).toBe(2);
    expect(driver.connections[0]?.calls).toEqual(["rollback", "terminate"]);
    giveBack(lease);
  });

  it("is asked three times, then the checkout fails and the place is free", () => {
    const driver = new FakeDriver();
    const pool = new QueuePool(driver.creator, { poolSize: 1, maxOverflow: 0 });
    const asked: number[] = [];
    const listener = (): never => {
      asked.push(driver.connections.length);
      throw new DisconnectionError("dead");
    };
    listen(pool, "checkout", listener);
    expect(() => checkOut(pool)).toThrow(InvalidRequestError);
    expect(asked).toEqual([1, 2, 3]);
    expect(driver.openCount).toBe(0);
    expect(pool.checkedout()).toBe(0);
    remove(pool, "checkout", listener);
    giveBack(checkOut(pool));
  });

  it("can condemn the whole pool", () => {
    const driver = new FakeDriver();
    const pool = new QueuePool(driver.creator);
    const leases = [1, 2, 3].map(() => checkOut(pool));
    for (const lease of leases) giveBack(lease);
    let condemn = true;
    listen(pool, "checkout", () => {
      if (condemn) {
        condemn = false;
        throw new InvalidatePoolError("server restarted");
      }
    });
    const again = [1, 2, 3].map(() => checkOut(pool));
    expect(again.map(idOf)).toEqual([4, 5, 6]);
    expect(driver.openCount).toBe(3);
    for (const lease of again) giveBack(lease);
  });

  it("fails with the connect error when no other can be opened", () => {
    const driver = new FakeDriver();
    const pool = new QueuePool(driver.creator, { poolSize: 1, maxOverflow: 2 });
    giveBack(checkOut(pool));
    listen(pool, "checkout", () => {
      if (driver.failures.size > 0) throw new DisconnectionError("dead");
    });
    driver.failures.set("connect", new Error("refused"));
    expect(() => checkOut(pool)).toThrow("refused");
    expect([pool.overflow(), pool.checkedout()]).toEqual([0, 0]);
    driver.failures.clear();
    const leases = [checkOut(pool), checkOut(pool)];
    expect(pool.overflow()).toBe(1);
    for (const lease of leases) giveBack(lease);
  });

  it("any other error of a listener ends the checkout and closes the connection", () => {
    const driver = new FakeDriver();
    const pool = new QueuePool(driver.creator);
    const kept: Lease[] = [];
    listen(pool, "checkout", (_connection, _entry, lease) => {
      kept.push(lease);
      throw new Error("no");
    });
    expect(() => checkOut(pool)).toThrow("no");
    expect(driver.openCount).toBe(0);
    expect(kept[0]?.isValid).toBe(false);
    expect(pool.checkedout()).toBe(0);
  });
});
