/**
 * Spares an INSERT its RETURNING where it asks for nothing but the key that SQLite tells anyway: a row id. Without rows to
 * hand out the same INSERT takes about two thirds of the time.  https://sqlite.org/lang_createtable.html#rowid
 */
import type { NativeDatabase } from "./native.ts";

const name = String.raw`"(?:[^"]|"")+"|[A-Za-z_]\w*`;
const shape = new RegExp(String.raw`^(INSERT INTO (${name}) \([^()?]+\) VALUES \(\?(?:, \?)*\)) RETURNING (${name})$`);

/** The statement without its RETURNING; null where what it returns is not the row's id and no more. */
export function withoutReturning(sql: string, database: NativeDatabase): string | null {
  const match = shape.exec(sql);
  if (match === null) return null;
  const [, insert, table, column] = match as unknown as [string, string, string, string];
  return rowIdOf(plainName(table), database) === plainName(column) ? insert : null;
}

function plainName(text: string): string {
  return (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text).toLowerCase();
}

/**
 * A table's only key column, if it is another name of the row id. Keys that are not have an index of their own: those of
 * WITHOUT ROWID tables, of other types, and `INTEGER PRIMARY KEY DESC`.
 */
function rowIdOf(table: string, database: NativeDatabase): string | null {
  const [found, ...others] = database
    .prepare(
      `WITH given(name) AS (SELECT ?)
      SELECT lower(keys.name) FROM given, pragma_table_xinfo(given.name) AS keys WHERE pk > 0 AND lower(type) = 'integer'
        AND (SELECT count(*) FROM pragma_table_xinfo(given.name) WHERE pk > 0) = 1
        AND (SELECT count(*) FROM pragma_index_list(given.name) WHERE origin = 'pk') = 0
        AND (SELECT group_concat(type) FROM pragma_table_list(given.name)) = 'table'`,
    )
    .all([table]);
  return found === undefined || others.length > 0 ? null : String(found[0]);
}
