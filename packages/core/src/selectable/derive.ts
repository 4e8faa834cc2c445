/** Fills the slots by which selectables derive others; the one place that knows all of their classes. */

import { ArgumentError } from "../errors/errors.ts";
import { literalBind } from "../expression/bind.ts";
import { fromElement, resolveNode } from "../expression/coerce.ts";
import { ColumnElement } from "../expression/column-element.ts";
import { SqlFunction } from "../expression/function.ts";
import type { HasColumns, NamesOf } from "../expression/row-types.ts";
import { TextClause } from "../expression/text.ts";
import { NULLTYPE } from "../types/null.ts";
import { Numeric } from "../types/numeric.ts";
import { Alias, anonymousAliasName, Lateral, TableSample } from "./alias.ts";
import { makeCompound } from "./compound.ts";
import { CTE } from "./cte.ts";
import { joinCondition } from "./foreign-keys.ts";
import { derive, FromClause, isFromClause, type JoinedFrom, type JoinOptions } from "./from-clause.ts";
import type { GivenName, NameIn } from "./given-name.ts";
import { Join } from "./join.ts";
import { joinOptions, onCondition, positionalArguments } from "./join-arguments.ts";
import { LABEL_STYLE_DISAMBIGUATE_ONLY, LABEL_STYLE_NONE } from "./naming.ts";
import { type CteOf, type CteOptions, deriveRows, type ReturnsRows, SelectBase } from "./returns-rows.ts";
import type { Selected, StatementColumns } from "./row-columns.ts";
import { Exists, ScalarSelect } from "./scalar.ts";
import { Select } from "./select.ts";
import { deriveSelect } from "./select-port.ts";
import "./statement-methods.ts";
import { LateralSubquery, Subquery } from "./subquery.ts";
import { TableValuedColumn } from "./table-valued.ts";

Object.assign(derive, {
  alias(from: FromClause, name: string | null) {
    if (from instanceof Subquery) return new Subquery(from.element, name);
    // Another name for the same, also of what is LATERAL: two names would be no SQL.
    if (from instanceof LateralSubquery) return new LateralSubquery(from.element, name ?? anonymousAliasName(from));
    if (from instanceof Lateral) return new Lateral(from.element, name ?? anonymousAliasName(from));
    // An alias of an alias is another alias of the table.
    return new Alias(unaliased(from), name ?? anonymousAliasName(from));
  },
  lateral(from: FromClause, name: string | null) {
    if (from instanceof Subquery || from instanceof LateralSubquery)
      return new LateralSubquery(from.element, name ?? anonymousAliasName(from));
    return new Lateral(from instanceof Lateral ? from.element : from, name ?? anonymousAliasName(from));
  },
  tablesample(from: FromClause, sampling: unknown, options: { readonly name?: string; readonly seed?: unknown }) {
    const node = resolveNode(sampling);
    const method =
      node instanceof SqlFunction ? node : new SqlFunction("system", [samplingArgument(sampling)], NULLTYPE);
    const seed = options.seed === undefined || options.seed === null ? null : seedArgument(options.seed);
    return new TableSample(unaliased(from), options.name ?? anonymousAliasName(from), method, seed);
  },
  join(left: FromClause, given: readonly unknown[], outer: boolean) {
    const [right, ...args] = positionalArguments(given[0], given.slice(1), ["right"]);
    const options = joinOptions(args);
    const target = fromElement(right, isFromClause, "join()");
    const on = args[0] ?? options.onclause ?? null;
    const onclause = on === null ? joinCondition(left, target) : onCondition(on);
    return new Join(left, target, onclause, options.isouter ?? outer, options.full ?? false);
  },
});

function unaliased(from: FromClause): FromClause {
  return from instanceof Alias ? from.element : from;
}

function samplingArgument(sampling: unknown): ColumnElement {
  const node = resolveNode(sampling);
  if (node instanceof TextClause) return node as unknown as ColumnElement;
  if (node instanceof ColumnElement) return node;
  if (typeof sampling === "number") return literalBind(sampling, new Numeric(), "system");
  throw new ArgumentError("tablesample() takes a percentage or a sampling function");
}

function seedArgument(seed: unknown): ColumnElement {
  const node = resolveNode(seed);
  return node instanceof ColumnElement ? node : literalBind(seed, new Numeric());
}

Object.assign(deriveRows, {
  cte: (statement: SelectBase, name: string | null, options: { recursive?: boolean; nesting?: boolean }) =>
    new CTE(statement, name, options),
  subquery: (statement: SelectBase, name: string | null) => new Subquery(disambiguated(statement), name),
  lateral: (statement: SelectBase, name: string | null) => new LateralSubquery(statement, name),
  scalar: (statement: SelectBase) => new ScalarSelect(statement),
  exists: (statement: SelectBase) => new Exists(new ScalarSelect(statement)),
});

deriveSelect.compound = makeCompound as typeof deriveSelect.compound;

declare module "./from-clause.ts" {
  interface FromClause<C, N, S> {
    /** `SELECT` all columns. */
    select<F extends HasColumns>(this: F): Select<unknown[], NamesOf<readonly [F]>, Selected<readonly [F]>>;
    /** The whole row as one value, for functions that take rows: `func.row_to_json(users.tableValued())`. */
    tableValued(): TableValuedColumn;
  }
}

Object.defineProperties(FromClause.prototype, {
  select: {
    value(this: FromClause): Select {
      return new Select([this]);
    },
  },
  asRows: {
    value(this: FromClause): ColumnElement {
      return new Select([this]).scalarSubquery();
    },
  },
  tableValued: {
    value(this: FromClause): TableValuedColumn {
      return new TableValuedColumn(this);
    },
  },
});

/** `a JOIN b ON …` as a function. */
export function join<L, R>(given: JoinOptions & { readonly left: L; readonly right: R }): JoinedFrom<L, R>;
export function join<L, R>(left: L, right: R, ...rest: readonly unknown[]): JoinedFrom<L, R>;
export function join(first: unknown, ...rest: readonly unknown[]): unknown {
  const [left, ...given] = positionalArguments(first, rest, ["left", "right"]);
  return derive.join(fromElement(left, isFromClause, "join()"), given, false);
}

/** `a LEFT OUTER JOIN b ON …` */
export function outerjoin<L, R>(given: JoinOptions & { readonly left: L; readonly right: R }): JoinedFrom<L, R>;
export function outerjoin<L, R>(left: L, right: R, ...rest: readonly unknown[]): JoinedFrom<L, R>;
export function outerjoin(first: unknown, ...rest: readonly unknown[]): unknown {
  const [left, ...given] = positionalArguments(first, rest, ["left", "right"]);
  return derive.join(fromElement(left, isFromClause, "outerjoin()"), given, true);
}

/** `from AS name` */
export function alias<C extends object, const G extends GivenName = null>(
  from: FromClause<C>,
  name?: G,
): FromClause<C, NameIn<G>> {
  return from.alias(name);
}

/** `WITH name AS (statement)`, as a function. */
export function cte<
  V extends readonly unknown[],
  O extends object,
  E extends object,
  const N extends string | null = null,
>(statement: ReturnsRows<V, O, E>, name?: N, options?: CteOptions): CteOf<StatementColumns<V, O, E>, NameIn<N>> {
  return statement.cte(name, options) as never;
}

/** `LATERAL (…) AS name` */
export function lateral<C extends object>(from: FromClause<C>, name?: GivenName): FromClause<C>;
export function lateral<V extends readonly unknown[], O extends object, E extends object>(
  from: SelectBase<V, O, E>,
  name?: GivenName,
): FromClause<StatementColumns<V, O, E>>;
export function lateral(from: SqlFunction<unknown, unknown>, name?: GivenName): FromClause;
export function lateral(from: FromClause | SelectBase | SqlFunction<unknown, unknown>, name?: GivenName): FromClause {
  return from instanceof SelectBase ? from.lateral(name) : fromElement(from, isFromClause, "lateral()").lateral(name);
}

/** Without labels, columns of one name would be one to an enclosing query. */
function disambiguated(statement: SelectBase): SelectBase {
  return statement instanceof Select && statement.labelStyle === LABEL_STYLE_NONE
    ? statement.setLabelStyle(LABEL_STYLE_DISAMBIGUATE_ONLY)
    : statement;
}

/** `from TABLESAMPLE …` */
export function tablesample<C extends object>(
  from: FromClause<C>,
  sampling: unknown,
  options: { readonly name?: string; readonly seed?: unknown } = {},
): FromClause<C> {
  return from.tablesample(sampling, options);
}
