/** Object-relational mapper: mapping, identity map, unit of work, Session, loading. */

export * from "./base/errors.ts";
export {
  NO_VALUE,
  NOT_LOADED,
  PASSIVE_NO_FETCH,
  PASSIVE_NO_INITIALIZE,
  PASSIVE_OFF,
  type Passive,
} from "./base/symbols.ts";
export type { CollectionAdapter, CollectionLink } from "./collections/adapter.ts";
export type { CustomCollection } from "./collections/choose.ts";
export { RelatedList } from "./collections/list.ts";
export {
  attributeKeyedMap as attributeKeyedDict,
  attributeKeyedMap,
  KeyedCollection,
  type KeyedMap,
  keyfuncMapping,
} from "./collections/map.ts";
export { RelatedSet } from "./collections/set.ts";
// ---- mapping ----
export { addProperty } from "./declarative/add-property.ts";
export { type BaseOptions, DeclarativeBase, declarativeBase } from "./declarative/base.ts";
export { TypeArgumentError } from "./declarative/construct.ts";
export * from "./declarative/imperative.ts";
export * from "./declarative/inspect.ts";
export * from "./declarative/listen.ts";
export * from "./declarative/properties.ts";
export * from "./declarative/relationships.ts";
export type { AsyncMappedOptions, MappedOptions, MappedRest } from "./declarative/rest.ts";
export type * from "./declarative/types.ts";
export { History, type HistoryItem } from "./history/history.ts";
export type { IdentityKey } from "./identity/key.ts";
export type { AttributeEvents, AttributeListenOptions, Initiator } from "./instrument/events.ts";
export {
  delAttribute,
  flagDirty,
  flagModified,
  getAttribute,
  getHistory,
  instanceState,
  setAttribute,
  setCommittedValue,
} from "./instrument/functions.ts";
export { hasInheritedTable } from "./mapping/class-map.ts";
export { columnKeyedDict } from "./mapping/column-keyed.ts";
export { ColumnProperty } from "./mapping/column-property.ts";
export {
  CompositeAttribute,
  type CompositeMember,
  type CompositeOptions,
  CompositeProperty,
  type CompositeType,
} from "./mapping/composite.ts";
export { polymorphicUnion } from "./mapping/concrete.ts";
export type { MapperEvents } from "./mapping/events.ts";
export { type MappedClass, Mapper, type MapperOptions } from "./mapping/mapper.ts";
export type { NamedList, SearchableList } from "./mapping/named-list.ts";
export { clearMappers, configureMappers } from "./mapping/registry.ts";
export { RelationshipAttribute } from "./mapping/relationship-attribute.ts";
export { foreign, remote } from "./relationship/annotations.ts";
export { RelationshipProperty } from "./relationship/relationship.ts";

// ---- queries and loading ----
import "./query/register.ts";
import "./load/register.ts";
import "./load/strategies/post-load.ts";
import "./load/strategies/dynamic.ts";
import "./session/wire.ts";
import "./session/specimens.ts";

export type { GetOptions } from "./load/by-key.ts";
export { Query } from "./load/legacy-query.ts";
export { DynamicCollection, WriteOnlyCollection } from "./load/strategies/dynamic.ts";
export * from "./options/criteria.ts";
export * from "./options/loaders.ts";
export { type ColumnPath, LoaderOption, type RelationshipPath } from "./options/option.ts";
export { UserDefinedOption } from "./options/user-defined.ts";
export {
  type AliasedClass,
  type AliasedOptions,
  type AliasSource,
  aliased,
  type NamedSubclasses,
  type PolymorphicNamespace,
  type WithPolymorphicOptions,
  withPolymorphic,
} from "./query/aliased.ts";
export { Bundle, type BundleClass, bundle, DictBundle, type DictBundleClass } from "./query/bundle.ts";
export { UnevaluatableError } from "./query/evaluator.ts";
export { FromStatement, fromStatement } from "./query/from-statement.ts";
export { join, outerjoin } from "./query/orm-join.ts";
export { withParent } from "./query/with-parent.ts";

// ---- sessions ----
import "./flush/dependency/register.ts";

// ---- For packages above ----
export type { ImplicitAccess } from "./base/session-port.ts";
export type { IdentityMap } from "./identity/identity-map.ts";
export type { RefreshOptions } from "./load/refresh.ts";
export type { LoadParameters } from "./load/session.ts";
export type { ExecuteOptions } from "./session/arguments.ts";
export { executeArguments, refreshArguments, sessionArguments } from "./session/arguments.ts";
export { allSessions, type BulkContext, type SessionDispatcher, type SessionEvents } from "./session/events.ts";
export { type BeginWith, makerOf, SessionScopes } from "./session/makers.ts";
export {
  classMapper,
  type IdentityTuple,
  identityKey,
  makeTransient,
  makeTransientToDetached,
  objectMapper,
  objectSession,
  wasDeleted,
} from "./session/object-states.ts";
export { openSessions } from "./session/open-sessions.ts";
export type {
  Bind,
  BindArguments,
  JoinTransactionMode,
  JoinTransactionModeName,
  SessionOptions,
} from "./session/options.ts";
export { OrmExecute } from "./session/orm-execute.ts";
export type { SessionRouter } from "./session/routing.ts";
export { SessionCore, type SessionDriver } from "./session/session-core.ts";
export { stateFor } from "./session/states.ts";
export type { BulkSaveOptions } from "./session/steps/bulk.ts";
export { bulkInsertMappingsStep, bulkSaveStep, bulkUpdateMappingsStep } from "./session/steps/bulk.ts";
export { executeStep as executeInSessionStep } from "./session/steps/execute.ts";
export { entityOf, getOneStep, getStep } from "./session/steps/get.ts";
export type { MergeOptions } from "./session/steps/merge.ts";
export { mergeStep } from "./session/steps/merge.ts";
export { mergeFrozenResult } from "./session/steps/merge-frozen.ts";
export { deleteStep } from "./session/steps/objects.ts";
export { refreshStep } from "./session/steps/refresh.ts";
export { SessionTransaction as SessionTransactionCore } from "./session/transaction.ts";
export { isModified } from "./session/views.ts";
export type { InstanceState } from "./state/instance-state.ts";
export { stateOf, stateOrNull } from "./state/registry.ts";
export { executeStep, type StepTarget } from "./sync/execute-step.ts";
export {
  type ScopedSession,
  type SessionClass,
  type SessionMaker,
  type SessionMakerOptions,
  type SessionRegistry,
  scopedSession,
  sessionmaker,
} from "./sync/factory.ts";
export { type EntityClass, SessionMembers } from "./sync/members.ts";
export { closeAllSessions, Session } from "./sync/session.ts";
export { SessionTransaction } from "./sync/session-transaction.ts";
