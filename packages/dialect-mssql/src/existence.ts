/** Whether something is in the database: the look-ups behind `checkfirst`, from the catalog of its database. */
import type { CheckKind } from "@athanor/core";

/** A question to the catalog; null where the database has no such objects. */
export interface CatalogQuery {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** `database.owner`, parts perhaps in brackets, or the owner alone. */
export function ownerOf(schema: string): { readonly database: string | null; readonly owner: string } {
  const parts = [...schema.matchAll(/\[((?:[^\]]|\]\])*)\]|[^.]+/g)].map((part) =>
    part[1] === undefined ? part[0] : part[1].replaceAll("]]", "]"),
  );
  const owner = parts.pop() ?? schema;
  return { database: parts.length === 0 ? null : parts.join("."), owner };
}

/** The catalog of a database, `[other].sys`. */
function catalog(database: string | null): string {
  return database === null ? "sys" : `[${database.replaceAll("]", "]]")}].sys`;
}

/** A row exists where the object does; names are compared by the database's collation. */
export function existsQuery(
  kind: CheckKind,
  name: string,
  schema: string | null,
  tableName: string | undefined,
): CatalogQuery | null {
  // Temporary tables stand in a database of their own; their names there have a suffix for the session.
  if (name.startsWith("#") && kind === "tables")
    return {
      sql: "SELECT 1 WHERE OBJECT_ID(@name, 'U') IS NOT NULL",
      parameters: { name: `tempdb..[${name.replaceAll("]", "]]")}]` },
    };
  const { database, owner } = schema === null ? { database: null, owner: null } : ownerOf(schema);
  const sys = catalog(database);
  const inOwner = owner === null ? "SCHEMA_NAME()" : "@owner";
  const parameters = owner === null ? { name } : { name, owner };
  const from = (view: string): string =>
    `SELECT TOP 1 1 FROM ${sys}.${view} o JOIN ${sys}.schemas s ON s.schema_id = o.schema_id WHERE o.name = @name AND s.name = ${inOwner}`;
  switch (kind) {
    case "tables":
      return { sql: from("tables"), parameters };
    case "views":
      return { sql: from("views"), parameters };
    case "sequences":
      return { sql: from("sequences"), parameters };
    case "types":
      return { sql: from("types"), parameters };
    case "indexes":
      return {
        sql: `SELECT TOP 1 1 FROM ${sys}.indexes i JOIN ${sys}.objects o ON o.object_id = i.object_id JOIN ${sys}.schemas s ON s.schema_id = o.schema_id WHERE i.name = @name AND s.name = ${inOwner}${tableName === undefined ? "" : " AND o.name = @tableName"}`,
        parameters: tableName === undefined ? parameters : { ...parameters, tableName },
      };
    default:
      return null;
  }
}
