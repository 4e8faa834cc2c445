/**
 * Executes on H2 in its Oracle mode: a database of another make, but with empty text as NULL, names in capitals, NULLs last,
 * sequences and identity columns. Needs Java and H2 (Debian: default-jdk-headless, libh2-java).
 */
import { readFileSync } from "node:fs";
import { encode, H2Error, h2Jvm } from "../../../../test/h2/jvm.ts";
import type { FakeBackend, FakeBind, FakeColumn, FakeReply, FakeStatement } from "./backend.ts";
import { oracleError } from "./install.ts";

export { h2Missing, stopH2 } from "../../../../test/h2/jvm.ts";

/** Views by the names of Oracle's. */
const dictionary = readFileSync(new URL("../h2/dictionary.sql", import.meta.url), "utf8")
  .split("\n\n")
  .filter((statement) => !statement.startsWith("--"));

let sessions = 0;

/** A session of the database `name`, which lives as long as the JVM. */
export class H2Backend implements FakeBackend {
  readonly #id = `oracle ${++sessions}`;
  readonly #opened: Promise<void>;

  constructor(name: string) {
    const options = "MODE=Oracle;DEFAULT_NULL_ORDERING=HIGH;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=300;NON_KEYWORDS=VALUE";
    this.#opened = this.#open(`jdbc:h2:mem:${name};${options}`);
  }

  async #open(database: string): Promise<void> {
    await this.#call("OPEN", database);
    for (const sql of dictionary) await this.#call("RUN", encode(sql));
  }

  async #call(...fields: readonly string[]): Promise<string[]> {
    try {
      return await h2Jvm().call(this.#id, ...fields);
    } catch (error) {
      throw error instanceof H2Error ? translated(error) : error;
    }
  }

  async close(): Promise<void> {
    await this.#call("CLOSE");
  }

  async call({ word }: { readonly word: string }): Promise<unknown> {
    await this.#opened;
    const ends = { COMMIT: "COMMIT", AUTOCOMMIT: "COMMIT", ROLLBACK: "ROLLBACK" }[word];
    if (ends !== undefined) await this.#call(ends);
    return true;
  }

  async execute({ sql, binds, iterations }: FakeStatement): Promise<FakeReply> {
    await this.#opened;
    if (/^ALTER SESSION|^SET TRANSACTION/.test(sql)) return {};
    if (/SYS_CONTEXT\('USERENV', 'CURRENT_SCHEMA'\) FROM DUAL/.test(sql))
      return { columns: [{ name: "S", type: "VARCHAR" }], rows: [["PUBLIC"]] };
    const { text, order } = positional(sql.replaceAll("SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')", "'PUBLIC'"), binds);
    let affected = 0;
    const out: unknown[][] = [];
    const outs = binds.filter(({ isOut }) => isOut);
    for (let index = 0; index < iterations; index++) {
      const values = order.map((bind) => field(bind.values[index]));
      const lines = await this.#call("RUN", encode(text), ...values);
      const head = lines[0] ?? "U\t0";
      if (head.startsWith("U\t")) {
        affected += Math.max(0, Number(head.slice(2)));
        continue;
      }
      const columns = head.split("\t").slice(1).map(columnOf);
      const rows = lines.slice(1).map((line) =>
        line
          .split("\t")
          .slice(1)
          .map((value, position) => read(value, columns[position] as FakeColumn)),
      );
      if (outs.length === 0) return { columns, rows };
      affected += rows.length;
      out.push(outs.map((bind, position) => rows.map((row) => asOut(row[position], bind))));
    }
    return { affected, out };
  }
}

/** H2 has no names for parameters, and reads the rows of a change with `FROM FINAL TABLE (…)`. */
function positional(
  sql: string,
  binds: readonly FakeBind[],
): { readonly text: string; readonly order: readonly FakeBind[] } {
  const order: FakeBind[] = [];
  const marked = sql.replace(
    /'(?:[^']|'')*'|(?<![\w:]):("?)([\w$#\p{L}]+)\1|"(?:[^"]|"")*"/gu,
    (whole, quote: string | undefined, name: string | undefined) => {
      if (name === undefined) return whole;
      const bind = binds.find((candidate) => candidate.name === (quote === "" ? name.toUpperCase() : name));
      if (bind === undefined) throw oracleError(1008, "not all variables bound");
      if (!bind.isOut) order.push(bind);
      return "?";
    },
  );
  const returning = /^([\s\S]*?)\s+RETURNING\s+([\s\S]*?)\s+INTO\s+[?,\s]+(?:\/\*.*\*\/)?$/.exec(marked);
  if (returning === null)
    return { text: marked.replace(/ FETCH FIRST (\d+) ROWS ONLY/, " FETCH FIRST $1 ROWS ONLY"), order };
  const [, change = "", columns = ""] = returning;
  const table = /^\s*DELETE/.test(change) ? "OLD" : "FINAL";
  return { text: `SELECT ${columns.replace(/\b\w+\./g, "")} FROM ${table} TABLE (${change})`, order };
}

const two = (number: number): string => String(number).padStart(2, "0");

/** Dates go as they would go over the wire: by their local clock. */
function field(value: unknown): string {
  if (value === null || value === undefined || value === "") return "n";
  if (value instanceof Date) {
    const clock = [value.getHours(), value.getMinutes(), value.getSeconds()].map(two).join(":");
    const fraction = String(Math.trunc(value.getUTCMilliseconds() * 1000)).padStart(6, "0");
    return `t${value.getFullYear()}-${two(value.getMonth() + 1)}-${two(value.getDate())} ${clock}.${fraction}`;
  }
  if (value instanceof Uint8Array) return `b${Buffer.from(value).toString("base64")}`;
  if (typeof value === "boolean") return value ? "z1" : "z0";
  return typeof value === "string" ? `s${encode(value)}` : `d${String(value)}`;
}

function columnOf(text: string): FakeColumn {
  const [label = "", kind = "", precision = "0", scale = "0"] = text.split(":");
  const name = Buffer.from(label, "base64").toString();
  const type = Buffer.from(kind, "base64").toString();
  switch (type) {
    case "INTEGER":
    case "SMALLINT":
      return { name, type: "NUMBER", precision: 38, scale: 0 };
    case "BIGINT":
    case "DECFLOAT":
      return { name, type: "NUMBER" };
    case "NUMERIC":
      return { name, type: "NUMBER", precision: Math.min(Number(precision), 38), scale: Number(scale) };
    case "DOUBLE PRECISION":
    case "FLOAT":
    case "REAL":
      return { name, type: "BINARY_DOUBLE" };
    case "TIMESTAMP":
    case "DATE":
      return { name, type: "DATE" };
    case "BINARY VARYING":
      return { name, type: "RAW" };
    case "BINARY LARGE OBJECT":
      return { name, type: "BLOB" };
    case "CHARACTER LARGE OBJECT":
      return { name, type: "CLOB" };
    default:
      return { name, type: "VARCHAR" };
  }
}

function read(field: string, { type }: FakeColumn): unknown {
  if (field === "n") return null;
  const bytes = Buffer.from(field.slice(1), "base64");
  if (field.startsWith("b")) return bytes;
  const text = bytes.toString();
  if (type === "DATE") return new Date(`${text.slice(0, 10)}T${text.slice(11) || "00:00:00"}Z`);
  return type === "BINARY_DOUBLE" ? Number(text) : text;
}

function asOut(value: unknown, { type }: FakeBind): unknown {
  return type === "NUMBER" && typeof value === "string" ? Number(value) : value;
}

/** H2's SQL states as Oracle's numbers. */
const numbers: Readonly<Record<string, readonly [number, string]>> = {
  "23505": [1, "unique constraint (PUBLIC.UQ) violated"],
  "23502": [1400, "cannot insert NULL"],
  "23503": [2292, "integrity constraint (PUBLIC.FK) violated - child record found"],
  "23506": [2291, "integrity constraint (PUBLIC.FK) violated - parent key not found"],
  "23513": [2290, "check constraint (PUBLIC.CK) violated"],
  "42S02": [942, "table or view does not exist"],
  "42S03": [942, "table or view does not exist"],
  "42S04": [942, "table or view does not exist"],
  "42S22": [904, "invalid identifier"],
  "42S01": [955, "name is already used by an existing object"],
  "22001": [12_899, "value too large for column"],
  "22018": [1722, "invalid number"],
  "22012": [1476, "divisor is equal to zero"],
  "40001": [60, "deadlock detected while waiting for resource"],
  HYT00: [54, "resource busy and acquire with NOWAIT specified or timeout expired"],
};

function translated({ state, code, message }: H2Error): Error {
  const known = numbers[state] ?? numbers[code];
  if (known !== undefined) return oracleError(known[0], `${known[1]} (${message.slice(0, 200)})`);
  return oracleError(state.startsWith("42") ? 900 : 6550, message.slice(0, 300));
}
