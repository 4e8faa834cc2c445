/** node:sqlite, the library inside Node, behind the driver interface: `sqlite+node://`. */
import type * as NodeSqlite from "node:sqlite";
import { pathToFileURL } from "node:url";
import { type Driver, type DriverConnection, type DriverRow, InvalidRequestError } from "@athanor/driver";
import type { SQLiteConnectOptions } from "../connect-options.ts";
import { SQLiteConnection } from "./connection.ts";
import { findMarkers, type Markers, statementEnd } from "./markers.ts";
import {
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

type Value = NodeSqlite.SQLInputValue;

/** Statements that only read. What is not told here is treated as if it wrote. */
const query = /^\s*(?:select|values|explain|with(?![\s\S]*\b(?:insert|update|delete|replace)\b))\b/i;

class Statement implements NativeStatement {
  readonly isReader: boolean;
  readonly isReadonly: boolean;
  readonly #statement: NodeSqlite.StatementSync;
  /** The library itself takes missing values as NULL. */
  readonly #markers: Markers;

  constructor(statement: NodeSqlite.StatementSync, sql: string) {
    this.#statement = statement;
    this.isReader = statement.columns().length > 0;
    this.isReadonly = this.isReader && query.test(sql);
    this.#markers = findMarkers(sql);
    if (this.isReader) statement.setReturnArrays(true);
  }

  all(parameters: NativeParameters): DriverRow[] {
    return this.#statement.all(...this.#checked(parameters)) as unknown as DriverRow[];
  }

  run(parameters: NativeParameters): NativeOutcome {
    return this.#statement.run(...this.#checked(parameters));
  }

  iterate(parameters: NativeParameters): Iterator<DriverRow> {
    return this.#statement.iterate(...this.#checked(parameters)) as unknown as Iterator<DriverRow>;
  }

  columns(): readonly NativeColumn[] {
    return this.#statement.columns().map(({ name, type }) => ({ name, type }));
  }

  readExactly(exactly: boolean): void {
    this.#statement.setReadBigInts(exactly);
  }

  #checked(parameters: NativeParameters): Value[] {
    const { count, names } = this.#markers;
    if (!Array.isArray(parameters)) {
      const missing = names.find((name) => !Object.hasOwn(parameters, name));
      if (missing !== undefined) throw new RangeError(`Missing named parameter "${missing}"`);
      if (count > 0) throw new RangeError("Too few parameter values were provided");
      return [parameters as unknown as Value];
    }
    if (names.length === 0 && parameters.length !== count) {
      throw new RangeError(`Too ${parameters.length < count ? "few" : "many"} parameter values were provided`);
    }
    return parameters as Value[];
  }
}

class Database implements NativeDatabase {
  readonly native: NodeSqlite.DatabaseSync;
  readonly #backup: typeof NodeSqlite.backup;

  constructor(native: NodeSqlite.DatabaseSync, backup: typeof NodeSqlite.backup) {
    this.native = native;
    this.#backup = backup;
  }

  get isOpen(): boolean {
    return this.native.isOpen;
  }

  get inTransaction(): boolean {
    return this.native.isTransaction;
  }

  prepare(sql: string): NativeStatement {
    // The library drops what follows the first statement without a word.
    const rest = sql.slice(statementEnd(sql));
    if (rest.trim() !== "" && statementEnd(rest) !== 0)
      throw new RangeError("The supplied SQL string contains more than one statement");
    return new Statement(this.native.prepare(sql), sql);
  }

  allowInterleaving(): void {}

  defineFunction(name: string, { call, ...facts }: NativeFunction): void {
    this.native.function(name, { ...facts, useBigIntArguments: true }, call as (...values: Value[]) => Value);
  }

  defineAggregate(name: string, definition: NativeAggregate): void {
    // The library keeps any value for the state; its types say otherwise.
    const options = { ...definition, useBigIntArguments: true } as unknown as NodeSqlite.AggregateOptions;
    this.native.aggregate(name, options);
  }

  backup(filename: string, progress: BackupProgress | undefined): Promise<unknown> {
    return this.#backup(this.native, filename, {
      rate: pagesPerStep,
      progress: ({ totalPages, remainingPages }) => progress?.(remainingPages, totalPages),
    });
  }

  close(): void {
    this.native.close();
  }
}

/** The driver over an imported node:sqlite. */
export function nodeSqliteDriver(module: unknown): Driver<SQLiteConnectOptions> {
  const { DatabaseSync, backup } = module as typeof NodeSqlite;
  return {
    name: "node",
    paramStyle: "qmark",
    isAsync: false,
    connect(options: SQLiteConnectOptions): DriverConnection {
      const native = new DatabaseSync(locationOf(options), {
        readOnly: options.mode === "ro",
        timeout: Math.round(options.timeout * 1000),
        enableForeignKeyConstraints: false,
      });
      if (!("isTransaction" in native)) {
        throw new InvalidRequestError("the node:sqlite of this Node is too old", {
          fix: "use Node 24 or later, or better-sqlite3",
        });
      }
      const database = new Database(native, backup);
      prepareSession(database, options);
      return new SQLiteConnection(database, options.cachedStatements, options.transactionMode);
    },
  };
}

/** A path, or a `file:` URL where SQLite has to be told more. */
function locationOf(options: SQLiteConnectOptions): string | URL {
  const { filename, mode, uriArguments } = options;
  if (mode !== "rw" && mode !== "memory" && uriArguments === undefined) return filename;
  if (filename === ":memory:" && uriArguments === undefined) return filename;
  const inMemory = filename === ":memory:" || mode === "memory";
  const url = inMemory
    ? new URL(`file:///${filename === ":memory:" ? "memory" : encodeURIComponent(filename)}`)
    : pathToFileURL(filename);
  for (const [name, value] of Object.entries(uriArguments ?? {})) url.searchParams.set(name, value);
  url.searchParams.set("mode", inMemory ? "memory" : mode);
  return url;
}
