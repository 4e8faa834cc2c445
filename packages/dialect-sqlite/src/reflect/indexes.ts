/** Indexes, from PRAGMA index_list and the CREATE INDEX statements, of all tables in one query. */
import {
  type CatalogSession,
  type ReflectedBy,
  type ReflectedIndex,
  type ReflectedSorting,
  type TableFilter,
  verbatim,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import { byPlace, type Entry, folded, placeName } from "./catalog.ts";
import { type ParsedIndexPart, parseIndex } from "./create-table.ts";

/** Indexes by table, without those that constraints made. */
export function* readIndexes(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedIndex[]>> {
  const found = new Map<string, ReflectedIndex[]>();
  for (const [place, entries] of yield* byPlace(session, filter)) {
    const { rows } = yield* session.query(
      `SELECT m.tbl_name, m.name, l."unique", m.sql FROM ${placeName(session, place)}.sqlite_master AS m JOIN pragma_index_list(m.tbl_name, ?) AS l ON l.name = m.name WHERE m.type = 'index' AND m.sql IS NOT NULL AND m.tbl_name IN (SELECT value FROM json_each(?)) ORDER BY m.tbl_name, m.name`,
      [place, JSON.stringify([...entries.keys()])],
    );
    for (const [table, name, unique, sql] of rows) {
      const index = indexOf(String(name), Number(unique) !== 0, String(sql), entries.get(String(table)) as Entry);
      const indexes = found.get(String(table));
      if (indexes === undefined) found.set(String(table), [index]);
      else indexes.push(index);
    }
  }
  return found;
}

function indexOf(name: string, unique: boolean, sql: string, { definition }: Entry): ReflectedIndex {
  const { parts = [], where = null } = parseIndex(sql) ?? {};
  const columns = parts.map((part) => columnOf(part, definition?.columns.map((column) => column.name) ?? []));
  const sorting: Record<string, readonly ReflectedSorting[]> = {};
  parts.forEach((part, place) => {
    if (part.desc) sorting[columns[place] ?? part.text] = ["desc"];
  });
  return {
    name,
    columnNames: columns,
    unique,
    ...(columns.includes(null) ? { expressions: parts.map((part, place) => columns[place] ?? part.text) } : {}),
    ...(Object.keys(sorting).length > 0 ? { columnSorting: sorting } : {}),
    dialectOptions: where === null ? {} : { sqliteWhere: verbatim(where) },
  };
}

/** The column that a part is; null for expressions, and for columns with a collation of their own. */
function columnOf({ column }: ParsedIndexPart, names: readonly string[]): string | null {
  if (column === null) return null;
  return names.find((name) => folded(name) === folded(column)) ?? null;
}
