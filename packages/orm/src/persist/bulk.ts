/** Bulk writing: rows from plain objects or from instances, without a unit of work, cascades or events of single objects. */
import { InvalidRequestError, type Table } from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";
import { InstanceState } from "../state/instance-state.ts";
import { isSql } from "./collect-insert.ts";
import { noteDefaults } from "./defaults.ts";
import { insertRowsStep } from "./insert.ts";
import { type WriteRecord, wideSignature } from "./records.ts";
import type { FlushScope, FlushSession } from "./scope.ts";
import { updateRowsStep } from "./update.ts";
import { plansOf, tablesOf } from "./write-plan.ts";

type Mapper = OrmClasses["mapper"];

/** Options of bulk INSERTs. */
export interface BulkInsertOptions {
  /** Bring back keys (and server defaults) for each row. Default false. */
  readonly returnDefaults?: boolean | undefined;
  /** Write NULL where null is given, rather than leave the column to its default. Default false. */
  readonly renderNulls?: boolean | undefined;
}

/** A flush that knows nothing but its session: bulk operations keep no order. */
function scopeOf(session: FlushSession): FlushScope {
  return {
    session,
    isDeleted: () => false,
    wasAlreadyDeleted: () => false,
    dropActions: () => {},
    noteCascaded: () => {},
    isCascaded: () => false,
  };
}

/** Objects of one call go to one database; the first one tells which. */
function firstState([first]: readonly unknown[]): InstanceState | undefined {
  return first instanceof InstanceState ? first : undefined;
}

/** INSERTs the given states, or values by attribute key. */
export function* bulkInsertStep(
  session: FlushSession,
  mapper: Mapper,
  rows: readonly (InstanceState | Readonly<Record<string, unknown>>)[],
  options: BulkInsertOptions,
): Step<void> {
  const connection = yield* session.connectionStep(mapper, firstState(rows));
  const states = rows.map((row) => {
    if (row instanceof InstanceState) return row;
    const state = new InstanceState({}, mapper, { ...row });
    if (mapper.polymorphicKey !== null && mapper.polymorphicIdentity !== null)
      state.dict[mapper.polymorphicKey] ??= mapper.polymorphicIdentity;
    return state;
  });
  const scope = scopeOf(session);
  for (const [table] of tablesOf(mapper.baseMapper)) {
    const plan = plansOf(mapper).get(table);
    if (plan === undefined) continue;
    const needsKeys = options.returnDefaults === true || plan.equated.length > 0;
    const records: WriteRecord[] = [];
    for (const state of states) {
      const params: Record<string, unknown> = {};
      let expressions: (readonly [string, unknown])[] | null = null;
      let given = 0;
      for (const column of plan.columns) {
        const value = state.dict[column.key];
        if (value === undefined || (value === null && options.renderNulls !== true && !column.writesNull)) continue;
        if (typeof value === "object" && value !== null && isSql(value))
          (expressions ??= []).push([column.name, value]);
        else {
          params[column.name] = value;
          given += column.bit;
        }
      }
      if (plan.version !== null && plan.mapper.versionIdGenerator !== false)
        params[plan.version.name] = plan.mapper.versionIdGenerator(null);
      const signature = plan.isWide ? wideSignature(params, given) : given;
      const writing = { state, connection, isUpdate: false, version: undefined };
      noteDefaults("fallback", plan, writing, params, expressions);
      const hasAllKeys = !needsKeys || plan.primary.every(({ name }) => name in params);
      records.push({
        writing,
        plan,
        params,
        expressions,
        signature,
        hasAllKeys,
        hasAllDefaults: options.returnDefaults !== true || plan.serverDefaults.length === 0,
        isComplete: false,
      });
    }
    yield* insertRowsStep(mapper.baseMapper, mapper, table, records, scope);
  }
  if (options.returnDefaults === true) {
    rows.forEach((row, index) => {
      if (row instanceof InstanceState) return;
      for (const property of mapper.primaryKeyProperties)
        (row as Record<string, unknown>)[property.key] ??= (states[index] as InstanceState).dict[property.key];
    });
  }
}

/** UPDATEs by primary key: the other values of each row are set. */
export function* bulkUpdateStep(
  session: FlushSession,
  mapper: Mapper,
  rows: readonly (InstanceState | Readonly<Record<string, unknown>>)[],
  options: { readonly onlyChanged?: boolean },
): Step<void> {
  const connection = yield* session.connectionStep(mapper, firstState(rows));
  const scope = scopeOf(session);
  for (const [table] of tablesOf(mapper.baseMapper)) {
    const plan = plansOf(mapper).get(table);
    if (plan === undefined) continue;
    const records: WriteRecord[] = [];
    for (const row of rows) {
      const state = row instanceof InstanceState ? row : new InstanceState({}, mapper, { ...row });
      const params: Record<string, unknown> = {};
      let expressions: (readonly [string, unknown])[] | null = null;
      let given = 0;
      for (const column of plan.columns) {
        const value = state.dict[column.key];
        if (value === undefined || plan.primary.includes(column)) continue;
        if (options.onlyChanged === true && state.committed?.[column.key] === undefined) continue;
        if (typeof value === "object" && value !== null && isSql(value))
          (expressions ??= []).push([column.name, value]);
        else {
          params[column.name] = value;
          given += column.bit;
        }
      }
      const version = plan.version === null ? undefined : state.dict[plan.version.key];
      if (given === 0 && expressions === null) continue;
      if (plan.version !== null && plan.versionName !== null && plan.mapper.versionIdGenerator !== false) {
        params[plan.versionName] = version;
        params[plan.version.name] = plan.mapper.versionIdGenerator(version);
      }
      const signature = plan.isWide ? wideSignature(params, given) : given;
      const writing = { state, connection, isUpdate: true, version };
      if (plan.hasOnupdate) noteDefaults("onupdate", plan, writing, params, expressions);
      setKeys(table, plan, state, params);
      records.push({
        writing,
        plan,
        params,
        expressions,
        signature,
        hasAllKeys: true,
        hasAllDefaults: plan.serverOnupdates.length === 0,
        isComplete: false,
      });
    }
    yield* updateRowsStep(mapper.baseMapper, mapper, table, records, scope);
  }
}

function setKeys(table: Table, plan: WriteRecord["plan"], state: InstanceState, params: Record<string, unknown>): void {
  plan.primary.forEach(({ key }, index) => {
    const value = state.dict[key];
    if (value === undefined || value === null) {
      throw new InvalidRequestError(
        `No primary key value supplied for column(s) ${plan.primary.map(({ column }) => `${table.name}.${column.name}`).join(", ")}; per-row ORM Bulk UPDATE by Primary Key requires that records contain primary key values`,
      );
    }
    params[plan.primaryNames[index] as string] = value;
  });
}
