/** What a caller holds of a pooled connection, from checkout to release. Next: ./returns.ts, where it goes afterwards. */
import { type DriverConnection, keepSpecimen, ResourceClosedError, type Step } from "@athanor/driver";
import type { PoolEntry } from "./entry.ts";
import type { Info, InvalidateOptions, Lease } from "./events.ts";
import type { LeakWatch, Watchable } from "./leaks.ts";
import type { Returns } from "./returns.ts";

/** The pool's implementation of {@link Lease}. */
export class PoolLease implements Lease, Watchable {
  youngBefore: Watchable | null = null;
  youngAfter: Watchable | null = null;
  isRegistered = false;

  readonly #returns: Returns;
  readonly #leaks: LeakWatch;
  #entry: PoolEntry | null;
  #detached: DriverConnection | null = null;
  #detachedInfo: Info | null = null;
  #ending = "was released to its pool";

  /** @param entry an entry that counts this lease among its holders already. Whoever makes a lease puts it under watch. */
  constructor(entry: PoolEntry, returns: Returns, leaks: LeakWatch) {
    this.#entry = entry;
    this.#returns = returns;
    this.#leaks = leaks;
  }

  get connection(): DriverConnection {
    const connection = this.#entry === null ? this.#detached : this.#entry.connection;
    if (connection === null) throw this.#closed();
    return connection;
  }

  get isValid(): boolean {
    return this.#detached !== null || (this.#entry !== null && this.#entry.connection !== null);
  }

  get isDetached(): boolean {
    return this.#detachedInfo !== null;
  }

  get entry(): PoolEntry | null {
    return this.#entry;
  }

  get info(): Info {
    const info = this.#entry === null ? this.#detachedInfo : this.#entry.info;
    if (info === null) throw this.#closed();
    return info;
  }

  get recordInfo(): Info | null {
    return this.#entry === null ? null : this.#entry.recordInfo;
  }

  get activity(): string | null {
    return this.#entry === null ? null : this.#entry.activity;
  }

  set activity(text: string | null) {
    if (this.#entry !== null) this.#entry.activity = text;
  }

  tryRelease(transactionWasReset = false): boolean {
    const entry = this.#entry;
    if (entry === null) return this.#detached === null;
    if (!this.#returns.tryTakeBack(entry, transactionWasReset)) return false;
    this.end();
    return true;
  }

  *release(transactionWasReset = false): Step<void> {
    const entry = this.#entry;
    const detached = this.#detached;
    this.end();
    if (entry !== null) yield* this.#returns.takeBack(entry, transactionWasReset);
    else if (detached !== null) yield* this.#returns.closeDetached(detached, transactionWasReset);
  }

  *invalidate(error: unknown = null, options: InvalidateOptions = {}): Step<void> {
    const entry = this.#entry;
    const detached = this.#detached;
    if (entry !== null && options.soft) return yield* entry.invalidate(error, options);
    if (options.soft || (entry === null && detached === null)) return;
    this.end("was invalidated");
    if (entry !== null) yield* this.#returns.surrender(entry, error);
    else if (detached !== null) yield* this.#returns.terminateDetached(detached);
  }

  *detach(): Step<void> {
    const entry = this.#entry;
    if (entry === null) {
      if (this.#detached === null) throw this.#closed();
      return;
    }
    const connection = this.connection;
    this.#detachedInfo = { ...entry.info };
    this.end();
    this.#detached = connection;
    this.#leaks.add(this);
    yield* this.#returns.detach(entry, connection);
  }

  /** Ends the lease without giving anything back; for the pool, when a checkout fails half-way. */
  end(how = "was released to its pool"): void {
    if (this.#entry === null && this.#detached === null) return;
    this.#entry = null;
    this.#detached = null;
    this.#ending = how;
    this.#leaks.remove(this);
  }

  lastWill(since: number): () => void {
    const entry = this.#entry;
    if (entry !== null && entry.heldSince === 0) entry.heldSince = since;
    return lastWill(this.#returns, entry, this.#detached);
  }

  #closed(): ResourceClosedError {
    const how = this.#entry === null ? this.#ending : "was invalidated";
    return new ResourceClosedError(`This connection is closed: it ${how}`);
  }
}

keepSpecimen(new PoolLease(null as never, null as never, null as never));

// Outside of the class, so that the function cannot hold on to the lease.
function lastWill(returns: Returns, entry: PoolEntry | null, detached: DriverConnection | null): () => void {
  return () => returns.reclaim(entry, detached);
}
