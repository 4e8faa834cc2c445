/** MySQL and MariaDB: one dialect, which asks the server what it is. Every collaborator is named here. */
import {
  type BindStyle,
  type Capabilities,
  type CheckKind,
  Dialect,
  type DialectOptions,
  type DialectReflection,
  type FunctionVisitors,
  type IdentifierRules,
  InvalidRequestError,
  type IsolationLevel,
  type RunQuery,
  type SqlType,
  type TranslatedError,
  type TypeVisitors,
  type URL,
  type Visitors,
} from "@athanor/core";
import { call, type DriverConnection, type Step } from "@athanor/driver";
import { capabilitiesOf } from "../capabilities.ts";
import { connectOptions } from "../connect-options.ts";
import { isDisconnect, translateError } from "../errors.ts";
import { existsQuery } from "../existence.ts";
import { mariadbIdentifiers, mysqlIdentifiers } from "../quoting.ts";
import { mysqlReflection } from "../reflect/reflection.ts";
import { temporaryDefinition } from "../reflect/temporary.ts";
import { isMariaDB, isMySQL, parseVersion, type ServerFacts } from "../server.ts";
import { isolationLevelOf, isolationLevels, setIsolationLevel, xid } from "../transactions.ts";
import { typeMap } from "../types/adapt.ts";
import { functionVisitors } from "../visitors/function.ts";
import { mysqlVisitors } from "../visitors/table.ts";
import { typeVisitors } from "../visitors/type.ts";

/** Options of {@link MySQLDialect}. */
export interface MySQLDialectOptions extends DialectOptions {
  /** Compile for MariaDB before a connection tells. Default: by the class. */
  readonly isMariaDB?: boolean;
}

/** MySQL; becomes MariaDB when the server says so. */
export class MySQLDialect extends Dialect implements ServerFacts {
  readonly name: string = "mysql";
  override capabilities: Capabilities;
  override identifiers: IdentifierRules;
  readonly bindStyle: BindStyle = "qmark";
  readonly visitors: Visitors = mysqlVisitors;
  readonly functionVisitors: FunctionVisitors = functionVisitors;
  readonly typeVisitors: TypeVisitors = typeVisitors;
  override readonly supportsNativeEnum: boolean = true;
  override supportsNativeUuid: boolean = false;
  override backslashEscapes: boolean = true;
  override defaultSchema: string | null = null;
  override readonly isolationLevels: readonly IsolationLevel[] = isolationLevels;
  protected override readonly typeMap: ReadonlyMap<unknown, (type: never) => SqlType> = typeMap;
  override readonly reflection: DialectReflection = mysqlReflection;
  isMariaDB: boolean;
  floatCasts: boolean;
  #defaultLevel: IsolationLevel | undefined;

  constructor(options: MySQLDialectOptions = {}, forMariaDB = false) {
    super(options);
    this.isMariaDB = options.isMariaDB ?? forMariaDB;
    if (this.serverVersion.length === 0) this.serverVersion = this.isMariaDB ? [11, 4] : [8, 0, 36];
    this.capabilities = capabilitiesOf(this);
    this.identifiers = this.isMariaDB ? mariadbIdentifiers : mysqlIdentifiers;
    this.floatCasts = isMySQL(this, 8, 0, 17);
  }

  /** A SELECT without rows, for IN with an empty list. */
  emptySet(): string {
    return "SELECT _in_0 FROM (SELECT 1 AS _in_0) as _empty_set WHERE 1!=1";
  }

  /** Takes over what a server is. */
  protected become(mariadb: boolean, version: readonly number[]): void {
    this.isMariaDB = mariadb;
    if (version.length > 0) this.serverVersion = version;
    // The length of labels is the engine's to choose.
    this.capabilities = { ...capabilitiesOf(this), labelLength: this.capabilities.labelLength };
    this.identifiers = mariadb ? mariadbIdentifiers : mysqlIdentifiers;
    this.floatCasts = isMySQL(this, 8, 0, 17) || isMariaDB(this, 10, 4, 5);
  }

  override connectOptions(url: URL): unknown {
    return connectOptions(url);
  }

  override *initialize(connection: DriverConnection): Step<void> {
    const { rows } = yield* call(connection.execute("SELECT VERSION(), DATABASE(), @@sql_mode", []));
    const [banner, database, sqlMode] = rows[0] ?? [];
    const { isMariaDB: mariadb, version } = parseVersion(String(banner));
    this.become(mariadb, version);
    this.defaultSchema = (database ?? null) as string | null;
    this.backslashEscapes = !String(sqlMode).includes("NO_BACKSLASH_ESCAPES");
    this.#defaultLevel ??= yield* this.#readLevel(connection);
  }

  /** Old servers call the variable `tx_isolation`, new ones do not have it any more. */
  *#readLevel(connection: DriverConnection): Step<IsolationLevel> {
    const variable =
      isMySQL(this, 5, 7, 20) || isMariaDB(this, 11, 1, 1) ? "@@transaction_isolation" : "@@tx_isolation";
    const { rows } = yield* call(connection.execute(`SELECT ${variable}`, []));
    return isolationLevelOf(rows[0]?.[0]);
  }

  /** By the protocol's own command, where the driver has it. */
  override *ping(connection: DriverConnection): Step<boolean> {
    const { ping } = connection as { ping?: () => Promise<void> };
    if (ping === undefined) return yield* super.ping(connection);
    yield* call(ping.call(connection));
    return true;
  }

  override *setIsolationLevel(connection: DriverConnection, level: IsolationLevel): Step<void> {
    if (level === "AUTOCOMMIT") return;
    yield* call(connection.execute(setIsolationLevel(level), [], { returnsRows: false }));
  }

  override *defaultIsolationLevel(connection: DriverConnection): Step<IsolationLevel> {
    this.#defaultLevel ??= yield* this.#readLevel(connection);
    return this.#defaultLevel;
  }

  override beginStatement(options: { readonly readOnly?: boolean }): string | undefined {
    if (options.readOnly === undefined) return undefined;
    return `START TRANSACTION READ ${options.readOnly ? "ONLY" : "WRITE"}`;
  }

  override beginTwoPhase(id: string): string {
    return `XA BEGIN ${xid(id)}`;
  }

  override prepareTwoPhase(id: string): readonly string[] {
    return [`XA END ${xid(id)}`, `XA PREPARE ${xid(id)}`];
  }

  override commitTwoPhase(id: string): readonly string[] {
    return [`XA COMMIT ${xid(id)}`];
  }

  override rollbackTwoPhase(id: string, isPrepared: boolean): readonly string[] {
    return [...(isPrepared ? [] : [`XA END ${xid(id)}`]), `XA ROLLBACK ${xid(id)}`];
  }

  override *recoverTwoPhase(query: RunQuery): Step<readonly string[]> {
    const { rows } = yield* query("XA RECOVER");
    // formatID, gtrid_length, bqual_length, data
    return rows.map(([, length, , data]) => {
      const text = data instanceof Uint8Array ? new TextDecoder().decode(data) : String(data);
      return text.slice(0, Number(length));
    });
  }

  override translateError(error: unknown): TranslatedError {
    return translateError(error);
  }

  override isDisconnect(error: unknown): boolean {
    return isDisconnect(error);
  }

  override *exists(
    query: RunQuery,
    kind: CheckKind,
    name: string,
    schema: string | null,
    tableName?: string,
    isTemporary = false,
  ): Step<boolean> {
    const { sql, parameters } = existsQuery(kind, name, schema, tableName);
    if (sql === null) return false;
    const { rows } = yield* query(sql, parameters);
    if (rows.length > 0) return true;
    return isTemporary && (yield* temporaryDefinition(query, this.identifiers, name, schema)) !== null;
  }
}

/** MariaDB, by the URL `mariadb://`. */
export class MariaDBDialect extends MySQLDialect {
  override readonly name: string = "mariadb";

  constructor(options: MySQLDialectOptions = {}) {
    super(options, true);
    this.supportsNativeUuid = isMariaDB(this, 10, 7);
  }

  protected override become(mariadb: boolean, version: readonly number[]): void {
    if (!mariadb) {
      throw new InvalidRequestError(`MySQL version ${version.join(".")} is not a MariaDB variant.`, {
        fix: "connect with mysql:// instead of mariadb://",
      });
    }
    super.become(mariadb, version);
    this.supportsNativeUuid = isMariaDB(this, 10, 7);
  }
}

/** MySQL without a driver, for writing SQL: `statement.compile({ dialect: mysql.dialect() })`. */
export function dialect(options: MySQLDialectOptions = {}): MySQLDialect {
  return new MySQLDialect(options);
}
