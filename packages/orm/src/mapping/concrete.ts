/** Concrete hierarchies that are queried as one: the UNION ALL of their tables, with a column that tells the class. */
import {
  ArgumentError,
  type ColumnElement,
  columnByKey,
  columnsOf,
  type FromClause,
  LiteralColumn,
  null_,
  Select,
  type SqlType,
  unionAll,
} from "@athanor/core";
import type { Mapper } from "./mapper.ts";

/** Gives the mappers of concrete hierarchies their union, where the class at the top asked for it with `concreteBase`. */
export function setUpConcreteBases(mappers: readonly Mapper[]): void {
  const roots = new Set<Mapper>();
  for (const mapper of mappers)
    for (const above of mapper.iterateToRoot()) if (above.options.concreteBase === true) roots.add(above);
  for (const root of roots) for (const mapper of root.selfAndDescendants) setUpUnion(mapper);
}

function setUpUnion(mapper: Mapper): void {
  const parts = mapper.selfAndDescendants.filter((each) => each.concrete && each.polymorphicIdentity !== null);
  if (parts.length === 0) return;
  const union = polymorphicUnion(
    new Map(parts.map((each) => [each.polymorphicIdentity, each.localTable])),
    "type",
    "pjoin",
  );
  mapper.selectable = union;
  mapper.polymorphicOn = columnByKey(union.c, "type") as ColumnElement;
}

/**
 * Selectables as one, by a UNION ALL: columns that a part lacks are NULL there, and a column tells the part.
 *
 * @throws ArgumentError without any part.
 * @example polymorphicUnion({ paper: papers, letter: letters }, "type", "pjoin")
 */
export function polymorphicUnion(
  given: Readonly<Record<string, FromClause>> | ReadonlyMap<unknown, FromClause>,
  typeColumn: string | null,
  name: string | null = null,
): FromClause {
  const parts: ReadonlyMap<unknown, FromClause> = given instanceof Map ? given : new Map(Object.entries(given));
  const types = new Map<string, SqlType>();
  for (const from of parts.values())
    for (const column of columnsOf(from.c))
      if (!types.has(column.key as string)) types.set(column.key as string, column.type);
  const selects = [...parts].map(([identity, from]) => {
    const columns: ColumnElement[] = [...types].map(([key, type]) => {
      const own = columnByKey(from.c, key);
      return (own ?? null_().cast(type as never)).label(key) as ColumnElement;
    });
    if (typeColumn !== null)
      columns.push(
        new LiteralColumn(
          typeof identity === "string" ? `'${identity.replaceAll("'", "''")}'` : String(identity),
        ).label(typeColumn) as ColumnElement,
      );
    return new Select(columns).selectFrom(from);
  });
  const [first, ...others] = selects;
  if (first === undefined) throw new ArgumentError("polymorphicUnion() needs at least one selectable");
  const statement = others.length === 0 ? first : unionAll(first, ...others);
  return (statement as Select).subquery(name) as unknown as FromClause;
}
