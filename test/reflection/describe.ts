/** What a schema comes to: every table's DDL in a form in which two schemas can be compared, whatever order things stand in. */
import {
  type ClauseElement,
  createIndex,
  createTable,
  type Dialect,
  type MetaData,
  quoteIdentifier,
  type Table,
} from "@athanor/core";

const sqlOf = (element: ClauseElement, dialect: Dialect): string => String(element.compile({ dialect })).trim();

/** One table: its columns in order, then constraints, indexes and comments in alphabetical order. */
export function describeTable(table: Table, dialect: Dialect): string[] {
  const sql = sqlOf(createTable(table), dialect);
  const open = sql.indexOf("(\n\t") + 3;
  const close = sql.lastIndexOf("\n)");
  const items = sql.slice(open, close).split(", \n\t");
  const constraints = items.slice(table.columnList.length);
  // A CHECK beside a column is one of the table's.
  const columns = items.slice(0, table.columnList.length).map((text) => {
    const check = /(?: CONSTRAINT \S+)? CHECK \(.*\)$/s.exec(text);
    if (check === null) return text;
    constraints.push(check[0].trim());
    return text.slice(0, check.index);
  });
  const indexes = [...table.indexes].map((index) => sqlOf(createIndex(index), dialect)).sort();
  const comments = [
    ...(table.comment === null ? [] : [`comment: ${table.comment}`]),
    ...table.columnList.flatMap(({ name, comment }) => (comment === null ? [] : [`comment of ${name}: ${comment}`])),
    ...[...table.constraints].flatMap(({ name, comment }) =>
      comment === null ? [] : [`comment of ${name}: ${comment}`],
    ),
  ].sort();
  return [
    sql.slice(0, open).trim(),
    ...columns,
    ...constraints.sort(),
    sql.slice(close).trim(),
    ...indexes,
    ...comments,
  ].map((text) => text.replaceAll(/\s+/g, " ").trim());
}

/** All tables by name; the schema is left out of the texts, so that schemas can be compared. */
export function describeSchema(
  metadata: MetaData,
  dialect: Dialect,
  schema: string | null = null,
): Record<string, string[]> {
  const prefix = schema === null ? null : `${quoteIdentifier(schema, dialect.identifiers)}.`;
  return Object.fromEntries(
    [...metadata.tables.values()]
      .filter((table) => table.schema === schema)
      .map((table): [string, string[]] => [
        table.name,
        describeTable(table, dialect).map((text) => (prefix === null ? text : text.replaceAll(prefix, ""))),
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
