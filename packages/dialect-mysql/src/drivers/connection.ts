/**
 * A connection to MySQL or MariaDB, whatever package speaks for it. Statements with parameters or rows are prepared on the
 * server: values never become text, so no sql_mode can make an injection of them, and the binary protocol gives FLOAT all
 * its digits. The rest is sent as text. ./mysql2-connection.ts and ./mariadb-connection.ts send the messages.
 */
import type { DriverConnection, DriverCursor, DriverParameters, DriverResult, ExecuteOptions } from "@athanor/driver";
import { type BulkInsert, bulkInsert, bulkSize, bulkText } from "./bulk.ts";
import { RowCursor, type RowSource } from "./cursor.ts";
import type { NativeError } from "./native-error.ts";
import { type ParameterType, ParameterTypes } from "./parameter-types.ts";
import { cancelled, Watch } from "./watch.ts";

/** "This command is not supported in the prepared statement protocol yet" */
export const UNSUPPORTED_PS = 1295;
/** "Prepared statement needs to be re-prepared", "Unknown prepared statement handler": it was not executed. */
const STALE = new Set([1615, 1243]);
/** Statements after which a table may have other columns. */
const schemaStatement = /^\s*(?:CREATE|ALTER|DROP|RENAME)\b/i;
/** "Unknown thread id" */
const UNKNOWN_THREAD = 1094;
const DEFAULT_BATCH = 100;

/** A statement as it is sent. */
export interface SentStatement {
  readonly sql: string;
  /** In the package's own types. */
  readonly values: readonly unknown[];
}

/** Between two statements of a batch there is nothing to kill. */
function requireWanted({ signal }: ExecuteOptions): void {
  if (signal?.aborted) throw cancelled(signal);
}

/** One connection. */
export abstract class MySQLConnection implements DriverConnection {
  abstract readonly native: unknown;
  readonly #isMariaDB: boolean;
  /** Null where the server goes by the types of each execution. */
  readonly #types: ParameterTypes | null;
  #isLost = false;
  /** Nothing has happened since the last COMMIT or ROLLBACK. */
  #isClean = true;
  /** The session's time limit for statements, in milliseconds; 0 for none. */
  #timeout = 0;
  #running = false;
  #cursor: RowCursor | null = null;
  readonly #bulk = new Map<string, BulkInsert | null>();

  /** @param typeOf what the server takes a value of {@link encoded} for. */
  constructor(isMariaDB: boolean, typeOf: (value: unknown) => ParameterType) {
    this.#isMariaDB = isMariaDB;
    this.#types = isMariaDB ? null : new ParameterTypes(typeOf);
  }

  // ---- what the package does ----

  /** The server's number of this connection, for KILL. */
  abstract readonly threadId: number | null;
  /**
   * The statement with its values as the package sends them, each with the type that it has to the server.
   *
   * @param isAssigned every value goes into a column as it is, so that text will do.
   */
  protected abstract encoded(sql: string, values: readonly unknown[], isAssigned: boolean): SentStatement;
  protected abstract sendText(sql: string): Promise<DriverResult>;
  protected abstract sendPrepared(statement: SentStatement): Promise<DriverResult>;
  /**
   * Many parameter sets by the protocol's own command, where server and package have one. Returns the number of rows, or null
   * where the statement has to be sent otherwise.
   */
  protected sendBatch(
    _sql: string,
    _sets: readonly (readonly unknown[])[],
    _isAssigned: boolean,
  ): Promise<number | null> {
    return Promise.resolve(null);
  }
  /** The next execution prepares the statement anew. */
  protected abstract unprepare(statement: SentStatement): void;
  protected abstract openRows(statement: SentStatement, batchSize: number): RowSource | Promise<RowSource>;
  /** Runs one statement over another connection to the same server. */
  protected abstract runElsewhere(sql: string): Promise<void>;
  /** The protocol's own ping. */
  abstract ping(): Promise<void>;
  protected abstract sayGoodbye(): Promise<void>;
  protected abstract cut(): void;

  /** The connection is gone: statements whose rows are streamed are not told by the packages. */
  protected lose(error: NativeError): void {
    this.#isLost = true;
    this.#cursor?.fail(error);
  }

  // ---- statements ----

  isOpen(): boolean {
    return !this.#isLost;
  }

  async execute(sql: string, parameters: DriverParameters, options: ExecuteOptions = {}): Promise<DriverResult> {
    return this.#guarded(options, () => this.#run(sql, parameters as readonly unknown[], options));
  }

  async executeMany(
    sql: string,
    parameterSets: readonly DriverParameters[],
    options: ExecuteOptions = {},
  ): Promise<DriverResult> {
    const sets = parameterSets as readonly (readonly unknown[])[];
    const bulk = sets.length > 1 ? this.#bulkOf(sql) : null;
    return this.#guarded(options, async () => {
      const batched = sets.length > 1 ? await this.sendBatch(sql, sets, bulk?.isPlain === true) : null;
      let rowCount = batched ?? 0;
      if (batched !== null) return { columns: null, rows: [], rowCount };
      if (bulk === null) {
        for (const set of sets) {
          requireWanted(options);
          rowCount += (await this.#run(sql, set, options)).rowCount;
        }
      } else {
        const size = bulkSize(bulk);
        for (let from = 0; from < sets.length; from += size) {
          requireWanted(options);
          const some = sets.slice(from, from + size);
          // Full batches have one text; the last one's would only fill the cache of prepared statements.
          const given = some.length === size ? options : { ...options, prepare: false };
          rowCount += (await this.#run(bulkText(bulk, some.length), some.flat(), given, bulk.isPlain)).rowCount;
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
    const statement = this.#statement(sql, parameters as readonly unknown[], false);
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
    let rows: RowSource;
    try {
      rows = await this.openRows(statement, options.batchSize ?? DEFAULT_BATCH);
    } catch (error) {
      await owner.ended();
      throw watch.failure(error);
    }
    this.#cursor = new RowCursor(rows, owner);
    return this.#cursor.opened();
  }

  async begin(sql = "START TRANSACTION"): Promise<void> {
    this.#isClean = false;
    await this.sendText(sql);
  }

  async commit(): Promise<void> {
    await this.sendText("COMMIT");
    this.#isClean = true;
  }

  async rollback(): Promise<void> {
    if (this.#isClean) return;
    await this.sendText("ROLLBACK");
    this.#isClean = true;
  }

  async close(): Promise<void> {
    if (this.#isLost) return this.terminate();
    this.#isLost = true;
    await this.sayGoodbye();
  }

  async terminate(): Promise<void> {
    this.#isLost = true;
    this.cut();
  }

  /** `KILL QUERY` by another connection; a statement that has ended meanwhile is not touched. */
  async cancel(): Promise<void> {
    const { threadId } = this;
    if (threadId === null || !this.#running || this.#isLost) return;
    try {
      await this.runElsewhere(`KILL QUERY ${threadId}`);
    } catch (error) {
      if ((error as NativeError).errno !== UNKNOWN_THREAD) throw error;
    }
  }

  /** A statement is under way: what {@link runElsewhere} asks before it hits another one. */
  protected get isRunning(): boolean {
    return this.#running;
  }

  // ---- one statement ----

  async #guarded(options: ExecuteOptions, work: () => Promise<DriverResult>): Promise<DriverResult> {
    const { signal } = options;
    if (signal?.aborted) throw cancelled(signal);
    const timeout = options.statementTimeout ?? 0;
    if (timeout !== this.#timeout) await this.#limitTime(timeout);
    this.#isClean = false;
    // The server's own limit is for SELECT only on MySQL.
    const watch = signal === undefined && (timeout === 0 || this.#isMariaDB) ? null : new Watch(this, signal, timeout);
    this.#running = true;
    let result: DriverResult;
    try {
      result = await work();
    } catch (error) {
      throw watch === null ? error : watch.failure(error);
    } finally {
      this.#running = false;
      await watch?.stop();
    }
    const doubt = watch === null || result.columns === null ? null : watch.doubt();
    if (doubt !== null) throw doubt;
    return result;
  }

  async #limitTime(milliseconds: number): Promise<void> {
    if (milliseconds === this.#timeout) return;
    await this.sendText(
      this.#isMariaDB
        ? `SET SESSION max_statement_time = ${milliseconds / 1000}`
        : `SET SESSION max_execution_time = ${Math.ceil(milliseconds)}`,
    );
    this.#timeout = milliseconds;
  }

  /** A statement to be prepared, anew where its parameters have other types than before. */
  #statement(sql: string, values: readonly unknown[], isAssigned: boolean): SentStatement {
    const statement = values.length === 0 ? { sql, values } : this.encoded(sql, values, isAssigned);
    if (values.length > 0 && this.#types?.changed(statement.sql, statement.values)) this.unprepare(statement);
    return statement;
  }

  async #run(
    sql: string,
    values: readonly unknown[],
    options: ExecuteOptions,
    isAssigned = false,
  ): Promise<DriverResult> {
    if (values.length === 0 && options.returnsRows === false) {
      if (schemaStatement.test(sql)) this.#types?.schemaChanged();
      return this.sendText(sql);
    }
    const statement = this.#statement(sql, values, isAssigned);
    try {
      return await this.sendPrepared(statement);
    } catch (error) {
      const { errno } = error as NativeError;
      if (errno === UNSUPPORTED_PS && values.length === 0) return await this.sendText(sql);
      if (errno === undefined || !STALE.has(errno)) throw error;
      this.unprepare(statement);
      return await this.sendPrepared(statement);
    } finally {
      if (options.prepare === false) this.unprepare(statement);
    }
  }
}
