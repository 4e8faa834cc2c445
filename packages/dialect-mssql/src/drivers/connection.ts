/**
 * One connection by tedious. Statements with parameters go through sp_executesql; those without are plain batches, since what
 * SET changes and the temporary tables that are created inside of sp_executesql end with it.
 */
import type { DriverConnection, DriverCursor, DriverParameters, DriverResult, ExecuteOptions } from "@athanor/driver";
import { Collector, type ReadOptions } from "./collect.ts";
import { TediousCursor } from "./cursor.ts";
import { Encoder } from "./encode.ts";
import type { NativeConnection, NativeError, NativeModule, NativeRequest } from "./native.ts";
import { cancelled, Watch } from "./watch.ts";

/** Rows that wait for the program while a cursor is open. */
const DEFAULT_BATCH = 100;
/** The session's own level is used. */
const NO_CHANGE = 0;
const KEY_QUERY = "; SELECT SCOPE_IDENTITY() AS lastrowid";

/** A connection to SQL Server. */
export class TediousConnection implements DriverConnection {
  readonly native: NativeConnection;
  readonly #module: NativeModule;
  readonly #encoder: Encoder;
  readonly #isExact: boolean;
  #isLost = false;
  #isClosed = false;
  /** A transaction was begun, and neither committed nor rolled back by the program. */
  #hasBegun = false;
  #request: NativeRequest | null = null;

  /** @param isExact decimals are read from their bytes; see ./exact.ts. */
  constructor(module: NativeModule, native: NativeConnection, isExact: boolean) {
    this.native = native;
    this.#module = module;
    this.#encoder = new Encoder(module.TYPES);
    this.#isExact = isExact;
    // Without a listener, a lost connection would end the process; the statement under way or the next one reports it.
    native.on("error", () => {
      this.#isLost = true;
    });
    native.on("end", () => {
      this.#isLost = true;
    });
  }

  /** Parameters of the bulk protocol are encoded as those of statements. */
  get encoder(): Encoder {
    return this.#encoder;
  }

  isOpen(): boolean {
    return !this.#isLost && !this.native.closed;
  }

  execute(sql: string, parameters: DriverParameters, options: ExecuteOptions = {}): Promise<DriverResult> {
    const hasKey = options.wantsLastRowId === true;
    return this.#run(hasKey ? sql + KEY_QUERY : sql, parameters, options, hasKey);
  }

  async executeMany(
    sql: string,
    parameterSets: readonly DriverParameters[],
    options: ExecuteOptions = {},
  ): Promise<DriverResult> {
    let rowCount = 0;
    for (const parameters of parameterSets) {
      const result = await this.#run(sql, parameters, options, false);
      if (result.rowCount > 0) rowCount += result.rowCount;
    }
    return { columns: null, rows: [], rowCount };
  }

  async stream(sql: string, parameters: DriverParameters, options: ExecuteOptions = {}): Promise<DriverCursor> {
    const { signal } = options;
    if (signal?.aborted) throw cancelled(signal);
    const request = new this.#module.Request(sql, (error) => cursor.done(error));
    const watch = new Watch(signal, options.statementTimeout, () => request.cancel());
    const owner = {
      failure: (error: NativeError) => watch.failure(error),
      ended: () => {
        this.#request = null;
        watch.done();
      },
    };
    const cursor: TediousCursor = new TediousCursor(
      request,
      owner,
      this.#reading(options),
      options.batchSize ?? DEFAULT_BATCH,
    );
    this.#send(request, parameters, options);
    return cursor.opened();
  }

  /** `sql`: a statement of the program's instead of the protocol's request. */
  async begin(sql?: string): Promise<void> {
    if (sql !== undefined) await this.execute(sql, []);
    else await promised((done) => this.native.beginTransaction(done, "", NO_CHANGE));
    this.#hasBegun = true;
  }

  async commit(): Promise<void> {
    if (!this.#hasBegun) return;
    this.#hasBegun = false;
    // Where the server has rolled back by itself, it says so now.
    await promised((done) => this.native.commitTransaction(done));
  }

  async rollback(): Promise<void> {
    const isOver = !this.native.inTransaction;
    this.#hasBegun = false;
    if (isOver) return;
    await promised((done) => this.native.rollbackTransaction(done));
  }

  close(): Promise<void> {
    if (this.#isClosed || this.native.closed) {
      this.#isClosed = true;
      return Promise.resolve();
    }
    this.#isClosed = true;
    this.#isLost = true;
    return new Promise((resolve) => {
      this.native.on("end", resolve);
      // Closed under a statement whose answer has just arrived, tedious would look for that statement in vain, and throw.
      this.#request?.cancel();
      this.native.close();
    });
  }

  terminate(): Promise<void> {
    return this.close();
  }

  /** Sends an attention; the statement ends with an error. */
  cancel(): void {
    this.#request?.cancel();
  }

  /** Runs a request of the bulk protocol. */
  async bulkLoad(
    table: string,
    options: Readonly<Record<string, boolean>>,
    rows: Iterable<readonly unknown[]> | AsyncIterable<readonly unknown[]>,
    addColumns: (bulk: ReturnType<NativeConnection["newBulkLoad"]>) => void,
    limits: ExecuteOptions,
  ): Promise<number> {
    const { signal } = limits;
    if (signal?.aborted) throw cancelled(signal);
    let watch: Watch | null = null;
    try {
      return await new Promise<number>((resolve, reject) => {
        const bulk = this.native.newBulkLoad(table, options, (error, rowCount) =>
          error ? reject(error) : resolve(rowCount ?? 0),
        );
        addColumns(bulk);
        watch = new Watch(signal, limits.statementTimeout, () => bulk.cancel());
        this.native.execBulkLoad(bulk, rows);
      });
    } catch (error) {
      throw (watch as Watch | null)?.failure(error as NativeError) ?? error;
    } finally {
      (watch as Watch | null)?.done();
    }
  }

  // ---- one statement ----

  #reading(options: ExecuteOptions): ReadOptions {
    return { isExact: this.#isExact, textColumns: options.textColumns };
  }

  async #run(
    sql: string,
    parameters: DriverParameters,
    options: ExecuteOptions,
    hasKey: boolean,
  ): Promise<DriverResult> {
    const { signal, statementTimeout } = options;
    if (signal?.aborted) throw cancelled(signal);
    let watch: Watch | null = null;
    try {
      const collector = await new Promise<Collector>((resolve, reject) => {
        const request: NativeRequest = new this.#module.Request(sql, (error) =>
          error ? reject(error) : resolve(collected),
        );
        const collected = new Collector(request, this.#reading(options));
        if (signal !== undefined || statementTimeout !== undefined)
          watch = new Watch(signal, statementTimeout, () => request.cancel());
        this.#send(request, parameters, options);
      });
      return collector.result(hasKey);
    } catch (error) {
      throw (watch as Watch | null)?.failure(error as NativeError) ?? error;
    } finally {
      this.#request = null;
      (watch as Watch | null)?.done();
    }
  }

  #send(request: NativeRequest, parameters: DriverParameters, options: ExecuteOptions): void {
    this.#request = request;
    const isPlain = Array.isArray(parameters) ? parameters.length === 0 : Object.keys(parameters).length === 0;
    if (isPlain) {
      this.native.execSqlBatch(request);
      return;
    }
    this.#encoder.addAll(request, parameters, options.parameterTypes);
    this.native.execSql(request);
  }
}

/** tedious's callbacks as a promise. */
export function promised(start: (done: (error: NativeError | null | undefined) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()));
  });
}
