/** From changed objects to the rows to be updated: only what differs from the database. */
import type { Table } from "@athanor/core";
import type { Step } from "@athanor/driver";
import { FlushError } from "../base/errors.ts";
import { NO_VALUE, PASSIVE_NO_INITIALIZE } from "../base/symbols.ts";
import type { ScalarAttribute } from "../instrument/scalar-attribute.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { isSql } from "./collect-insert.ts";
import { noteDefaults } from "./defaults.ts";
import { copyKeysStep, loadExpiredStep } from "./key-sync.ts";
import { type WriteRecord, type Writing, wideSignature } from "./records.ts";
import type { FlushScope } from "./scope.ts";
import { plansOf, type TablePlan } from "./write-plan.ts";

/** The rows of a table that changed objects need. */
export function* updateRecordsStep(table: Table, writings: readonly Writing[], scope: FlushScope): Step<WriteRecord[]> {
  const records: WriteRecord[] = [];
  for (const writing of writings) {
    const { state } = writing;
    const plan = plansOf(state.mapper).get(table);
    if (plan === undefined) continue;
    const { committed, dict } = state;
    const params: Record<string, unknown> = {};
    let expressions: (readonly [string, unknown])[] | null = null;
    let given = 0;
    let changed = false;
    for (const key in committed) {
      const before = committed[key];
      if (before === undefined) continue;
      const column = plan.byKey.get(key);
      if (column === undefined) continue;
      const value = dict[key] ?? null;
      if (typeof value === "object" && value !== null && isSql(value)) (expressions ??= []).push([column.name, value]);
      else if (before === NO_VALUE || !(state.mapper.attributes.get(key) as ScalarAttribute).isEqual(value, before)) {
        params[column.name] = value;
        given += column.bit;
      } else continue;
      changed = true;
    }
    const { version } = plan;
    if (version !== null) {
      if (!changed && !changedElsewhere(state)) continue;
      const { versionIdGenerator } = plan.mapper;
      if (versionIdGenerator !== false) {
        if (!(version.name in params)) {
          params[version.name] = versionIdGenerator(writing.version);
          given += version.bit;
        }
      } else if (!changed) {
        params[version.name] = writing.version;
        given += version.bit;
      }
      changed = true;
    } else if (!changed) continue;
    if (state.expiredKeys !== null) yield* loadExpiredStep(state, plan.primaryKeys);
    const keys = findKeys(plan, writing, params, expressions, scope);
    given -= keys.removed;
    if (!hasOwn(params) && expressions === null) {
      // Nothing is sent: the database is expected to carry the key on. Subclass tables must hear of it all the same.
      if (keys.cascaded)
        for (const { mapper, pairs } of plan.equated)
          yield* copyKeysStep(
            state,
            mapper,
            state,
            mapper,
            pairs,
            mapper.options.passiveUpdates === false ? null : scope,
          );
      continue;
    }
    const signature = plan.isWide ? wideSignature(params, given) : given;
    if (plan.hasOnupdate) noteDefaults("onupdate", plan, writing, params, expressions);
    if (plan.versionName !== null) params[plan.versionName] = writing.version;
    for (let index = 0; index < plan.primaryNames.length; index++)
      params[plan.primaryNames[index] as string] = keys.values[index];
    records.push({
      writing,
      plan,
      params,
      expressions,
      signature,
      hasAllKeys: keys.areValues,
      hasAllDefaults: plan.serverOnupdates.length === 0,
      isComplete: false,
    });
  }
  return records;
}

function hasOwn(object: object): boolean {
  for (const _ in object) return true;
  return false;
}

/** Whether columns of other tables have changed: the version stands for the whole object. */
function changedElsewhere(state: InstanceState): boolean {
  for (const property of state.mapper.columnAttrs) {
    if (state.committed?.[property.key] === undefined || property.column === null) continue;
    if (state.mapper.attribute(property.key).history(state, PASSIVE_NO_INITIALIZE).hasChanges()) return true;
  }
  return false;
}

interface FoundKeys {
  readonly values: readonly unknown[];
  /** Bits of key columns that need no SET, since the database has carried the change on. */
  readonly removed: number;
  readonly cascaded: boolean;
  readonly areValues: boolean;
}

/** The primary key by which the row is found: as it was before changes. */
function findKeys(
  plan: TablePlan,
  { state }: Writing,
  params: Record<string, unknown>,
  expressions: WriteRecord["expressions"],
  scope: FlushScope,
): FoundKeys {
  const values: unknown[] = [];
  let removed = 0;
  let cascaded = false;
  let areValues = true;
  for (const { key, name, column, bit } of plan.primary) {
    const before = state.committed?.[key];
    const now = state.dict[key];
    let value: unknown;
    if (before !== undefined && before !== now) {
      if (before === NO_VALUE || scope.isCascaded(state, column)) {
        cascaded = true;
        value = now;
        if (name in params) {
          delete params[name];
          removed += bit;
        }
      } else {
        value = before;
        if (expressions?.some(([given]) => given === name) === true) areValues = false;
      }
    } else value = now ?? identityOf(state, key);
    if (value === null || value === undefined)
      throw new FlushError(
        `Can't update table ${plan.table.name} using NULL for primary key value on column ${column.description}`,
      );
    values.push(value);
  }
  return { values, removed, cascaded, areValues };
}

/** The key of an object whose attributes are expired: its identity says it. */
export function identityOf(state: InstanceState, key: string): unknown {
  const position = state.mapper.primaryKeyProperties.findIndex((property) => property.key === key);
  return position < 0 ? null : (state.identity?.[position] ?? null);
}
