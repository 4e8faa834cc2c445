import { call, runSync, type Step } from "@athanor/driver";
import { describe, expect, it } from "vitest";
import {
  checkOut,
  checkOutAsync,
  type FakeConnection,
  FakeDriver,
  giveBack,
  giveBackAsync,
  keepLog,
} from "../test/fake-driver.ts";
import type { ResetState } from "./events.ts";
import { plainCare } from "./options.ts";
import { QueuePool } from "./queue-pool.ts";

describe("reset on return", () => {
  it.each([
    [undefined, ["rollback"]],
    ["rollback", ["rollback"]],
    ["commit", ["commit"]],
    [null, []],
    [true, ["rollback"]],
    [false, []],
    ["none", []],
  ] as const)("%s sends %o", (resetOnReturn, calls) => {
    const driver = new FakeDriver();
    const pool = new QueuePool(driver.creator, resetOnReturn === undefined ? {} : { resetOnReturn });
    giveBack(checkOut(pool));
    expect(driver.connections[0]?.calls).toEqual(calls);
  });

  it.each([
    ["rollback", []],
    ["commit", ["commit"]],
  ] as const)("%s after the holder ended its transaction itself sends %o", (resetOnReturn, calls) => {
    const driver = new FakeDriver();
    giveBack(checkOut(new QueuePool(driver.creator, { resetOnReturn })), true);
    expect(driver.connections[0]?.calls).toEqual(calls);
  });

  it("sends nothing when the connection is known to be idle", () => {
    const driver = new FakeDriver();
    const care = { ...plainCare, isIdle: (connection: unknown) => !(connection as FakeConnection).inTransaction };
    const pool = new QueuePool(driver.creator, { care });
    const lease = checkOut(pool);
    expect(lease.tryRelease()).toBe(true);
    const again = checkOut(pool);
    again.connection.begin();
    expect(again.tryRelease()).toBe(false);
    giveBack(again);
    expect(driver.connections[0]?.calls).toEqual(["begin", "rollback"]);
  });

  it("is done by the care, in full knowledge of the circumstances", () => {
    const seen: unknown[] = [];
    const care = {
      ...plainCare,
      *reset(connection: unknown, how: string, state: ResetState): Step<void> {
        yield* call(undefined);
        seen.push(connection, how, state);
      },
    };
    const pool = new QueuePool(new FakeDriver().creator, { care });
    const lease = checkOut(pool);
    const { connection } = lease;
    giveBack(lease);
    expect(seen).toEqual([
      connection,
      "rollback",
      { transactionWasReset: false, terminateOnly: false, asyncioSafe: true },
    ]);
  });

  it.each(["return", "detach", "invalidate"])("a custom reset listener alone, on %s", (how) => {
    const driver = new FakeDriver();
    const pool = new QueuePool(driver.creator, { resetOnReturn: null });
    pool.dispatch.listen("reset", (connection, _entry, state) =>
      call(connection.execute(`special ${state.terminateOnly}`, [])),
    );
    const lease = checkOut(pool);
    if (how === "detach") runSync(lease.detach());
    if (how === "invalidate") runSync(lease.invalidate());
    giveBack(lease);
    const expected = { return: ["special false"], detach: ["special true", "close"], invalidate: ["terminate"] };
    expect(driver.connections[0]?.calls).toEqual(expected[how as keyof typeof expected]);
  });

  it("the listener comes before the rollback", () => {
    const driver = new FakeDriver();
    const pool = new QueuePool(driver.creator);
    pool.dispatch.listen("reset", (connection) => call(connection.execute("special", [])));
    giveBack(checkOut(pool));
    expect(driver.connections[0]?.calls).toEqual(["special", "rollback"]);
  });

  it("is announced to checkin listeners even when nothing had to be reset", () => {
    const pool = new QueuePool(new FakeDriver().creator);
    const seen: string[] = [];
    pool.dispatch.listen("checkin", () => seen.push("checkin"));
    giveBack(checkOut(pool), true);
    expect(seen).toEqual(["checkin"]);
  });

  it("that fails closes the connection, is logged, and does not trouble the caller", async () => {
    const driver = new FakeDriver(true);
    const log = keepLog();
    const pool = new QueuePool(driver.creator, { canWait: true, log });
    driver.failures.set("rollback", new Error("connection is gone"));
    const checkedIn: unknown[] = [];
    pool.dispatch.listen("checkin", (connection) => checkedIn.push(connection));
    await giveBackAsync(await checkOutAsync(pool));
    expect(driver.connections[0]?.calls).toEqual(["rollback", "terminate"]);
    expect(checkedIn).toEqual([null]);
    expect(pool.checkedout()).toBe(0);
    expect(log.lines[0]).toBe("error: Exception during reset of Connection #1 (Error: connection is gone)");
  });

  it("of a detached connection that fails is logged, and the connection closed", () => {
    const driver = new FakeDriver();
    const log = keepLog();
    const pool = new QueuePool(driver.creator, { log });
    driver.failures.set("rollback", new Error("gone"));
    const lease = checkOut(pool);
    runSync(lease.detach());
    giveBack(lease);
    expect(driver.openCount).toBe(0);
    expect(log.lines[0]).toContain("error: Exception during reset of a detached connection");
  });

  it("takes no place while it lasts: another caller waits for its end", async () => {
    const driver = new FakeDriver(true);
    driver.latency = 5;
    const pool = new QueuePool(driver.creator, { canWait: true, poolSize: 1, maxOverflow: 0 });
    const lease = await checkOutAsync(pool);
    const releasing = giveBackAsync(lease);
    const next = checkOutAsync(pool).then((other) => {
      expect(driver.calls).toEqual(["rollback 1"]);
      return giveBackAsync(other);
    });
    await Promise.all([releasing, next]);
  });
});
