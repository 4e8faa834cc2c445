/** Executes INSERT about entities: single statements, and lists of rows in batches of equal columns. */
import {
  type ClauseElement,
  ColumnClause,
  type ColumnElement,
  columnsOf,
  copyWith,
  type ExecutionOptionsInput,
  type Insert,
  type Node,
  Result,
  RowFeed,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { Entity } from "../../base/entity.ts";
import type { Mapper } from "../../mapping/mapper.ts";
import { loadResult } from "../execute.ts";
import type { LoadingSession, LoadParameters } from "../session.ts";
import { insertJoinedStep } from "./insert-joined.ts";
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
  if (mapper.tables.length > 1) return yield* insertJoinedStep(session, given, mapper, prepared, options);
  const { statement, plan } = lowerReturning(given);
  const { columns, positions } = inTableOrder(mapper, statement.returningColumns as readonly ColumnElement[]);
  const lowered = copyWith(statement, { returningColumns: columns });
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
      plan === null
        ? result
        : yield* loadResult(session, given, reordered(result, positions), plan, undefined, { mapper, options }),
    );
  }
  const first = results[0] as Result;
  if (results.length === 1 || plan === null) return first;
  return new Result(first.shape, new RowFeed(results.flatMap((result) => [...result.feed.take(null)])));
}

/** What RETURNING of rows has: the key and the columns asked for, each once, as the table has them; then expressions. */
function inTableOrder(
  mapper: Mapper,
  given: readonly ColumnElement[],
): { readonly columns: readonly ColumnElement[]; readonly positions: readonly number[] } {
  if (given.length === 0) return { columns: given, positions: [] };
  const key = mapper.primaryKey as readonly ColumnElement[];
  const own = columnsOf(mapper.localTable.c) as readonly ColumnClause[];
  // Attributes are columns of their own, which stand for the table's.
  const meant = given.map((column): ColumnElement => (column instanceof ColumnClause ? column.canonical : column));
  const columns: ColumnElement[] = own.filter((column) => key.includes(column) || meant.includes(column));
  for (const column of meant) if (!columns.includes(column)) columns.push(column);
  return { columns, positions: meant.map((column) => columns.indexOf(column)) };
}

/** The columns of a result at these positions. */
function reordered(result: Result, positions: readonly number[]): Result {
  if (positions.length === result.shape.keys.names.length && positions.every((at, index) => at === index))
    return result;
  const { shape } = result;
  return Result.fromRows(
    positions.map((at) => shape.keys.names[at] as string),
    result.takeRaw().map((raw) => positions.map((at) => shape.value(raw, at))),
  );
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
  const has = (values: ReadonlyMap<string | ColumnElement, Node> | null): boolean => values?.has(key) === true;
  if (!own || statement.multiValues !== null || has(statement.singleValues)) return statement;
  return statement.values({ [key]: polymorphicIdentity } as never);
}
