/** better-sqlite3 behind the driver interface: `sqlite://`, or `sqlite+better-sqlite3://`. */
import { ArgumentError, type Driver, type DriverConnection, type DriverRow } from "@athanor/driver";
import type BetterSqlite3 from "better-sqlite3";
import type { SQLiteConnectOptions } from "../connect-options.ts";
import { SQLiteConnection } from "./connection.ts";
import {
  type AggregateState,
  type BackupProgress,
  type NativeAggregate,
  type NativeColumn,
  type NativeDatabase,
  type NativeFunction,
  type NativeOutcome,
  type NativeParameters,
  type NativeStatement,
  pagesPerStep,
} from "./native.ts";
import { prepareSession } from "./session.ts";

type Library = typeof BetterSqlite3;

/** Values as arguments cost the library less than values in an array, as long as they are few. */
function spreads(parameters: NativeParameters): parameters is readonly unknown[] {
  return Array.isArray(parameters) && parameters.length < 64;
}

class Statement implements NativeStatement {
  readonly isReader: boolean;
  readonly isReadonly: boolean;
  readonly #statement: BetterSqlite3.Statement;

  constructor(statement: BetterSqlite3.Statement) {
    this.#statement = statement;
    this.isReader = statement.reader;
    this.isReadonly = statement.readonly;
    if (statement.reader) statement.raw(true);
  }

  all(parameters: NativeParameters): DriverRow[] {
    return (spreads(parameters) ? this.#statement.all(...parameters) : this.#statement.all(parameters)) as DriverRow[];
  }

  run(parameters: NativeParameters): NativeOutcome {
    return spreads(parameters) ? this.#statement.run(...parameters) : this.#statement.run(parameters);
  }

  iterate(parameters: NativeParameters): Iterator<DriverRow> {
    return this.#statement.iterate(parameters) as Iterator<DriverRow>;
  }

  columns(): readonly NativeColumn[] {
    return this.#statement.columns();
  }

  readExactly(exactly: boolean): void {
    this.#statement.safeIntegers(exactly);
  }
}

class Database implements NativeDatabase {
  readonly native: BetterSqlite3.Database;

  constructor(native: BetterSqlite3.Database) {
    this.native = native;
  }

  get isOpen(): boolean {
    return this.native.open;
  }

  get inTransaction(): boolean {
    return this.native.inTransaction;
  }

  prepare(sql: string): NativeStatement {
    return new Statement(this.native.prepare(sql));
  }

  allowInterleaving(allow: boolean): void {
    this.native.unsafeMode(allow);
  }

  defineFunction(name: string, { call, ...facts }: NativeFunction): void {
    this.native.function(name, { ...facts, safeIntegers: true }, call);
  }

  defineAggregate(name: string, definition: NativeAggregate): void {
    this.native.aggregate<AggregateState>(name, { ...definition, safeIntegers: true });
  }

  async backup(filename: string, progress: BackupProgress | undefined): Promise<unknown> {
    try {
      return await this.native.backup(filename, {
        progress({ totalPages, remainingPages }) {
          progress?.(remainingPages, totalPages);
          return pagesPerStep;
        },
      });
    } catch (error) {
      // The library looks for the folder by itself, before SQLite could.
      if (!(error instanceof TypeError)) throw error;
      throw Object.assign(new Error(error.message, { cause: error }), { code: "SQLITE_CANTOPEN" });
    }
  }

  close(): void {
    this.native.close();
  }
}

/** The driver over an imported better-sqlite3. */
export function betterSqlite3Driver(module: unknown): Driver<SQLiteConnectOptions> {
  const Library = ((module as { default?: unknown }).default ?? module) as Library;
  return {
    name: "better-sqlite3",
    paramStyle: "qmark",
    isAsync: false,
    connect(options: SQLiteConnectOptions): DriverConnection {
      if (options.uriArguments !== undefined) {
        throw new ArgumentError(
          `better-sqlite3 cannot open a database with ${Object.keys(options.uriArguments).join(", ")}`,
          {
            fix: "use sqlite+node://, whose library takes file: URIs",
          },
        );
      }
      const native = new Library(options.filename, {
        readonly: options.mode === "ro",
        fileMustExist: options.mode === "rw",
        timeout: Math.round(options.timeout * 1000),
      });
      const database = new Database(native);
      prepareSession(database, options);
      return new SQLiteConnection(database, options.cachedStatements, options.transactionMode);
    },
  };
}
