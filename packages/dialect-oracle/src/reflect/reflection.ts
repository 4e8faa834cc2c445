/** Oracle's catalog, as far as the user may see it. */
import type {
  CatalogSession,
  DialectReflection,
  ReflectedBy,
  ReflectedTableComment,
  ReflectedTableOptions,
  TableFilter,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import { ownerOf, perTable, tableNames, textOrNull } from "./catalog.ts";
import { readColumns } from "./columns.ts";
import { readCheckConstraints, readForeignKeys, readIndexes, readPrimaryKeys, readUniqueConstraints } from "./keys.ts";
import { denormalizeName, normalizeName } from "./names.ts";

/** Comments by table. What Oracle says by itself of materialized views is none. */
function* readTableComments(session: CatalogSession, filter: TableFilter): Step<ReflectedBy<ReflectedTableComment>> {
  const found = new Map<string, ReflectedTableComment>();
  for (const [view, column] of [
    ["all_tab_comments", "table_name"],
    ["all_mview_comments", "mview_name"],
  ] as const) {
    const rows = yield* perTable(
      session,
      filter,
      `SELECT m.${column}, m.comments FROM ${view} m WHERE m.comments IS NOT NULL AND m.comments NOT LIKE 'snapshot table for %' AND`,
      { owner: "m.owner", table: `m.${column}`, order: "" },
      ([, text]) => ({ text: textOrNull(text) }),
    );
    for (const [table, [comment]] of rows) if (comment !== undefined) found.set(table, comment);
  }
  return found;
}

/** Options by table: `oracleCompress`, `oracleTablespace`, `oracleOnCommit`. */
function* readTableOptions(session: CatalogSession, filter: TableFilter): Step<ReflectedBy<ReflectedTableOptions>> {
  const rows = yield* perTable(
    session,
    filter,
    "SELECT o.table_name, o.compression, o.compress_for, o.tablespace_name, o.duration FROM all_tables o WHERE",
    { owner: "o.owner", table: "o.table_name", order: "" },
    ([, compression, compressFor, tablespace, duration]) => ({
      ...(compression === "ENABLED" ? { oracleCompress: textOrNull(compressFor) ?? true } : {}),
      ...(textOrNull(tablespace) === null
        ? {}
        : { oracleTablespace: normalizeName(session.dialect.identifiers, String(tablespace)) }),
      ...(duration === "SYS$SESSION" ? { oracleOnCommit: "PRESERVE ROWS" } : {}),
      ...(duration === "SYS$TRANSACTION" ? { oracleOnCommit: "DELETE ROWS" } : {}),
    }),
  );
  return new Map([...rows].map(([table, [options]]) => [table, options as ReflectedTableOptions]));
}

/** How Oracle is reflected. Schemas are users. */
export const oracleReflection: DialectReflection = {
  *relations(session, filter) {
    return [...(yield* tableNames(session, filter)).values()];
  },
  *schemas(session) {
    const { rows } = yield* session.query("SELECT u.username FROM all_users u ORDER BY u.username");
    return rows.map(([name]) => normalizeName(session.dialect.identifiers, String(name)));
  },
  *viewDefinition(session, name, schema) {
    const parameters: Record<string, unknown> = {};
    const owner = ownerOf(session, schema, parameters);
    parameters["name"] = denormalizeName(session.dialect.identifiers, name);
    for (const sql of [
      `SELECT v.text FROM all_views v WHERE v.owner = ${owner} AND v.view_name = :name`,
      `SELECT v.query FROM all_mviews v WHERE v.owner = ${owner} AND v.mview_name = :name`,
    ]) {
      const { rows } = yield* session.query(sql, parameters);
      if (rows[0] !== undefined) return textOrNull(rows[0][0]);
    }
    return null;
  },
  columns: readColumns,
  primaryKey: readPrimaryKeys,
  foreignKeys: readForeignKeys,
  uniqueConstraints: readUniqueConstraints,
  checkConstraints: readCheckConstraints,
  indexes: readIndexes,
  tableComment: readTableComments,
  tableOptions: readTableOptions,
  *sequences(session, schema) {
    const parameters: Record<string, unknown> = {};
    const { rows } = yield* session.query(
      `SELECT q.sequence_name FROM all_sequences q WHERE q.sequence_owner = ${ownerOf(session, schema, parameters)} AND q.sequence_name NOT LIKE 'ISEQ$$%' ORDER BY q.sequence_name`,
      parameters,
    );
    return rows.map(([name]) => normalizeName(session.dialect.identifiers, String(name)));
  },
};
