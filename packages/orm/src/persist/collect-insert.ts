/** From new objects to the rows to be inserted. */

import type { Table } from "@athanor/core";
import { type ClauseElement, resolveNode } from "@athanor/core";
import type { OrmClasses } from "../base/classes.ts";
import { noteDefaults } from "./defaults.ts";
import { type WriteRecord, type Writing, wideSignature } from "./records.ts";
import { rowMaker } from "./row-maker.ts";
import { plansOf, type TablePlan } from "./write-plan.ts";

type Mapper = OrmClasses["mapper"];

/** The rows of a table that new objects need. */
export function insertRecords(table: Table, writings: readonly Writing[]): WriteRecord[] {
  const records: WriteRecord[] = [];
  let mapper: Mapper | null = null;
  let plan: TablePlan | undefined;
  for (const writing of writings) {
    if (writing.state.mapper !== mapper) {
      mapper = writing.state.mapper;
      plan = plansOf(mapper).get(table);
    }
    if (plan !== undefined) records.push(insertRecord(plan, writing));
  }
  return records;
}

function insertRecord(plan: TablePlan, writing: Writing): WriteRecord {
  const { dict } = writing.state;
  let expressions: (readonly [string, unknown])[] | null = null;
  let given = 0;
  let hasAllKeys = true;
  let hasAllDefaults = true;
  let isComplete = plan.version === null;
  for (const column of plan.columns) {
    const value = dict[column.key];
    if (value !== undefined && (value !== null || column.writesNull)) {
      if (typeof value === "object" && value !== null && isSql(value)) {
        (expressions ??= []).push([column.name, value]);
        if (column.column.serverDefault !== null) hasAllDefaults = false;
      } else given += column.bit;
      continue;
    }
    switch (column.missing) {
      case "null":
        given += column.bit;
        if (value === undefined) isComplete = false;
        break;
      case "key":
        hasAllKeys = false;
        break;
      case "default":
        isComplete = false;
        if (column.fallback === null) {
          if (column.column.primaryKey) hasAllKeys = false;
          else hasAllDefaults = false;
        }
        break;
      case "server":
        isComplete = false;
        hasAllDefaults = false;
        break;
      default:
        isComplete = false;
    }
  }
  const params = plan.isWide ? wideRow(plan, dict) : rowMaker(plan, given)(dict);
  const { version } = plan;
  if (version !== null && plan.mapper.versionIdGenerator !== false) {
    if (!(version.name in params)) given += version.bit;
    params[version.name] = plan.mapper.versionIdGenerator(null);
  }
  const signature = plan.isWide ? wideSignature(params, given) : given;
  if (plan.hasFallback) noteDefaults("fallback", plan, writing, params, expressions);
  return {
    writing,
    plan,
    params,
    expressions,
    signature,
    hasAllKeys: hasAllKeys && keysAreValues(plan, expressions),
    hasAllDefaults,
    isComplete: isComplete && expressions === null,
  };
}

/** Parameters of a table that is too wide for signatures made of bits. */
function wideRow(plan: TablePlan, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const { key, name, writesNull, missing } of plan.columns) {
    const value = values[key];
    if (value !== undefined && (value !== null || writesNull)) {
      if (typeof value !== "object" || value === null || !isSql(value)) row[name] = value;
    } else if (missing === "null") row[name] = null;
  }
  return row;
}

function keysAreValues(plan: WriteRecord["plan"], expressions: WriteRecord["expressions"]): boolean {
  return expressions === null || plan.primary.every(({ name }) => !expressions.some(([key]) => key === name));
}

/** Whether a value is a SQL expression, to be put into the statement. */
export function isSql(value: object): boolean {
  return (
    !(value instanceof Date) &&
    !(value instanceof Uint8Array) &&
    !Array.isArray(value) &&
    (resolveNode(value) as ClauseElement | undefined) !== undefined
  );
}
