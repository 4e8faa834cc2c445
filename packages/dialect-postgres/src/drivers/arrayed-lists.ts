/**
 * `a.x IN ($1::INTEGER, …, $500::INTEGER)` as `a.x = ANY ($1::INTEGER[])`, which PostgreSQL makes of it by itself. Only where
 * the text leaves no doubt: a plain column on the left side, no quoted text anywhere, parameters that stand nowhere else.
 */
import { formatArray } from "../array-text.ts";
import { itemText, type SentValue, sentValues } from "./parameters.ts";

/** A statement whose long lists are arrays. */
export interface ArrayedLists {
  readonly sql: string;
  /** Null where a value of a list is no plain value. */
  readonly values: (parameters: readonly unknown[]) => readonly SentValue[] | null;
}

/** Shorter lists stay. */
const shortest = 32;

const type = "[A-Z]\\w*(?: [A-Z]+)*";
const list = new RegExp(
  `((?:WHERE|AND|OR|\\() ?(?:[\\w"]+\\.)*[\\w"]+) (NOT )?IN \\((\\$\\d+::(${type})(?:, \\$\\d+::\\4)*)\\)(?=$|\\)| AND | OR | ?\\n| ORDER | GROUP | LIMIT )`,
  "g",
);

/** Parameters from `first` to `last`, counted from 0, that become one. */
interface Span {
  readonly first: number;
  readonly last: number;
}

/** The form with arrays; null where there is none. */
export function arrayedLists(sql: string): ArrayedLists | null {
  if (/'|--|\/\*|BETWEEN/.test(sql)) return null;
  const spans: Span[] = [];
  const marked = sql.replace(list, (all, before: string, not: string | undefined, members: string, name: string) => {
    const numbers = Array.from(members.matchAll(/\$(\d+)/g), ([, number]) => Number(number) - 1);
    const first = numbers[0] as number;
    if (numbers.length < shortest || numbers.some((number, index) => number !== first + index)) return all;
    spans.push({ first, last: first + numbers.length - 1 });
    return `${before} ${not === undefined ? "= ANY" : "<> ALL"} ($${first + 1}::${name}[])`;
  });
  if (spans.length === 0) return null;
  // The list's first parameter stands for it: the others are gone, those behind move up.
  const used = new Set<number>();
  let isSound = true;
  const text = marked.replace(/\$(\d+)/g, (_, digits: string) => {
    const number = Number(digits) - 1;
    const span = spans.find(({ first, last }) => number >= first && number <= last);
    if (span !== undefined && (number !== span.first || used.has(number))) isSound = false;
    used.add(number);
    let gone = 0;
    for (const { first, last } of spans) if (last < number) gone += last - first;
    return `$${number + 1 - gone}`;
  });
  if (!isSound) return null;
  spans.sort((one, other) => one.first - other.first);
  return { sql: text, values: (parameters) => valuesOf(parameters, spans) };
}

function valuesOf(parameters: readonly unknown[], spans: readonly Span[]): readonly SentValue[] | null {
  const values: SentValue[] = [];
  let next = 0;
  for (const { first, last } of spans) {
    values.push(...sentValues(parameters.slice(next, first)));
    const members = parameters.slice(first, last + 1);
    if (members.some((member) => member === undefined || Array.isArray(member))) return null;
    values.push(formatArray(members, itemText));
    next = last + 1;
  }
  values.push(...sentValues(parameters.slice(next)));
  return values;
}
