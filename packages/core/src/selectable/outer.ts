/** `outer()`: the columns of what stands on the outer side of a join may be NULL. */
import { fromElement } from "../expression/coerce.ts";
import type { Accepts, ColumnElement, Named } from "../expression/column-element.ts";
import { type FromClause, isFromClause } from "./from-clause.ts";

type OuterColumn<E> = E extends { readonly "~value": infer T; readonly "~accepts": Accepts<infer I> }
  ? ColumnElement<T | null, I> &
      (E extends { readonly "~name": infer N extends string } ? Named<N> : unknown) &
      (E extends { readonly "~ops": infer Ops } ? Ops : unknown)
  : E;

/** The columns of a selectable on the outer side of a join. */
export type OuterColumns<C extends object> = { readonly [K in keyof C]: OuterColumn<C[K]> };

/**
 * A table, an alias, a subquery or a CTE on the outer side of a join: the same object, whose columns are typed
 * `T | null`, since a row without a partner has NULL in all of them.
 *
 * @example
 * const a = outer(addresses.alias("a"));
 * select(users.c.name, a.c.email).outerjoin(a, a.c.userId.eq(users.c.id)); // rows of { name: string; email: string | null }
 * @throws ArgumentError for something that cannot stand in FROM.
 */
export function outer<C extends object, N extends string = string>(from: {
  readonly "~columns": C;
  readonly "~joins"?: { readonly name: N };
}): FromClause<OuterColumns<C>, N> {
  return fromElement(from, isFromClause, "outer()") as FromClause<OuterColumns<C>, N>;
}
