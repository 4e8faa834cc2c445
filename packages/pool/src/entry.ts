/**
 * One position in a pool: opens, replaces and closes its driver connection, and knows its age. Who may use it is the
 * pool's business. Next: ./lease.ts, what a caller holds of it.
 */
import { call, type DriverConnection, type Step } from "@athanor/driver";
import type { PoolContext } from "./context.ts";
import type { ConnectionPoolEntry, Info, InvalidateOptions } from "./events.ts";
import type { PoolLog } from "./options.ts";

/** A position in a pool. */
export class PoolEntry implements ConnectionPoolEntry {
  readonly id: number;
  connection: DriverConnection | null = null;
  connectedAt = 0;
  /** Opened and not yet handed out: a ping would be wasted. */
  fresh = false;
  /** How many leases there are on the connection; more than one only in pools that share it. */
  holders = 0;
  /** When the present holder was seen first, in milliseconds since 1970; 0 when that was a moment ago. */
  heldSince = 0;
  /** Keeps the stack of the present checkout, if those are tracked. */
  checkout: Error | null = null;
  /** What the present holder does. */
  activity: string | null = null;
  /** Which of the pool's lives the entry belongs to; `dispose` begins a new one. */
  readonly epoch: number;
  /** The next idle entry; used by IdleList alone. */
  nextIdle: PoolEntry | null = null;

  readonly #context: PoolContext;
  #openedAt = 0;
  #softInvalidatedAt = 0;
  #info: Info | null = null;
  #recordInfo: Info | null = null;

  constructor(context: PoolContext, epoch = 0) {
    this.#context = context;
    this.id = context.nextEntryId();
    this.epoch = epoch;
  }

  get inUse(): boolean {
    return this.holders > 0;
  }

  get info(): Info {
    this.#info ??= Object.create(null) as Info;
    return this.#info;
  }

  get recordInfo(): Info {
    this.#recordInfo ??= Object.create(null) as Info;
    return this.#recordInfo;
  }

  /** True once a connection was opened, even if it has been closed since. */
  get wasConnected(): boolean {
    return this.connectedAt !== 0;
  }

  /** True when the connection is open and nothing asks for its replacement. */
  get isUsable(): boolean {
    return this.connection !== null && this.#reasonToReplace(this.connection) === null;
  }

  /** True when the connection was closed or marked, by itself or with its pool. Age does not count. */
  get isInvalidated(): boolean {
    return this.connection === null || this.#wasInvalidated();
  }

  /** When the connection was opened, by the pool's clock. */
  get openedAt(): number {
    return this.#openedAt;
  }

  /** Returns a connection fit for use: the present one, or a new one in its place. */
  *ready(): Step<DriverConnection> {
    if (this.connection !== null) {
      const reason = this.#reasonToReplace(this.connection);
      if (reason === null) return this.connection;
      this.#context.log.info(`${this.describe()} ${reason}; recycling`);
      yield* this.#close(this.connection, true);
    }
    return yield* this.#open();
  }

  *invalidate(error: unknown = null, options: InvalidateOptions = {}): Step<void> {
    const connection = this.connection;
    if (connection === null) return;
    const { listeners, log } = this.#context;
    const list = options.soft ? listeners.softInvalidate : listeners.invalidate;
    if (!list.empty) yield* list.run(connection, this, error);
    log.info(`${options.soft ? "Soft invalidate" : "Invalidate"} ${this.describe()}${reasonText(error)}`);
    if (options.soft) this.#softInvalidatedAt = this.#context.tick();
    else if (this.connection === connection) yield* this.#close(connection, true);
  }

  /** Closes the connection, if there is one. Never throws because of the driver. */
  *close(): Step<void> {
    if (this.connection !== null) yield* this.#close(this.connection, false);
  }

  /** Gives the connection away: the entry is empty afterwards and may open another. */
  surrender(): void {
    this.connection = null;
  }

  /** "Connection #3". */
  describe(): string {
    return `Connection #${this.id}`;
  }

  *#open(): Step<DriverConnection> {
    const context = this.#context;
    this.#info = null;
    // Taken before the connection is asked for: an invalidation that happens meanwhile concerns it too.
    this.#openedAt = context.tick();
    const openedAt = Date.now();
    let connection: DriverConnection;
    try {
      connection = yield* context.creator(this);
    } catch (error) {
      if (context.log.debugEnabled) context.log.debug(`Error on connect(): ${String(error)}`);
      throw error;
    }
    this.connection = connection;
    this.connectedAt = openedAt;
    this.fresh = true;
    if (context.log.debugEnabled) context.log.debug(`Created new ${this.describe()}`);
    const { connect, firstConnect } = context.listeners;
    if (!connect.empty || !firstConnect.empty) yield* context.firstConnect.run(() => this.#announce(connection));
    return connection;
  }

  *#announce(connection: DriverConnection): Step<void> {
    const { listeners, firstConnect } = this.#context;
    if (!firstConnect.announced && !listeners.firstConnect.empty) {
      yield* listeners.firstConnect.run(connection, this);
      firstConnect.announced = true;
    }
    yield* listeners.connect.run(connection, this);
  }

  *#close(connection: DriverConnection, terminate: boolean): Step<void> {
    const { listeners, log } = this.#context;
    try {
      if (!listeners.close.empty) yield* listeners.close.run(connection, this);
    } finally {
      this.connection = null;
      yield* closeQuietly(connection, terminate, this.describe(), log);
    }
  }

  #wasInvalidated(): boolean {
    return this.#context.invalidatedAt > this.#openedAt || this.#softInvalidatedAt > this.#openedAt;
  }

  #reasonToReplace(connection: DriverConnection): string | null {
    const { recycle, invalidatedAt } = this.#context;
    if (invalidatedAt > this.#openedAt) return "invalidated due to pool invalidation";
    if (this.#softInvalidatedAt > this.#openedAt) return "invalidated due to local soft invalidation";
    if (recycle > -1 && Date.now() - this.connectedAt > recycle * 1000) return "exceeded timeout";
    return connection.isOpen() ? null : "was closed while idle";
  }
}

/** Closes a connection; a failure to do so is logged, for there is nothing else to be done about it. */
export function* closeQuietly(
  connection: DriverConnection,
  terminate: boolean,
  description: string,
  log: PoolLog,
): Step<void> {
  if (log.debugEnabled) log.debug(`${terminate ? "Hard-closing" : "Closing"} ${description}`);
  try {
    yield* call(terminate && connection.terminate ? connection.terminate() : connection.close());
  } catch (error) {
    log.error(`Exception ${terminate ? "terminating" : "closing"} ${description}`, error);
  }
}

function reasonText(error: unknown): string {
  if (error === null || error === undefined) return "";
  return error instanceof Error ? ` (reason: ${error.name}: ${error.message})` : ` (reason: ${String(error)})`;
}
