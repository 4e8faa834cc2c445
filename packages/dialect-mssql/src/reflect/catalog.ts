/** Questions to the `sys` views of a database, about many tables at once. */
import { type CatalogSession, ObjectKind, ObjectScope, type TableFilter } from "@athanor/core";
import type { DriverRow, Step } from "@athanor/driver";
import { ownerOf } from "../existence.ts";

/** The tables of a filter, in a form in which queries can be restricted to them. */
export interface Place {
  /** The schema with the views: `sys`, `[other].sys`. */
  readonly sys: string;
  /** A list for `object_id IN (…)`. */
  readonly objects: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The database of a schema that names one. */
  readonly database: string | null;
}

/** More names than these are picked out on our side: a statement takes 2100 parameters. */
const manyNames = 500;

function objectTypes({ kind, scope }: TableFilter): string {
  const types = (scope & ObjectScope.DEFAULT) === 0 ? 0 : kind;
  const list = [
    ...((types & ObjectKind.TABLE) !== 0 ? ["'U'"] : []),
    ...((types & ObjectKind.VIEW) !== 0 ? ["'V'"] : []),
  ];
  return list.length === 0 ? "NULL" : list.join(", ");
}

const isTemporary = (name: string): boolean => name.startsWith("#");

/** Where objects of other types are: the same as for tables, `'SO'` for sequences. */
export function placeOfType(schema: string | null, type: string): Place {
  return placeOf({ schema, kind: 0, scope: ObjectScope.DEFAULT, names: null }, `'${type}'`);
}

/** Where the tables of a filter are. Temporary ones are found by name, in a database of their own. */
export function placeOf(filter: TableFilter, types: string = objectTypes(filter)): Place {
  const { schema, names } = filter;
  const parameters: Record<string, unknown> = {};
  const marker = (name: string, value: unknown): string => {
    parameters[name] = value;
    return `@${name}`;
  };
  if (names?.some(isTemporary) && (filter.scope & ObjectScope.TEMPORARY) !== 0) {
    const ids = names.map(
      (name, place) => `OBJECT_ID(${marker(`n${place}`, `tempdb..[${name.replaceAll("]", "]]")}]`)})`,
    );
    return { sys: "tempdb.sys", objects: ids.join(", "), parameters, database: null };
  }
  const { database, owner } = schema === null ? { database: null, owner: null } : ownerOf(schema);
  const sys = database === null ? "sys" : `[${database.replaceAll("]", "]]")}].sys`;
  const conditions = [`o.type IN (${types})`, `s.name = ${owner === null ? "SCHEMA_NAME()" : marker("owner", owner)}`];
  if (names !== null && names.length <= manyNames)
    conditions.push(
      names.length === 0 ? "1 = 0" : `o.name IN (${names.map((name, place) => marker(`n${place}`, name)).join(", ")})`,
    );
  const objects = `SELECT o.object_id FROM ${sys}.objects o JOIN ${sys}.schemas s ON s.schema_id = o.schema_id WHERE ${conditions.join(" AND ")}`;
  return { sys, objects, parameters, database };
}

/** Names of the tables of a filter by number, in alphabetical order; once for all aspects. */
export function tableNames(session: CatalogSession, filter: TableFilter): Step<ReadonlyMap<number, string>> {
  return session.once(`mssql tables ${JSON.stringify(filter)}`, function* () {
    const { sys, objects, parameters } = placeOf(filter);
    const { rows } = yield* session.query(
      `SELECT t.object_id, t.name FROM ${sys}.objects t WHERE t.object_id IN (${objects}) ORDER BY t.name`,
      parameters,
    );
    const wanted = filter.names !== null && filter.names.length > manyNames ? new Set(filter.names) : null;
    return new Map(
      rows
        .map(([id, name]): [number, string] => [Number(id), ownName(String(name))])
        .filter(([, name]) => wanted === null || wanted.has(name)),
    );
  });
}

/** Temporary tables have the number of their session behind their name: `#t______0000A1`. */
function ownName(name: string): string {
  return isTemporary(name) ? name.replace(/_{2,}[0-9A-F]{12}$/, "") : name;
}

/** Runs a query about the tables of a filter, whose number stands first in each row, and groups what it makes of the rows. */
export function* perTable<T>(
  session: CatalogSession,
  filter: TableFilter,
  sql: (place: Place) => string,
  read: (row: DriverRow) => T,
): Step<Map<string, T[]>> {
  const names = yield* tableNames(session, filter);
  const found = new Map<string, T[]>();
  if (names.size === 0) return found;
  const place = placeOf(filter);
  const { rows } = yield* session.query(sql(place), place.parameters);
  for (const row of rows) {
    const name = names.get(Number(row[0]));
    if (name === undefined) continue;
    const group = found.get(name);
    if (group === undefined) found.set(name, [read(row)]);
    else group.push(read(row));
  }
  return found;
}

/** A BIT as drivers give it. */
export function flag(value: unknown): boolean {
  return value === true || value === 1 || value === 1n;
}

/** Text, or null. */
export function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
