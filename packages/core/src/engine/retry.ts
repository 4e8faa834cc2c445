/** Transactions that run again: what two transactions that met on a server leave to their callers. Used by `begin(work, options)`. */
import { ArgumentError } from "@athanor/driver";
import { DBAPIError } from "../errors/database.ts";

/** How often, when and for which errors a transaction is run again. */
export interface RetryOptions {
  /** How often the work is run at most, the first time counted; 1 without it: never again. */
  readonly attempts?: number;
  /**
   * Milliseconds to wait before the next attempt, told the number of those that failed (1, 2, …). Without it 20 ms,
   * doubled each time up to 2 s, of which a random half to whole is waited, so that those who collided do not meet again.
   */
  readonly delay?: number | ((failed: number) => number);
  /** Whether an error is worth another attempt; without it `isTransient`. */
  readonly shouldRetry?: (error: unknown) => boolean;
}

/**
 * Whether the same transaction may succeed when it is run again: a serialization failure (40001, ORA-08177), a deadlock
 * (40P01, 1213, 1205 on SQL Server, ORA-00060) or a lock time-out (55P03, 1205 on MySQL, SQLITE_BUSY). A lost connection is not among
 * them: nobody can tell whether its COMMIT was carried out.
 */
export function isTransient(error: unknown): boolean {
  return (
    error instanceof DBAPIError &&
    (error.kind === "serialization" || error.kind === "deadlock" || error.kind === "lockTimeout")
  );
}

/** Runs the work until it succeeds, at most `attempts` times; the last error is thrown. @internal */
export function retry<T>(work: () => T, options: RetryOptions = {}): T {
  const attempts = attemptsOf(options);
  for (let failed = 0; ; ) {
    try {
      return work();
    } catch (error) {
      if (++failed >= attempts || !worthAnother(options, error)) throw error;
      const pause = pauseOf(options, failed);
      if (pause > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
    }
  }
}

/** The same with promises. @internal */
export async function retryAsync<T>(work: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const attempts = attemptsOf(options);
  for (let failed = 0; ; ) {
    try {
      return await work();
    } catch (error) {
      if (++failed >= attempts || !worthAnother(options, error)) throw error;
      const pause = pauseOf(options, failed);
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

function attemptsOf({ attempts = 1 }: RetryOptions): number {
  if (!Number.isInteger(attempts) || attempts < 1)
    throw new ArgumentError(`attempts is ${String(attempts)}, but must be a whole number of at least 1`, {
      fix: "attempts: 3 runs the transaction three times at most",
    });
  return attempts;
}

function worthAnother({ shouldRetry = isTransient }: RetryOptions, error: unknown): boolean {
  return shouldRetry(error);
}

function pauseOf({ delay }: RetryOptions, failed: number): number {
  if (delay === undefined) return Math.min(2000, 20 * 2 ** (failed - 1)) * (0.5 + Math.random() / 2);
  return typeof delay === "number" ? delay : delay(failed);
}
