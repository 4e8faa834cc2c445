/** The visitors of MySQL and MariaDB: core's, with what they write in their own way. */
import { ansiVisitors, extend, refuseMerge, type Visitor, type Visitors } from "@athanor/core";
import { visitCast } from "./cast.ts";
import { ddlVisitors } from "./ddl.ts";
import { dmlVisitors } from "./dml.ts";
import { visitConstantFrame, visitNextValue, visitOrderedAggregate } from "./function.ts";
import { jsonVisitors } from "./json.ts";
import { visitMatch } from "./match.ts";
import { operatorVisitors } from "./operator.ts";
import { selectVisitors } from "./select.ts";
import { visitInsertedColumn, visitOnDuplicateKeyUpdate, visitUpsertClause } from "./upsert.ts";

/** Every visitor of MySQL and MariaDB; they ask the dialect which of the two it is. */
export const mysqlVisitors: Visitors = extend(ansiVisitors, {
  ...selectVisitors,
  ...dmlVisitors,
  ...operatorVisitors,
  ...jsonVisitors,
  ...ddlVisitors,
  cast: visitCast as Visitor,
  nextValue: visitNextValue as Visitor,
  frameBounds: visitConstantFrame as Visitor,
  aggregateOrderBy: visitOrderedAggregate as Visitor,
  mysqlMatch: visitMatch as Visitor,
  mysqlInserted: visitInsertedColumn as Visitor,
  excludedColumn: visitInsertedColumn as Visitor,
  upsertClause: visitUpsertClause as Visitor,
  merge: refuseMerge as Visitor,
  onDuplicateKeyUpdate: visitOnDuplicateKeyUpdate as Visitor,
});
