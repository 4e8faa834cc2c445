/** The tables that PostgreSQL renders with: the ANSI ones with what differs. */
import {
  ansiVisitors,
  extend,
  type FunctionVisitors,
  functionVisitors,
  type Visitor,
  type Visitors,
} from "@athanor/core";
import { visitOrderedArgument } from "../expressions/aggregate-order-by.ts";
import { visitBind } from "./bind.ts";
import { ddlVisitors } from "./ddl.ts";
import { indexVisitors } from "./ddl-index.ts";
import { namedTypeVisitors } from "./ddl-types.ts";
import { dmlVisitors } from "./dml.ts";
import { expressionVisitors, functionNames } from "./expression.ts";
import { operatorVisitors } from "./operator.ts";
import { selectVisitors } from "./select.ts";

/** How statements are written for PostgreSQL. */
export const postgresVisitors: Visitors = extend(ansiVisitors, {
  ...selectVisitors,
  ...dmlVisitors,
  ...operatorVisitors,
  ...expressionVisitors,
  ...ddlVisitors,
  ...indexVisitors,
  ...namedTypeVisitors,
  bind: visitBind as Visitor,
  pgOrderedArgument: visitOrderedArgument as Visitor,
});

/** How functions are written for PostgreSQL. */
export const postgresFunctionVisitors: FunctionVisitors = { ...functionVisitors, ...functionNames };
