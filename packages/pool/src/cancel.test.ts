import { CancelledError, call, runAsync, runSync, type Step } from "@athanor/driver";
import { describe, expect, it } from "vitest";
import { abandonable } from "./cancel.ts";

const never = (): never => {
  throw new Error("not abandoned");
};

function* twoWaits(seen: string[], gates: readonly Promise<unknown>[]): Step<string> {
  for (const [index, gate] of gates.entries()) {
    try {
      yield* call(gate);
      seen.push(`passed ${index}`);
    } catch {
      seen.push(`failed ${index}`);
    }
  }
  return "done";
}

describe("abandonable", () => {
  it("is the step itself while nobody aborts: results, errors, waits", async () => {
    const { signal } = new AbortController();
    const seen: string[] = [];
    const gates = [Promise.resolve(), Promise.reject(new Error("x"))];
    expect(await runAsync(abandonable(twoWaits(seen, gates), signal, never))).toBe("done");
    expect(seen).toEqual(["passed 0", "failed 1"]);
    expect(runSync(abandonable(twoWaits(seen, []), signal, never))).toBe("done");
  });

  it("passes on plain values that a step yields", () => {
    function* step(): Step<unknown> {
      return yield 5;
    }
    expect(runSync(abandonable(step(), new AbortController().signal, never))).toBe(5);
  });

  it("lets the caller go at once and the step go on", async () => {
    const controller = new AbortController();
    const [one, two] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const seen: string[] = [];
    let outcome: Promise<string> | undefined;
    const running = runAsync(
      abandonable(twoWaits(seen, [one.promise, two.promise]), controller.signal, (rest) => {
        outcome = rest;
      }),
    );
    controller.abort(new Error("why"));
    await expect(running).rejects.toMatchObject({ name: "CancelledError", cause: { message: "why" } });
    expect(seen).toEqual([]);
    one.resolve();
    two.reject(new Error("x"));
    expect(await outcome).toBe("done");
    expect(seen).toEqual(["passed 0", "failed 1"]);
  });

  it("hands a failure of the abandoned step to whoever took it", async () => {
    const controller = new AbortController();
    const gate = Promise.withResolvers<void>();
    let outcome: Promise<void> | undefined;
    const running = runAsync(
      abandonable(call(gate.promise), controller.signal, (rest) => {
        outcome = rest;
      }),
    );
    controller.abort();
    await expect(running).rejects.toBeInstanceOf(CancelledError);
    gate.reject(new Error("late"));
    await expect(outcome).rejects.toThrow("late");
  });

  it("sees a signal that was aborted before the step waits for the first time", async () => {
    const gate = Promise.withResolvers<void>();
    const running = runAsync(abandonable(call(gate.promise), AbortSignal.abort(), () => {}));
    await expect(running).rejects.toBeInstanceOf(CancelledError);
    gate.resolve();
  });
});
