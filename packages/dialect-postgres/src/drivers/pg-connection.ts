/** A connection over `pg`. Speaks the extended protocol by query objects of its own: ./pg-execute.ts, ./pg-cursor.ts. */
import {
  CancelledError,
  type DriverConnection,
  type DriverCursor,
  type DriverParameters,
  type DriverResult,
  type ExecuteOptions,
  InvalidRequestError,
  type MaybePromise,
} from "@athanor/driver";
import type { PostgresConnectOptions } from "../connect-options.ts";
import { bulkInsert, columnArrays } from "./bulk-insert.ts";
import { itemText, parameterValue } from "./parameters.ts";
import { requestCancel } from "./pg-cancel.ts";
import { CopyInJob, CopyOutJob, type CopySource } from "./pg-copy.ts";
import { openCursor, type PortalOwner } from "./pg-cursor.ts";
import { ExecuteJob, ExecuteManyJob, ScriptJob, type SentValue } from "./pg-execute.ts";
import type { Job, Prelude } from "./pg-job.ts";
import type { PgClient, PgModule, PgProtocol } from "./pg-port.ts";
import { type KnownStatement, StatementStore } from "./pg-statements.ts";

/** Milliseconds that a server may take to answer a cancel request before the connection is dropped. */
const cancelPatience = 10_000;
const mostParameters = 65_535;
const nothingBefore: Prelude = { begin: null, close: [] };
const defaultPortion = 200;
/** Rows of a bulk INSERT that travel as one set of arrays. */
const bulkRows = 2_000;

/** A message of LISTEN. */
export interface Notification {
  readonly channel: string;
  readonly payload: string;
  /** Server process of the connection that sent it. */
  readonly processId: number;
}

/** One connection. */
export class PgConnection implements DriverConnection, PortalOwner {
  readonly #pg: PgModule;
  readonly #client: PgClient;
  readonly protocol: PgProtocol;
  readonly #statements: StatementStore;
  #current: Job<unknown> | null = null;
  /** Jobs that came while another was under way: the client takes one at a time. */
  readonly #waiting: Job<unknown>[] = [];
  /** `I`: no transaction; `T`: in one; `E`: in one that failed. */
  #status = "I";
  /** BEGIN waits for the first statement and travels with it. */
  #begin: string | null = null;
  #lost: Error | null = null;
  #isClosed = false;
  #isExclusive = false;
  #isNativeUsed = false;
  #portals = 0;
  #missing = 0;

  constructor(pg: PgModule, client: PgClient, options: PostgresConnectOptions) {
    this.#pg = pg;
    this.#client = client;
    this.protocol = client.connection;
    this.#statements = new StatementStore(options.preparedStatements ?? "auto", options.statementCacheSize ?? 256);
    this.protocol.prependListener("readyForQuery", ({ status }: { readonly status: string }) => {
      this.#status = status;
      const job = this.#current;
      this.#current = null;
      job?.finish();
      const next = this.#waiting.shift();
      if (next !== undefined) this.#start(next);
    });
    client.on("error", (error: Error) => this.#lose(error));
    client.on("end", () => this.#lose(new Error("Connection terminated unexpectedly")));
  }

  /** The client of `pg`. A transaction that has not reached the server yet is begun now. */
  get native(): PgClient {
    this.#isNativeUsed = true;
    if (this.#begin !== null) {
      const begin = this.#begin;
      this.#begin = null;
      const job = new ScriptJob(this, begin, nothingBefore);
      this.run(job).catch(ignore);
    }
    return this.#client;
  }

  /** Named statements on the server. */
  get preparedCount(): number {
    return this.#statements.size;
  }

  #lose(error: Error): void {
    this.#lost ??= error;
    this.#statements.clear();
    const jobs = [...(this.#current === null ? [] : [this.#current]), ...this.#waiting.splice(0)];
    this.#current = null;
    for (const job of jobs) job.abort(this.#isClosed ? new Error("Connection terminated") : error);
  }

  // ---- jobs ----

  lost(error: Error): void {
    this.#lost ??= error;
  }

  changed(tag: string): void {
    if (tag === "DISCARD ALL" || tag === "DEALLOCATE ALL") this.#statements.clear();
    else this.#statements.forgetAll();
  }

  released(): void {
    this.#isExclusive = false;
  }

  run<T>(job: Job<T>): Promise<T> {
    if (this.#lost !== null || this.#isClosed) return Promise.reject(this.#lost ?? new Error("Connection terminated"));
    if (this.#current === null) this.#start(job as Job<unknown>);
    else this.#waiting.push(job as Job<unknown>);
    return job.promise;
  }

  #start(job: Job<unknown>): void {
    this.#current = job;
    this.#client.query(job);
  }

  #takePrelude(): Prelude {
    const begin = this.#begin;
    const { toClose } = this.#statements;
    if (begin === null && toClose.length === 0) return nothingBefore;
    this.#begin = null;
    return { begin, close: toClose.splice(0) };
  }

  #check(): void {
    if (this.#isExclusive) {
      throw new InvalidRequestError("a streaming result outside of a transaction keeps its connection to itself", {
        code: "connection_streaming",
        fix: "read it to its end or close it first, or stream inside of a transaction",
      });
    }
  }

  /** Runs a job; an abort or the end of the time cancels it on the server. */
  async #limited<T>(job: Job<T>, options: ExecuteOptions): Promise<T> {
    const { signal, statementTimeout } = options;
    let request: Promise<void> | null = null;
    let isTimeout = false;
    let dropTimer: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      request ??= this.cancel();
      dropTimer ??= setTimeout(() => this.terminate(), cancelPatience);
    };
    const timer =
      statementTimeout === undefined || statementTimeout <= 0
        ? undefined
        : setTimeout(() => {
            isTimeout = true;
            cancel();
          }, statementTimeout);
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      return await this.run(job);
    } catch (error) {
      if (request !== null && (error as { code?: unknown }).code === "57014")
        throw isTimeout ? timedOut(error) : cancelled(signal, error);
      throw error;
    } finally {
      clearTimeout(timer);
      clearTimeout(dropTimer);
      signal?.removeEventListener("abort", cancel);
      // A request that is still on its way would hit the next statement.
      if (request !== null) await request;
    }
  }

  #run<T>(job: Job<T>, options: ExecuteOptions | undefined): Promise<T> {
    if (options === undefined || (options.signal === undefined && options.statementTimeout === undefined))
      return this.run(job);
    return this.#limited(job, options);
  }

  // ---- statements ----

  execute(sql: string, parameters: DriverParameters, options?: ExecuteOptions): Promise<DriverResult> {
    this.#check();
    if (options?.signal?.aborted) throw cancelled(options.signal, undefined);
    const given = parameters as readonly unknown[];
    if (given.length === 0 && sql.includes(";"))
      return this.#run(new ScriptJob(this, sql, this.#takePrelude()), options);
    const values = sentValues(given);
    const known = options?.prepare === false ? null : this.#statements.find(sql);
    const prelude = this.#takePrelude();
    const job = new ExecuteJob(this, sql, values, known, prelude, options?.textColumns);
    if (known === null) return this.#run(job, options);
    const wasParsed = known.layout !== undefined;
    return this.#run(job, options).catch((error: unknown) =>
      this.#recover(error, sql, known, wasParsed, prelude, (again, before) =>
        this.#run(new ExecuteJob(this, sql, values, again, before, options?.textColumns), options),
      ),
    );
  }

  executeMany(
    sql: string,
    parameterSets: readonly DriverParameters[],
    options?: ExecuteOptions,
  ): Promise<DriverResult> {
    this.#check();
    if (options?.signal?.aborted) throw cancelled(options.signal, undefined);
    if (parameterSets.length === 0) return Promise.resolve({ columns: null, rows: [], rowCount: 0 });
    const job = this.#manyJob(sql, parameterSets as readonly (readonly unknown[])[]);
    return this.#run(job, options);
  }

  #manyJob(sql: string, rows: readonly (readonly unknown[])[]): ExecuteManyJob {
    const bulk = rows.length > 1 ? bulkInsert(sql) : null;
    if (bulk === null || rows.some((row) => row.length !== bulk.width || row.some(Array.isArray))) {
      return new ExecuteManyJob(this, sql, rows.map(sentValues), this.#takePrelude());
    }
    const sets: SentValue[][] = [];
    for (let start = 0; start < rows.length; start += bulkRows) {
      sets.push(columnArrays(rows.slice(start, start + bulkRows), bulk.width, itemText));
    }
    return new ExecuteManyJob(this, bulk.sql, sets, this.#takePrelude());
  }

  stream(sql: string, parameters: DriverParameters, options?: ExecuteOptions): Promise<DriverCursor> {
    this.#check();
    if (options?.signal?.aborted) throw cancelled(options.signal, undefined);
    const values = sentValues(parameters as readonly unknown[]);
    const inTransaction = this.#begin !== null || !this.isIdle();
    if (!inTransaction) this.#isExclusive = true;
    const statement = {
      portal: `athanor_${++this.#portals}`,
      sql,
      values,
      prelude: this.#takePrelude(),
      textColumns: options?.textColumns,
    };
    const limits: PortalOwner =
      options?.signal === undefined && options?.statementTimeout === undefined
        ? this
        : {
            lost: (error) => this.lost(error),
            changed: (tag) => this.changed(tag),
            released: () => this.released(),
            protocol: this.protocol,
            run: (job) => this.#limited(job, options),
          };
    return openCursor(limits, statement, options?.batchSize ?? defaultPortion, inTransaction);
  }

  /** `COPY … FROM STDIN`: sends what the source yields. Returns the number of rows. */
  copyFrom(sql: string, source: CopySource): Promise<number> {
    this.#check();
    return this.run(new CopyInJob(this, sql, this.#takePrelude(), source));
  }

  /** `COPY … TO STDOUT`: the bytes as they arrive. Stopping early cancels the statement. */
  async *copyTo(sql: string): AsyncGenerator<Buffer, void> {
    this.#check();
    const job = new CopyOutJob(this, sql, this.#takePrelude());
    this.run(job).catch(ignore);
    try {
      for (let chunk = await job.next(); chunk !== null; chunk = await job.next()) yield chunk;
    } finally {
      if (!job.isOver) {
        job.discard();
        await this.cancel();
        await job.promise.catch(ignore);
      }
    }
  }

  /** Calls back for each message of a channel that was listened to, and when the connection is lost. Returns its undoing. */
  onNotification(receive: (message: Notification) => void, lost: (error: Error) => void): () => void {
    const listener = (message: { channel: string; payload?: string; processId: number }): void =>
      receive({ channel: message.channel, payload: message.payload ?? "", processId: message.processId });
    const ended = (error?: Error): void => lost(error ?? new Error("Connection terminated unexpectedly"));
    this.#client.on("notification", listener as never);
    this.#client.on("error", ended as never);
    this.#client.on("end", ended as never);
    return () => {
      this.#client.removeListener("notification", listener as never);
      this.#client.removeListener("error", ended as never);
      this.#client.removeListener("end", ended as never);
    };
  }

  /** A named statement that the server does not know (any more), or whose plan does not fit any more, is tried once more. */
  #recover<T>(
    error: unknown,
    sql: string,
    known: KnownStatement,
    wasParsed: boolean,
    prelude: Prelude,
    again: (known: KnownStatement | null, prelude: Prelude) => Promise<T>,
  ): Promise<T> {
    const { code, message = "" } = error as { code?: unknown; message?: string };
    if (known.layout === undefined) this.#statements.forget(sql);
    const isLost = code === "26000" && wasParsed;
    const isTaken = code === "42P05";
    const isStale = code === "0A000" && wasParsed && message.includes("cached plan");
    if (!isLost && !isTaken && !isStale) throw error;
    if (isTaken || (isLost && ++this.#missing > 1)) this.#statements.giveUp();
    else if (isLost) this.#statements.clear();
    else this.#statements.forget(sql);
    if (this.#lost !== null) throw error;
    if (this.#status === "I")
      return again(null, prelude.begin === null ? nothingBefore : { begin: prelude.begin, close: [] });
    if (prelude.begin === null) throw error;
    // The transaction was begun by this very statement: nothing is lost by beginning it once more.
    const { begin } = prelude;
    return this.run(new ScriptJob(this, "ROLLBACK", nothingBefore)).then(() => again(null, { begin, close: [] }));
  }

  // ---- transactions ----

  /** The server is in no transaction, and nothing is under way that could begin one. */
  isIdle(): boolean {
    return this.#status === "I" && this.#current === null && this.#begin === null && this.#lost === null;
  }

  begin(sql = "BEGIN"): MaybePromise<void> {
    this.#check();
    if (!this.#isNativeUsed) {
      this.#begin = sql;
      return undefined;
    }
    return this.run(new ScriptJob(this, sql, nothingBefore)).then(ignore);
  }

  commit(): MaybePromise<void> {
    if (this.#begin !== null) {
      this.#begin = null;
      return undefined;
    }
    if (this.isIdle()) return undefined;
    return this.run(new ScriptJob(this, "COMMIT", nothingBefore)).then(({ tag }) => {
      if (tag === "ROLLBACK")
        throw Object.assign(new Error("the transaction had failed before: COMMIT has rolled it back"), {
          code: "25P02",
          severity: "ERROR",
        });
    });
  }

  rollback(): MaybePromise<void> {
    if (this.#begin !== null) {
      this.#begin = null;
      return undefined;
    }
    if (this.isIdle()) return undefined;
    return this.run(new ScriptJob(this, "ROLLBACK", nothingBefore)).then(ignore);
  }

  // ---- the connection ----

  isOpen(): boolean {
    return this.#lost === null && !this.#isClosed;
  }

  cancel(): Promise<void> {
    return requestCancel(this.#pg, this.#client);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#lost !== null) return this.protocol.stream.destroy();
    await this.#client.end().catch(ignore);
  }

  terminate(): void {
    this.#isClosed = true;
    this.protocol.stream.destroy();
  }
}

function ignore(): void {}

function sentValues(parameters: readonly unknown[]): SentValue[] {
  const count = parameters.length;
  if (count > mostParameters)
    throw new InvalidRequestError(
      `a statement has ${count} parameters; PostgreSQL's protocol takes ${mostParameters}`,
      { fix: "send fewer rows at a time, or a list as one array parameter" },
    );
  const values: SentValue[] = new Array(count);
  for (let index = 0; index < count; index++) {
    const value = parameters[index];
    values[index] = typeof value === "string" ? value : parameterValue(value);
  }
  return values;
}

function cancelled(signal: AbortSignal | undefined, cause: unknown): CancelledError {
  return new CancelledError("the statement was cancelled by its signal", {
    code: "statement_cancelled",
    cause: cause ?? signal?.reason,
  });
}

function timedOut(cause: unknown): Error {
  return Object.assign(new Error("canceling statement due to statement timeout", { cause }), {
    code: "57014",
    severity: "ERROR",
  });
}
