/** Finds the condition that joins two selectables by their foreign keys. */
import { AmbiguousForeignKeysError, NoForeignKeysError } from "../errors/errors.ts";
import { joinConditions } from "../expression/clause-list.ts";
import { ColumnClause, type ForeignKeyLink } from "../expression/column-clause.ts";
import type { ColumnElement } from "../expression/column-element.ts";
import { operators } from "../operator/table.ts";
import { columnsOf } from "./column-collection.ts";
import type { FromClause } from "./from-clause.ts";

interface Link {
  readonly constraint: object;
  readonly pairs: [ColumnElement, ColumnElement][];
}

/** The foreign keys that lead from one side to the other, a group per constraint. */
function findLinks(a: FromClause, b: FromClause): Link[] {
  const links = new Map<object, Link>();
  const collect = (from: FromClause, to: FromClause): void => {
    for (const column of columnsOf(from.c)) {
      if (!(column instanceof ColumnClause)) continue;
      for (const key of column.foreignKeys) {
        const target = referent(key, to);
        if (target === null) continue;
        let link = links.get(key.constraint);
        if (link === undefined) links.set(key.constraint, (link = { constraint: key.constraint, pairs: [] }));
        link.pairs.push([target, column]);
      }
    }
  };
  collect(b, a);
  if (a !== b) collect(a, b);
  return [...links.values()];
}

/** The column that a foreign key refers to; null where its table is not there (yet). */
export function referredColumn(key: ForeignKeyLink): ColumnClause | null {
  try {
    return key.column;
  } catch {
    return null;
  }
}

function referent(key: ForeignKeyLink, to: FromClause): ColumnElement | null {
  const column = referredColumn(key);
  return column === null ? null : to.correspondingColumn(column, true);
}

/** Whether a foreign key joins the two. */
export function canJoin(left: FromClause, right: FromClause): boolean {
  return findLinks(left, right).length > 0;
}

/**
 * The ON condition between two selectables.
 *
 * @throws NoForeignKeysError without a foreign key between them.
 * @throws AmbiguousForeignKeysError when several constraints would do.
 */
export function joinCondition(left: FromClause, right: FromClause): ColumnElement<boolean> {
  let links = findLinks(left, right);
  if (links.length > 1) {
    // The right end of a chain of joins decides: `a JOIN b JOIN c` prefers b's key to c over a's.
    const nearest = left.hides.at(-1);
    if (nearest !== undefined) {
      const near = findLinks(nearest, right);
      if (near.length === 1) links = near;
    }
  }
  if (links.length === 0) {
    throw new NoForeignKeysError(
      `Can't find any foreign key relationships between '${left.description}' and '${right.description}'`,
      {
        fix: "pass the ON condition as the second argument",
      },
    );
  }
  if (links.length > 1) {
    throw new AmbiguousForeignKeysError(
      `Can't determine join between '${left.description}' and '${right.description}'; tables have more than one foreign key constraint relationship between them`,
      {
        fix: "specify the ON condition of this join explicitly",
      },
    );
  }
  return joinConditions(
    operators.and,
    (links[0] as Link).pairs.map(([a, b]) => a.eq(b)),
  );
}
