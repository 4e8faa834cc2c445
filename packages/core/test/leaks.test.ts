/** Connections of an engine that nobody gave back. How leases are watched: packages/pool/src/leaks.test.ts. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createEngine, QueuePool, text } from "@athanor/core";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Lines } from "./story.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(() => {
  vi.useRealTimers();
});

it("are reported with what they last ran and where they were taken; their place is free again", async () => {
  const logger = new Lines();
  const engine = createEngine("small://", {
    poolclass: QueuePool,
    poolSize: 1,
    maxOverflow: 0,
    poolTrackCheckouts: true,
    echoPool: true,
    logger,
  });
  (function forgetful(): void {
    engine.connect().scalar(text("SELECT 'forgotten'"));
  })();
  expect(engine.pool.status()).toContain("Current Checked out connections: 1");
  vi.advanceTimersByTime(1000);
  const report = (): string | undefined => logger.lines.find((line) => line.includes("was garbage collected"));
  for (let round = 0; round < 100 && report() === undefined; round++) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(report()).toContain("without having been released");
  expect(report()).toContain("It last ran: SELECT 'forgotten'");
  expect(report()).toMatch(/It was checked out at:\n(?: {4}at .*\n)* {4}at forgetful /);
  expect(engine.begin((connection) => connection.scalar(text("SELECT 1")))).toBe(1);
});
