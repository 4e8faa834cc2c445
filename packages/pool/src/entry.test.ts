import { runSync } from "@athanor/driver";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkOut, FakeDriver, giveBack, idOf, keepLog, noteEvents } from "../test/fake-driver.ts";
import { QueuePool } from "./queue-pool.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 10_000_000 });
});

afterEach(() => {
  vi.useRealTimers();
});

const pass = (seconds: number): void => {
  vi.setSystemTime(Date.now() + seconds * 1000);
};

describe("recycle", () => {
  it("replaces a connection older than so many seconds when it is checked out", () => {
    const driver = new FakeDriver();
    const log = keepLog();
    const pool = new QueuePool(driver.creator, { poolSize: 1, maxOverflow: 0, recycle: 30, log });
    giveBack(checkOut(pool));
    pass(1);
    let lease = checkOut(pool);
    expect(idOf(lease)).toBe(1);
    giveBack(lease);
    pass(34);
    expect(pool.tryCheckout()).toBeNull();
    lease = checkOut(pool);
    expect(idOf(lease)).toBe(2);
    expect(driver.connections[0]?.calls.at(-1)).toBe("terminate");
    expect(log.lines).toContain("info: Connection #1 exceeded timeout; recycling");
    giveBack(lease);
  });

  it("counts from the opening, not from the last use", () => {
    const pool = new QueuePool(new FakeDriver().creator, { recycle: 30 });
    for (let round = 0; round < 4; round += 1) {
      const lease = checkOut(pool);
      expect(idOf(lease)).toBe(round < 3 ? 1 : 2);
      giveBack(lease);
      pass(10.5);
    }
  });

  it("leaves the pool consistent when the new connection cannot be opened", () => {
    const driver = new FakeDriver();
    const pool = new QueuePool(driver.creator, { poolSize: 1, maxOverflow: 2, recycle: 1 });
    giveBack(checkOut(pool));
    pass(1.5);
    driver.failures.set("connect", new Error("refused"));
    expect(() => checkOut(pool)).toThrow("refused");
    expect([pool.overflow(), pool.checkedout(), driver.openCount]).toEqual([0, 0, 0]);
    driver.failures.clear();
    const leases = [checkOut(pool), checkOut(pool), checkOut(pool)];
    expect(pool.overflow()).toBe(2);
    for (const lease of leases) giveBack(lease);
  });

  it("clears info and keeps recordInfo", () => {
    const pool = new QueuePool(new FakeDriver().creator, { poolSize: 1, recycle: 10 });
    let lease = checkOut(pool);
    lease.info.a = 1;
    (lease.recordInfo as Record<string, unknown>).b = 2;
    giveBack(lease);
    lease = checkOut(pool);
    expect([lease.info.a, lease.recordInfo?.b]).toEqual([1, 2]);
    giveBack(lease);
    pass(11);
    lease = checkOut(pool);
    expect([lease.info.a, lease.recordInfo?.b]).toEqual([undefined, 2]);
    giveBack(lease);
  });
});

describe("invalidation", () => {
  it("hard: closes the connection, and the entry opens another", () => {
    const driver = new FakeDriver();
    const pool = new QueuePool(driver.creator, { poolSize: 1, maxOverflow: 0 });
    const lease = checkOut(pool);
    const { entry } = lease;
    runSync(lease.invalidate());
    expect(driver.connections[0]?.calls).toEqual(["terminate"]);
    const again = checkOut(pool);
    expect(again.entry).toBe(entry);
    expect(idOf(again)).toBe(2);
    giveBack(again);
  });

  it("soft: the holder goes on, the connection is replaced at its next checkout", () => {
    const driver = new FakeDriver();
    const pool = new QueuePool(driver.creator, { poolSize: 1, maxOverflow: 0 });
    const lease = checkOut(pool);
    const { entry } = lease;
    runSync(lease.invalidate(undefined, { soft: true }));
    expect(idOf(lease)).toBe(1);
    giveBack(lease);
    expect(driver.openCount).toBe(1);
    const again = checkOut(pool);
    expect(idOf(again)).toBe(2);
    expect(again.entry).toBe(entry);
    giveBack(again);
    expect(idOf(checkOut(pool))).toBe(2);
  });

  it("by the entry, as a listener does it, ends the lease's use of the connection", () => {
    const pool = new QueuePool(new FakeDriver().creator, { poolSize: 1, maxOverflow: 0 });
    const seen = noteEvents(pool);
    const lease = checkOut(pool);
    seen.length = 0;
    runSync(lease.entry?.invalidate() ?? fail());
    expect(lease.isValid).toBe(false);
    expect(() => lease.connection).toThrow("it was invalidated");
    giveBack(lease);
    expect(seen).toEqual(["invalidate", "close", "checkin"]);
    giveBack(checkOut(pool));
  });

  it("says nothing twice", () => {
    const pool = new QueuePool(new FakeDriver().creator);
    const lease = checkOut(pool);
    const entry = lease.entry ?? fail();
    const seen = noteEvents(pool);
    runSync(entry.invalidate());
    runSync(entry.invalidate());
    expect(seen).toEqual(["invalidate", "close"]);
    giveBack(lease);
  });
});

describe("a connection that closed while idle", () => {
  it("is noticed through isOpen and replaced, without a ping", () => {
    const driver = new FakeDriver();
    const log = keepLog();
    const pool = new QueuePool(driver.creator, { log });
    giveBack(checkOut(pool));
    (driver.connections[0] as { open: boolean }).open = false;
    const lease = checkOut(pool);
    expect(idOf(lease)).toBe(2);
    expect(log.lines).toContain("info: Connection #1 was closed while idle; recycling");
    giveBack(lease);
  });
});

describe("a connection that cannot be closed", () => {
  it("is logged and forgotten", () => {
    const driver = new FakeDriver();
    const log = keepLog();
    const pool = new QueuePool(driver.creator, { log });
    const lease = checkOut(pool);
    driver.failures.set("terminate", new Error("socket is gone"));
    runSync(lease.invalidate());
    expect(log.lines.at(-1)).toBe("error: Exception terminating Connection #1 (Error: socket is gone)");
    giveBack(checkOut(pool));
  });

  it("falls back to close where the driver has no terminate", () => {
    const driver = new FakeDriver();
    const pool = new QueuePool(driver.creator);
    const lease = checkOut(pool);
    Object.defineProperty(lease.connection, "terminate", { value: undefined });
    runSync(lease.invalidate());
    expect(driver.connections[0]?.calls).toEqual(["close"]);
  });
});

function fail(): never {
  throw new Error("the lease has an entry");
}
