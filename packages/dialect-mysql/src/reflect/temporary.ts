/**
 * Temporary tables: `information_schema` does not show them, so that their CREATE TABLE is read, and told in the catalog's
 * rows. They can only be asked for by name. Next: ./catalog.ts.
 */
import { type CatalogSession, DBAPIError, type IdentifierRules, quoteIdentifier, type RunQuery } from "@athanor/core";
import type { DriverRow, Step } from "@athanor/driver";

/** A temporary table as the server writes it. */
export interface TemporaryTable {
  readonly name: string;
  /** Name and tokens of each column. */
  readonly columns: readonly (readonly [name: string, tokens: readonly string[]])[];
  /** Name and condition of each CHECK of the table's. */
  readonly checks: readonly (readonly [name: string, condition: string])[];
  readonly engine: string | null;
  readonly collation: string | null;
  readonly comment: string;
  /** Other options, as `information_schema.TABLES.CREATE_OPTIONS` has them. */
  readonly options: string;
  /** Rows of SHOW INDEX by the names of their columns. */
  readonly indexes: readonly Readonly<Record<string, unknown>>[];
}

/** CREATE TEMPORARY TABLE as the server writes it; null where there is no temporary table of that name. */
export function* temporaryDefinition(
  query: RunQuery,
  identifiers: IdentifierRules,
  name: string,
  schema: string | null,
): Step<string | null> {
  let created: string;
  try {
    created = String((yield* query(`SHOW CREATE TABLE ${placeOf(identifiers, name, schema)}`)).rows[0]?.[1]);
  } catch (error) {
    if (error instanceof DBAPIError && error.sqlState === "42S02") return null;
    throw error;
  }
  return /^CREATE TEMPORARY TABLE/i.test(created) ? created : null;
}

const placeOf = (identifiers: IdentifierRules, name: string, schema: string | null): string =>
  `${schema === null ? "" : `${quoteIdentifier(schema, identifiers)}.`}${quoteIdentifier(name, identifiers)}`;

/** The temporary table of a name; null where there is none. */
export function* readTemporaryTable(
  session: CatalogSession,
  name: string,
  schema: string | null,
): Step<TemporaryTable | null> {
  const { identifiers } = session.dialect;
  const created = yield* temporaryDefinition(session.query.bind(session), identifiers, name, schema);
  if (created === null) return null;
  const { columns, rows } = yield* session.query(`SHOW INDEX FROM ${placeOf(identifiers, name, schema)}`);
  const indexes = rows.map((row) => Object.fromEntries((columns ?? []).map((column, at) => [column.name, row[at]])));
  return { name, ...parse(created), indexes };
}

/** What stands between spaces; texts, quoted names and parentheses in one piece. */
function tokensOf(line: string): string[] {
  const tokens = [""];
  let depth = 0;
  // Names stand in double quotes where the session's sql_mode has ANSI_QUOTES.
  for (const [piece] of line.matchAll(/'(?:[^'\\]|''|\\[\s\S])*'|`(?:[^`]|``)*`|"(?:[^"]|"")*"|[\s\S]/g)) {
    if (piece === "(") depth++;
    else if (piece === ")") depth--;
    if (piece === " " && depth === 0) tokens.push("");
    else tokens[tokens.length - 1] += piece;
  }
  return tokens;
}

function parse(sql: string): Omit<TemporaryTable, "name" | "indexes"> {
  const close = sql.lastIndexOf("\n)");
  const lines = sql
    .slice(0, close)
    .split(/,?\n {2}/)
    .slice(1);
  const columns: [string, string[]][] = [];
  const checks: [string, string][] = [];
  for (const line of lines) {
    const tokens = tokensOf(line);
    const [first = "", second = ""] = tokens;
    if (/^[`"]/.test(first)) columns.push([nameOf(first), tokens.slice(1)]);
    else if (first === "CONSTRAINT" && tokens[2] === "CHECK") checks.push([nameOf(second), inside(tokens[3])]);
  }
  const tail = sql.slice(close + 2);
  const option = (name: string): string | null =>
    new RegExp(`\\b${name}=('(?:[^'\\\\]|''|\\\\.)*'|\\S+)`, "i").exec(tail)?.[1] ?? null;
  const charset = option("CHARSET");
  return {
    columns,
    checks,
    engine: option("ENGINE"),
    collation: option("COLLATE") ?? (charset === null ? null : `${charset}_general_ci`),
    comment: textOf(option("COMMENT") ?? "''"),
    options: [...tail.matchAll(/\b(ROW_FORMAT|KEY_BLOCK_SIZE|MAX_ROWS|MIN_ROWS|AVG_ROW_LENGTH|CHECKSUM)=\S+/gi)]
      .map(([text]) => text)
      .join(" "),
  };
}

const nameOf = (quoted: string): string => {
  const mark = quoted.charAt(0);
  return quoted.slice(1, -1).replaceAll(mark + mark, mark);
};
const textOf = (quoted: string): string =>
  quoted.slice(1, -1).replaceAll(/''|\\(.)/gs, (pair, letter?: string) => letter ?? pair.charAt(0));
const inside = (parentheses: string | undefined): string => (parentheses ?? "()").slice(1, -1);

/** The rows of `information_schema.COLUMNS` that ./columns.ts asks for. */
export function columnRowsOf(table: TemporaryTable, isMariaDB: boolean): DriverRow[] {
  return table.columns.map(([name, tokens]) => {
    const after = (...words: string[]): string | undefined => {
      const at = tokens.findIndex((_, place) => words.every((word, offset) => tokens[place + offset] === word));
      return at < 0 ? undefined : tokens[at + words.length];
    };
    const type = [tokens[0], ...tokens.slice(1, 3).filter((word) => /^(?:unsigned|zerofill)$/.test(word))].join(" ");
    const collation = after("COLLATE") ?? table.collation;
    const charset = after("CHARACTER", "SET") ?? collation?.split("_")[0] ?? null;
    const isText = /^(?:char|varchar|(?:tiny|medium|long)?text|enum|set)\b/.test(type);
    const generation = after("GENERATED", "ALWAYS", "AS");
    const given = after("DEFAULT") ?? null;
    const isExpression = given?.startsWith("(") === true;
    const onUpdate = after("ON", "UPDATE");
    const extra = [
      ...(tokens.includes("AUTO_INCREMENT") ? ["auto_increment"] : []),
      ...(isExpression && !isMariaDB ? ["DEFAULT_GENERATED"] : []),
      ...(onUpdate === undefined ? [] : [`on update ${onUpdate}`]),
      ...(generation === undefined ? [] : [tokens.includes("VIRTUAL") ? "VIRTUAL GENERATED" : "STORED GENERATED"]),
    ];
    return [
      table.name,
      name,
      type,
      after("NOT") === "NULL" ? "NO" : "YES",
      given === "NULL" ? null : isMariaDB ? given : isExpression ? inside(given) : valueOf(given),
      extra.join(" "),
      textOf(after("COMMENT") ?? "''"),
      isText ? charset : null,
      isText ? collation : null,
      generation === undefined ? null : inside(generation),
    ];
  });
}

/** MySQL's catalog keeps the value of a literal. */
function valueOf(literal: string | null): string | null {
  return literal?.startsWith("'") === true ? textOf(literal) : literal;
}

/** The rows of `information_schema.STATISTICS` that ./keys.ts asks for. */
export function indexRowsOf({ name, indexes }: TemporaryTable): DriverRow[] {
  return indexes.map((row) => [
    name,
    row["Key_name"],
    row["Non_unique"],
    row["Column_name"],
    row["Expression"] ?? null,
    row["Sub_part"],
    row["Collation"],
    row["Index_type"],
  ]);
}

/** The rows of ./checks.ts: those of the table, and MariaDB's beside columns. */
export function checkRowsOf({ name, checks, columns }: TemporaryTable): DriverRow[] {
  return [
    ...checks.map(([check, condition]) => [name, check, condition, "Table"]),
    ...columns.flatMap(([column, tokens]) => {
      const at = tokens.indexOf("CHECK");
      return at < 0 ? [] : [[name, column, inside(tokens[at + 1]), "Column"]];
    }),
  ];
}
