/** What became of an attribute since the last flush. How it is told: ../instrument. */

/** The values of an attribute by what became of them; scalars are lists of at most one. */
export interface History {
  readonly added: readonly unknown[];
  readonly unchanged: readonly unknown[];
  readonly deleted: readonly unknown[];
}

/** No values. */
export const none: readonly unknown[] = Object.freeze([]);

/** Nothing is known, or there is nothing. */
export const BLANK_HISTORY: History = Object.freeze({ added: none, unchanged: none, deleted: none });

/** Whether anything was added or deleted. */
export function hasChanges(history: History): boolean {
  return history.added.length > 0 || history.deleted.length > 0;
}

/** Whether nothing is known. */
export function isBlank(history: History): boolean {
  return history.added.length === 0 && history.unchanged.length === 0 && history.deleted.length === 0;
}

/** A history from its three lists. */
export function history(
  added: readonly unknown[],
  unchanged: readonly unknown[],
  deleted: readonly unknown[],
): History {
  return { added, unchanged, deleted };
}

/** Added and unchanged values together. */
export function present(given: History): readonly unknown[] {
  return given.added.length === 0 ? given.unchanged : [...given.added, ...given.unchanged];
}
