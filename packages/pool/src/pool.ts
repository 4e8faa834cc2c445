/**
 * The pool as its users see it, and the way out of it: take an entry, make it ready, test it, lend it. Where entries rest
 * is the store's business (./store.ts), the way back is ./returns.ts. Pools to use: ./queue-pool.ts and its siblings.
 */
import {
  DisconnectionError,
  type Dispatches,
  EventDispatcher,
  InvalidatePoolError,
  InvalidRequestError,
  runAsync,
  type Step,
} from "@athanor/driver";
import { abandonable, cancelled } from "./cancel.ts";
import type { PoolContext } from "./context.ts";
import { PoolEntry } from "./entry.ts";
import { type Lease, type PoolEvents, poolEventArguments } from "./events.ts";
import { PoolLease } from "./lease.ts";
import type { CheckoutOptions, ConnectionCreator, PoolOptions } from "./options.ts";
import { Returns } from "./returns.ts";
import { captureStack } from "./stack.ts";
import type { EntryStore, Turn } from "./store.ts";

/** How often a checkout tries another connection after one was found dead. */
const attempts = 3;

/**
 * Keeps connections and lends them.
 *
 * Its methods are steps: run them with `runSync` or `runAsync`. Listeners registered on the class (`listen(Pool, …)`,
 * `listen(QueuePool, …)`) hear all pools of that class.
 */
export abstract class Pool implements Dispatches<PoolEvents> {
  /** Listeners for the pools of this class. */
  static readonly dispatch: EventDispatcher<PoolEvents> = new EventDispatcher<PoolEvents>(
    Object.keys(poolEventArguments) as (keyof PoolEvents)[],
    null,
    { argumentNames: poolEventArguments },
  );

  /** Listeners for this pool. */
  readonly dispatch: EventDispatcher<PoolEvents>;
  readonly #context: PoolContext;
  readonly #store: EntryStore;
  readonly #returns: Returns;
  #process = processId();

  protected constructor(context: PoolContext, store: EntryStore) {
    this.dispatch = context.dispatch;
    this.#context = context;
    this.#store = store;
    this.#returns = new Returns(context, store);
  }

  /** What opens the pool's connections. */
  get creator(): ConnectionCreator {
    return this.#context.creator;
  }

  /** The options it was made with. */
  get options(): PoolOptions {
    return this.#context.options;
  }

  /**
   * Lends a connection if one is idle and nothing needs to be done to it: no driver call, no listener, no wait. Null says
   * to run {@link connect} instead. This is the fast path: `pool.tryCheckout() ?? (yield* pool.connect())`.
   */
  tryCheckout(): Lease | null {
    if (!this.#context.lendsPlainly) return null;
    const entry = this.#store.tryTake();
    if (entry === null) return null;
    entry.holders += 1;
    return this.#lend(entry, this.#context.isTracking ? captureStack() : null);
  }

  /**
   * A place in the queue, if all connections are out and waiting is all there is to do. Null says to run {@link connect}
   * instead. The turn must be taken, by {@link tryTurn} or {@link takeTurn}: it may have brought a connection.
   */
  tryQueue(): Promise<Turn> | null {
    const context = this.#context;
    if (!context.lendsPlainly || context.isTracking) return null;
    return this.#store.tryQueue?.() ?? null;
  }

  /** Lends the connection of a turn if nothing needs to be done to it. Null says to run {@link takeTurn} instead. */
  tryTurn(turn: Turn): Lease | null {
    if (typeof turn === "string" || !turn.isUsable || !this.#context.lendsPlainly) return null;
    turn.holders += 1;
    return this.#lend(turn, null);
  }

  /** Lends the connection of a turn. @throws PoolTimeoutError when the wait ended without one. */
  *takeTurn(turn: Turn): Step<Lease> {
    const entry = (this.#store as Required<EntryStore>).entryOf(turn);
    entry.holders += 1;
    return yield* this.#checkOut(entry, null);
  }

  /**
   * Lends a connection: an idle one, a new one, or after a wait the next that comes back.
   *
   * @throws PoolTimeoutError when none became free in time; at once in a synchronous pool, where nobody could free one.
   * @throws CancelledError when `options.signal` was aborted.
   */
  *connect(options: CheckoutOptions = {}): Step<Lease> {
    const { signal } = options;
    if (signal?.aborted) throw cancelled(signal);
    const quick = this.tryCheckout();
    if (quick !== null) return quick;
    this.#forgetInherited();
    // Before any wait: afterwards the caller is no longer on the stack.
    const stack = this.#context.isTracking ? captureStack() : null;
    const entry = yield* this.#store.take(options);
    entry.holders += 1;
    const checkout = this.#checkOut(entry, stack);
    if (signal === undefined) return yield* checkout;
    return yield* abandonable(checkout, signal, (outcome) => this.#putAway(outcome));
  }

  /**
   * Marks all connections as dead that were opened before the lease's, or before now when there is no lease: each is
   * replaced when it is next checked out. Then invalidates the lease itself. For an engine that met a disconnect.
   *
   * @param options.checkin false leaves the lease alone. Default `true`.
   */
  *invalidate(lease: Lease | null, error: unknown = null, options: { readonly checkin?: boolean } = {}): Step<void> {
    const entry = lease?.entry ?? null;
    this.#invalidateSince(entry instanceof PoolEntry ? entry.openedAt : Number.POSITIVE_INFINITY);
    if (lease?.isValid && options.checkin !== false) yield* lease.invalidate(error);
  }

  /**
   * Closes the idle connections now, and those in use when they come back. The pool can be used afterwards, but it is
   * cleaner to go on with {@link recreate}'s.
   */
  *dispose(): Step<void> {
    yield* this.#store.dispose();
    this.#context.log.info(`Pool disposed. ${this.status()}`);
  }

  /** A new pool of the same class with the same options and listeners, and no connections. */
  recreate(): this {
    this.#context.log.info("Pool recreating");
    const create = this.constructor as new (creator: ConnectionCreator, options: PoolOptions) => this;
    const { events: _, ...options } = this.options;
    const pool = new create(this.creator, options);
    pool.dispatch.copyFrom(this.dispatch);
    return pool;
  }

  /** The state of the pool in one line. */
  status(): string {
    return this.#store.status();
  }

  #lend(entry: PoolEntry, stack: Error | null): PoolLease {
    if (stack !== null) {
      entry.checkout = stack;
      entry.heldSince = Date.now();
    }
    const { leaks } = this.#context;
    const lease = new PoolLease(entry, this.#returns, leaks);
    leaks.add(lease);
    return lease;
  }

  *#checkOut(entry: PoolEntry, stack: Error | null): Step<PoolLease> {
    const isNew = !entry.wasConnected;
    try {
      yield* entry.ready();
    } catch (error) {
      yield* isNew ? this.#dropNew(entry, error) : this.#returns.surrender(entry, error);
      throw error;
    }
    const { listeners, log, prePing } = this.#context;
    const lease = this.#lend(entry, stack);
    if (log.debugEnabled) log.debug(`${entry.describe()} checked out from pool`);
    const isAnnounced = entry.holders === 1 || this.#store.announcesEachHolder;
    if (isAnnounced && (prePing || !listeners.checkout.empty)) yield* this.#inspect(entry, lease);
    return lease;
  }

  /** Closes what there is of an entry that never became usable, and gives its place away. */
  *#dropNew(entry: PoolEntry, error: unknown): Step<void> {
    try {
      yield* entry.invalidate(error);
    } finally {
      entry.holders -= 1;
      this.#store.drop(entry);
    }
  }

  /** Pings and announces; replaces a dead connection by another, a few times. */
  *#inspect(entry: PoolEntry, lease: PoolLease): Step<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        yield* this.#pingAndAnnounce(entry, lease);
        return;
      } catch (error) {
        try {
          yield* this.#replaceDead(entry, error, attempt);
        } catch (failure) {
          lease.end("was invalidated");
          yield* this.#returns.surrender(entry, failure);
          throw failure;
        }
      }
    }
  }

  *#pingAndAnnounce(entry: PoolEntry, lease: PoolLease): Step<void> {
    const { care, listeners, prePing, log } = this.#context;
    const isFresh = entry.fresh;
    entry.fresh = false;
    if (prePing && !isFresh) {
      if (log.debugEnabled) log.debug(`Pool pre-ping on ${entry.describe()}`);
      let isAlive = false;
      try {
        isAlive = yield* care.ping(lease.connection);
      } catch (error) {
        if (!care.isDisconnect(error)) throw error;
      }
      if (!isAlive) throw new InvalidatePoolError(`Pool pre-ping on ${entry.describe()} failed`);
    }
    if (!listeners.checkout.empty) yield* listeners.checkout.run(lease.connection, entry, lease);
  }

  /** @throws what was thrown, unless it means a disconnect and another connection could be opened. */
  *#replaceDead(entry: PoolEntry, error: unknown, attempt: number): Step<void> {
    if (!(error instanceof DisconnectionError)) throw error;
    const what = error.invalidatePool ? "all pooled connections prior to now" : `individual ${entry.describe()}`;
    this.#context.log.info(`Disconnection detected on checkout, invalidating ${what} (reason: ${error.message})`);
    yield* entry.invalidate(error);
    if (error.invalidatePool) this.#invalidateSince(entry.openedAt);
    if (attempt === attempts) {
      this.#context.log.info("Reconnection attempts exhausted on checkout");
      throw new InvalidRequestError("This connection is closed: every new one was found dead at checkout", {
        code: "reconnect_exhausted",
        cause: error,
      });
    }
    yield* entry.ready();
  }

  #invalidateSince(openedAt: number): void {
    // A second report about connections that were replaced already must not discard the new ones.
    if (this.#context.invalidatedAt < openedAt) this.#context.invalidatedAt = this.#context.tick();
  }

  #putAway(outcome: Promise<PoolLease>): void {
    const { log } = this.#context;
    outcome.then(
      (lease) =>
        runAsync(lease.release()).catch((error) =>
          log.error("Exception while returning an unwanted connection", error),
        ),
      () => {},
    );
  }

  #forgetInherited(): void {
    const current = processId();
    if (current === this.#process) return;
    this.#process = current;
    this.#store.forget();
  }
}

/** The process's id; undefined where there are no processes. */
function processId(): number | undefined {
  return globalThis.process?.pid;
}
