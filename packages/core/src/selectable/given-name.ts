/** The name of an alias, subquery or CTE: given as such, or in options. */
import { isPlain } from "../ast/node.ts";
import { ArgumentError } from "../errors/errors.ts";
import { describe } from "../types/literals.ts";

/** Options of `alias()` and its relatives. */
export interface NameOptions {
  /** The name; without one, the compiler makes it up: `users_1`, `anon_1`. */
  readonly name?: string | null;
}

/** `"u"`, `{ name: "u" }`, or nothing. */
export type GivenName = string | NameOptions | null;

/** The name, as far as the types know it; empty for none. */
export type NameIn<G> = G extends string ? G : G extends { readonly name: infer N extends string } ? N : "";

/**
 * The name that was given, or null.
 *
 * @throws ArgumentError for something that is no name.
 */
export function givenName(given: GivenName | undefined, where: string): string | null {
  if (given === undefined || given === null) return null;
  if (typeof given === "string" || (given as object) instanceof String) return given as string;
  if (typeof given === "object" && isPlain(given)) return givenName(given.name as GivenName | undefined, where);
  throw new ArgumentError(`${describe(given)} is no name for ${where}`, { fix: 'pass text, or { name: "…" }' });
}
