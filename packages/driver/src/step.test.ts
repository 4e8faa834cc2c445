import { describe, expect, it } from "vitest";
import { InvalidRequestError, SynchronousAccessError } from "./errors.ts";
import { all, call, isPromiseLike, isStep, resume, runAsync, runSync, type Step, settle } from "./step.ts";

function* add(one: number | PromiseLike<number>, other: number | PromiseLike<number>): Step<number> {
  return (yield* call(one)) + (yield* call(other));
}

const later = <T>(value: T, milliseconds = 1): Promise<T> =>
  new Promise((resolve) => setTimeout(() => resolve(value), milliseconds));

describe("runSync", () => {
  it("runs a step of plain values to its end", () => {
    expect(runSync(add(1, 2))).toBe(3);
  });

  it("gives back what was yielded, for steps that yield a plain value themselves", () => {
    function* step(): Step<string> {
      return (yield "plain") as string;
    }
    expect(runSync(step())).toBe("plain");
  });

  it("throws SynchronousAccessError where a promise arrives, inside the step", () => {
    const seen: unknown[] = [];
    function* step(): Step<number> {
      try {
        return yield* call(Promise.resolve(1));
      } catch (error) {
        seen.push(error);
        throw error;
      }
    }
    expect(() => runSync(step())).toThrow(SynchronousAccessError);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ code: "synchronous_access", message: expect.stringContaining("@athanor/async") });
  });

  it("lets a step clean up after the refusal, and runs its finally blocks", () => {
    const seen: string[] = [];
    function* step(): Step<string> {
      try {
        yield* call(later(1));
      } catch {
        seen.push("caught");
      } finally {
        seen.push("finally");
      }
      return "recovered";
    }
    expect(runSync(step())).toBe("recovered");
    expect(seen).toEqual(["caught", "finally"]);
  });

  it("leaves no unhandled rejection behind when the refused promise fails", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): unknown => unhandled.push(reason);
    process.on("unhandledRejection", note);
    expect(() => runSync(call(Promise.reject(new Error("late"))))).toThrow(SynchronousAccessError);
    await later(undefined, 10);
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });

  it("throws what the step throws, the same object", () => {
    const error = new InvalidRequestError("no");
    function* step(): Step<void> {
      throw error;
    }
    expect(() => runSync(step())).toThrow(error);
  });
});

describe("runAsync", () => {
  it("awaits promises and passes values through", async () => {
    expect(await runAsync(add(later(1), 2))).toBe(3);
  });

  it("awaits thenables that are not promises", async () => {
    // biome-ignore lint/suspicious/noThenProperty: drivers return such objects.
    const thenable = { then: (resolve: (value: number) => void) => resolve(20) } as PromiseLike<number>;
    expect(await runAsync(add(thenable, 1))).toBe(21);
  });

  it("throws a rejection into the step at the place that waited", async () => {
    function* step(): Step<string> {
      try {
        yield* call(Promise.reject(new Error("driver")));
        return "not reached";
      } catch (error) {
        return (error as Error).message;
      }
    }
    expect(await runAsync(step())).toBe("driver");
  });

  it("rejects with what the step throws, also before its first wait", async () => {
    function* step(): Step<void> {
      throw new InvalidRequestError("at once");
    }
    await expect(runAsync(step())).rejects.toThrow("at once");
  });

  it("begins within the call, so that a step without waits has finished when runAsync returns", async () => {
    const order: string[] = [];
    function* step(): Step<void> {
      order.push("step");
    }
    const running = runAsync(step());
    order.push("caller");
    await running;
    expect(order).toEqual(["step", "caller"]);
  });

  it("keeps the order within a step while others run beside it", async () => {
    const order: string[] = [];
    function* step(name: string, milliseconds: number): Step<void> {
      for (const part of [1, 2]) {
        yield* call(later(undefined, milliseconds));
        order.push(`${name}${part}`);
      }
    }
    await Promise.all([runAsync(step("slow", 20)), runAsync(step("fast", 2))]);
    expect(order).toEqual(["fast1", "fast2", "slow1", "slow2"]);
  });
});

describe("call, settle, isStep, isPromiseLike", () => {
  it("call does not suspend for a plain value", () => {
    expect(call(5).next()).toEqual({ done: true, value: 5 });
  });

  it("settle runs a step, awaits a promise and passes the rest through", async () => {
    expect(runSync(settle(add(1, 1)))).toBe(2);
    expect(runSync(settle(7))).toBe(7);
    expect(await runAsync(settle(later(8)))).toBe(8);
  });

  it("tells steps and promises from other objects", () => {
    expect(isStep(add(1, 2))).toBe(true);
    for (const value of [null, undefined, 1, "x", [], new Map().values(), { next() {} }, later(1)])
      expect(isStep(value)).toBe(false);
    expect(isPromiseLike(later(1))).toBe(true);
    for (const value of [null, undefined, 1, "then", [], {}, add(1, 2)]) expect(isPromiseLike(value)).toBe(false);
  });
});

describe("all", () => {
  it("runs blocking steps one after the other, in a synchronous engine too", () => {
    expect(runSync(all([add(1, 1), add(2, 2)]))).toEqual([2, 4]);
    expect(runSync(all([]))).toEqual([]);
  });

  it("runs waiting steps side by side and keeps the order of results", async () => {
    const doors = [1, 2, 3].map(() => Promise.withResolvers<number>());
    const begun: number[] = [];
    function* step(index: number): Step<number> {
      begun.push(index);
      return yield* call((doors[index] as PromiseWithResolvers<number>).promise);
    }
    const running = runAsync(all([step(0), step(1), step(2)]));
    expect(begun).toEqual([0, 1, 2]);
    for (const index of [2, 0, 1]) doors[index]?.resolve(index * 10);
    expect(await running).toEqual([0, 10, 20]);
  });

  it("runs every step to its end before it throws the first error", async () => {
    const finished: string[] = [];
    function* step(name: string, fails: boolean): Step<void> {
      yield* call(later(undefined, fails ? 1 : 15));
      finished.push(name);
      if (fails) throw new Error(`${name} failed`);
    }
    await expect(runAsync(all([step("a", true), step("b", false), step("c", true)]))).rejects.toThrow("a failed");
    expect(finished.sort()).toEqual(["a", "b", "c"]);
  });
});

describe("resume", () => {
  it("goes on with a step that was begun by hand", async () => {
    const step = add(later(1), later(2));
    const first = step.next();
    expect(await runAsync(resume(step, first.value))).toBe(3);
  });

  it("throws a rejection into the step", async () => {
    function* step(): Step<string> {
      try {
        yield* call(Promise.reject(new Error("x")));
      } catch {
        return yield* call(later("caught"));
      }
      return "no";
    }
    const running = step();
    expect(await runAsync(resume(running, running.next().value))).toBe("caught");
  });
});
