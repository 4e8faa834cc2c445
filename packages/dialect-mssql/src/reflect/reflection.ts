/** SQL Server's catalog.  https://learn.microsoft.com/sql/relational-databases/system-catalog-views/ */
import {
  type CatalogSession,
  type DialectReflection,
  ObjectKind,
  ObjectScope,
  type ReflectedBy,
  type ReflectedTableComment,
  type TableFilter,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import { perTable, placeOf, placeOfType, tableNames, textOrNull } from "./catalog.ts";
import { readColumns } from "./columns.ts";
import { readCheckConstraints, readForeignKeys, readIndexes, readPrimaryKeys, readUniqueConstraints } from "./keys.ts";

/** Comments by table. */
function* readTableComments(session: CatalogSession, filter: TableFilter): Step<ReflectedBy<ReflectedTableComment>> {
  const rows = yield* perTable(
    session,
    filter,
    ({ sys, objects }) =>
      `SELECT p.major_id, CAST(p.value AS NVARCHAR(MAX)) FROM ${sys}.extended_properties p WHERE p.class = 1 AND p.minor_id = 0 AND p.name = 'MS_Description' AND p.major_id IN (${objects})`,
    ([, value]) => ({ text: textOrNull(value) }),
  );
  return new Map([...rows].map(([table, [comment]]) => [table, comment as ReflectedTableComment]));
}

/** How SQL Server is reflected. A schema may name another database: `"other.dbo"`. */
export const mssqlReflection: DialectReflection = {
  *relations(session, filter) {
    return [...(yield* tableNames(session, filter)).values()];
  },
  *schemas(session) {
    const { rows } = yield* session.query("SELECT name FROM sys.schemas ORDER BY name");
    return rows.map(([name]) => String(name));
  },
  *viewDefinition(session, name, schema) {
    const { sys, objects, parameters } = placeOf({
      schema,
      kind: ObjectKind.VIEW,
      scope: ObjectScope.DEFAULT,
      names: [name],
    });
    const { rows } = yield* session.query(
      `SELECT m.definition FROM ${sys}.sql_modules m WHERE m.object_id IN (${objects})`,
      parameters,
    );
    return textOrNull(rows[0]?.[0]);
  },
  columns: readColumns,
  primaryKey: readPrimaryKeys,
  foreignKeys: readForeignKeys,
  uniqueConstraints: readUniqueConstraints,
  checkConstraints: readCheckConstraints,
  indexes: readIndexes,
  tableComment: readTableComments,
  *sequences(session, schema) {
    const { sys, objects, parameters } = placeOfType(schema, "SO");
    const { rows } = yield* session.query(
      `SELECT q.name FROM ${sys}.sequences q WHERE q.object_id IN (${objects}) ORDER BY q.name`,
      parameters,
    );
    return rows.map(([name]) => String(name));
  },
};
