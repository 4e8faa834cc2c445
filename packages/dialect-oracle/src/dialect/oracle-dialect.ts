/** Oracle Database: the dialect. Every collaborator is named here; the driver adapter is ../drivers/. */
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
import { connectOptions, type OracleConnectOptions } from "../connect-options.ts";
import { isDisconnect, translateError } from "../errors.ts";
import { existsQuery } from "../existence.ts";
import { oracleIdentifiers } from "../identifiers.ts";
import { denormalizeName, normalizeName } from "../reflect/names.ts";
import { oracleReflection } from "../reflect/reflection.ts";
import { typeMap } from "../types/adapted.ts";
import { type OracleParameterType, parameterType } from "../types/parameter.ts";
import { ddlVisitors } from "../visitors/ddl.ts";
import { visitReturning } from "../visitors/dml.ts";
import { expressionVisitors } from "../visitors/expression.ts";
import { functionVisitors } from "../visitors/function.ts";
import { jsonVisitors } from "../visitors/json.ts";
import { mergeVisitors } from "../visitors/merge.ts";
import {
  visitForUpdate,
  visitOracleSelect,
  visitOuterJoinCondition,
  visitPlainFromList,
  visitRowLimit,
  visitSelectHint,
} from "../visitors/select.ts";
import { typeVisitors } from "../visitors/type.ts";

const capabilities: Capabilities = {
  ...defaultCapabilities,
  labelLength: 128,
  maxIdentifierLength: 128,
  orderByLabel: false,
  integerDivision: false,
  insertReturning: true,
  updateReturning: true,
  deleteReturning: true,
  keysByReturning: true,
  insertManyReturning: true,
  executeManyReturning: true,
  serverSideCursors: true,
  sequences: true,
  optionalSequences: false,
  identityColumns: true,
  cteFollowsInsert: true,
  recursiveKeyword: false,
  twoPhase: true,
  comments: true,
  lastRowId: false,
};

const visitors: Visitors = extend(ansiVisitors, {
  ...expressionVisitors,
  ...jsonVisitors,
  ...ddlVisitors,
  ...mergeVisitors,
  select: visitOracleSelect,
  fromList: visitPlainFromList,
  selectHint: visitSelectHint,
  rowLimit: visitRowLimit,
  forUpdate: visitForUpdate,
  returning: visitReturning,
  oracleOuterJoin: visitOuterJoinCondition,
});

/** What a version has: identity columns came with 12, 128 bytes for identifiers with 12.2; before, 30. */
function capabilitiesOf([major = 23, minor = 0]: readonly number[]): Capabilities {
  const hasLongNames = major > 12 || (major === 12 && minor >= 2);
  return hasLongNames
    ? capabilities
    : { ...capabilities, identityColumns: major >= 12, labelLength: 30, maxIdentifierLength: 30 };
}

/** Oracle 8 to 23ai; what a version lacks is written otherwise. */
export class OracleDialect extends Dialect {
  readonly name = "oracle";
  override capabilities: Capabilities;
  readonly bindStyle: BindStyle = "named";
  readonly identifiers: IdentifierRules = oracleIdentifiers;
  readonly visitors: Visitors = visitors;
  readonly functionVisitors: FunctionVisitors = functionVisitors;
  readonly typeVisitors: TypeVisitors = typeVisitors;
  override readonly reflection: DialectReflection = oracleReflection;
  override supportsNativeBoolean: boolean;
  /** The schema of the session; null until a connection tells. */
  override defaultSchema: string | null = null;
  override readonly isolationLevels: readonly IsolationLevel[] = ["READ COMMITTED", "SERIALIZABLE", "AUTOCOMMIT"];
  protected override readonly typeMap: ReadonlyMap<unknown, (type: never) => SqlType> = typeMap;

  constructor(options: DialectOptions = {}) {
    super({ serverVersion: [23], ...options });
    this.capabilities = capabilitiesOf(this.serverVersion);
    this.supportsNativeBoolean = (this.serverVersion[0] ?? 23) >= 23;
  }

  /** A SELECT without rows, for IN with an empty list. */
  emptySet(): string {
    return "SELECT 1 FROM DUAL WHERE 1!=1";
  }

  override readonly pingStatement: string = "SELECT 1 FROM DUAL";

  /** Names that Oracle would refuse as parameters are quoted for the driver; without one they are shown as they are. */
  bindName(name: string): string {
    return this.driver === null ? name : bindName(name);
  }

  override parameterType(type: SqlType, isOut: boolean): OracleParameterType | undefined {
    const nativeJson = (this.serverVersion[0] ?? 23) >= 21;
    return parameterType(type, isOut, { nativeBoolean: this.supportsNativeBoolean, nativeJson });
  }

  override connectOptions(url: URL): OracleConnectOptions {
    return connectOptions(url);
  }

  override *initialize(connection: DriverConnection): Step<void> {
    const banner = (connection.native as { readonly oracleServerVersionString?: string }).oracleServerVersionString;
    const version = banner?.match(/\d+/g)?.map(Number) ?? [];
    if (version.length > 0) {
      this.serverVersion = version;
      // The length of labels is the engine's to choose, within what the version allows.
      const own = capabilitiesOf(version);
      this.capabilities = { ...own, labelLength: Math.min(this.capabilities.labelLength, own.labelLength) };
      this.supportsNativeBoolean = (version[0] as number) >= 23;
    }
    const { rows } = yield* call(connection.execute("SELECT SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA') FROM DUAL", []));
    const schema = rows[0]?.[0];
    if (typeof schema === "string") this.defaultSchema = normalizeName(this.identifiers, schema);
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
    yield* call(connection.execute(`ALTER SESSION SET ISOLATION_LEVEL = ${level}`, [], { returnsRows: false }));
  }

  override beginStatement(options: { readonly readOnly?: boolean }): string | undefined {
    return options.readOnly === true ? "SET TRANSACTION READ ONLY" : undefined;
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
    const question = existsQuery(kind, name, schema, tableName, (given) => denormalizeName(this.identifiers, given));
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

/** Oracle without a driver, for writing SQL: `statement.compile({ dialect: oracle.dialect() })`. */
export function dialect(options: DialectOptions = {}): OracleDialect {
  return new OracleDialect(options);
}
