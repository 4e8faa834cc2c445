/** SQLite's catalog: `sqlite_master` of each database file, and PRAGMA functions joined to it.  https://sqlite.org/schematab.html */
import type { DialectReflection } from "@athanor/core";
import { entriesIn, entriesOf, folded } from "./catalog.ts";
import { readColumns, readPrimaryKeys } from "./columns.ts";
import { readCheckConstraints, readForeignKeys, readTableOptions, readUniqueConstraints } from "./constraints.ts";
import { readIndexes } from "./indexes.ts";

/** How SQLite is reflected. Schemas are `main` and the files that are attached. */
export const sqliteReflection: DialectReflection = {
  *relations(session, filter) {
    return (yield* entriesOf(session, filter)).map((entry) => entry.name);
  },
  *schemas(session) {
    const { rows } = yield* session.query("SELECT name FROM pragma_database_list ORDER BY seq");
    return rows.map(([name]) => String(name)).filter((name) => name !== "temp");
  },
  *viewDefinition(session, name, schema) {
    for (const place of schema === null ? ["main", "temp"] : [schema]) {
      const found = (yield* entriesIn(session, place)).find(
        (entry) => entry.isView && folded(entry.name) === folded(name),
      );
      if (found !== undefined) return found.sql;
    }
    return null;
  },
  columns: readColumns,
  primaryKey: readPrimaryKeys,
  foreignKeys: readForeignKeys,
  uniqueConstraints: readUniqueConstraints,
  checkConstraints: readCheckConstraints,
  indexes: readIndexes,
  tableOptions: readTableOptions,
};
