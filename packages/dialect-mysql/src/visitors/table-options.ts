/** Options behind CREATE TABLE: `{ mysqlEngine: "InnoDB", mysqlCharset: "utf8mb4" }`, MariaDB's by `mariadb…`. */
import { type Compiler, quoteString, type Table } from "@athanor/core";

/** Options that are written with blanks in their names. */
const spaced = new Set([
  "DATA_DIRECTORY",
  "INDEX_DIRECTORY",
  "DEFAULT_CHARACTER_SET",
  "CHARACTER_SET",
  "DEFAULT_CHARSET",
  "DEFAULT_COLLATE",
]);
/** Options whose value is a string. */
const quoted = new Set(["COMMENT", "PASSWORD", "CONNECTION"]);
/** Options without an equals sign. */
const bare = new Set(["TABLESPACE", "DEFAULT_CHARACTER_SET", "CHARACTER_SET", "COLLATE"]);
const partitioning = ["PARTITION_BY", "PARTITIONS", "SUBPARTITION_BY", "SUBPARTITIONS"];
const charsets = new Set(["CHARSET", "CHARACTER_SET", "DEFAULT_CHARSET", "DEFAULT_CHARACTER_SET"]);

/** `mysqlKeyBlockSize` as `KEY_BLOCK_SIZE`. */
function optionName(name: string): string {
  return name.replaceAll(/(?<=[a-z\d])[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function tableOptions(table: Table, dialect: string): Map<string, unknown> {
  const options = new Map<string, unknown>();
  for (const [name, value] of Object.entries(table.dialectOptions)) {
    if (
      !name.startsWith(dialect) ||
      !/^[A-Z\d_]/.test(name.slice(dialect.length)) ||
      value === undefined ||
      value === null
    )
      continue;
    options.set(optionName(name.slice(dialect.length)), value);
  }
  if (table.comment !== null && table.comment !== undefined) options.set("COMMENT", table.comment);
  return options;
}

/** A collation stands behind the character set that it belongs to. */
function ordered(names: readonly string[]): string[] {
  const plain = names.filter((name) => !partitioning.includes(name));
  if (!plain.includes("COLLATE") || !plain.some((name) => charsets.has(name))) return plain;
  return [...plain.filter((name) => name !== "COLLATE"), "COLLATE"];
}

/** `ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='…' PARTITION BY HASH(a)`, right behind the closing parenthesis. */
export function postCreateTable(compiler: Compiler, table: Table): string {
  const options = tableOptions(table, compiler.dialect.name);
  const names = [...options.keys()];
  const texts = ordered(names).map((name) => {
    const value = String(options.get(name));
    const text = quoted.has(name) ? quoteString(value, compiler.dialect) : compiler.userText(value);
    return `${spaced.has(name) ? name.replaceAll("_", " ") : name}${bare.has(name) ? " " : "="}${text}`;
  });
  for (const name of partitioning)
    if (options.has(name)) texts.push(`${name.replaceAll("_", " ")} ${compiler.userText(String(options.get(name)))}`);
  return texts.join(" ");
}
