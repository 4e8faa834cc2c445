/** Whether an object is there, by the catalog. Names without a schema are looked for where the search path finds them. */
import type { CheckKind, RunQuery } from "@athanor/core";
import type { Step } from "@athanor/driver";

const relationKinds: Readonly<Record<Exclude<CheckKind, "types">, string>> = {
  tables: "{r,p,f}",
  views: "{v,m}",
  indexes: "{i,I}",
  sequences: "{S}",
};

const ofRelation = (
  place: string,
): string => `SELECT 1 FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
WHERE c.relname = $1::TEXT AND c.relkind = ANY (CAST($2 AS "char"[])) AND ${place}`;

const ofType = (place: string): string =>
  `SELECT 1 FROM pg_catalog.pg_type AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.typnamespace WHERE c.typname = $1::TEXT AND ${place}`;

/** An index is looked for on its table, where that is known. */
const ofTable = ` AND c.oid IN (SELECT x.indexrelid FROM pg_catalog.pg_index AS x JOIN pg_catalog.pg_class AS t ON t.oid = x.indrelid WHERE t.relname = `;

/** Looks an object up. */
export function* exists(
  query: RunQuery,
  kind: CheckKind,
  name: string,
  schema: string | null,
  tableName?: string,
): Step<boolean> {
  const parameters: string[] = [name];
  const bind = (value: string): string => `$${parameters.push(value)}::TEXT`;
  const isType = kind === "types";
  if (!isType) parameters.push(relationKinds[kind]);
  const visible = isType ? "pg_catalog.pg_type_is_visible(c.oid)" : "pg_catalog.pg_table_is_visible(c.oid)";
  const place = schema === null ? `${visible} AND n.nspname != 'pg_catalog'` : `n.nspname = ${bind(schema)}`;
  const onTable = kind === "indexes" && tableName !== undefined ? `${ofTable}${bind(tableName)})` : "";
  const { rows } = yield* query((isType ? ofType(place) : ofRelation(place)) + onTable, parameters);
  return rows.length > 0;
}
