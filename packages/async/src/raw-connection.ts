/** A connection of the pool without an engine's services: `await engine.rawConnection()`. */
import type { ConnectionPoolEntry, Info, InvalidateOptions, Lease } from "@athanor/core";
import { type DriverConnection, type DriverParameters, type DriverResult, runAsync } from "@athanor/driver";

/** What the pool lent. No transaction begins by itself; `close()` (or `await using`) rolls back and gives it back. */
export class AsyncRawConnection {
  readonly #lease: Lease;

  /** Made by `engine.rawConnection()`. */
  constructor(lease: Lease) {
    this.#lease = lease;
  }

  /** The driver's adapter. @throws ResourceClosedError when this connection was closed. */
  get dbapiConnection(): DriverConnection {
    return this.#lease.connection;
  }

  /** The driver's own object, e.g. a client of `pg`. */
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
  async execute(sql: string, parameters: DriverParameters = []): Promise<DriverResult> {
    return await this.#lease.connection.execute(sql, parameters);
  }

  /** Begins a transaction; `sql` replaces the driver's own BEGIN. */
  async begin(sql?: string): Promise<void> {
    await this.#lease.connection.begin(sql);
  }

  /** Commits on the driver's connection. */
  async commit(): Promise<void> {
    await this.#lease.connection.commit();
  }

  /** Rolls back on the driver's connection. */
  async rollback(): Promise<void> {
    await this.#lease.connection.rollback();
  }

  /** Gives up the driver's connection; with `soft`, after its present use. */
  invalidate(error?: unknown, options?: InvalidateOptions): Promise<void> {
    return runAsync(this.#lease.invalidate(error, options));
  }

  /** Takes the driver's connection out of the pool; `close()` will close it. */
  detach(): Promise<void> {
    return runAsync(this.#lease.detach());
  }

  /** Gives it back to the pool, which rolls back. A second call does nothing. */
  close(): Promise<void> {
    return runAsync(this.#lease.release());
  }

  /** Gives it back at the end of a block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
