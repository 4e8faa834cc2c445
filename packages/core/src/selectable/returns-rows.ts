/** What SELECT, set operations, VALUES and DML with RETURNING have in common: they can be used as a table. */
import type { Name } from "../ast/name.ts";
import { ColumnElement } from "../expression/column-element.ts";
import type { Condition } from "../expression/constructors.ts";
import { type ColumnCollection, columnCollection, columnsOf } from "./column-collection.ts";
import { Executable } from "./executable.ts";
import { correspondingIn, type FromClause } from "./from-clause.ts";
import { type GivenName, givenName, type NameIn, type NameOptions } from "./given-name.ts";
import type { NamedColumn } from "./naming.ts";
import type { HasRows, KnownColumns, ScalarLabel, ScalarOf, ScalarSubquery, StatementColumns } from "./row-columns.ts";

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
  out E extends object = object,
> extends Executable<V, O> {
  /** Phantom: the selected elements; `object` where they are not known. */
  declare readonly "~elements": E;

  /** The columns of the rows with their names. */
  abstract get namedColumns(): readonly NamedColumn[];
  /** The keys of the columns in an enclosing query's `c`. */
  abstract get columnKeys(): readonly (string | null)[];

  override get returnsRows(): boolean {
    return true;
  }

  /** `WITH name AS (…)` */
  cte<
    V extends readonly unknown[],
    O extends object,
    E extends object,
    const G extends GivenName | (CteOptions & NameOptions) = null,
  >(this: HasRows<V, O, E>, name?: G, options?: CteOptions): CteOf<StatementColumns<V, O, E>, NameIn<G>> {
    const inline = name !== null && typeof name === "object" && !((name as object) instanceof String) ? name : {};
    const given = { ...(inline as CteOptions), ...options };
    return deriveRows.cte(this as unknown as ReturnsRows, givenName(name, "cte()"), given) as never;
  }
}

/** A CTE with columns `C` and the name `N`. */
export type CteOf<C extends object, N extends string = string> = FromClause<C, N> & CteMethods<C, N>;

/** What a CTE has besides the columns. */
export interface CteMethods<out C extends object, out N extends string = string> {
  readonly name: Name | null;
  readonly recursive: boolean;
  readonly nesting: boolean;
  /** `cte UNION …`, the recursive part. */
  union(...others: readonly ReturnsRows[]): CteOf<C, N>;
  /** `cte UNION ALL …`, the recursive part. */
  unionAll(...others: readonly ReturnsRows[]): CteOf<C, N>;
  /** `WITH name AS MATERIALIZED (…)` and the like. */
  prefixWith(text: string, options?: { readonly dialect?: string }): CteOf<C, N>;
  /** Text behind the CTE. */
  suffixWith(text: string, options?: { readonly dialect?: string }): CteOf<C, N>;
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
  out E extends object = object,
> extends ReturnsRows<V, O, E> {
  /** `(SELECT …) AS name` */
  subquery<V extends readonly unknown[], O extends object, E extends object, const G extends GivenName = null>(
    this: HasRows<V, O, E>,
    name?: G,
  ): FromClause<StatementColumns<V, O, E>, NameIn<G>> {
    return deriveRows.subquery(this as unknown as SelectBase, givenName(name, "subquery()"));
  }

  /** The same as {@link subquery}. */
  alias<V extends readonly unknown[], O extends object, E extends object, const G extends GivenName = null>(
    this: HasRows<V, O, E>,
    name?: G,
  ): FromClause<StatementColumns<V, O, E>, NameIn<G>> {
    return deriveRows.subquery(this as unknown as SelectBase, givenName(name, "alias()"));
  }

  /** `LATERAL (SELECT …) AS name` */
  lateral<V extends readonly unknown[], O extends object, E extends object, const G extends GivenName = null>(
    this: HasRows<V, O, E>,
    name?: G,
  ): FromClause<StatementColumns<V, O, E>, NameIn<G>> {
    return deriveRows.lateral(this as unknown as SelectBase, givenName(name, "lateral()"));
  }

  /** The query as a single value. */
  scalarSubquery<V extends readonly unknown[], E extends object>(this: HasRows<V, object, E>): ScalarOf<V, E> {
    return deriveRows.scalar(this as unknown as SelectBase) as unknown as ScalarOf<V, E>;
  }

  /** The query as a single value under a name. */
  label<V extends readonly unknown[], E extends object, const N extends string>(
    this: HasRows<V, object, E>,
    name: N,
  ): ScalarLabel<V, E, N> {
    return deriveRows.scalar(this as unknown as SelectBase).label(name) as unknown as ScalarLabel<V, E, N>;
  }

  /** `EXISTS (SELECT …)` */
  exists(): ExistsSubquery {
    return deriveRows.exists(this);
  }

  /** The columns of the statement by key, as they were selected: what `where()` and `orderBy()` of it may use. */
  get selectedColumns(): ColumnCollection<KnownColumns<E>> {
    const keys = this.columnKeys;
    return columnCollection<KnownColumns<E>>(
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
  get exportedColumns(): ColumnCollection<KnownColumns<E>> {
    return this.selectedColumns;
  }
}

/** Filled by ./derive.ts. */
export const deriveRows: {
  cte(statement: ReturnsRows, name: string | null, options: CteOptions): FromClause<never, never>;
  subquery(statement: SelectBase, name: string | null): FromClause<never, never>;
  lateral(statement: SelectBase, name: string | null): FromClause<never, never>;
  scalar(statement: SelectBase): ScalarSubquery<never>;
  exists(statement: SelectBase): ExistsSubquery;
} = {} as never;
