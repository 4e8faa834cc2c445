/** Prefixes, suffixes and hints: text that users put into fixed places of a statement. */

import type { ClauseElement } from "../expression/clause-element.ts";

/** Text for a place, for one dialect or for all. */
export interface Decoration {
  readonly text: string | ClauseElement;
  readonly dialect: string | null;
}

/** Whether a decoration is meant for a dialect. */
export function appliesTo(dialect: string | null, name: string): boolean {
  return dialect === null || dialect === "*" || dialect === name;
}
