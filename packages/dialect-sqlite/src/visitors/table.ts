/** The tables that SQLite renders with: the ANSI ones with what differs. */
import { ansiVisitors, extend, type Visitors } from "@athanor/core";
import { ddlVisitors } from "./ddl.ts";
import { dmlVisitors } from "./dml.ts";
import { operatorVisitors } from "./operator.ts";
import { selectVisitors } from "./select.ts";

/** How statements are written for SQLite. */
export const sqliteVisitors: Visitors = extend(ansiVisitors, {
  ...selectVisitors,
  ...dmlVisitors,
  ...operatorVisitors,
  ...ddlVisitors,
});
