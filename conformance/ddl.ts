/** Runs ddl.json: CREATE, DROP, ALTER, and the sorting of tables. */
import {
  type ClauseElement,
  compileElement,
  DdlElement,
  type Dialect,
  MetaData,
  plannedStatements,
  renderExpanded,
  type Sequence,
  Table,
} from "@athanor/core";
import { canonicalSql, sameErrorClass } from "./compare.ts";
import { dialectFor } from "./dialects.ts";
import type { Outcome } from "./report.ts";
import { type DialectModules, evaluate } from "./scope.ts";

/** A recorded case. */
export interface DdlCase {
  readonly id: string;
  readonly typescript: string;
  readonly dialects?: readonly string[];
  readonly sql?: Readonly<Record<string, readonly string[]>>;
  readonly error?: Readonly<Record<string, string>>;
  readonly result?: unknown;
  readonly server?: Readonly<Record<string, string>>;
}

/** A call of `create_all` and the like, as cases write it. */
export class Planned {
  readonly action: "create" | "drop";
  readonly target: MetaData | Table | Sequence;
  constructor(action: "create" | "drop", target: MetaData | Table | Sequence) {
    this.action = action;
    this.target = target;
  }
}

/** The functions that cases call: statements without existence checks. */
export const ddlHelpers = {
  createAll: (metadata: MetaData) => new Planned("create", metadata),
  dropAll: (metadata: MetaData) => new Planned("drop", metadata),
  create: (target: Table) => new Planned("create", target),
  drop: (target: Table) => new Planned("drop", target),
  reversed: <T>(list: readonly T[]): T[] => [...list].reverse(),
};

/** Runs a case on one dialect; cases without dialects give a result. */
export function runDdlCase(
  test: DdlCase,
  dialectName: string,
  names: Record<string, unknown>,
  modules: DialectModules,
): Outcome {
  const dialect = dialectFor(dialectName, modules, test.server?.[dialectName]);
  if (dialect === undefined) return { status: "missing" };
  const recordedError = test.error?.[dialectName] ?? test.error?.["all"];
  let produced: unknown;
  try {
    const value = evaluate(test.typescript, { ...names, ...ddlHelpers });
    produced = test.result !== undefined && test.sql === undefined ? value : statements(value, dialect);
  } catch (error) {
    if (recordedError !== undefined && sameErrorClass(recordedError, error)) return { status: "passed" };
    return {
      status: "failed",
      expected: recordedError ?? JSON.stringify(test.sql?.[dialectName]),
      actual: `${(error as Error).constructor?.name}: ${(error as Error).stack ?? String(error)}`,
    };
  }
  if (recordedError !== undefined)
    return { status: "failed", expected: recordedError, actual: JSON.stringify(produced) };
  if (test.result !== undefined && test.sql === undefined) {
    const same = JSON.stringify(produced) === JSON.stringify(test.result);
    return same
      ? { status: "passed" }
      : { status: "failed", expected: JSON.stringify(test.result), actual: JSON.stringify(produced) };
  }
  const expected = sortRuns((test.sql?.[dialectName] ?? []).map((sql) => canonicalSql(sql, dialectName, false)));
  const actual = sortRuns((produced as string[]).map((sql) => canonicalSql(sql, dialectName, false)));
  const differing = expected.findIndex((sql, index) => sql !== actual[index]);
  if (differing < 0 && expected.length === actual.length) return { status: "passed" };
  if (differing >= 0 && expected.length === actual.length)
    return { status: "failed", expected: expected[differing] as string, actual: actual[differing] as string };
  return { status: "failed", expected: expected.join("\n      "), actual: actual.join("\n      ") };
}

/** The text of everything that a case gives, in order. */
export function statements(value: unknown, dialect: Dialect): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => statements(item, dialect));
  if (value instanceof Planned) return plan(value, dialect);
  if (value instanceof Table || value instanceof MetaData) return plan(new Planned("create", value), dialect);
  return [text(value as ClauseElement, dialect)];
}

function plan({ action, target }: Planned, dialect: Dialect): string[] {
  return plannedStatements({ action, target, tables: null }, dialect).map((element) => text(element, dialect));
}

function text(element: ClauseElement, dialect: Dialect): string {
  const compiled = compileElement(element, dialect, element instanceof DdlElement ? {} : { literalBinds: true });
  return renderExpanded(
    compiled,
    compiled.binds.map((entry) => entry.bind.effectiveValue),
  ).sql;
}

/** Runs of CREATE INDEX and of ALTER TABLE come from sets: their order does not count. */
function sortRuns(list: readonly string[]): string[] {
  const sorted: string[] = [];
  let run: string[] = [];
  let kind = "";
  for (const sql of [...list, ""]) {
    const next = /^(CREATE (?:UNIQUE )?INDEX|ALTER TABLE)/.exec(sql)?.[1]?.replace("UNIQUE ", "") ?? "";
    if (next === "" || next !== kind) {
      sorted.push(...run.sort());
      run = [];
    }
    if (next === "") {
      if (sql !== "") sorted.push(sql);
    } else run.push(sql);
    kind = next;
  }
  return sorted;
}
