/** What a driver would get for several parameter sets, without an engine: for tests of dialects and for tools. */
import type { Dialect } from "../dialect/dialect.ts";
import type { ClauseElement } from "../expression/clause-element.ts";
import { StatementCompiler } from "./compiled-cache.ts";
import { batchForm, portionsOf } from "./insert-batch.ts";
import { ParameterRows } from "./parameter-rows.ts";
import type { BoundStatement, ParameterSet } from "./prepared.ts";

/** Statements in order: batches of an INSERT, or one for each set where `isMany` says that the driver gets them as an executemany. */
export interface ExpandedMany {
  readonly isMany: boolean;
  readonly statements: readonly BoundStatement[];
}

/** Compiles a statement for several parameter sets. Defaults are not computed. */
export function expandManyForExecution(
  statement: ClauseElement,
  dialect: Dialect,
  sets: readonly ParameterSet[],
): ExpandedMany {
  const compiler = new StatementCompiler(dialect, 0);
  const isCrud = statement.kind === "insert" || statement.kind === "update";
  const { prepared, keyed } = compiler.prepare(statement, {
    columnKeys: isCrud ? Object.keys(sets[0] ?? {}) : null,
    schemaTranslateMap: null,
    isMany: true,
  });
  const rows = new ParameterRows(prepared, keyed, sets);
  const form = batchForm(dialect, prepared, rows);
  const statements =
    form === null
      ? sets.map((_, index) => prepared.bind(rows.values(index)))
      : portionsOf(sets.length, form).map(({ start, end }) => form.bind(start, end));
  return { isMany: form === null && prepared.compiled.resultColumns === null, statements };
}
