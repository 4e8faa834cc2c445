import {
  call,
  contains,
  DisconnectionError,
  InvalidatePoolError,
  InvalidRequestError,
  listen,
  remove,
  runAsync,
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
  keepLog,
  noteEvents,
  sleep,
} from "../test/fake-driver.ts";
import { PoolContext } from "./context.ts";
import { PoolEntry } from "./entry.ts";
import type { ConnectionPoolEntry, Lease } from "./events.ts";
import { plainCare } from "./options.ts";
import { Pool } from "./pool.ts";
import { QueuePool } from "./queue-pool.ts";
import { SingletonPool } from "./singleton-pool.ts";
import type { EntryStore } from "./store.ts";

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

describe("pre-ping", () => {
  it("tests a connection that has rested, not a new one", () => {
    const pinged: unknown[] = [];
    const care = {
      ...plainCare,
      *ping(connection: unknown): Step<boolean> {
        pinged.push(connection);
        return yield* call(true);
      },
    };
    const pool = new QueuePool(new FakeDriver().creator, { prePing: true, care });
    const lease = checkOut(pool);
    const { connection } = lease;
    giveBack(lease);
    expect(pinged).toEqual([]);
    giveBack(checkOut(pool));
    giveBack(checkOut(pool));
    expect(pinged).toEqual([connection, connection]);
  });

  it("replaces a dead connection, and all others that are as old", async () => {
    const driver = new FakeDriver(true);
    const log = keepLog();
    const care = {
      ...plainCare,
      *ping(connection: { execute(sql: string, values: []): unknown }): Step<boolean> {
        yield* call(connection.execute("ping", []) as Promise<unknown>);
        return true;
      },
      isDisconnect: (error: unknown) => (error as Error).message === "server closed the connection",
    };
    const pool = new QueuePool(driver.creator, { canWait: true, prePing: true, care, log });
    const leases = await Promise.all([1, 2, 3].map(() => checkOutAsync(pool)));
    await Promise.all(leases.map((lease) => giveBackAsync(lease)));
    driver.failures.set("ping", new Error("server closed the connection"));
    const lease = await checkOutAsync(pool);
    driver.failures.clear();
    expect(idOf(lease)).toBe(4);
    const others = [await checkOutAsync(pool), await checkOutAsync(pool)];
    expect(others.map(idOf)).toEqual([5, 6]);
    expect(driver.calls.filter((line) => line.startsWith("ping"))).toEqual(["ping 1"]);
    expect(driver.openCount).toBe(3);
    expect(log.lines.join("\n")).toContain("invalidating all pooled connections prior to now");
    await Promise.all([lease, ...others].map((each) => giveBackAsync(each)));
  });

  it("passes on an error that is no disconnect, and frees the place", () => {
    const care = {
      ...plainCare,
      // biome-ignore lint/correctness/useYield: fails at once.
      *ping(): Step<boolean> {
        throw new Error("syntax error");
      },
    };
    const pool = new QueuePool(new FakeDriver().creator, { prePing: true, care, poolSize: 1, maxOverflow: 0 });
    giveBack(checkOut(pool));
    expect(() => checkOut(pool)).toThrow("syntax error");
    expect(pool.checkedout()).toBe(0);
  });

  it("comes before the checkout event", () => {
    const seen: string[] = [];
    const care = {
      ...plainCare,
      *ping(): Step<boolean> {
        seen.push("ping");
        return yield* call(true);
      },
    };
    const pool = new QueuePool(new FakeDriver().creator, { prePing: true, care });
    giveBack(checkOut(pool));
    listen(pool, "checkout", () => seen.push("checkout"));
    giveBack(checkOut(pool));
    expect(seen).toEqual(["ping", "checkout"]);
  });
});

describe("invalidate", () => {
  it("replaces every connection opened before the lease's, when it is next checked out", () => {
    const driver = new FakeDriver();
    const pool = new QueuePool(driver.creator);
    const leases = [1, 2, 3].map(() => checkOut(pool));
    giveBack(leases[0] as Lease);
    runSync(pool.invalidate(leases[1] as Lease, new Error("server closed the connection")));
    expect(leases[1]?.isValid).toBe(false);
    // In use, and none of the pool's business until it comes back.
    expect(leases[2]?.isValid).toBe(true);
    giveBack(leases[2] as Lease);
    expect(driver.openCount).toBe(2);
    const again = [1, 2, 3].map(() => checkOut(pool));
    expect(again.map(idOf)).toEqual([4, 5, 6]);
    expect(driver.openCount).toBe(3);
    for (const lease of again) giveBack(lease);
  });

  it("a late report about an old connection spares the new ones", () => {
    const driver = new FakeDriver();
    const pool = new QueuePool(driver.creator);
    const [one, other] = [checkOut(pool), checkOut(pool)];
    runSync(pool.invalidate(one));
    const fresh = checkOut(pool);
    runSync(pool.invalidate(other));
    giveBack(fresh);
    expect(driver.openCount).toBe(1);
    const lease = checkOut(pool);
    expect(idOf(lease)).toBe(3);
    giveBack(lease);
  });

  it("prefers an open connection to opening another in the place of a closed one", () => {
    const driver = new FakeDriver();
    const pool = new QueuePool(driver.creator);
    listen(pool, "checkout", () => {});
    const [one, other] = [checkOut(pool), checkOut(pool)];
    giveBack(one);
    runSync(other.invalidate());
    expect(pool.checkedin()).toBe(2);
    giveBack(checkOut(pool));
    expect(driver.connections).toHaveLength(2);
  });

  it("without a lease condemns all there are now", () => {
    const pool = new QueuePool(new FakeDriver().creator);
    giveBack(checkOut(pool));
    runSync(pool.invalidate(null));
    const lease = checkOut(pool);
    expect(idOf(lease)).toBe(2);
    giveBack(lease);
  });

  it("with checkin: false leaves the lease itself alone", () => {
    const pool = new QueuePool(new FakeDriver().creator);
    const lease = checkOut(pool);
    runSync(pool.invalidate(lease, null, { checkin: false }));
    expect(lease.isValid).toBe(true);
    giveBack(lease);
    expect(idOf(checkOut(pool))).toBe(2);
  });
});

describe("cancelling", () => {
  const options = { canWait: true, poolSize: 1, maxOverflow: 0 };

  it("an aborted signal fails at once, with its reason as cause", async () => {
    const pool = new QueuePool(new FakeDriver(true).creator, options);
    const reason = new Error("request closed");
    await expect(runAsync(pool.connect({ signal: AbortSignal.abort(reason) }))).rejects.toMatchObject({
      name: "CancelledError",
      code: "cancelled",
      cause: reason,
    });
    expect(pool.checkedout()).toBe(0);
  });

  it("ends the wait for a free connection, and the queue goes on behind", async () => {
    const pool = new QueuePool(new FakeDriver(true).creator, options);
    const held = await checkOutAsync(pool);
    const controller = new AbortController();
    const cancelled = checkOutAsync(pool, controller.signal);
    const patient = checkOutAsync(pool);
    expect(pool.waiting()).toBe(2);
    controller.abort();
    await expect(cancelled).rejects.toThrow("cancelled");
    expect(pool.waiting()).toBe(1);
    await giveBackAsync(held);
    await giveBackAsync(await patient);
    expect(pool.checkedin()).toBe(1);
  });

  it("in the moment between hand-over and use gives the connection to the next", async () => {
    const pool = new QueuePool(new FakeDriver(true).creator, options);
    const held = await checkOutAsync(pool);
    const controller = new AbortController();
    const cancelled = checkOutAsync(pool, controller.signal);
    const patient = checkOutAsync(pool);
    expect(held.tryRelease(true)).toBe(true);
    controller.abort();
    await expect(cancelled).rejects.toThrow("cancelled");
    await giveBackAsync(await patient);
    expect(pool.checkedin()).toBe(1);
  });

  it("while a connection is being opened lets it finish and keeps it for others", async () => {
    const driver = new FakeDriver(true);
    driver.latency = 10;
    const pool = new QueuePool(driver.creator, options);
    const controller = new AbortController();
    const cancelled = checkOutAsync(pool, controller.signal);
    const patient = checkOutAsync(pool);
    await sleep(2);
    controller.abort();
    await expect(cancelled).rejects.toThrow("cancelled");
    expect(driver.connections).toHaveLength(0);
    const lease = await patient;
    expect(idOf(lease)).toBe(1);
    await giveBackAsync(lease);
    expect([pool.checkedin(), pool.checkedout()]).toEqual([1, 0]);
  });

  it("while a connection is being opened that then fails frees the place", async () => {
    const driver = new FakeDriver(true);
    driver.latency = 5;
    driver.failures.set("connect", new Error("refused"));
    const pool = new QueuePool(driver.creator, options);
    const controller = new AbortController();
    const cancelled = checkOutAsync(pool, controller.signal);
    await sleep(1);
    controller.abort();
    await expect(cancelled).rejects.toThrow("cancelled");
    await sleep(10);
    expect(pool.checkedout()).toBe(0);
  });

  it("leaves no listener on a signal that lives long", async () => {
    const pool = new QueuePool(new FakeDriver(true).creator, options);
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...values: Parameters<typeof addEventListener>) => {
      listeners += 1;
      addEventListener.apply(signal, values);
    };
    signal.removeEventListener = (...values: Parameters<typeof removeEventListener>) => {
      listeners -= 1;
      removeEventListener.apply(signal, values);
    };
    const held = await checkOutAsync(pool, signal);
    const waiting = checkOutAsync(pool, signal);
    expect(listeners).toBe(1);
    await giveBackAsync(held);
    await giveBackAsync(await waiting);
    expect(listeners).toBe(0);
  });
});

describe("log", () => {
  it("tells the story of a connection when debug is on", () => {
    const driver = new FakeDriver();
    const log = keepLog(true);
    const pool = new QueuePool(driver.creator, { log });
    const lease = checkOut(pool);
    giveBack(lease);
    giveBack(checkOut(pool), true);
    runSync(checkOut(pool).invalidate(new Error("broken")));
    expect(log.lines).toEqual([
      "debug: Created new Connection #1",
      "debug: Connection #1 checked out from pool",
      "debug: Connection #1 being returned to pool",
      "debug: Connection #1 rollback-on-return",
      "debug: Connection #1 checked out from pool",
      "debug: Connection #1 being returned to pool",
      "debug: Connection #1 reset, transaction already reset",
      "debug: Connection #1 checked out from pool",
      "info: Invalidate Connection #1 (reason: Error: broken)",
      "debug: Hard-closing Connection #1",
    ]);
  });
});

describe("another process", () => {
  it("forgets inherited connections without closing them", () => {
    const driver = new FakeDriver();
    const pool = new QueuePool(driver.creator);
    giveBack(checkOut(pool));
    const pid = Object.getOwnPropertyDescriptor(process, "pid") as PropertyDescriptor;
    try {
      Object.defineProperty(process, "pid", { ...pid, value: process.pid + 1 });
      // The fast path cannot meet an inherited connection: Node has no fork that copies memory. The slow path looks.
      const lease = runSync(pool.connect({ timeout: 1 }));
      giveBack(lease);
      listen(pool, "checkout", () => {});
      expect(idOf(checkOut(pool))).toBe(2);
      expect(driver.connections[0]?.calls).not.toContain("close");
    } finally {
      Object.defineProperty(process, "pid", pid);
    }
  });
});

describe("a pool of one's own", () => {
  it("needs a store and nothing else", () => {
    class OneStore implements EntryStore {
      readonly isShared = false;
      readonly announcesEachHolder = true;
      readonly #context: PoolContext;
      constructor(context: PoolContext) {
        this.#context = context;
      }
      tryTake(): null {
        return null;
      }
      // biome-ignore lint/correctness/useYield: never waits.
      *take(): Step<PoolEntry> {
        return new PoolEntry(this.#context);
      }
      tryGive(): boolean {
        return false;
      }
      *give(entry: PoolEntry): Step<void> {
        yield* entry.close();
      }
      drop(): void {}
      *dispose(): Step<void> {}
      forget(): void {}
      status(): string {
        return "OnePool";
      }
    }
    class OnePool extends Pool {
      static override readonly dispatch = Pool.dispatch.child();
      constructor(creator: () => Step<ReturnType<FakeDriver["connect"]> & object>) {
        const context = new PoolContext(creator as PoolContext["creator"], {}, new.target.dispatch);
        super(context, new OneStore(context));
      }
    }
    const driver = new FakeDriver();
    const entries: ConnectionPoolEntry[] = [];
    const pool = new OnePool(driver.creator as never);
    listen(pool, "connect", (_, entry) => entries.push(entry));
    giveBack(checkOut(pool));
    expect(driver.openCount).toBe(0);
    expect(entries).toHaveLength(1);
    expect(pool.status()).toBe("OnePool");
    expect(pool.recreate()).toBeInstanceOf(OnePool);
  });
});
