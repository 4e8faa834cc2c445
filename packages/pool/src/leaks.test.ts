import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { runAsync, runSync } from "@athanor/driver";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { checkOut, checkOutAsync, FakeDriver, giveBack, giveBackAsync, idOf, keepLog } from "../test/fake-driver.ts";
import { LeakWatch, type Watchable } from "./leaks.ts";
import { QueuePool } from "./queue-pool.ts";
import { StaticPool } from "./static-pool.ts";

let collectGarbage: () => void;

beforeAll(() => {
  setFlagsFromString("--expose-gc");
  collectGarbage = runInNewContext("gc") as () => void;
});

/** Lets leases come of age, collects them and lets the finalizers run, until the condition holds. */
async function collectUntil(condition: () => boolean): Promise<void> {
  vi.advanceTimersByTime(1000);
  for (let round = 0; round < 100 && !condition(); round += 1) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("a lease that is dropped without a release", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it("is reported with its stack and activity, its connection closed and its place freed", async () => {
    const driver = new FakeDriver(true);
    const log = keepLog();
    const pool = new QueuePool(driver.creator, {
      canWait: true,
      poolSize: 1,
      maxOverflow: 0,
      trackCheckouts: true,
      log,
    });
    await (async function forgetful(): Promise<void> {
      (await checkOutAsync(pool)).activity = "SELECT now()";
    })();
    const waiting = checkOutAsync(pool);
    await collectUntil(() => log.lines.length > 0);
    const lease = await waiting;
    expect(idOf(lease)).toBe(2);
    expect(driver.connections[0]?.calls).toEqual(["terminate"]);
    const warning = log.lines.find((line) => line.startsWith("warn:"));
    expect(warning).toContain("Connection #1 was garbage collected without having been released");
    expect(warning).toContain("It last ran: SELECT now()");
    expect(warning).toMatch(/It was checked out at:\n {4}at /);
    await giveBackAsync(lease);
    expect([pool.checkedin(), pool.checkedout()]).toEqual([1, 0]);
  });

  it("without tracking is reported too, says how to learn more, and starts tracking", async () => {
    const driver = new FakeDriver();
    const log = keepLog();
    const pool = new QueuePool(driver.creator, { poolSize: 2, maxOverflow: 0, trackCheckouts: "auto", log });
    (() => {
      checkOut(pool);
    })();
    await collectUntil(() => log.lines.length > 0);
    expect(log.lines.join("\n")).toContain("Set ATHANOR_TRACK=1 to see where it was checked out.");
    expect(driver.openCount).toBe(0);
    expect(pool.checkedout()).toBe(0);
    const leases = [checkOut(pool), checkOut(pool)];
    expect(() => checkOut(pool)).toThrow(/checked out at\n {4}at /);
    for (const lease of leases) giveBack(lease);
  });

  it("after a detach closes the connection", async () => {
    const driver = new FakeDriver(true);
    const log = keepLog();
    const pool = new QueuePool(driver.creator, { canWait: true, log });
    await (async function forgetful(): Promise<void> {
      await runAsync((await checkOutAsync(pool)).detach());
    })();
    await collectUntil(() => driver.openCount === 0);
    expect(driver.openCount).toBe(0);
    expect(log.lines[0]).toContain("warn: A detached connection was garbage collected");
  });

  it("of a shared connection does not close it under the others", async () => {
    const driver = new FakeDriver();
    const log = keepLog();
    const pool = new StaticPool(driver.creator, { log });
    const kept = checkOut(pool);
    (() => {
      checkOut(pool);
    })();
    await collectUntil(() => log.lines.length > 0);
    expect(log.lines[0]).toContain("warn:");
    expect(driver.openCount).toBe(1);
    giveBack(kept);
    expect(driver.connections[0]?.calls).toEqual(["rollback"]);
  });

  it("is no concern when it was released in time, or late", async () => {
    const driver = new FakeDriver();
    const log = keepLog();
    const pool = new QueuePool(driver.creator, { log });
    (() => {
      giveBack(checkOut(pool));
      const late = checkOut(pool);
      vi.advanceTimersByTime(1000);
      giveBack(late);
    })();
    await collectUntil(() => log.lines.length > 0);
    expect(log.lines).toEqual([]);
    expect(pool.checkedin()).toBe(1);
  });
});

describe("LeakWatch", () => {
  class Thing implements Watchable {
    youngBefore: Watchable | null = null;
    youngAfter: Watchable | null = null;
    isRegistered = false;
    lastWill(): () => void {
      return () => {};
    }
  }

  it("registers only what lives for a second, and needs one timer for any number", () => {
    vi.useFakeTimers({ now: 5000 });
    const watch = new LeakWatch();
    const things = [1, 2, 3, 4].map(() => new Thing());
    for (const thing of things) watch.add(thing);
    expect(vi.getTimerCount()).toBe(1);
    expect(watch.youngSince).toBe(5000);
    // From the middle, the end and the front.
    for (const index of [1, 0, 3]) watch.remove(things[index] as Thing);
    vi.advanceTimersByTime(1000);
    expect(things.map((thing) => thing.isRegistered)).toEqual([false, false, true, false]);
    expect(vi.getTimerCount()).toBe(0);
    expect(watch.youngSince).toBe(0);
    watch.remove(things[2] as Thing);
    expect(things[2]?.isRegistered).toBe(false);
    vi.useRealTimers();
  });

  it("does not keep the process alive", () => {
    const pool = new QueuePool(new FakeDriver().creator);
    const before = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const lease = checkOut(pool);
    expect(process.getActiveResourcesInfo().filter((name) => name === "Timeout")).toHaveLength(before);
    runSync(lease.release());
  });
});
