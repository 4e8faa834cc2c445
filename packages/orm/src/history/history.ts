/** What became of an attribute since the last flush. How it is told: ../instrument. */

/** The values of an attribute by what became of them; scalars are lists of at most one. A tuple of the three, as SQLAlchemy's. */
export class History implements Iterable<readonly unknown[]> {
  readonly added: readonly unknown[];
  readonly unchanged: readonly unknown[];
  readonly deleted: readonly unknown[];

  constructor(added: readonly unknown[], unchanged: readonly unknown[], deleted: readonly unknown[]) {
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
  sum(): unknown[] {
    return [...this.added, ...this.unchanged, ...this.deleted];
  }

  /** What the attribute holds now: added and unchanged. */
  nonDeleted(): unknown[] {
    return [...this.added, ...this.unchanged];
  }

  /** What the attribute held before: unchanged and deleted. */
  nonAdded(): unknown[] {
    return [...this.unchanged, ...this.deleted];
  }

  /** The three lists, for `const [added, unchanged, deleted] = …`. */
  *[Symbol.iterator](): IterableIterator<readonly unknown[]> {
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
