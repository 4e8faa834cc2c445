/**
 * Executes T-SQL on H2 in its SQL Server mode: a database of another make, but with TOP, brackets, `+` for texts, IDENTITY, a
 * boolean that is a number, and a type checker of its own. What it does not know is rewritten below; nothing else is.
 */
import { encode, H2Error, h2Jvm } from "../../../../test/h2/jvm.ts";
import type { TdsColumn } from "./column.ts";
import type { TdsParameter } from "./parameter.ts";
import type { TdsReply, TdsSession, TdsStatement } from "./server.ts";
import type { TdsMessage, TdsResult } from "./tokens.ts";

type Rewrite = readonly [RegExp, string];

/** What H2 writes otherwise. */
const rewrites: readonly Rewrite[] = [
  [/\bDATETIME2\b/g, "TIMESTAMP"],
  [/\bDATETIMEOFFSET\b/g, "TIMESTAMP(7) WITH TIME ZONE"],
  [/\b(N?VARCHAR|VARBINARY)\(max\)/gi, "$1"],
  [/^SAVE TRANSACTION /, "SAVEPOINT "],
  [/^ROLLBACK TRANSACTION /, "ROLLBACK TO SAVEPOINT "],
  [
    /^(INSERT INTO [\s\S]*?) OUTPUT (inserted\.[\s\S]*?) (VALUES|SELECT|DEFAULT VALUES)\b([\s\S]*)$/,
    "SELECT $2 FROM FINAL TABLE ($1 $3$4)",
  ],
  [/^(UPDATE [\s\S]*?) OUTPUT (inserted\.[\s\S]*?)( WHERE [\s\S]*)?$/, "SELECT $2 FROM FINAL TABLE ($1$3)"],
  [/^(DELETE FROM [\s\S]*?) OUTPUT (deleted\.[\s\S]*?)( WHERE [\s\S]*)?$/, "SELECT $2 FROM OLD TABLE ($1$3)"],
  [/\b(?:inserted|deleted)\./g, ""],
];

/** Parameters whose type has to be told. */
const typed: Readonly<Record<string, string>> = { int: "CAST(? AS INTEGER)", bigint: "CAST(? AS BIGINT)" };

let sessions = 0;

/** A session of the database `name`, which lives as long as the JVM. */
export class H2Session implements TdsSession {
  readonly #id = `mssql ${++sessions}`;
  readonly #opened: Promise<unknown>;
  #isInTransaction = false;

  constructor(name: string) {
    const options =
      "MODE=MSSQLServer;DATABASE_TO_UPPER=FALSE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=300;NON_KEYWORDS=VALUE";
    this.#opened = h2Jvm().call(this.#id, "OPEN", `jdbc:h2:mem:${name};${options}`);
  }

  begin(): void {
    this.#isInTransaction = true;
  }

  async commit(): Promise<void> {
    this.#isInTransaction = false;
    await h2Jvm().call(this.#id, "COMMIT");
  }

  async rollback(): Promise<void> {
    this.#isInTransaction = false;
    await h2Jvm().call(this.#id, "ROLLBACK");
  }

  async close(): Promise<void> {
    await this.#opened;
    await h2Jvm().call(this.#id, "CLOSE");
  }

  async query(statement: TdsStatement): Promise<TdsReply> {
    await this.#opened;
    const results: TdsResult[] = [];
    try {
      for (const sql of statement.sql.split(/; (?=SELECT SCOPE_IDENTITY\(\))/))
        results.push(await this.#run(sql, statement.parameters));
      // SQL Server begins no transactions by itself, as H2 is made to.
      if (!this.#isInTransaction) await h2Jvm().call(this.#id, "COMMIT");
      return { results };
    } catch (error) {
      if (!(error instanceof H2Error)) throw error;
      return { results, errors: [translated(error)] };
    }
  }

  async #run(given: string, parameters: readonly TdsParameter[]): Promise<TdsResult> {
    const catalog = catalogQuery(given);
    if (catalog !== null && typeof catalog === "object") return catalog;
    let sql = catalog ?? given;
    for (const [pattern, replacement] of rewrites) sql = sql.replace(pattern, replacement);
    const values: string[] = [];
    const text = sql.replace(
      /'(?:[^']|'')*'|"(?:[^"]|"")*"|\[(?:[^\]]|\]\])*\]|@([\w\p{L}#$]+)/gu,
      (whole, name: string | undefined) => {
        if (name === undefined) return whole;
        const parameter = parameters.find((one) => one.name === name);
        if (parameter === undefined) throw new Error(`no parameter @${name}`);
        values.push(field(parameter));
        // H2 knows no types of parameters, and makes a text of the sum of two.
        return typed[parameter.type] ?? "?";
      },
    );
    const [head = "U\t0", ...lines] = await h2Jvm().call(this.#id, "RUN", encode(text), ...values);
    if (head.startsWith("U\t"))
      return { count: /^(?:INSERT|UPDATE|DELETE)/.test(given) ? Number(head.slice(2)) : null };
    const columns = head.split("\t").slice(1).map(columnOf);
    const rows = lines.map((line) =>
      line
        .split("\t")
        .slice(1)
        .map((value, index) => read(value, columns[index] as TdsColumn)),
    );
    return { columns, rows };
  }
}

/** What is asked of SQL Server's own views: an answer, or the question as H2 understands it. */
function catalogQuery(sql: string): TdsResult | string | null {
  if (/^SET IDENTITY_INSERT /.test(sql)) return { count: null };
  if (/SERVERPROPERTY/.test(sql)) return { columns: [text("version"), text("schema")], rows: [["16.0.4085.2", "dbo"]] };
  if (/sys\.dm_exec_sessions/.test(sql)) return { columns: [{ name: "level", type: "int" }], rows: [[2]] };
  if (!/sys\.(?:tables|views|sequences)\b/.test(sql)) return null;
  return "SELECT 1 AS found FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = @name";
}

const text = (name: string): TdsColumn => ({ name, type: "nvarchar" });

/** A parameter as the JVM is given it. */
function field({ type, value }: TdsParameter): string {
  if (value === null || value === undefined) return "n";
  if (value instanceof Uint8Array) return `b${Buffer.from(value).toString("base64")}`;
  if (typeof value === "boolean") return value ? "z1" : "z0";
  if (typeof value === "number" || typeof value === "bigint" || type === "decimal") return `d${String(value)}`;
  return type.startsWith("datetime2") ? `t${String(value)}` : `s${encode(String(value))}`;
}

function columnOf(given: string): TdsColumn {
  const [label = "", kind = "", precision = "38", scale = "0"] = given.split(":");
  const name = Buffer.from(label, "base64").toString();
  const type = Buffer.from(kind, "base64").toString();
  switch (type) {
    case "TINYINT":
    case "SMALLINT":
    case "INTEGER":
      return { name, type: "int" };
    case "BIGINT":
      return { name, type: "bigint" };
    case "BOOLEAN":
      return { name, type: "bit" };
    case "NUMERIC":
    case "DECFLOAT":
      return { name, type: "decimal", precision: Math.min(Number(precision), 38), scale: Math.min(Number(scale), 30) };
    case "DOUBLE PRECISION":
    case "REAL":
    case "FLOAT":
      return { name, type: "float" };
    case "TIMESTAMP":
      return { name, type: "datetime2", scale: 7 };
    case "DATE":
      return { name, type: "date" };
    case "BINARY VARYING":
    case "BINARY LARGE OBJECT":
      return { name, type: "varbinary(max)" };
    default:
      return { name, type: "nvarchar(max)" };
  }
}

function read(value: string, { type }: TdsColumn): unknown {
  if (value === "n") return null;
  const bytes = Buffer.from(value.slice(1), "base64");
  if (value.startsWith("b")) return bytes;
  const content = bytes.toString();
  if (type === "int" || type === "float") return Number(content);
  return type === "bit" ? /^(?:true|1)$/i.test(content) : content;
}

/** H2's SQL states as SQL Server's numbers. */
const numbers: Readonly<Record<string, readonly [number, string]>> = {
  "23505": [2627, "Violation of UNIQUE KEY constraint 'uq'. Cannot insert duplicate key in object 'dbo.t'."],
  "23502": [
    515,
    "Cannot insert the value NULL into column 'x', table 'shop.dbo.t'; column does not allow nulls. INSERT fails.",
  ],
  "23503": [
    547,
    'The DELETE statement conflicted with the REFERENCE constraint "fk". The conflict occurred in database "shop", table "dbo.t", column \'x\'.',
  ],
  "23506": [
    547,
    'The INSERT statement conflicted with the FOREIGN KEY constraint "fk". The conflict occurred in database "shop", table "dbo.t", column \'x\'.',
  ],
  "23513": [
    547,
    'The INSERT statement conflicted with the CHECK constraint "ck". The conflict occurred in database "shop", table "dbo.t", column \'x\'.',
  ],
  "42S02": [208, "Invalid object name 't'."],
  "42S03": [208, "Invalid object name 't'."],
  "42S04": [208, "Invalid object name 't'."],
  "42S01": [2714, "There is already an object named 't' in the database."],
  "42S22": [207, "Invalid column name 'x'."],
  "22012": [8134, "Divide by zero error encountered."],
};

function translated({ state, message }: H2Error): TdsMessage {
  const [number, said] = numbers[state] ?? [102, "Incorrect syntax"];
  return { number, message: `${said} (${message.slice(0, 300)})` };
}
