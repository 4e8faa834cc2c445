/**
 * The way back into the pool: reset, checkin event, detaching, and what happens to a connection whose holder vanished.
 * The way out is ./pool.ts. Next: ./store.ts.
 */
import { type DriverConnection, ResourceClosedError, runAsync, runSync, type Step } from "@athanor/driver";
import type { PoolContext } from "./context.ts";
import { closeQuietly, type PoolEntry } from "./entry.ts";
import { stackLines } from "./stack.ts";
import type { EntryStore } from "./store.ts";

/** Takes back what a pool has lent. */
export class Returns {
  readonly #context: PoolContext;
  readonly #store: EntryStore;

  constructor(context: PoolContext, store: EntryStore) {
    this.#context = context;
    this.#store = store;
  }

  /** Takes an entry back if nothing about it needs a driver call or a listener. False: nothing has changed. */
  tryTakeBack(entry: PoolEntry, transactionWasReset: boolean): boolean {
    const { listeners, log, resetOnReturn, care } = this.#context;
    const connection = entry.connection;
    if (connection === null || !listeners.reset.empty || !listeners.checkin.empty || log.debugEnabled) return false;
    if (entry.holders > 1) {
      entry.holders -= 1;
      return true;
    }
    const isClean =
      resetOnReturn === null ||
      (transactionWasReset && resetOnReturn === "rollback") ||
      care.isIdle?.(connection) === true;
    if (!isClean || !this.#store.tryGive(entry)) return false;
    release(entry);
    return true;
  }

  /** Resets an entry's connection and puts the entry back. A failed reset invalidates the connection and is logged. */
  *takeBack(entry: PoolEntry, transactionWasReset: boolean): Step<void> {
    if (entry.holders > 1) return yield* this.#leave(entry);
    const { log } = this.#context;
    const connection = entry.connection;
    if (log.debugEnabled && connection !== null) log.debug(`${entry.describe()} being returned to pool`);
    try {
      if (connection !== null) yield* this.#reset(connection, entry, transactionWasReset);
    } catch (error) {
      log.error(`Exception during reset of ${entry.describe()}`, error);
      yield* entry.invalidate(error);
    } finally {
      yield* this.#checkIn(entry);
    }
  }

  /** Closes an entry's connection as unusable and puts the entry back. */
  *surrender(entry: PoolEntry, error: unknown): Step<void> {
    try {
      yield* entry.invalidate(error);
    } finally {
      if (entry.holders > 1) yield* this.#leave(entry);
      else yield* this.#checkIn(entry);
    }
  }

  /** Frees the place of a connection that its holder keeps. */
  *detach(entry: PoolEntry, connection: DriverConnection): Step<void> {
    entry.surrender();
    release(entry);
    if (!this.#store.tryGive(entry)) yield* this.#store.give(entry);
    const { detach } = this.#context.listeners;
    if (!detach.empty) yield* detach.run(connection, entry);
  }

  /** Resets and closes a connection that was detached. */
  *closeDetached(connection: DriverConnection, transactionWasReset: boolean): Step<void> {
    try {
      yield* this.#reset(connection, null, transactionWasReset);
    } catch (error) {
      this.#context.log.error("Exception during reset of a detached connection", error);
    } finally {
      yield* this.terminateDetached(connection, false);
    }
  }

  /** Closes a connection that was detached, without a reset. */
  *terminateDetached(connection: DriverConnection, terminate = true): Step<void> {
    const { listeners, log } = this.#context;
    try {
      if (!listeners.closeDetached.empty) yield* listeners.closeDetached.run(connection);
    } finally {
      yield* closeQuietly(connection, terminate, "detached connection", log);
    }
  }

  /**
   * Warns of a lease that was garbage collected without a release, and frees its place. Its connection is closed, for
   * nobody knows what state it is in, unless others share it.
   */
  reclaim(entry: PoolEntry | null, detached: DriverConnection | null): void {
    const { canWait, log } = this.#context;
    log.warn(leakText(entry));
    this.#context.noteTrouble();
    const failed = (error: unknown): void => log.error("Exception while reclaiming a leaked connection", error);
    const step = this.#reclaim(entry, detached);
    if (canWait) runAsync(step).catch(failed);
    else {
      try {
        runSync(step);
      } catch (error) {
        failed(error);
      }
    }
  }

  *#reclaim(entry: PoolEntry | null, detached: DriverConnection | null): Step<void> {
    if (detached !== null) yield* this.terminateDetached(detached);
    if (entry === null) return;
    if (this.#store.isShared) yield* this.takeBack(entry, false);
    else yield* this.surrender(entry, new ResourceClosedError("its holder was garbage collected"));
  }

  *#leave(entry: PoolEntry): Step<void> {
    entry.holders -= 1;
    const { checkin } = this.#context.listeners;
    if (this.#store.announcesEachHolder && !checkin.empty) yield* checkin.run(entry.connection, entry);
  }

  *#reset(connection: DriverConnection, entry: PoolEntry | null, transactionWasReset: boolean): Step<void> {
    const { listeners, resetOnReturn, care, log } = this.#context;
    const state = { transactionWasReset, terminateOnly: entry === null, asyncioSafe: true };
    if (!listeners.reset.empty) yield* listeners.reset.run(connection, entry, state);
    if (resetOnReturn === null) return;
    if (resetOnReturn === "rollback" && transactionWasReset) {
      if (log.debugEnabled) log.debug(`${describe(entry)} reset, transaction already reset`);
      return;
    }
    if (care.isIdle?.(connection)) return;
    if (log.debugEnabled) log.debug(`${describe(entry)} ${resetOnReturn}-on-return`);
    yield* care.reset(connection, resetOnReturn, state);
  }

  *#checkIn(entry: PoolEntry): Step<void> {
    release(entry);
    const { checkin } = this.#context.listeners;
    try {
      if (!checkin.empty) yield* checkin.run(entry.connection, entry);
    } finally {
      if (!this.#store.tryGive(entry)) yield* this.#store.give(entry);
    }
  }
}

/** Notes that one holder less has the entry. */
function release(entry: PoolEntry): void {
  entry.holders -= 1;
  entry.heldSince = 0;
  entry.checkout = null;
  entry.activity = null;
}

function describe(entry: PoolEntry | null): string {
  return entry === null ? "Detached connection" : entry.describe();
}

function leakText(entry: PoolEntry | null): string {
  const what = entry === null ? "A detached connection" : entry.describe();
  const where = stackLines(entry?.checkout ?? null);
  return [
    `${what} was garbage collected without having been released; the pool takes it back.`,
    "Release every connection, best with `using`, or with a callback such as engine.begin().",
    ...(entry?.activity ? [`It last ran: ${entry.activity}`] : []),
    where === null ? "Set ATHANOR_TRACK=1 to see where it was checked out." : `It was checked out at:\n${where}`,
  ].join(" ");
}
