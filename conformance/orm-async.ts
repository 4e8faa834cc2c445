/**
 * Runs orm_trace.json and orm_more.json through AsyncSession: the sources with `await` where it belongs, on SQLite, statements and outcome compared.
 *
 * A scenario is left out for one of two reasons, which the run itself shows:
 * - it touches something that is not loaded: MissingAwait is thrown, all statements up to there are the recorded ones, and
 *   the record goes on with the SELECT of a lazy load (after its autoflush, if any). MissingAwait anywhere else is a failure;
 * - it uses `session.query()`, which asynchronous sessions do not have (SQLAlchemy's neither).
 */
import { createAsyncEngine } from "@athanor/async";
import { AsyncSession, asyncSessionmaker } from "@athanor/async/orm";
import * as core from "@athanor/core";
import * as orm from "@athanor/orm";
import { awaiting } from "./await-source.ts";
import { compare, failure } from "./orm.ts";
import { modelSets } from "./orm-models.ts";
import { moreModelSets } from "./orm-models-more.ts";
import { type OrmCase, plain, type RecordedStatement, sameStatements } from "./orm-outcome.ts";
import { evaluate, evaluateAsync, inOneScope, scopeOf, sourceOf, trace } from "./orm-scope.ts";
import type { Outcome } from "./report.ts";
import type { DialectModules } from "./scope.ts";

/** Runs a scenario; `excluded` tells why it does not apply. */
export async function runOrmAsync(
  test: OrmCase,
  names: Readonly<Record<string, unknown>>,
  modules: DialectModules,
): Promise<Outcome | { readonly status: "excluded"; readonly reason: string }> {
  const makeModels = modelSets[test.models] ?? moreModelSets[test.models];
  const source = sourceOf(test);
  if (makeModels === undefined || source === undefined) return { status: "missing" };
  if (source.includes("session.query(")) return { status: "excluded", reason: "use Session.query()" };
  const seen: RecordedStatement[] = [];
  const warnings: string[] = [];
  let isPrepared = false;
  const restore = core.onWarning((message) => warnings.push(message));
  try {
    const models = makeModels();
    const scope = scopeOf({ models, names, modules, seen, own: { capture, sequentially } });
    if (test.typescript_setup !== undefined) evaluate(inOneScope(test.typescript_setup), scope);
    const engine = createAsyncEngine("sqlite://");
    const { pragma } = models;
    if (pragma !== undefined) core.listen(engine.pool, "connect", (connection) => connection.execute(pragma, []));
    await models.metadata.createAll(engine);
    if (test.typescript_seed !== undefined || test.seeded) {
      await using seeding = new AsyncSession(engine);
      if (test.typescript_seed !== undefined)
        await evaluateAsync(awaiting(inOneScope(test.typescript_seed)), Object.assign(scope, { s: seeding }));
      else for (const _ of models.seed(seeding) ?? []) await seeding.flush();
      await seeding.commit();
    }
    warnings.length = 0;
    trace(engine as unknown as core.Engine, seen);
    const Session = asyncSessionmaker(engine, { expireOnCommit: true });
    Object.assign(scope, { engine, Session, session: new Session() });
    isPrepared = true;
    const result = plain(await evaluateAsync(awaiting(source), scope));
    return compare(test, { seen, result, warnings });
  } catch (error) {
    if (isPrepared && error instanceof orm.MissingAwait && recordLoadsHere(test, seen))
      return { status: "excluded", reason: "rest on implicit loading" };
    return failure(test, seen, error);
  } finally {
    restore();
  }
}

/** Whether the record, after the statements so far, goes on with the SELECT of a load. */
function recordLoadsHere(test: OrmCase, seen: readonly RecordedStatement[]): boolean {
  const before = test.statements.slice(0, seen.length);
  if (!sameStatements(before, seen)) return false;
  const next = test.statements.slice(seen.length).find(({ sql }) => !/^(?:BEGIN|-- |INSERT|UPDATE|DELETE)/.test(sql));
  return next !== undefined && /^SELECT/i.test(next.sql);
}

/** `catch()` of the record; a missing await is no outcome of a scenario. */
async function capture(work: () => unknown): Promise<unknown> {
  try {
    return (await work()) ?? null;
  } catch (error) {
    if (error instanceof orm.MissingAwait) throw error;
    return `${(error as Error).constructor.name}: ${(error as Error).message}`;
  }
}

/** `map`, `filter` and `forEach` with a callback that awaits, one item after the other. */
async function sequentially(
  items: Iterable<unknown>,
  method: "map" | "filter" | "forEach" | "flatMap",
  work: (item: unknown, index: number) => unknown,
): Promise<unknown[]> {
  const results: unknown[] = [];
  let index = 0;
  for (const item of items) {
    const result = await work(item, index++);
    if (method === "filter") {
      if (result) results.push(item);
    } else if (method === "flatMap" && Array.isArray(result)) results.push(...result);
    else results.push(result);
  }
  return results;
}
