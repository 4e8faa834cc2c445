/**
 * The usual pool: keeps up to `poolSize` connections, opens up to `maxOverflow` more under load, and lets callers queue
 * where it may wait. Next: ./waiters.ts, the queue of callers.
 */
import { all, type Step } from "@athanor/driver";
import { cancelled } from "./cancel.ts";
import { PoolContext } from "./context.ts";
import { PoolEntry } from "./entry.ts";
import type { PoolTimeoutError } from "./errors.ts";
import { IdleList } from "./idle-list.ts";
import { type CheckoutOptions, type ConnectionCreator, numberOption, type QueuePoolOptions } from "./options.ts";
import { Pool } from "./pool.ts";
import { oldestHolders, poolTimeout, type QueueCounts, queueStatus } from "./status.ts";
import type { EntryStore, Turn } from "./store.ts";
import { WaiterQueue, type WaitFailure } from "./waiters.ts";

class QueueStore implements EntryStore {
  readonly isShared = false;
  readonly announcesEachHolder = true;
  readonly size: number;
  readonly timeout: number | null;
  readonly #limit: number;
  readonly #context: PoolContext;
  readonly #idle: IdleList;
  /** Entries whose connection was invalidated: taken last, so that no connection is opened while another one rests. */
  readonly #vacant: PoolEntry[] = [];
  readonly #waiters = new WaiterQueue<PoolEntry>();
  /** All entries of the present epoch, idle and in use. */
  readonly #entries = new Set<PoolEntry>();
  #epoch = 0;

  constructor(context: PoolContext, options: QueuePoolOptions) {
    this.#context = context;
    this.#idle = new IdleList(options.useLifo ?? false);
    this.size = numberOption("poolSize", options.poolSize, 5, 0);
    this.timeout = options.timeout === null ? null : numberOption("timeout", options.timeout, 30, 0);
    const overflow = numberOption("maxOverflow", options.maxOverflow, 10, Number.NEGATIVE_INFINITY);
    this.#limit = this.size === 0 || overflow < 0 ? Number.POSITIVE_INFINITY : this.size + overflow;
  }

  counts(): QueueCounts {
    const checkedIn = this.#idle.length + this.#vacant.length;
    return {
      size: this.size,
      checkedIn,
      overflow: this.size === 0 ? 0 : this.#entries.size - this.size,
      checkedOut: this.#entries.size - checkedIn,
      waiters: this.#waiters.length,
    };
  }

  status(): string {
    return queueStatus(this.counts());
  }

  tryTake(): PoolEntry | null {
    // Nobody is overtaken: while callers wait, the idle list is empty.
    const entry = this.#idle.first;
    return entry?.isUsable ? this.#idle.take() : null;
  }

  *take(options: CheckoutOptions): Step<PoolEntry> {
    const entry = this.#idle.take() ?? this.#vacant.pop() ?? this.#grow();
    if (entry !== null) return entry;
    const seconds = options.timeout === undefined ? this.timeout : options.timeout;
    if (!this.#context.canWait) throw this.#timedOut(null);
    if (seconds === 0) throw this.#timedOut(0);
    const outcome = yield* this.#wait(seconds, options.signal);
    if (outcome === "timeout") throw this.#timedOut(seconds);
    if (outcome !== "cancelled" && !options.signal?.aborted) return outcome;
    if (outcome !== "cancelled" && !this.tryGive(outcome)) yield* this.give(outcome);
    throw cancelled(options.signal as AbortSignal);
  }

  tryQueue(): Promise<Turn> | null {
    const isFull = this.#idle.length + this.#vacant.length === 0 && this.#entries.size >= this.#limit;
    return isFull && this.#context.canWait && this.timeout !== 0 ? this.#waiters.wait(this.timeout).outcome : null;
  }

  entryOf(turn: Turn): PoolEntry {
    // Nobody but the clock ends a wait without a signal.
    if (typeof turn === "string") throw this.#timedOut(this.timeout);
    return turn;
  }

  tryGive(entry: PoolEntry): boolean {
    if (entry.epoch !== this.#epoch) return entry.connection === null;
    if (this.#waiters.serve(entry)) return true;
    if (this.size === 0 || this.#idle.length + this.#vacant.length < this.size) {
      if (entry.connection === null) this.#vacant.push(entry);
      else this.#idle.add(entry);
      return true;
    }
    if (entry.connection !== null) return false;
    this.drop(entry);
    return true;
  }

  *give(entry: PoolEntry): Step<void> {
    try {
      yield* entry.close();
    } finally {
      // Only now is there room for another: the server counts a connection until it is closed.
      this.drop(entry);
    }
  }

  drop(entry: PoolEntry): void {
    if (!this.#entries.delete(entry)) return;
    this.#serveNew();
  }

  *dispose(): Step<void> {
    const idle = this.#idle.clear();
    this.forget();
    this.#serveNew();
    yield* all(idle.map((entry) => entry.close()));
  }

  forget(): void {
    this.#epoch += 1;
    this.#idle.clear();
    this.#vacant.length = 0;
    this.#entries.clear();
  }

  *#wait(seconds: number | null, signal: AbortSignal | undefined): Step<PoolEntry | WaitFailure> {
    const place = this.#waiters.wait(seconds, signal);
    try {
      return (yield place.outcome) as PoolEntry | WaitFailure;
    } catch (error) {
      // The outcome never rejects: somebody runs the step who cannot wait. Nobody may serve this place any more.
      this.#waiters.leave(place);
      throw error;
    }
  }

  /** A new entry, unless the limit is reached. */
  #grow(): PoolEntry | null {
    if (this.#entries.size >= this.#limit) return null;
    const entry = new PoolEntry(this.#context, this.#epoch);
    this.#entries.add(entry);
    return entry;
  }

  /** Gives room that became free to those who wait: they open connections of their own. */
  #serveNew(): void {
    while (this.#waiters.length > 0) {
      const entry = this.#grow();
      if (entry === null) return;
      this.#waiters.serve(entry);
    }
  }

  #timedOut(seconds: number | null): PoolTimeoutError {
    const holders = oldestHolders(this.#entries, this.#context.leaks.youngSince);
    this.#context.noteTrouble();
    return poolTimeout(this.counts(), seconds, holders);
  }
}

/** A pool that limits the number of open connections. The default for all databases but SQLite's `:memory:`. */
export class QueuePool extends Pool {
  static override readonly dispatch = Pool.dispatch.child();

  readonly #store: QueueStore;

  /**
   * @param creator opens one connection.
   * @throws ArgumentError for an option that makes no sense.
   */
  constructor(creator: ConnectionCreator, options: QueuePoolOptions = {}) {
    const context = new PoolContext(creator, options, new.target.dispatch);
    const store = new QueueStore(context, options);
    super(context, store);
    this.#store = store;
  }

  /** Connections the pool keeps; 0: no limit. */
  size(): number {
    return this.#store.size;
  }

  /** Seconds that a caller waits for a connection; null: for ever. */
  timeout(): number | null {
    return this.#store.timeout;
  }

  /** Idle connections. */
  checkedin(): number {
    return this.#store.counts().checkedIn;
  }

  /** Connections in use. */
  checkedout(): number {
    return this.#store.counts().checkedOut;
  }

  /** Open connections beyond the pool's size; negative while there are fewer. */
  overflow(): number {
    return this.#store.counts().overflow;
  }

  /** Callers that wait for a connection. */
  waiting(): number {
    return this.#store.counts().waiters;
  }
}
