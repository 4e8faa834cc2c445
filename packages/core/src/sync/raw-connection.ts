/** A connection of the pool without an engine's services: `engine.rawConnection()`. */
import { call, type DriverConnection, type DriverParameters, type DriverResult, runSync } from "@athanor/driver";
import type { ConnectionPoolEntry, Info, InvalidateOptions, Lease } from "@athanor/pool";

/** What the pool lent. No transaction begins by itself; `close()` (or `using`) rolls back and gives it back. */
export class RawConnection {
  readonly #lease: Lease;

  /** Made by `engine.rawConnection()`. */
  constructor(lease: Lease) {
    this.#lease = lease;
  }

  /** The driver's adapter. @throws ResourceClosedError when this connection was closed. */
  get dbapiConnection(): DriverConnection {
    return this.#lease.connection;
  }

  /** The driver's own object: better-sqlite3's database, a client of `pg`. */
  get driverConnection(): unknown {
    return this.#lease.connection.native;
  }

  /** False once it was closed or invalidated. */
  get isValid(): boolean {
    return this.#lease.isValid;
  }

  /** Taken out of the pool by {@link detach}. */
  get isDetached(): boolean {
    return this.#lease.isDetached;
  }

  /** Data of the application's, as old as the driver's connection. */
  get info(): Info {
    return this.#lease.info;
  }

  /** Data of the application's, as old as the pool's entry; null once detached. */
  get recordInfo(): Info | null {
    return this.#lease.recordInfo;
  }

  /** The pool's entry; null once closed or detached. */
  get connectionRecord(): ConnectionPoolEntry | null {
    return this.#lease.entry;
  }

  /** Runs SQL with the driver's own parameter markers. */
  execute(sql: string, parameters: DriverParameters = []): DriverResult {
    return runSync(call(this.#lease.connection.execute(sql, parameters)));
  }

  /** Begins a transaction; `sql` replaces the driver's own BEGIN. */
  begin(sql?: string): void {
    runSync(call(this.#lease.connection.begin(sql)));
  }

  /** Commits what `begin()` began. */
  commit(): void {
    runSync(call(this.#lease.connection.commit()));
  }

  /** Rolls back what `begin()` began. */
  rollback(): void {
    runSync(call(this.#lease.connection.rollback()));
  }

  /** Gives up the driver's connection; with `soft`, after its present use. */
  invalidate(error?: unknown, options?: InvalidateOptions): void {
    runSync(this.#lease.invalidate(error, options));
  }

  /** Takes the driver's connection out of the pool; `close()` will close it. */
  detach(): void {
    runSync(this.#lease.detach());
  }

  /** Gives it back to the pool, which rolls back. A second call does nothing. */
  close(): void {
    runSync(this.#lease.release());
  }

  /** Gives it back at the end of a block. */
  [Symbol.dispose](): void {
    this.close();
  }
}
