/** PostgreSQL's catalog.  https://www.postgresql.org/docs/current/catalogs.html */
import type { DialectReflection } from "@athanor/core";
import { readColumns } from "./columns.ts";
import {
  readCheckConstraints,
  readExcludeConstraints,
  readForeignKeys,
  readPrimaryKeys,
  readUniqueConstraints,
} from "./constraints.ts";
import { readIndexes } from "./indexes.ts";
import { readDomains, readEnums } from "./named-types.ts";
import { placeCondition, relationsOf } from "./relations.ts";
import { readTableComments, readTableOptions } from "./tables.ts";

const visibleTable = "pg_catalog.pg_table_is_visible(c.oid)";
const ofRelations = "FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE";

/** How PostgreSQL is reflected. */
export const postgresReflection: DialectReflection = {
  *relations(session, filter) {
    return [...(yield* relationsOf(session, filter)).names.values()];
  },
  *schemas(session) {
    const { rows } = yield* session.query(
      "SELECT nspname::TEXT FROM pg_catalog.pg_namespace WHERE nspname NOT LIKE 'pg\\_%' ORDER BY nspname",
    );
    return rows.map(([name]) => String(name));
  },
  *viewDefinition(session, name, schema) {
    const parameters: unknown[] = [name];
    const { rows } = yield* session.query(
      `SELECT pg_catalog.pg_get_viewdef(c.oid) ${ofRelations} c.relkind IN ('v', 'm') AND c.relname = $1::TEXT AND ${placeCondition(schema, visibleTable, parameters)}`,
      parameters,
    );
    return (rows[0]?.[0] ?? null) as string | null;
  },
  columns: readColumns,
  primaryKey: readPrimaryKeys,
  foreignKeys: readForeignKeys,
  uniqueConstraints: readUniqueConstraints,
  checkConstraints: readCheckConstraints,
  otherConstraints: readExcludeConstraints,
  indexes: readIndexes,
  tableComment: readTableComments,
  tableOptions: readTableOptions,
  *sequences(session, schema) {
    const parameters: unknown[] = [];
    const { rows } = yield* session.query(
      `SELECT c.relname::TEXT ${ofRelations} c.relkind = 'S' AND ${placeCondition(schema, visibleTable, parameters)} ORDER BY 1`,
      parameters,
    );
    return rows.map(([name]) => String(name));
  },
  enums: readEnums,
  domains: readDomains,
  *foreignTables(session, schema) {
    const parameters: unknown[] = [];
    const { rows } = yield* session.query(
      `SELECT c.relname::TEXT ${ofRelations} c.relkind = 'f' AND ${placeCondition(schema, visibleTable, parameters)} ORDER BY 1`,
      parameters,
    );
    return rows.map(([name]) => String(name));
  },
  *tableOid(session, name, schema) {
    const parameters: unknown[] = [name];
    const { rows } = yield* session.query(
      `SELECT CAST(c.oid AS BIGINT)::TEXT ${ofRelations} c.relkind IN ('r', 'v', 'm', 'f', 'p') AND c.relname = $1::TEXT AND ${placeCondition(schema, visibleTable, parameters)}`,
      parameters,
    );
    return rows[0] === undefined ? null : Number(rows[0][0]);
  },
  *hasType(session, name, schema) {
    const parameters: unknown[] = [name];
    const { rows } = yield* session.query(
      `SELECT 1 FROM pg_catalog.pg_type AS t JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace WHERE t.typname = $1::TEXT AND ${schema === "*" ? "TRUE" : placeCondition(schema, "pg_catalog.pg_type_is_visible(t.oid)", parameters)}`,
      parameters,
    );
    return rows.length > 0;
  },
};
