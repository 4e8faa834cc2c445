/** DDL on SQL Server. */
import { ansiDdlVisitors, type Visitors } from "@athanor/core";

/** SQL Server's DDL visitors. */
export const ddlVisitors: Visitors = ansiDdlVisitors;
