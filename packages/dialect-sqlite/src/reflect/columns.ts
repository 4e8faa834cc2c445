/** Columns and primary keys, by PRAGMA table_xinfo of all tables in one query.  https://sqlite.org/pragma.html#pragma_table_xinfo */
import type {
  CatalogSession,
  ReflectedBy,
  ReflectedColumn,
  ReflectedPrimaryKeyConstraint,
  TableFilter,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import { byPlace, type Entry, folded, placeName } from "./catalog.ts";
import { typeOfDeclaration } from "./types.ts";

/** A row of table_xinfo. */
interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly default: string | null;
  /** The place in the primary key, from 1; 0 for none. */
  readonly keyPlace: number;
  /** 2: virtual, 3: stored. */
  readonly hidden: number;
}

/** The columns of the tables of one database. Hidden columns of virtual tables are left out. */
function columnRows(session: CatalogSession, place: string, entries: ReadonlyMap<string, Entry>): Step<ColumnRow[]> {
  const names = JSON.stringify([...entries.keys()]);
  return session.once(`sqlite columns ${place} ${names}`, function* () {
    const { rows } = yield* session.query(
      `SELECT m.name, p.name, p.type, p."notnull", p.dflt_value, p.pk, p.hidden FROM ${placeName(session, place)}.sqlite_master AS m JOIN pragma_table_xinfo(m.name, ?) AS p WHERE m.type IN ('table', 'view') AND m.name IN (SELECT value FROM json_each(?)) AND p.hidden != 1 ORDER BY m.name, p.cid`,
      [place, names],
    );
    return rows.map(
      ([table, name, type, notNull, fallback, keyPlace, hidden]): ColumnRow => ({
        table: String(table),
        name: String(name),
        type: String(type ?? ""),
        notNull: Number(notNull) !== 0,
        default: fallback === null ? null : String(fallback),
        keyPlace: Number(keyPlace),
        hidden: Number(hidden),
      }),
    );
  });
}

/** Columns by table. */
export function* readColumns(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedColumn[]>> {
  const found = new Map<string, ReflectedColumn[]>();
  for (const [place, entries] of yield* byPlace(session, filter)) {
    for (const row of yield* columnRows(session, place, entries)) {
      const columns = found.get(row.table);
      const column = columnOf(row, entries.get(row.table) as Entry);
      if (columns === undefined) found.set(row.table, [column]);
      else columns.push(column);
    }
  }
  return found;
}

function columnOf(row: ColumnRow, { definition }: Entry): ReflectedColumn {
  const parsed = definition?.columns.find((column) => folded(column.name) === folded(row.name));
  const conflict = parsed?.notNullConflict ?? null;
  return {
    name: row.name,
    type: typeOfDeclaration(
      row.hidden >= 2 ? row.type.replace(/\s*GENERATED ALWAYS\s*$/i, "") : row.type,
      parsed?.collation ?? null,
    ),
    nullable: !row.notNull,
    default: row.default,
    primaryKey: row.keyPlace,
    ...(row.hidden >= 2 ? { computed: { sqltext: parsed?.computed ?? "", persisted: row.hidden === 3 } } : {}),
    ...(conflict === null ? {} : { dialectOptions: { sqliteOnConflictNotNull: conflict } }),
  };
}

/** Primary keys by table. */
export function* readPrimaryKeys(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<ReflectedPrimaryKeyConstraint>> {
  const found = new Map<string, ReflectedPrimaryKeyConstraint>();
  for (const [place, entries] of yield* byPlace(session, filter)) {
    const rows = yield* columnRows(session, place, entries);
    for (const [name, { definition }] of entries) {
      const key = rows.filter((row) => row.table === name && row.keyPlace > 0).sort((a, b) => a.keyPlace - b.keyPlace);
      if (key.length === 0) continue;
      const conflict = definition?.primaryKey?.onConflict ?? null;
      found.set(name, {
        constrainedColumns: key.map((row) => row.name),
        name: definition?.primaryKey?.name ?? null,
        ...(conflict === null ? {} : { dialectOptions: { sqliteOnConflict: conflict } }),
      });
    }
  }
  return found;
}

/** The primary key's columns of one table, for foreign keys that name none. */
export function* keyColumnsOf(session: CatalogSession, place: string, entry: Entry): Step<readonly string[]> {
  const rows = yield* columnRows(session, place, new Map([[entry.name, entry]]));
  return rows
    .filter((row) => row.keyPlace > 0)
    .sort((a, b) => a.keyPlace - b.keyPlace)
    .map((row) => row.name);
}
