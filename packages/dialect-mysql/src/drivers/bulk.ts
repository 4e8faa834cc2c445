/** An INSERT for many parameter sets as few INSERTs of many rows: the protocol has nothing better that mysql2 knows. */

/** An INSERT taken apart: everything up to VALUES, one row's parentheses, and the rest, which has no parameters. */
export interface BulkInsert {
  readonly head: string;
  readonly row: string;
  readonly tail: string;
  /** Parameters of one row. */
  readonly width: number;
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
  return row.width === 0 ? null : { head, row: sql.slice(row.start, row.end), tail, width: row.width };
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
      if (at < 0) return null;
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

/** Where a quoted string or identifier ends; -1 where it does not. */
function endOfQuoted(sql: string, start: number): number {
  const quote = sql[start] as string;
  for (let at = start + 1; at < sql.length; at++) {
    if (sql[at] === "\\" && quote !== "`") at++;
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at;
      at++;
    }
  }
  return -1;
}

/** The statement for so many rows. */
export function bulkText({ head, row, tail }: BulkInsert, rows: number): string {
  return head + Array.from({ length: rows }, () => row).join(", ") + tail;
}

/** Rows of one statement at most. */
export function bulkSize({ width }: BulkInsert): number {
  return Math.max(1, Math.min(MAX_ROWS, Math.floor(MAX_PARAMETERS / width)));
}
