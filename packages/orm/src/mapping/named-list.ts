/** Lists whose members can be asked for by name: `inspect(User).relationships.get("orders")`, or `relationships["orders"]`. */

/** A list that finds its members by name. */
export interface SearchableList<T> extends ReadonlyArray<T> {
  /** The member of a name; undefined where there is none. */
  get(name: string): T | undefined;
}

/** A list, with its members also under their names where arrays have no member of that name. */
export type NamedList<T> = SearchableList<T> & { readonly [name: string]: T };

/** Makes one; names are the members' keys unless they are given. */
export function namedList<T extends { readonly key: unknown }>(
  items: readonly T[],
  names: readonly string[] = items.map(({ key }) => String(key)),
): NamedList<T> {
  const list = [...items];
  const byName = new Map(names.map((name, index) => [name, items[index] as T]));
  Object.defineProperty(list, "get", { value: (name: string) => byName.get(name) });
  for (const [name, value] of byName) if (!(name in list)) Object.defineProperty(list, name, { value });
  return list as unknown as NamedList<T>;
}
