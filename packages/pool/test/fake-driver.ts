/** A driver without a database: connections that note every call, and can be told to fail, to be slow or to be gone. */
import {
  type DriverConnection,
  type DriverResult,
  type MaybePromise,
  runAsync,
  runSync,
  type Step,
  settle,
} from "@athanor/driver";
import type { Lease, Pool, PoolEvents, PoolLog } from "@athanor/pool";

/** A connection that notes what was asked of it. */
export class FakeConnection implements DriverConnection {
  readonly native = {};
  readonly calls: string[] = [];
  readonly id: number;
  open = true;
  inTransaction = false;
  readonly #driver: FakeDriver;

  constructor(id: number, driver: FakeDriver) {
    this.id = id;
    this.#driver = driver;
  }

  execute(sql: string): MaybePromise<DriverResult> {
    return this.#note(sql, { columns: null, rows: [], rowCount: 0 });
  }

  executeMany(sql: string): MaybePromise<DriverResult> {
    return this.execute(sql);
  }

  begin(): MaybePromise<void> {
    this.inTransaction = true;
    return this.#note("begin", undefined);
  }

  commit(): MaybePromise<void> {
    this.inTransaction = false;
    return this.#note("commit", undefined);
  }

  rollback(): MaybePromise<void> {
    this.inTransaction = false;
    return this.#note("rollback", undefined);
  }

  isOpen(): boolean {
    return this.open;
  }

  close(): MaybePromise<void> {
    return this.#end("close");
  }

  terminate(): MaybePromise<void> {
    return this.#end("terminate");
  }

  #end(how: string): MaybePromise<void> {
    if (this.open) this.#driver.openCount -= 1;
    this.open = false;
    return this.#note(how, undefined);
  }

  #note<T>(what: string, result: T): MaybePromise<T> {
    this.calls.push(what);
    this.#driver.calls.push(`${what} ${this.id}`);
    const failure = this.#driver.failures.get(what);
    if (this.#driver.isAsync) return failure ? Promise.reject(failure) : this.#driver.later(result);
    if (failure) throw failure;
    return result;
  }
}

/** Opens fake connections. */
export class FakeDriver {
  readonly isAsync: boolean;
  readonly connections: FakeConnection[] = [];
  readonly calls: string[] = [];
  /** What a call (`"connect"`, `"rollback"`, …) fails with, until it is deleted. */
  readonly failures = new Map<string, Error>();
  openCount = 0;
  /** The most connections that were open at the same time. */
  peak = 0;
  /** Milliseconds that an asynchronous call takes; 0: a microtask. */
  latency = 0;
  /** What an asynchronous connect waits for. */
  gate: Promise<void> = Promise.resolve();

  constructor(isAsync = false) {
    this.isAsync = isAsync;
  }

  /** A pool's `creator`. */
  readonly creator = (): Step<FakeConnection> => settle(this.connect());

  connect(): MaybePromise<FakeConnection> {
    return this.isAsync ? this.gate.then(() => this.later(undefined)).then(() => this.#open()) : this.#open();
  }

  async later<T>(result: T): Promise<T> {
    if (this.latency > 0) await sleep(this.latency);
    return result;
  }

  #open(): FakeConnection {
    const failure = this.failures.get("connect");
    if (failure) throw failure;
    const connection = new FakeConnection(this.connections.length + 1, this);
    this.connections.push(connection);
    this.openCount += 1;
    this.peak = Math.max(this.peak, this.openCount);
    return connection;
  }
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Checks out as an engine does: first the fast path. */
export function checkOut(pool: Pool): Lease {
  return pool.tryCheckout() ?? runSync(pool.connect());
}

/** Releases as an engine does. */
export function giveBack(lease: Lease, transactionWasReset = false): void {
  if (!lease.tryRelease(transactionWasReset)) runSync(lease.release(transactionWasReset));
}

export async function checkOutAsync(pool: Pool, signal?: AbortSignal): Promise<Lease> {
  return pool.tryCheckout() ?? runAsync(pool.connect({ signal }));
}

export async function giveBackAsync(lease: Lease, transactionWasReset = false): Promise<void> {
  if (!lease.tryRelease(transactionWasReset)) await runAsync(lease.release(transactionWasReset));
}

/** The fake connection's number, behind a lease. */
export function idOf(lease: Lease): number {
  return (lease.connection as FakeConnection).id;
}

/** Notes the names of all events of a pool, in order. */
export function noteEvents(pool: Pool, seen: string[] = []): string[] {
  const names: (keyof PoolEvents)[] = [
    "connect",
    "firstConnect",
    "checkout",
    "reset",
    "checkin",
    "invalidate",
    "softInvalidate",
    "close",
    "detach",
    "closeDetached",
  ];
  for (const name of names) pool.dispatch.listen(name, () => seen.push(name));
  return seen;
}

/** A log that keeps its lines: `"info: Pool disposed"`. */
export function keepLog(debugEnabled = false): PoolLog & { readonly lines: string[] } {
  const lines: string[] = [];
  const write = (level: string) => (message: string, cause?: unknown) => {
    lines.push(`${level}: ${message}${cause === undefined ? "" : ` (${String(cause)})`}`);
  };
  return {
    lines,
    debugEnabled,
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  };
}
