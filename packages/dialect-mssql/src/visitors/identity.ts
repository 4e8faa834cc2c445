/** Which columns are IDENTITY columns. */
import { type Column, dialectOption, Sequence, type Table } from "@athanor/core";

/** Whether the database numbers a column by itself. */
export function isNumbered(column: Column): boolean {
  const table = column.table as Table | null;
  // Asked first: it refuses a table with two of them.
  const numbered = table?.autoincrementColumn ?? null;
  if (column.identity !== null || column.autoincrement === true) return true;
  if (numbered !== column || column.serverDefault !== null) return false;
  return !(column.default instanceof Sequence) || column.default.optional;
}

/** `IDENTITY(start, increment)`; the other options of the standard do not exist here. */
export function identityText(column: Column): string {
  const start = column.identity?.start ?? dialectOption(column, "mssql", "identityStart") ?? null;
  const increment = column.identity?.increment ?? dialectOption(column, "mssql", "identityIncrement") ?? null;
  if (start === null && increment === null) return "IDENTITY";
  return `IDENTITY(${start ?? 1},${increment ?? 1})`;
}
