/** Whether something is in the database: the look-ups behind `checkfirst`, in the data dictionary. */
import type { CheckKind } from "@athanor/core";

/** A question to the dictionary; null where the database has no such objects. */
export interface DictionaryQuery {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

const views: Readonly<Record<string, readonly [view: string, name: string, owner: string]>> = {
  tables: ["all_tables", "table_name", "owner"],
  views: ["all_views", "view_name", "owner"],
  sequences: ["all_sequences", "sequence_name", "sequence_owner"],
  indexes: ["all_indexes", "index_name", "owner"],
  types: ["all_types", "type_name", "owner"],
};

/**
 * A row exists where the object does.
 *
 * @param stored a name as the dictionary has it: in capitals, unless it is quoted in SQL.
 */
export function existsQuery(
  kind: CheckKind,
  name: string,
  schema: string | null,
  tableName: string | undefined,
  stored: (name: string) => string,
): DictionaryQuery | null {
  const found = views[kind];
  if (found === undefined) return null;
  const [view, nameColumn, ownerColumn] = found;
  const owner = schema === null ? "SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')" : ":owner_name";
  const inTable = kind === "indexes" && tableName !== undefined;
  return {
    sql: `SELECT 1 FROM ${view} WHERE ${nameColumn} = :object_name AND ${ownerColumn} = ${owner}${inTable ? " AND table_name = :of_table" : ""} AND ROWNUM = 1`,
    parameters: {
      object_name: stored(name),
      ...(schema === null ? {} : { owner_name: stored(schema) }),
      ...(inTable ? { of_table: stored(tableName as string) } : {}),
    },
  };
}
