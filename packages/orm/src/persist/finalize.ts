/** After rows were written: what objects learn of values that were made on the way, and which of them have to be loaded again. */
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";
import { FlushError } from "../base/errors.ts";
import { loaders } from "../base/loading.ts";
import { PASSIVE_OFF } from "../base/symbols.ts";
import type { ColumnProperty } from "../mapping/column-property.ts";
import { mapperMemo } from "../mapping/memo.ts";
import { expireKeys } from "../state/changes.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { copyKeysStep } from "./key-sync.ts";
import type { WriteRecord, Writing } from "./records.ts";
import type { FlushScope } from "./scope.ts";
import { plansOf, type TablePlan, type WriteColumn } from "./write-plan.ts";

type Mapper = OrmClasses["mapper"];

/** Tells an object about its row: defaults that were made here, values that RETURNING brought, what is unknown now. */
export function* takeBackStep(
  record: WriteRecord,
  returned: Readonly<Record<string, unknown>> | null,
  scope: FlushScope,
): Step<void> {
  if (!takeBack(record, returned)) return;
  const { state } = record.writing;
  for (const { mapper, pairs } of record.plan.equated)
    yield* copyKeysStep(state, mapper, state, mapper, pairs, mapper.options.passiveUpdates === false ? null : scope);
}

/** {@link takeBackStep} for rows that neither brought anything back nor have keys in other tables. */
export function takeBackAll(records: readonly WriteRecord[]): void {
  for (const record of records) takeBack(record, null);
}

/** {@link takeBackStep} without its last part; true when keys are to be copied on to subclasses' tables. */
export function takeBack(record: WriteRecord, returned: Readonly<Record<string, unknown>> | null): boolean {
  const { plan, writing, params } = record;
  if (record.isComplete && returned === null) return plan.equated.length > 0;
  const { state } = writing;
  const refreshed = state.mapper.dispatch.of("refreshFlush");
  const made = refreshed.empty ? null : keysMade(record, returned);
  const isInsert = !writing.isUpdate && !isUpdateRecord(record);
  const stale = storeValues(record, returned, isInsert);
  if (stale !== null) expireKeys(state, stale, true);
  if (made !== null && made.length > 0) refreshed.fire(state.obj as never, null, made);
  return plan.equated.length > 0 && (isInsert || touchesKey(plan, params));
}

function isUpdateRecord({ plan, params }: WriteRecord): boolean {
  const [name] = plan.primaryNames;
  return name !== undefined && name in params;
}

function touchesKey(plan: TablePlan, params: Readonly<Record<string, unknown>>): boolean {
  return plan.primary.some(({ name }) => name in params);
}

/** The attributes that got a value by the flush: of a default, or from the database. */
function keysMade(
  { plan, writing, params }: WriteRecord,
  returned: Readonly<Record<string, unknown>> | null,
): string[] {
  const { dict } = writing.state;
  return plan.columns
    .filter((column) => {
      if (returned !== null && column.name in returned) return true;
      const made = writing.isUpdate ? column.onupdate : column.fallback;
      return made !== null && column.name in params && (writing.isUpdate || dict[column.key] === undefined);
    })
    .map(({ key }) => key);
}

/** Stores what is known now; gives the attributes that are not. */
function storeValues(
  { plan, writing, params, expressions }: WriteRecord,
  returned: Readonly<Record<string, unknown>> | null,
  isInsert: boolean,
): string[] | null {
  const { dict, committed } = writing.state;
  let stale: string[] | null = null;
  let gaps: string[] | null = null;
  for (const column of plan.columns) {
    const { key, name } = column;
    const isExpression = expressions?.some(([given]) => given === name) === true;
    if (returned !== null && (column.isVolatile || isExpression || column === plan.version) && name in returned) {
      if (!column.column.primaryKey) store(dict, committed, key, returned[name]);
      else if (isExpression) dict[key] = returned[name];
      continue;
    }
    if (isExpression) {
      if (!column.column.primaryKey) (stale ??= []).push(key);
      continue;
    }
    if (isInsert) {
      const isGap = dict[key] === undefined && (name in params ? params[name] === null : column.missing === "nothing");
      if (isGap) {
        // Deferred columns are loaded whenever they are touched.
        if (!column.property.deferred) (gaps ??= []).push(key);
      } else if (name in params) {
        if (dict[key] === undefined || dict[key] === null || column === plan.version)
          store(dict, committed, key, params[name]);
      } else if (!column.column.primaryKey) (stale ??= []).push(key);
    } else if (
      name in params
        ? column === plan.version || column.onupdate !== null
        : plan.hasServerVersion && column === plan.version
    )
      store(dict, committed, key, params[name]);
    else if (isMadeOnUpdate(column, plan)) (stale ??= []).push(key);
  }
  if (gaps !== null) writing.state.gaps = [...(writing.state.gaps ?? []), ...gaps];
  return stale;
}

function isMadeOnUpdate(column: WriteColumn, plan: TablePlan): boolean {
  return plan.serverOnupdates.length > 0 && plan.serverOnupdates.includes(column);
}

function store(
  dict: Record<string, unknown>,
  committed: Record<string, unknown> | null,
  key: string,
  value: unknown,
): void {
  dict[key] = value;
  if (committed !== null && committed[key] !== undefined) delete committed[key];
}

/** What is left to do for each object when all tables are written: SQL expressions expire, listeners hear of it. */
export function* finalizeStep(base: Mapper, writings: readonly Writing[], scope: FlushScope): Step<void> {
  for (const { state, connection, isUpdate } of unfinished(base, writings)) {
    const { mapper } = state;
    const readonlyKeys = expressionsToExpire(mapper, state);
    if (readonlyKeys !== null) expireKeys(state, readonlyKeys, true);
    const wanted = valuesToLoad(base, mapper, state);
    if (wanted.length > 0) {
      if (state.identityHash === null) mapper.setIdentity(state);
      yield* loaders.columns(scope.session, state, wanted, PASSIVE_OFF);
    }
    const listeners = mapper.dispatch.of(isUpdate ? "afterUpdate" : "afterInsert");
    if (!listeners.empty) yield* listeners.run(mapper, connection.front as never, state.obj as never);
    if (
      mapper.versionIdGenerator === false &&
      mapper.versionIdProperty !== null &&
      (state.dict[mapper.versionIdProperty.key] ?? null) === null
    ) {
      throw new FlushError("Instance does not contain a non-NULL version value");
    }
  }
}

/** The objects for which something may be left to do. */
function unfinished(base: Mapper, writings: readonly Writing[]): readonly Writing[] {
  let last: Mapper | null = null;
  let isQuiet = false;
  return writings.filter(({ state: { mapper } }) => {
    if (mapper !== last) {
      last = mapper;
      isQuiet = hasNothingToDo(base, mapper);
    }
    return !isQuiet;
  });
}

/** No object of the mapper needs anything when its row is written. */
function hasNothingToDo(base: Mapper, mapper: Mapper): boolean {
  return (
    base.options.eagerDefaults !== true &&
    mapper.versionIdProperty === null &&
    expressionsOf(mapper).length === 0 &&
    mapper.dispatch.of("afterUpdate").empty &&
    mapper.dispatch.of("afterInsert").empty
  );
}

const expressionProperties = mapperMemo<readonly ColumnProperty[], Mapper>();

function expressionsOf(mapper: Mapper): readonly ColumnProperty[] {
  let properties = expressionProperties.get(mapper);
  if (properties === undefined)
    expressionProperties.set(mapper, (properties = mapper.columnAttrs.filter((property) => property.column === null)));
  return properties;
}

/** SQL expressions that may have other values now that the row has changed. */
function expressionsToExpire(mapper: Mapper, state: InstanceState): string[] | null {
  const properties = expressionsOf(mapper);
  if (properties.length === 0) return null;
  const keys: string[] = [];
  for (const { key, deferred, expireOnFlush } of properties) {
    if (state.committed?.[key] !== undefined) continue;
    const isLoaded = state.dict[key] !== undefined;
    if (expireOnFlush ? !deferred || isLoaded : !deferred && !isLoaded) keys.push(key);
  }
  return keys.length === 0 ? null : keys;
}

/** Server-made values that the mapping wants at once and RETURNING did not bring. */
function valuesToLoad(base: Mapper, mapper: Mapper, state: InstanceState): string[] {
  const keys: string[] = [];
  if (base.options.eagerDefaults === true) {
    for (const plan of plansOf(mapper).values()) {
      for (const { key } of [...plan.serverDefaults, ...plan.serverOnupdates])
        if (state.dict[key] === undefined && !keys.includes(key)) keys.push(key);
    }
  }
  const version = mapper.versionIdGenerator === false ? mapper.versionIdProperty : null;
  if (version !== null && state.dict[version.key] === undefined && !keys.includes(version.key)) keys.push(version.key);
  return keys;
}
