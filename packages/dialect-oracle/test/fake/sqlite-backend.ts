/**
 * Executes Oracle's SQL on node:sqlite, as far as rewriting goes: plain tables, keys, RETURNING … INTO, FETCH FIRST. Empty text
 * is NULL, errors have Oracle's numbers. Proves the way of statements, keys and rows through the driver, not Oracle's SQL.
 */
import { DatabaseSync } from "node:sqlite";
import type { FakeBackend, FakeBind, FakeColumn, FakeReply, FakeStatement } from "./backend.ts";
import { oracleError } from "./install.ts";

const RETURNING = /^([\s\S]*?) RETURNING ([\s\S]*?) INTO :[\s\S]*$/;

/** Pairs of patterns and what they become. */
const rewrites: readonly (readonly [RegExp, string | ((...parts: string[]) => string)])[] = [
  [/ GENERATED (?:BY DEFAULT|ALWAYS) AS IDENTITY(?: \([^)]*\))?/g, ""],
  [/\bN?VARCHAR2\((\d+)(?: CHAR)?\)/g, "VARCHAR($1)"],
  [/\bNUMBER\(19\)/g, "BIGINT"],
  [/ FROM DUAL\b/g, ""],
  [/\s+OFFSET (\d+) ROWS\s+FETCH FIRST (\d+) ROWS ONLY/, " LIMIT $2 OFFSET $1"],
  [/\s+FETCH FIRST (\d+) ROWS ONLY/, " LIMIT $1"],
  [RETURNING, (_, head = "", columns = "") => `${head} RETURNING ${columns.replaceAll(/\b\w+\./g, "")}`],
  [/:"(\w+)"/g, ":$1"],
];

/** A session with a database of its own, or one that others share. */
export class SqliteBackend implements FakeBackend {
  readonly #database: DatabaseSync;
  readonly #owns: boolean;

  constructor(database?: DatabaseSync) {
    this.#owns = database === undefined;
    this.#database = database ?? new DatabaseSync(":memory:");
    this.#database.exec("PRAGMA foreign_keys = ON");
  }

  async close(): Promise<void> {
    if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec("ROLLBACK");
    if (this.#owns && this.#database.isOpen) this.#database.close();
  }

  async call({ word }: { readonly word: string }): Promise<unknown> {
    const ends = { COMMIT: "COMMIT", AUTOCOMMIT: "COMMIT", ROLLBACK: "ROLLBACK" }[word];
    if (ends !== undefined && this.#database.isTransaction) this.#database.exec(ends);
    return true;
  }

  async execute(statement: FakeStatement): Promise<FakeReply> {
    return this.#dictionary(statement) ?? this.#run(statement);
  }

  /** What is asked of Oracle's own views. */
  #dictionary({ sql, binds }: FakeStatement): FakeReply | null {
    if (/^ALTER SESSION|^SET TRANSACTION/.test(sql)) return {};
    if (/SYS_CONTEXT\('USERENV', 'CURRENT_SCHEMA'\) FROM DUAL/.test(sql))
      return { columns: [{ name: "S", type: "VARCHAR" }], rows: [["SCOTT"]] };
    const view = /FROM all_(table|view|sequence)s/.exec(sql)?.[1];
    if (view === undefined) return null;
    const name = String(binds.find((bind) => bind.name === "OBJECT_NAME")?.values[0]).toLowerCase();
    const found = this.#database
      .prepare("SELECT 1 FROM sqlite_master WHERE type = ? AND lower(name) = ?")
      .all(view, name);
    return { columns: [{ name: "1", type: "NUMBER" }], rows: found.map(() => ["1"]) };
  }

  #run({ sql: given, binds, iterations }: FakeStatement): FakeReply {
    let sql = given;
    for (const [pattern, replacement] of rewrites) sql = sql.replace(pattern, replacement as string);
    if (/^\s*(?:INSERT|UPDATE|DELETE|SAVEPOINT)/.test(sql) && !this.#database.isTransaction)
      this.#database.exec("BEGIN");
    try {
      const prepared = this.#database.prepare(sql);
      const described = prepared.columns();
      const ins = binds.filter(({ isOut }) => !isOut);
      let affected = 0;
      const out: unknown[][] = [];
      for (let index = 0; index < iterations; index++) {
        const values = valuesOf(ins, index, sql);
        if (described.length === 0) {
          affected += Number(prepared.run(values).changes);
          continue;
        }
        prepared.setReturnArrays(true);
        const rows = prepared.all(values) as unknown as unknown[][];
        if (!RETURNING.test(given)) {
          const columns = described.map(({ name, type }, position) => columnOf(name, type, rows, position));
          return {
            columns,
            rows: rows.map((row) => row.map((value, at) => toOracle(value, columns[at] as FakeColumn))),
          };
        }
        affected += rows.length;
        const outs = binds.filter(({ isOut }) => isOut);
        out.push(outs.map((bind, at) => rows.map((row) => toOut(row[at], bind))));
      }
      return { affected, out };
    } catch (error) {
      throw translated((error as Error).message);
    }
  }
}

/** Dates go as they would go over the wire: by their local clock. */
function valuesOf(binds: readonly FakeBind[], index: number, sql: string): Record<string, never> {
  const values: Record<string, unknown> = {};
  for (const { key, values: all } of binds) {
    const name = key.replaceAll('"', "");
    if (!new RegExp(`:${name}\\b`).test(sql)) continue;
    const value = all[index] ?? null;
    values[`:${name}`] =
      value === ""
        ? null
        : value instanceof Date
          ? clockText(value)
          : typeof value === "boolean"
            ? Number(value)
            : value;
  }
  return values as Record<string, never>;
}

function clockText(date: Date): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function columnOf(name: string, declared: string | null, rows: readonly unknown[][], position: number): FakeColumn {
  const type = (declared ?? "").toUpperCase();
  const upper = name.toUpperCase();
  if (type === "BIGINT") return { name: upper, type: "NUMBER", precision: 19, scale: 0 };
  const numeric = /^(?:NUMERIC|NUMBER)\((\d+), ?(\d+)\)/.exec(type);
  if (numeric !== null)
    return { name: upper, type: "NUMBER", precision: Number(numeric[1]), scale: Number(numeric[2]) };
  if (/INT/.test(type)) return { name: upper, type: "NUMBER", precision: 38, scale: 0 };
  if (/FLOAT/.test(type)) return { name: upper, type: "NUMBER", precision: 126, scale: -127 };
  if (/DATE|TIMESTAMP/.test(type)) return { name: upper, type: "DATE" };
  if (/BLOB/.test(type)) return { name: upper, type: "BLOB" };
  if (/CLOB/.test(type)) return { name: upper, type: "CLOB" };
  const value = rows.find((row) => row[position] !== null)?.[position];
  return { name: upper, type: typeof value === "number" || typeof value === "bigint" ? "NUMBER" : "VARCHAR" };
}

function toOracle(value: unknown, { type }: FakeColumn): unknown {
  if (value === null) return null;
  if (type === "NUMBER") return String(value);
  if (type === "DATE") return new Date(`${String(value).replace(" ", "T")}Z`);
  return value instanceof Uint8Array ? Buffer.from(value) : value;
}

function toOut(value: unknown, { type }: FakeBind): unknown {
  if (value === null || value === undefined) return null;
  if (type.startsWith("TIMESTAMP")) return new Date(`${String(value).replace(" ", "T")}Z`);
  return type === "VARCHAR" ? String(value) : value;
}

/** SQLite's errors as Oracle would put them. */
function translated(text: string): Error {
  const [, table = "", column = ""] = /failed: (\w+)\.(\w+)/.exec(text) ?? [];
  const [T, C] = [table.toUpperCase(), column.toUpperCase()];
  if (text.startsWith("UNIQUE")) return oracleError(1, `unique constraint (SCOTT.UQ_${T}_${C}) violated`);
  if (text.startsWith("NOT NULL")) return oracleError(1400, `cannot insert NULL into ("SCOTT"."${T}"."${C}")`);
  if (text.startsWith("CHECK"))
    return oracleError(2290, `check constraint (SCOTT.${text.slice(25).toUpperCase()}) violated`);
  if (text.startsWith("FOREIGN KEY"))
    return oracleError(2291, "integrity constraint (SCOTT.FK_ITEM) violated - parent key not found");
  if (text.startsWith("no such table")) return oracleError(942, "table or view does not exist");
  const unknown = /no such column: (\w+)/.exec(text)?.[1];
  if (unknown !== undefined) return oracleError(904, `"${unknown.toUpperCase()}": invalid identifier`);
  return oracleError(900, `invalid SQL statement: ${text}`);
}
