/**
 * What a dialect is: its rendering tables, its facts, and how it treats connections. Everything has a default that fits
 * an ANSI database; a dialect replaces what differs. Next: ./default-dialect.ts, ./registry.ts.
 */
import type { Driver, DriverConnection, Step } from "@athanor/driver";
import { type ConnectionCreator, type Pool, QueuePool, type QueuePoolOptions } from "@athanor/pool";
import type { BindStyle, CompilerCapabilities, CompilerDialect } from "../compiler/dialect-port.ts";
import type { IdentifierRules } from "../compiler/quoting.ts";
import type { FunctionVisitors, TypeVisitors, Visitors } from "../compiler/visitors.ts";
import type { DatabaseErrorDetails, DBAPIError } from "../errors/database.ts";
import { InvalidRequestError } from "../errors/errors.ts";
import type { CheckKind } from "../schema/ports.ts";
import { TypeDecorator } from "../types/decorator.ts";
import type { SqlType } from "../types/type.ts";
import type { URL } from "../url/url.ts";
import type { DialectReflection, RunQuery } from "./reflection.ts";

/** Facts about a database; those of the compiler and those of connections. */
export interface Capabilities extends CompilerCapabilities {
  readonly savepoints: boolean;
  readonly twoPhase: boolean;
  /** The driver reports the generated key of an INSERT. */
  readonly lastRowId: boolean;
  /** Row counts of UPDATE and DELETE are the rows that matched. */
  readonly saneRowCount: boolean;
  /** Row counts of an executemany are known. */
  readonly saneMultiRowCount: boolean;
  /** Unbuffered results. */
  readonly serverSideCursors: boolean;
  /** ALTER TABLE can add and drop constraints. */
  readonly alter: boolean;
  readonly comments: boolean;
  readonly inlineComments: boolean;
  readonly schemas: boolean;
  /** `IF NOT EXISTS` and the like are checked by the engine where the database has none. */
  readonly ifExists: boolean;
}

/** A class of pools, as `createEngine(url, { poolclass })` takes it. */
export type PoolClass = new (creator: ConnectionCreator, options?: QueuePoolOptions) => Pool;

/** Isolation levels by their standard names. */
export type IsolationLevel =
  | "SERIALIZABLE"
  | "REPEATABLE READ"
  | "READ COMMITTED"
  | "READ UNCOMMITTED"
  | "SNAPSHOT"
  | "AUTOCOMMIT";

/** What a driver error means. */
export interface TranslatedError extends DatabaseErrorDetails {
  readonly class: new (message: string, orig: unknown, details?: DatabaseErrorDetails) => DBAPIError;
  readonly message: string;
}

/** Options of every dialect. Dialects may add their own. */
export interface DialectOptions {
  readonly driver?: Driver | null;
  /** The version to compile for until a connection tells. */
  readonly serverVersion?: readonly number[];
}

/** A database, for compiling and for connecting. */
export abstract class Dialect implements CompilerDialect {
  /** The database's name, as in `postgresql+pg://`. */
  abstract readonly name: string;
  /** The driver that connections are made with; null for compiling only. */
  readonly driver: Driver | null;
  /** The server's version; set by {@link initialize}, or given for compiling only. */
  serverVersion: readonly number[];
  readonly defaultSchema: string | null = null;

  abstract readonly capabilities: Capabilities;
  abstract readonly bindStyle: BindStyle;
  abstract readonly identifiers: IdentifierRules;
  abstract readonly visitors: Visitors;
  abstract readonly functionVisitors: FunctionVisitors;
  abstract readonly typeVisitors: TypeVisitors;
  readonly supportsNativeBoolean: boolean = false;
  readonly supportsNativeUuid: boolean = false;
  readonly supportsNativeEnum: boolean = false;
  readonly jsonAsText: boolean = true;
  readonly backslashEscapes: boolean = false;
  /** Writes JSON values; undefined: `JSON.stringify`. Set by `createEngine({ jsonSerializer })`. */
  jsonSerializer: ((value: unknown) => string) | undefined = undefined;
  /** Reads JSON values from text; undefined: `JSON.parse`. */
  jsonDeserializer: ((text: string) => unknown) | undefined = undefined;

  /** Replacements of types, by class: the dialect's own conversions and names. */
  protected readonly typeMap: ReadonlyMap<unknown, (type: never) => SqlType> = new Map();
  readonly #adapted = new WeakMap<SqlType, SqlType>();

  constructor(options: DialectOptions = {}) {
    this.driver = options.driver ?? null;
    this.serverVersion = options.serverVersion ?? [];
  }

  /** See {@link CompilerDialect.parameterType}. */
  parameterType?(type: SqlType, isOut: boolean): unknown;

  adaptType(type: SqlType): SqlType {
    let adapted = this.#adapted.get(type);
    if (adapted === undefined) {
      adapted = this.#adapt(type);
      this.#adapted.set(type, adapted);
    }
    return adapted;
  }

  #adapt(given: SqlType): SqlType {
    const type = given.variants[this.name] ?? given;
    if (type instanceof TypeDecorator) return type;
    for (
      let prototype = Object.getPrototypeOf(type) as object | null;
      prototype !== null;
      prototype = Object.getPrototypeOf(prototype) as object | null
    ) {
      const replace = this.typeMap.get((prototype as { constructor: unknown }).constructor) as
        | ((type: SqlType) => SqlType)
        | undefined;
      if (replace !== undefined) return replace(type);
    }
    return type;
  }

  // ---- connections ----

  /** The pool that fits a database of this URL where the program asks for none. */
  poolClass(_url: URL, _isAsync: boolean): PoolClass {
    return QueuePool;
  }

  /** What the driver's `connect` gets, from the URL. */
  connectOptions(_url: URL): unknown {
    return {};
  }

  /** Runs on every new connection: session settings. */
  *onConnect(_connection: DriverConnection): Step<void> {}

  /** Runs on the first connection: reads the server's version and settings. */
  *initialize(_connection: DriverConnection): Step<void> {}

  /** Whether the connection works; false makes the pool replace it. */
  *ping(connection: DriverConnection): Step<boolean> {
    yield* run(connection, this.pingStatement);
    return true;
  }

  /** A statement that does nothing. */
  readonly pingStatement: string = "SELECT 1";

  /**
   * Execution options that are other names of `readOnly` and `deferrable`, with what they are names of:
   * `{ postgresqlReadonly: "readOnly" }`.
   */
  readonly transactionOptions: Readonly<Record<string, "readOnly" | "deferrable">> = {};

  /**
   * SQL that starts a transaction at an isolation level; undefined for the driver's own.
   *
   * @throws InvalidRequestError where transactions cannot be read-only and this one is to be.
   */
  beginStatement(options: {
    readonly isolationLevel?: IsolationLevel | null;
    readonly readOnly?: boolean;
    readonly deferrable?: boolean;
  }): string | undefined {
    if (options.readOnly !== true) return undefined;
    throw new InvalidRequestError(`The ${this.name} dialect has no read-only transactions`, {
      fix: "leave the option readOnly out, or connect as a user, or to a file, that cannot be written",
    });
  }

  /** Isolation levels that the database has. */
  readonly isolationLevels: readonly IsolationLevel[] = [
    "SERIALIZABLE",
    "REPEATABLE READ",
    "READ COMMITTED",
    "READ UNCOMMITTED",
    "AUTOCOMMIT",
  ];

  /** AUTOCOMMIT is a setting of the driver's connection. Default false: it is enough that the engine begins no transaction. */
  readonly autocommitNeedsDriver: boolean = false;

  /** Sets the level of the connection, outside of a transaction. */
  *setIsolationLevel(connection: DriverConnection, level: IsolationLevel): Step<void> {
    if (level !== "AUTOCOMMIT")
      yield* run(connection, `SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL ${level}`);
  }

  /** Puts the connection back to the level that it came with. */
  *resetIsolationLevel(connection: DriverConnection): Step<void> {
    yield* this.setIsolationLevel(connection, yield* this.defaultIsolationLevel(connection));
  }

  /** The level of a new connection. */
  *defaultIsolationLevel(_connection: DriverConnection): Step<IsolationLevel> {
    return "READ COMMITTED";
  }

  /** SQL that sets a savepoint. */
  savepointStatement(name: string): string {
    return `SAVEPOINT ${name}`;
  }
  /** SQL that goes back to a savepoint. */
  rollbackToSavepointStatement(name: string): string {
    return `ROLLBACK TO SAVEPOINT ${name}`;
  }
  /** SQL that gives a savepoint up; null where there is none. */
  releaseSavepointStatement(name: string): string | null {
    return `RELEASE SAVEPOINT ${name}`;
  }

  /** The statement that starts a two-phase transaction; only called where the capability is there, as those below. */
  beginTwoPhase(_xid: string): string {
    return "BEGIN";
  }
  /** The statement, or the statements in order, of the first half of a two-phase commit. */
  prepareTwoPhase(xid: string): string | readonly string[] {
    return `PREPARE TRANSACTION '${xid}'`;
  }
  /** The second half. */
  commitTwoPhase(xid: string, _isPrepared: boolean): string | readonly string[] {
    return `COMMIT PREPARED '${xid}'`;
  }
  /** Gives a two-phase transaction up, before or after the first half. */
  rollbackTwoPhase(xid: string, isPrepared: boolean): string | readonly string[] {
    return isPrepared ? `ROLLBACK PREPARED '${xid}'` : "ROLLBACK";
  }

  /** Reads the ids of transactions that were prepared and not ended. */
  *recoverTwoPhase(_query: RunQuery): Step<readonly string[]> {
    throw new InvalidRequestError(`The ${this.name} dialect cannot list prepared transactions`);
  }

  /**
   * Whether the database has a table, view, index, sequence or type of this name. A table is found as a `"tables"`, a view
   * as a `"views"`; `tableName` is given for indexes, `isTemporary` for tables that are described as temporary.
   */
  *exists(
    _query: RunQuery,
    kind: CheckKind,
    name: string,
    _schema: string | null,
    _tableName?: string,
    _isTemporary?: boolean,
  ): Step<boolean> {
    throw new InvalidRequestError(`The ${this.name} dialect cannot look up ${kind}`, {
      fix: `pass checkfirst: false, or override exists() of the dialect (${name})`,
    });
  }

  /** How the catalog is read: for `inspect()`, `autoloadWith` and `metadata.reflect()`. Null where it cannot be. */
  readonly reflection: DialectReflection | null = null;

  /** What an error of the driver means. */
  abstract translateError(error: unknown): TranslatedError;

  /** Whether an error means that the connection is gone. */
  isDisconnect(_error: unknown): boolean {
    return false;
  }
}

function* run(connection: DriverConnection, sql: string): Step<void> {
  const outcome = connection.execute(sql, []);
  if (outcome !== null && typeof outcome === "object" && "then" in outcome) yield outcome;
}
