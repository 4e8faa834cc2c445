/** What became of an attribute since the last flush. How it is told: ../instrument. */

/** What a history lists for an attribute: the objects of a collection one by one, other values as they are. */
export type HistoryItem<V> =
  V extends ReadonlySet<infer T extends object>
    ? T
    : V extends ReadonlyMap<unknown, infer T extends object>
      ? T
      : // Only lists of related objects have a reverse() that gives nothing.
        V extends readonly (infer T)[] & { reverse(): infer R }
        ? unknown extends R
          ? T
          : V
        : V;

/** The values of an attribute by what became of them; scalars are lists of at most one. A tuple of the three, as SQLAlchemy's. */
export class History<out T = unknown> implements Iterable<readonly T[]> {
  /** What came since the last flush. */
  readonly added: readonly T[];
  /** What was there before, and still is. */
  readonly unchanged: readonly T[];
  /** What was there before. */
  readonly deleted: readonly T[];

  constructor(added: readonly T[], unchanged: readonly T[], deleted: readonly T[]) {
    this.added = added;
    this.unchanged = unchanged;
    this.deleted = deleted;
  }

  /** Whether anything was added or deleted. */
  hasChanges(): boolean {
    return this.added.length > 0 || this.deleted.length > 0;
  }

  /** Whether nothing is known, or there is nothing. */
  empty(): boolean {
    return this.added.length === 0 && this.unchanged.length === 0 && this.deleted.length === 0;
  }

  /** All values: added, unchanged, deleted. */
  sum(): T[] {
    return [...this.added, ...this.unchanged, ...this.deleted];
  }

  /** What the attribute holds now: added and unchanged. */
  nonDeleted(): T[] {
    return [...this.added, ...this.unchanged];
  }

  /** What the attribute held before: unchanged and deleted. */
  nonAdded(): T[] {
    return [...this.unchanged, ...this.deleted];
  }

  /** The three lists, for `const [added, unchanged, deleted] = …`. */
  *[Symbol.iterator](): IterableIterator<readonly T[]> {
    yield this.added;
    yield this.unchanged;
    yield this.deleted;
  }
}

/** No values. */
export const none: readonly unknown[] = Object.freeze([]);

/** Nothing is known, or there is nothing. */
export const BLANK_HISTORY: History = Object.freeze(new History(none, none, none));

/** A history from its three lists. */
export function history(
  added: readonly unknown[],
  unchanged: readonly unknown[],
  deleted: readonly unknown[],
): History {
  return new History(added, unchanged, deleted);
}
