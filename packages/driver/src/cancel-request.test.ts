import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CancelRequest } from "./cancel-request.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("a request is repeated, ever more slowly, until the statement is over", async () => {
  const times: number[] = [];
  const start = Date.now();
  const request = new CancelRequest(async () => times.push(Date.now() - start));
  await vi.advanceTimersByTimeAsync(400);
  expect(times).toEqual([0, 50, 150, 350]);
  await request.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(times).toHaveLength(4);
  expect(vi.getTimerCount()).toBe(0);
});

test("stop() waits for a request that is under way", async () => {
  let arrive = (): void => {};
  const request = new CancelRequest(() => new Promise<void>((resolve) => (arrive = resolve)));
  let isStopped = false;
  const stopped = request.stop().then(() => (isStopped = true));
  await vi.advanceTimersByTimeAsync(1000);
  expect(isStopped).toBe(false);
  arrive();
  await stopped;
});

test("a request that fails is told where it is waited for, and is not repeated", async () => {
  const ask = vi.fn(() => Promise.reject(new Error("no way there")));
  const request = new CancelRequest(ask);
  await vi.advanceTimersByTimeAsync(1000);
  await expect(request.stop()).rejects.toThrow("no way there");
  expect(ask).toHaveBeenCalledTimes(1);
});
