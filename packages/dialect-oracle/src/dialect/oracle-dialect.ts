/** Oracle Database: the dialect, for compiling. */
import {
  ansiVisitors,
  type BindStyle,
  type Capabilities,
  DatabaseError,
  Dialect,
  type DialectOptions,
  defaultCapabilities,
  extend,
  type FunctionVisitors,
  type IdentifierRules,
  type SqlType,
  type TranslatedError,
  type TypeVisitors,
  type Visitors,
} from "@athanor/core";
import { oracleIdentifiers } from "../identifiers.ts";
import { typeMap } from "../types/adapted.ts";
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
  sequences: true,
  optionalSequences: false,
  inlineSequencesWithKey: true,
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

/** Oracle 8 to 23ai; what a version lacks is written otherwise. */
export class OracleDialect extends Dialect {
  readonly name = "oracle";
  readonly capabilities: Capabilities;
  readonly bindStyle: BindStyle = "named";
  readonly identifiers: IdentifierRules = oracleIdentifiers;
  readonly visitors: Visitors = visitors;
  readonly functionVisitors: FunctionVisitors = functionVisitors;
  readonly typeVisitors: TypeVisitors = typeVisitors;
  override readonly supportsNativeBoolean: boolean;
  protected override readonly typeMap: ReadonlyMap<unknown, (type: never) => SqlType> = typeMap;

  constructor(options: DialectOptions = {}) {
    super({ serverVersion: [23], ...options });
    const [major = 23, minor = 0] = this.serverVersion;
    // Identifiers of 128 bytes came with 12.2; before, 30.
    const longNames = major > 12 || (major === 12 && minor >= 2);
    this.capabilities = longNames ? capabilities : { ...capabilities, labelLength: 30, maxIdentifierLength: 30 };
    this.supportsNativeBoolean = major >= 23;
  }

  override readonly pingStatement: string = "SELECT 1 FROM DUAL";

  override releaseSavepointStatement(): string | null {
    return null;
  }

  translateError(error: unknown): TranslatedError {
    return { class: DatabaseError, message: error instanceof Error ? error.message : String(error) };
  }
}
