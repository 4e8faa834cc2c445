/** `merge()`: MERGE as the SQL standard has it, on PostgreSQL, SQL Server and Oracle. */
import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import { defineKind, type Fields, type Node } from "../ast/node.ts";
import { copyWith } from "../ast/traverse.ts";
import { ArgumentError } from "../errors/errors.ts";
import { BindParameter } from "../expression/bind.ts";
import { ClauseElement } from "../expression/clause-element.ts";
import { condition, fromElement } from "../expression/coerce.ts";
import { ColumnElement, type Named } from "../expression/column-element.ts";
import { and, type Condition } from "../expression/constructors.ts";
import type { NamesOf, ValuesOf } from "../expression/row-types.ts";
import { columnByKey, columnsOf } from "../selectable/column-collection.ts";
import { type FromClause, isFromClause } from "../selectable/from-clause.ts";
import type { SelectedMore } from "../selectable/row-columns.ts";
import { describe } from "../types/literals.ts";
import { StringType } from "../types/string.ts";
import { type ColumnValues, Dml, type DmlTarget, dmlTable, type ValuePairs, valueMap, withTarget } from "./dml-base.ts";
import { appendMap } from "./insert.ts";
import { bindValues } from "./values-binds.ts";

/** Which rows a branch of a MERGE is about. */
export type MergeMatch = "matched" | "notMatched" | "notMatchedBySource";

/** What a branch of a MERGE does with its rows. */
export type MergeAction = "insert" | "update" | "delete" | "nothing";

/** `WHEN MATCHED AND … THEN UPDATE SET …`: one branch of a {@link Merge}. */
export class MergeBranch extends ClauseElement {
  static override readonly fields: Fields = {
    match: "atom",
    condition: "child",
    action: "atom",
    assignments: "options",
    deleteWhere: "child",
  };
  readonly match: MergeMatch;
  readonly condition: ClauseElement | null;
  readonly action: MergeAction;
  /** What is inserted or set, by column key; empty for the other actions. */
  readonly assignments: ReadonlyMap<string | ColumnElement, Node>;
  /** Oracle: updated rows that meet this are deleted. */
  readonly deleteWhere: ClauseElement | null;

  constructor(parts: Pick<MergeBranch, "match" | "condition" | "action" | "assignments" | "deleteWhere">) {
    super();
    this.match = parts.match;
    this.condition = parts.condition;
    this.action = parts.action;
    this.assignments = parts.assignments;
    this.deleteWhere = parts.deleteWhere;
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    key.add(`(when${this.match}${this.action}`);
    key.node(this.condition);
    appendMap(key, this.assignments);
    key.node(this.deleteWhere);
    key.add(")");
  }
}
defineKind(MergeBranch, "mergeBranch");

/** Options of {@link MergeExisting.thenUpdate}. */
export interface MergeUpdateOptions {
  /** Oracle: of the updated rows, those that meet this afterwards are deleted (`DELETE WHERE …`). */
  readonly deleteWhere?: Condition;
}

/** What can be done with rows that are in the target: the rest of `whenMatched()`. */
export interface MergeExisting<out C extends object, out M> {
  /** `THEN UPDATE SET …`. @throws ArgumentError for `undefined`, for unknown columns and for no values at all. */
  thenUpdate(values: ColumnValues<C> | ValuePairs, options?: MergeUpdateOptions): M;
  /** `THEN DELETE` (not on Oracle, see {@link MergeUpdateOptions.deleteWhere}). */
  thenDelete(): M;
  /** `THEN DO NOTHING` (PostgreSQL): rows of this branch are kept from the branches behind it. */
  thenDoNothing(): M;
}

/** What can be done with rows that only the source has: the rest of `whenNotMatched()`. */
export interface MergeMissing<out C extends object, out M> {
  /** `THEN INSERT (…) VALUES (…)`. @throws ArgumentError for `undefined`, for unknown columns and for no values at all. */
  thenInsert(values: ColumnValues<C> | ValuePairs): M;
  /** `THEN DO NOTHING` (PostgreSQL). */
  thenDoNothing(): M;
}

/** See {@link merge}. */
export class Merge<
  out C extends object = object,
  out V extends readonly unknown[] = readonly unknown[],
  out O extends object = object,
  out E extends object = object,
> extends Dml<C, V, O, E> {
  static override readonly fields: Fields = { ...Dml.fields, source: "child", on: "child", branches: "children" };
  readonly source: FromClause | null = null;
  readonly on: ClauseElement | null = null;
  readonly branches: readonly MergeBranch[] = [];

  /**
   * Where the rows come from, and which row of the target each of them is.
   *
   * @param source a table, an alias, a subquery, a CTE, `values()`.
   * @throws ArgumentError where `source` is none of them (a `select()` needs `.subquery()`).
   */
  using(source: FromClause | { readonly "~columns": object }, on: Condition): this {
    return copyWith(this, {
      source: fromElement(source, isFromClause, "using()") as FromClause,
      on: condition(on, "using()"),
    });
  }

  /** Rows that are in both; conditions narrow them. The first branch whose condition a row meets is taken. */
  whenMatched(...conditions: readonly Condition[]): MergeExisting<C, this> {
    return branchOf<C, this>(this, "matched", conditions);
  }

  /** Rows that only the source has. */
  whenNotMatched(...conditions: readonly Condition[]): MergeMissing<C, this> {
    return branchOf<C, this>(this, "notMatched", conditions);
  }

  /** Rows that only the target has: SQL Server, PostgreSQL 17 and later. */
  whenNotMatchedBySource(...conditions: readonly Condition[]): MergeExisting<C, this> {
    return branchOf<C, this>(this, "notMatchedBySource", conditions);
  }

  /**
   * `RETURNING …` on PostgreSQL 17 and later, `OUTPUT …` on SQL Server; {@link mergeAction} tells what was done with a row.
   */
  returning<const A extends readonly unknown[]>(
    ...columns: A
  ): Merge<C, [...V, ...ValuesOf<A>], O & NamesOf<A>, SelectedMore<E, A>> {
    return this.addReturning(columns) as unknown as Merge<
      C,
      [...V, ...ValuesOf<A>],
      O & NamesOf<A>,
      SelectedMore<E, A>
    >;
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    key.add("(M");
    this.table.appendCacheKey(key);
    key.node(this.source);
    key.node(this.on);
    key.nodes(this.branches);
    this.appendClausesKey(key);
    key.add(")");
  }
}
defineKind(Merge, "merge");

/** What follows WHEN: the ways to add a branch to a statement. */
function branchOf<C extends object, M extends Merge<C>>(
  statement: M,
  match: MergeMatch,
  conditions: readonly Condition[],
): MergeExisting<C, M> & MergeMissing<C, M> {
  const narrowed = conditions.length === 0 ? null : and(...conditions);
  const add = (
    action: MergeAction,
    assignments: MergeBranch["assignments"] = new Map(),
    deleteWhere: ClauseElement | null = null,
  ): M =>
    copyWith(statement, {
      branches: [
        ...statement.branches,
        new MergeBranch({ match, condition: narrowed, action, assignments, deleteWhere }),
      ],
    });
  return {
    thenUpdate: (values, options = {}) =>
      add(
        "update",
        assignmentsOf(statement, values, "thenUpdate()"),
        "deleteWhere" in options ? condition(options.deleteWhere, "thenUpdate()") : null,
      ),
    thenInsert: (values) => add("insert", assignmentsOf(statement, values, "thenInsert()")),
    thenDelete: () => add("delete"),
    thenDoNothing: () => add("nothing"),
  };
}

function assignmentsOf(
  { table, target }: Merge,
  values: unknown,
  verb: string,
): ReadonlyMap<string | ColumnElement, Node> {
  const map = valueMap(values, table, verb, target);
  if (map.size === 0) throw new ArgumentError(`${verb} takes at least one column`);
  for (const key of map.keys())
    if (typeof key !== "string" || columnByKey(table.c, key) === undefined)
      throw new ArgumentError(
        `${verb}: ${typeof key === "string" ? JSON.stringify(key) : describe(key)} is no column of ${table.description}`,
        {
          fix: `its columns are ${columnsOf(table.c)
            .map((column) => column.key)
            .join(", ")}`,
        },
      );
  // Branches may set the same column to different values: the names of their parameters are made up.
  return new Map(
    [...bindValues(map, table)].map(([key, value]) => [
      key,
      value instanceof BindParameter && value.isCrud ? value.withUniqueName() : value,
    ]),
  );
}

/** See {@link mergeAction}. */
export class MergeActionName extends ColumnElement<string> {
  constructor() {
    super(new StringType());
  }
}
defineKind(MergeActionName, "mergeAction");

/**
 * For `returning()` of a {@link merge}: `"INSERT"`, `"UPDATE"` or `"DELETE"`, what was done with the row, as `mergeAction`.
 * `merge_action()` on PostgreSQL, `$action` on SQL Server.
 */
export function mergeAction(): ColumnElement<string> & Named<"mergeAction"> {
  return new MergeActionName().label("mergeAction");
}

/**
 * Changes a table row by row to what a source says: `MERGE INTO … USING … ON … WHEN MATCHED THEN …`. PostgreSQL 15 and
 * later, SQL Server, Oracle; a database without MERGE raises CompileError (there {@link upsert} may do).
 *
 * Defaults of columns apply to rows that it inserts, `onupdate` to those that it updates; a default that is computed by the
 * program is computed once for the statement. On SQL Server, `.withHint("WITH (HOLDLOCK)")` keeps others from inserting the
 * same key meanwhile.
 *
 * @example merge(stock)
 *   .using(deliveries, stock.c.id.eq(deliveries.c.id))
 *   .whenMatched(deliveries.c.quantity.eq(0)).thenDelete()
 *   .whenMatched().thenUpdate({ quantity: stock.c.quantity.add(deliveries.c.quantity) })
 *   .whenNotMatched().thenInsert({ id: deliveries.c.id, quantity: deliveries.c.quantity })
 */
export function merge<C extends object>(table: DmlTarget<C>): Merge<C, [], object> {
  return withTarget(new Merge<C, [], object>(dmlTable(table, "merge()")), table);
}
