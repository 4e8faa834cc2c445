/**
 * A connection to PostgreSQL, whatever package speaks for it: when BEGIN is sent, which statements get a name, how many rows
 * become one INSERT, what is tried again. ./pg-connection.ts and ./postgresjs-connection.ts send the messages.
 */
import {
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
import { type Cancellable, cancelled, limited } from "./limits.ts";
import { itemText, type SentValue, sentValues } from "./parameters.ts";
import { fewParameters, ShortForms } from "./short-forms.ts";
import { type KnownStatement, StatementStore } from "./statements.ts";

/** Rows of a bulk INSERT that travel as one set of arrays. */
const bulkRows = 2_000;
/** Commands after which a prepared statement may not fit any more, or is gone. */
const schemaCommand = /^(?:CREATE|ALTER|DROP|DISCARD|DEALLOCATE)\b/;
const defaultPortion = 200;

/** What stands in front of a statement in the same exchange. */
export interface Prelude {
  /** `BEGIN …`, or null. */
  readonly begin: string | null;
  /** Named statements to be closed. */
  readonly close: readonly string[];
}

/** Nothing in front. */
export const nothingBefore: Prelude = { begin: null, close: [] };

/** What can be sent by COPY … FROM STDIN. */
export type CopySource = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

/** A message of LISTEN. */
export interface Notification {
  readonly channel: string;
  readonly payload: string;
  /** Server process of the connection that sent it; null where the driver does not tell (postgres.js). */
  readonly processId: number | null;
}

/** The outcome of a script, with the server's name of its last command. */
export interface ScriptResult extends DriverResult {
  readonly tag: string;
}

/** Where the server is: `I`, in no transaction; `T`, in one; `E`, in one that failed. */
export type TransactionStatus = "I" | "T" | "E";

/** One statement with its parameters. */
export interface SentStatement {
  readonly sql: string;
  readonly values: readonly SentValue[];
  readonly prelude: Prelude;
  /** Columns that stay the server's text. */
  readonly textColumns: readonly number[] | undefined;
}

/** One connection. */
export abstract class PostgresConnection implements DriverConnection, Cancellable {
  protected readonly statements: StatementStore;
  readonly #shortForms = new ShortForms();
  protected lostError: Error | null = null;
  protected isClosed = false;
  /** BEGIN waits for the first statement and travels with it. */
  #begin: string | null = null;
  #isExclusive = false;
  #isNativeUsed = false;
  #missing = 0;

  constructor(options: PostgresConnectOptions) {
    this.statements = new StatementStore(options.preparedStatements ?? "auto", options.statementCacheSize ?? 256);
  }

  // ---- what the package does ----

  abstract readonly native: unknown;
  protected abstract readonly status: TransactionStatus;
  /** Nothing is under way that could change {@link status}. */
  protected abstract readonly isQuiet: boolean;
  /** One statement, under its name where it has one. */
  protected abstract sendStatement(statement: SentStatement, known: KnownStatement | null): Promise<DriverResult>;
  /** One statement for each set, all of them or none; rows are dropped. */
  protected abstract sendMany(
    sql: string,
    sets: readonly (readonly SentValue[])[],
    prelude: Prelude,
  ): Promise<DriverResult>;
  /** SQL without parameters, possibly several statements; the last one's rows count. */
  protected abstract sendScript(sql: string, prelude: Prelude): Promise<ScriptResult>;
  /** A cursor; outside of a transaction it calls {@link released} at its end. */
  protected abstract openCursor(
    statement: SentStatement,
    size: number,
    inTransaction: boolean,
    run: <T>(work: () => Promise<T>) => Promise<T>,
  ): Promise<DriverCursor>;
  protected abstract sendCopyFrom(sql: string, prelude: Prelude, source: CopySource): Promise<number>;
  protected abstract sendCopyTo(sql: string, prelude: Prelude): AsyncGenerator<Uint8Array, void>;
  /** Calls back for each message of a channel that was listened to, and when the connection is lost. Returns its undoing. */
  abstract onNotification(receive: (message: Notification) => void, lost: (error: Error) => void): () => void;
  abstract cancel(): Promise<void>;
  abstract close(): Promise<void>;
  abstract terminate(): void;

  // ---- statements ----

  /** Named statements on the server. */
  get preparedCount(): number {
    return this.statements.size;
  }

  /** A command was completed: it may have changed what statements return. */
  protected commandCompleted(tag: string): void {
    if (!schemaCommand.test(tag)) return;
    if (tag === "DISCARD ALL" || tag === "DEALLOCATE ALL") this.statements.clear();
    else this.statements.forgetAll();
  }

  /** A cursor outside of a transaction has ended. */
  protected released(): void {
    this.#isExclusive = false;
  }

  /** The package's own object goes to the program: a transaction that has not reached the server yet is begun now. */
  protected beginForNative(): void {
    this.#isNativeUsed = true;
    const begin = this.#begin;
    if (begin === null) return;
    this.#begin = null;
    this.sendScript(begin, nothingBefore).catch(ignore);
  }

  #takePrelude(): Prelude {
    const begin = this.#begin;
    const { toClose } = this.statements;
    if (begin === null && toClose.length === 0) return nothingBefore;
    this.#begin = null;
    return { begin, close: toClose.splice(0) };
  }

  #check(options?: ExecuteOptions): void {
    if (this.#isExclusive) {
      throw new InvalidRequestError("a streaming result outside of a transaction keeps its connection to itself", {
        code: "connection_streaming",
        fix: "read it to its end or close it first, or stream inside of a transaction",
      });
    }
    if (options?.signal?.aborted) throw cancelled(options.signal, undefined);
  }

  execute(sql: string, parameters: DriverParameters, options?: ExecuteOptions): Promise<DriverResult> {
    this.#check(options);
    const given = parameters as readonly unknown[];
    if (given.length === 0 && sql.includes(";")) {
      const prelude = this.#takePrelude();
      return limited(this, () => this.sendScript(sql, prelude), options);
    }
    const short = given.length < fewParameters ? null : this.#shortForms.of(sql, given);
    const text = short?.sql ?? sql;
    const values = short?.values ?? sentValues(given);
    const known = options?.prepare === false || short?.isUnnamed === true ? null : this.statements.find(text);
    const statement = { sql: text, values, prelude: this.#takePrelude(), textColumns: options?.textColumns };
    if (known === null) return limited(this, () => this.sendStatement(statement, null), options);
    const wasParsed = known.layout !== undefined;
    return limited(this, () => this.sendStatement(statement, known), options).catch((error: unknown) =>
      this.#recover(error, statement, known, wasParsed, (again) =>
        limited(this, () => this.sendStatement(again, null), options),
      ),
    );
  }

  executeMany(
    sql: string,
    parameterSets: readonly DriverParameters[],
    options?: ExecuteOptions,
  ): Promise<DriverResult> {
    this.#check(options);
    if (parameterSets.length === 0) return Promise.resolve({ columns: null, rows: [], rowCount: 0 });
    const rows = parameterSets as readonly (readonly unknown[])[];
    const bulk = rows.length > 1 ? bulkInsert(sql) : null;
    const isBulk = bulk !== null && rows.every((row) => row.length === bulk.width && !row.some(Array.isArray));
    const sets: (readonly SentValue[])[] = [];
    if (!isBulk) for (const row of rows) sets.push(sentValues(row));
    else
      for (let start = 0; start < rows.length; start += bulkRows)
        sets.push(columnArrays(rows.slice(start, start + bulkRows), bulk.width, itemText));
    const prelude = this.#takePrelude();
    return limited(this, () => this.sendMany(isBulk ? bulk.sql : sql, sets, prelude), options);
  }

  stream(sql: string, parameters: DriverParameters, options?: ExecuteOptions): Promise<DriverCursor> {
    this.#check(options);
    const values = sentValues(parameters as readonly unknown[]);
    const inTransaction = this.#begin !== null || !this.isIdle();
    if (!inTransaction) this.#isExclusive = true;
    const statement = { sql, values, prelude: this.#takePrelude(), textColumns: options?.textColumns };
    return this.openCursor(statement, options?.batchSize ?? defaultPortion, inTransaction, (work) =>
      limited(this, work, options),
    );
  }

  /** `COPY … FROM STDIN`: sends what the source yields. Returns the number of rows. */
  copyFrom(sql: string, source: CopySource): Promise<number> {
    this.#check();
    return this.sendCopyFrom(sql, this.#takePrelude(), source);
  }

  /** `COPY … TO STDOUT`: the bytes as they arrive. Stopping early cancels the statement. */
  copyTo(sql: string): AsyncGenerator<Uint8Array, void> {
    this.#check();
    return this.sendCopyTo(sql, this.#takePrelude());
  }

  /** A named statement that the server does not know (any more), or whose plan does not fit any more, is tried once more. */
  #recover<T>(
    error: unknown,
    statement: SentStatement,
    known: KnownStatement,
    wasParsed: boolean,
    again: (statement: SentStatement) => Promise<T>,
  ): Promise<T> {
    const { code, message = "" } = error as { code?: unknown; message?: string };
    const { sql, prelude } = statement;
    if (known.layout === undefined) this.statements.forget(sql);
    const isLost = code === "26000" && wasParsed;
    const isTaken = code === "42P05";
    const isStale = code === "0A000" && wasParsed && message.includes("cached plan");
    if (!isLost && !isTaken && !isStale) throw error;
    if (isTaken || (isLost && ++this.#missing > 1)) this.statements.giveUp();
    else if (isLost) this.statements.clear();
    else this.statements.forget(sql);
    if (this.lostError !== null) throw error;
    const anew = { ...statement, prelude: { begin: prelude.begin, close: [] } };
    if (this.status === "I") return again(anew);
    if (prelude.begin === null) throw error;
    // The transaction was begun by this very statement: nothing is lost by beginning it once more.
    return this.sendScript("ROLLBACK", nothingBefore).then(() => again(anew));
  }

  // ---- transactions ----

  /** The server is in no transaction, and nothing is under way that could begin one. */
  isIdle(): boolean {
    return this.status === "I" && this.isQuiet && this.#begin === null && this.lostError === null;
  }

  begin(sql = "BEGIN"): MaybePromise<void> {
    this.#check();
    if (!this.#isNativeUsed) {
      this.#begin = sql;
      return undefined;
    }
    return this.sendScript(sql, nothingBefore).then(ignore);
  }

  commit(): MaybePromise<void> {
    return this.#end("COMMIT")?.then(({ tag }) => {
      if (tag === "ROLLBACK")
        throw Object.assign(new Error("the transaction had failed before: COMMIT has rolled it back"), {
          code: "25P02",
          severity: "ERROR",
        });
    });
  }

  rollback(): MaybePromise<void> {
    return this.#end("ROLLBACK")?.then(ignore);
  }

  /** Nothing to wait for where the server knows of no transaction. */
  #end(sql: string): Promise<ScriptResult> | undefined {
    if (this.#begin !== null) {
      this.#begin = null;
      return undefined;
    }
    return this.isIdle() ? undefined : this.sendScript(sql, nothingBefore);
  }

  isOpen(): boolean {
    return this.lostError === null && !this.isClosed;
  }
}

/** For outcomes that nobody needs. */
export function ignore(): void {}
