import { runAsync, runSync } from "@athanor/driver";
import { describe, expect, it } from "vitest";
import { checkOut, checkOutAsync, FakeDriver, giveBack, giveBackAsync, idOf, noteEvents } from "../test/fake-driver.ts";
import { StaticPool } from "./static-pool.ts";

describe("StaticPool", () => {
  it("lends the same connection to everybody, also at the same time", () => {
    const driver = new FakeDriver();
    const pool = new StaticPool(driver.creator);
    const [one, other] = [checkOut(pool), checkOut(pool)];
    expect(one).not.toBe(other);
    expect(one.connection).toBe(other.connection);
    giveBack(one);
    expect(() => one.connection).toThrow("released");
    expect(idOf(other)).toBe(1);
    giveBack(other);
    giveBack(checkOut(pool));
    expect(driver.connections).toHaveLength(1);
    expect(pool.status()).toBe("StaticPool");
  });

  it("resets when the last holder leaves, so that nobody's transaction is rolled back by another", () => {
    const driver = new FakeDriver();
    const pool = new StaticPool(driver.creator);
    const [one, other] = [checkOut(pool), checkOut(pool)];
    giveBack(one);
    expect(driver.calls).toEqual([]);
    giveBack(other);
    expect(driver.calls).toEqual(["rollback 1"]);
  });

  it("announces each holder", () => {
    const pool = new StaticPool(new FakeDriver().creator);
    const seen = noteEvents(pool);
    const [one, other] = [checkOut(pool), checkOut(pool)];
    giveBack(one);
    giveBack(other);
    expect(seen).toEqual(["firstConnect", "connect", "checkout", "checkout", "checkin", "reset", "checkin"]);
  });

  it("opens one connection, however many callers come before it is open", async () => {
    const driver = new FakeDriver(true);
    driver.latency = 5;
    const pool = new StaticPool(driver.creator, { canWait: true });
    const leases = await Promise.all(Array.from({ length: 10 }, () => checkOutAsync(pool)));
    expect(driver.connections).toHaveLength(1);
    await Promise.all(leases.map((lease) => giveBackAsync(lease)));
    expect(driver.calls).toEqual(["rollback 1"]);
  });

  it("lets the next caller try when the connection could not be opened", async () => {
    const driver = new FakeDriver(true);
    driver.failures.set("connect", new Error("refused"));
    const pool = new StaticPool(driver.creator, { canWait: true });
    const outcomes = await Promise.allSettled([checkOutAsync(pool), checkOutAsync(pool)]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["rejected", "rejected"]);
    driver.failures.clear();
    await giveBackAsync(await checkOutAsync(pool));
    expect(driver.openCount).toBe(1);
  });

  it("closes a connection whose connect listener failed", () => {
    const driver = new FakeDriver();
    const pool = new StaticPool(driver.creator);
    pool.dispatch.once("connect", () => {
      throw new Error("listener");
    });
    expect(() => checkOut(pool)).toThrow("listener");
    expect(driver.openCount).toBe(0);
    giveBack(checkOut(pool));
  });

  it("replaces the connection after an invalidation; other holders find theirs closed", () => {
    const driver = new FakeDriver();
    const pool = new StaticPool(driver.creator);
    const [one, other] = [checkOut(pool), checkOut(pool)];
    runSync(one.invalidate());
    expect(other.isValid).toBe(false);
    const third = checkOut(pool);
    expect(idOf(third)).toBe(2);
    giveBack(other);
    expect(idOf(third)).toBe(2);
    giveBack(third);
    expect(driver.openCount).toBe(1);
  });

  it("after a soft invalidation lets holders finish, then closes", () => {
    const driver = new FakeDriver();
    const pool = new StaticPool(driver.creator);
    const holder = checkOut(pool);
    runSync(holder.invalidate(undefined, { soft: true }));
    const other = checkOut(pool);
    expect([idOf(holder), idOf(other)]).toEqual([1, 2]);
    giveBack(holder);
    expect(driver.openCount).toBe(1);
    runSync(other.invalidate(undefined, { soft: true }));
    giveBack(other);
    expect(driver.openCount).toBe(1);
    const third = checkOut(pool);
    expect([idOf(third), driver.openCount]).toEqual([3, 1]);
    giveBack(third);
  });

  it("is not recycled for its age while in use", () => {
    const pool = new StaticPool(new FakeDriver().creator, { recycle: 0 });
    const holder = checkOut(pool);
    const wait = Date.now() + 3;
    while (Date.now() < wait);
    const other = checkOut(pool);
    expect([idOf(holder), idOf(other)]).toEqual([1, 1]);
    giveBack(holder);
    giveBack(other);
    expect(idOf(checkOut(pool))).toBe(2);
  });

  it("dispose closes the connection; a new one is opened when needed", async () => {
    const driver = new FakeDriver(true);
    const pool = new StaticPool(driver.creator, { canWait: true });
    await giveBackAsync(await checkOutAsync(pool));
    await runAsync(pool.dispose());
    expect(driver.openCount).toBe(0);
    const lease = await checkOutAsync(pool);
    expect(idOf(lease)).toBe(2);
    expect(pool.recreate()).toBeInstanceOf(StaticPool);
  });
});
