/**
 * Names as Oracle keeps them and as programs write them: what is written in lower case without quotes stands in capitals in the
 * catalog, so capitals come back as lower case, unless they would then need quotes.
 */
import { type IdentifierRules, needsQuotes } from "@athanor/core";

/** A name of the catalog as a program writes it. */
export function normalizeName(rules: IdentifierRules, name: string): string {
  const lower = name.toLowerCase();
  return name.toUpperCase() === name && !needsQuotes(lower, rules) ? lower : name;
}

/** A name of a program as the catalog has it. */
export function denormalizeName(rules: IdentifierRules, name: string): string {
  return name.toLowerCase() === name && !needsQuotes(name, rules) ? name.toUpperCase() : name;
}
