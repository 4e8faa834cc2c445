/**
 * One connection by mysql2. Statements with parameters or rows are prepared on the server: values never become text, so no
 * sql_mode can make an injection of them, and the binary protocol gives FLOAT all its digits. The rest is sent as text.
 */
import {
  CancelledError,
  type DriverConnection,
  type DriverCursor,
  type DriverParameters,
  type DriverResult,
  type ExecuteOptions,
} from "@athanor/driver";
import { type BulkInsert, bulkInsert, bulkSize, bulkText } from "./bulk.ts";
import { Mysql2Cursor } from "./cursor.ts";
import { describeColumns, rowDecoder } from "./decode.ts";
import { encodeAll } from "./encode.ts";
import type {
  NativeConnection,
  NativeError,
  NativeField,
  NativeFields,
  NativeHeader,
  NativeModule,
  NativeResult,
  NativeStatement,
} from "./native.ts";
import { ParameterTypes } from "./parameter-types.ts";

/** "This command is not supported in the prepared statement protocol yet" */
const UNSUPPORTED_PS = 1295;
/** "Prepared statement needs to be re-prepared", "Unknown prepared statement handler": it was not executed. */
const STALE = new Set([1615, 1243]);
/** "Query execution was interrupted" */
const INTERRUPTED = 1317;
const DEFAULT_BATCH = 100;
/** Milliseconds that a server may take to end a statement that was cancelled, before the connection is dropped. */
const PATIENCE = 10_000;

/** What a connection has to know beside mysql2's. */
export interface ConnectionParts {
  readonly module: NativeModule;
  readonly native: NativeConnection;
  /** Opens another connection to the same server, for KILL QUERY. */
  readonly reconnect: () => Promise<NativeConnection>;
  readonly isMariaDB: boolean;
}

/** A connection to MySQL or MariaDB. */
export class Mysql2Connection implements DriverConnection {
  readonly native: NativeConnection;
  readonly #parts: ConnectionParts;
  #isLost = false;
  /** Nothing has happened since the last COMMIT or ROLLBACK. */
  #isClean = true;
  /** The session's time limit for statements, in milliseconds; 0 for none. */
  #timeout = 0;
  #running = false;
  #cursor: Mysql2Cursor | null = null;
  #bulk = new Map<string, BulkInsert | null>();
  /** Null where the server goes by the types of each execution. */
  readonly #types: ParameterTypes | null;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#types = parts.isMariaDB ? null : new ParameterTypes();
    this.native = parts.native;
    // Without a listener, a lost connection would end the process; the next call reports it.
    parts.native.on("error", (error) => this.#lose(error));
    parts.native.on("end", () => this.#lose(connectionLost()));
  }

  /** mysql2 tells callbacks of a lost connection, but not statements whose rows are streamed. */
  #lose(error: NativeError): void {
    this.#isLost = true;
    this.#cursor?.fail(error);
  }

  isOpen(): boolean {
    return !this.#isLost;
  }

  async execute(sql: string, parameters: DriverParameters, options: ExecuteOptions = {}): Promise<DriverResult> {
    const values = encodeAll(parameters as readonly unknown[], this.#parts.module.TypedParameter);
    return this.#guarded(options, () => this.#run(sql, values, options));
  }

  async executeMany(
    sql: string,
    parameterSets: readonly DriverParameters[],
    options: ExecuteOptions = {},
  ): Promise<DriverResult> {
    const typed = this.#parts.module.TypedParameter;
    const bulk = parameterSets.length > 1 ? this.#bulkOf(sql) : null;
    return this.#guarded(options, async () => {
      let rowCount = 0;
      if (bulk === null) {
        for (const set of parameterSets) {
          rowCount += (await this.#run(sql, encodeAll(set as readonly unknown[], typed), options)).rowCount;
        }
      } else {
        const size = bulkSize(bulk);
        for (let from = 0; from < parameterSets.length; from += size) {
          const sets = parameterSets.slice(from, from + size);
          const values = encodeAll(sets.flat() as readonly unknown[], typed);
          // Full batches have one text; the last one's would only fill the cache of prepared statements.
          const result = await this.#run(
            bulkText(bulk, sets.length),
            values,
            sets.length === size ? options : { ...options, prepare: false },
          );
          rowCount += result.rowCount;
        }
      }
      return { columns: null, rows: [], rowCount };
    });
  }

  #bulkOf(sql: string): BulkInsert | null {
    let bulk = this.#bulk.get(sql);
    if (bulk === undefined) {
      if (this.#bulk.size > 200) this.#bulk.clear();
      bulk = bulkInsert(sql);
      this.#bulk.set(sql, bulk);
    }
    return bulk;
  }

  async stream(sql: string, parameters: DriverParameters, options: ExecuteOptions = {}): Promise<DriverCursor> {
    const { signal } = options;
    if (signal?.aborted) throw cancelled(signal);
    await this.#limitTime(options.statementTimeout ?? 0);
    this.#isClean = false;
    const values = encodeAll(parameters as readonly unknown[], this.#parts.module.TypedParameter);
    const watch = new Watch(this, signal, undefined);
    this.#running = true;
    const owner = {
      cancel: () => this.cancel(),
      failure: (error: unknown) => watch.failure(error),
      ended: () => {
        this.#running = false;
        this.#cursor = null;
        return watch.stop();
      },
    };
    this.#cursor = new Mysql2Cursor(
      this.native.execute(this.#prepared(sql, values)),
      owner,
      options.batchSize ?? DEFAULT_BATCH,
    );
    return this.#cursor.opened();
  }

  async begin(sql = "START TRANSACTION"): Promise<void> {
    this.#isClean = false;
    await this.#text(sql);
  }

  async commit(): Promise<void> {
    await this.#text("COMMIT");
    this.#isClean = true;
  }

  async rollback(): Promise<void> {
    if (this.#isClean) return;
    await this.#text("ROLLBACK");
    this.#isClean = true;
  }

  /** The protocol's own ping. */
  async ping(): Promise<void> {
    await promised((done) => this.native.ping((error) => done(error, [], undefined)));
  }

  close(): Promise<void> {
    if (this.#isLost) return this.terminate();
    this.#isLost = true;
    return new Promise((resolve) => {
      this.native.end(() => resolve());
    });
  }

  async terminate(): Promise<void> {
    this.#isLost = true;
    // mysql2's own destroy() would leave a statement that is under way without an answer.
    this.native.stream.destroy(Object.assign(new Error("the connection was terminated"), { code: "ECONNABORTED" }));
  }

  /** `KILL QUERY` by another connection; a statement that has ended meanwhile is not touched. */
  async cancel(): Promise<void> {
    const { threadId } = this.native;
    if (threadId === null || !this.#running || this.#isLost) return;
    const other = await this.#parts.reconnect();
    try {
      if (this.#running)
        await promised((done) => other.query(statement(`KILL QUERY ${threadId}`, []), done)).catch(ignoreUnknownThread);
    } finally {
      other.end(() => {});
    }
  }

  // ---- one statement ----

  async #guarded<T>(options: ExecuteOptions, work: () => Promise<T>): Promise<T> {
    const { signal } = options;
    if (signal?.aborted) throw cancelled(signal);
    const timeout = options.statementTimeout ?? 0;
    if (timeout !== this.#timeout) await this.#limitTime(timeout);
    this.#isClean = false;
    // The server's own limit is for SELECT only on MySQL.
    const watch =
      signal === undefined && (timeout === 0 || this.#parts.isMariaDB) ? null : new Watch(this, signal, timeout);
    this.#running = true;
    try {
      return await work();
    } catch (error) {
      throw watch === null ? error : watch.failure(error);
    } finally {
      this.#running = false;
      await watch?.stop();
    }
  }

  async #limitTime(milliseconds: number): Promise<void> {
    if (milliseconds === this.#timeout) return;
    await this.#text(
      this.#parts.isMariaDB
        ? `SET SESSION max_statement_time = ${milliseconds / 1000}`
        : `SET SESSION max_execution_time = ${Math.ceil(milliseconds)}`,
    );
    this.#timeout = milliseconds;
  }

  #text(sql: string): Promise<NativeResult> {
    return promised((done) => this.native.query(statement(sql, []), done)).then(([result]) => result);
  }

  /** A statement to be prepared, anew where its parameters have other types than before. */
  #prepared(sql: string, values: readonly unknown[]): NativeStatement {
    const given = statement(sql, values);
    if (values.length > 0 && this.#types?.changed(sql, values)) this.native.unprepare(given);
    return given;
  }

  async #run(sql: string, values: readonly unknown[], options: ExecuteOptions): Promise<DriverResult> {
    const { native } = this;
    const given = this.#prepared(sql, values);
    const asText = (): Promise<[NativeResult, NativeFields]> => promised((done) => native.query(given, done));
    if (values.length === 0 && options.returnsRows === false) return resultOf(await asText());
    const prepared = (): Promise<[NativeResult, NativeFields]> => promised((done) => native.execute(given, done));
    try {
      return resultOf(await prepared());
    } catch (error) {
      const { errno } = error as NativeError;
      if (errno === UNSUPPORTED_PS && values.length === 0) return resultOf(await asText());
      if (errno === undefined || !STALE.has(errno)) throw error;
      native.unprepare(given);
      return resultOf(await prepared());
    } finally {
      if (options.prepare === false) native.unprepare(given);
    }
  }
}

/** Ends a statement when its signal is aborted or its time is over. */
class Watch {
  readonly #connection: Mysql2Connection;
  readonly #signal: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #onAbort = (): void => this.#kill("signal");
  #reason: "signal" | "timeout" | null = null;
  #killing: Promise<void> | null = null;
  #drop: NodeJS.Timeout | undefined;

  constructor(connection: Mysql2Connection, signal: AbortSignal | undefined, timeout: number | undefined) {
    this.#connection = connection;
    this.#signal = signal;
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (timeout) this.#timer = setTimeout(() => this.#kill("timeout"), timeout);
  }

  #kill(reason: "signal" | "timeout"): void {
    this.#reason ??= reason;
    this.#killing ??= this.#connection.cancel().catch(() => this.#connection.terminate());
    // The server's answer may never come: nobody waits for it for ever.
    this.#drop ??= setTimeout(() => void this.#connection.terminate(), PATIENCE);
  }

  /** What the statement's error means, now that it is known who ended it. */
  failure(error: unknown): unknown {
    const { errno, fatal } = error as NativeError;
    if (this.#reason === "signal" && (errno === INTERRUPTED || fatal === true))
      return cancelled(this.#signal as AbortSignal);
    if (this.#reason === "timeout" && errno === INTERRUPTED)
      return Object.assign(error as NativeError, { athanorKind: "timeout" });
    return error;
  }

  /** No more than this statement is killed: waits for a KILL that is under way. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    clearTimeout(this.#drop);
    this.#signal?.removeEventListener("abort", this.#onAbort);
    await this.#killing;
  }
}

function cancelled(signal: AbortSignal): CancelledError {
  return new CancelledError("the statement was cancelled", { cause: signal.reason });
}

function connectionLost(): NativeError {
  return Object.assign(new Error("Connection lost: The server closed the connection."), {
    code: "PROTOCOL_CONNECTION_LOST",
  });
}

/** "Unknown thread id" */
function ignoreUnknownThread(error: NativeError): void {
  if (error.errno !== 1094) throw error;
}

const noResult: DriverResult = { columns: null, rows: [], rowCount: 0 };

function statement(sql: string, values: readonly unknown[]): NativeStatement {
  return values.length === 0 ? { sql, rowsAsArray: true } : { sql, values, rowsAsArray: true };
}

/** mysql2's callbacks as a promise. */
export function promised(
  start: (done: (error: NativeError | null, result: NativeResult, fields: NativeFields) => void) => unknown,
): Promise<[NativeResult, NativeFields]> {
  return new Promise((resolve, reject) => {
    start((error, result, fields) => {
      if (error) reject(error);
      else resolve([result, fields]);
    });
  });
}

/** The result of a statement; of several results, as procedures give them, those with rows. */
function resultOf([result, fields]: [NativeResult, NativeFields]): DriverResult {
  if (!Array.isArray(result)) return headerResult(result);
  if (fields === undefined) return noResult;
  if (!isNested(fields)) return rowsResult(result as unknown[][], fields as readonly NativeField[]);
  const results = fields.flatMap((list, index) =>
    list === undefined ? [] : [rowsResult(result[index] as unknown[][], list)],
  );
  const [first, ...further] = results;
  if (first === undefined) return headerResult(result.at(-1) as NativeHeader);
  return further.length === 0 ? first : { ...first, further };
}

function isNested(fields: NonNullable<NativeFields>): fields is readonly (readonly NativeField[] | undefined)[] {
  return fields.some((field) => field === undefined || Array.isArray(field));
}

function rowsResult(rows: unknown[][], fields: readonly NativeField[]): DriverResult {
  rowDecoder(fields)?.(rows);
  return { columns: describeColumns(fields), rows, rowCount: rows.length };
}

function headerResult({ affectedRows, insertId }: NativeHeader): DriverResult {
  const lastRowId = typeof insertId === "string" ? BigInt(insertId) : insertId;
  return { columns: null, rows: [], rowCount: affectedRows, lastRowId: lastRowId === 0 ? undefined : lastRowId };
}
