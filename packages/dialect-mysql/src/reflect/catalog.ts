/** Questions to `information_schema`, about many tables at once. */
import { type CatalogSession, ObjectKind, ObjectScope, type TableFilter } from "@athanor/core";
import type { DriverRow, Step } from "@athanor/driver";
import type { ServerFacts } from "../server.ts";
import { readTemporaryTable, type TemporaryTable } from "./temporary.ts";

/** The server that is read. */
export function serverOf(session: CatalogSession): ServerFacts {
  return session.dialect as unknown as ServerFacts;
}

/** What a name in a schema is compared with. */
export function inSchema(column: string, schema: string | null, parameters: unknown[]): string {
  if (schema === null) return `${column} = DATABASE()`;
  parameters.push(schema);
  return `${column} = ?`;
}

/** `TABLE_TYPE` of what is asked for. There are no materialized views. */
function tableTypes({ kind, scope }: TableFilter): readonly string[] {
  if ((scope & ObjectScope.DEFAULT) === 0) return [];
  return [
    ...((kind & ObjectKind.TABLE) !== 0 ? ["BASE TABLE", "SYSTEM VERSIONED"] : []),
    ...((kind & ObjectKind.VIEW) !== 0 ? ["VIEW", "SYSTEM VIEW"] : []),
  ];
}

/** A row of `information_schema.TABLES`. */
export interface TableRow {
  readonly name: string;
  readonly engine: string | null;
  readonly collation: string | null;
  readonly options: string;
  readonly comment: string | null;
  readonly isView: boolean;
  /** A temporary table, of which `information_schema` knows nothing. */
  readonly temporary: TemporaryTable | null;
}

/** The tables of a filter; once for all aspects. Temporary ones only where they are asked for by name. */
export function tableRows(session: CatalogSession, filter: TableFilter): Step<readonly TableRow[]> {
  return session.once(`mysql tables ${JSON.stringify(filter)}`, function* () {
    const lasting = yield* lastingTables(session, filter);
    const isAskedFor = (filter.scope & ObjectScope.TEMPORARY) !== 0 && (filter.kind & ObjectKind.TABLE) !== 0;
    if (!isAskedFor || filter.names === null) return lasting;
    const found = [...lasting];
    for (const name of filter.names) {
      if (lasting.some((table) => table.name === name)) continue;
      const temporary = yield* readTemporaryTable(session, name, filter.schema);
      if (temporary !== null) found.push({ ...temporary, isView: false, temporary });
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  });
}

function* lastingTables(session: CatalogSession, filter: TableFilter): Step<readonly TableRow[]> {
  const { schema, names } = filter;
  const types = tableTypes(filter);
  if (types.length === 0 || names?.length === 0) return [];
  const parameters: unknown[] = [];
  const conditions = [inSchema("TABLE_SCHEMA", schema, parameters)];
  conditions.push(`TABLE_TYPE IN (${types.map(() => "?").join(", ")})`);
  parameters.push(...types);
  if (names !== null) {
    conditions.push(`TABLE_NAME IN (${names.map(() => "?").join(", ")})`);
    parameters.push(...names);
  }
  const { rows } = yield* session.query(
    `SELECT TABLE_NAME, ENGINE, TABLE_COLLATION, CREATE_OPTIONS, TABLE_COMMENT, TABLE_TYPE FROM information_schema.TABLES WHERE ${conditions.join(" AND ")} ORDER BY TABLE_NAME`,
    parameters,
  );
  return rows.map(
    ([name, engine, collation, options, comment, type]): TableRow => ({
      name: String(name),
      engine: engine as string | null,
      collation: collation as string | null,
      options: String(options ?? ""),
      comment: comment as string | null,
      isView: String(type).endsWith("VIEW"),
      temporary: null,
    }),
  );
}

/**
 * Runs a query about the tables of a filter, and groups what it makes of the rows by the table whose name stands first in each.
 *
 * @param sql from SELECT to WHERE; conditions on the schema and the table are added behind it.
 * @param rowsOf the same rows of a temporary table.
 */
export function* perTable<T>(
  session: CatalogSession,
  filter: TableFilter,
  sql: string,
  order: string,
  read: (row: DriverRow) => T,
  { alias = "", rowsOf }: { readonly alias?: string; readonly rowsOf?: (table: TemporaryTable) => DriverRow[] } = {},
): Step<Map<string, T[]>> {
  const found = new Map<string, T[]>();
  const tables: TableRow[] = [];
  for (const table of yield* tableRows(session, filter)) {
    if (table.temporary === null) tables.push(table);
    else if (rowsOf !== undefined) found.set(table.name, rowsOf(table.temporary).map(read));
  }
  if (tables.length === 0) return found;
  const parameters: unknown[] = [];
  const conditions = [inSchema(`${alias}TABLE_SCHEMA`, filter.schema, parameters)];
  if (filter.names !== null) {
    conditions.push(`${alias}TABLE_NAME IN (${tables.map(() => "?").join(", ")})`);
    parameters.push(...tables.map((table) => table.name));
  }
  const { rows } = yield* session.query(`${sql}${conditions.join(" AND ")} ORDER BY ${order}`, parameters);
  for (const row of rows) {
    const name = String(row[0]);
    const group = found.get(name);
    if (group === undefined) found.set(name, [read(row)]);
    else group.push(read(row));
  }
  return found;
}

/** Expressions as the catalog of MySQL keeps them: quotes are escaped as in a string, and UTF-8 is encoded twice. MariaDB's are plain SQL. */
export function expressionText(session: CatalogSession, text: string): string {
  return withBackticks(serverOf(session).isMariaDB ? text : decodedOnce(text).replaceAll(/\\(['\\])/g, "$1"));
}

/** Names that the server writes in double quotes, because of ANSI_QUOTES, as they are understood in every mode. */
function withBackticks(text: string): string {
  if (!text.includes('"')) return text;
  return text.replaceAll(/'(?:[^'\\]|''|\\[\s\S])*'|`(?:[^`]|``)*`|"((?:[^"]|"")*)"/g, (piece, name?: string) =>
    name === undefined ? piece : `\`${name.replaceAll('""', '"').replaceAll("`", "``")}\``,
  );
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Undoes the second encoding, in which each byte has become a character; a server that does not do it is left alone. */
function decodedOnce(text: string): string {
  if (!/[\u0080-\uffff]/.test(text) || /[\u0100-\uffff]/.test(text)) return text;
  try {
    return decoder.decode(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  } catch {
    return text;
  }
}

/** A name of a table option as ours: `row_format` as `mysqlRowFormat`. */
export function optionName(session: CatalogSession, name: string): string {
  const words = name.toLowerCase().split(/[\s_]+/);
  return session.dialect.name + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}
