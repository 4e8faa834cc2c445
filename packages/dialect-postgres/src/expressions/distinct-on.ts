/** DISTINCT ON as an extension of SELECT. */
import { ArgumentError, type Select, type SelectExtension } from "@athanor/core";

/** `SELECT DISTINCT ON (a, b) …`: `select(t).ext(pg.distinctOn(t.c.a)).orderBy(t.c.a)`. */
export function distinctOn(...elements: readonly unknown[]): SelectExtension {
  if (elements.length === 0) throw new ArgumentError("distinctOn() needs at least one expression");
  return { applyToSelect: (select: Select) => select.distinct(...elements) };
}
