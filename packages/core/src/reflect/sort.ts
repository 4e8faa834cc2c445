/** Names of tables in the order in which they can be created, from their foreign keys. */
import type { ReflectedForeignKeyConstraint } from "../dialect/reflected.ts";
import { CircularDependencyError } from "../errors/errors.ts";
import { tableKey } from "../schema/schema-name.ts";
import { type Edge, topologicalOrder } from "../util/topological.ts";

/** A foreign key by the names of its table and its own. */
export type ForeignKeyName = readonly [table: string, foreignKey: string | null];

/**
 * Tables with the foreign keys that can be made together with them; at the end `null`, with those that can only be made when
 * all tables are there.
 */
export type SortedNames = readonly (readonly [table: string | null, foreignKeys: readonly ForeignKeyName[]])[];

/** A table in its schema; null for the schema of names without one. */
export type TablePlace = readonly [schema: string | null, table: string];

/** The same as {@link SortedNames} for tables of several schemas. */
export type SortedPlaces = readonly (readonly [
  table: TablePlace | null,
  foreignKeys: readonly (readonly [table: TablePlace, foreignKey: string | null])[],
])[];

type KeysByName = ReadonlyMap<string, readonly ReflectedForeignKeyConstraint[]>;

/** Sorts tables of one schema. */
export function sortNames(keys: KeysByName, schema: string | null): SortedNames {
  return sortPlaces(new Map([[schema, keys]])).map(([place, foreignKeys]) => [
    place === null ? null : place[1],
    foreignKeys.map(([[, table], name]) => [table, name] as const),
  ]);
}

/** Sorts tables of several schemas. */
export function sortPlaces(bySchema: ReadonlyMap<string | null, KeysByName>): SortedPlaces {
  const tables = new Map(
    [...bySchema].flatMap(([schema, keys]) =>
      [...keys].map(([table, foreignKeys]) => [
        tableKey(table, schema),
        { place: [schema, table] as TablePlace, foreignKeys },
      ]),
    ),
  );
  const late = new Set<string>();
  const ids = [...tables.keys()];
  const namesOf = (id: string): (readonly [TablePlace, string | null])[] => {
    const { place, foreignKeys } = tables.get(id) as {
      place: TablePlace;
      foreignKeys: ReflectedForeignKeyConstraint[];
    };
    return foreignKeys.map((key) => [place, key.name]);
  };
  const edges = (): Edge<string>[] =>
    ids
      .filter((id) => !late.has(id))
      .flatMap((id) =>
        (tables.get(id)?.foreignKeys ?? [])
          .map((key) => tableKey(key.referredTable, key.referredSchema))
          .filter((referred) => referred !== id && tables.has(referred))
          .map((referred): Edge<string> => [referred, id]),
      );
  let { order, cycle } = topologicalOrder(edges(), ids);
  if (cycle !== null) {
    for (const table of cycle) late.add(table);
    ({ order, cycle } = topologicalOrder(edges(), ids));
    if (cycle !== null) throw new CircularDependencyError("Circular dependency detected", [...cycle]);
  }
  return [
    ...order.map((id) => [tables.get(id)?.place ?? null, late.has(id) ? [] : namesOf(id)] as const),
    [null, ids.filter((id) => late.has(id)).flatMap(namesOf)],
  ];
}
