/** From new objects to the rows to be inserted. */

import type { Table } from "@athanor/core";
import { type ClauseElement, resolveNode } from "@athanor/core";
import { noteDefaults } from "./defaults.ts";
import { type WriteRecord, type Writing, wideSignature } from "./records.ts";
import { plansOf } from "./write-plan.ts";

/** The rows of a table that new objects need. */
export function insertRecords(table: Table, writings: readonly Writing[]): WriteRecord[] {
  const records: WriteRecord[] = [];
  for (const writing of writings) {
    const { state } = writing;
    const plan = plansOf(state.mapper).get(table);
    if (plan === undefined) continue;
    const { dict } = state;
    const params: Record<string, unknown> = {};
    let expressions: (readonly [string, unknown])[] | null = null;
    let given = 0;
    let hasAllKeys = true;
    let hasAllDefaults = true;
    for (const column of plan.columns) {
      const value = dict[column.key];
      if (value !== undefined && (value !== null || column.writesNull)) {
        if (typeof value === "object" && value !== null && isSql(value)) {
          (expressions ??= []).push([column.name, value]);
          if (column.column.serverDefault !== null) hasAllDefaults = false;
        } else {
          params[column.name] = value;
          given += column.bit;
        }
        continue;
      }
      switch (column.missing) {
        case "null":
          params[column.name] = null;
          given += column.bit;
          break;
        case "key":
          hasAllKeys = false;
          break;
        case "default":
          if (column.fallback === null) {
            if (column.column.primaryKey) hasAllKeys = false;
            else hasAllDefaults = false;
          }
          break;
        case "server":
          hasAllDefaults = false;
          break;
        default:
      }
    }
    const { version } = plan;
    if (version !== null && plan.mapper.versionIdGenerator !== false) {
      if (!(version.name in params)) given += version.bit;
      params[version.name] = plan.mapper.versionIdGenerator(null);
    }
    const signature = plan.isWide ? wideSignature(params, given) : given;
    if (plan.hasFallback) noteDefaults("fallback", plan, writing, params, expressions);
    records.push({
      writing,
      plan,
      params,
      expressions,
      signature,
      hasAllKeys: hasAllKeys && keysAreValues(plan, expressions),
      hasAllDefaults,
    });
  }
  return records;
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
