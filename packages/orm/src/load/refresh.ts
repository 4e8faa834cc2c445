/** Loads columns of one object again: expired ones, deferred ones, `session.refresh()`. */
import {
  BindParameter,
  ColumnClause,
  type ColumnElement,
  type ForUpdateOptions,
  InvalidRequestError,
  iterate,
  LABEL_STYLE_TABLENAME_PLUS_COL,
  replacementTraverse,
  Select,
  Table,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import { ObjectDeletedError } from "../base/errors.ts";
import type { SessionPort } from "../base/session-port.ts";
import { NO_AUTOFLUSH, NO_RAISE, PASSIVE_OFF, type Passive } from "../base/symbols.ts";
import { ColumnProperty } from "../mapping/column-property.ts";
import type { Mapper } from "../mapping/mapper.ts";
import { mapperMemo } from "../mapping/memo.ts";
import { OptionNode } from "../options/tree.ts";
import { OnlyKeysOption } from "../query/only-keys.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { selectRowsStep } from "./execute.ts";
import { byKeyStatement, keyParameters } from "./key-statement.ts";
import type { LoadingSession } from "./session.ts";

/**
 * Loads column attributes of one persistent object and stores them; deferred columns bring their group, expired ones all
 * that is expired.
 *
 * @throws ObjectDeletedError when its row is gone.
 */
export function* loadColumnsStep(
  port: SessionPort,
  state: InstanceState,
  keys: readonly string[],
  passive: Passive,
): Step<void> {
  const session = port as LoadingSession;
  const { mapper } = state;
  const wanted = new Set(keys);
  for (const key of keys) {
    const wasLoaded = state.expiredKeys?.has(key) === true;
    const property = mapper.props.get(key);
    if (property === undefined || property.kind !== "column" || (wasLoaded && state.expired)) continue;
    if (!wasLoaded) checkColumnAllowed(state, key, passive);
    const { group } = property as { readonly group?: string | null };
    if (group !== null && group !== undefined) {
      for (const other of mapper.columnAttrs)
        if (other.group === group && state.committed?.[other.key] === undefined) wanted.add(other.key);
    }
  }
  if (keys.some((key) => state.expiredKeys?.has(key) === true || isAbsent(state, key)))
    for (const { key } of mapper.columnAttrs)
      if ((state.expiredKeys?.has(key) === true || isAbsent(state, key)) && state.committed?.[key] === undefined)
        wanted.add(key);
  const columnKeys = mapper.columnAttrs.filter((property) => wanted.has(property.key)).map((property) => property.key);
  if ((passive & NO_AUTOFLUSH) === 0) yield* session.autoflushStep();
  const found = yield* selectColumns(session, state, [...columnKeys, ...expiredEagers(state)], {
    lock: null,
    isRefresh: false,
    told: state.expired ? [...columnKeys, ...unloadedRelationships(state)] : columnKeys,
  });
  if (!found)
    throw new ObjectDeletedError(`Instance '${state}' has been deleted, or its row is otherwise not present.`, {
      code: "object_deleted",
    });
}

/** A column that the row of the object did not have, though nothing says to load it later: a subclass's, found by a base class. */
function isAbsent(state: InstanceState, key: string): boolean {
  if (state.dict[key] !== undefined || state.gaps?.includes(key) === true) return false;
  const property = state.mapper.props.get(key);
  if (!(property instanceof ColumnProperty) || property.options.queryExpression !== undefined) return false;
  const node = state.loadPath instanceof OptionNode ? state.loadPath : null;
  return !(node?.column(key, property.group)?.deferred ?? property.deferred);
}

function unloadedRelationships({ mapper, dict }: InstanceState): string[] {
  return mapper.relationships.map(({ key }) => key).filter((key) => dict[key] === undefined);
}

/** An object of which everything is expired gets its eager relationships back along with its columns. */
function expiredEagers(state: InstanceState): string[] {
  if (!state.expired) return [];
  const node = state.loadPath instanceof OptionNode ? state.loadPath : null;
  return state.mapper.relationships
    .filter(
      ({ key, lazy }) =>
        state.dict[key] === undefined && eagerStrategies.has(node?.relationship(key)?.strategy ?? lazy),
    )
    .map(({ key }) => key);
}

const eagerStrategies: ReadonlySet<string> = new Set(["joined", "selectin", "subquery", "immediate"]);

/** Before a column is loaded on access. @throws InvalidRequestError where its mapping or its options refuse that. */
export function checkColumnAllowed(state: InstanceState, key: string, passive: Passive): void {
  if ((passive & NO_RAISE) !== 0 || state.expiredKeys?.has(key) === true) return;
  const property = state.mapper.columnAttrs.find((each) => each.key === key);
  if (property === undefined) return;
  const choice = state.loadPath instanceof OptionNode ? state.loadPath.column(key, property.group) : null;
  const raises = choice === null ? property.deferred && property.raiseload : choice.deferred && choice.raise;
  if (raises)
    throw new InvalidRequestError(`'${property}' is not available due to raiseload=True`, {
      code: "lazy_raise",
      fix: "load it with the statement: options(undefer(…))",
    });
}

/** Options of {@link refreshStep}. */
export interface RefreshOptions {
  /** `true`, or options of FOR UPDATE: the row is locked. */
  readonly withForUpdate?: unknown;
  /** The attributes to load; default: all columns. */
  readonly attributeNames?: readonly string[] | null | undefined;
}

/** `session.refresh()`: loads columns (all, or those named) and relationships named, overwriting what is there; false when the row is gone. */
export function* refreshStep(
  port: SessionPort,
  state: InstanceState,
  keys: readonly string[] | null,
  options: RefreshOptions = {},
): Step<boolean> {
  const session = port as LoadingSession;
  const { mapper } = state;
  const lock = options.withForUpdate ?? false;
  const columnKeys = mapper.columnAttrs
    .filter((property) =>
      keys === null ? !property.deferred || state.dict[property.key] !== undefined : keys.includes(property.key),
    )
    .map((property) => property.key);
  const relationships = mapper.relationships.filter((property) => keys?.includes(property.key) === true);
  const fetched =
    keys === null
      ? [...columnKeys, ...mapper.relationships.map((property) => property.key)]
      : [
          ...keysFor(mapper, relationships.length),
          ...columnKeys,
          ...relationships.filter((property) => property.lazy === "joined").map((property) => property.key),
        ];
  const found = yield* selectColumns(session, state, fetched, {
    lock: lock === false ? null : lock === true || lock === null ? {} : (lock as ForUpdateOptions),
    isRefresh: true,
    told: keys,
  });
  if (!found) return false;
  for (const property of relationships) {
    if (property.lazy === "joined" || property.lazy === "writeOnly" || property.lazy === "dynamic") continue;
    const attribute = mapper.attribute(property.key);
    attribute.invalidate(state.dict[property.key] ?? null);
    state.dict[property.key] = undefined;
    if (state.committed !== null && state.committed[property.key] !== undefined) delete state.committed[property.key];
    yield* attribute.getStep(state, PASSIVE_OFF | NO_RAISE);
  }
  return true;
}

/** Relationships are loaded by the primary key: it is read along with them. */
function keysFor(mapper: Mapper, relationships: number): string[] {
  return relationships === 0 ? [] : mapper.primaryKeyProperties.map((property) => property.key);
}

interface Selection {
  readonly lock: ForUpdateOptions | null;
  readonly isRefresh: boolean;
  /** The attributes that listeners are told of; null: all. */
  readonly told: readonly string[] | null;
}

/** Selects attributes of one object by its key; false where there is no row. */
function* selectColumns(
  session: LoadingSession,
  state: InstanceState,
  keys: readonly string[],
  { lock, isRefresh, told }: Selection,
): Step<boolean> {
  const { mapper } = state;
  const hasColumns = keys.some((key) => mapper.props.get(key)?.kind === "column");
  const wanted = hasColumns
    ? [...new Set(keys)]
    : [...mapper.primaryKeyProperties.map((property) => property.key), ...keys];
  const identity = state.identity as readonly unknown[];
  const optimized = isRefresh || lock !== null ? null : subclassTableStatement(mapper, wanted);
  if (optimized !== null) {
    const rows = yield* selectRowsStep(session, optimized, keyParameters(identity), {
      mapper,
      purpose: { kind: "column", state },
    });
    const row = rows[0];
    if (row === undefined) return false;
    let position = 0;
    for (const key of wanted) {
      storeColumn(state, key, row[position]);
      position += (mapper.props.get(key) as ColumnProperty).columns.length;
    }
    for (const listener of mapper.dispatch.of("refresh").all)
      (listener as (...values: unknown[]) => void)(state.obj, null, told);
    return true;
  }
  let statement = byKeyStatement(mapper).options(new OnlyKeysOption(wanted));
  const node = state.loadPath instanceof OptionNode ? state.loadPath : null;
  if (node !== null) statement = statement.options(...node.asOptions());
  if (lock !== null) statement = statement.withForUpdate(lock);
  const rows = yield* selectRowsStep(session, statement, keyParameters(identity), {
    mapper,
    refresh: state,
    refreshKeys: told,
    purpose: { kind: "column", state },
  });
  return rows.length > 0;
}

function storeColumn(state: InstanceState, key: string, value: unknown): void {
  state.dict[key] = value;
  if (state.committed !== null && state.committed[key] !== undefined) delete state.committed[key];
  if (state.expiredKeys !== null) {
    state.expiredKeys.delete(key);
    if (state.expiredKeys.size === 0) state.expiredKeys = null;
  }
  state.expired = false;
}

const optimizedStatements = mapperMemo<Map<string, Select | null>, Mapper>();

/**
 * Joined inheritance: columns that the subclasses' tables alone can give, `SELECT … FROM car WHERE ? = car.id`; from the
 * highest of their tables down to the class's own.
 */
function subclassTableStatement(mapper: Mapper, keys: readonly string[]): Select | null {
  if (mapper.inherits === null || mapper.concrete || mapper.tables.length < 2) return null;
  let memo = optimizedStatements.get(mapper);
  if (memo === undefined) optimizedStatements.set(mapper, (memo = new Map()));
  const memoKey = keys.join("\n");
  let statement = memo.get(memoKey);
  if (statement === undefined) memo.set(memoKey, (statement = makeSubclassStatement(mapper, keys)));
  return statement;
}

function makeSubclassStatement(mapper: Mapper, keys: readonly string[]): Select | null {
  const columns: ColumnElement[] = [];
  const tables = new Set<unknown>();
  for (const key of keys) {
    const property = mapper.props.get(key);
    if (!(property instanceof ColumnProperty)) return null;
    for (const column of property.columns) {
      columns.push(column);
      for (const node of iterate(column)) if (node instanceof ColumnClause) tables.add(tableOf(node));
    }
  }
  if (tables.has(mapper.baseMapper.localTable)) return null;
  const line = [...mapper.iterateToRoot()].reverse().filter((each) => each.localTable !== each.inherits?.localTable);
  const first = line.findIndex((each) => tables.has(each.localTable));
  if (first < 0 || line.slice(0, first).some((each) => !(each.localTable instanceof Table))) return null;
  const [top, ...below] = line.slice(first) as [Mapper, ...Mapper[]];
  const condition = keyedCondition(mapper, top);
  if (condition === null) return null;
  return new Select(columns)
    .setLabelStyle(LABEL_STYLE_TABLENAME_PLUS_COL)
    .where(condition as never, ...below.map((each) => each.inheritCondition as never));
}

function tableOf(column: ColumnClause): unknown {
  return (column.canonical as ColumnClause).table;
}

/** The condition that joins a class's table to its parent's, the parent's columns given by the object's key; null where others are needed. */
function keyedCondition(mapper: Mapper, top: Mapper): ColumnElement | null {
  let isComplete = true;
  const above = new Set<unknown>(top.inherits?.tables);
  const condition = replacementTraverse(top.inheritCondition as ColumnElement, (node) => {
    if (!(node instanceof ColumnClause) || !above.has(tableOf(node))) return undefined;
    const property = mapper.columnToProperty.get(node.canonical);
    const position = property === undefined ? -1 : mapper.primaryKeyProperties.indexOf(property);
    if (position < 0) isComplete = false;
    const name = `pk_${position + 1}`;
    return new BindParameter(name, name, null, node.type, { required: true });
  });
  return isComplete ? condition : null;
}
