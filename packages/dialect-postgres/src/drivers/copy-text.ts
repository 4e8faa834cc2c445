/** Rows in COPY's text format.  https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS */
import { ArgumentError, type Column, type Processor, type TypeDialect } from "@athanor/core";
import { itemText } from "./parameters.ts";

/** One row of a table: by column key, or by position. */
export type CopyRow = Readonly<Record<string, unknown>> | readonly unknown[];

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function field(value: unknown): string {
  if (value === null) return "\\N";
  return itemText(value).replaceAll(/[\\\n\r\t]/g, (char) => escapes[char] as string);
}

/** Characters that travel in one message. */
const portion = 65_536;

/**
 * Writes rows in portions, each value by its column's type.
 *
 * @throws ArgumentError for rows that lack a column, have one too many, or hold undefined.
 */
export async function* textRows(
  rows: AsyncIterable<CopyRow> | Iterable<CopyRow>,
  columns: readonly Column[],
  dialect: TypeDialect,
): AsyncGenerator<string, void> {
  const keys = columns.map((column) => String(column.key));
  const processors = columns.map((column) => dialect.adaptType(column.type).bindProcessor(dialect));
  let text = "";
  let index = 0;
  for await (const row of rows) {
    const values = Array.isArray(row)
      ? byPosition(row, keys, index)
      : byKey(row as Readonly<Record<string, unknown>>, keys, index);
    for (let position = 0; position < values.length; position++) {
      const processor = processors[position] as Processor;
      const value = values[position];
      if (value === undefined) {
        throw new ArgumentError(`row ${index} of copyFrom() has no value for ${JSON.stringify(keys[position])}`, {
          fix: "pass null for SQL NULL, or leave the column out of { columns } for its default",
        });
      }
      text += (position === 0 ? "" : "\t") + field(processor === null || value === null ? value : processor(value));
    }
    text += "\n";
    index++;
    if (text.length >= portion) {
      yield text;
      text = "";
    }
  }
  if (text !== "") yield text;
}

function byPosition(row: readonly unknown[], keys: readonly string[], index: number): readonly unknown[] {
  if (row.length === keys.length) return row;
  throw new ArgumentError(
    `row ${index} of copyFrom() has ${row.length} values for ${keys.length} columns (${keys.join(", ")})`,
  );
}

function byKey(row: Readonly<Record<string, unknown>>, keys: readonly string[], index: number): readonly unknown[] {
  const values = keys.map((key) => (Object.hasOwn(row, key) ? row[key] : undefined));
  const unknown = Object.keys(row).filter((key) => !keys.includes(key));
  if (unknown.length === 0) return values;
  throw new ArgumentError(
    `row ${index} of copyFrom() has ${unknown.map((key) => JSON.stringify(key)).join(", ")}, which is not copied`,
    {
      fix: `the columns are ${keys.join(", ")}: those of the first row, or of { columns }`,
    },
  );
}
