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
