/** Executes UPDATE and DELETE about entities, and brings loaded objects in step. */
import {
  BindParameter,
  type ClauseElement,
  ColumnClause,
  type ColumnElement,
  type CursorResult,
  copyWith,
  type Delete,
  type ExecutionOptionsInput,
  InvalidRequestError,
  type Node,
  Result,
  RowFeed,
  Select,
  Update,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { Entity } from "../../base/entity.ts";
import { StaleDataError } from "../../base/errors.ts";
import type { Mapper } from "../../mapping/mapper.ts";
import { entityExpression } from "../../query/adapt.ts";
import { UnevaluatableError } from "../../query/evaluator.ts";
import { optionTreeOf } from "../../query/lowering.ts";
import { entityCriterion } from "../../query/single-table.ts";
import { expireKeys } from "../../state/changes.ts";
import type { InstanceState } from "../../state/instance-state.ts";
import { loadResult, rowsOf } from "../execute.ts";
import type { LoadingSession, LoadParameters } from "../session.ts";
import { applyValues, type Matched, matchInMemory, type Synchronization, synchronizationOf } from "./synchronize.ts";
import { columnOfKey, expandedRow, lowerReturning, tableValues } from "./target.ts";

type Filtered = Update | Delete;
type Params = Readonly<Record<string, unknown>> | null;

/** Executes an UPDATE or DELETE whose rows are told by its conditions. */
export function* executeFilteredStep(
  session: LoadingSession,
  given: Filtered,
  entity: Entity,
  params: LoadParameters | undefined,
  options: ExecutionOptionsInput | undefined,
): Step<Result> {
  const { mapper } = entity;
  if (Array.isArray(params) && given instanceof Update) {
    return yield* updateByKeysStep(
      session,
      given,
      mapper,
      params as readonly Readonly<Record<string, unknown>>[],
      options,
    );
  }
  const own = (params ?? null) as Params;
  const all = { ...given.givenExecutionOptions, ...options };
  const choice = synchronizationOf(all);
  if (all["autoflush"] !== false) yield* session.autoflushStep();
  const statement = withCriteria(given, entity);
  const assignments = statement instanceof Update ? statement.assignments : null;
  const { matched, byKeys } = match(session, statement, entity, own, choice);
  if (byKeys) return yield* executeByKeys(session, statement, entity, own, options);
  const { statement: lowered, plan } = lowerReturning(statement);
  const result = yield* session.executeCoreStep(lowered as ClauseElement, params, options, mapper);
  if (matched !== null) follow(session, statement, mapper, matched, assignments, own);
  if (plan === null) return result;
  const populateExisting = statement instanceof Update && choice !== false;
  return yield* loadResult(session, statement, result, plan, params, {
    mapper,
    options,
    populateExisting: populateExisting || all["populateExisting"] === true,
  });
}

function withCriteria(statement: Filtered, entity: Entity): Filtered {
  const extra: ClauseElement[] = [];
  const single = entityCriterion(entity);
  if (single !== null) extra.push(single);
  for (const option of optionTreeOf(statement).scope.criteria) {
    const criterion = option.criteriaFor(entity);
    if (criterion !== null) extra.push(entityExpression(entity, criterion));
  }
  return extra.length === 0
    ? statement
    : (copyWith(statement, { whereClauses: [...statement.whereClauses, ...extra] }) as Filtered);
}

interface Match {
  /** Objects that the statement hits; null: nobody wants to know. */
  readonly matched: Matched | null;
  /** The database must tell. */
  readonly byKeys: boolean;
}

function match(
  session: LoadingSession,
  statement: Filtered,
  entity: Entity,
  params: Params,
  choice: Synchronization,
): Match {
  if (choice === false) return { matched: null, byKeys: false };
  if (choice === "fetch") return { matched: null, byKeys: true };
  try {
    return { matched: matchInMemory(session, entity, statement.whereClauses, params), byKeys: false };
  } catch (error) {
    if (!(error instanceof UnevaluatableError)) throw error;
    if (choice === "auto") return { matched: null, byKeys: true };
    throw new InvalidRequestError(
      `Could not evaluate current criteria in Python: "${error.message}". Specify 'fetch' or False for the synchronize_session execution option.`,
      {
        fix: 'executionOptions({ synchronizeSession: "fetch" })',
      },
    );
  }
}

/** The keys of the rows are fetched: by RETURNING where the database has it, otherwise by a SELECT beforehand. */
function* executeByKeys(
  session: LoadingSession,
  statement: Filtered,
  entity: Entity,
  params: Params,
  options: ExecutionOptionsInput | undefined,
): Step<Result> {
  const { mapper } = entity;
  const { capabilities } = session.bindFor(mapper).dialect;
  const isUpdate = statement instanceof Update;
  const assignments = isUpdate ? statement.assignments : null;
  // Keys of the very table that the statement is about: an inheriting class has those of the others, too.
  const keys = mapper.primaryKeyProperties.map(
    ({ columns }, position) =>
      (columns.find((column) => (column as { readonly table?: unknown }).table === mapper.localTable) ??
        mapper.primaryKey[position]) as ColumnElement,
  );
  if (!(isUpdate ? capabilities.updateReturning : capabilities.deleteReturning)) {
    const select = new Select(keys).where(...(statement.whereClauses as never[]));
    const found = yield* session.executeCoreStep(select, params ?? undefined, undefined, mapper);
    const states = statesOf(session, mapper, rowsOf(found, keys.length));
    const result = yield* session.executeCoreStep(statement as ClauseElement, params ?? undefined, options, mapper);
    follow(session, statement, mapper, { states, unsure: [] }, assignments, params);
    return result;
  }
  const isKey = (column: unknown, key: ColumnElement): boolean =>
    column instanceof ColumnClause && column.canonical === key;
  const own = lowerReturning(statement).statement.returningColumns;
  const missing = keys.filter((key) => !own.some((column) => isKey(column, key)));
  const { statement: lowered, plan } = lowerReturning(statement, missing);
  const result = yield* session.executeCoreStep(lowered as ClauseElement, params ?? undefined, options, mapper);
  const raw = result.takeRaw();
  const { shape } = result;
  const places = keys.map((key) => lowered.returningColumns.findIndex((column) => isKey(column, key)));
  const identities = raw.map((row) => places.map((place) => shape.value(row, place)));
  follow(
    session,
    statement,
    mapper,
    { states: statesOf(session, mapper, identities), unsure: [] },
    assignments,
    params,
  );
  if (plan === null || plan.items.length === 0) return emptied(result);
  return yield* loadResult(session, statement, result, plan, params ?? undefined, {
    mapper,
    options,
    populateExisting: isUpdate,
    rows: raw,
  });
}

/** A result whose rows were for us: none are left. */
function emptied(result: CursorResult): Result {
  Object.defineProperty(result, "returnsRows", { value: false });
  return result;
}

function statesOf(
  session: LoadingSession,
  mapper: Mapper,
  identities: readonly (readonly unknown[])[],
): InstanceState[] {
  const table = session.identityMap.tableFor(mapper, session.identityToken);
  return identities.flatMap((identity) => {
    const state = table.get(mapper.identityHashOf(identity));
    return state === undefined ? [] : [state];
  });
}

function follow(
  session: LoadingSession,
  statement: Filtered,
  mapper: Mapper,
  matched: Matched,
  assignments: ReadonlyMap<string | ColumnElement, Node> | null,
  params: Params,
): void {
  if (statement instanceof Update) {
    if (assignments !== null) applyValues(matched.states, mapper, assignments, params);
    for (const state of matched.unsure) {
      const keys = [...(assignments?.keys() ?? [])]
        .flatMap((key) => (typeof key === "string" ? [key] : (mapper.keyOf(key) ?? [])))
        .filter((key) => state.dict[key] !== undefined);
      if (keys.length > 0) expireKeys(state, keys);
    }
    return;
  }
  session.removeDeleted(matched.states);
  for (const state of matched.unsure) expireKeys(state, [...state.mapper.columnAttrs.map((property) => property.key)]);
}

/** `session.execute(update(User), [{ id: 1, name: "x" }, …])`: rows by primary key, in batches of equal columns. */
export function* updateByKeysStep(
  session: LoadingSession,
  statement: Update,
  mapper: Mapper,
  given: readonly Readonly<Record<string, unknown>>[],
  options: ExecutionOptionsInput | undefined,
): Step<Result> {
  const rows = given.map((row) => expandedRow(mapper, row));
  const all = { ...statement.givenExecutionOptions, ...options };
  const synchronize = all["synchronizeSession"];
  if (synchronize === "evaluate" || synchronize === "fetch") {
    throw new InvalidRequestError(
      `synchronize_session of '${synchronize}' not supported for bulk UPDATE by primary key`,
      {
        fix: "leave synchronizeSession out: loaded objects follow by their keys",
      },
    );
  }
  const follows = synchronize !== false && synchronize !== null;
  if (follows && statement.whereClauses.length > 0) {
    throw new InvalidRequestError(
      "bulk synchronize of persistent objects not supported when using bulk update with additional WHERE criteria right now.  add synchronize_session=None execution option to bypass synchronize of persistent objects.",
      { fix: "executionOptions({ synchronizeSession: null })" },
    );
  }
  if (all["autoflush"] !== false) yield* session.autoflushStep();
  yield* session.connectionStep(mapper);
  const keyProperties = mapper.primaryKeyProperties;
  let result: Result | null = null;
  for (const group of groupsOf(rows)) {
    const first = group[0] as Readonly<Record<string, unknown>>;
    for (const row of group) {
      const missing = keyProperties.filter(({ key }) => row[key] === undefined || row[key] === null);
      if (missing.length > 0) {
        const names = missing.map((_, position) => describeColumn(mapper, position)).join(", ");
        throw new InvalidRequestError(
          `No primary key value supplied for column(s) ${names}; per-row ORM Bulk UPDATE by Primary Key requires that records contain primary key values`,
          { code: "missing_primary_key" },
        );
      }
    }
    const changed = Object.keys(first).filter((key) => !keyProperties.some((property) => property.key === key));
    for (const table of mapper.tables) {
      const own = changed.filter(
        (key) => (columnOfKey(mapper, key) as { table?: unknown }).table === table || mapper.tables.length === 1,
      );
      const isVersioned = (mapper.versionIdCol as { table?: unknown } | null)?.table === table;
      if (own.length === 0 && !isVersioned) continue;
      const update = isVersioned ? updateVersioned : updateTable;
      const done = yield* update(session, statement, mapper, table as never, own, group, options);
      const { saneRowCount, saneMultiRowCount } = session.bindFor(mapper).dialect.capabilities;
      if (
        !isVersioned &&
        statement.whereClauses.length === 0 &&
        (group.length === 1 ? saneRowCount : saneMultiRowCount)
      )
        checkMatched(table as never, group.length, (done as CursorResult).rowcount);
      result = done;
    }
    if (follows) updateLoaded(session, mapper, group);
  }
  return result ?? new Result(emptyShapeOf(), new RowFeed([]));
}

const nothingMore = { conditions: [], params: {} };

function* updateTable(
  session: LoadingSession,
  statement: Update,
  mapper: Mapper,
  table: never,
  keys: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
  options: ExecutionOptionsInput | undefined,
  more: {
    readonly conditions: readonly ColumnElement[];
    readonly params: Readonly<Record<string, unknown>>;
  } = nothingMore,
): Step<Result> {
  const conditions = mapper.primaryKeyProperties.map((property) => {
    const column =
      property.columns.find((each) => (each as { table?: unknown }).table === table) ?? property.expression;
    return column.eq(
      new BindParameter(`_key_${property.key}`, `_key_${property.key}`, null, column.type, { required: true }) as never,
    );
  });
  const update = copyWith(statement, { table, target: null }).where(
    ...([...conditions, ...more.conditions] as never[]),
  );
  const sets = rows.map((row) => {
    const values: Record<string, unknown> = {};
    for (const key of keys) values[key] = row[key];
    const set: Record<string, unknown> = { ...tableValues(mapper, values), ...more.params };
    for (const { key } of mapper.primaryKeyProperties) set[`_key_${key}`] = row[key];
    return set;
  });
  return yield* session.executeCoreStep(update as ClauseElement, sets.length === 1 ? sets[0] : sets, options, mapper);
}

/** Row by row: each must be there in the version that it names, and gets the next one. @throws StaleDataError */
function* updateVersioned(
  session: LoadingSession,
  statement: Update,
  mapper: Mapper,
  table: never,
  keys: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
  options: ExecutionOptionsInput | undefined,
): Step<Result> {
  const { key } = mapper.versionIdProperty as { readonly key: string };
  const column = mapper.versionIdCol as ColumnElement;
  const expected = new BindParameter("_version", "_version", null, column.type, { required: true });
  const inVersion = column.eq(expected as never);
  const changed = keys.includes(key) ? keys : [...keys, key];
  let result: Result | null = null;
  for (const row of rows) {
    if (row[key] === undefined)
      throw new InvalidRequestError(`Bulk UPDATE of ${mapper.class.name}: a row is without its version '${key}'`, {
        fix: "give each row the version that was read with it",
      });
    const next = mapper.versionIdGenerator === false ? row[key] : mapper.versionIdGenerator(row[key]);
    result = yield* updateTable(session, statement, mapper, table, changed, [{ ...row, [key]: next }], options, {
      conditions: [inVersion],
      params: { _version: row[key] },
    });
    checkMatched(table, 1, (result as CursorResult).rowcount);
  }
  return result as Result;
}

/** @throws StaleDataError where rows were not there. */
function checkMatched(table: { readonly description: string }, expected: number, matched: number): void {
  if (matched === expected) return;
  throw new StaleDataError(
    `UPDATE statement on table '${table.description}' expected to update ${expected} row(s); ${matched} were matched.`,
    { fix: "the row was changed or deleted meanwhile: read it again, and repeat the change" },
  );
}

function updateLoaded(
  session: LoadingSession,
  mapper: Mapper,
  rows: readonly Readonly<Record<string, unknown>>[],
): void {
  const table = session.identityMap.tableFor(mapper, session.identityToken);
  for (const row of rows) {
    const state = table.get(mapper.identityHashOf(mapper.primaryKeyProperties.map(({ key }) => row[key])));
    if (state === undefined) continue;
    const changed: string[] = [];
    for (const [key, value] of Object.entries(row)) {
      if (state.dict[key] === undefined) continue;
      if (state.committed?.[key] === undefined) state.dict[key] = value;
      else changed.push(key);
    }
    if (changed.length > 0) expireKeys(state, changed);
  }
}

/** Runs of rows with the same keys, in order. */
export function groupsOf(rows: readonly Readonly<Record<string, unknown>>[]): Readonly<Record<string, unknown>>[][] {
  const groups: Readonly<Record<string, unknown>>[][] = [];
  let last = "";
  for (const row of rows) {
    const signature = Object.keys(row).sort().join("\n");
    if (groups.length > 0 && signature === last) groups.at(-1)?.push(row);
    else groups.push([row]);
    last = signature;
  }
  return groups;
}

function describeColumn(mapper: Mapper, position: number): string {
  const column = mapper.primaryKey[position] as unknown as {
    readonly table?: { readonly description?: string };
    readonly name: string;
  };
  return `${column.table?.description ?? ""}.${column.name}`;
}

function emptyShapeOf(): Result["shape"] {
  return Result.fromRows([], []).shape;
}
