/** SQL Server: the dialect, for compiling. Its driver is another package part: ./drivers/. */
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
import { mssqlIdentifiers } from "../identifiers.ts";
import { typeMap } from "../types/adapted.ts";
import { ddlVisitors } from "../visitors/ddl.ts";
import { visitExtraTables, visitReturningBeforeValues, visitReturningBeforeWhere } from "../visitors/dml.ts";
import { expressionVisitors } from "../visitors/expression.ts";
import { functionVisitors } from "../visitors/function.ts";
import { jsonVisitors } from "../visitors/json.ts";
import { visitMssqlSelect, visitRowLimit, visitSelectPrefix, visitSubqueryOrderBy } from "../visitors/select.ts";
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
  inlineSequencesWithKey: true,
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
  select: visitMssqlSelect,
  selectPrefix: visitSelectPrefix,
  rowLimit: visitRowLimit,
  orderBy: visitSubqueryOrderBy,
  forUpdate: () => "",
  returningBeforeValues: visitReturningBeforeValues,
  returningBeforeWhere: visitReturningBeforeWhere,
  updateExtraTables: visitExtraTables,
  deleteExtraTables: visitExtraTables,
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
  override readonly defaultSchema: string | null = "dbo";
  override readonly supportsNativeUuid: boolean = true;

  protected override readonly typeMap: ReadonlyMap<unknown, (type: never) => SqlType> = typeMap;

  constructor(options: DialectOptions = {}) {
    super({ serverVersion: [16], ...options });
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

  translateError(error: unknown): TranslatedError {
    return { class: DatabaseError, message: error instanceof Error ? error.message : String(error) };
  }
}
