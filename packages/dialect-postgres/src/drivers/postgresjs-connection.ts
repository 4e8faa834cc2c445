/** A connection over postgres.js: queries of its public interface on one reserved connection. Next: ./postgresjs-copy.ts. */
import { type DriverCursor, type DriverResult, type DriverRow, keepEmptied } from "@athanor/driver";
import type { PostgresConnectOptions } from "../connect-options.ts";
import {
  type CopySource,
  ignore,
  type Notification,
  nothingBefore,
  PostgresConnection,
  type Prelude,
  type ScriptResult,
  type SentStatement,
  type TransactionStatus,
} from "./connection.ts";
import type { SentValue } from "./parameters.ts";
import { copyFrom, copyTo } from "./postgresjs-copy.ts";
import { openCursor } from "./postgresjs-cursor.ts";
import type { JsOutcome, JsQuery, JsReserved, JsResult, JsSql } from "./postgresjs-port.ts";
import type { Wire } from "./postgresjs-wire.ts";
import { layoutOf, readRow, withTextColumns } from "./row-layout.ts";
import type { KnownStatement } from "./statements.ts";

/** Statements of one batch that are on their way at a time; less than the package's pipeline is long. */
const portion = 400;
/** Texts that were ever prepared on a connection. postgres.js never forgets one, so there must be an end to it. */
const mostTexts = 10_000;
/** Milliseconds that a cancel request may take to arrive. */
const cancelPatience = 5_000;
/** Seconds that a farewell may take. */
const farewell = 2;

interface Pending {
  readonly query: JsQuery;
  /** It only prepares for another one. */
  readonly isPrelude: boolean;
  readonly reject: (error: unknown) => void;
}

/** postgres.js makes objects for each statement; one of each is kept, see the driver's `keepEmptied`. */
const kept = { statements: false, scripts: false };

/** Keeps what postgres.js has made for a statement that is over. */
function keepOver(query: JsQuery, result: JsResult): true {
  keepEmptied(query);
  keepEmptied(result);
  return true;
}

/** One connection. */
export class PostgresjsConnection extends PostgresConnection {
  readonly #sql: JsSql;
  readonly #reserved: JsReserved;
  readonly #wire: Wire;
  /** The server's process of this connection. */
  readonly processId: number | null;
  protected status: TransactionStatus = "I";
  /** Queries that are under way, in order. */
  readonly #pending = new Set<Pending>();
  /** What postgres.js holds for prepared. */
  readonly #texts = new Set<string>();
  #isNativeUsed = false;
  #cursors = 0;
  readonly #onLost = new Set<(error: Error) => void>();

  constructor(sql: JsSql, reserved: JsReserved, wire: Wire, processId: number | null, options: PostgresConnectOptions) {
    super(options);
    this.#sql = sql;
    this.#reserved = reserved;
    this.#wire = wire;
    this.processId = processId;
    wire.onclose = () => this.#lose(new Error("Connection terminated unexpectedly"));
  }

  /** postgres.js's `sql` over this connection. A transaction that has not reached the server yet is begun now. */
  get native(): JsReserved {
    this.#isNativeUsed = true;
    this.beginForNative();
    return this.#reserved;
  }

  protected get isQuiet(): boolean {
    // What a program does by itself cannot be seen.
    return this.#pending.size === 0 && !this.#isNativeUsed;
  }

  #lose(error: Error): void {
    this.lostError ??= error;
    this.statements.clear();
    const reason = this.isClosed ? new Error("Connection terminated") : error;
    for (const { reject } of this.#pending) reject(reason);
    this.#pending.clear();
    for (const tell of this.#onLost) tell(reason);
  }

  // ---- queries ----

  /** Sends a query, behind those that are under way. */
  send(query: JsQuery, isPrelude = false): Promise<JsOutcome> {
    if (this.lostError !== null || this.isClosed)
      return Promise.reject(this.lostError ?? new Error("Connection terminated"));
    return new Promise<JsOutcome>((resolve, reject) => {
      const pending: Pending = { query, isPrelude, reject };
      this.#pending.add(pending);
      query.then(
        (value) => {
          this.#pending.delete(pending);
          this.#note(value, isPrelude);
          resolve(value);
        },
        (error: unknown) => {
          this.#pending.delete(pending);
          if (this.status === "T" && isServerError(error)) this.status = "E";
          reject(error);
        },
      );
    });
  }

  /** What a command means for the transaction, and for statements that are prepared. */
  #note(outcome: JsOutcome, isPrelude: boolean): void {
    // In a failed transaction only ROLLBACK TO and the commands that end it are no errors.
    if (this.status === "E") this.status = "T";
    if (!Array.isArray(outcome)) return;
    for (const { command } of isResult(outcome) ? [outcome] : (outcome as readonly JsResult[])) {
      if (command === "BEGIN" || command === "START TRANSACTION") this.status = "T";
      else if (command === "COMMIT" || command === "PREPARE TRANSACTION") this.status = "I";
      if (command != null && !isPrelude) this.commandCompleted(command);
    }
  }

  /** Sends what stands in front. Nothing waits for it: the server takes one after the other. */
  sendPrelude({ begin, close }: Prelude): Promise<unknown> {
    // An error would end a transaction, so names are given back outside of one only.
    if (this.status === "I")
      for (const name of close) this.send(this.query(`DEALLOCATE "${name}"`), true).catch(ignore);
    else this.statements.toClose.push(...close);
    if (begin === null) return Promise.resolve();
    const started = this.send(this.query(begin), true);
    started.catch(ignore);
    return started;
  }

  /** A query of text alone. */
  query(sql: string): JsQuery {
    return this.#reserved.unsafe(sql);
  }

  protected async sendStatement(statement: SentStatement, known: KnownStatement | null): Promise<DriverResult> {
    const { sql, textColumns } = statement;
    const values = statement.values.map(textOf);
    const begun = this.sendPrelude(statement.prelude);
    const isKept = known !== null && this.#mayPrepare(sql);
    const isCopy = values.length === 0 && /^\s*COPY\b/i.test(sql);
    const query = (): JsQuery => this.#reserved.unsafe(sql, values, { prepare: isKept, simple: isCopy });
    // The name that postgres.js would take was given back, or its plan does not fit any more.
    if (isKept && known.layout === undefined && this.#texts.has(sql)) this.send(query().describe(), true).catch(ignore);
    const main = textColumns === undefined ? query().values() : query().raw();
    const [, outcome] = await Promise.all([begun, this.send(main)]);
    if (!isResult(outcome)) return refuseCopy(outcome);
    if (isKept) {
      this.#texts.add(sql);
      known.name = outcome.statement?.name ?? known.name;
      known.layout ??= null;
    }
    const result = resultOf(outcome, textColumns);
    if (!kept.statements) kept.statements = keepOver(main, outcome);
    return result;
  }

  #mayPrepare(sql: string): boolean {
    return this.#texts.has(sql) || this.#texts.size < mostTexts;
  }

  protected async sendMany(
    sql: string,
    sets: readonly (readonly SentValue[])[],
    prelude: Prelude,
  ): Promise<DriverResult> {
    const isOwn = this.status === "I" && prelude.begin === null;
    const begun = this.sendPrelude(isOwn ? { ...prelude, begin: "BEGIN" } : prelude);
    try {
      const rowCount = await this.#sendSets(sql, sets);
      await begun;
      if (isOwn) await this.send(this.query("COMMIT"));
      return { columns: null, rows: [], rowCount };
    } catch (error) {
      if (isOwn && this.lostError === null) await this.#rollbackBatch();
      throw error;
    }
  }

  /** A cancel request that was repeated because it seemed lost may hit the first ROLLBACK. */
  async #rollbackBatch(): Promise<void> {
    const rollback = (): Promise<unknown> => this.sendScript("ROLLBACK", nothingBefore);
    await rollback().catch(rollback).catch(ignore);
  }

  async #sendSets(sql: string, sets: readonly (readonly SentValue[])[]): Promise<number> {
    const prepare = this.statements.policy !== "off" && this.#mayPrepare(sql);
    const query = (values: readonly SentValue[]): JsQuery =>
      this.#reserved.unsafe(sql, values.map(textOf), { prepare, simple: false });
    if (prepare) {
      // Only what is prepared goes one behind the other without waiting; the name is for this batch.
      this.statements.forget(sql);
      const { name } = (await this.send(query(sets[0] as readonly SentValue[]).describe(), true)) as { name: string };
      this.#texts.add(sql);
      this.statements.toClose.push(name);
    }
    const size = prepare ? portion : 1;
    let rowCount = 0;
    for (let from = 0; from < sets.length; from += size) {
      const sent = sets.slice(from, from + size).map((values) => this.send(query(values)));
      for (const outcome of await Promise.allSettled(sent)) {
        if (outcome.status === "rejected") throw outcome.reason;
        rowCount += (outcome.value as JsResult).count ?? 0;
      }
    }
    return rowCount;
  }

  protected async sendScript(sql: string, prelude: Prelude): Promise<ScriptResult> {
    const begun = this.sendPrelude(prelude);
    const query = this.query(sql).values();
    const [, outcome] = await Promise.all([begun, this.send(query)]);
    if (/^(?:COMMIT|ROLLBACK)$/.test(sql)) this.status = "I";
    // The results of a script do not tell each command.
    else if (beginsTransaction(sql) && this.status === "I") this.status = "T";
    if (!Array.isArray(outcome)) return refuseCopy(outcome);
    const last = (isResult(outcome) ? outcome : (outcome as readonly JsResult[]).at(-1)) as JsResult;
    const hasRows = returnsRows(last, sql);
    const result = resultOf(last, undefined, hasRows);
    // Of several commands the package tells the first one's count.
    const rowCount = hasRows ? result.rows.length : /;\s*\S/.test(sql) ? -1 : result.rowCount;
    const tag = last.command ?? "";
    if (!kept.scripts) kept.scripts = keepOver(query, last);
    return { ...result, rowCount, tag };
  }

  protected openCursor(
    statement: SentStatement,
    size: number,
    inTransaction: boolean,
    run: <T>(work: () => Promise<T>) => Promise<T>,
  ): Promise<DriverCursor> {
    const name = `athanor_${++this.#cursors}`;
    return openCursor(
      {
        execute: (sent) => run(() => this.sendStatement(sent, null)),
        script: (sql) => run(() => this.sendScript(sql, nothingBefore)),
        hasFailed: () => this.status === "E",
        isLost: () => this.lostError !== null,
        released: () => this.released(),
      },
      statement,
      name,
      size,
      inTransaction,
    );
  }

  protected sendCopyFrom(sql: string, prelude: Prelude, source: CopySource): Promise<number> {
    return copyFrom(this, sql, prelude, source);
  }

  protected sendCopyTo(sql: string, prelude: Prelude): AsyncGenerator<Buffer, void> {
    return copyTo(this, sql, prelude);
  }

  onNotification(receive: (message: Notification) => void, lost: (error: Error) => void): () => void {
    this.#wire.onnotify = (channel, payload) => receive({ channel, payload, processId: null });
    this.#onLost.add(lost);
    return () => {
      this.#wire.onnotify = null;
      this.#onLost.delete(lost);
    };
  }

  // ---- the connection ----

  /** A cancel request for what the server is working on; postgres.js confuses answers where another one was cancelled. */
  async cancel(): Promise<void> {
    for (;;) {
      // A query is sent some microtasks after it was asked for.
      await new Promise((resolve) => setImmediate(resolve));
      const active = [...this.#pending].find(({ query }) => query.active);
      if (active === undefined || this.lostError !== null) return;
      if (!active.isPrelude) return requestCancel(active.query);
      await Promise.resolve(active.query).then(ignore, ignore);
    }
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    if (this.lostError !== null) return this.#wire.destroy();
    this.#reserved.release();
    await this.#sql.end({ timeout: farewell }).catch(ignore);
    this.#wire.destroy();
  }

  terminate(): void {
    this.isClosed = true;
    this.#wire.destroy();
  }
}

/** Never fails: what was asked for may be over already. */
async function requestCancel(query: JsQuery): Promise<void> {
  const { canceller } = query;
  if (canceller === null) return;
  let timer: NodeJS.Timeout | undefined;
  const givenUp = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, cancelPatience);
  });
  await Promise.race([canceller(query).catch(ignore), givenUp]);
  clearTimeout(timer);
}

function textOf(value: SentValue): string | null {
  return value === null || typeof value === "string" ? value : `\\x${value.toString("hex")}`;
}

function isServerError(error: unknown): boolean {
  return (error as { severity?: unknown }).severity !== undefined;
}

function isResult(outcome: JsOutcome): outcome is JsResult {
  return Array.isArray(outcome) && "command" in outcome;
}

/** Whether a script has a BEGIN that is not a function's. */
function beginsTransaction(sql: string): boolean {
  return /(?:^|;)\s*(?:BEGIN|START\s+TRANSACTION)\b/i.test(sql.replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, ""));
}

/** COPY where nobody expects a stream. */
async function refuseCopy(outcome: JsOutcome): Promise<never> {
  const error = new Error("COPY needs copyFrom() or copyTo()");
  if ("destroy" in outcome) outcome.on("error", ignore).destroy(error);
  throw error;
}

/** Whether the last command of a script has rows: a result keeps those of the one before it. */
function returnsRows({ command }: JsResult, sql: string): boolean {
  if (/^(?:INSERT|UPDATE|DELETE|MERGE)$/.test(command ?? "")) return /\bRETURNING\b/i.test(sql);
  return /^(?:SELECT|FETCH|SHOW|EXPLAIN|CALL|EXECUTE|VALUES|TABLE)$/.test(command ?? "");
}

function resultOf(
  result: JsResult,
  textColumns: readonly number[] | undefined,
  hasRows: boolean = result.columns != null && (result.columns.length > 0 || result.length > 0),
): DriverResult {
  const rowCount = result.count ?? -1;
  if (!hasRows) return { columns: null, rows: [], rowCount };
  const columns = (result.columns ?? []).map(({ name, type }) => ({ name, typeCode: type }));
  // A plain list: the result of the package holds on to more.
  if (textColumns === undefined) return { columns, rows: result.slice(), rowCount };
  return { columns, rows: decoded(result, textColumns), rowCount };
}

/** Rows of bytes: some columns stay text, the others are read as usual. */
function decoded(result: JsResult, textColumns: readonly number[]): DriverRow[] {
  const fields = (result.columns ?? []).map(({ name, type }) => ({ name, dataTypeID: type }));
  const layout = withTextColumns(layoutOf(fields), textColumns);
  return result.map((row) =>
    readRow(
      layout,
      row.map((bytes) => (bytes === null ? null : (bytes as Buffer).toString())),
    ),
  );
}
