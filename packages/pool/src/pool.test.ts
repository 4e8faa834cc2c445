import { call, listen, runAsync, runSync, type Step } from "@athanor/driver";
import { afterEach, describe, expect, it } from "vitest";
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
