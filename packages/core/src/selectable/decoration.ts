/** Prefixes, suffixes and hints: text that users put into fixed places of a statement. */
import type { Node } from "../ast/node.ts";
import { ClauseElement } from "../expression/clause-element.ts";

/** Text for a place, for one dialect or for all. */
export interface Decoration {
  readonly text: string | ClauseElement;
  readonly dialect: string | null;
}

/** A hint for a table of a statement, or for the statement as a whole (`table` null). */
export interface Hint {
  readonly table: Node | null;
  readonly text: string;
  readonly dialect: string | null;
}

/** Whether a decoration is meant for a dialect. */
export function appliesTo(dialect: string | null, name: string): boolean {
  return dialect === null || dialect === "*" || dialect === name;
}

/** Prefix and suffix arguments as decorations. */
export function decorations(args: readonly (string | ClauseElement | { readonly dialect?: string })[]): Decoration[] {
  const last = args.at(-1);
  const options = last !== undefined && typeof last === "object" && !(last instanceof ClauseElement) ? last : {};
  const texts = args.filter(
    (arg): arg is string | ClauseElement => typeof arg === "string" || arg instanceof ClauseElement,
  );
  return texts.map((text) => ({
    text,
    dialect: options.dialect ?? null,
  }));
}

/** The dialect that a hint is for: its name, or an option that gives it; `*`: all. */
export function dialectNameOf(given: string | { readonly dialectName?: string }): string {
  return typeof given === "string" ? given : (given.dialectName ?? "*");
}
