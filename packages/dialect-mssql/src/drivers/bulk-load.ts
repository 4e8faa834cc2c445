/** The shortcut for many rows: the protocol's own bulk load instead of INSERT statements. */
import {
  ArgumentError,
  autobeginStep,
  type Column,
  Compiler,
  type CompilerDialect,
  type ConnectionCore,
  InvalidRequestError,
  type SqlType,
  type Table,
  type TypeDialect,
  translateFailure,
} from "@athanor/core";
import { type ExecuteOptions, runAsync } from "@athanor/driver";
import type { TdsParameterType } from "../types/parameter.ts";
import { TediousConnection } from "./connection.ts";

/** Options of {@link bulkLoad}. */
export interface BulkLoadOptions extends Pick<ExecuteOptions, "signal" | "statementTimeout"> {
  /** CHECK and FOREIGN KEY constraints are checked. Default true; the server's own default is not to. */
  readonly checkConstraints?: boolean;
  /** Triggers of INSERT are run. Default false. */
  readonly fireTriggers?: boolean;
  /** NULL stays NULL where a column has a default. Default true. */
  readonly keepNulls?: boolean;
  /** The whole table is locked meanwhile. Default false. */
  readonly lockTable?: boolean;
  /** Columns, by key. Default: those of the first row. */
  readonly columns?: readonly string[];
}

/** What {@link bulkLoad} asks of a connection: `AsyncConnection` has it. */
export interface BulkConnection {
  readonly core: ConnectionCore;
}

type Row = Readonly<Record<string, unknown>>;

/**
 * Loads rows by the protocol's bulk load, `INSERT BULK`: several times faster than INSERT, and without its limit of
 * parameters. It belongs to the connection's transaction, and begins one where none is open. Defaults of the program
 * (`default`, sequences) are not computed, and keys are not given back.
 *
 * @param rows one object per row, by the columns' keys; read as the server takes them. All have the same keys.
 * @returns the number of rows.
 * @throws ArgumentError for unknown columns, and for rows that differ from the first.
 * @example await mssql.bulkLoad(conn, users, [{ name: "a" }, { name: "b" }])
 */
export async function bulkLoad(
  connection: BulkConnection,
  table: Table,
  rows: Iterable<Row> | AsyncIterable<Row>,
  options: BulkLoadOptions = {},
): Promise<number> {
  const { core } = connection;
  core.check();
  const dialect = core.dialect as CompilerDialect & TypeDialect;
  if (core.transaction === null) await runAsync(autobeginStep(core));
  const { driverConnection } = core;
  if (!(driverConnection instanceof TediousConnection))
    throw new InvalidRequestError("bulkLoad() needs a connection of the driver tedious");
  const iterator = iteratorOf(rows);
  const first = await iterator.next();
  if (first.done === true) return 0;
  const keys = options.columns ?? Object.keys(first.value);
  const columns = keys.map((key) => columnOf(table, key, dialect));
  const encoder = driverConnection.encoder;
  const values = (row: Row): unknown[] => {
    const unknown = Object.keys(row).find((key) => !keys.includes(key));
    if (unknown !== undefined)
      throw new ArgumentError(`bulkLoad(): a row has ${JSON.stringify(unknown)}, the first one had not`, {
        fix: "name the columns, { columns: [...] }, or give every row the same keys",
      });
    return columns.map(({ key, convert, said }) => {
      const value = row[key];
      if (value === undefined)
        throw new ArgumentError(`bulkLoad(): a row has no ${JSON.stringify(key)}`, { fix: "pass null for SQL NULL" });
      return encoder.encode(convert(value), said).value;
    });
  };
  const all = async function* (): AsyncGenerator<unknown[]> {
    yield values(first.value);
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield values(next.value);
  };
  const { checkConstraints = true, fireTriggers = false, keepNulls = true, lockTable = false } = options;
  const name = new Compiler(dialect).hook<Table>("tableName", table);
  try {
    return await driverConnection.bulkLoad(
      name,
      { checkConstraints, fireTriggers, keepNulls, lockTable },
      all(),
      (bulk) => {
        for (const { name: columnName, said, nullable } of columns) {
          const { type, options: narrowed } = encoder.column(said);
          bulk.addColumn(columnName, type, { ...narrowed, nullable });
        }
      },
      options,
    );
  } catch (error) {
    throw await runAsync(
      translateFailure(core.engine, core, error, { statement: `INSERT BULK ${name}`, parameters: undefined }),
    );
  }
}

interface BulkColumn {
  readonly key: string;
  readonly name: string;
  readonly nullable: boolean;
  readonly said: TdsParameterType;
  readonly convert: (value: unknown) => unknown;
}

function columnOf(table: Table, key: string, dialect: CompilerDialect & TypeDialect): BulkColumn {
  const column = [...table.c].find((candidate) => candidate.key === key) as Column | undefined;
  if (column === undefined)
    throw new ArgumentError(`bulkLoad(): ${table.name} has no column ${JSON.stringify(key)}`, {
      fix: `its columns are ${[...table.c].map((candidate) => String(candidate.key)).join(", ")}`,
    });
  const name = String(column.name);
  if (/[\]\u0000]/.test(name))
    throw new ArgumentError(`bulkLoad() cannot write the column name ${JSON.stringify(name)}`);
  const type = dialect.adaptType(column.type as SqlType);
  const said = dialect.parameterType?.(type, false) as TdsParameterType | undefined;
  const processor = type.bindProcessor(dialect);
  return {
    key,
    name,
    nullable: column.nullable,
    said: said ?? { name: "nvarchar", isLong: true },
    convert: (value) => (value === null || processor === null ? value : processor(value)),
  };
}

function iteratorOf(rows: Iterable<Row> | AsyncIterable<Row>): AsyncIterator<Row> | Iterator<Row> {
  return Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
}
