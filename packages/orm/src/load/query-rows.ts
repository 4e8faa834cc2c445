/** Rows of the legacy query (./legacy-query.ts): parts of them, and kept ones for another session. */
import { FrozenResult, type Node, Result, type StatementColumns } from "@athanor/core";
import { entityOfNode } from "../query/marks.ts";

/** The rows that `Query.slice()` gives. */
export class QuerySlice<T> extends Array<T> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  all(): T[] {
    return [...this];
  }
}

/** What merging asks of the session's front. */
export interface MergingSession {
  readonly core: { autoflush: boolean };
  merge(instance: object, options: { readonly load: boolean }): object;
}

/** Kept rows with the session's own objects in place of theirs, by the columns of their query. */
export function mergeRows(
  session: MergingSession,
  columns: readonly Node[],
  isEntity: boolean,
  rows: FrozenResult | Iterable<unknown>,
  load: boolean,
): FrozenResult | unknown[] {
  const holdsObject = columns.map((node) => entityOfNode(node) !== undefined);
  const merged = (value: unknown, position: number): unknown =>
    holdsObject[position] === true && value !== null ? session.merge(value as object, { load }) : value;
  const mergedRow = (row: unknown): unknown[] => [...(row as Iterable<unknown>)].map(merged);
  const { core } = session;
  const { autoflush } = core;
  core.autoflush = false;
  try {
    if (rows instanceof FrozenResult) return rows.withNewRows(rows.thaw().all().map(mergedRow));
    if (isEntity) return [...rows].map((object) => merged(object, 0));
    const kept = [...rows] as { readonly _fields: readonly string[] }[];
    const [first] = kept;
    return first === undefined ? [] : Result.fromRows(first._fields, kept.map(mergedRow)).all();
  } finally {
    core.autoflush = autoflush;
  }
}

/** The values of a query's rows: those of tuples, or the one object. */
export type QueryValues<T> = T extends { readonly _t: infer V extends readonly unknown[] } ? V : [T];

/** The columns of a query as a subquery. */
export type QueryColumns<T> = StatementColumns<
  QueryValues<T>,
  T extends { readonly _mapping: infer O extends object } ? O : object,
  object
>;
