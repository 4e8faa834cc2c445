/** Runs core.json: statements and expressions, compiled for each dialect. */
import {
  type ClauseElement,
  type Dialect,
  displayDialect,
  expandForExecution,
  expandManyForExecution,
  resolveNode,
} from "@athanor/core";
import { canonicalExpected, canonicalSql, renumber, sameErrorClass, sameValue } from "./compare.ts";
import { dialectFor } from "./dialects.ts";
import type { Outcome } from "./report.ts";
import { type DialectModules, evaluate } from "./scope.ts";

/** A recorded case. */
export interface CoreCase {
  readonly id: string;
  readonly group: string;
  readonly typescript?: string;
  readonly dialects: readonly string[];
  readonly sql?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly error?: Readonly<Record<string, string>>;
  readonly literal_binds?: boolean;
  readonly server?: Readonly<Record<string, string>>;
  readonly schema_translate_map?: Readonly<Record<string, string | null>>;
  readonly column_keys?: readonly string[];
  readonly executemany?: readonly Record<string, unknown>[];
  readonly sort_by_parameter_order?: boolean;
}

/** Stands between the batches of one case. */
export const batchSeparator = "\n;\n";

/** Runs a case on one dialect. */
export function runCore(
  test: CoreCase,
  dialectName: string,
  names: Record<string, unknown>,
  modules: DialectModules,
): Outcome {
  const dialect =
    dialectName === "str" ? displayDialect() : dialectFor(dialectName, modules, test.server?.[dialectName]);
  if (dialect === undefined) return { status: "missing" };
  const recordedError = test.error?.[dialectName];
  let produced: { sql: string; params: unknown };
  try {
    produced = compileCase(test, dialect, names, dialectName === "str");
  } catch (error) {
    if (recordedError !== undefined) {
      if (sameErrorClass(recordedError, error)) return { status: "passed" };
      return {
        status: "failed",
        expected: recordedError,
        actual: `${(error as Error).constructor?.name}: ${(error as Error).message}`,
      };
    }
    return {
      status: "failed",
      expected: test.sql?.[dialectName] ?? "",
      actual: `${(error as Error).constructor?.name}: ${(error as Error).stack ?? String(error)}`,
    };
  }
  if (recordedError !== undefined) return { status: "failed", expected: recordedError, actual: produced.sql };
  return compare(test, dialectName, produced);
}

function compileCase(
  test: CoreCase,
  dialect: Dialect,
  names: Record<string, unknown>,
  asString: boolean,
): { sql: string; params: unknown } {
  const element = subjectOf(test, names);
  if (asString) {
    return { sql: String(element), params: expandForExecution(element, dialect).params };
  }
  return compileSubject(test, element, dialect);
}

/** What a case is about. */
export function subjectOf(test: CoreCase, names: Record<string, unknown>): ClauseElement {
  const value = evaluate(test.typescript as string, names);
  return (resolveNode(value) ?? value) as ClauseElement;
}

/** Compiles with the options of the case; several batches stand in one text. */
export function compileSubject(
  test: CoreCase,
  element: ClauseElement,
  dialect: Dialect,
): { sql: string; params: unknown } {
  if (test.executemany !== undefined) {
    const { isMany, statements } = expandManyForExecution(element, dialect, test.executemany);
    const params = statements.map(({ parameters }) => parameters);
    if (isMany) return { sql: statements[0]?.sql ?? "", params: { $executemany: params } };
    return {
      sql: statements.map(({ sql }) => sql).join(batchSeparator),
      params: params.length === 1 ? params[0] : { $batches: params },
    };
  }
  return expandForExecution(element, dialect, {
    literalBinds: test.literal_binds ?? false,
    ...(test.schema_translate_map === undefined ? {} : { schemaTranslateMap: test.schema_translate_map }),
    ...(test.column_keys === undefined ? {} : { columnKeys: test.column_keys }),
  });
}

function compare(test: CoreCase, dialect: string, produced: { sql: string; params: unknown }): Outcome {
  let expectedSql = canonicalSql(test.sql?.[dialect] ?? "", dialect, true);
  let actualSql = canonicalSql(produced.sql, dialect, false);
  let expectedParams: unknown = canonicalExpected(test.params?.[dialect] ?? (Array.isArray(produced.params) ? [] : {}));
  let actualParams: unknown = produced.params;
  if (dialect === "postgresql" && Array.isArray(expectedParams) && Array.isArray(actualParams)) {
    const expected = renumber(expectedSql, expectedParams);
    const actual = renumber(actualSql, actualParams);
    [expectedSql, expectedParams, actualSql, actualParams] = [expected.sql, expected.params, actual.sql, actual.params];
  }
  if (expectedSql !== actualSql) return { status: "failed", expected: expectedSql, actual: actualSql };
  if (!test.literal_binds && !sameValue(expectedParams, actualParams))
    return {
      status: "failed",
      expected: `${expectedSql}\n    ${show(expectedParams)}`,
      actual: `${actualSql}\n    ${show(actualParams)}`,
    };
  return { status: "passed" };
}

function show(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "bigint" ? `${item}n` : item instanceof Uint8Array ? Buffer.from(item).toString("hex") : item,
  );
}
