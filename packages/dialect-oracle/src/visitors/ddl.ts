/** DDL on Oracle. */
import { ansiDdlVisitors, type Visitors } from "@athanor/core";

/** Oracle's DDL visitors. */
export const ddlVisitors: Visitors = ansiDdlVisitors;
