/** INSERTs of many rows as few statements: how a compiled INSERT is repeated for each row. Next: ./steps/execute-many.ts. */
import type { DriverResult, DriverRow } from "@athanor/driver";
import type { ClauseElement } from "../expression/clause-element.ts";
import type { ConnectionCore } from "./connection-core.ts";
import type { ExecutionOptionsInput } from "./options.ts";
import type { BoundStatement, Prepared } from "./prepared.ts";

/** A way to write an INSERT for many rows. */
export interface BatchForm {
  readonly size: number;
  readonly isSorted: boolean;
  readonly returnsRows: boolean;
  bind(values: readonly (readonly unknown[])[]): BoundStatement;
  ordered(result: DriverResult, values: readonly (readonly unknown[])[]): readonly DriverRow[];
}

/** The form for a statement; null where rows go one by one or by the driver's executemany. */
export function batchForm(_connection: ConnectionCore, _statement: ClauseElement, _prepared: Prepared, _options: ExecutionOptionsInput): BatchForm | null {
  return null;
}

/** Portions of the parameter sets. */
export function batchesOf<T>(values: readonly T[], form: BatchForm): T[][] {
  const batches: T[][] = [];
  for (let start = 0; start < values.length; start += form.size) batches.push(values.slice(start, start + form.size));
  return batches;
}
