/** Object-relational mapper: mapping, identity map, unit of work, Session, loading. */

// ---- mapping ----
export * from "./declarative/base.ts";
export * from "./declarative/relationships.ts";
export type * from "./declarative/types.ts";
