/** Object-relational mapper: mapping, identity map, unit of work, Session, loading. */

// ---- mapping ----
export * from "./declarative/base.ts";
export * from "./declarative/relationships.ts";
export type * from "./declarative/types.ts";

// ---- queries and loading ----
import "./query/register.ts";
import "./load/register.ts";
import "./load/strategies/post-load.ts";
import "./session/wire.ts";
export * from "./options/criteria.ts";
export * from "./options/loaders.ts";
export { type ColumnPath, LoaderOption, type RelationshipPath } from "./options/option.ts";
export { aliased, type AliasedClass, type AliasedOptions, type AliasSource, withPolymorphic, type WithPolymorphicOptions } from "./query/aliased.ts";
export { Bundle, bundle } from "./query/bundle.ts";
export { UnevaluatableError } from "./query/evaluator.ts";
export { FromStatement, fromStatement } from "./query/from-statement.ts";
export { withParent } from "./query/with-parent.ts";
export { type GetOptions } from "./load/by-key.ts";

// ---- sessions ----
import "./flush/dependency/register.ts";
export { allSessions, type SessionDispatcher, type SessionEvents } from "./session/events.ts";
export type { Bind, JoinTransactionMode, SessionOptions } from "./session/options.ts";
export { AttributeState, inspect, InstanceInspection } from "./session/inspect.ts";
export { OrmExecute } from "./session/orm-execute.ts";
export { makeTransient, makeTransientToDetached, objectSession, wasDeleted } from "./session/object-states.ts";
export type { ExecuteOptions } from "./session/arguments.ts";
export type { BulkSaveOptions } from "./session/steps/bulk.ts";
export type { MergeOptions } from "./session/steps/merge.ts";
export { type EntityClass, Session } from "./sync/session.ts";
export { SessionTransaction } from "./sync/session-transaction.ts";
export { type ScopedSession, scopedSession, type SessionMaker, sessionmaker } from "./sync/factory.ts";
