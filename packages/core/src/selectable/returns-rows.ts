/** What SELECT, set operations, VALUES and DML with RETURNING have in common: they can be used as a table. */
import type { Name } from "../ast/name.ts";
import type { ColumnClause } from "../expression/column-clause.ts";
import { ColumnElement, type Named } from "../expression/column-element.ts";
import type { Condition } from "../expression/constructors.ts";
import type { EntityColumns, EntityValue } from "../expression/row-types.ts";
import { type ColumnCollection, columnCollection, columnsOf } from "./column-collection.ts";
import { Executable } from "./executable.ts";
import { correspondingIn, type FromClause } from "./from-clause.ts";
import { type GivenName, givenName, type NameOptions } from "./given-name.ts";
import type { NamedColumn } from "./naming.ts";

/**
 * What a column of a statement's rows is compared with. Decimal numbers come as text, and a row does not tell them from other
 * text: so numbers are taken as well. Not a conditional type, which would not vary with `T` as the compiler wants it.
 */
export type RowInput<T> = T | number | bigint;

/** The columns of a subquery, by the names of the rows. */
export type SubqueryColumns<O extends object> = {
  readonly [K in keyof O & string]: ColumnClause<O[K], K, RowInput<O[K]>>;
};

/** The columns of a subquery whose rows begin with a mapped object: the object's attributes, then what is named beside it. */
export type EntitySubqueryColumns<V extends readonly unknown[], O extends object> = SubqueryColumns<
  EntityColumns<V> & O
>;

/** Rows that begin with a mapped object. */
export type EntityRows = readonly [EntityValue, ...unknown[]];

/** The columns of a statement itself, by the names of the rows. */
export type SelectedColumns<O extends object> = {
  readonly [K in keyof O & string]: ColumnElement<O[K], RowInput<O[K]>>;
};

/** Options of `cte()`. */
export interface CteOptions {
  /** The CTE refers to itself: `WITH RECURSIVE`. Default false. */
  readonly recursive?: boolean;
  /** Renders the CTE where it is used instead of at the top. Default false. */
  readonly nesting?: boolean;
}

/** A statement whose rows can be selected from. */
export abstract class ReturnsRows<
  out V extends readonly unknown[] = readonly unknown[],
  out O extends object = object,
> extends Executable<V, O> {
  /** The columns of the rows with their names. */
  abstract get namedColumns(): readonly NamedColumn[];
  /** The keys of the columns in an enclosing query's `c`. */
  abstract get columnKeys(): readonly (string | null)[];

  override get returnsRows(): boolean {
    return true;
  }

  /** `WITH name AS (…)` */
  cte<E extends EntityRows, P extends object>(
    this: ReturnsRows<E, P>,
    name?: string | (CteOptions & NameOptions) | null,
    options?: CteOptions,
  ): FromClause<EntitySubqueryColumns<E, P>> & CteMethods<EntityColumns<E> & P>;
  cte(
    name?: string | (CteOptions & NameOptions) | null,
    options?: CteOptions,
  ): FromClause<SubqueryColumns<O>> & CteMethods<O>;
  cte(
    name?: string | (CteOptions & NameOptions) | null,
    options?: CteOptions,
  ): FromClause<SubqueryColumns<O>> & CteMethods<O> {
    const inline = name !== null && typeof name === "object" && !((name as object) instanceof String) ? name : {};
    return deriveRows.cte(this, givenName(name, "cte()"), { ...inline, ...options }) as unknown as FromClause<
      SubqueryColumns<O>
    > &
      CteMethods<O>;
  }
}

/** What a CTE has besides the columns. */
export interface CteMethods<out O extends object> {
  readonly name: Name | null;
  readonly recursive: boolean;
  readonly nesting: boolean;
  /** `cte UNION …`, the recursive part. */
  union(...others: readonly ReturnsRows[]): FromClause<SubqueryColumns<O>> & CteMethods<O>;
  /** `cte UNION ALL …`, the recursive part. */
  unionAll(...others: readonly ReturnsRows[]): FromClause<SubqueryColumns<O>> & CteMethods<O>;
  /** `WITH name AS MATERIALIZED (…)` and the like. */
  prefixWith(text: string, options?: { readonly dialect?: string }): FromClause<SubqueryColumns<O>> & CteMethods<O>;
  /** Text behind the CTE. */
  suffixWith(text: string, options?: { readonly dialect?: string }): FromClause<SubqueryColumns<O>> & CteMethods<O>;
}

/** `(SELECT …)` as a value. */
export interface ScalarSubquery<out T = unknown, out I = T> extends ColumnElement<T, I> {
  /** Adds conditions to the query. */
  where(...conditions: readonly Condition[]): ScalarSubquery<T, I>;
  /** Names what the query takes from the enclosing one. */
  correlate(...froms: readonly unknown[]): ScalarSubquery<T, I>;
  /** All but these may be taken from the enclosing query. */
  correlateExcept(...froms: readonly unknown[]): ScalarSubquery<T, I>;
}

/** `EXISTS (SELECT …)` */
export interface ExistsSubquery extends ColumnElement<boolean> {
  /** Adds conditions to the query. */
  where(...conditions: readonly Condition[]): ExistsSubquery;
  /** Adds selectables to FROM. */
  selectFrom(...froms: readonly unknown[]): ExistsSubquery;
  /** Names what the query takes from the enclosing one. */
  correlate(...froms: readonly unknown[]): ExistsSubquery;
  /** All but these may be taken from the enclosing query. */
  correlateExcept(...froms: readonly unknown[]): ExistsSubquery;
  /** `SELECT EXISTS (…)` */
  select(): SelectBase<[boolean]>;
}

/** A statement that can stand in FROM and in expressions. */
export abstract class SelectBase<
  out V extends readonly unknown[] = readonly unknown[],
  out O extends object = object,
> extends ReturnsRows<V, O> {
  /** `(SELECT …) AS name` */
  subquery<E extends EntityRows, P extends object>(
    this: SelectBase<E, P>,
    name?: GivenName,
  ): FromClause<EntitySubqueryColumns<E, P>>;
  subquery(name?: GivenName): FromClause<SubqueryColumns<O>>;
  subquery(name?: GivenName): FromClause<SubqueryColumns<O>> {
    return deriveRows.subquery(this, givenName(name, "subquery()")) as FromClause<SubqueryColumns<O>>;
  }

  /** The same as {@link subquery}. */
  alias<E extends EntityRows, P extends object>(
    this: SelectBase<E, P>,
    name?: GivenName,
  ): FromClause<EntitySubqueryColumns<E, P>>;
  alias(name?: GivenName): FromClause<SubqueryColumns<O>>;
  alias(name?: GivenName): FromClause<SubqueryColumns<O>> {
    return this.subquery(name);
  }

  /** `LATERAL (SELECT …) AS name` */
  lateral<E extends EntityRows, P extends object>(
    this: SelectBase<E, P>,
    name?: GivenName,
  ): FromClause<EntitySubqueryColumns<E, P>>;
  lateral(name?: GivenName): FromClause<SubqueryColumns<O>>;
  lateral(name?: GivenName): FromClause<SubqueryColumns<O>> {
    return deriveRows.lateral(this, givenName(name, "lateral()")) as FromClause<SubqueryColumns<O>>;
  }

  /** The query as a single value. */
  scalarSubquery(): ScalarSubquery<V[0] | null, RowInput<V[0]>> {
    return deriveRows.scalar(this) as ScalarSubquery<V[0] | null, RowInput<V[0]>>;
  }

  /** The query as a single value under a name. */
  label<const N extends string>(name: N): ColumnElement<V[0] | null, RowInput<V[0]>> & Named<N> {
    return this.scalarSubquery().label(name);
  }

  /** `EXISTS (SELECT …)` */
  exists(): ExistsSubquery {
    return deriveRows.exists(this);
  }

  /** The columns of the statement by key, as they were selected: what `where()` and `orderBy()` of it may use. */
  get selectedColumns(): ColumnCollection<SelectedColumns<O>> {
    const keys = this.columnKeys;
    return columnCollection<SelectedColumns<O>>(
      this.namedColumns.flatMap(({ column }, index) =>
        column instanceof ColumnElement ? [[keys[index] ?? null, column] as const] : [],
      ),
      "the statement",
    );
  }

  /** The selected column that stands for `column`, or null. Prefers the closest relation. */
  correspondingColumn(column: ColumnElement, requireEmbedded = false): ColumnElement | null {
    return correspondingIn(columnsOf(this.selectedColumns), column, requireEmbedded);
  }

  /** The same as {@link selectedColumns}. */
  get exportedColumns(): ColumnCollection<SelectedColumns<O>> {
    return this.selectedColumns;
  }
}

/** Filled by ./derive.ts. */
export const deriveRows: {
  cte(statement: ReturnsRows, name: string | null, options: CteOptions): FromClause<never>;
  subquery(statement: SelectBase, name: string | null): FromClause<never>;
  lateral(statement: SelectBase, name: string | null): FromClause<never>;
  scalar(statement: SelectBase): ScalarSubquery<never>;
  exists(statement: SelectBase): ExistsSubquery;
} = {} as never;
