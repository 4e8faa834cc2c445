/** COPY for programs: `copyFrom()` writes rows or a stream into a table, `copyTo()` reads a table or a query as a stream. */
import {
  ArgumentError,
  beginStep,
  ClauseElement,
  type Column,
  type ConnectionCore,
  effectiveSchema,
  InvalidRequestError,
  quoteIdentifier,
  Table,
  translateFailure,
} from "@athanor/core";
import { runAsync } from "@athanor/driver";
import { type CopySource, PostgresConnection } from "./connection.ts";
import { type CopyRow, textRows } from "./copy-text.ts";

/** A connection of `@athanor/async` to PostgreSQL. */
export interface CopyConnection {
  /** @internal */
  readonly core: ConnectionCore;
}

/** How the bytes are written. */
export interface CopyFormat {
  /** Default `"text"`. */
  readonly format?: "text" | "csv" | "binary";
  /** The first line has the columns' names. */
  readonly header?: boolean;
  readonly delimiter?: string;
  /** What stands for NULL. */
  readonly null?: string;
  readonly quote?: string;
  readonly escape?: string;
  readonly encoding?: string;
  /** Columns by key, in the order of the data. Default: all of the table's that are not computed. */
  readonly columns?: readonly string[];
}

/**
 * Writes rows into a table by COPY, the fastest way in. One statement: all rows are written, or none. Rows are objects by
 * column key or arrays; each value goes through its column's type. No defaults of the program's are computed; columns that
 * are left out get the database's. A transaction begins where there is none.
 *
 * @param options.columns column keys. Default: the keys of the first row; with arrays: all columns.
 * @returns how many rows were written.
 * @example await copyFrom(connection, users, [{ name: "a" }, { name: "b" }]);
 */
export function copyFrom(
  connection: CopyConnection,
  target: Table,
  rows: AsyncIterable<CopyRow> | Iterable<CopyRow>,
  options?: { readonly columns?: readonly string[] },
): Promise<number> {
  const { core } = connection;
  return (async () => {
    const { first, all } = await peek(rows);
    const keys = options?.columns ?? (first === undefined || Array.isArray(first) ? undefined : Object.keys(first));
    const columns = columnsOf(target, keys);
    const sql = `COPY ${tableText(core, target)} ${listText(core, columns)} FROM STDIN`;
    return copyIn(core, sql, textRows(all, columns, core.dialect));
  })();
}

/**
 * Sends bytes or text in one of COPY's own formats: a CSV file as it is.
 *
 * @example await copyStreamFrom(connection, users, createReadStream("users.csv"), { format: "csv", header: true });
 */
export function copyStreamFrom(
  connection: CopyConnection,
  target: Table,
  source: CopySource,
  options: CopyFormat = {},
): Promise<number> {
  const { core } = connection;
  const columns = columnsOf(target, options.columns);
  return copyIn(
    core,
    `COPY ${tableText(core, target)} ${listText(core, columns)} FROM STDIN${formatText(options)}`,
    source,
  );
}

async function copyIn(core: ConnectionCore, sql: string, source: CopySource): Promise<number> {
  const driver = await ready(core, sql);
  try {
    return await driver.copyFrom(sql, source);
  } catch (error) {
    throw await failure(core, sql, error);
  } finally {
    core.pending = null;
  }
}

/**
 * Reads a table or a query by COPY, as chunks of bytes that hold whole rows. A slow reader makes the server wait. A reader
 * that stops early ends the statement on the server, after which the transaction can only be rolled back.
 *
 * @example await pipeline(copyTo(connection, select(users), { format: "csv", header: true }), createWriteStream("users.csv"));
 */
export async function* copyTo(
  connection: CopyConnection,
  source: Table | ClauseElement,
  options: CopyFormat = {},
): AsyncGenerator<Uint8Array, void> {
  const { core } = connection;
  const sql = `COPY ${sourceText(core, source, options)} TO STDOUT${formatText(options)}`;
  const driver = await ready(core, sql);
  try {
    yield* driver.copyTo(sql);
  } catch (error) {
    throw await failure(core, sql, error);
  } finally {
    core.pending = null;
  }
}

/** The driver's connection, in a transaction and free. */
async function ready(core: ConnectionCore, sql: string): Promise<PostgresConnection> {
  core.check();
  if (core.transaction === null) await runAsync(beginStep(core));
  const driver = core.driverConnection;
  if (!(driver instanceof PostgresConnection)) {
    throw new InvalidRequestError(
      `COPY needs a connection to PostgreSQL, not over ${core.dialect.driver?.name ?? "no driver"}`,
    );
  }
  core.log?.statement(sql, "raw sql", []);
  if (core.lease !== null) core.lease.activity = sql;
  core.pending = sql;
  return driver;
}

async function failure(core: ConnectionCore, sql: string, error: unknown): Promise<unknown> {
  return runAsync(translateFailure(core.engine, core, error, { statement: sql, parameters: undefined }));
}

function columnsOf(target: Table, keys: readonly string[] | undefined): readonly Column[] {
  if (!(target instanceof Table)) throw new ArgumentError("COPY writes into a table()");
  const all = [...target.columns] as Column[];
  if (keys === undefined) return all.filter((column) => column.computed === null);
  return keys.map((key) => {
    const found = all.find((column) => column.key === key);
    if (found !== undefined) return found;
    throw new ArgumentError(`the table ${String(target.name)} has no column ${JSON.stringify(key)}`, {
      fix: `its columns are ${all.map((column) => column.key).join(", ")}`,
    });
  });
}

function quoted(core: ConnectionCore, name: string): string {
  return quoteIdentifier(name, core.dialect.identifiers);
}

function tableText(core: ConnectionCore, { name, schema }: Table): string {
  const effective = effectiveSchema(core.options, schema);
  return (effective === null ? "" : `${quoted(core, effective)}.`) + quoted(core, String(name));
}

function listText(core: ConnectionCore, columns: readonly Column[]): string {
  return `(${columns.map((column) => quoted(core, String(column.name))).join(", ")})`;
}

function sourceText(core: ConnectionCore, source: Table | ClauseElement, { columns }: CopyFormat): string {
  if (source instanceof Table) return `${tableText(core, source)} ${listText(core, columnsOf(source, columns))}`;
  if (!(source instanceof ClauseElement)) throw new ArgumentError("COPY reads a table() or a statement");
  const schemaTranslateMap = core.options.schemaTranslateMap ?? undefined;
  const { sql } = source.compile({
    dialect: core.dialect,
    literalBinds: true,
    ...(schemaTranslateMap === undefined ? {} : { schemaTranslateMap }),
  });
  return `(${sql})`;
}

const named = [
  ["delimiter", "DELIMITER"],
  ["null", "NULL"],
  ["quote", "QUOTE"],
  ["escape", "ESCAPE"],
  ["encoding", "ENCODING"],
] as const;

function formatText(options: CopyFormat): string {
  const parts: string[] = [];
  const { format, header } = options;
  if (format !== undefined) {
    if (!["text", "csv", "binary"].includes(format))
      throw new ArgumentError(`COPY has no format ${JSON.stringify(format)}`);
    parts.push(`FORMAT ${format}`);
  }
  if (header !== undefined) parts.push(`HEADER ${header ? "true" : "false"}`);
  for (const [option, word] of named) {
    const value = options[option];
    if (value !== undefined) parts.push(`${word} '${value.replaceAll("'", "''")}'`);
  }
  return parts.length === 0 ? "" : ` WITH (${parts.join(", ")})`;
}

/** The first row, and all of them. */
async function peek(
  rows: AsyncIterable<CopyRow> | Iterable<CopyRow>,
): Promise<{ readonly first: CopyRow | undefined; readonly all: AsyncIterable<CopyRow> | Iterable<CopyRow> }> {
  if (Array.isArray(rows)) return { first: rows[0] as CopyRow | undefined, all: rows as readonly CopyRow[] };
  const iterator =
    Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : (rows as Iterable<CopyRow>)[Symbol.iterator]();
  const next = await iterator.next();
  if (next.done) return { first: undefined, all: [] };
  const first = next.value as CopyRow;
  async function* rest(): AsyncGenerator<CopyRow, void> {
    try {
      yield first;
      for (;;) {
        const result = await iterator.next();
        if (result.done) return;
        yield result.value as CopyRow;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return { first, all: rest() };
}
