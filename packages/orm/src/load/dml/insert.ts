/** Executes INSERT about entities: single statements, and lists of rows in batches of equal columns. */
import {
  type ClauseElement,
  type ColumnElement,
  columnsOf,
  copyWith,
  type ExecutionOptionsInput,
  type Insert,
  type Insert as InsertStatement,
  type Node,
  Result,
  RowFeed,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { Entity } from "../../base/entity.ts";
import type { Mapper } from "../../mapping/mapper.ts";
import { loadResult } from "../execute.ts";
import type { LoadingSession, LoadParameters } from "../session.ts";
import { expandedRow, lowerReturning, tableValues } from "./target.ts";
import { groupsOf } from "./update-delete.ts";

type RowValues = Readonly<Record<string, unknown>>;

/** Executes an INSERT. */
export function* executeInsertStep(
  session: LoadingSession,
  given: Insert,
  entity: Entity,
  params: LoadParameters | undefined,
  options: ExecutionOptionsInput | undefined,
): Step<Result> {
  const { mapper } = entity;
  const all = { ...given.givenExecutionOptions, ...options };
  if (all["autoflush"] !== false) yield* session.autoflushStep();
  if (params === undefined || params === null) {
    const statement = withDiscriminator(given, mapper);
    const { statement: lowered, plan } = lowerReturning(statement);
    const result = yield* session.executeCoreStep(lowered as ClauseElement, undefined, options, mapper);
    return plan === null ? result : yield* loadResult(session, statement, result, plan, undefined, { mapper, options });
  }
  const rows = (Array.isArray(params) ? params : [params]) as readonly RowValues[];
  const prepared = rows.map((row) => prepareRow(row, mapper, all["renderNulls"] === true));
  if (mapper.tables.length > 1) return yield* insertJoined(session, given, mapper, prepared, options);
  const { statement: lowered, plan } = lowerReturning(given);
  const results: Result[] = [];
  for (const group of groupsOf(prepared)) {
    const sets = group.map((row) => tableValues(mapper, row));
    const result = yield* session.executeCoreStep(
      lowered as ClauseElement,
      sets.length === 1 && !Array.isArray(params) ? sets[0] : sets.length === 1 ? sets[0] : sets,
      options,
      mapper,
    );
    results.push(
      plan === null ? result : yield* loadResult(session, given, result, plan, undefined, { mapper, options }),
    );
  }
  const first = results[0] as Result;
  if (results.length === 1 || plan === null) return first;
  return new Result(first.shape, new RowFeed(results.flatMap((result) => [...result.feed.take(null)])));
}

/** NULLs are left out, so that defaults of the database hold, unless asked for; versions begin. */
function prepareRow(row: RowValues, mapper: Mapper, renderNulls: boolean): RowValues {
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(expandedRow(mapper, row)))
    if (value !== null || renderNulls) values[key] = value;
  const { polymorphicKey, polymorphicIdentity, versionIdProperty, versionIdGenerator } = mapper;
  if (versionIdProperty !== null && versionIdGenerator !== false)
    values[versionIdProperty.key] = versionIdGenerator(null);
  if (
    polymorphicKey !== null &&
    polymorphicIdentity !== null &&
    polymorphicIdentity !== undefined &&
    values[polymorphicKey] === undefined
  ) {
    return { [polymorphicKey]: polymorphicIdentity, ...values };
  }
  return values;
}

/** A single INSERT of a subclass says which subclass. */
function withDiscriminator(statement: Insert, mapper: Mapper): Insert {
  const { polymorphicKey, polymorphicIdentity } = mapper;
  if (
    polymorphicKey === null ||
    polymorphicIdentity === null ||
    polymorphicIdentity === undefined ||
    statement.source !== null
  )
    return statement;
  const key = Object.keys(tableValues(mapper, { [polymorphicKey]: 0 }))[0] as string;
  const own = columnsOf(mapper.localTable.c).some((column) => column.key === key);
  const has = (values: ReadonlyMap<string | ColumnElement, Node> | null): boolean => values !== null && values.has(key);
  if (!own || statement.multiValues !== null || has(statement.singleValues)) return statement;
  return statement.values({ [key]: polymorphicIdentity } as never);
}

/** Joined inheritance: the base table first, whose keys the other tables take over. */
function* insertJoined(
  session: LoadingSession,
  given: Insert,
  mapper: Mapper,
  rows: readonly RowValues[],
  options: ExecutionOptionsInput | undefined,
): Step<Result> {
  const keys: Record<string, unknown>[] = rows.map(() => ({}));
  let result: Result | null = null;
  for (const table of mapper.tables) {
    const isBase = table === mapper.tables[0];
    const own = mapper.columnAttrs.filter((property) =>
      property.columns.some((column) => (column as { table?: unknown }).table === table),
    );
    const sets = rows.map((row, index) => {
      const set: Record<string, unknown> = {};
      for (const property of own) {
        const column = property.columns.find((each) => (each as { table?: unknown }).table === table) as ColumnElement;
        const value = keys[index]?.[property.key] ?? row[property.key];
        if (value !== undefined) set[column.key as string] = value;
      }
      return set;
    });
    const base = copyWith(given, { table, target: null, returningColumns: [], singleValues: null }) as InsertStatement;
    const needsKeys =
      isBase && rows.some((row) => mapper.primaryKeyProperties.some(({ key }) => row[key] === undefined));
    if (!needsKeys) {
      result = yield* session.executeCoreStep(
        base as ClauseElement,
        sets.length === 1 ? sets[0] : sets,
        options,
        mapper,
      );
      if (isBase) {
        for (const [index, row] of rows.entries()) {
          for (const { key } of mapper.primaryKeyProperties) (keys[index] as Record<string, unknown>)[key] = row[key];
        }
      }
      continue;
    }
    const columns = mapper.primaryKey as readonly ColumnElement[];
    const returns = session.bindFor(mapper).dialect.capabilities.insertReturning;
    const statement = returns
      ? (copyWith(base, { returningColumns: columns, sortByParameterOrder: true }) as InsertStatement)
      : base;
    for (const [index, set] of sets.entries()) {
      const inserted = yield* session.executeCoreStep(statement as ClauseElement, set, options, mapper);
      const raw = returns ? inserted.takeRaw()[0] : undefined;
      const identity =
        raw === undefined
          ? [...inserted.insertedPrimaryKey]
          : columns.map((_, position) => inserted.shape.value(raw, position));
      mapper.primaryKeyProperties.forEach(({ key }, position) => {
        (keys[index] as Record<string, unknown>)[key] = identity[position];
      });
      result = inserted;
    }
  }
  return result ?? Result.fromRows([], []);
}
