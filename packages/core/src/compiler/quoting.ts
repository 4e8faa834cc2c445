/** Quoting of identifiers. */
import { IdentifierError } from "../errors/errors.ts";

/** How a dialect quotes. */
export interface IdentifierRules {
  readonly open: string;
  readonly close: string;
  /** Words that must be quoted, in lower case. */
  readonly reserved: ReadonlySet<string>;
  /** Characters an unquoted name may have. */
  readonly legal: RegExp;
  /** First characters that force quoting. */
  readonly illegalFirst: RegExp;
  /** Renders a dotted schema as several identifiers (SQL Server's `db.owner`). */
  readonly schemaParts?: (schema: string) => readonly { readonly name: string; readonly quote: boolean | null }[];
}

/** SQL's reserved words, which every dialect quotes. */
export const standardReserved: ReadonlySet<string> = new Set(
  (
    "all analyse analyze and any array as asc asymmetric authorization between binary both case cast check collate column " +
    "constraint create cross current_date current_role current_time current_timestamp current_user default deferrable desc " +
    "distinct do else end except false for foreign freeze from full grant group having ilike in initially inner intersect into " +
    "is isnull join leading left like limit localtime localtimestamp natural new not notnull null off offset old on only or " +
    "order outer overlaps placing primary references right select session_user set similar some symmetric table then to " +
    "trailing true union unique user using verbose when where"
  ).split(" "),
);

/** ANSI double quotes. */
export const ansiIdentifiers: IdentifierRules = {
  open: '"',
  close: '"',
  reserved: standardReserved,
  legal: /^[A-Z0-9_$]+$/i,
  illegalFirst: /^[0-9$]/,
};

const memo = new WeakMap<IdentifierRules, Map<string, string>>();

/** Whether a name must be quoted. */
export function needsQuotes(name: string, rules: IdentifierRules): boolean {
  return (
    name === "" ||
    rules.reserved.has(name.toLowerCase()) ||
    rules.illegalFirst.test(name) ||
    !rules.legal.test(name) ||
    name.toLowerCase() !== name
  );
}

/** A name in quotes, whatever it is. */
export function quoteAlways(name: string, rules: IdentifierRules): string {
  if (/[\0-\u0003]/.test(name))
    throw new IdentifierError(`the name ${JSON.stringify(name)} contains a control character`);
  return `${rules.open}${name.replaceAll(rules.close, rules.close + rules.close)}${rules.close}`;
}

/** Names that were rendered before. */
export function identifierMemo(rules: IdentifierRules): Map<string, string> {
  let known = memo.get(rules);
  if (known === undefined) memo.set(rules, (known = new Map()));
  return known;
}

/** A name, quoted where it must be, or as the user decided. */
export function quoteIdentifier(name: string, rules: IdentifierRules, quote: boolean | null = null): string {
  if (quote === false) return name;
  if (quote === true) return quoteAlways(name, rules);
  const known = identifierMemo(rules);
  let text = known.get(name);
  if (text === undefined) {
    text = needsQuotes(name, rules) ? quoteAlways(name, rules) : name;
    if (known.size < 10_000) known.set(name, text);
  }
  return text;
}
