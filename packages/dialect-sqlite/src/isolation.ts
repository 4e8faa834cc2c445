/** Isolation levels and the words after BEGIN.  https://sqlite.org/isolation.html */
import type { IsolationLevel } from "@athanor/core";

/** SQLite's levels: everything is serializable, but connections of a shared cache may look at uncommitted rows. */
export const sqliteLevels: readonly IsolationLevel[] = ["READ UNCOMMITTED", "SERIALIZABLE", "AUTOCOMMIT"];

/** The setting behind a level; null for AUTOCOMMIT, which is a matter of not beginning transactions. */
export function levelPragma(level: IsolationLevel): string | null {
  if (level === "AUTOCOMMIT") return null;
  return `PRAGMA read_uncommitted = ${level === "READ UNCOMMITTED" ? 1 : 0}`;
}
