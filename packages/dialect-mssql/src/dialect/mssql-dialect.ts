/** SQL Server: the dialect. Every collaborator is named here; the driver adapter is ../drivers/. */
import {
  ansiVisitors,
  type BindStyle,
  type Capabilities,
  type CheckKind,
  Dialect,
  type DialectOptions,
  type DialectReflection,
  defaultCapabilities,
  extend,
  type FunctionVisitors,
  type IdentifierRules,
  type IsolationLevel,
  type RunQuery,
  type SqlType,
  type TranslatedError,
  type TypeVisitors,
  type URL,
  type Visitors,
} from "@athanor/core";
import { call, type DriverConnection, type Step } from "@athanor/driver";
import { bindName } from "../bind-names.ts";
import { connectOptions, type MSSQLConnectOptions } from "../connect-options.ts";
import { isDisconnect, translateError } from "../errors.ts";
import { existsQuery } from "../existence.ts";
import { mssqlIdentifiers } from "../identifiers.ts";
import { mssqlReflection } from "../reflect/reflection.ts";
import { isolationLevels, readIsolationLevel, serverQuery, setIsolationLevel } from "../session.ts";
import { typeMap } from "../types/adapted.ts";
import { parameterType, type TdsParameterType } from "../types/parameter.ts";
import { ddlVisitors } from "../visitors/ddl.ts";
import {
  noteIdentityInsert,
  visitDeleteTables,
  visitExtraTables,
  visitReturningBeforeValues,
  visitReturningBeforeWhere,
} from "../visitors/dml.ts";
import { expressionVisitors } from "../visitors/expression.ts";
import { functionVisitors } from "../visitors/function.ts";
import { jsonVisitors } from "../visitors/json.ts";
import { mergeVisitors } from "../visitors/merge.ts";
import {
  visitMssqlSelect,
  visitRowLimit,
  visitSelectPrefix,
  visitSubqueryOrderBy,
  visitTableHint,
} from "../visitors/select.ts";
import { typeVisitors } from "../visitors/type.ts";

const capabilities: Capabilities = {
  ...defaultCapabilities,
  booleanCheck: false,
  labelLength: 128,
  maxIdentifierLength: 128,
  insertReturning: true,
  updateReturning: true,
  deleteReturning: true,
  keysByReturning: true,
  insertManyReturning: true,
  defaultValues: true,
  multiRowInsert: true,
  defaultMetavalue: true,
  sequences: true,
  optionalSequences: true,
  identityColumns: true,
  recursiveKeyword: false,
  insertManyValues: true,
  insertManyValuesWithoutReturning: true,
  insertManySentinel: "counter",
  maxParameters: 2099,
  comments: true,
  serverSideCursors: true,
};

const visitors: Visitors = extend(ansiVisitors, {
  ...expressionVisitors,
  ...jsonVisitors,
  ...ddlVisitors,
  ...mergeVisitors,
  select: visitMssqlSelect,
  selectPrefix: visitSelectPrefix,
  rowLimit: visitRowLimit,
  tableHint: visitTableHint,
  orderBy: visitSubqueryOrderBy,
  forUpdate: () => "",
  returningBeforeValues: visitReturningBeforeValues,
  returningBeforeWhere: visitReturningBeforeWhere,
  deleteTables: visitDeleteTables,
  updateExtraTables: visitExtraTables,
  deleteExtraTables: visitExtraTables,
  insertSurroundings: noteIdentityInsert,
});

/** SQL Server 2008 and later; what was rendered before 2012 differs in OFFSET. */
export class MSSQLDialect extends Dialect {
  readonly name = "mssql";
  readonly capabilities: Capabilities = capabilities;
  readonly bindStyle: BindStyle = "at_named";
  readonly identifiers: IdentifierRules = mssqlIdentifiers;
  readonly visitors: Visitors = visitors;
  readonly functionVisitors: FunctionVisitors = functionVisitors;
  readonly typeVisitors: TypeVisitors = typeVisitors;
  override readonly reflection: DialectReflection = mssqlReflection;
  /** The schema of the login's user; `dbo` until a connection tells. */
  override defaultSchema: string | null = "dbo";
  override readonly supportsNativeUuid: boolean = true;
  override readonly isolationLevels: readonly IsolationLevel[] = isolationLevels;
  protected override readonly typeMap: ReadonlyMap<unknown, (type: never) => SqlType> = typeMap;
  #defaultLevel: IsolationLevel | undefined;

  constructor(options: DialectOptions = {}) {
    super({ serverVersion: [16], ...options });
  }

  /** The name of a parameter, as a variable can have it; without a driver they are shown as they are. */
  bindName(name: string): string {
    return this.driver === null ? name : bindName(name);
  }

  /** A SELECT without rows, for IN with an empty list. */
  emptySet(): string {
    return "SELECT 1 WHERE 1!=1";
  }

  override parameterType(type: SqlType): TdsParameterType | undefined {
    return parameterType(type, this.supportsNativeUuid);
  }

  override connectOptions(url: URL): MSSQLConnectOptions {
    return connectOptions(url);
  }

  override *initialize(connection: DriverConnection): Step<void> {
    const { rows } = yield* call(connection.execute(serverQuery, []));
    const [version, schema] = rows[0] ?? [];
    const numbers = String(version ?? "").match(/\d+/g);
    if (numbers !== null) this.serverVersion = numbers.map(Number);
    if (typeof schema === "string") this.defaultSchema = schema;
  }

  override *setIsolationLevel(connection: DriverConnection, level: IsolationLevel): Step<void> {
    if (level === "AUTOCOMMIT") return;
    // Read before it is changed for the first time: closing the connection puts it back.
    this.#defaultLevel ??= yield* readIsolationLevel(connection);
    yield* call(connection.execute(setIsolationLevel(level), [], { returnsRows: false }));
  }

  override *defaultIsolationLevel(connection: DriverConnection): Step<IsolationLevel> {
    this.#defaultLevel ??= yield* readIsolationLevel(connection);
    return this.#defaultLevel;
  }

  override savepointStatement(name: string): string {
    return `SAVE TRANSACTION ${name}`;
  }
  override rollbackToSavepointStatement(name: string): string {
    return `ROLLBACK TRANSACTION ${name}`;
  }
  override releaseSavepointStatement(): string | null {
    return null;
  }

  override *exists(
    query: RunQuery,
    kind: CheckKind,
    name: string,
    schema: string | null,
    tableName?: string,
  ): Step<boolean> {
    const question = existsQuery(kind, name, schema, tableName);
    if (question === null) return false;
    const { rows } = yield* query(question.sql, question.parameters);
    return rows.length > 0;
  }

  override translateError(error: unknown): TranslatedError {
    return translateError(error);
  }

  override isDisconnect(error: unknown): boolean {
    return isDisconnect(error);
  }
}

/** SQL Server without a driver, for writing SQL: `statement.compile({ dialect: mssql.dialect() })`. */
export function dialect(options: DialectOptions = {}): MSSQLDialect {
  return new MSSQLDialect(options);
}
