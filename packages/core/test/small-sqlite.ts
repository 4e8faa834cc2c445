/** A small SQLite dialect over better-sqlite3, so that the engine's tests need no dialect package. */
import type {
  ColumnDescription,
  Driver,
  DriverConnection,
  DriverCursor,
  DriverParameters,
  DriverResult,
  DriverRow,
  Step,
} from "@athanor/driver";
import { QueuePool, SingletonPool } from "@athanor/pool";
import Database from "better-sqlite3";
import { ansiTypeVisitors } from "../src/compiler/ansi/types.ts";
import type { BindStyle } from "../src/compiler/dialect-port.ts";
import type { TypeVisitors } from "../src/compiler/visitors.ts";
import { DefaultDialect, defaultCapabilities } from "../src/dialect/default-dialect.ts";
import type { Capabilities, PoolClass, TranslatedError } from "../src/dialect/dialect.ts";
import type { RunQuery } from "../src/dialect/reflection.ts";
import { type DialectDefinition, registerDialect } from "../src/dialect/registry.ts";
import { DatabaseError, IntegrityError, OperationalError } from "../src/errors/database.ts";
import type { CheckKind } from "../src/schema/ports.ts";
import type { URL } from "../src/url/url.ts";

class SmallConnection implements DriverConnection {
  readonly native: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();
  readonly #columns = new WeakMap<Database.Statement, readonly ColumnDescription[]>();

  constructor(file: string) {
    this.native = new Database(file);
  }

  #prepare(sql: string): Database.Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.native.prepare(sql);
      if (statement.reader) statement.raw(true);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  execute(sql: string, parameters: DriverParameters): DriverResult {
    const statement = this.#prepare(sql);
    if (!statement.reader) {
      const { changes, lastInsertRowid } = statement.run(parameters);
      return { columns: null, rows: [], rowCount: changes, lastRowId: Number(lastInsertRowid) };
    }
    const rows = statement.all(parameters) as DriverRow[];
    let columns = this.#columns.get(statement);
    if (columns === undefined) {
      columns = statement.columns().map(({ name }) => ({ name }));
      this.#columns.set(statement, columns);
    }
    return { columns, rows, rowCount: rows.length };
  }

  executeMany(sql: string, sets: readonly DriverParameters[]): DriverResult {
    let rowCount = 0;
    for (const set of sets) rowCount += this.#prepare(sql).run(set).changes;
    return { columns: null, rows: [], rowCount };
  }

  stream(sql: string, parameters: DriverParameters): DriverCursor {
    const statement = this.native.prepare(sql).raw(true);
    const rows = statement.iterate(parameters) as Iterator<DriverRow>;
    return {
      columns: statement.columns().map(({ name }) => ({ name })),
      fetchMany(size) {
        const portion: DriverRow[] = [];
        while (portion.length < size) {
          const next = rows.next();
          if (next.done) break;
          portion.push(next.value);
        }
        return portion;
      },
      close: () => void rows.return?.(),
    };
  }

  begin(sql = "BEGIN"): void {
    this.native.exec(sql);
  }
  commit(): void {
    this.native.exec("COMMIT");
  }
  rollback(): void {
    if (this.native.inTransaction) this.native.exec("ROLLBACK");
  }
  isOpen(): boolean {
    return this.native.open;
  }
  close(): void {
    this.native.close();
  }
}

/** The driver, blocking; `later` makes the same one answer with promises. */
export function smallDriver(isAsync = false): Driver<{ readonly file: string }> {
  return {
    name: isAsync ? "slow" : "small",
    paramStyle: "qmark",
    isAsync,
    connect({ file }) {
      const connection = new SmallConnection(file);
      return isAsync ? Promise.resolve(promising(connection)) : connection;
    },
  };
}

function promising(connection: SmallConnection): DriverConnection {
  const later = <T>(work: () => T): Promise<T> => Promise.resolve().then(work);
  return {
    native: connection.native,
    execute: (sql, parameters) => later(() => connection.execute(sql, parameters)),
    executeMany: (sql, sets) => later(() => connection.executeMany(sql, sets)),
    stream: (sql, parameters) =>
      later(() => {
        const cursor = connection.stream(sql, parameters);
        const slow: DriverCursor = {
          columns: cursor.columns,
          fetchMany: (size) => later(() => cursor.fetchMany(size) as DriverRow[]),
          close: () => later(() => void cursor.close()),
        };
        return slow;
      }),
    begin: (sql) => later(() => connection.begin(sql)),
    commit: () => later(() => connection.commit()),
    rollback: () => later(() => connection.rollback()),
    isOpen: () => connection.isOpen(),
    close: () => later(() => connection.close()),
  };
}

const capabilities: Capabilities = {
  ...defaultCapabilities,
  insertReturning: true,
  updateReturning: true,
  deleteReturning: true,
  insertManyReturning: true,
  defaultValues: true,
  multiRowInsert: true,
  insertManyValues: true,
  maxParameters: 32766,
  serverSideCursors: true,
};

/** SQLite, as far as the tests go. */
export class SmallDialect extends DefaultDialect {
  override readonly name = "small";
  override readonly capabilities = capabilities;
  override readonly bindStyle: BindStyle = "qmark";
  override readonly defaultSchema = "main";

  override readonly typeVisitors: TypeVisitors = { ...ansiTypeVisitors, json: () => "JSON", JSON: () => "JSON" };

  override poolClass(url: URL): PoolClass {
    return (url.database ? QueuePool : SingletonPool) as PoolClass;
  }

  override connectOptions(url: URL): unknown {
    return { file: url.database ?? ":memory:" };
  }

  override *setIsolationLevel(): Step<void> {}
  override *resetIsolationLevel(): Step<void> {}

  override *exists(query: RunQuery, kind: CheckKind, name: string): Step<boolean> {
    if (kind === "sequences" || kind === "types") return false;
    return (yield* query("SELECT 1 FROM sqlite_master WHERE name = ?", [name])).rows.length > 0;
  }

  override translateError(error: unknown): TranslatedError {
    const { code = "", message } = error as { code?: string; message: string };
    if (code.startsWith("SQLITE_CONSTRAINT"))
      return {
        class: IntegrityError,
        message,
        kind: code.endsWith("UNIQUE") || code.endsWith("PRIMARYKEY") ? "unique" : "other",
      };
    return { class: code === "SQLITE_ERROR" ? OperationalError : DatabaseError, message };
  }

  override isDisconnect(error: unknown): boolean {
    return error instanceof Error && error.message.includes("not open");
  }
}

/** How the small dialect registers itself. */
export const smallDefinition: DialectDefinition = {
  defaultDriver: "small",
  drivers: {
    small: { package: null, create: () => smallDriver() },
    slow: { package: null, isAsync: true, create: () => smallDriver(true) },
  },
  create: (driver) => new SmallDialect({ driver }),
};
registerDialect("small", smallDefinition);
