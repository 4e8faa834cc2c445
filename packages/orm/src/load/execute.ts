/**
 * Executes SELECTs about entities: runs the plain statement, reads objects from its rows, loads what is to come afterwards.
 * Next: ./reader.ts (one row), ./post-loads.ts (second statements), ./related-groups.ts (their rows).
 */
import {
  type CursorResult,
  type ExecutionOptionsInput,
  InvalidRequestError,
  Result,
  RowFeed,
  type RowSource,
  type Select,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { Mapper } from "../mapping/mapper.ts";
import type { OptionNode } from "../options/tree.ts";
import { optionTreeOf } from "../query/lowering.ts";
import { entityOfNode } from "../query/marks.ts";
import { LOAD_PLAN, type LoadPlan, type PostPlan } from "../query/plan.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { type LoadStatement, type PostQueue, postLoads, type SubqueryOrigin } from "./post-loads.ts";
import { type ItemReader, type PreparedPlan, preparePlan } from "./prepared-plan.ts";
import type { EntityReader } from "./reader.ts";
import { LoadRun } from "./run.ts";
import type { LoadingSession, LoadParameters, LoadPurpose, LoadRouting } from "./session.ts";

/** How a statement is executed. */
export interface LoadSettings {
  readonly populateExisting?: boolean;
  /** Objects of another version than their rows' are refused. */
  readonly checksVersion?: boolean;
  readonly refresh?: InstanceState;
  /** The attributes that it refreshes, for listeners; null: all. */
  readonly refreshKeys?: readonly string[] | null;
  readonly options?: ExecutionOptionsInput | undefined;
  /** The root of nested `subqueryload`s. */
  readonly subquery?: SubqueryOrigin;
  /** Where second statements wait; absent: they are executed when the rows are read. */
  readonly queue?: PostQueue | undefined;
  /** Raw rows that were taken from the result already. */
  readonly rows?: readonly (readonly unknown[])[];
  /** Set by loaders: they execute on nobody's order. */
  readonly purpose?: LoadPurpose;
  /** Serves as the bind: which engine executes. */
  readonly mapper: Mapper | null;
}

const needsUnique =
  "The unique() method must be invoked on this Result, as it contains results that need to be deduplicated: joined eager loads against collections repeat their parents";

/** Executes a SELECT and gives its rows with objects in them. */
export function* executeSelectStep(
  session: LoadingSession,
  statement: Select,
  params: LoadParameters | undefined,
  settings: LoadSettings,
): Step<Result> {
  const result = yield* session.executeCoreStep(statement, params, settings.options, settings.mapper);
  const plan = result.compiled?.attachments.get(LOAD_PLAN) as LoadPlan | undefined;
  if (plan === undefined || (plan.entities.length === 0 && plan.items.every((item) => item.kind === "column")))
    return result;
  return yield* loadResult(session, statement, result, plan, params, settings);
}

/** Turns the raw rows of an executed statement into objects by a plan. */
export function* loadResult(
  session: LoadingSession,
  statement: LoadStatement,
  result: Result,
  plan: LoadPlan,
  params: LoadParameters | undefined,
  settings: LoadSettings,
): Step<Result> {
  const prepared = preparePlan(plan, result.shape);
  const { identityToken } = session;
  const portion = (settings.options?.["yieldPer"] ?? statement.givenExecutionOptions["yieldPer"]) as number | undefined;
  const load = (rows: readonly (readonly unknown[])[]): Step<readonly (readonly unknown[])[]> => {
    const step = () => loadRows(session, statement, plan, prepared, rows, params, settings);
    // Portions are read when the execution, and with it the choice of a token, is over.
    return identityToken === session.identityToken ? step() : session.withTokenStep(identityToken, step);
  };
  if (portion !== undefined && (plan.needsUnique || plan.entities.some(({ posts }) => posts.some(buffers)))) {
    throw new InvalidRequestError(
      "Can't use yieldPer with eager loaders that require uniquing or row buffering, e.g. joinedload() against collections or subqueryload()",
      { fix: "load the collections by selectinload()" },
    );
  }
  let feed: RowFeed;
  if (prepared.only !== null && settings.rows === undefined && result.feed.isBuffered && portion === undefined) {
    const loaded = yield* loadObjects(session, statement, plan, prepared, result.takeRaw(), params, settings);
    feed = new RowFeed(null, null, loaded);
  } else if (settings.rows !== undefined) feed = new RowFeed(yield* load(settings.rows));
  else if (result.feed.isBuffered && portion === undefined) feed = new RowFeed(yield* load(result.takeRaw()));
  else feed = new RowFeed(null, portions(result, load), { yieldPer: portion });
  if (plan.needsUnique) feed.uniqueRequired = needsUnique;
  return new Result(prepared.resultShape, feed);
}

const buffers = ({ strategy }: PostPlan): boolean => strategy === "subquery";

function portions(
  result: Result,
  load: (rows: readonly (readonly unknown[])[]) => Step<readonly (readonly unknown[])[]>,
): RowSource {
  return {
    *fetch(size) {
      yield* result.feed.fill(size);
      if (result.feed.isExhausted) return [];
      return yield* load(result.feed.take(size));
    },
    *close() {
      yield* result.feed.close();
    },
  };
}

/** The rows of a result as arrays of converted values. */
export function rowsOf(result: CursorResult, width: number): unknown[][] {
  const { shape } = result;
  return result.takeRaw().map((row) => Array.from({ length: width }, (_, position) => shape.value(row, position)));
}

/** A loader's statement, ready to be executed; `rows` where a listener has answered it. */
interface Heard {
  readonly statement: Select;
  readonly params: LoadParameters | undefined;
  readonly settings: LoadSettings;
  readonly rows: readonly (readonly unknown[])[] | null;
}

/** What a loader's statement gives in each of several databases. */
export function routedStep<T>(
  routing: LoadRouting,
  statement: Select,
  params: LoadParameters | undefined,
  { options, purpose }: LoadSettings,
  step: () => Step<T>,
): Step<readonly T[]> {
  return routing.loadStep(statement, params, options, purpose, step);
}

/** Tells listeners of a loader's statement, which they may change or answer. */
export function* heardStep(
  session: LoadingSession,
  statement: Select,
  params: LoadParameters | undefined,
  settings: LoadSettings,
): Step<Heard> {
  if (settings.purpose === undefined) return { statement, params, settings, rows: null };
  const heard = yield* session.hearLoadStep(statement, params, settings.options, settings.purpose);
  return {
    statement: heard.statement as Select,
    params: heard.params,
    settings: heard.options === settings.options ? settings : { ...settings, options: heard.options },
    rows: heard.result === null ? null : (heard.result.all() as unknown as readonly (readonly unknown[])[]),
  };
}

/** Executes a SELECT and gives plain arrays, one value per element of its column list; for loaders. */
export function* selectRowsStep(
  session: LoadingSession,
  given: Select,
  givenParams: LoadParameters | undefined,
  givenSettings: LoadSettings,
): Step<readonly (readonly unknown[])[]> {
  if (session.routing !== null && session.routing.identityToken === null) {
    const step = () => selectRowsStep(session, given, givenParams, givenSettings);
    return (yield* routedStep(session.routing, given, givenParams, givenSettings, step)).flat();
  }
  let [statement, params, settings] = [given, givenParams, givenSettings];
  if (session.loadsAreHeard) {
    const heard = yield* heardStep(session, statement, params, settings);
    if (heard.rows !== null) return heard.rows;
    ({ statement, params, settings } = heard);
  }
  const result = yield* session.executeCoreStep(statement, params, settings.options, settings.mapper);
  const plan = result.compiled?.attachments.get(LOAD_PLAN) as LoadPlan | undefined;
  if (plan === undefined) {
    const { shape } = result;
    return result.takeRaw().map((row) => shape.keys.names.map((_, position) => shape.value(row, position)));
  }
  return yield* loadRows(session, statement, plan, preparePlan(plan, result.shape), result.takeRaw(), params, settings);
}

/** Executes a SELECT of one entity and gives its objects, each once. */
export function* selectEntitiesStep(
  session: LoadingSession,
  statement: Select,
  params: LoadParameters | undefined,
  settings: LoadSettings,
): Step<object[]> {
  const rows = yield* selectRowsStep(session, statement, params, settings);
  const objects: object[] = [];
  let last: unknown;
  let repeats = false;
  for (const row of rows) {
    const object = row[0];
    if (object === null) continue;
    if (object === last) repeats = true;
    else objects.push(object as object);
    last = object;
  }
  return repeats || rows.length > 1 ? [...new Set(objects)] : objects;
}

function* loadRows(
  session: LoadingSession,
  statement: LoadStatement,
  plan: LoadPlan,
  prepared: PreparedPlan,
  rows: readonly (readonly unknown[])[],
  params: LoadParameters | undefined,
  settings: LoadSettings,
): Step<readonly (readonly unknown[])[]> {
  const run = runOf(session, statement, plan, prepared, settings);
  const { readers } = prepared;
  const count = rows.length;
  const width = readers.length;
  const loaded: unknown[][] = new Array(count);
  for (let index = 0; index < count; index++) {
    const row = rows[index] as readonly unknown[];
    const values: unknown[] = new Array(width);
    for (let item = 0; item < width; item++) values[item] = (readers[item] as ItemReader)(row, run);
    loaded[index] = values;
  }
  yield* finishStep(run, statement, params, settings);
  return loaded;
}

/** {@link loadRows} where a row is one entity and nothing else. Drops the raw rows on the way. */
function* loadObjects(
  session: LoadingSession,
  statement: LoadStatement,
  plan: LoadPlan,
  prepared: PreparedPlan,
  rows: readonly (readonly unknown[])[],
  params: LoadParameters | undefined,
  settings: LoadSettings,
): Step<{ readonly singles: (object | null)[]; readonly areDistinct: boolean }> {
  const run = runOf(session, statement, plan, prepared, settings);
  const reader = prepared.only as EntityReader;
  const spent = rows as unknown[];
  const singles: (object | null)[] = [];
  let areDistinct = true;
  let last: object | null = null;
  for (let index = 0; index < spent.length; index++) {
    const object = reader.read(spent[index] as readonly unknown[], run)?.obj ?? null;
    spent[index] = null;
    // Joined loading repeats the owner of a collection; whoever reads the result has to ask for unique rows.
    if (plan.needsUnique && object !== null && object === last) continue;
    singles.push(object);
    if (object === null || !run.isFirst) areDistinct = false;
    last = object;
  }
  yield* finishStep(run, statement, params, settings);
  return { singles, areDistinct };
}

/** The run of one execution. */
export function runOf(
  session: LoadingSession,
  statement: LoadStatement,
  plan: LoadPlan,
  prepared: PreparedPlan,
  settings: LoadSettings,
): LoadRun {
  const populateExisting =
    settings.populateExisting ??
    (settings.options?.["populateExisting"] ?? statement.givenExecutionOptions["populateExisting"]) === true;
  return new LoadRun(session, {
    populateExisting,
    checksVersion: settings.checksVersion ?? false,
    refresh: settings.refresh ?? null,
    refreshKeys: settings.refreshKeys ?? null,
    collectsEvents:
      session.loadedIsHeard ||
      plan.entities.some(({ mapper }) =>
        mapper.selfAndDescendants.some((each) => !each.dispatch.of("load").empty || !each.dispatch.of("refresh").empty),
      ),
    sources: prepared.sources,
    rootNode: statement.givenOptions.length === 0 ? null : currentNodes(statement),
  });
}

/** What is left to do when all rows are read. */
export function* finishStep(
  run: LoadRun,
  statement: LoadStatement,
  params: LoadParameters | undefined,
  settings: LoadSettings,
): Step<void> {
  run.finish();
  if (run.collectsEvents) fireEvents(run);
  if (run.posts.size > 0 || run.subclasses.size > 0)
    yield* postLoads.run(run, {
      statement,
      params,
      subquery: settings.subquery ?? null,
      queue: settings.queue ?? null,
    });
}

/** The options of this very statement: a cached plan may have been made for another one of the same structure. */
function currentNodes(statement: LoadStatement): (source: number) => OptionNode {
  const tree = optionTreeOf(statement);
  return (source) => {
    const entity = entityOfNode((statement.rawColumns ?? statement.returningColumns)?.[source]);
    if (entity === undefined) throw new Error("the statement's entity is gone");
    return tree.node(entity);
  };
}

function fireEvents(run: LoadRun): void {
  for (const event of run.events.splice(0)) {
    const { state } = event;
    for (const listener of state.mapper.dispatch.of(event.isLoad ? "load" : "refresh").all)
      (listener as (...values: unknown[]) => void)(state.obj, run, ...(event.isLoad ? [] : [event.keys]));
    if (event.isLoad && run.session.loadedIsHeard) run.session.tellLoaded(state);
  }
}
