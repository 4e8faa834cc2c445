/** Client-side defaults: computed before the statement, put where its parameters are. */
import { isPromiseLike, type Step } from "@athanor/driver";
import { ArgumentError } from "../../errors/errors.ts";
import type { ClauseElement } from "../../expression/clause-element.ts";
import type { ColumnClause } from "../../expression/column-clause.ts";
import type { ConnectionCore } from "../connection-core.ts";
import type { ParameterSet, Prepared } from "../prepared.ts";

/** A default as the schema describes it. */
interface Default {
  readonly defaultKind: "scalar" | "callable" | "expression" | "sequence" | "sentinel";
  readonly arg?: unknown;
  nextValue?(): ClauseElement;
}

/** Executes a statement and gives the first value: for sequences. */
export type SelectScalar = (connection: ConnectionCore, statement: ClauseElement) => Step<unknown>;

/** Fills in the values of defaults that were not given. Changes `values`. */
export function* computeDefaults(
  connection: ConnectionCore,
  prepared: Prepared,
  values: unknown[],
  set: ParameterSet | null,
  selectScalar: SelectScalar,
): Step<void> {
  const { crud, binds } = prepared.compiled;
  if (crud === null) return;
  for (const { column, bindName, isUpdate, query } of crud.prefetch) {
    const position = prepared.bindPosition(bindName);
    if (position < 0) continue;
    // Rows of a multi-row INSERT share a plan; a value that was given to this row stands.
    if (set !== null && Object.hasOwn(set, bindName)) continue;
    if (query !== undefined) {
      values[position] = yield* selectScalar(connection, query);
      continue;
    }
    const source = column as unknown as { default: Default | null; onupdate: Default | null };
    const fallback = isUpdate ? source.onupdate : source.default;
    if (fallback === null || fallback === undefined) continue;
    values[position] = yield* computed(connection, fallback, column as ColumnClause, selectScalar, () =>
      Object.fromEntries(binds.map((entry, index) => [entry.name, values[index]])),
    );
  }
}

function* computed(
  connection: ConnectionCore,
  fallback: Default,
  column: ColumnClause,
  selectScalar: SelectScalar,
  parameters: () => Readonly<Record<string, unknown>>,
): Step<unknown> {
  switch (fallback.defaultKind) {
    case "scalar":
      return fallback.arg;
    case "sequence":
      return yield* selectScalar(connection, (fallback as Required<Default>).nextValue());
    case "callable": {
      const make = fallback.arg as (context: unknown) => unknown;
      const value =
        make.length === 0
          ? (make as () => unknown)()
          : make({
              get currentParameters() {
                return parameters();
              },
              getCurrentParameters: () => parameters(),
              currentColumn: column,
              connection: connection.front,
              dialect: connection.dialect,
            });
      if (value === undefined || isPromiseLike(value)) {
        throw new ArgumentError(
          `the default of column ${JSON.stringify(column.name)} returned ${value === undefined ? "undefined" : "a promise"}`,
          { fix: "return a value, or null for SQL NULL" },
        );
      }
      return value;
    }
    default:
      return null;
  }
}
