import { describe, expect, it } from "vitest";
import { FakeDriver } from "../test/fake-driver.ts";
import { PoolContext } from "./context.ts";
import { PoolEntry } from "./entry.ts";
import { IdleList } from "./idle-list.ts";
import { QueuePool } from "./queue-pool.ts";

describe.each([true, false])("IdleList, lifo: %s", (lifo) => {
  it("behaves as an array does, over 10,000 operations", () => {
    const context = new PoolContext(new FakeDriver().creator, {}, QueuePool.dispatch);
    const list = new IdleList(lifo);
    const model: PoolEntry[] = [];
    const outside = Array.from({ length: 6 }, () => new PoolEntry(context));
    let random = 3;
    for (let round = 0; round < 10_000; round += 1) {
      random = (random * 1103515245 + 12345) % 2147483648;
      const entry = random % 2 === 0 ? outside.pop() : undefined;
      if (entry !== undefined) {
        list.add(entry);
        model.push(entry);
      } else {
        const taken = list.take();
        expect(taken).toBe((lifo ? model.pop() : model.shift()) ?? null);
        if (taken !== null) outside.unshift(taken);
      }
      expect(list.length).toBe(model.length);
      expect(list.first).toBe((lifo ? model.at(-1) : model[0]) ?? null);
    }
    expect(list.clear()).toEqual(lifo ? model.toReversed() : model);
    expect([list.length, list.first]).toEqual([0, null]);
  });
});
