/** What is about to be written: one record per object and table, in groups that one statement can write. */
import type { ConnectionCore } from "@athanor/core";
import type { InstanceState } from "../state/instance-state.ts";
import type { TablePlan } from "./write-plan.ts";

/** An object that takes part in writing, with what was found out about it once. */
export interface Writing {
  readonly state: InstanceState;
  readonly connection: ConnectionCore;
  /** It had a row before. */
  readonly isUpdate: boolean;
  /** The version that its row must have; undefined without versions. */
  readonly version: unknown;
}

/** One row to be written. */
export interface WriteRecord {
  readonly writing: Writing;
  readonly plan: TablePlan;
  readonly params: Record<string, unknown>;
  /** SQL expressions in place of values, by column name. */
  readonly expressions: (readonly [string, unknown])[] | null;
  /** Which columns are given; rows with different ones are written by different statements. */
  readonly signature: number | string;
  readonly hasAllKeys: boolean;
  readonly hasAllDefaults: boolean;
  /** The object has all values that its new row has, but for a key that the database makes. */
  readonly isComplete: boolean;
}

/** Neighbours that one statement can write. */
export function* groups(records: readonly WriteRecord[]): IterableIterator<readonly WriteRecord[]> {
  let start = 0;
  for (let index = 1; index <= records.length; index++) {
    if (index < records.length && fit(records[start] as WriteRecord, records[index] as WriteRecord)) continue;
    if (index > start) yield start === 0 && index === records.length ? records : records.slice(start, index);
    start = index;
  }
}

function fit(a: WriteRecord, b: WriteRecord): boolean {
  return (
    a.signature === b.signature &&
    a.writing.connection === b.writing.connection &&
    (a.expressions === null) === (b.expressions === null) &&
    a.hasAllKeys === b.hasAllKeys &&
    a.hasAllDefaults === b.hasAllDefaults
  );
}

/** The signature of a row of a table that is too wide for bits. */
export function wideSignature(params: Readonly<Record<string, unknown>>, given: number | string): string {
  return `${given} ${Object.keys(params).sort().join(" ")}`;
}
