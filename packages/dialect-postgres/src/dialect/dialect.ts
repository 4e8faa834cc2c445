/** PostgreSQL: names every collaborator. The folders beside it hold the parts. */
import {
  type BindStyle,
  type Capabilities,
  type CheckKind,
  type ClauseElement,
  type ColumnElement,
  DefaultDialect,
  type DialectOptions,
  type DialectReflection,
  type FunctionVisitors,
  func,
  type IdentifierRules,
  type IsolationLevel,
  type NamedType,
  type NamedTypeDdl,
  type PoolClass,
  quoteIdentifier,
  type RunQuery,
  type SqlType,
  select,
  type Table,
  type TranslatedError,
  type TypeVisitors,
  type URL,
  type Visitors,
} from "@athanor/core";
import { call, type DriverConnection, type DriverRow, type Step } from "@athanor/driver";
import { postgresCapabilities } from "../capabilities.ts";
import { optionsFromUrl, type PostgresConnectOptions } from "../connect-options.ts";
import { isDisconnect, translateError } from "../errors.ts";
import { postgresIdentifiers } from "../quoting.ts";
import { exists } from "../reflect/exists.ts";
import { postgresReflection } from "../reflect/reflection.ts";
import { adaptedTypes } from "../types/adapted.ts";
import { optionOf } from "../visitors/ddl-options.ts";
import { namedTypeDdl } from "../visitors/ddl-types.ts";
import { postgresFunctionVisitors, postgresVisitors } from "../visitors/table.ts";
import { postgresTypeVisitors } from "../visitors/type.ts";
import { SingleConnectionPool } from "./single-pool.ts";

/** Options of {@link PostgresDialect}. */
export interface PostgresDialectOptions extends DialectOptions {
  /** Casts every parameter, as the wire protocol needs it. Default: where there is a driver. */
  readonly bindCasts?: boolean;
}

/** PostgreSQL 12 and later. */
export class PostgresDialect extends DefaultDialect {
  override readonly name: string = "postgresql";
  override readonly capabilities: Capabilities = postgresCapabilities;
  override readonly bindStyle: BindStyle = "numeric_dollar";
  override readonly identifiers: IdentifierRules = postgresIdentifiers;
  override readonly visitors: Visitors = postgresVisitors;
  override readonly functionVisitors: FunctionVisitors = postgresFunctionVisitors;
  override readonly typeVisitors: TypeVisitors = postgresTypeVisitors;
  override readonly supportsNativeBoolean: boolean = true;
  override readonly supportsNativeUuid: boolean = true;
  override readonly supportsNativeEnum: boolean = true;
  override readonly jsonAsText: boolean = true;
  /** Set on the first connection: `standard_conforming_strings` may be off. */
  override backslashEscapes = false;
  override defaultSchema: string | null = null;
  override readonly isolationLevels: readonly IsolationLevel[] = [
    "SERIALIZABLE",
    "REPEATABLE READ",
    "READ COMMITTED",
    "READ UNCOMMITTED",
    "AUTOCOMMIT",
  ];
  protected override readonly typeMap: ReadonlyMap<unknown, (type: never) => SqlType> = adaptedTypes;
  override readonly reflection: DialectReflection = postgresReflection;
  /** Every parameter is cast: `$1::INTEGER`. */
  readonly bindCasts: boolean;

  constructor(options: PostgresDialectOptions = {}) {
    super(options);
    this.bindCasts = options.bindCasts ?? this.driver !== null;
  }

  /** The next value of the sequence that belongs to a SERIAL or IDENTITY column. */
  nextKey(table: string, schema: string | null, column: ColumnElement): ClauseElement {
    const name = [schema, table]
      .filter((part) => part !== null && part !== "")
      .map((part) => quoteIdentifier(part as string, this.identifiers))
      .join(".");
    return select(func.nextval(func.pg_get_serial_sequence(name, String(column.resultName))).returns(column.type));
  }

  /** A SELECT without rows, for IN with an empty list. */
  emptySet(): string {
    return "SELECT CAST(NULL AS INTEGER) WHERE 1!=1";
  }

  // ---- connections ----

  override poolClass(url: URL, isAsync: boolean): PoolClass {
    return this.driver?.isSingle === true ? SingleConnectionPool : super.poolClass(url, isAsync);
  }

  override connectOptions(url: URL): PostgresConnectOptions {
    return optionsFromUrl(url);
  }

  override *initialize(connection: DriverConnection): Step<void> {
    const { rows } = yield* call(
      connection.execute(
        "SELECT current_setting('server_version_num'), current_schema(), current_setting('standard_conforming_strings')",
        [],
        { prepare: false },
      ),
    );
    const [version, schema, conforming] = rows[0] as DriverRow;
    this.serverVersion = versionNumbers(Number(version));
    this.defaultSchema = schema as string | null;
    this.backslashEscapes = conforming === "off";
  }

  tableParents(table: Table): readonly unknown[] {
    return [optionOf(table, "inherits") ?? [], optionOf(table, "partitionOf") ?? []].flat();
  }

  namedTypeDdl(type: NamedType): NamedTypeDdl | null {
    return namedTypeDdl(type);
  }

  override exists(
    query: RunQuery,
    kind: CheckKind,
    name: string,
    schema: string | null,
    tableName?: string,
  ): Step<boolean> {
    return exists(query, kind, name, schema, tableName);
  }

  override translateError(error: unknown): TranslatedError {
    return translateError(error);
  }

  override isDisconnect(error: unknown): boolean {
    return isDisconnect(error);
  }

  // ---- transactions ----

  override *setIsolationLevel(connection: DriverConnection, level: IsolationLevel): Step<void> {
    if (level === "AUTOCOMMIT") return;
    yield* call(connection.execute(`SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL ${level}`, []));
  }

  override *resetIsolationLevel(connection: DriverConnection): Step<void> {
    yield* call(connection.execute("RESET default_transaction_isolation", []));
  }

  override *defaultIsolationLevel(connection: DriverConnection): Step<IsolationLevel> {
    const { rows } = yield* call(connection.execute("SELECT upper(current_setting('transaction_isolation'))", []));
    return rows[0]?.[0] as IsolationLevel;
  }

  override *recoverTwoPhase(query: RunQuery): Step<readonly string[]> {
    const { rows } = yield* query(
      "SELECT gid FROM pg_prepared_xacts WHERE database = current_database() ORDER BY prepared",
    );
    return rows.map(([gid]) => String(gid));
  }

  override readonly transactionOptions: Readonly<Record<string, "readOnly" | "deferrable">> = {
    postgresqlReadonly: "readOnly",
    postgresqlDeferrable: "deferrable",
  };

  override beginStatement(options: {
    readonly isolationLevel?: IsolationLevel | null;
    readonly readOnly?: boolean;
    readonly deferrable?: boolean;
  }): string | undefined {
    const { readOnly, deferrable } = options;
    if (readOnly === undefined && deferrable === undefined) return undefined;
    const modes: string[] = [];
    if (readOnly !== undefined) modes.push(readOnly ? "READ ONLY" : "READ WRITE");
    if (deferrable !== undefined) modes.push(deferrable ? "DEFERRABLE" : "NOT DEFERRABLE");
    return `BEGIN ${modes.join(", ")}`;
  }
}

/** `150020` is 15.20, `90624` was 9.6.24. */
function versionNumbers(number: number): readonly number[] {
  const major = Math.floor(number / 10_000);
  return major >= 10 ? [major, number % 10_000] : [major, Math.floor(number / 100) % 100, number % 100];
}

/** PostgreSQL without a driver, for writing SQL: `statement.compile({ dialect: pg.dialect() })`. */
export function dialect(options: PostgresDialectOptions = {}): PostgresDialect {
  return new PostgresDialect(options);
}
