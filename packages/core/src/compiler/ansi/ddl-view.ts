/** `CREATE VIEW`, `DROP VIEW`, `CREATE TABLE … AS SELECT`. */
import type { CreateTableAs, CreateView, DropView, TableFromSelect } from "../../ddl/view.ts";
import type { Table } from "../../schema/table.ts";
import type { Compiler } from "../compiler.ts";

/** `CREATE VIEW … AS SELECT …` */
export function visitCreateView(compiler: Compiler, create: CreateView): string {
  const words = [
    "CREATE",
    create.orReplace ? "OR REPLACE" : "",
    create.temporary ? "TEMPORARY" : "",
    create.materialized ? "MATERIALIZED VIEW" : "VIEW",
  ];
  return fromSelectText(compiler, create, [...words, compiler.hook("viewIfNotExists", create)]);
}

/** `IF NOT EXISTS` of CREATE VIEW, where a database has it. */
export function visitViewIfNotExists(): string {
  return "";
}

/** `CREATE TABLE … AS SELECT …` */
export function visitCreateTableAs(compiler: Compiler, create: CreateTableAs): string {
  return fromSelectText(compiler, create, [
    "CREATE",
    create.temporary ? "TEMPORARY" : "",
    "TABLE",
    create.ifNotExists ? "IF NOT EXISTS" : "",
  ]);
}

/** The words in front, the name, what stands behind the name, and the SELECT with its values in the text. */
export function fromSelectText(compiler: Compiler, create: TableFromSelect, words: readonly string[]): string {
  const name = compiler.hook<Table>("tableName", create.element);
  const suffix = compiler.hook("selectedTableSuffix", create);
  return [...words, name, suffix, "AS", selectText(compiler, create)].filter((word) => word !== "").join(" ");
}

/** What stands between the name and AS. */
export function visitSelectedTableSuffix(): string {
  return "";
}

/** The SELECT. The statement as a whole gives no rows, whatever the SELECT gives. */
export function selectText(compiler: Compiler, create: TableFromSelect): string {
  const { resultColumns } = compiler;
  const text = compiler.literal(create.selectable);
  compiler.resultColumns = resultColumns;
  return text;
}

/** `DROP VIEW` */
export function visitDropView(compiler: Compiler, drop: DropView): string {
  return `\nDROP ${drop.materialized ? "MATERIALIZED VIEW" : "VIEW"} ${drop.ifExists ? "IF EXISTS " : ""}${compiler.hook<Table>("tableName", drop.element)}`;
}
