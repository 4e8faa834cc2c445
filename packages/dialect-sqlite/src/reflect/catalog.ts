/** The tables of one database file, or of the temporary one, with their CREATE statements. One query for all. */
import { type CatalogSession, ObjectKind, ObjectScope, quoteIdentifier, type TableFilter } from "@athanor/core";
import type { Step } from "@athanor/driver";
import { type ParsedTable, parseTable } from "./create-table.ts";

/** A table or a view as `sqlite_master` keeps it. */
export interface Entry {
  readonly name: string;
  readonly isView: boolean;
  /** The database: `main`, `temp`, or the name under which a file is attached. */
  readonly place: string;
  readonly sql: string;
  /** The definition, read when it is first needed; null for views and virtual tables. */
  readonly definition: ParsedTable | null;
}

class CatalogEntry implements Entry {
  readonly name: string;
  readonly isView: boolean;
  readonly place: string;
  readonly sql: string;
  #definition: ParsedTable | null | undefined;

  constructor(name: string, isView: boolean, place: string, sql: string) {
    this.name = name;
    this.isView = isView;
    this.place = place;
    this.sql = sql;
  }

  get definition(): ParsedTable | null {
    if (this.#definition === undefined) this.#definition = this.isView ? null : parseTable(this.sql);
    return this.#definition;
  }
}

/** The name of a database as an identifier. */
export function placeName(session: CatalogSession, place: string): string {
  return quoteIdentifier(place, session.dialect.identifiers);
}

/** The databases that a filter is about. */
export function placesOf({ schema, scope }: Pick<TableFilter, "schema" | "scope">): string[] {
  if (schema !== null) return (scope & ObjectScope.DEFAULT) !== 0 || schema === "temp" ? [schema] : [];
  return [
    ...((scope & ObjectScope.DEFAULT) !== 0 ? ["main"] : []),
    ...((scope & ObjectScope.TEMPORARY) !== 0 ? ["temp"] : []),
  ];
}

/** Everything of one database, by name. */
export function entriesIn(session: CatalogSession, place: string): Step<readonly Entry[]> {
  return session.once(`sqlite entries ${place}`, function* () {
    const { rows } = yield* session.query(
      `SELECT name, type, sql FROM ${placeName(session, place)}.sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name`,
    );
    return rows.map(
      ([name, type, sql]) => new CatalogEntry(String(name), type === "view", place, (sql ?? "") as string),
    );
  });
}

/** The tables that a filter is about; the names of one hide those of another database behind it. */
export function* entriesOf(session: CatalogSession, filter: TableFilter): Step<readonly Entry[]> {
  const wanted = filter.names === null ? null : new Set(filter.names.map(folded));
  const found = new Map<string, Entry>();
  for (const place of placesOf(filter)) {
    for (const entry of yield* entriesIn(session, place)) {
      const name = folded(entry.name);
      if ((filter.kind & (entry.isView ? ObjectKind.VIEW : ObjectKind.TABLE)) === 0) continue;
      if ((wanted === null || wanted.has(name)) && !found.has(name)) found.set(name, entry);
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Names are compared without regard to the case of ASCII letters. */
export function folded(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The entries of a filter by database. */
export function* byPlace(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReadonlyMap<string, ReadonlyMap<string, Entry>>> {
  const places = new Map<string, Map<string, Entry>>();
  for (const entry of yield* entriesOf(session, filter)) {
    const entries = places.get(entry.place) ?? new Map<string, Entry>();
    places.set(entry.place, entries.set(entry.name, entry));
  }
  return places;
}
