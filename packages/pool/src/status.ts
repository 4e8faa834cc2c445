/** Counts and holders of a pool, written for people: the status line and the text of a time-out. */
import type { PoolEntry } from "./entry.ts";
import { type Holder, type PoolPressure, PoolTimeoutError } from "./errors.ts";
import { stackLines } from "./stack.ts";

/** How many holders a time-out names. */
const namedHolders = 5;

/** The numbers of a queue pool. */
export interface QueueCounts {
  readonly size: number;
  readonly checkedIn: number;
  readonly overflow: number;
  readonly checkedOut: number;
  readonly waiters: number;
}

/** SQLAlchemy's line, and the number of waiters when there are any. */
export function queueStatus(counts: QueueCounts): string {
  const { size, checkedIn, overflow, checkedOut, waiters } = counts;
  return (
    `Pool size: ${size}  Connections in pool: ${checkedIn} ` +
    `Current Overflow: ${overflow} Current Checked out connections: ${checkedOut}` +
    (waiters > 0 ? ` Waiting: ${waiters}` : "")
  );
}

/**
 * Who has held a connection for longest.
 *
 * @param youngSince since when those are held whose age the pool has not noted; 0 when there are none.
 */
export function oldestHolders(entries: Iterable<PoolEntry>, youngSince: number): Holder[] {
  const now = Date.now();
  const sinceOf = (entry: PoolEntry): number => entry.heldSince || youngSince || now;
  return [...entries]
    .filter((entry) => entry.inUse)
    .sort((one, other) => sinceOf(one) - sinceOf(other))
    .slice(0, namedHolders)
    .map((entry) => ({
      entry: entry.id,
      seconds: Math.round(now - sinceOf(entry)) / 1000,
      activity: entry.activity,
      stack: stackLines(entry.checkout),
    }));
}

/** @param seconds the time that was waited; null when the pool cannot wait at all. */
export function poolTimeout(counts: QueueCounts, seconds: number | null, holders: readonly Holder[]): PoolTimeoutError {
  const { size, overflow, checkedOut, waiters } = counts;
  const pressure: PoolPressure = { size, overflow, checkedOut, waiters, holders };
  const limit = `QueuePool limit of size ${size} overflow ${overflow} reached`;
  const how =
    seconds === null
      ? "and a synchronous engine cannot wait: nobody else could return a connection meanwhile"
      : `connection timed out, timeout ${seconds.toFixed(2)}`;
  const untracked = holders.length > 0 && holders.every((holder) => holder.stack === null);
  const fix =
    "release connections (a forgotten one is usual), or raise poolSize, maxOverflow or poolTimeout" +
    (untracked ? "; set ATHANOR_TRACK=1 to see where the holders checked out" : "");
  const message = `${limit}, ${how} (${checkedOut} checked out, ${waiters} waiting)`;
  return new PoolTimeoutError(message, pressure, fix, holders.map(holderText).join("\n"));
}

function holderText(holder: Holder): string {
  const doing = holder.activity === null ? "" : `, last: ${holder.activity.replace(/\s+/g, " ").slice(0, 200)}`;
  const stack = holder.stack === null ? "" : `, checked out at\n${holder.stack}`;
  return `  connection #${holder.entry} held for ${holder.seconds.toFixed(1)} s${doing}${stack}`;
}
