/** One connection by the package `mariadb`. Next: ./connection.ts, which decides what is sent. */
import type { Socket } from "node:net";
import type { DriverResult } from "@athanor/driver";
import { MySQLConnection, type SentStatement, UNSUPPORTED_PS } from "./connection.ts";
import type { RowSource } from "./cursor.ts";
import type { ResultField } from "./decode.ts";
import { encodeStatement, typeOf } from "./mariadb-encode.ts";
import type { MariadbColumn, MariadbNative, MariadbOutcome, MariadbPrepared } from "./mariadb-port.ts";
import { connectionLost, connectionTerminated, type NativeError } from "./native-error.ts";
import { keepAnswer, type ResultHeader, resultOf } from "./results.ts";

/** What a connection has to know beside the package's. */
export interface MariadbParts {
  readonly native: MariadbNative;
  /** The socket, where it is ours. */
  readonly socket: Socket | null;
  /** Opens another connection to the same server, for KILL QUERY. */
  readonly reconnect: () => Promise<MariadbNative>;
  /** Prepared statements that are kept. */
  readonly mostPrepared: number;
}

/** Statements that MariaDB takes in batches, and whose rows nobody wants. */
const batchable = /^\s*(?:INSERT|REPLACE|UPDATE|DELETE)\b(?![\s\S]*\bRETURNING\b)/i;

/** A connection to MariaDB or MySQL. */
export class MariadbConnection extends MySQLConnection {
  readonly native: MariadbNative;
  readonly #parts: MariadbParts;
  /** By their text, the one used last is last. The package's own store cannot forget a single one. */
  readonly #prepared = new Map<string, MariadbPrepared>();

  constructor(parts: MariadbParts) {
    super(parts.native.info?.isMariaDB() ?? true, typeOf);
    this.#parts = parts;
    this.native = parts.native;
    // Without a listener, a lost connection would end the process; the next call reports it.
    parts.native.on("error", (error) => this.lose(error));
    parts.native.on("end", () => this.lose(connectionLost()));
  }

  get threadId(): number | null {
    return this.native.threadId;
  }

  protected encoded(sql: string, values: readonly unknown[], isAssigned: boolean): SentStatement {
    return encodeStatement(sql, values, isAssigned);
  }

  protected async sendText(sql: string): Promise<DriverResult> {
    return outcomeOnce(await this.native.query(sql));
  }

  protected async sendPrepared({ sql, values }: SentStatement): Promise<DriverResult> {
    const prepared = await this.#prepare(sql);
    return outcomeOnce(await prepared.execute(values));
  }

  /** MariaDB's command for statements that write, all values of one type in one packet. */
  protected override async sendBatch(
    sql: string,
    sets: readonly (readonly unknown[])[],
    isAssigned: boolean,
  ): Promise<number | null> {
    if (this.native.info?.isMariaDB() !== true || !batchable.test(sql)) return null;
    const encoded = sets.map((set) => encodeStatement(sql, set, isAssigned));
    // Expressions around parameters make different statements of one.
    if (encoded.some((statement) => statement.sql !== sql || statement.values.length === 0)) return null;
    try {
      const { affectedRows } = await this.native.batch(
        { sql, rowsAsArray: false, metaAsArray: false, fullResult: false },
        encoded.map(({ values }) => values),
      );
      return affectedRows;
    } catch (error) {
      if ((error as NativeError).errno === UNSUPPORTED_PS) return null;
      throw error;
    }
  }

  async #prepare(sql: string): Promise<MariadbPrepared> {
    const known = this.#prepared.get(sql);
    if (known !== undefined) {
      this.#prepared.delete(sql);
      this.#prepared.set(sql, known);
      return known;
    }
    const prepared = await this.native.prepare(sql);
    this.#prepared.set(sql, prepared);
    if (this.#prepared.size > this.#parts.mostPrepared) this.#forget(this.#prepared.keys().next().value as string);
    return prepared;
  }

  protected unprepare({ sql }: SentStatement): void {
    this.#forget(sql);
  }

  #forget(sql: string): void {
    this.#prepared.get(sql)?.close();
    this.#prepared.delete(sql);
  }

  protected async openRows({ sql, values }: SentStatement): Promise<RowSource> {
    const stream = (await this.#prepare(sql)).executeStream(values);
    let hasFields = false;
    return {
      stream,
      listen({ fields, failed, ended }) {
        const told = (columns: readonly ResultField[] | undefined): void => {
          hasFields = true;
          fields(columns);
        };
        stream.on("fields", (columns: readonly MariadbColumn[]) => told(columns.map(fieldOf)));
        // A statement without rows has no fields to tell.
        stream.on("readable", () => {
          if (!hasFields) told(undefined);
        });
        stream.on("error", (error: NativeError | undefined) => failed(error ?? connectionLost()));
        stream.on("end", ended);
      },
      read: () => stream.read() as unknown,
      discard() {
        const drain = (): void => {
          while (stream.read() !== null);
        };
        // From now on the package drops what arrives, but the end is told behind what has come already.
        stream.close();
        stream.on("readable", drain);
        drain();
      },
    };
  }

  protected async runElsewhere(sql: string): Promise<void> {
    const other = await this.#parts.reconnect();
    try {
      if (this.isRunning) await other.query(sql);
    } finally {
      void other.end().catch(() => {});
    }
  }

  async ping(): Promise<void> {
    await this.native.ping();
  }

  protected async sayGoodbye(): Promise<void> {
    await this.native.end().catch(() => {});
  }

  protected cut(): void {
    const { socket } = this.#parts;
    if (socket === null) this.native.destroy();
    // The package's destroy() would open a connection to kill the statement.
    else socket.destroy(connectionTerminated());
  }
}

function fieldOf(column: MariadbColumn): ResultField {
  return {
    name: column.name(),
    columnType: column.columnType,
    columnLength: column.columnLength,
    characterSet: column.collation?.index ?? 0,
    flags: column.flags,
    orgTable: column.orgTable(),
    extendedFormat: column.isDataTypeFormatJson() ? "json" : undefined,
  };
}

let isAnswerKept = false;

/** The outcome, of which nobody reads the package's own form any more. */
function outcomeOnce(given: MariadbOutcome): DriverResult {
  const outcome = outcomeOf(given);
  if (!isAnswerKept) isAnswerKept = keepAnswer(given);
  return outcome;
}

function outcomeOf([given, columns]: MariadbOutcome): DriverResult {
  if (!Array.isArray(given)) return resultOf([given as ResultHeader, undefined]);
  const isNested = columns.some((column) => column === null || Array.isArray(column));
  if (!isNested) return resultOf([given, (columns as readonly MariadbColumn[]).map(fieldOf)]);
  const lists = columns as readonly (readonly MariadbColumn[] | null)[];
  return resultOf([given, lists.map((list) => list?.map(fieldOf))]);
}
