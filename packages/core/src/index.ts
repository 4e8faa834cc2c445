/**
 * SQL toolkit: expressions, statements, types, schema, dialect SPI, engine.
 * The first half is for everyone; "For dialects and packages above" is the SPI.
 */

export { contains as hasListener, once, remove as removeListener } from "@athanor/driver";
// ---- engine ----
export {
  AssertionPool,
  type CheckoutOptions,
  type ConnectionPoolEntry,
  type InvalidateOptions,
  type Lease,
  NullPool,
  Pool,
  type PoolEvents,
  PoolTimeoutError,
  QueuePool,
  SingletonPool,
  StaticPool,
} from "@athanor/pool";
export type { Annotations } from "./ast/annotations.ts";
export { CacheKeyBuilder, identityOf, nextIdentity } from "./ast/cache-key.ts";
// ---- expressions ----
export { AnonName, joinNames, type Name, NameScope, QuotedName } from "./ast/name.ts";
export { appendValue, defineKind, type FieldKind, type Fields, isPlain, Node } from "./ast/node.ts";
export {
  childrenOf,
  clonedTraverse,
  copyWith,
  iterate,
  type NodesByKind,
  type Replacer,
  replacementTraverse,
  type TraverseOptions,
  type TraverseVisitors,
  traverse,
} from "./ast/traverse.ts";
export * from "./compiler/ansi/column.ts";
export * from "./compiler/ansi/cte.ts";
export * from "./compiler/ansi/ddl-column.ts";
export * from "./compiler/ansi/ddl-comment.ts";
export * from "./compiler/ansi/ddl-constraint.ts";
export * from "./compiler/ansi/ddl-create.ts";
export * from "./compiler/ansi/ddl-index.ts";
export * from "./compiler/ansi/ddl-names.ts";
export { ansiDdlVisitors } from "./compiler/ansi/ddl-table.ts";
export * from "./compiler/ansi/ddl-view.ts";
export { displayVisitors } from "./compiler/ansi/display.ts";
export * from "./compiler/ansi/from.ts";
export * from "./compiler/ansi/function.ts";
export * from "./compiler/ansi/insert.ts";
export { visitSubscript } from "./compiler/ansi/json.ts";
export * from "./compiler/ansi/merge.ts";
export * from "./compiler/ansi/operator.ts";
export * from "./compiler/ansi/returning.ts";
export * from "./compiler/ansi/select.ts";
export * from "./compiler/ansi/set-operation.ts";
export { ansiVisitors } from "./compiler/ansi/table.ts";
export * from "./compiler/ansi/target.ts";
export * from "./compiler/ansi/types.ts";
export * from "./compiler/ansi/update.ts";
export * from "./compiler/ansi/upsert.ts";
export {
  Compiled,
  type CrudPlan,
  type InsertBatchPlan,
  RESULT_KEYS,
  type ResultColumn,
  type StatementKind,
} from "./compiler/compiled.ts";
export { Compiler, type CompilerOptions, refuse } from "./compiler/compiler.ts";
export type { BindStyle, CompilerCapabilities, CompilerDialect, Surroundings } from "./compiler/dialect-port.ts";
export {
  type BindEntry,
  type ExpandedStatement,
  MARKER,
  renderExpanded,
  type TextPiece,
} from "./compiler/expanding.ts";
export { Frame, TransparentFrame } from "./compiler/frame.ts";
export { literalText } from "./compiler/literals.ts";
export {
  ansiIdentifiers,
  type IdentifierRules,
  needsQuotes,
  quoteAlways,
  quoteIdentifier,
  standardReserved,
} from "./compiler/quoting.ts";
export * from "./compiler/state/crud.ts";
export { registerStatementTransform, type StatementTransform, transformStatement } from "./compiler/state/registry.ts";
export { allFroms, type SelectState, selectState } from "./compiler/state/select.ts";
// ---- compiling ----
export {
  compiles,
  extend,
  type FunctionVisitors,
  type TypeVisitors,
  type Visitor,
  type Visitors,
} from "./compiler/visitors.ts";
// ---- DDL ----
export * from "./ddl/comment.ts";
export * from "./ddl/create.ts";
export type * from "./ddl/dialect-port.ts";
export * from "./ddl/drop.ts";
export * from "./ddl/element.ts";
export { fittingName, nameLimit, requireShortEnough } from "./ddl/identifier.ts";
export { type DdlConnection, plannedStatements, runDdl } from "./ddl/plan.ts";
export * from "./ddl/text.ts";
export * from "./ddl/view.ts";
export { violates } from "./ddl/violates.ts";
export { DefaultDialect, defaultCapabilities } from "./dialect/default-dialect.ts";
export * from "./dialect/dialect.ts";
export { expandForExecution } from "./dialect/expand.ts";
export type * from "./dialect/reflected.ts";
export {
  type AspectReader,
  type AspectReaders,
  type CatalogDialect,
  type CatalogSession,
  type DialectReflection,
  ObjectKind,
  ObjectScope,
  type ReflectedBy,
  type RunQuery,
  type TableFilter,
} from "./dialect/reflection.ts";
// ---- For dialects and packages above ----
export {
  type DialectDefinition,
  type DriverDefinition,
  dialectDefinition,
  type ResolveOptions,
  registerDialect,
  registeredDialects,
  resolveDialect,
} from "./dialect/registry.ts";
export { compileElement, displayDialect, statementKind } from "./dialect/stringify.ts";
export { Delete, delete_ } from "./dml/delete.ts";
export {
  type ColumnValues,
  Dml,
  type DmlExtension,
  type DmlParameters,
  type DmlTarget,
  dmlTable,
  type ParametersFor,
  type ReturnedColumns,
  type ValuePairs,
  withTarget,
} from "./dml/dml-base.ts";
export { DmlColumn, fromDmlColumn } from "./dml/dml-column.ts";
export { Insert, insert } from "./dml/insert.ts";

import "./dml/table-methods.ts";

export {
  Merge,
  type MergeAction,
  MergeBranch,
  type MergeExisting,
  type MergeMatch,
  type MergeMissing,
  type MergeUpdateOptions,
  merge,
  mergeAction,
} from "./dml/merge.ts";
export { FilteredDml, Update, update } from "./dml/update.ts";
export { ExcludedColumn, Upsert, UpsertClause, upsert } from "./dml/upsert.ts";
export { bindValues, CrudBind } from "./dml/values-binds.ts";
export {
  type CompileVariant,
  type PreparedStatement,
  StatementCompiler,
} from "./engine/compiled-cache.ts";
export type { CompiledStore } from "./engine/compiled-store.ts";
export { type ConfigOptions, configuredOptions } from "./engine/configuration.ts";
export { ConnectionCore, TransactionCore, type TransactionKind } from "./engine/connection-core.ts";
export { createCore, engineArguments } from "./engine/create-core.ts";
export { CursorResult, ExecutionContext, type GeneratedRow } from "./engine/cursor-result.ts";
export { EngineCore } from "./engine/engine-core.ts";
export { type EngineAndPoolEvents, EngineDispatcher } from "./engine/engine-events.ts";
export type { CursorExecution, EngineEvents, ErrorContext, GivenParameters } from "./engine/events.ts";
export { type ExpandedMany, expandManyForExecution } from "./engine/expand-many.ts";
export { consoleLogger, type Echo, type Logger } from "./engine/logging.ts";
export type {
  EngineOptions,
  EnginePreset,
  ExecutionOptionsInput,
  KnownExecutionOptions,
  PoolFromUrlOptions,
} from "./engine/options.ts";
export { effectiveSchema, mergeOptions, poolOptions } from "./engine/options.ts";
export { CreateEnginePlugin, type EnginePluginClass, registerEnginePlugin } from "./engine/plugins.ts";
export { type ParameterSet, Prepared } from "./engine/prepared.ts";
export { isTransient, type RetryOptions, retry, retryAsync } from "./engine/retry.ts";
export type { StatementTags } from "./engine/statement-tags.ts";
export { connectAsync, executeAsync } from "./engine/steps/awaited.ts";
export { close as closeStep, detach as detachStep, manage as manageStep, tryClose } from "./engine/steps/close.ts";
export {
  checkout as checkoutStep,
  connect as connectStep,
  defaultLevel as defaultLevelStep,
  isolationLevel as isolationLevelStep,
  setOptions as setOptionsStep,
} from "./engine/steps/connect.ts";
export { runText as runTextStep } from "./engine/steps/cursor.ts";
export { runDdlOperation as runDdlStep } from "./engine/steps/ddl.ts";
export { executeDriverSql as executeDriverSqlStep } from "./engine/steps/driver-sql.ts";
export { executableOf } from "./engine/steps/executable.ts";
export { executeStep } from "./engine/steps/execute.ts";
export { invalidateConnection as invalidateStep, translateFailure } from "./engine/steps/failure.ts";
export {
  autobegin as autobeginStep,
  begin as beginStep,
  beginNested as beginNestedStep,
  beginTwoPhase as beginTwoPhaseStep,
  commit as commitStep,
  rollback as rollbackStep,
  rollbackOnce as rollbackOnceStep,
} from "./engine/steps/transaction.ts";
export {
  endPrepared as endPreparedStep,
  prepare as prepareStep,
  recoverTwophase as recoverTwophaseStep,
} from "./engine/steps/two-phase.ts";
export type { TraceAttributes, TraceContext } from "./engine/tracing.ts";
// ---- errors, events ----
export * from "./errors/database.ts";
export * from "./errors/errors.ts";
export type { ArrayOps } from "./expression/array-ops.ts";
export { Binary } from "./expression/binary.ts";
export { type BindOptions, BindParameter, bindparam, literalBind } from "./expression/bind.ts";
export { Case } from "./expression/case.ts";
export { Cast, TryCast, TypeCoerce } from "./expression/cast.ts";
export {
  CLAUSE_ELEMENT,
  ClauseElement,
  type CompiledText,
  type CompileOptions,
  type HasClauseElement,
  type SqlExpression,
} from "./expression/clause-element.ts";
export { ClauseList, ExpressionList, joinConditions } from "./expression/clause-list.ts";
export * from "./expression/coerce.ts";
export { Collation } from "./expression/collation.ts";
export { ColumnClause, type ForeignKeyLink, lineage, shareLineage } from "./expression/column-clause.ts";
export {
  type CollateOptions,
  ColumnElement,
  type ContainsOptions,
  type LikeOptions,
  type Named,
  type Operand,
  operations,
} from "./expression/column-element.ts";
export { arrayComparator, Slice, UnsupportedArrayOperator } from "./expression/comparators/array.ts";
export {
  type JsonElement,
  type JsonOps,
  type JsonStep,
  jsonComparator,
  jsonStep,
} from "./expression/comparators/json.ts";
// ---- types ----
export { t } from "./expression/comparators/namespace.ts";
export { False, false_, Null, null_, True, true_ } from "./expression/constants.ts";
export * from "./expression/constructors.ts";
export { Extract } from "./expression/extract.ts";
export type { FromElement } from "./expression/from-element.ts";
export {
  type AnyFunction,
  type FunctionByName,
  type FunctionNamespace,
  func,
  functionNamed,
  type KnownFunctions,
  registerFunction,
} from "./expression/func.ts";
export { FunctionElement, functionArguments, SqlFunction } from "./expression/function.ts";
export { FunctionAsBinary } from "./expression/function-as-binary.ts";
export { GenericFunction, registerGenericFunction } from "./expression/generic-function.ts";
export { Grouping } from "./expression/grouping.ts";
export { Label } from "./expression/label.ts";
export { LabelReference } from "./expression/label-reference.ts";
export { LiteralColumn } from "./expression/literal-column.ts";
export { comparison } from "./expression/operate.ts";
export { OutParameter, outparam } from "./expression/out-parameter.ts";
export * from "./expression/over.ts";
export * from "./expression/row-types.ts";
export { type SqlTag, sql } from "./expression/sql.ts";
export { SqlIdentifier, SqlTemplate } from "./expression/template.ts";
export { TextClause } from "./expression/text.ts";
export { Tuple } from "./expression/tuple.ts";
export { AsBoolean, Unary } from "./expression/unary.ts";
export { needsParentheses, negations, Operator } from "./operator/operator.ts";
export { type CustomOperatorOptions, customOp, operators } from "./operator/table.ts";
export { verbatim } from "./reflect/build.ts";
export { type AwaitedInspector, addFrontMethods, type BlockingInspector } from "./reflect/front.ts";
export {
  type InSchema,
  type InspectorSource,
  InspectorSteps,
  type Multi,
  type MultiOptions,
} from "./reflect/inspector-steps.ts";
export type { ForeignKeyName, SortedNames, SortedPlaces, TablePlace } from "./reflect/sort.ts";
export { connectionSource, engineSource } from "./reflect/source.ts";
export { codegenAllowed } from "./result/codegen.ts";
export { RowFeed, type RowSource } from "./result/feed.ts";
export type { ColumnKey } from "./result/keys.ts";
export { ResultKeys } from "./result/keys.ts";
export { identityOfValues, MappingObjects, RowObjects, ScalarValues } from "./result/readers.ts";
export { FrozenResult, MappingResult, plainShape, Result, ResultBase, ScalarResult } from "./result/result.ts";
export { type RowMaker, RowShape } from "./result/row.ts";
export type { UniqueStrategy } from "./result/view.ts";
export { ResultView, type RowReader } from "./result/view.ts";
// ---- schema ----
export * from "./schema/check.ts";
export * from "./schema/column.ts";
export * from "./schema/column-constraint.ts";
export * from "./schema/column-factory.ts";
export { attachToTableOf, type ColumnArgument, columnArgument, resolveColumns } from "./schema/column-list.ts";
export type * from "./schema/column-types.ts";
export * from "./schema/computed.ts";
export * from "./schema/constraint.ts";
export * from "./schema/default.ts";
export { type EventFunctions, event } from "./schema/event.ts";
export type * from "./schema/events.ts";
export { listen, SchemaEvents } from "./schema/events.ts";
export { columnsIn, ddlExpression, moveExpression } from "./schema/expression.ts";
export * from "./schema/foreign-key.ts";
export * from "./schema/foreign-key-constraint.ts";
export * from "./schema/generator-options.ts";
export * from "./schema/identity.ts";
export * from "./schema/metadata.ts";
export {
  type ConventionColumn,
  type ConventionKey,
  ConventionName,
  type ConventionParts,
  conv,
} from "./schema/naming.ts";
export * from "./schema/ports.ts";
export * from "./schema/primary-key.ts";
export { type Info, SchemaItem } from "./schema/schema-item.ts";
export * from "./schema/schema-name.ts";
export { type Sentinel, type SentinelSource, sentinelOf } from "./schema/sentinel.ts";
export * from "./schema/sequence.ts";
export * from "./schema/server-default.ts";
export { type SortedTable, sortTables, sortTablesAndConstraints } from "./schema/sort.ts";
export * from "./schema/table.ts";
export type { CopyOptions, ReferredSchema } from "./schema/table-copy.ts";
export * from "./schema/table-factory.ts";
export * from "./schema/table-index.ts";
export type * from "./schema/table-ports.ts";
export type * from "./schema/table-types.ts";
export * from "./schema/type-constraints.ts";
// ---- selectables and statements ----
export { Alias, AliasedFromClause, anonymousAliasName, Lateral, proxyColumn, TableSample } from "./selectable/alias.ts";
export {
  addColumn,
  type ColumnCollection,
  type ColumnCollectionMethods,
  columnByKey,
  columnCollection,
  columnsOf,
  removeColumn,
} from "./selectable/column-collection.ts";
export {
  type CompoundOperand,
  CompoundSelect,
  except,
  exceptAll,
  intersect,
  intersectAll,
  union,
  unionAll,
} from "./selectable/compound.ts";
export { CTE } from "./selectable/cte.ts";
export { appliesTo, type Decoration } from "./selectable/decoration.ts";
export { alias, cte, join, lateral, outerjoin, tablesample } from "./selectable/derive.ts";
export {
  type ColumnDescription,
  describeElement,
  describing,
  type EntityDescription,
} from "./selectable/descriptions.ts";
export {
  type AcceptedDialectOptions,
  type DialectOptionTarget,
  type DialectSpecificOptions,
  dialectOption,
  type GivenDialectOptions,
  registerDialectOptionPrefix,
  registerDialectOptions,
  splitArguments,
  takeDialectOptions,
} from "./selectable/dialect-options.ts";
export {
  appendOptionKeys,
  Executable,
  type ExecutionOptions,
  type Given,
  type OtherClause,
  type StatementOption,
  type StatementTypes,
} from "./selectable/executable.ts";
export { type FilterEntity, filterConditions } from "./selectable/filter-by.ts";
export { ForUpdate, type ForUpdateOptions } from "./selectable/for-update.ts";
export { canJoin, joinCondition } from "./selectable/foreign-keys.ts";
export { FromClause, isFromClause, type JoinedFrom, type JoinOptions } from "./selectable/from-clause.ts";
export { GenerativeSelect } from "./selectable/generative-select.ts";
export type { GivenName, NameIn } from "./selectable/given-name.ts";
export { Join } from "./selectable/join.ts";
export { type JoinEntry, joinArguments, joinable, positionalArguments } from "./selectable/join-arguments.ts";
export {
  keyColumns,
  LABEL_STYLE_DEFAULT,
  LABEL_STYLE_DISAMBIGUATE_ONLY,
  LABEL_STYLE_NONE,
  LABEL_STYLE_TABLENAME_PLUS_COL,
  type LabelStyle,
  type NamedColumn,
  nameColumns,
} from "./selectable/naming.ts";
export { type OuterColumns, outer } from "./selectable/outer.ts";
export {
  type CteMethods,
  type CteOf,
  type ExistsSubquery,
  ReturnsRows,
  SelectBase,
} from "./selectable/returns-rows.ts";
export type {
  ElementTypes,
  HasRows,
  ScalarSubquery,
  Selected,
  SelectedMore,
  SelectedObject,
  StatementColumns,
  SubqueryColumns,
} from "./selectable/row-columns.ts";
export { Exists, exists, ScalarSelect } from "./selectable/scalar.ts";
export {
  appendConditions,
  columnFroms,
  expandColumns,
  Select,
  type SelectExtension,
  select,
} from "./selectable/select.ts";
export { deriveSelect } from "./selectable/select-port.ts";
export { LateralSubquery, Subquery } from "./selectable/subquery.ts";
export { columnClause, quotedName, TableClause, tableClause } from "./selectable/table-clause.ts";
export { FunctionFrom, ScalarFunctionColumn, TableValuedAlias, TableValuedColumn } from "./selectable/table-valued.ts";
export { TextualSelect } from "./selectable/text-select.ts";
export { Values, type ValuesOptions, values } from "./selectable/values.ts";
export { Connection } from "./sync/connection.ts";
export { createEngine, createMockEngine, createPoolFromUrl, engineFromConfig, MockEngine } from "./sync/create.ts";
export { Engine } from "./sync/engine.ts";
export { Inspector, inspect } from "./sync/inspector.ts";
export { RawConnection } from "./sync/raw-connection.ts";
export { NestedTransaction, RootTransaction, Transaction, TwoPhaseTransaction } from "./sync/transaction.ts";
export * from "./types/adaptation.ts";
export * from "./types/arguments.ts";
export * from "./types/array.ts";
export * from "./types/binary.ts";
export * from "./types/boolean.ts";
export * from "./types/custom.ts";
export * from "./types/decimal-text.ts";
export * from "./types/decorator.ts";
export * from "./types/deep-equal.ts";
export * from "./types/duration.ts";
export * from "./types/enum.ts";
export * from "./types/factory.ts";
export * from "./types/json.ts";
export { jsonPathText } from "./types/json-path.ts";
export { describe, numberText, quoteString } from "./types/literals.ts";
export type { TypeNamespace } from "./types/namespace.ts";
export * from "./types/null.ts";
export * from "./types/numeric.ts";
export { sqlTypeOf, typeOfValue } from "./types/registry.ts";
export { retyped } from "./types/retyped.ts";
export * from "./types/serialized.ts";
export * from "./types/standard-schema.ts";
export * from "./types/string.ts";
export * from "./types/temporal.ts";
export * from "./types/temporal-port.ts";
export * from "./types/temporal-text.ts";
export * from "./types/tuple.ts";
export * from "./types/type.ts";
export { runTypeDdl, type TypeBind, type TypeCreateOptions } from "./types/type-bind.ts";
/** The classes behind the types in capitals: `exactTypes.VARCHAR` of `t.VARCHAR`. */
export * as exactTypes from "./types/uppercase.ts";
export * from "./types/uuid.ts";
export { makeUrl, URL, type UrlParts, type UrlQuery } from "./url/url.ts";
export { type Edge, findCycles, type TopologicalOrder, topologicalOrder } from "./util/topological.ts";
export { onWarning, type WarningHandler, warn } from "./util/warnings.ts";
