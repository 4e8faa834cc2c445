import { runAsync } from "@athanor/driver";
import { afterEach, describe, expect, it, vi } from "vitest";
import { checkOutAsync, FakeDriver, giveBackAsync } from "../test/fake-driver.ts";
import { PoolTimeoutError } from "./errors.ts";
import { NullPool } from "./null-pool.ts";
import { QueuePool } from "./queue-pool.ts";
import type { Turn } from "./store.ts";

afterEach(() => {
  vi.useRealTimers();
});

const full = { canWait: true, poolSize: 1, maxOverflow: 0 };

describe("a place in the queue", () => {
  it("is there only while all that is left to do is to wait", async () => {
    const driver = new FakeDriver(true);
    const pool = new QueuePool(driver.creator, full);
    expect(pool.tryQueue()).toBeNull();
    const held = await checkOutAsync(pool);
    const place = pool.tryQueue();
    expect(place).not.toBeNull();
    await giveBackAsync(held);
    const lease = pool.tryTurn(await (place as Promise<Turn>));
    expect(driver.connections).toEqual([lease?.connection]);
    expect(pool.checkedout()).toBe(1);
    await giveBackAsync(lease as NonNullable<typeof lease>);
    expect(pool.tryQueue()).toBeNull();
    expect(pool.checkedin()).toBe(1);
  });

  it.each([
    ["cannot wait", { canWait: false }],
    ["does not want to", { timeout: 0 }],
    ["pings", { prePing: true }],
    ["tracks who holds what", { trackCheckouts: true }],
  ])("is not there where the pool %s", async (_, options) => {
    const pool = new QueuePool(new FakeDriver(true).creator, { ...full, ...options });
    const held = await checkOutAsync(pool);
    expect(pool.tryQueue()).toBeNull();
    await giveBackAsync(held);
  });

  it("is not there where somebody hears of checkouts, or where there is no queue", async () => {
    const pool = new QueuePool(new FakeDriver(true).creator, full);
    const held = await checkOutAsync(pool);
    pool.dispatch.listen("checkout", () => {});
    expect(pool.tryQueue()).toBeNull();
    await giveBackAsync(held);
    expect(new NullPool(new FakeDriver(true).creator, { canWait: true }).tryQueue()).toBeNull();
  });

  it("whose connection was lost on the way leads to a new one", async () => {
    const driver = new FakeDriver(true);
    const pool = new QueuePool(driver.creator, full);
    const held = await checkOutAsync(pool);
    const place = pool.tryQueue() as Promise<Turn>;
    await runAsync(held.invalidate(new Error("gone")));
    const turn = await place;
    expect(pool.tryTurn(turn)).toBeNull();
    const lease = await runAsync(pool.takeTurn(turn));
    expect(driver.connections).toHaveLength(2);
    await giveBackAsync(lease);
    expect(pool.checkedin()).toBe(1);
  });

  it("whose checkout somebody came to hear of is announced", async () => {
    const pool = new QueuePool(new FakeDriver(true).creator, full);
    const held = await checkOutAsync(pool);
    const place = pool.tryQueue() as Promise<Turn>;
    const heard: unknown[] = [];
    pool.dispatch.listen("checkout", (connection) => heard.push(connection));
    await giveBackAsync(held);
    const turn = await place;
    expect(pool.tryTurn(turn)).toBeNull();
    const lease = await runAsync(pool.takeTurn(turn));
    expect(heard).toEqual([lease.connection]);
    await giveBackAsync(lease);
  });

  it("ends with the pool's time, in an error that says who waits behind it", async () => {
    vi.useFakeTimers({ now: 1_000_000 });
    const pool = new QueuePool(new FakeDriver(true).creator, { ...full, timeout: 2 });
    const held = await checkOutAsync(pool);
    const places = [pool.tryQueue(), pool.tryQueue()] as Promise<Turn>[];
    const failures = places.map(async (place) => {
      const turn = await place;
      expect(pool.tryTurn(turn)).toBeNull();
      return runAsync(pool.takeTurn(turn)).catch((error: unknown) => error);
    });
    await vi.advanceTimersByTimeAsync(2000);
    const [first, second] = await Promise.all(failures);
    expect(first).toBeInstanceOf(PoolTimeoutError);
    expect(first).toMatchObject({ code: "pool_timeout", checkedOut: 1, waiters: 1 });
    expect(second).toMatchObject({ code: "pool_timeout", checkedOut: 1, waiters: 0 });
    await giveBackAsync(held);
  });
});
