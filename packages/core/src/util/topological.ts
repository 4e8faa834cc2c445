/** Sorts things that depend on each other. Knows nothing of tables or mappers, who are its users. */

/** `[before, after]`: the second depends on the first. */
export type Edge<T> = readonly [before: T, after: T];

/** The outcome of a sort. */
export interface TopologicalOrder<T> {
  /** The items in order; those that could be placed before the sort met a circle. */
  readonly order: readonly T[];
  /** Everything that takes part in a circle; null when there is none. */
  readonly cycle: ReadonlySet<T> | null;
}

/**
 * Puts every item behind those that it depends on. Items that are free at the same time keep the order in which they
 * were given, so the outcome is always the same.
 */
export function topologicalOrder<T>(edges: Iterable<Edge<T>>, items: Iterable<T>): TopologicalOrder<T> {
  const all = [...edges];
  const parents = new Map<T, T[]>();
  for (const [before, after] of all) {
    const known = parents.get(after);
    if (known === undefined) parents.set(after, [before]);
    else known.push(before);
  }
  const order: T[] = [];
  let todo = [...new Set(items)];
  const waiting = new Set(todo);
  while (todo.length > 0) {
    const free = todo.filter((item) => !(parents.get(item)?.some((parent) => waiting.has(parent)) ?? false));
    if (free.length === 0) return { order, cycle: findCycles(all) };
    for (const item of free) waiting.delete(item);
    order.push(...free);
    todo = todo.filter((item) => waiting.has(item));
  }
  return { order, cycle: null };
}

/** Every item that takes part in a circle. */
export function findCycles<T>(edges: Iterable<Edge<T>>): Set<T> {
  const children = new Map<T, Set<T>>();
  for (const [before, after] of edges) {
    const known = children.get(before);
    if (known === undefined) children.set(before, new Set([after]));
    else known.add(after);
  }
  const found = new Set<T>();
  for (const start of children.keys()) if (reaches(start, start, children)) found.add(start);
  return found;
}

function reaches<T>(from: T, goal: T, children: ReadonlyMap<T, ReadonlySet<T>>): boolean {
  const seen = new Set<T>();
  const stack = [...(children.get(from) ?? [])];
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    if (item === goal) return true;
    if (seen.has(item)) continue;
    seen.add(item);
    stack.push(...(children.get(item) ?? []));
  }
  return false;
}
