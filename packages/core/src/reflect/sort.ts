/** Names of tables in the order in which they can be created, from their foreign keys. */
import type { ReflectedForeignKeyConstraint } from "../dialect/reflected.ts";
import { CircularDependencyError } from "../errors/errors.ts";
import { type Edge, topologicalOrder } from "../util/topological.ts";

/** A foreign key by the names of its table and its own. */
export type ForeignKeyName = readonly [table: string, foreignKey: string | null];

/**
 * Tables with the foreign keys that can be made together with them; at the end `null`, with those that can only be made when
 * all tables are there.
 */
export type SortedNames = readonly (readonly [table: string | null, foreignKeys: readonly ForeignKeyName[]])[];

/** Sorts tables of one schema. */
export function sortNames(
  keys: ReadonlyMap<string, readonly ReflectedForeignKeyConstraint[]>,
  schema: string | null,
): SortedNames {
  const late = new Set<string>();
  const names = [...keys.keys()];
  const keysOf = (table: string): readonly ReflectedForeignKeyConstraint[] => keys.get(table) ?? [];
  const namesOf = (table: string): ForeignKeyName[] => keysOf(table).map((key) => [table, key.name]);
  const edges = (): Edge<string>[] =>
    names
      .filter((table) => !late.has(table))
      .flatMap((table) =>
        keysOf(table)
          .filter((key) => key.referredSchema === schema && key.referredTable !== table)
          .map((key): Edge<string> => [key.referredTable, table]),
      );
  let { order, cycle } = topologicalOrder(edges(), names);
  if (cycle !== null) {
    for (const table of cycle) late.add(table);
    ({ order, cycle } = topologicalOrder(edges(), names));
    if (cycle !== null) throw new CircularDependencyError("Circular dependency detected", [...cycle]);
  }
  return [
    ...order.map((table) => [table, late.has(table) ? [] : namesOf(table)] as const),
    [null, names.filter((table) => late.has(table)).flatMap(namesOf)],
  ];
}
