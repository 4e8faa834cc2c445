/** The columns of a constraint or an index: given by key or as objects, found when the table is known. */
import { ArgumentError, ConstraintColumnNotFoundError } from "../errors/errors.ts";
import { resolveNode } from "../expression/coerce.ts";
import { columnByKeyOrName } from "../selectable/column-collection.ts";
import { describe } from "../types/literals.ts";
import type { SchemaClasses } from "./classes.ts";
import { Column } from "./column.ts";

type Table = SchemaClasses["table"];

/** How the column of a constraint can be given. */
export type ColumnArgument = string | { readonly "~value": unknown };

/** A column, or the key of one. */
export function columnArgument(value: unknown, where: string): string | Column {
  if (typeof value === "string") return value;
  const node = resolveNode(value);
  if (node instanceof Column) return node;
  throw new ArgumentError(`${describe(value)} is no column for ${where}`, {
    fix: "give the key of a column, or the column itself",
  });
}

/** The columns that are meant, in a table. */
export function resolveColumns(given: readonly (string | Column)[], table: Table, owner: string): Column[] {
  return given.map((column) => {
    if (typeof column !== "string") return column;
    const found = columnByKeyOrName(table.c, column);
    if (found instanceof Column) return found;
    throw new ConstraintColumnNotFoundError(
      `Can't create ${owner} on table '${table.name}': no column named '${column}' is present`,
      {
        fix: "columns are named by their key, which is the name in the table's shape, or by their name in the database",
      },
    );
  });
}

/**
 * Calls `attach` with the table of the given columns: at once when they have one, or as soon as all of them do. Columns
 * given by key say nothing of the table; then the constraint waits to be passed to one.
 */
export function attachToTableOf(
  given: readonly (string | Column)[],
  attach: (table: Table) => void,
  severalTables = false,
): void {
  const columns = given.filter((column): column is Column => typeof column !== "string");
  const waiting = new Set(columns.filter((column) => column.table === null));
  if (waiting.size > 0) {
    if (columns.length < given.length) return;
    for (const column of waiting) {
      column.whenAttached((attached) => {
        waiting.delete(attached);
        if (waiting.size === 0) attachToTableOf(given, attach, severalTables);
      });
    }
    return;
  }
  const tables = new Set(columns.map((column) => column.table as Table));
  const [table] = tables;
  if (table === undefined) return;
  if (tables.size === 1) attach(table);
  else if (!severalTables) {
    const others = columns.filter((column) => column.table !== table).map((column) => `'${column.description}'`);
    throw new ArgumentError(`Column(s) ${others.join(", ")} are not part of table '${table.name}'.`);
  }
}
