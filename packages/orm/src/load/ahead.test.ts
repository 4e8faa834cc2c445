import { runAsync, type Step } from "@athanor/driver";
import { describe, expect, test } from "vitest";
import { Ahead } from "./ahead.ts";

function* twice(log: string[], fails: boolean): Step<number> {
  log.push("begun");
  const one = (yield Promise.resolve(1)) as number;
  log.push("one");
  if (fails) throw new Error("no");
  const two = (yield Promise.resolve(2)) as number;
  return one + two;
}

describe("a step that is begun before anybody waits", () => {
  test("runs up to its first wait at once, and gives its outcome", async () => {
    const log: string[] = [];
    const ahead = new Ahead(twice(log, false));
    expect(log).toEqual(["begun"]);
    expect(await runAsync(ahead.join())).toBe(3);
    expect(await runAsync(ahead.join())).toBe(3);
  });

  test("keeps an error until it is asked for", async () => {
    const ahead = new Ahead(twice([], true));
    await runAsync(ahead.settle());
    await expect(runAsync(ahead.join())).rejects.toThrow("no");
  });

  test("keeps the error of a wait, which the step may catch", async () => {
    const caught = new Ahead(
      (function* (): Step<string> {
        try {
          yield Promise.reject(new Error("lost"));
          return "went on";
        } catch (error) {
          return (error as Error).message;
        }
      })(),
    );
    expect(await runAsync(caught.join())).toBe("lost");
  });

  test("keeps the error of its beginning", async () => {
    const ahead = new Ahead(
      (function* (): Step<never> {
        throw new Error("at once");
      })(),
    );
    await expect(runAsync(ahead.join())).rejects.toThrow("at once");
  });
});
