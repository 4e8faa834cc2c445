/** Comments and options of tables, partitions included. */
import type {
  CatalogSession,
  ReflectedBy,
  ReflectedTableComment,
  ReflectedTableOptions,
  TableFilter,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import { expressionText, optionName, perTable, type TableRow, tableRows } from "./catalog.ts";

/** Comments by table. */
export function* readTableComments(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<ReflectedTableComment>> {
  return new Map(
    (yield* tableRows(session, filter)).map(({ name, comment, isView }) => [
      name,
      { text: isView || comment === "" ? null : comment },
    ]),
  );
}

/** Options by table: `mysqlEngine`, `mysqlDefaultCharset`, `mysqlCollate`, `mysqlRowFormat`, `mysqlPartitionBy`, … */
export function* readTableOptions(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<ReflectedTableOptions>> {
  const tables = yield* tableRows(session, filter);
  const isPartitioned = tables.some((table) => /\bpartitioned\b/i.test(table.options));
  const partitions = isPartitioned ? yield* readPartitions(session, filter) : new Map<string, string>();
  return new Map(
    tables
      .filter((table) => !table.isView)
      .map((table) => [table.name, optionsOf(session, table, partitions.get(table.name))]),
  );
}

function optionsOf(session: CatalogSession, table: TableRow, partition: string | undefined): ReflectedTableOptions {
  const { engine, collation, options } = table;
  const found: Record<string, unknown> = table.temporary === null ? {} : { prefixes: ["TEMPORARY"] };
  const set = (name: string, value: unknown): void => {
    found[optionName(session, name)] = value;
  };
  if (engine !== null) set("engine", engine);
  if (collation !== null) {
    // A collation's name starts with that of its character set.
    set("default charset", collation.split("_")[0]);
    set("collate", collation);
  }
  for (const [, name = "", quoted, bare] of options.matchAll(/[`"]?(\w+)[`"]?=(?:['"]([^'"]*)['"]|(\S+))/g))
    if (!/^(?:auto_increment|encryption)$/i.test(name)) set(name, quoted ?? bare);
  if (partition !== undefined) set("partition by", partition);
  return found;
}

/** A row of `information_schema.PARTITIONS`. */
interface PartitionRow {
  readonly name: string | null;
  readonly subName: string | null;
  readonly method: string | null;
  readonly expression: string | null;
  readonly subMethod: string | null;
  readonly subExpression: string | null;
  readonly description: string | null;
  readonly comment: string;
}

const statement =
  "SELECT TABLE_NAME, PARTITION_NAME, SUBPARTITION_NAME, PARTITION_METHOD, PARTITION_EXPRESSION, SUBPARTITION_METHOD, SUBPARTITION_EXPRESSION, PARTITION_DESCRIPTION, PARTITION_COMMENT FROM information_schema.PARTITIONS WHERE PARTITION_NAME IS NOT NULL AND ";

/** What stands behind PARTITION BY, by table. */
function* readPartitions(session: CatalogSession, filter: TableFilter): Step<ReadonlyMap<string, string>> {
  const rows = yield* perTable(
    session,
    filter,
    statement,
    "TABLE_NAME, PARTITION_ORDINAL_POSITION, SUBPARTITION_ORDINAL_POSITION",
    (row): PartitionRow => {
      const text = (value: unknown): string | null => (value === null ? null : expressionText(session, String(value)));
      return {
        name: text(row[1]),
        subName: text(row[2]),
        method: text(row[3]),
        expression: text(row[4]),
        subMethod: text(row[5]),
        subExpression: text(row[6]),
        description: text(row[7]),
        comment: String(row[8] ?? ""),
      };
    },
  );
  return new Map([...rows].map(([table, parts]) => [table, partitionText(parts)]));
}

/** ``RANGE (`id`) (PARTITION p0 VALUES LESS THAN (10), …)`` */
function partitionText(rows: readonly PartitionRow[]): string {
  const [first] = rows as readonly [PartitionRow, ...PartitionRow[]];
  const names = [...new Set(rows.map((row) => row.name as string))];
  const parts = names.map((name) => rows.find((row) => row.name === name) as PartitionRow);
  let text = `${first.method} (${first.expression ?? ""})`;
  if (first.subMethod !== null) {
    const count = rows.filter((row) => row.name === first.name).length;
    text += ` SUBPARTITION BY ${first.subMethod} (${first.subExpression ?? ""}) SUBPARTITIONS ${count}`;
  }
  const isCounted = parts.every(
    (part, place) => part.description === null && part.name === `p${place}` && part.comment === "",
  );
  if (isCounted) return `${text} PARTITIONS ${parts.length}`;
  return `${text} (${parts.map((part) => definitionOf(part, String(first.method))).join(", ")})`;
}

function definitionOf({ name, description, comment }: PartitionRow, method: string): string {
  const note = comment === "" ? "" : ` COMMENT = '${comment.replaceAll("'", "''")}'`;
  const head = `PARTITION \`${(name as string).replaceAll("`", "``")}\``;
  if (description === null) return `${head}${note}`;
  if (method.startsWith("LIST"))
    return `${head} ${description === "DEFAULT" ? "DEFAULT" : `VALUES IN (${description})`}${note}`;
  return `${head} VALUES LESS THAN ${description === "MAXVALUE" ? "MAXVALUE" : `(${description})`}${note}`;
}
