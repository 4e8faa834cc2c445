/** Sorts the actions of a flush into levels, and finds the circles that force per-object order. Knows nothing of SQL. */

/** "before → after" between two actions; kept as sets, so that saying it twice costs nothing. */
export class Dependencies<T> {
  readonly #after = new Map<T, Set<T>>();

  /** `after` may run only when `before` has. */
  add(before: T, after: T): void {
    const known = this.#after.get(before);
    if (known === undefined) this.#after.set(before, new Set([after]));
    else known.add(after);
  }

  *edges(): IterableIterator<readonly [T, T]> {
    for (const [before, afters] of this.#after) for (const after of afters) yield [before, after];
  }

  afters(before: T): ReadonlySet<T> | undefined {
    return this.#after.get(before);
  }

  get befores(): Iterable<T> {
    return this.#after.keys();
  }
}

/**
 * Puts items into levels: an item stands in the level after the last one that it waits for; within a level, the given
 * order stays. Null where a circle is left.
 */
export function levels<T>(items: readonly T[], dependencies: Dependencies<T>): T[][] | null {
  const present = new Map<T, number>();
  items.forEach((item, index) => present.set(item, index));
  const waits = new Array<number>(items.length).fill(0);
  for (const [before, after] of dependencies.edges()) {
    if (!present.has(before)) continue;
    const index = present.get(after);
    if (index !== undefined) waits[index] = (waits[index] as number) + 1;
  }
  let level: number[] = [];
  for (let index = 0; index < items.length; index++) if (waits[index] === 0) level.push(index);
  const result: T[][] = [];
  let placed = 0;
  while (level.length > 0) {
    result.push(level.map((index) => items[index] as T));
    placed += level.length;
    const next: number[] = [];
    for (const index of level) {
      for (const after of dependencies.afters(items[index] as T) ?? []) {
        const target = present.get(after);
        if (target === undefined) continue;
        waits[target] = (waits[target] as number) - 1;
        if (waits[target] === 0) next.push(target);
      }
    }
    level = next.sort((a, b) => a - b);
  }
  return placed === items.length ? result : null;
}

/** Every item that is part of a circle (Tarjan's strongly connected components, without recursion). */
export function circular<T>(dependencies: Dependencies<T>): Set<T> {
  const index = new Map<T, number>();
  const low = new Map<T, number>();
  const onStack = new Set<T>();
  const stack: T[] = [];
  const found = new Set<T>();
  let counter = 0;
  for (const root of dependencies.befores) {
    if (index.has(root)) continue;
    const work: { item: T; afters: Iterator<T> }[] = [];
    const enter = (item: T): void => {
      index.set(item, counter);
      low.set(item, counter++);
      stack.push(item);
      onStack.add(item);
      work.push({ item, afters: (dependencies.afters(item) ?? new Set<T>()).values() });
    };
    enter(root);
    while (work.length > 0) {
      const frame = work[work.length - 1] as { item: T; afters: Iterator<T> };
      const next = frame.afters.next();
      if (!next.done) {
        if (!index.has(next.value)) enter(next.value);
        else if (onStack.has(next.value))
          low.set(frame.item, Math.min(low.get(frame.item) as number, index.get(next.value) as number));
        continue;
      }
      work.pop();
      const above = work[work.length - 1];
      if (above !== undefined)
        low.set(above.item, Math.min(low.get(above.item) as number, low.get(frame.item) as number));
      if (low.get(frame.item) !== index.get(frame.item)) continue;
      const component: T[] = [];
      for (;;) {
        const item = stack.pop() as T;
        onStack.delete(item);
        component.push(item);
        if (item === frame.item) break;
      }
      if (component.length > 1 || dependencies.afters(frame.item)?.has(frame.item))
        for (const item of component) found.add(item);
    }
  }
  return found;
}
