/** Every DDL visitor: the table that dialects extend. (The lead's stub: the schema colleague fills it.) */
import type { Visitors } from "../visitors.ts";

/** The default rendering of DDL. */
export const ansiDdlVisitors: Visitors = Object.freeze({});
