/** Which columns are IDENTITY columns. */
import { type Column, Sequence, type Table } from "@athanor/core";

/** Whether the database numbers a column by itself. */
export function isNumbered(column: Column): boolean {
  if (column.identity !== null) return true;
  const table = column.table as Table | null;
  if (table === null || table.autoincrementColumn !== column || column.serverDefault !== null) return false;
  return !(column.default instanceof Sequence) || column.default.optional;
}
