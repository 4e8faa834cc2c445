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

// Behind it may stand the engine's tags.
const shape =
  /^(INSERT INTO [^'()$]+ \([^'()$]+\)) VALUES \(([^'"]*)\)((?: ON CONFLICT DO NOTHING)?(?: \/\*[^*$]*\*\/)?)$/;
const parameter = /\$(\d+)(?:::((?:[A-Z]\w*)(?: [A-Z]+)*)(?![\w(]))?(\[\])?/g;

/** The parts of a bulk form. */
interface Parts {
  /** The row's expressions over `v`. */
  readonly row: string;
  /** `$1::INTEGER[], …` */
  readonly columns: string;
  /** `c1, …` */
  readonly names: string;
  readonly width: number;
}

/** A row of VALUES taken apart; null where a parameter does not say its type, or one that has no plain array. */
function partsOf(values: string): Parts | null {
  const types = new Map<number, string>();
  let isPlain = true;
  const row = values.replace(parameter, (_, number: string, type: string | undefined, brackets: string | undefined) => {
    const known = types.get(Number(number));
    // Arrays of arrays would come apart to their last items; boxes have an array form of their own.
    if (type === undefined || type === "BOX" || brackets !== undefined || (known !== undefined && known !== type))
      isPlain = false;
    else types.set(Number(number), type);
    return `v.c${number}`;
  });
  const width = types.size;
  if (!isPlain || width === 0) return null;
  const numbers = Array.from({ length: width }, (_, index) => index + 1);
  if (numbers.some((number) => !types.has(number))) return null;
  const columns = numbers.map((number) => `$${number}::${types.get(number)}[]`).join(", ");
  return { row, columns, names: numbers.map((number) => `c${number}`).join(", "), width };
}

/** The bulk form of a statement; null where it has none. */
export function bulkInsert(sql: string): BulkInsert | null {
  const match = shape.exec(sql);
  if (match === null) return null;
  const [, head, values = "", tail = ""] = match;
  const parts = partsOf(values);
  if (parts === null) return null;
  const { row, columns, names, width } = parts;
  return { sql: `${head} SELECT ${row} FROM unnest(${columns}) AS v(${names})${tail}`, width };
}

// What the engine writes for several rows that come back in their order.
const batchHead =
  /^(INSERT INTO [^'()$]+ \([^'()$]+\) SELECT p0::[^'$]*? FROM )\(VALUES \(([^'"]*?), 0\), \([^'"]*\)\)( AS imp_sen\([^'()$]+\) ORDER BY sen_counter(?: RETURNING [^'$]+)?(?: \/\*[^*$]*\*\/)?)$/;

/**
 * The bulk form of an INSERT that was written for several rows, whose parameters are those of all rows behind each other:
 * `… SELECT p0::INTEGER, … FROM (SELECT v.c1, …, v.n FROM unnest($1::INTEGER[], …) WITH ORDINALITY AS v(c1, …, n)) AS imp_sen(…)`.
 * Short, whatever the number of rows, so that the server has little to parse. Null where there is none.
 */
export function bulkBatch(sql: string): BulkInsert | null {
  const match = batchHead.exec(sql);
  if (match === null) return null;
  const [, head = "", values = "", tail = ""] = match;
  const parts = partsOf(values);
  if (parts === null) return null;
  const { row, columns, names, width } = parts;
  // Every row must be the first one with other numbers.
  let rows = "";
  for (let count = 0; rows.length < sql.length - head.length - tail.length - "(VALUES )".length; count++) {
    const numbered = values.replaceAll(/\$(\d+)/g, (_, number: string) => `$${Number(number) + count * width}`);
    rows += `${count === 0 ? "" : ", "}(${numbered}, ${count})`;
  }
  if (`${head}(VALUES ${rows})${tail}` !== sql) return null;
  const source = `(SELECT ${row}, v.n FROM unnest(${columns}) WITH ORDINALITY AS v(${names}, n))`;
  return { sql: `${head}${source}${tail}`, width };
}

/** Parameters of all rows as columns of array text; null where one is no plain value. */
export function batchColumns(
  parameters: readonly unknown[],
  width: number,
  text: (value: unknown) => string,
): string[] | null {
  const columns: string[] = [];
  const column: unknown[] = new Array(parameters.length / width);
  for (let position = 0; position < width; position++) {
    for (let index = position, row = 0; index < parameters.length; index += width, row++) {
      const value = parameters[index];
      if (value === undefined || Array.isArray(value)) return null;
      column[row] = value;
    }
    columns.push(formatArray(column, text));
  }
  return columns;
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
