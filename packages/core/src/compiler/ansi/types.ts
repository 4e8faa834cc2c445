/** Names of types in DDL and CAST. (The lead's stub: the schema colleague fills it.) */
import type { TypeVisitors } from "../visitors.ts";

/** The default names of types. */
export const ansiTypeVisitors: TypeVisitors = Object.freeze({});
