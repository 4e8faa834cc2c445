/** The catalog of MySQL and MariaDB.  https://dev.mysql.com/doc/refman/8.4/en/information-schema.html */
import { type DialectReflection, quoteIdentifier } from "@athanor/core";
import { inSchema, serverOf, tableRows } from "./catalog.ts";
import { readCheckConstraints } from "./checks.ts";
import { readColumns } from "./columns.ts";
import { readForeignKeys, readIndexes, readPrimaryKeys, readUniqueConstraints } from "./keys.ts";
import { readTableComments, readTableOptions } from "./tables.ts";

/** How MySQL and MariaDB are reflected. Schemas are databases. */
export const mysqlReflection: DialectReflection = {
  *relations(session, filter) {
    return (yield* tableRows(session, filter)).map((table) => table.name);
  },
  *schemas(session) {
    const { rows } = yield* session.query("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA ORDER BY SCHEMA_NAME");
    return rows.map(([name]) => String(name));
  },
  *viewDefinition(session, name, schema) {
    const parameters: unknown[] = [];
    const { rows } = yield* session.query(
      `SELECT TABLE_NAME FROM information_schema.VIEWS WHERE ${inSchema("TABLE_SCHEMA", schema, parameters)} AND TABLE_NAME = ?`,
      [...parameters, name],
    );
    if (rows.length === 0) return null;
    const { identifiers } = session.dialect;
    const place = schema === null ? "" : `${quoteIdentifier(schema, identifiers)}.`;
    const shown = yield* session.query(`SHOW CREATE VIEW ${place}${quoteIdentifier(name, identifiers)}`);
    return String(shown.rows[0]?.[1]);
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
    if (!serverOf(session).isMariaDB) return [];
    const parameters: unknown[] = [];
    const { rows } = yield* session.query(
      `SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_TYPE = 'SEQUENCE' AND ${inSchema("TABLE_SCHEMA", schema, parameters)} ORDER BY TABLE_NAME`,
      parameters,
    );
    return rows.map(([name]) => String(name));
  },
};
