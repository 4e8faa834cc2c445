/** The base of everything that stands in FROM. What it derives (aliases, joins, selects) is filled in by ./derive.ts. */
import type { Annotations } from "../ast/annotations.ts";
import type { Name } from "../ast/name.ts";
import { ArgumentError } from "../errors/errors.ts";
import { ClauseElement, type SqlExpression } from "../expression/clause-element.ts";
import { ColumnClause, type ForeignKeyLink, lineage, shareLineage } from "../expression/column-clause.ts";
import type { ColumnElement } from "../expression/column-element.ts";
import type { FromElement } from "../expression/from-element.ts";
import type { HasColumns } from "../expression/row-types.ts";
import { type ColumnCollection, columnByKey, columnsOf } from "./column-collection.ts";
import { type GivenName, givenName, type NameIn } from "./given-name.ts";
import type { JoinColumns, JoinPart } from "./join-columns.ts";
import type { Elements } from "./row-columns.ts";

/** Options of `join()`. */
export interface JoinOptions {
  /** The condition of ON, where it does not stand as an argument. */
  readonly onclause?: SqlExpression | null;
  /** LEFT OUTER JOIN. Default false. */
  readonly isouter?: boolean;
  /** FULL OUTER JOIN. Default false. */
  readonly full?: boolean;
}

/** A selectable with columns `C`. Its name is `N`, empty where it has none; `S` is what `select(from)` gives. */
export abstract class FromClause<out C extends object = object, out N extends string = string, out S extends object = C>
  extends ClauseElement
  implements FromElement
{
  /** Phantom: the columns, for `select(from)`. */
  declare readonly "~columns": S;
  /** Phantom: the columns by key and the name, for joins. */
  declare readonly "~joins": JoinPart<C, N>;

  abstract readonly name: Name | null;
  /** The columns by key. */
  abstract readonly c: ColumnCollection<C>;

  /** The same as {@link c}. */
  get columns(): ColumnCollection<C> {
    return this.c;
  }

  /** The same as {@link c}, by the name that statements have for theirs. */
  get exportedColumns(): ColumnCollection<C> {
    return this.c;
  }

  /** How the selectable is called in messages. */
  get description(): string {
    return typeof this.name === "string" ? this.name : `an anonymous ${this.kind}`;
  }

  override withAnnotations(_values: Annotations): this {
    throw new ArgumentError(`${this.description} stands for itself in FROM, and so has no annotated copy`, {
      fix: "annotate its columns or the statement",
    });
  }

  /** Whether a column has this key. */
  hasKey(key: string): boolean {
    return columnByKey(this.c, key) !== undefined;
  }

  /** FROM objects that need not be listed when this one is. */
  get hides(): readonly FromClause[] {
    return [];
  }

  /** What stands in the columns clause of a SELECT that is given the whole: `select(users)`. */
  get selectedColumns(): readonly ColumnElement[] {
    return columnsOf(this.c);
  }

  /** The columns of the primary key. */
  get primaryKeyColumns(): readonly ColumnClause[] {
    return columnsOf(this.c).filter(
      (column): column is ColumnClause => column instanceof ColumnClause && column.primaryKey,
    );
  }

  /** The primary key: of a table its constraint, of all else the columns that stand for it. */
  get primaryKey(): Iterable<ColumnClause> {
    return this.primaryKeyColumns;
  }

  /** The foreign keys of all columns. Those of aliases and subqueries are the tables' own. */
  get foreignKeys(): readonly ForeignKeyLink[] {
    return columnsOf(this.c).flatMap((column) => (column instanceof ColumnClause ? column.foreignKeys : []));
  }

  override collectFroms(into: Set<FromElement>): void {
    into.add(this);
  }

  columnOrdinal(column: ColumnElement): number {
    return columnsOf(this.c).indexOf(column);
  }

  /** This selectable's column that stands for `column`, or null. Prefers the closest relation. */
  correspondingColumn(column: ColumnElement, requireEmbedded = false): ColumnElement | null {
    return correspondingIn(columnsOf(this.c), column, requireEmbedded);
  }

  /** Whether this selectable is made from `other`, or is it. */
  isDerivedFrom(other: FromElement): boolean {
    return this === other;
  }

  /** `self AS name` */
  alias<const G extends GivenName = null>(name?: G): Aliased<C, NameIn<G>> {
    return derive.alias(this, givenName(name, "alias()"));
  }

  /** `LATERAL (self) AS name` */
  lateral<const G extends GivenName = null>(name?: G): Aliased<C, NameIn<G>> {
    return derive.lateral(this, givenName(name, "lateral()"));
  }

  /** `self TABLESAMPLE method (…)` */
  tablesample(sampling: unknown, options: { readonly name?: string; readonly seed?: unknown } = {}): Aliased<C> {
    return derive.tablesample(this, sampling, options) as Aliased<C>;
  }

  /** `self JOIN right ON …`; without a condition, by the foreign keys between the two. */
  join<L extends HasColumns, R>(this: L, given: JoinOptions & { readonly right: R }): JoinedFrom<L, R>;
  join<L extends HasColumns, R>(this: L, right: R, ...rest: readonly unknown[]): JoinedFrom<L, R>;
  join(...given: readonly unknown[]): unknown {
    return derive.join(this, given, false);
  }

  /** `self LEFT OUTER JOIN right ON …` */
  outerjoin<L extends HasColumns, R>(this: L, given: JoinOptions & { readonly right: R }): JoinedFrom<L, R>;
  outerjoin<L extends HasColumns, R>(this: L, right: R, ...rest: readonly unknown[]): JoinedFrom<L, R>;
  outerjoin(...given: readonly unknown[]): unknown {
    return derive.join(this, given, true);
  }
}

/** What `alias()` gives: the same columns under another name. */
export type Aliased<C extends object, N extends string = string> = FromClause<C, N>;

/** A join. Its columns are keyed `<table>_<column>`; `select()` of it gives `<column>`, numbered where both sides have one. */
export type JoinedFrom<L = unknown, R = unknown> = FromClause<
  JoinColumns<L> & JoinColumns<R>,
  "",
  Elements<readonly [L, R]>
>;

/** Filled by ./derive.ts. */
export const derive: {
  alias(from: FromClause, name: string | null): FromClause<never, never>;
  lateral(from: FromClause, name: string | null): FromClause<never, never>;
  tablesample(
    from: FromClause,
    sampling: unknown,
    options: { readonly name?: string; readonly seed?: unknown },
  ): FromClause<never>;
  join(left: FromClause, given: readonly unknown[], outer: boolean): FromClause<never>;
} = {} as never;

/** The one of several columns that stands for another; null where none does. Prefers the closest relation. */
export function correspondingIn(
  own: readonly ColumnElement[],
  column: ColumnElement,
  requireEmbedded: boolean,
): ColumnElement | null {
  if (own.includes(column)) return column;
  let best: ColumnElement | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of own) {
    const distance = distanceTo(candidate, column);
    if (distance !== null && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  if (best !== null || requireEmbedded) return best;
  return own.find((candidate) => shareLineage(candidate, column)) ?? null;
}

function distanceTo(candidate: ColumnElement, target: ColumnElement): number | null {
  let level: readonly ColumnElement[] = [candidate];
  for (let distance = 0; level.length > 0; distance++) {
    if (level.includes(target)) return distance;
    level = level.flatMap((column) => [...column.proxies]);
  }
  return null;
}

/** True for anything that can stand in FROM. */
export function isFromClause(node: unknown): node is FromClause {
  return node instanceof FromClause;
}

/** Whether a column is one of, or derived from, the columns of a selectable. */
export function containsColumn(from: FromClause, column: ColumnElement): boolean {
  const set = lineage(column);
  return columnsOf(from.c).some((own) => set.has(own) || lineage(own).has(column));
}
