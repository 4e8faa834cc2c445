/** An INSERT for many parameter sets as few INSERTs of many rows: no package has anything better for both servers. */
import { endOfQuoted } from "./placeholders.ts";

/** An INSERT taken apart: everything up to VALUES, one row's parentheses, and the rest, which has no parameters. */
export interface BulkInsert {
  readonly head: string;
  readonly row: string;
  readonly tail: string;
  /** Parameters of one row. */
  readonly width: number;
  /** The row is nothing but parameters: each is assigned to a column as it is. */
  readonly isPlain: boolean;
}

/** Parameters that one statement may have. */
const MAX_PARAMETERS = 65_535;
/** Rows in one statement: more make the packets large and save nothing. */
const MAX_ROWS = 1000;

/**
 * Takes an INSERT apart; null where it is no `INSERT … VALUES (…)` with all its parameters in the one row, or anything
 * about it is unusual.
 */
export function bulkInsert(sql: string): BulkInsert | null {
  if (!/^\s*(?:INSERT|REPLACE)\b/i.test(sql)) return null;
  const row = findRow(sql);
  if (row === null) return null;
  const head = sql.slice(0, row.start);
  const tail = sql.slice(row.end);
  if (head.includes("?") || tail.includes("?") || /^\s*,/.test(tail) || /\bRETURNING\b/i.test(tail)) return null;
  if (row.width === 0) return null;
  const text = sql.slice(row.start, row.end);
  return { head, row: text, tail, width: row.width, isPlain: /^\([\s,?]*\)$/.test(text) };
}

/** The first parentheses behind the word VALUES outside of strings and other parentheses. */
function findRow(sql: string): { start: number; end: number; width: number } | null {
  let depth = 0;
  let start = -1;
  let width = 0;
  let afterValues = false;
  for (let at = 0; at < sql.length; at++) {
    const char = sql[at] as string;
    if (char === "'" || char === '"' || char === "`") {
      at = endOfQuoted(sql, at);
    } else if (char === "#" || (char === "-" && sql[at + 1] === "-") || (char === "/" && sql[at + 1] === "*"))
      return null;
    else if (char === "(") {
      if (depth++ === 0 && afterValues) start = at;
    } else if (char === ")") {
      if (--depth === 0 && start >= 0) return { start, end: at + 1, width };
    } else if (char === "?" && start >= 0) width++;
    else if (
      depth === 0 &&
      !afterValues &&
      /[vV]/.test(char) &&
      /^values\b/i.test(sql.slice(at, at + 7)) &&
      !/[\w$]/.test(sql[at - 1] ?? "")
    ) {
      afterValues = true;
      at += 5;
    }
  }
  return null;
}

/** The statement for so many rows. */
export function bulkText({ head, row, tail }: BulkInsert, rows: number): string {
  return head + Array.from({ length: rows }, () => row).join(", ") + tail;
}

/** Rows of one statement at most. */
export function bulkSize({ width }: BulkInsert): number {
  return Math.max(1, Math.min(MAX_ROWS, Math.floor(MAX_PARAMETERS / width)));
}
