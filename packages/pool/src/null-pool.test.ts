import { runAsync, runSync } from "@athanor/driver";
import { describe, expect, it } from "vitest";
import { checkOut, checkOutAsync, FakeDriver, giveBack, giveBackAsync, idOf, noteEvents } from "../test/fake-driver.ts";
import { NullPool } from "./null-pool.ts";

describe("NullPool", () => {
  it("opens a connection for each checkout and closes it on release", () => {
    const driver = new FakeDriver();
    const pool = new NullPool(driver.creator);
    const [one, other] = [checkOut(pool), checkOut(pool)];
    expect([idOf(one), idOf(other)]).toEqual([1, 2]);
    giveBack(one);
    giveBack(other, true);
    expect(driver.connections.map((connection) => connection.calls)).toEqual([["rollback", "close"], ["close"]]);
    expect(pool.tryCheckout()).toBeNull();
    expect(pool.status()).toBe("NullPool");
  });

  it("has the events of a pool", () => {
    const pool = new NullPool(new FakeDriver().creator);
    const seen = noteEvents(pool);
    giveBack(checkOut(pool));
    giveBack(checkOut(pool));
    const each = ["connect", "checkout", "reset", "checkin", "close"];
    expect(seen).toEqual(["firstConnect", ...each, ...each]);
  });

  it("invalidates and detaches", () => {
    const driver = new FakeDriver();
    const pool = new NullPool(driver.creator);
    runSync(checkOut(pool).invalidate());
    const lease = checkOut(pool);
    runSync(lease.detach());
    giveBack(lease);
    expect(driver.openCount).toBe(0);
    runSync(pool.dispose());
    expect(pool.recreate()).toBeInstanceOf(NullPool);
  });

  it("never makes anybody wait", async () => {
    const driver = new FakeDriver(true);
    const pool = new NullPool(driver.creator, { canWait: true });
    const leases = await Promise.all(Array.from({ length: 50 }, () => checkOutAsync(pool)));
    expect(driver.openCount).toBe(50);
    await Promise.all(leases.map((lease) => giveBackAsync(lease)));
    expect(driver.openCount).toBe(0);
    await runAsync(pool.dispose());
  });
});
