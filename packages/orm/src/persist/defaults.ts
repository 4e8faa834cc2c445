/** Client-side defaults of rows that a flush writes: made here, so that objects know them without asking the database. */
import type { ColumnDefault } from "@athanor/core";
import type { WriteRecord, Writing } from "./records.ts";
import type { TablePlan, WriteColumn } from "./write-plan.ts";

/** Adds the defaults (INSERT) or the `onupdate` values (UPDATE) of columns that the row was given nothing for. */
export function noteDefaults(
  kind: "fallback" | "onupdate",
  plan: TablePlan,
  writing: Writing,
  params: Record<string, unknown>,
  expressions: WriteRecord["expressions"],
): void {
  for (const column of plan.columns) {
    const fallback = column[kind];
    if (fallback === null || column.name in params || expressions?.some(([name]) => name === column.name)) continue;
    params[column.name] = valueOf(fallback, column, writing, params);
  }
}

function valueOf(
  fallback: ColumnDefault,
  column: WriteColumn,
  writing: Writing,
  params: Readonly<Record<string, unknown>>,
): unknown {
  if (!fallback.isCallable) return fallback.arg;
  const make = fallback.arg as (context?: unknown) => unknown;
  if (make.length === 0) return make() ?? null;
  const { connection } = writing;
  return (
    make({
      currentParameters: { ...params },
      getCurrentParameters: () => ({ ...params }),
      currentColumn: column.column,
      connection: connection.front,
      dialect: connection.dialect,
    }) ?? null
  );
}
