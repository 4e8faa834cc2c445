/** A connection over `pg`. Speaks the extended protocol by query objects of its own: ./pg-execute.ts, ./pg-cursor.ts. */
import { type DriverCursor, type DriverResult, keepSpecimen } from "@athanor/driver";
import type { PostgresConnectOptions } from "../connect-options.ts";
import {
  type CopySource,
  ignore,
  type Notification,
  PostgresConnection,
  type Prelude,
  type ScriptResult,
  type SentStatement,
  type TransactionStatus,
} from "./connection.ts";
import type { SentValue } from "./parameters.ts";
import { requestCancel } from "./pg-cancel.ts";
import { CopyInJob, CopyOutJob } from "./pg-copy.ts";
import { openCursor } from "./pg-cursor.ts";
import { ExecuteJob, ExecuteManyJob, ScriptJob } from "./pg-execute.ts";
import type { Job, JobOwner } from "./pg-job.ts";
import type { PgClient, PgModule, PgProtocol } from "./pg-port.ts";
import type { KnownStatement } from "./statements.ts";

/** Messages that come with every statement; the first of them, of a statement of the dialect's own, are kept. */
let unkeptMessages: readonly string[] = ["rowDescription", "dataRow", "commandComplete", "readyForQuery"];

/** One connection. */
export class PgConnection extends PostgresConnection implements JobOwner {
  readonly #pg: PgModule;
  readonly #client: PgClient;
  readonly #protocol: PgProtocol;
  #current: Job<unknown> | null = null;
  /** Jobs that came while another was under way: the client takes one at a time. */
  readonly #waiting: Job<unknown>[] = [];
  protected status: TransactionStatus = "I";
  #portals = 0;

  constructor(pg: PgModule, client: PgClient, options: PostgresConnectOptions) {
    super(options);
    this.#pg = pg;
    this.#client = client;
    this.#protocol = client.connection;
    this.#protocol.prependListener("readyForQuery", ({ status }: { readonly status: TransactionStatus }) => {
      this.status = status;
      const job = this.#current;
      this.#current = null;
      job?.finish();
      const next = this.#waiting.shift();
      if (next !== undefined) this.#start(next);
    });
    for (const message of unkeptMessages) this.#protocol.once(message, keepSpecimen);
    unkeptMessages = [];
    client.on("error", (error: Error) => this.#lose(error));
    client.on("end", () => this.#lose(new Error("Connection terminated unexpectedly")));
  }

  /** The client of `pg`. A transaction that has not reached the server yet is begun now. */
  get native(): PgClient {
    this.beginForNative();
    return this.#client;
  }

  #lose(error: Error): void {
    this.lostError ??= error;
    this.statements.clear();
    const jobs = [...(this.#current === null ? [] : [this.#current]), ...this.#waiting.splice(0)];
    this.#current = null;
    for (const job of jobs) job.abort(this.isClosed ? new Error("Connection terminated") : error);
  }

  // ---- jobs ----

  lost(error: Error): void {
    this.lostError ??= error;
  }

  changed(tag: string): void {
    this.commandCompleted(tag);
  }

  protected get isQuiet(): boolean {
    return this.#current === null;
  }

  #run<T>(job: Job<T>): Promise<T> {
    if (this.lostError !== null || this.isClosed)
      return Promise.reject(this.lostError ?? new Error("Connection terminated"));
    if (this.#current === null) this.#start(job as Job<unknown>);
    else this.#waiting.push(job as Job<unknown>);
    return job.promise;
  }

  #start(job: Job<unknown>): void {
    this.#current = job;
    this.#client.query(job);
  }

  // ---- statements ----

  protected sendStatement(statement: SentStatement, known: KnownStatement | null): Promise<DriverResult> {
    return this.#run(new ExecuteJob(this, statement, known));
  }

  protected sendMany(sql: string, sets: readonly (readonly SentValue[])[], prelude: Prelude): Promise<DriverResult> {
    return this.#run(new ExecuteManyJob(this, sql, sets, prelude));
  }

  protected sendScript(sql: string, prelude: Prelude): Promise<ScriptResult> {
    return this.#run(new ScriptJob(this, sql, prelude));
  }

  protected openCursor(
    statement: SentStatement,
    size: number,
    inTransaction: boolean,
    run: <T>(work: () => Promise<T>) => Promise<T>,
  ): Promise<DriverCursor> {
    const owner = {
      lost: (error: Error) => this.lost(error),
      changed: (tag: string) => this.changed(tag),
      released: () => this.released(),
      protocol: this.#protocol,
      run: <T>(job: Job<T>) => run(() => this.#run(job)),
    };
    return openCursor(owner, { ...statement, portal: `athanor_${++this.#portals}` }, size, inTransaction);
  }

  protected sendCopyFrom(sql: string, prelude: Prelude, source: CopySource): Promise<number> {
    return this.#run(new CopyInJob(this, sql, prelude, source));
  }

  protected async *sendCopyTo(sql: string, prelude: Prelude): AsyncGenerator<Buffer, void> {
    const job = new CopyOutJob(this, sql, prelude);
    this.#run(job).catch(ignore);
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

  // ---- the connection ----

  cancel(): Promise<void> {
    return requestCancel(this.#pg, this.#client);
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    if (this.lostError !== null) return this.#protocol.stream.destroy();
    await this.#client.end().catch(ignore);
  }

  terminate(): void {
    this.isClosed = true;
    this.#protocol.stream.destroy();
  }
}
