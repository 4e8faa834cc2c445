/** Executes a bulk INSERT of a class with several tables: the base table first, whose keys the other tables take over. */
import {
  type ClauseElement,
  type ColumnElement,
  type CursorResult,
  copyWith,
  type ExecutionOptionsInput,
  type FromClause,
  type Insert,
  type Node,
  Result,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { Mapper } from "../../mapping/mapper.ts";
import { loadResult } from "../execute.ts";
import type { LoadingSession } from "../session.ts";
import { lowerReturning } from "./target.ts";

type RowValues = Readonly<Record<string, unknown>>;

/** Inserts rows, given by attribute key, into all tables of a class. */
export function* insertJoinedStep(
  session: LoadingSession,
  given: Insert,
  mapper: Mapper,
  rows: readonly RowValues[],
  options: ExecutionOptionsInput | undefined,
): Step<Result> {
  const { statement: lowered, plan } = lowerReturning(given);
  const returned = lowered.returningColumns as readonly ColumnElement[];
  const keys: Record<string, unknown>[] = rows.map(() => ({}));
  const values: unknown[][] = rows.map(() => []);
  let result: CursorResult | null = null;
  for (const table of mapper.tables) {
    const isBase = table === mapper.tables[0];
    const sets = rows.map((row, index) => valuesFor(mapper, table, { ...row, ...keys[index] }));
    const needsKeys =
      isBase && rows.some((row) => mapper.primaryKeyProperties.some(({ key }) => row[key] === undefined));
    if (isBase && !needsKeys) {
      for (const [index, row] of rows.entries())
        for (const { key } of mapper.primaryKeyProperties) (keys[index] as Record<string, unknown>)[key] = row[key];
    }
    const wanted = returned.flatMap((column, position) => (isOf(column, table, mapper) ? [position] : []));
    const columns = wanted.map((position) => returned[position] as ColumnElement);
    const base = copyWith(given, { table, target: null, returningColumns: [], singleValues: null }) as Insert;
    if (needsKeys) {
      result = yield* insertForKeys(session, base, mapper, sets, columns, options, (index, identity, row) => {
        mapper.primaryKeyProperties.forEach(({ key }, position) => {
          (keys[index] as Record<string, unknown>)[key] = identity[position];
        });
        wanted.forEach((position, place) => {
          (values[index] as unknown[])[position] = row[place];
        });
      });
      continue;
    }
    const statement =
      columns.length === 0
        ? base
        : (copyWith(base, { returningColumns: columns, sortByParameterOrder: true }) as Insert);
    const params = sets.length === 1 ? sets[0] : sets;
    result = yield* session.executeCoreStep(statement as ClauseElement, params, options, mapper);
    if (columns.length === 0) continue;
    const { shape } = result;
    for (const [index, raw] of result.takeRaw().entries()) {
      wanted.forEach((position, place) => {
        (values[index] as unknown[])[position] = shape.value(raw, place);
      });
    }
  }
  if (plan === null || result === null) return result ?? Result.fromRows([], []);
  const whole = Result.fromRows(
    returned.map((_, position) => String(position)),
    values,
  );
  return yield* loadResult(session, given, whole, plan, undefined, { mapper, options });
}

/** One row at a time: each has to tell its key, and what else is wanted of it. */
function* insertForKeys(
  session: LoadingSession,
  base: Insert,
  mapper: Mapper,
  sets: readonly RowValues[],
  wanted: readonly ColumnElement[],
  options: ExecutionOptionsInput | undefined,
  take: (index: number, identity: readonly unknown[], row: readonly unknown[]) => void,
): Step<CursorResult | null> {
  const primary = mapper.primaryKey as readonly ColumnElement[];
  const returns = wanted.length > 0 || session.bindFor(mapper).dialect.capabilities.insertReturning;
  const columns = [...wanted, ...primary.filter((column) => !wanted.includes(column))];
  const statement = returns
    ? (copyWith(base, { returningColumns: columns, sortByParameterOrder: true }) as Insert)
    : base;
  let result: CursorResult | null = null;
  for (const [index, set] of sets.entries()) {
    result = yield* session.executeCoreStep(statement as ClauseElement, set, options, mapper);
    const { shape } = result;
    const raw = returns ? result.takeRaw()[0] : undefined;
    if (raw === undefined) take(index, [...result.insertedPrimaryKey], []);
    else {
      const row = columns.map((_, position) => shape.value(raw, position));
      take(
        index,
        primary.map((column) => row[columns.indexOf(column)]),
        row,
      );
    }
  }
  return result;
}

/** What one table takes of a row, by the keys of its columns. */
function valuesFor(mapper: Mapper, table: FromClause, row: RowValues): Record<string, unknown> {
  const set: Record<string, unknown> = {};
  for (const property of mapper.columnAttrs) {
    const column = property.columns.find((each) => (each as { table?: unknown }).table === table);
    const value = row[property.key];
    if (column !== undefined && value !== undefined) set[column.key as string] = value;
  }
  return set;
}

/** Whether a table's INSERT returns a column; an expression comes from the last table that it names, or of all. */
function isOf(column: ColumnElement, table: FromClause, mapper: Mapper): boolean {
  const named = new Set<Node>();
  column.collectFroms(named as never);
  return table === (mapper.tables.findLast((each) => named.has(each)) ?? mapper.tables.at(-1));
}
