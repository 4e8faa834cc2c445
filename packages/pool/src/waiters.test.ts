import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WaiterQueue } from "./waiters.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const thing = (name: string): { name: string } => ({ name });

describe("WaiterQueue", () => {
  it("serves in order and says when nobody waits", async () => {
    const queue = new WaiterQueue<{ name: string }>();
    expect(queue.serve(thing("nobody"))).toBe(false);
    const waits = [1, 2, 3].map(() => queue.wait(null, undefined));
    for (const name of ["a", "b", "c"]) expect(queue.serve(thing(name))).toBe(true);
    expect(await Promise.all(waits.map((wait) => wait.outcome))).toEqual([thing("a"), thing("b"), thing("c")]);
    expect(queue.length).toBe(0);
  });

  it("lets anyone leave: by time, by signal, by themselves, from any place", async () => {
    const queue = new WaiterQueue<{ name: string }>();
    const controller = new AbortController();
    const first = queue.wait(2, undefined);
    const second = queue.wait(null, controller.signal);
    const third = queue.wait(null, undefined);
    const fourth = queue.wait(5, undefined);
    controller.abort();
    expect(await second.outcome).toBe("cancelled");
    vi.advanceTimersByTime(2000);
    expect(await first.outcome).toBe("timeout");
    expect(queue.length).toBe(2);
    queue.leave(third);
    queue.leave(third);
    expect(queue.length).toBe(1);
    expect(queue.serve(thing("a"))).toBe(true);
    expect(await fourth.outcome).toEqual(thing("a"));
  });

  it("takes a signal that is aborted already for what it is", async () => {
    const queue = new WaiterQueue<object>();
    expect(await queue.wait(null, AbortSignal.abort()).outcome).toBe("cancelled");
    expect(queue.length).toBe(0);
  });

  it("keeps each deadline, whatever the order, by one timer", async () => {
    const queue = new WaiterQueue<object>();
    const ends: [string, number][] = [];
    const start = performance.now();
    for (const seconds of [5, 1, 3, 2 ** 40]) {
      const note = (outcome: unknown): unknown => ends.push([String(outcome), performance.now() - start]);
      queue.wait(seconds).outcome.then(note);
    }
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ends).toEqual([
      ["timeout", 1000],
      ["timeout", 3000],
      ["timeout", 5000],
    ]);
    expect(queue.length).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves no timer behind, which would keep the process alive", () => {
    const queue = new WaiterQueue<object>();
    queue.wait(30, undefined);
    queue.leave(queue.wait(30, undefined));
    expect(vi.getTimerCount()).toBe(1);
    queue.serve({});
    expect(vi.getTimerCount()).toBe(0);
  });
});
