/** One connection by mysql2. Next: ./connection.ts, which decides what is sent. */
import { type DriverResult, keepEmptied } from "@athanor/driver";
import { MySQLConnection, type SentStatement } from "./connection.ts";
import type { RowSource } from "./cursor.ts";
import { encodeAll } from "./encode.ts";
import type { NativeConnection, NativeModule, NativeStatement } from "./native.ts";
import { connectionLost, connectionTerminated, type NativeError } from "./native-error.ts";
import { ParameterType } from "./parameter-types.ts";
import { type GivenFields, type GivenResult, keepAnswer, resultOf } from "./results.ts";

/** What a connection has to know beside mysql2's. */
export interface ConnectionParts {
  readonly module: NativeModule;
  readonly native: NativeConnection;
  /** Opens another connection to the same server, for KILL QUERY. */
  readonly reconnect: () => Promise<NativeConnection>;
  readonly isMariaDB: boolean;
}

/** mysql2 makes objects for each statement; one of each is kept, see the driver's `keepEmptied`. */
const kept = { queries: false, executions: false };

/** Keeps what mysql2 has made for a statement that is over. */
function keepOver(command: unknown, answer: readonly [GivenResult, GivenFields]): true {
  keepEmptied(command as object);
  keepAnswer(answer);
  return true;
}

/** A connection to MySQL or MariaDB. */
export class Mysql2Connection extends MySQLConnection {
  readonly native: NativeConnection;
  readonly #parts: ConnectionParts;

  constructor(parts: ConnectionParts) {
    super(parts.isMariaDB, typeOf);
    this.#parts = parts;
    this.native = parts.native;
    // Without a listener, a lost connection would end the process; the next call reports it.
    parts.native.on("error", (error) => this.lose(error));
    parts.native.on("end", () => this.lose(connectionLost()));
  }

  get threadId(): number | null {
    return this.native.threadId;
  }

  protected encoded(sql: string, values: readonly unknown[]): SentStatement {
    return { sql, values: encodeAll(values, this.#parts.module.TypedParameter) };
  }

  protected async sendText(sql: string): Promise<DriverResult> {
    let command: unknown;
    const answer = await promised((done) => {
      command = this.native.query(given({ sql, values: [] }), done);
    });
    const result = resultOf(answer);
    if (!kept.queries) kept.queries = keepOver(command, answer);
    return result;
  }

  protected async sendPrepared(statement: SentStatement): Promise<DriverResult> {
    let command: unknown;
    const answer = await promised((done) => {
      command = this.native.execute(given(statement), done);
    });
    const result = resultOf(answer);
    if (!kept.executions) kept.executions = keepOver(command, answer);
    return result;
  }

  protected unprepare(statement: SentStatement): void {
    this.native.unprepare(given(statement));
  }

  protected openRows(statement: SentStatement, batchSize: number): RowSource {
    const command = this.native.execute(given(statement));
    const stream = command.stream({ highWaterMark: batchSize });
    return {
      stream,
      listen({ fields, failed, ended }) {
        command.on("fields", fields);
        command.on("error", failed);
        command.on("end", ended);
      },
      read: () => stream.read() as unknown,
      discard: () => stream.destroy(),
    };
  }

  protected async runElsewhere(sql: string): Promise<void> {
    const other = await this.#parts.reconnect();
    try {
      if (this.isRunning) await promised((done) => other.query(given({ sql, values: [] }), done));
    } finally {
      other.end(() => {});
    }
  }

  async ping(): Promise<void> {
    await promised((done) => this.native.ping((error) => done(error, [], undefined)));
  }

  protected sayGoodbye(): Promise<void> {
    return new Promise((resolve) => {
      this.native.end(() => resolve());
    });
  }

  protected cut(): void {
    // mysql2's own destroy() would leave a statement that is under way without an answer.
    this.native.stream.destroy(connectionTerminated());
  }
}

function given({ sql, values }: SentStatement): NativeStatement {
  return values.length === 0 ? { sql, rowsAsArray: true } : { sql, values, rowsAsArray: true };
}

/** LONG and LONGLONG in the protocol. */
const integers: ReadonlySet<number | undefined> = new Set([3, 8]);

/** What the server takes an encoded value for. */
function typeOf(value: unknown): ParameterType {
  switch (typeof value) {
    case "string":
      return ParameterType.text;
    case "number":
      return ParameterType.double;
    case "boolean":
      return ParameterType.integer;
    default:
  }
  if (value === null) return ParameterType.unknown;
  if (Buffer.isBuffer(value)) return ParameterType.binary;
  const { type, unsigned } = value as { readonly type?: number; readonly unsigned?: boolean };
  if (unsigned === true) return ParameterType.unsigned;
  return integers.has(type) ? ParameterType.integer : ParameterType.decimal;
}

/** mysql2's callbacks as a promise. */
export function promised(
  start: (done: (error: NativeError | null, result: GivenResult, fields: GivenFields) => void) => unknown,
): Promise<[GivenResult, GivenFields]> {
  return new Promise((resolve, reject) => {
    start((error, result, fields) => {
      if (error) reject(error);
      else resolve([result, fields]);
    });
  });
}
