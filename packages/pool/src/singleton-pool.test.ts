import { runSync } from "@athanor/driver";
import { describe, expect, it } from "vitest";
import { checkOut, FakeDriver, giveBack, idOf, noteEvents } from "../test/fake-driver.ts";
import { SingletonPool } from "./singleton-pool.ts";

describe("SingletonPool", () => {
  it("keeps one connection over checkouts", () => {
    const driver = new FakeDriver();
    const pool = new SingletonPool(driver.creator);
    for (let round = 0; round < 3; round += 1) {
      const lease = checkOut(pool);
      expect(idOf(lease)).toBe(1);
      giveBack(lease);
    }
    expect(driver.calls).toEqual(["rollback 1", "rollback 1", "rollback 1"]);
    expect(pool.status()).toBe("SingletonPool");
  });

  it("a checkout within another one shares the connection, and does not reset it on return", () => {
    const driver = new FakeDriver();
    const pool = new SingletonPool(driver.creator);
    const outer = checkOut(pool);
    const inner = checkOut(pool);
    expect(inner.connection).toBe(outer.connection);
    giveBack(inner);
    giveBack(inner);
    expect(driver.calls).toEqual([]);
    expect(outer.isValid).toBe(true);
    giveBack(outer);
    expect(driver.calls).toEqual(["rollback 1"]);
  });

  it("announces the outermost checkout only", () => {
    const pool = new SingletonPool(new FakeDriver().creator);
    const seen = noteEvents(pool);
    const [outer, inner] = [checkOut(pool), checkOut(pool)];
    giveBack(outer);
    expect(seen).toEqual(["firstConnect", "connect", "checkout"]);
    giveBack(inner);
    expect(seen.slice(3)).toEqual(["reset", "checkin"]);
  });

  it("takes the fast path from the second checkout on", () => {
    const pool = new SingletonPool(new FakeDriver().creator);
    expect(pool.tryCheckout()).toBeNull();
    giveBack(checkOut(pool));
    const lease = pool.tryCheckout();
    expect(lease?.tryRelease(true)).toBe(true);
  });

  it("lets a connect listener use the pool", () => {
    const driver = new FakeDriver();
    const pool = new SingletonPool(driver.creator);
    pool.dispatch.listen("connect", () => giveBack(checkOut(pool)));
    const lease = checkOut(pool);
    expect(driver.connections).toHaveLength(1);
    giveBack(lease);
  });

  it("dispose closes, also under a holder; the next checkout opens another", () => {
    const driver = new FakeDriver();
    const pool = new SingletonPool(driver.creator);
    const holder = checkOut(pool);
    runSync(pool.dispose());
    expect(driver.openCount).toBe(0);
    expect(holder.isValid).toBe(false);
    giveBack(holder);
    const lease = checkOut(pool);
    expect(idOf(lease)).toBe(2);
    giveBack(lease);
    expect(pool.recreate()).toBeInstanceOf(SingletonPool);
  });

  it("a detached connection is its holder's alone", () => {
    const driver = new FakeDriver();
    const pool = new SingletonPool(driver.creator);
    const lease = checkOut(pool);
    runSync(lease.detach());
    const other = checkOut(pool);
    expect([idOf(lease), idOf(other)]).toEqual([1, 2]);
    giveBack(lease);
    giveBack(other);
    expect(driver.openCount).toBe(1);
  });
});
