/**
 * Runs orm_trace.json through the synchronous Session: on a fresh SQLite database with statements and outcome compared with the
 * record, on servers (./orm-servers.ts) with the outcome alone. The asynchronous one: ./orm-async.ts.
 */
import * as core from "@athanor/core";
import * as orm from "@athanor/orm";
import { type ModelSet, modelSets } from "./orm-models.ts";
import { moreModelSets } from "./orm-models-more.ts";
import {
  type OrmCase,
  plain,
  type RecordedStatement,
  sameResult,
  sameStatements,
  sameWarnings,
  show,
} from "./orm-outcome.ts";
import { evaluate, inOneScope, scopeOf, sourceOf, trace } from "./orm-scope.ts";
import type { Outcome } from "./report.ts";
import type { DialectModules } from "./scope.ts";

/** A database that scenarios run on. */
export interface OrmTarget {
  /** An engine on a database that has the tables of the models, and no rows. */
  prepare(models: ModelSet, set: string): core.Engine;
  /** Whether its statements are the recorded ones. */
  readonly comparesStatements: boolean;
  /** Name of the dialect's module whose `insert()` takes the place of SQLite's. */
  readonly module: string;
}

/** An engine on a fresh SQLite database. */
export const sqliteTarget: OrmTarget = {
  comparesStatements: true,
  module: "sqlite",
  prepare({ metadata, pragma }) {
    const engine = core.createEngine("sqlite://");
    if (pragma !== undefined) core.listen(engine.pool, "connect", (connection) => connection.execute(pragma, []));
    metadata.createAll(engine);
    return engine;
  },
};

/** Runs a scenario. */
export function runOrm(
  test: OrmCase,
  names: Readonly<Record<string, unknown>>,
  modules: DialectModules,
  target: OrmTarget,
): Outcome {
  const makeModels = modelSets[test.models] ?? moreModelSets[test.models];
  const source = sourceOf(test);
  if (makeModels === undefined || source === undefined) return { status: "missing" };
  const seen: RecordedStatement[] = [];
  const warnings: string[] = [];
  const restore = core.onWarning((message) => warnings.push(message));
  let engine: core.Engine | undefined;
  let session: orm.Session | undefined;
  let result: unknown;
  try {
    const models = makeModels();
    const { insert } = (modules[target.module] ?? {}) as { readonly insert?: unknown };
    const scope = scopeOf({ models, names, modules, seen, own: { sqliteInsert: insert } });
    if (test.typescript_setup !== undefined) evaluate(inOneScope(test.typescript_setup), scope);
    engine = target.prepare(models, test.typescript_setup === undefined ? test.models : test.id);
    if (test.typescript_seed !== undefined || test.seeded) {
      using s = new orm.Session(engine);
      if (test.typescript_seed !== undefined) evaluate(inOneScope(test.typescript_seed), Object.assign(scope, { s }));
      else for (const _ of models.seed(s) ?? []) s.flush();
      s.commit();
    }
    warnings.length = 0;
    trace(engine, seen);
    const Session = orm.sessionmaker(engine);
    session = new Session();
    result = plain(evaluate(source, Object.assign(scope, { engine, Session, session })));
  } catch (error) {
    return failure(test, seen, error);
  } finally {
    restore();
    if (!target.comparesStatements) session?.close();
    engine?.dispose();
  }
  return compare(test, { seen: target.comparesStatements ? seen : null, result, warnings });
}

/** The outcome of a scenario that threw. */
export function failure(test: OrmCase, seen: readonly RecordedStatement[], error: unknown): Outcome {
  return {
    status: "failed",
    expected: show(test.statements, test.result),
    actual: `${show(seen, undefined)}\n      ${(error as Error)?.stack ?? String(error)}`,
  };
}

/** What a scenario did. */
export interface Run {
  /** Null: statements are another database's and not compared. */
  readonly seen: readonly RecordedStatement[] | null;
  readonly result: unknown;
  readonly warnings: readonly string[];
}

/** Holds a run against the record. */
export function compare(test: OrmCase, { seen, result, warnings }: Run): Outcome {
  const same =
    (seen === null || sameStatements(test.statements, seen)) &&
    sameResult(test.result ?? null, result) &&
    sameWarnings(test.warnings ?? [], warnings);
  if (same) return { status: "passed" };
  return {
    status: "failed",
    expected: show(seen === null ? [] : test.statements, test.result, test.warnings),
    actual: show(seen ?? [], result, warnings),
  };
}
