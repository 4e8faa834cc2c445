import { InvalidRequestError, runSync } from "@athanor/driver";
import { describe, expect, it } from "vitest";
import { checkOut, FakeDriver, giveBack, idOf } from "../test/fake-driver.ts";
import { AssertionPool } from "./assertion-pool.ts";

describe("AssertionPool", () => {
  it("allows one checkout at a time, again and again", () => {
    const driver = new FakeDriver();
    const pool = new AssertionPool(driver.creator);
    for (let round = 0; round < 3; round += 1) giveBack(checkOut(pool));
    expect(driver.connections).toHaveLength(1);
    expect(pool.status()).toBe("AssertionPool");
  });

  it("raises on a second one and shows where the first was made", () => {
    const pool = new AssertionPool(new FakeDriver().creator);
    const lease = checkOut(pool);
    expect(() => checkOut(pool)).toThrow(InvalidRequestError);
    expect(() => checkOut(pool)).toThrow(/connection is already checked out at:\n {4}at checkOut/);
    giveBack(lease);
    const again = checkOut(pool);
    expect(() => checkOut(pool)).toThrow("already checked out");
    giveBack(again);
  });

  it("can do without the stack", () => {
    const pool = new AssertionPool(new FakeDriver().creator, { storeTraceback: false });
    checkOut(pool);
    expect(() => checkOut(pool)).toThrow(/^connection is already checked out$/);
  });

  it("is free again after a failure to connect", () => {
    const driver = new FakeDriver();
    const pool = new AssertionPool(driver.creator);
    driver.failures.set("connect", new Error("refused"));
    expect(() => checkOut(pool)).toThrow("refused");
    driver.failures.clear();
    giveBack(checkOut(pool));
  });

  it("dispose closes the connection, one in use when it comes back", () => {
    const driver = new FakeDriver();
    const pool = new AssertionPool(driver.creator);
    giveBack(checkOut(pool));
    runSync(pool.dispose());
    expect(driver.openCount).toBe(0);
    const lease = checkOut(pool);
    runSync(pool.dispose());
    expect(idOf(lease)).toBe(2);
    giveBack(lease);
    expect(driver.openCount).toBe(0);
    giveBack(checkOut(pool));
    expect(pool.recreate()).toBeInstanceOf(AssertionPool);
  });
});
