/** SQLite: names every collaborator. The folders beside it hold the parts. */
import {
  type BindStyle,
  type Capabilities,
  type CheckKind,
  DefaultDialect,
  type DialectOptions,
  type DialectReflection,
  type FunctionVisitors,
  type IdentifierRules,
  type IsolationLevel,
  type PoolClass,
  QueuePool,
  quoteIdentifier,
  type RunQuery,
  SingletonPool,
  type SqlType,
  StaticPool,
  type TranslatedError,
  type TypeVisitors,
  type URL,
  type Visitors,
} from "@athanor/core";
import { call, type DriverConnection, type Step } from "@athanor/driver";
import { oldSqliteCapabilities, sqliteCapabilities } from "../capabilities.ts";
import { connectOptions, isFileUrl, type SQLiteConnectOptions } from "../connect-options.ts";
import { isSQLiteDisconnect, translateSQLiteError } from "../errors.ts";
import { levelPragma, sqliteLevels } from "../isolation.ts";
import { sqliteIdentifiers } from "../quoting.ts";
import { sqliteReflection } from "../reflect/reflection.ts";
import { adaptedTypes } from "../types/adapted.ts";
import { sqliteFunctionVisitors } from "../visitors/function.ts";
import { sqliteVisitors } from "../visitors/table.ts";
import { sqliteTypeVisitors } from "../visitors/type.ts";

/** Options of {@link SQLiteDialect}. */
export interface SQLiteDialectOptions extends DialectOptions {}

/** SQLite 3.35 and later. */
export class SQLiteDialect extends DefaultDialect {
  override readonly name: string = "sqlite";
  /** Narrowed when the library turns out to be an old one. */
  override capabilities: Capabilities = sqliteCapabilities;
  override readonly isolationLevels: readonly IsolationLevel[] = sqliteLevels;
  override readonly bindStyle: BindStyle = "qmark";
  override readonly identifiers: IdentifierRules = sqliteIdentifiers;
  override readonly visitors: Visitors = sqliteVisitors;
  override readonly functionVisitors: FunctionVisitors = sqliteFunctionVisitors;
  override readonly typeVisitors: TypeVisitors = sqliteTypeVisitors;
  override readonly reflection: DialectReflection = sqliteReflection;
  /** Known with the first connection, as everywhere. */
  override defaultSchema: string | null = null;
  /** IN with tuples needs VALUES before them. */
  readonly tupleInValues: boolean = true;
  protected override readonly typeMap: ReadonlyMap<unknown, (type: never) => SqlType> = adaptedTypes;

  constructor(options: SQLiteDialectOptions = {}) {
    super(options);
    this.capabilities = capabilitiesOf(this.serverVersion);
  }

  /** A SELECT without rows, for IN with an empty list. */
  emptySet(): string {
    return "SELECT 1 FROM (SELECT 1) WHERE 1!=1";
  }

  /** An IN list without members: a subquery without rows. */
  emptyInList(width: number, _negated: boolean): string {
    const ones = Array.from({ length: Math.max(width, 1) }, () => "1").join(", ");
    return `(SELECT ${ones} FROM (SELECT ${ones}) WHERE 1!=1)`;
  }

  // ---- connections ----

  /** Files get a pool of connections; a database in memory lives in its one connection. */
  override poolClass(url: URL, isAsync: boolean): PoolClass {
    return isFileUrl(url) ? QueuePool : isAsync ? StaticPool : SingletonPool;
  }

  override connectOptions(url: URL): SQLiteConnectOptions {
    return connectOptions(url);
  }

  /** Reads the library's version. */
  override *initialize(connection: DriverConnection): Step<void> {
    const { rows } = yield* call(connection.execute("SELECT sqlite_version()", []));
    this.serverVersion = String(rows[0]?.[0]).split(".").map(Number);
    this.capabilities = capabilitiesOf(this.serverVersion);
    // The file itself; attached files are schemas beside it.
    this.defaultSchema = "main";
  }

  override *setIsolationLevel(connection: DriverConnection, level: IsolationLevel): Step<void> {
    const pragma = levelPragma(level);
    if (pragma !== null) yield* call(connection.execute(pragma, []));
  }

  override *defaultIsolationLevel(_connection: DriverConnection): Step<IsolationLevel> {
    return "SERIALIZABLE";
  }

  override *exists(query: RunQuery, kind: CheckKind, name: string, schema: string | null): Step<boolean> {
    if (kind === "sequences" || kind === "types") return false;
    const type = { tables: "table", views: "view", indexes: "index" }[kind];
    for (const catalog of schema === null
      ? ["sqlite_master", "sqlite_temp_master"]
      : [`${quoteIdentifier(schema, this.identifiers)}.sqlite_master`]) {
      const { rows } = yield* query(`SELECT 1 FROM ${catalog} WHERE type = ? AND name = ? COLLATE NOCASE`, [
        type,
        name,
      ]);
      if (rows.length > 0) return true;
    }
    return false;
  }

  override translateError(error: unknown): TranslatedError {
    return translateSQLiteError(error);
  }

  override isDisconnect(error: unknown): boolean {
    return isSQLiteDisconnect(error);
  }
}

function capabilitiesOf(version: readonly number[]): Capabilities {
  const [major = 3, minor = 35] = version;
  return major < 3 || (major === 3 && minor < 35) ? oldSqliteCapabilities : sqliteCapabilities;
}

/** SQLite without a driver, for writing SQL: `statement.compile({ dialect: sqlite.dialect() })`. */
export function dialect(options: SQLiteDialectOptions = {}): SQLiteDialect {
  return new SQLiteDialect(options);
}
