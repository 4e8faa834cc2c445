/**
 * INSERTs of many rows as few: where every parameter says its type, the columns travel as arrays and the server takes them
 * apart, `INSERT INTO t (a, b) SELECT v.c1, v.c2 FROM unnest($1::INTEGER[], $2::VARCHAR[]) AS v(c1, c2)`. Knows no driver.
 */
import { formatArray } from "../array-text.ts";

/** An INSERT that takes columns instead of values. */
export interface BulkInsert {
  readonly sql: string;
  /** Parameters of a row, by position. */
  readonly width: number;
}

const shape = /^(INSERT INTO [^'()$]+ \([^'()$]+\)) VALUES \(([^'"]*)\)( ON CONFLICT DO NOTHING)?$/;
const parameter = /\$(\d+)(?:::((?:[A-Z]\w*)(?: [A-Z]+)*)(?![\w(]))?(\[\])?/g;

/** The bulk form of a statement; null where it has none. */
export function bulkInsert(sql: string): BulkInsert | null {
  const match = shape.exec(sql);
  if (match === null) return null;
  const [, head, values = "", tail = ""] = match;
  const types = new Map<number, string>();
  let isPlain = true;
  const row = values.replace(parameter, (_, number: string, type: string | undefined, brackets: string | undefined) => {
    const known = types.get(Number(number));
    // Arrays of arrays would come apart to their last items.
    if (type === undefined || brackets !== undefined || (known !== undefined && known !== type)) isPlain = false;
    else types.set(Number(number), type);
    return `v.c${number}`;
  });
  const width = types.size;
  if (!isPlain || width === 0) return null;
  const numbers = Array.from({ length: width }, (_, index) => index + 1);
  if (numbers.some((number) => !types.has(number))) return null;
  const columns = numbers.map((number) => `$${number}::${types.get(number)}[]`).join(", ");
  const names = numbers.map((number) => `c${number}`).join(", ");
  return { sql: `${head} SELECT ${row} FROM unnest(${columns}) AS v(${names})${tail}`, width };
}

/** Rows as columns of array text. */
export function columnArrays(
  rows: readonly (readonly unknown[])[],
  width: number,
  text: (value: unknown) => string,
): string[] {
  const columns: string[] = [];
  const column: unknown[] = new Array(rows.length);
  for (let position = 0; position < width; position++) {
    for (let index = 0; index < rows.length; index++) column[index] = (rows[index] as readonly unknown[])[position];
    columns.push(formatArray(column, text));
  }
  return columns;
}
