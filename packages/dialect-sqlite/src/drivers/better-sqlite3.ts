/** better-sqlite3 behind the driver interface: `sqlite://`, or `sqlite+better-sqlite3://`. */
import { ArgumentError, type Driver, type DriverConnection, type DriverRow } from "@athanor/driver";
import type BetterSqlite3 from "better-sqlite3";
import type { SQLiteConnectOptions } from "../connect-options.ts";
import { SQLiteConnection } from "./connection.ts";
import type { NativeColumn, NativeDatabase, NativeOutcome, NativeParameters, NativeStatement } from "./native.ts";
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
      prepareSession(database, options, (name, implementation) =>
        native.function(name, { deterministic: true }, implementation as (...values: unknown[]) => unknown),
      );
      return new SQLiteConnection(database, options.cachedStatements, options.transactionMode);
    },
  };
}
