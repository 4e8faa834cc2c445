/** Constraints and options, from the CREATE TABLE that SQLite keeps: no PRAGMA tells their names. */
import type {
  CatalogSession,
  ReflectedBy,
  ReflectedCheckConstraint,
  ReflectedForeignKeyConstraint,
  ReflectedForeignKeyOptions,
  ReflectedTableOptions,
  ReflectedUniqueConstraint,
  TableFilter,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import { type Entry, entriesIn, entriesOf, folded } from "./catalog.ts";
import { keyColumnsOf } from "./columns.ts";
import type { ParsedForeignKey, ParsedTable } from "./create-table.ts";

/** The name of a column as its table writes it: constraints may write it otherwise. */
function columnNames(definition: ParsedTable, names: readonly string[]): string[] {
  return names.map((name) => definition.columns.find((column) => folded(column.name) === folded(name))?.name ?? name);
}

const byName = (a: { readonly name: string | null }, b: { readonly name: string | null }): number =>
  a.name === b.name ? 0 : a.name === null ? 1 : b.name === null ? -1 : a.name < b.name ? -1 : 1;

function* collect<T>(
  session: CatalogSession,
  filter: TableFilter,
  read: (definition: ParsedTable, entry: Entry) => T,
): Step<ReflectedBy<T>> {
  const found = new Map<string, T>();
  for (const entry of yield* entriesOf(session, filter))
    if (entry.definition !== null) found.set(entry.name, read(entry.definition, entry));
  return found;
}

const withConflict = (conflict: string | null): { readonly dialectOptions?: Record<string, unknown> } =>
  conflict === null ? {} : { dialectOptions: { sqliteOnConflict: conflict } };

/** UNIQUE constraints by table. */
export function readUniqueConstraints(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedUniqueConstraint[]>> {
  return collect(session, filter, (definition) =>
    definition.uniques.map((unique) => ({
      name: unique.name,
      columnNames: columnNames(definition, unique.columns),
      ...withConflict(unique.onConflict),
    })),
  );
}

/** CHECK constraints by table: named ones first. */
export function readCheckConstraints(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedCheckConstraint[]>> {
  return collect(session, filter, (definition) =>
    definition.checks
      .map((check) => ({ name: check.name, sqltext: check.sqltext, ...withConflict(check.onConflict) }))
      .sort(byName),
  );
}

/** STRICT, WITHOUT ROWID and AUTOINCREMENT by table. */
export function readTableOptions(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<ReflectedTableOptions>> {
  return collect(session, filter, ({ strict, withoutRowid, autoincrement }) => ({
    ...(strict ? { sqliteStrict: true } : {}),
    ...(withoutRowid ? { sqliteWithRowid: false } : {}),
    ...(autoincrement ? { sqliteAutoincrement: true } : {}),
  }));
}

/** Foreign keys by table. */
export function* readForeignKeys(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedForeignKeyConstraint[]>> {
  const found = new Map<string, readonly ReflectedForeignKeyConstraint[]>();
  for (const entry of yield* entriesOf(session, filter)) {
    const { definition } = entry;
    if (definition === null) continue;
    const keys: ReflectedForeignKeyConstraint[] = [];
    for (const key of definition.foreignKeys) keys.push(yield* foreignKeyOf(session, filter, entry, definition, key));
    found.set(entry.name, keys);
  }
  return found;
}

function* foreignKeyOf(
  session: CatalogSession,
  { schema }: TableFilter,
  { place }: Entry,
  definition: ParsedTable,
  key: ParsedForeignKey,
): Step<ReflectedForeignKeyConstraint> {
  const entries = yield* entriesIn(session, place);
  const referred = entries.find((entry) => folded(entry.name) === folded(key.table));
  const others = referred?.definition ?? null;
  const named = others === null ? key.referred : columnNames(others, key.referred);
  const columns = columnNames(definition, key.columns);
  let referredColumns: readonly string[] = named;
  if (referredColumns.length === 0) {
    referredColumns = referred === undefined ? [] : yield* keyColumnsOf(session, place, referred);
    // A table that is not there, or has no key: the same names are the best guess.
    if (referredColumns.length !== columns.length) referredColumns = columns;
  }
  return {
    name: key.name,
    constrainedColumns: columns,
    referredSchema: schema,
    referredTable: referred?.name ?? key.table,
    referredColumns,
    options: optionsOf(key),
  };
}

function optionsOf(key: ParsedForeignKey): ReflectedForeignKeyOptions {
  const { ondelete, onupdate, deferrable, initially, match } = key;
  return {
    ...(ondelete === null ? {} : { ondelete }),
    ...(onupdate === null ? {} : { onupdate }),
    ...(deferrable === null ? {} : { deferrable }),
    ...(initially === null ? {} : { initially }),
    ...(match === null ? {} : { match }),
  };
}
