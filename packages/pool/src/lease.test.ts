import { ResourceClosedError, runSync } from "@athanor/driver";
import { describe, expect, it } from "vitest";
import { checkOut, FakeDriver, giveBack, idOf, noteEvents } from "../test/fake-driver.ts";
import { QueuePool } from "./queue-pool.ts";

const one = (driver: FakeDriver): QueuePool => new QueuePool(driver.creator, { poolSize: 1, maxOverflow: 0 });

describe("release", () => {
  it("ends the lease: its connection cannot be used any more", () => {
    const pool = one(new FakeDriver());
    const lease = checkOut(pool);
    expect(lease.isValid).toBe(true);
    giveBack(lease);
    expect(lease.isValid).toBe(false);
    expect(() => lease.connection).toThrow(ResourceClosedError);
    expect(() => lease.connection).toThrow("it was released to its pool");
    expect(() => lease.info).toThrow(ResourceClosedError);
    expect([lease.recordInfo, lease.entry, lease.activity]).toEqual([null, null, null]);
  });

  it("a second time does nothing, even when somebody else has the connection by now", () => {
    const pool = one(new FakeDriver());
    const lease = checkOut(pool);
    giveBack(lease);
    const other = checkOut(pool);
    expect(lease.tryRelease()).toBe(true);
    runSync(lease.release());
    runSync(lease.invalidate());
    expect(idOf(other)).toBe(1);
    expect(pool.checkedout()).toBe(1);
    giveBack(other);
    expect(pool.checkedin()).toBe(1);
  });

  it("tryRelease does nothing when a reset is due", () => {
    const driver = new FakeDriver();
    const lease = checkOut(one(driver));
    expect(lease.tryRelease()).toBe(false);
    expect(lease.isValid).toBe(true);
    expect(lease.tryRelease(true)).toBe(true);
    expect(driver.calls).toEqual([]);
  });

  it("forgets the activity with the lease", () => {
    const pool = one(new FakeDriver());
    const lease = checkOut(pool);
    lease.activity = "SELECT 1";
    expect(lease.activity).toBe("SELECT 1");
    giveBack(lease);
    lease.activity = "too late";
    const other = checkOut(pool);
    expect(other.activity).toBeNull();
    giveBack(other);
  });

  it("gives the place back even when a checkin listener throws, and passes the error on", () => {
    const pool = one(new FakeDriver());
    pool.dispatch.listen("checkin", () => {
      throw new Error("listener");
    });
    const lease = checkOut(pool);
    expect(() => giveBack(lease)).toThrow("listener");
    expect(pool.checkedin()).toBe(1);
  });
});

describe("invalidate", () => {
  it("closes the connection and ends the lease", () => {
    const driver = new FakeDriver();
    const pool = one(driver);
    const lease = checkOut(pool);
    runSync(lease.invalidate(new Error("broken")));
    expect(lease.isValid).toBe(false);
    expect(() => lease.connection).toThrow("it was invalidated");
    expect(driver.openCount).toBe(0);
    expect(pool.checkedout()).toBe(0);
    giveBack(lease);
    runSync(lease.release());
    expect(() => lease.connection).toThrow("it was invalidated");
    expect(pool.checkedout()).toBe(0);
  });

  it("gives the place back even when an invalidate listener throws", () => {
    const driver = new FakeDriver();
    const pool = one(driver);
    const lease = checkOut(pool);
    pool.dispatch.once("invalidate", () => {
      throw new Error("listener");
    });
    expect(() => runSync(lease.invalidate())).toThrow("listener");
    expect(pool.checkedout()).toBe(0);
  });
});

describe("detach", () => {
  it("takes the connection out of the pool, which can open another", () => {
    const driver = new FakeDriver();
    const pool = one(driver);
    const lease = checkOut(pool);
    lease.info.key = "kept";
    runSync(lease.detach());
    expect([lease.isDetached, lease.isValid, lease.entry]).toEqual([true, true, null]);
    const other = checkOut(pool);
    expect(driver.openCount).toBe(2);
    expect([idOf(lease), idOf(other)]).toEqual([1, 2]);
    expect(lease.info).toEqual({ key: "kept" });
    expect(other.info).toEqual({});
    giveBack(other);
    giveBack(lease);
    expect(driver.connections[0]?.calls).toEqual(["rollback", "close"]);
    expect(() => lease.connection).toThrow(ResourceClosedError);
    giveBack(lease);
    expect(driver.openCount).toBe(1);
  });

  it("a second time does nothing; after release it raises", () => {
    const pool = one(new FakeDriver());
    const lease = checkOut(pool);
    runSync(lease.detach());
    runSync(lease.detach());
    giveBack(lease);
    expect(() => runSync(lease.detach())).toThrow(ResourceClosedError);
  });

  it("and invalidate: closes without a reset", () => {
    const driver = new FakeDriver();
    const pool = one(driver);
    const lease = checkOut(pool);
    const seen = noteEvents(pool);
    runSync(lease.detach());
    runSync(lease.invalidate());
    expect(seen).toEqual(["detach", "closeDetached"]);
    expect(driver.connections[0]?.calls).toEqual(["terminate"]);
  });
});
