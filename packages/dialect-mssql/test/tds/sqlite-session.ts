/**
 * Executes T-SQL on node:sqlite, as far as rewriting goes: what the dialect renders for plain tables, keys, OUTPUT, TOP and
 * OFFSET. Checks what SQL Server would: IDENTITY_INSERT, errors with its numbers and texts. Proves the way of statements,
 * keys and rows through the driver; says nothing of T-SQL's own semantics.
 */
import { DatabaseSync } from "node:sqlite";
import type { TdsColumn } from "./column.ts";
import type { TdsReply, TdsSession, TdsStatement } from "./server.ts";
import type { TdsMessage } from "./tokens.ts";

const OUTPUT_BEFORE_VALUES =
  /^(INSERT INTO [\s\S]*?) OUTPUT (inserted\.[\s\S]*?) (VALUES|SELECT|DEFAULT VALUES)\b([\s\S]*)$/;
const OUTPUT_BEFORE_WHERE =
  /^((?:UPDATE|DELETE FROM) [\s\S]*?) OUTPUT ((?:inserted|deleted)\.[\s\S]*?)( WHERE [\s\S]*)?$/;
const NUMBERED_ROWS = /FROM \(VALUES ([\s\S]*)\) AS imp_sen\(([^)]*)\)/;

/** Pairs of patterns and what they become. */
const rewrites: readonly (readonly [RegExp, string | ((...parts: string[]) => string)])[] = [
  [/ IDENTITY\b(?:\(\d+,\d+\))?/g, ""],
  [/\bN'/g, "'"],
  [/\b(N?VARCHAR|VARBINARY)\(max\)/gi, "$1"],
  [/\bDATETIME NULL DEFAULT CURRENT_TIMESTAMP/g, "DATETIME DEFAULT CURRENT_TIMESTAMP"],
  [/\bdbo\./g, ""],
  [/\bLEN\(/g, "length("],
  [/\bSAVE TRANSACTION /g, "SAVEPOINT "],
  [/\bROLLBACK TRANSACTION /g, "ROLLBACK TO SAVEPOINT "],
  [
    /\bSELECT (DISTINCT )?TOP (\d+) ([\s\S]*)$/,
    (_, distinct = "", count = "", rest = "") => `SELECT ${distinct}${rest} LIMIT ${count}`,
  ],
  [
    /OFFSET (\S+) ROWS\s+FETCH FIRST (\S+) ROWS ONLY/,
    (_, offset = "0", count = "-1") => `LIMIT ${count} OFFSET ${offset}`,
  ],
  [NUMBERED_ROWS, (_, rows = "", names = "") => `FROM (${numbered(rows, names)}) AS imp_sen`],
  [
    OUTPUT_BEFORE_VALUES,
    (_, head = "", columns = "", verb = "", rest = "") => `${head} ${verb}${rest} RETURNING ${withoutTables(columns)}`,
  ],
  [
    OUTPUT_BEFORE_WHERE,
    (_, head = "", columns = "", where = "") => `${head}${where} RETURNING ${withoutTables(columns)}`,
  ],
];

function numbered(rows: string, names: string): string {
  const columns = names.split(", ").map((name, index) => `column${index + 1} AS ${name}`);
  return `SELECT ${columns.join(", ")} FROM (VALUES ${rows})`;
}

function withoutTables(columns: string): string {
  return columns.replaceAll(/\b(?:inserted|deleted)\./g, "");
}

/** A session with a database of its own, or one that others share. */
export class SqliteSession implements TdsSession {
  readonly #database: DatabaseSync;
  readonly #owns: boolean;
  readonly #identities = new Map<string, string>();
  #identityInsert: string | null = null;
  #lastId: number | bigint | null = null;

  constructor(database?: DatabaseSync) {
    this.#owns = database === undefined;
    this.#database = database ?? new DatabaseSync(":memory:");
    this.#database.exec("PRAGMA foreign_keys = ON");
  }

  begin(): void {
    this.#database.exec("BEGIN");
  }
  commit(): void {
    this.#database.exec("COMMIT");
  }
  rollback(): void {
    this.#database.exec("ROLLBACK");
  }
  close(): void {
    if (this.#owns && this.#database.isOpen) this.#database.close();
  }

  query(statement: TdsStatement): TdsReply {
    const [sql = "", keyQuery] = statement.sql.split("; SELECT SCOPE_IDENTITY()");
    const reply = this.#catalog(sql, statement) ?? this.#run(sql, statement);
    if (keyQuery === undefined || reply.errors !== undefined) return reply;
    const key = { columns: [decimal("lastrowid", 0)], rows: [[this.#lastId]] };
    return { results: [...(reply.results ?? []), key] };
  }

  /** What is asked of SQL Server's own views. */
  #catalog(sql: string, { parameters }: TdsStatement): TdsReply | null {
    const parameter = (name: string): string => String(parameters.find((one) => one.name === name)?.value);
    const switched = /^SET IDENTITY_INSERT (\S+) (ON|OFF)$/.exec(sql);
    if (switched !== null) {
      this.#identityInsert = switched[2] === "ON" ? (switched[1] as string) : null;
      return { results: [{ count: null }] };
    }
    if (/SERVERPROPERTY/.test(sql)) return rows(["version", "schema"], [["16.0.4085.2", "dbo"]]);
    if (/sys\.dm_exec_sessions/.test(sql)) return rows(["level"], [[2]]);
    const view = /sys\.(tables|views|sequences)\b/.exec(sql)?.[1];
    if (view === undefined) return null;
    const found = this.#database
      .prepare("SELECT 1 FROM sqlite_master WHERE type = ? AND name = ?")
      .all(view.slice(0, -1), parameter("name"));
    return rows(
      ["found"],
      found.map(() => [1]),
    );
  }

  #run(given: string, { parameters }: TdsStatement): TdsReply {
    this.#noteIdentity(given);
    const refusal = this.#checkIdentity(given);
    if (refusal !== null) return { errors: [refusal] };
    let sql = given;
    for (const [pattern, replacement] of rewrites) sql = sql.replace(pattern, replacement as string);
    try {
      const prepared = this.#database.prepare(sql);
      const values: Record<string, never> = {};
      for (const { name, value } of parameters)
        if (new RegExp(`@${name}\\b`).test(sql))
          values[`@${name}`] = (typeof value === "boolean" ? Number(value) : value) as never;
      const described = prepared.columns();
      if (described.length === 0) {
        const { changes, lastInsertRowid } = prepared.run(values);
        if (/^INSERT/.test(sql)) this.#lastId = lastInsertRowid;
        return { results: [{ count: /^(?:INSERT|UPDATE|DELETE)/.test(sql) ? Number(changes) : null }] };
      }
      prepared.setReturnArrays(true);
      const found = prepared.all(values) as unknown as unknown[][];
      const columns = described.map(({ name, type }, index) => columnOf(name, type, found, index));
      return { results: [{ columns, rows: found }] };
    } catch (error) {
      return { errors: [translated((error as Error).message, given)] };
    }
  }

  #noteIdentity(sql: string): void {
    const table = /^\s*CREATE TABLE (\S+) /.exec(sql)?.[1];
    const column = /(\w+) \w+ NOT NULL IDENTITY/.exec(sql)?.[1];
    if (table !== undefined && column !== undefined) this.#identities.set(table, column);
  }

  #checkIdentity(sql: string): TdsMessage | null {
    const [, table = "", names = ""] = /^INSERT INTO (\S+) \(([^)]*)\)/.exec(sql) ?? [];
    const identity = this.#identities.get(table);
    const isGiven = identity !== undefined && names.split(", ").includes(identity);
    if (!isGiven || this.#identityInsert === table) return null;
    return {
      number: 544,
      message: `Cannot insert explicit value for identity column in table '${table}' when IDENTITY_INSERT is set to OFF.`,
    };
  }
}

const decimal = (name: string, scale: number): TdsColumn => ({ name, type: "decimal", precision: 38, scale });

function rows(names: readonly string[], values: readonly (readonly unknown[])[]): TdsReply {
  const columns = names.map(
    (name, index): TdsColumn => ({
      name,
      type: typeof values[0]?.[index] === "number" ? "int" : "nvarchar",
    }),
  );
  return { results: [{ columns, rows: values }] };
}

/** By the declared type, or by the first value where there is none. */
function columnOf(name: string, declared: string | null, found: readonly unknown[][], index: number): TdsColumn {
  const type = (declared ?? "").toUpperCase();
  const value = found.find((row) => row[index] !== null)?.[index];
  if (/BIGINT/.test(type)) return { name, type: "bigint" };
  if (/NUMERIC|DECIMAL/.test(type)) return decimal(name, Number(/,\s*(\d+)/.exec(type)?.[1] ?? 0));
  if (/DATETIME/.test(type)) return { name, type: "datetime2", scale: 3 };
  if (/BIT/.test(type)) return { name, type: "bit" };
  if (/INT/.test(type)) return { name, type: "int" };
  if (/FLOAT/.test(type)) return { name, type: "float" };
  if (value instanceof Uint8Array) return { name, type: "varbinary(max)" };
  if (typeof value === "bigint") return { name, type: "bigint" };
  if (typeof value === "number") return { name, type: Number.isInteger(value) ? "int" : "float" };
  return { name, type: "nvarchar(max)" };
}

/** SQLite's errors as SQL Server would put them. */
function translated(text: string, sql: string): TdsMessage {
  const [, table = "", column = ""] = /failed: (\w+)\.(\w+)/.exec(text) ?? [];
  if (text.startsWith("UNIQUE"))
    return {
      number: 2627,
      message: `Violation of UNIQUE KEY constraint 'uq_${table}_${column}'. Cannot insert duplicate key in object 'dbo.${table}'. The duplicate key value is (x).`,
    };
  if (text.startsWith("NOT NULL"))
    return {
      number: 515,
      message: `Cannot insert the value NULL into column '${column}', table 'shop.dbo.${table}'; column does not allow nulls. INSERT fails.`,
    };
  if (text.startsWith("CHECK"))
    return {
      number: 547,
      message: `The INSERT statement conflicted with the CHECK constraint "${text.slice(25)}". The conflict occurred in database "shop", table "dbo.items", column 'x'.`,
    };
  if (text.startsWith("FOREIGN KEY"))
    return {
      number: 547,
      message: `The ${sql.split(" ")[0]} statement conflicted with the FOREIGN KEY constraint "fk". The conflict occurred in database "shop", table "dbo.parent", column 'id'.`,
    };
  const missing = /no such table: (\w+)/.exec(text)?.[1];
  if (missing !== undefined) return { number: 208, message: `Invalid object name '${missing}'.` };
  const unknown = /no such column: (\w+)/.exec(text)?.[1];
  if (unknown !== undefined) return { number: 207, message: `Invalid column name '${unknown}'.` };
  return { number: 102, message: `Incorrect syntax: ${text}` };
}
