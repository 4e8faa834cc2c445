/** Whether something is in the database: the look-ups behind `checkfirst`. */
import type { CheckKind } from "@athanor/core";

/** A question to the catalog; null where the database has no such objects. */
export interface CatalogQuery {
  readonly sql: string | null;
  readonly parameters: readonly unknown[];
}

/** A row exists where the object does. Names are compared as the server does. */
export function existsQuery(kind: CheckKind, name: string, schema: string | null, tableName?: string): CatalogQuery {
  const inSchema = schema === null ? "DATABASE()" : "?";
  const names = schema === null ? [name] : [schema, name];
  const table = (type: string): CatalogQuery => ({
    sql: `SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${inSchema} AND TABLE_NAME = ? AND TABLE_TYPE ${type} LIMIT 1`,
    parameters: names,
  });
  switch (kind) {
    case "tables":
      return table("NOT IN ('VIEW', 'SYSTEM VIEW', 'SEQUENCE')");
    case "views":
      return table("IN ('VIEW', 'SYSTEM VIEW')");
    case "sequences":
      return table("= 'SEQUENCE'");
    case "indexes":
      return {
        sql: `SELECT 1 FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ${inSchema} AND INDEX_NAME = ?${tableName === undefined ? "" : " AND TABLE_NAME = ?"} LIMIT 1`,
        parameters: tableName === undefined ? names : [...names, tableName],
      };
    default:
      return { sql: null, parameters: [] };
  }
}
