/** Questions to the `ALL_*` views, about many tables at once.  https://docs.oracle.com/en/database/oracle/oracle-database/23/refrn/ */
import { type CatalogSession, ObjectScope, type TableFilter } from "@athanor/core";
import type { DriverRow, Step } from "@athanor/driver";
import { denormalizeName, normalizeName } from "./names.ts";

/** More names than these are picked out on our side: a list takes 1000. */
const manyNames = 900;

/** Whether the server is at least of a version. */
export function isVersion(session: CatalogSession, major: number, minor = 0): boolean {
  const [own = 0, ownMinor = 0] = session.dialect.serverVersion;
  return own > major || (own === major && ownMinor >= minor);
}

/** The owner of what is asked for, as SQL. */
export function ownerOf(session: CatalogSession, schema: string | null, parameters: Record<string, unknown>): string {
  if (schema === null) return "SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')";
  parameters["owner"] = denormalizeName(session.dialect.identifiers, schema);
  return ":owner";
}

/** Tables by the name that the catalog has: their names for programs. Once for all aspects. */
export function tableNames(session: CatalogSession, filter: TableFilter): Step<ReadonlyMap<string, string>> {
  return session.once(`oracle tables ${JSON.stringify(filter)}`, function* () {
    const parameters: Record<string, unknown> = {};
    const owner = ownerOf(session, filter.schema, parameters);
    // A materialized view is listed as a table too: the greater number is what it is.
    const { rows } = yield* session.query(
      `SELECT o.object_name, MAX(CASE o.object_type WHEN 'MATERIALIZED VIEW' THEN 4 WHEN 'VIEW' THEN 2 ELSE 1 END), MAX(o.temporary) \
FROM all_objects o WHERE o.owner = ${owner} AND o.object_type IN ('TABLE', 'VIEW', 'MATERIALIZED VIEW') AND o.secondary = 'N' \
AND o.generated = 'N' AND o.object_name NOT LIKE 'BIN$%'${nameCondition(session, "o.object_name", filter, parameters)} \
GROUP BY o.object_name ORDER BY o.object_name`,
      parameters,
    );
    const wanted =
      filter.names === null
        ? null
        : new Set(filter.names.map((name) => denormalizeName(session.dialect.identifiers, name)));
    const found = rows.filter(([name, kind, temporary]) => {
      const scope = temporary === "Y" ? ObjectScope.TEMPORARY : ObjectScope.DEFAULT;
      const fits = (Number(kind) & filter.kind) !== 0 && (scope & filter.scope) !== 0;
      return fits && (wanted === null || wanted.has(String(name)));
    });
    return new Map(found.map(([name]) => [String(name), normalizeName(session.dialect.identifiers, String(name))]));
  });
}

function nameCondition(
  session: CatalogSession,
  column: string,
  { names }: TableFilter,
  parameters: Record<string, unknown>,
): string {
  if (names === null || names.length > manyNames) return "";
  if (names.length === 0) return " AND 1 = 0";
  const markers = names.map((name, place) => {
    parameters[`n${place}`] = denormalizeName(session.dialect.identifiers, name);
    return `:n${place}`;
  });
  return ` AND ${column} IN (${markers.join(", ")})`;
}

/**
 * Runs a query about the tables of a filter, whose name stands first in each row, and groups what it makes of the rows.
 *
 * @param sql from SELECT to WHERE; conditions on the columns `owner` and `table` are added behind it.
 */
export function* perTable<T>(
  session: CatalogSession,
  filter: TableFilter,
  sql: string,
  columns: { readonly owner: string; readonly table: string; readonly order: string },
  read: (row: DriverRow) => T,
): Step<Map<string, T[]>> {
  const found = new Map<string, T[]>();
  const names = yield* tableNames(session, filter);
  if (names.size === 0) return found;
  const parameters: Record<string, unknown> = {};
  const owner = ownerOf(session, filter.schema, parameters);
  const { rows } = yield* session.query(
    `${sql} ${columns.owner} = ${owner}${nameCondition(session, columns.table, filter, parameters)} ORDER BY ${columns.table}${columns.order === "" ? "" : `, ${columns.order}`}`,
    parameters,
  );
  for (const row of rows) {
    const name = names.get(String(row[0]));
    if (name === undefined) continue;
    const group = found.get(name);
    if (group === undefined) found.set(name, [read(row)]);
    else group.push(read(row));
  }
  return found;
}

/** Text, or null. */
export function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
