/** Tables and views with their numbers in the catalog, by which everything else is looked up. */
import { type CatalogSession, ObjectKind, ObjectScope, type TableFilter } from "@athanor/core";
import type { DriverRow, Step } from "@athanor/driver";

/** The relations that a filter is about. */
export interface Relations {
  /** Names by number, in alphabetical order. */
  readonly names: ReadonlyMap<number, string>;
  /** Their numbers as an array of the database: `{16384,16390}`. */
  readonly oids: string;
}

/** `pg_class.relkind` of what is asked for. Foreign tables count where they are asked for by name. */
function relkinds(kind: number, byName: boolean): string {
  const kinds = [
    ...((kind & ObjectKind.TABLE) !== 0 ? ["r", "p", ...(byName ? ["f"] : [])] : []),
    ...((kind & ObjectKind.VIEW) !== 0 ? ["v"] : []),
    ...((kind & ObjectKind.MATERIALIZED_VIEW) !== 0 ? ["m"] : []),
  ];
  return `{${kinds.join(",")}}`;
}

/** Where names are looked for: in a schema, or along the search path, the system's own schema excepted. */
export function placeCondition(schema: string | null, visible: string, parameters: unknown[]): string {
  return schema === null ? `${visible} AND n.nspname != 'pg_catalog'` : `n.nspname = $${parameters.push(schema)}::TEXT`;
}

/** Looks the relations of a filter up; once for all aspects. */
export function relationsOf(session: CatalogSession, filter: TableFilter): Step<Relations> {
  const { schema, kind, scope, names } = filter;
  const wanted = names === null ? null : JSON.stringify([...names].sort());
  return session.once(`postgresql relations ${JSON.stringify([schema, kind, scope])} ${wanted}`, function* () {
    const parameters: unknown[] = [relkinds(kind, names !== null)];
    const conditions = [
      `c.relkind = ANY (CAST($1::TEXT AS "char"[]))`,
      placeCondition(schema, "pg_catalog.pg_table_is_visible(c.oid)", parameters),
    ];
    if (scope === ObjectScope.DEFAULT) conditions.push("c.relpersistence != 't'");
    else if (scope === ObjectScope.TEMPORARY) conditions.push("c.relpersistence = 't'");
    if (wanted !== null)
      conditions.push(
        `c.relname IN (SELECT json_array_elements_text(CAST($${parameters.push(wanted)}::TEXT AS JSON)))`,
      );
    const { rows } = yield* session.query(
      `SELECT CAST(c.oid AS BIGINT)::TEXT, c.relname::TEXT FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE ${conditions.join(" AND ")} ORDER BY c.relname`,
      parameters,
    );
    const found = new Map(rows.map(([oid, name]) => [Number(oid), String(name)]));
    return { names: found, oids: `{${[...found.keys()].join(",")}}` };
  });
}

/**
 * Runs a query about the relations of a filter, which finds their numbers in `$1`, and groups what it makes of the rows by the
 * relation whose number stands first in each.
 */
export function* perRelation<T>(
  session: CatalogSession,
  filter: TableFilter,
  sql: string,
  read: (row: DriverRow) => T,
): Step<Map<string, T[]>> {
  const { names, oids } = yield* relationsOf(session, filter);
  const found = new Map<string, T[]>();
  if (names.size === 0) return found;
  const { rows } = yield* session.query(sql, [oids]);
  for (const row of rows) {
    const name = names.get(Number(row[0])) as string;
    const group = found.get(name);
    if (group === undefined) found.set(name, [read(row)]);
    else group.push(read(row));
  }
  return found;
}

/** `$1`: the numbers of the relations. */
export const relationNumbers = "ANY (CAST($1::TEXT AS OID[]))";
