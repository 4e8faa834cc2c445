/** The condition that the foreign keys between two mapped classes give. Differs from Core's in that a part of one side is preferred, and that the user can say which columns count. */
import {
  AmbiguousForeignKeysError,
  ColumnClause,
  type ColumnElement,
  columnsOf,
  type FromClause,
  joinConditions,
  NoForeignKeysError,
  operators,
} from "@athanor/core";

type Pair = readonly [referred: ColumnElement, referring: ColumnClause];

/** Options of {@link foreignKeyCondition}. */
export interface ForeignKeyConditionOptions {
  /** The part of the left side that is tried first: a subclass's own table. */
  readonly subset: FromClause;
  /** Only keys of these columns count. */
  readonly only: ReadonlySet<ColumnElement> | null;
}

/** @throws NoForeignKeysError, AmbiguousForeignKeysError */
export function foreignKeyCondition(
  left: FromClause,
  right: FromClause,
  { subset, only }: ForeignKeyConditionOptions,
): ColumnElement<boolean> {
  let links = new Map<object, Pair[]>();
  for (const side of subset === left ? [left] : [subset, left]) {
    links = new Map();
    collect(links, right, side, only);
    if (side !== right) collect(links, side, right, only);
    if (links.size > 0) break;
  }
  if (links.size > 1 && only !== null) {
    for (const [constraint, pairs] of links) {
      const columns = new Set<ColumnElement>(pairs.map(([, referring]) => referring));
      if (columns.size !== only.size || [...columns].some((column) => !only.has(column))) links.delete(constraint);
    }
  }
  if (links.size > 1) {
    const same = new Set(
      [...links.values()].map((pairs) => pairs.map(([a, b]) => `${describeColumn(a)}=${describeColumn(b)}`).join("&")),
    );
    if (same.size === 1) links = new Map([[...links][0] as [object, Pair[]]]);
  }
  if (links.size === 0)
    throw new NoForeignKeysError(
      `Can't find any foreign key relationships between '${left.description}' and '${right.description}'.`,
    );
  if (links.size > 1)
    throw new AmbiguousForeignKeysError(
      `Can't determine join between '${left.description}' and '${right.description}'; tables have more than one foreign key constraint relationship between them.`,
    );
  const [pairs] = links.values();
  return joinConditions(
    operators.and,
    (pairs as Pair[]).map(([a, b]) => a.eq(b)),
  );
}

function collect(
  links: Map<object, Pair[]>,
  from: FromClause,
  to: FromClause,
  only: ReadonlySet<ColumnElement> | null,
): void {
  for (const column of columnsOf(from.c)) {
    if (!(column instanceof ColumnClause) || (only !== null && !only.has(column))) continue;
    for (const key of column.foreignKeys) {
      const target = to.correspondingColumn(key.column, true);
      if (target === null) continue;
      const known = links.get(key.constraint);
      if (known === undefined) links.set(key.constraint, [[target, column]]);
      else known.push([target, column]);
    }
  }
}

/** `table.column`, for messages. */
export function describeColumn(column: ColumnElement): string {
  if (!(column instanceof ColumnClause)) return String(column);
  const table = column.table as { readonly description?: string } | null;
  return table?.description === undefined ? String(column.name) : `${table.description}.${String(column.name)}`;
}
