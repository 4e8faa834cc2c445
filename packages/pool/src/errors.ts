/** The error of a pool that has no connection to give, with the facts that explain it. Next: ./status.ts, which writes the text. */
import { nameErrors, TimeoutError } from "@athanor/driver";

/** Somebody who holds a connection. */
export interface Holder {
  /** Number of the pool entry that is held. */
  readonly entry: number;
  /** For how many seconds, to a second. */
  readonly seconds: number;
  /** What the holder did last, as the engine reported it. */
  readonly activity: string | null;
  /** Where it was checked out, one frame a line; null unless checkouts are tracked. */
  readonly stack: string | null;
}

/** The state of a pool at the time of a time-out. */
export interface PoolPressure {
  /** Connections the pool keeps. */
  readonly size: number;
  /** Connections open beyond `size`. */
  readonly overflow: number;
  /** Connections that are checked out. */
  readonly checkedOut: number;
  /** Callers that still wait. */
  readonly waiters: number;
  /** Who has held a connection for longest, first. */
  readonly holders: readonly Holder[];
}

/** No connection became free in time. The message names the oldest holders. */
export class PoolTimeoutError extends TimeoutError implements PoolPressure {
  readonly size: number;
  readonly overflow: number;
  readonly checkedOut: number;
  readonly waiters: number;
  readonly holders: readonly Holder[];

  /** @param report the holders, for people. */
  constructor(message: string, pressure: PoolPressure, fix: string, report: string) {
    super(message, { code: "pool_timeout", fix, report });
    this.size = pressure.size;
    this.overflow = pressure.overflow;
    this.checkedOut = pressure.checkedOut;
    this.waiters = pressure.waiters;
    this.holders = pressure.holders;
  }
}

nameErrors({ PoolTimeoutError });
