/** `upsert()`: INSERT that changes the row where it is there already, in each database's own words. */
import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import { appendValue, defineKind, type Fields, type Node } from "../ast/node.ts";
import { copyWith } from "../ast/traverse.ts";
import { ArgumentError } from "../errors/errors.ts";
import { ClauseElement } from "../expression/clause-element.ts";
import { condition, resolveNode } from "../expression/coerce.ts";
import { ColumnClause } from "../expression/column-clause.ts";
import { ColumnElement } from "../expression/column-element.ts";
import type { Condition } from "../expression/constructors.ts";
import type { NamesOf, ValuesOf } from "../expression/row-types.ts";
import { columnByKey, columnCollection, columnsOf } from "../selectable/column-collection.ts";
import type { FromClause } from "../selectable/from-clause.ts";
import type { SelectedMore } from "../selectable/row-columns.ts";
import { describe } from "../types/literals.ts";
import {
  type ColumnValues,
  type DmlTarget,
  dmlTable,
  type ReturnedColumns,
  type ValuePairs,
  valueMap,
  withTarget,
} from "./dml-base.ts";
import { appendMap, Insert } from "./insert.ts";
import { bindValues } from "./values-binds.ts";

/** A column of the row that was to be inserted: `excluded.name`. */
export class ExcludedColumn extends ColumnClause {
  constructor(column: ColumnElement) {
    super(column.resultName ?? column.anonLabel, column.type, null, {
      key: column.key,
      quote: column instanceof ColumnClause ? column.quote : null,
    });
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    key.add("(excluded");
    super.appendCacheKey(key);
    key.add(")");
  }
}
defineKind(ExcludedColumn, "excludedColumn");

/** What happens to a row that is there already; stands behind the values of an {@link Upsert}. */
export class UpsertClause extends ClauseElement {
  static override readonly fields: Fields = {
    target: "options",
    action: "atom",
    assignments: "options",
    where: "child",
  };
  /** Keys of the columns by which rows are found; null: the primary key. */
  readonly target: readonly string[] | null;
  readonly action: "update" | "nothing";
  /** What is set; null: every column that was given, but those of the target. */
  readonly assignments: ReadonlyMap<string | ColumnElement, Node> | null;
  readonly where: ClauseElement | null;

  constructor(
    target: readonly string[] | null,
    action: "update" | "nothing",
    assignments: UpsertClause["assignments"],
    where: ClauseElement | null,
  ) {
    super();
    this.target = target;
    this.action = action;
    this.assignments = assignments;
    this.where = where;
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    key.add(`(upsert${this.action}`);
    appendValue(key, this.target);
    if (this.assignments !== null) appendMap(key, this.assignments);
    key.node(this.where);
    key.add(")");
  }
}
defineKind(UpsertClause, "upsertClause");

const excludedRows = new WeakMap<FromClause, object>();

/** See {@link upsert}. */
export class Upsert<
  C extends object = object,
  out V extends readonly unknown[] = readonly unknown[],
  out O extends object = object,
  out E extends object = object,
> extends Insert<C, V, O, E> {
  override readonly isInline: boolean = true;
  override readonly postValues: UpsertClause = new UpsertClause(null, "update", null, null);

  /** The row that was to be inserted, for {@link doUpdate}. */
  get excluded(): C {
    const table = this.table as FromClause;
    let row = excludedRows.get(table);
    if (row === undefined) {
      row = columnCollection(
        columnsOf(table.c).map((column) => [column.key, new ExcludedColumn(column)] as const),
        `the excluded row of ${table.description}`,
      );
      excludedRows.set(table, row);
    }
    return row as C;
  }

  /**
   * The columns by which a row is found; they need a primary key or a unique constraint. Default: the primary key.
   * MySQL and MariaDB look at all unique keys whatever is named here.
   *
   * @throws ArgumentError for columns that the table does not have.
   */
  onConflict(...columns: readonly ((keyof C & string) | ColumnElement)[]): this {
    if (columns.length === 0) throw new ArgumentError("onConflict() takes at least one column");
    const target = columns.map((given) => {
      const node = typeof given === "string" ? columnByKey(this.table.c, given) : resolveNode(given);
      const key = node instanceof ColumnElement ? node.key : null;
      if (key === null || columnByKey(this.table.c, key) === undefined)
        throw new ArgumentError(`onConflict(): ${describe(given)} is no column of ${this.table.description}`);
      return key;
    });
    const { action, assignments, where } = this.postValues;
    return copyWith(this, { postValues: new UpsertClause(target, action, assignments, where) });
  }

  /**
   * What to change in a row that is there; without values, every column that was given. `where` leaves rows that do not
   * meet it as they are (not on MySQL and MariaDB).
   *
   * @throws ArgumentError for `undefined` and for no values at all.
   */
  doUpdate(
    values?: ColumnValues<C> | ValuePairs | ((excluded: C) => ColumnValues<C>),
    options: { readonly where?: Condition } = {},
  ): this {
    const given = typeof values === "function" ? values(this.excluded) : values;
    const table = this.table as FromClause;
    const map = given === undefined ? null : valueMap(given, table, "doUpdate()");
    if (map !== null && map.size === 0)
      throw new ArgumentError("doUpdate() takes at least one column", { fix: "call doNothing() to keep the row" });
    for (const key of map?.keys() ?? [])
      if (typeof key !== "string" || columnByKey(table.c, key) === undefined)
        throw new ArgumentError(
          `doUpdate(): ${typeof key === "string" ? JSON.stringify(key) : describe(key)} is no column of ${table.description}`,
        );
    const where = options.where === undefined ? null : condition(options.where, "doUpdate()");
    return copyWith(this, {
      postValues: new UpsertClause(
        this.postValues.target,
        "update",
        map === null ? null : bindValues(map, table),
        where,
      ),
    });
  }

  /** A row that is there stays as it is. */
  doNothing(): this {
    return copyWith(this, { postValues: new UpsertClause(this.postValues.target, "nothing", null, null) });
  }

  /** `RETURNING …`, where the database has it; a row that was left as it is gives none. */
  override returning<const A extends readonly unknown[]>(
    ...columns: A
  ): Upsert<
    C,
    [...V, ...ValuesOf<ReturnedColumns<A>>],
    O & NamesOf<ReturnedColumns<A>>,
    SelectedMore<E, ReturnedColumns<A>>
  > {
    return super.returning(...columns) as unknown as Upsert<
      C,
      [...V, ...ValuesOf<ReturnedColumns<A>>],
      O & NamesOf<ReturnedColumns<A>>,
      SelectedMore<E, ReturnedColumns<A>>
    >;
  }
}

/**
 * Inserts rows, or changes those that are there already: `ON CONFLICT` on PostgreSQL and SQLite, `ON DUPLICATE KEY
 * UPDATE` on MySQL and MariaDB, `MERGE` on SQL Server and Oracle.
 *
 * @example upsert(users).values({ id: 1, name: "Ada" }) // by the primary key; changes the name
 * upsert(users).values(rows).onConflict("email").doUpdate((excluded) => ({ name: excluded.name, visits: users.c.visits.add(1) }))
 * upsert(users).values(rows).onConflict("email").doNothing()
 */
export function upsert<C extends object>(table: DmlTarget<C>): Upsert<C, [], object> {
  return withTarget(new Upsert<C, [], object>(dmlTable(table, "upsert()")), table);
}
