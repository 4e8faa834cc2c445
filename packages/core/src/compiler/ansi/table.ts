/** The ANSI table: every visitor and hook that statements are rendered with. Dialects extend it. */
import { CompileError } from "../../errors/errors.ts";
import type { Visitor, Visitors } from "../visitors.ts";
import * as column from "./column.ts";
import { visitCte } from "./cte.ts";
import { ansiDdlVisitors } from "./ddl-table.ts";
import * as from from "./from.ts";
import * as functions from "./function.ts";
import { visitInsert, visitInsertTarget } from "./insert.ts";
import { visitForUpdate } from "./lock.ts";
import { visitMerge, visitMergeAction, visitMergeBranch } from "./merge.ts";
import * as operator from "./operator.ts";
import { visitReturning } from "./returning.ts";
import * as select from "./select.ts";
import * as setOperation from "./set-operation.ts";
import * as update from "./update.ts";
import { refuseUpsert, visitExcludedColumn } from "./upsert.ts";

const deleteExtraTables: Visitor = (compiler) => {
  throw new CompileError(
    `This backend does not support multiple-table criteria within DELETE (${compiler.dialect.name})`,
  );
};

const updateExtraTables: Visitor = (compiler) => {
  throw new CompileError(
    `This backend does not support multiple-table criteria within UPDATE (${compiler.dialect.name})`,
  );
};

/** The default rendering of every element. */
export const ansiVisitors: Visitors = Object.freeze({
  // Statements
  select: select.visitSelect,
  compound: setOperation.visitCompound,
  textualSelect: from.visitTextualSelect,
  insert: visitInsert,
  update: update.visitUpdate,
  dmlColumn: update.visitDmlColumn,
  delete: update.visitDelete,
  merge: visitMerge,
  // Parts of SELECT
  selectPrefix: select.visitSelectPrefix,
  fromList: select.visitFromList,
  tableHint: select.visitTableHint,
  noFrom: select.visitNoFrom,
  tail: select.visitTail,
  orderBy: select.visitOrderBy,
  rowLimit: select.visitRowLimit,
  limit: select.visitLimit,
  fetch: select.visitFetch,
  forUpdateClause: select.visitForUpdateClause,
  forUpdate: visitForUpdate,
  setKeyword: setOperation.visitSetKeyword,
  groupedMember: setOperation.visitGroupedMember,
  // Parts of INSERT, UPDATE, DELETE
  upsertClause: refuseUpsert,
  excludedColumn: visitExcludedColumn,
  mergeBranch: visitMergeBranch,
  mergeAction: visitMergeAction,
  insertTarget: visitInsertTarget,
  returning: visitReturning,
  updateTables: update.visitUpdateTables,
  updateFrom: update.visitUpdateFrom,
  setColumn: update.visitSetColumn,
  deleteTables: update.visitDeleteTables,
  deleteUsing: update.visitDeleteUsing,
  deleteExtraTables,
  updateExtraTables,
  // FROM
  table: from.visitTable,
  alias: from.visitAlias,
  aliasKeyword: from.visitAliasKeyword,
  lateral: from.visitLateral,
  tablesample: from.visitTableSample,
  subquery: from.visitSubquery,
  lateralSubquery: from.visitLateralSubquery,
  cte: visitCte,
  join: from.visitJoin,
  joinKeyword: from.visitJoinKeyword,
  values: from.visitValues,
  valuesSelect: from.visitValuesSelect,
  scalarValues: from.visitScalarValues,
  tableValuedAlias: from.visitTableValuedAlias,
  tableValuedColumn: from.visitTableValuedColumn,
  scalarFunctionColumn: from.visitScalarFunctionColumn,
  functionFrom: from.visitFunctionFrom,
  // Expressions
  column: column.visitColumn,
  label: column.visitLabel,
  labelReference: column.visitLabelReference,
  bindparam: column.visitBindParameter,
  bindWrapper: column.visitBindWrapper,
  bind: column.visitBind,
  literalColumn: column.visitLiteralColumn,
  text: column.visitText,
  textGrouping: column.visitTextGrouping,
  template: column.visitTemplate,
  templateFrom: column.visitTemplateFrom,
  identifier: column.visitIdentifier,
  null: column.visitNull,
  true: column.visitTrue,
  false: column.visitFalse,
  cast: column.visitCast,
  typeCoerce: column.visitTypeCoerce,
  collation: column.visitCollation,
  grouping: from.visitGrouping,
  binary: operator.visitBinary,
  unary: operator.visitUnary,
  asBoolean: operator.visitAsBoolean,
  expressionList: operator.visitExpressionList,
  clauseList: operator.visitClauseList,
  tuple: operator.visitTuple,
  collectionAggregate: operator.visitCollectionAggregate,
  ...operator.operatorVisitors,
  scalarSelect: setOperation.visitScalarSelect,
  selectGrouping: setOperation.visitScalarSelect,
  function: functions.visitFunction,
  functionAsBinary: functions.visitFunctionAsBinary,
  over: functions.visitOver,
  frameBounds: functions.visitFrameBounds,
  functionFilter: functions.visitFunctionFilter,
  withinGroup: functions.visitWithinGroup,
  aggregateOrderBy: functions.visitAggregateOrderBy,
  case: functions.visitCase,
  extract: functions.visitExtract,
  // CREATE, DROP, ALTER
  ...ansiDdlVisitors,
} as unknown as Visitors);
