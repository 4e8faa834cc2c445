/**
 * A driver's connection over one open SQLite database, the same for both libraries: prepared statements are kept by their
 * text, integers keep their digits, transactions are explicit. Next: ./better-sqlite3.ts, ./node-sqlite.ts.
 */
import {
  CancelledError,
  type ColumnDescription,
  type DriverConnection,
  type DriverCursor,
  type DriverParameters,
  type DriverResult,
  type DriverRow,
  type ExecuteOptions,
  TimeoutError,
} from "@athanor/driver";
import type { TransactionMode } from "../connect-options.ts";
import type { BackupProgress, NativeDatabase, NativeParameters, NativeStatement } from "./native.ts";
import { Prepared, type RowSource } from "./prepared.ts";
import { withoutReturning } from "./row-id.ts";
import { StatementCache } from "./statement-cache.ts";
import { toStorage } from "./values.ts";

const noRows: readonly DriverRow[] = Object.freeze([]);

/** One open SQLite database. */
export class SQLiteConnection implements DriverConnection {
  readonly #database: NativeDatabase;
  readonly #cache: StatementCache<Prepared>;
  readonly #cursors = new Set<Cursor>();
  readonly #begin: string;
  /** The transaction has changed the schema. */
  #hasNewSchema = false;
  /** Transactions that were begun and not ended. More than one where callers share a database in memory. */
  #holders = 0;
  /** One of several holders has ended the transaction; the next statement of the others begins another. */
  #resumes = false;
  #lastText = "";
  #last: Prepared | null = null;

  /** @param cacheSize prepared statements that are kept. */
  constructor(database: NativeDatabase, cacheSize: number, mode?: TransactionMode) {
    this.#database = database;
    this.#begin = mode === undefined ? "BEGIN" : `BEGIN ${mode}`;
    this.#cache = new StatementCache(cacheSize);
  }

  /** The library's database object. */
  get native(): unknown {
    return this.#database.native;
  }

  execute(sql: string, parameters: DriverParameters, options?: ExecuteOptions): DriverResult {
    if (options?.signal?.aborted === true) throw cancelled(options.signal);
    if (this.#resumes) this.#resume();
    const prepared = options?.prepare === false ? this.#prepare(sql) : this.#cached(sql);
    const values = toStorage(parameters, prepared.plainNumbers(1, this.#declaredColumns));
    if (!prepared.native.isReader) {
      const { changes, lastInsertRowid } = prepared.native.run(values);
      if (prepared.schemaEffect !== null) this.#forget(prepared.schemaEffect);
      return {
        columns: null,
        rows: noRows as DriverRow[],
        rowCount: Number(changes),
        lastRowId: Number.isSafeInteger(lastInsertRowid) ? (lastInsertRowid as number) : this.#lastRowId(),
      };
    }
    const insert = prepared.isFrequent ? this.#withoutReturning(prepared) : null;
    if (insert !== null) return this.#insertOne(insert, prepared, values, options);
    const rows = prepared.all(values, options?.bigIntegers);
    let { columns } = prepared;
    // Another connection may have changed the tables behind a `SELECT *`.
    if (rows.length > 0 && (rows[0] as DriverRow).length !== columns.length) {
      prepared.forgetColumns();
      columns = prepared.columns;
    }
    return { columns, rows, rowCount: rows.length };
  }

  /** Runs an INSERT without its RETURNING, which asks for the row's id and no more. */
  #insertOne(
    insert: NativeStatement,
    prepared: Prepared,
    values: NativeParameters,
    options?: ExecuteOptions,
  ): DriverResult {
    const { columns } = prepared;
    const { changes, lastInsertRowid } = insert.run(values);
    // A trigger may have dropped the row.
    if (Number(changes) === 0) return { columns, rows: [], rowCount: 0 };
    const id = Number.isSafeInteger(lastInsertRowid) ? (lastInsertRowid as number) : this.#lastRowId();
    const wantsBig = prepared.wantsBigInteger(0, options?.bigIntegers);
    return { columns, rows: [[wantsBig ? BigInt(id) : id]], rowCount: 1 };
  }

  #withoutReturning(prepared: Prepared): NativeStatement | null {
    if (prepared.withoutReturning === undefined) {
      const sql = withoutReturning(prepared.sql, this.#database);
      prepared.withoutReturning = sql === null ? null : this.#database.prepare(sql);
    }
    return prepared.withoutReturning;
  }

  executeMany(sql: string, parameterSets: readonly DriverParameters[], options?: ExecuteOptions): DriverResult {
    if (options?.signal?.aborted === true) throw cancelled(options.signal);
    if (this.#resumes) this.#resume();
    const prepared = this.#cached(sql);
    const { native } = prepared;
    const plain = prepared.plainNumbers(parameterSets.length, this.#declaredColumns);
    let rowCount = 0;
    let lastRowId: number | bigint = 0;
    for (const parameters of parameterSets) {
      const values = toStorage(parameters, plain);
      if (native.isReader) rowCount += native.all(values).length;
      else {
        const outcome = native.run(values);
        rowCount += Number(outcome.changes);
        lastRowId = outcome.lastInsertRowid;
      }
    }
    return {
      columns: null,
      rows: noRows as DriverRow[],
      rowCount,
      lastRowId: Number.isSafeInteger(lastRowId) ? lastRowId : this.#lastRowId(),
    };
  }

  stream(sql: string, parameters: DriverParameters, options?: ExecuteOptions): DriverCursor {
    if (options?.signal?.aborted === true) throw cancelled(options.signal);
    if (this.#resumes) this.#resume();
    // A statement of its own: the kept one may be executed while this one is read.
    const prepared = this.#prepare(sql);
    const columns = prepared.native.isReader ? prepared.columns : [];
    if (!prepared.native.isReader) {
      this.execute(sql, parameters, options);
      return new Cursor(columns, emptySource, options, () => {});
    }
    const source = prepared.iterate(toStorage(parameters), options?.bigIntegers);
    const cursor = new Cursor(columns, source, options, () => {
      this.#cursors.delete(cursor);
      if (this.#cursors.size === 0 && this.#database.isOpen) this.#database.allowInterleaving(false);
    });
    if (this.#cursors.size === 0) this.#database.allowInterleaving(true);
    this.#cursors.add(cursor);
    return cursor;
  }

  /** Begins a transaction, or joins the one that another holder of this connection has begun. */
  begin(sql: string = this.#begin): void {
    if (this.#holders === 0 || !this.#database.inTransaction) this.#cached(sql).native.run([]);
    this.#resumes = false;
    this.#holders++;
  }

  /** Commits what all holders have done, as does Python's driver. */
  commit(): void {
    if (!this.#resumes) this.#cached("COMMIT").native.run([]);
    this.#ended();
  }

  /** Some errors end a transaction by themselves; then there is nothing to roll back. */
  rollback(): void {
    if (this.#database.isOpen && this.#database.inTransaction) {
      this.#cached("ROLLBACK").native.run([]);
      this.#forget("undo");
    }
    this.#ended();
  }

  /** Copies the database into a file while it is used; what is written meanwhile is copied, too. */
  async backup(filename: string, progress?: BackupProgress): Promise<void> {
    await this.#database.backup(filename, progress);
  }

  isOpen(): boolean {
    return this.#database.isOpen;
  }

  /** Nobody has begun a transaction here. */
  isIdle(): boolean {
    return this.#holders === 0 && this.#database.isOpen && !this.#database.inTransaction;
  }

  close(): void {
    if (!this.#database.isOpen) return;
    for (const cursor of [...this.#cursors]) cursor.close();
    this.#clear();
    this.#database.close();
  }

  #cached(sql: string): Prepared {
    if (sql === this.#lastText && this.#last !== null) return this.#last;
    let prepared = this.#cache.get(sql);
    if (prepared === undefined) {
      prepared = this.#prepare(sql);
      this.#cache.set(sql, prepared);
    }
    this.#lastText = sql;
    this.#last = prepared;
    return prepared;
  }

  #ended(): void {
    this.#hasNewSchema = false;
    if (this.#holders > 0) this.#holders--;
    this.#resumes = this.#holders > 0;
  }

  #resume(): void {
    this.#resumes = false;
    if (!this.#database.inTransaction) this.#cached(this.#begin).native.run([]);
  }

  /** Prepared statements describe their columns as they were; after a change all are prepared anew. */
  #forget(effect: "change" | "undo"): void {
    if (effect === "undo" && !this.#hasNewSchema) return;
    this.#hasNewSchema = true;
    this.#clear();
  }

  /** Types of a table's columns as they were declared, by lower-case name. */
  readonly #declaredColumns = (table: string): ReadonlyMap<string, string> | null => {
    const rows = this.#database.prepare("SELECT name, type FROM pragma_table_xinfo(?)").all([table]);
    return rows.length === 0 ? null : new Map(rows.map(([name, type]) => [String(name).toLowerCase(), String(type)]));
  };

  #clear(): void {
    this.#cache.clear();
    this.#last = null;
  }

  #prepare(sql: string): Prepared {
    return new Prepared(this.#database.prepare(sql), sql);
  }

  /** The last row's id with all its digits. */
  #lastRowId(): number | bigint {
    const { rows } = this.execute("SELECT last_insert_rowid()", []);
    return (rows[0] as DriverRow)[0] as number | bigint;
  }
}

const emptySource: RowSource = { next: () => null, end: () => {} };

/** An open result. SQLite cannot be interrupted from its own thread: time-outs are looked at between portions. */
class Cursor implements DriverCursor {
  readonly columns: readonly ColumnDescription[];
  readonly #source: RowSource;
  readonly #signal: AbortSignal | undefined;
  readonly #deadline: number;
  readonly #onClose: () => void;
  #isOpen = true;

  constructor(
    columns: readonly ColumnDescription[],
    source: RowSource,
    options: ExecuteOptions | undefined,
    onClose: () => void,
  ) {
    this.columns = columns;
    this.#source = source;
    this.#signal = options?.signal;
    this.#deadline =
      options?.statementTimeout === undefined ? Number.POSITIVE_INFINITY : performance.now() + options.statementTimeout;
    this.#onClose = onClose;
  }

  fetchMany(size: number): DriverRow[] {
    const rows: DriverRow[] = [];
    if (!this.#isOpen) return rows;
    this.#checkTime();
    while (rows.length < size) {
      const row = this.#source.next();
      if (row === null) {
        this.close();
        break;
      }
      rows.push(row);
    }
    return rows;
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#source.end();
    this.#onClose();
  }

  #checkTime(): void {
    if (this.#signal?.aborted === true) {
      this.close();
      throw cancelled(this.#signal);
    }
    if (performance.now() > this.#deadline) {
      this.close();
      throw new TimeoutError("the statement took longer than its statementTimeout", { code: "statement_timeout" });
    }
  }
}

function cancelled(signal: AbortSignal): CancelledError {
  return new CancelledError("the statement was cancelled", { cause: signal.reason });
}
