/**
 * Executing statements: `executeStep` is what all fronts and the packages above run. The short way is ./quick.ts; several
 * parameter sets are ./execute-many.ts's.
 */
import { type ColumnDescription, call, type DriverResult, type Step } from "@athanor/driver";
import { ArgumentError } from "../../errors/errors.ts";
import type { ClauseElement } from "../../expression/clause-element.ts";
import { RowFeed } from "../../result/feed.ts";
import type { RowShape } from "../../result/row.ts";
import type { Executable, ExecutionOptions } from "../../selectable/executable.ts";
import type { PreparedStatement } from "../compiled-cache.ts";
import type { CompiledStore } from "../compiled-store.ts";
import type { ConnectionCore } from "../connection-core.ts";
import { CursorResult } from "../cursor-result.ts";
import type { GivenParameters } from "../events.ts";
import { type ExecutionOptionsInput, isEmpty, mergeOptions, noExecutionOptions } from "../options.ts";
import type { ParameterSet, Prepared } from "../prepared.ts";
import { driverOptions, runCursor, runStream } from "./cursor.ts";
import type { CursorCall } from "./cursor-call.ts";
import { computeDefaults } from "./defaults.ts";
import { executableOf } from "./executable.ts";
import { executeMany } from "./execute-many.ts";
import { announceExecution, concludeExecution, inputProcessors } from "./execution-events.ts";
import { translateFailure } from "./failure.ts";
import { logRows, originText } from "./origin.ts";
import { ownModes, withOwnModes } from "./own-modes.ts";
import { columnKeysOf, failureOf, finishQuick, memoise, type QuickExecution, startQuick } from "./quick.ts";
import { isQuery, streamFeed, wantsStream } from "./stream.ts";
import { surrounded } from "./surrounded.ts";
import { autobegin } from "./transaction.ts";

/**
 * Executes a statement on a connection. The port of @athanor/orm: the result's `compiled.attachments` carry what its
 * compilation noted, `takeRaw()` gives the driver's rows.
 */
export function* executeStep(
  connection: ConnectionCore,
  statement: ClauseElement,
  params?: GivenParameters,
  options?: ExecutionOptionsInput,
): Step<CursorResult> {
  const quick = options === undefined ? startQuick(connection, statement, params) : null;
  if (quick?.isSettled) return finishQuick(quick, quick.outcome as DriverResult);
  return yield* continueExecution(connection, quick, statement, params, options);
}

/** Goes on where the short way could not end by itself. */
export function* continueExecution(
  connection: ConnectionCore,
  quick: QuickExecution | null,
  statement: ClauseElement,
  params: GivenParameters | undefined,
  options: ExecutionOptionsInput | undefined,
): Step<CursorResult> {
  if (quick === null) return yield* executeFull(connection, statement, params ?? null, options);
  if (quick.transaction !== null) {
    try {
      yield* call(quick.beginning);
      if (quick.failure !== undefined) throw quick.failure;
    } catch (error) {
      connection.pending = null;
      throw yield* translateFailure(connection.engine, connection, error, null);
    }
    quick.begun(connection);
    quick.call(connection);
  }
  if (quick.isSettled) return finishQuick(quick, quick.outcome as DriverResult);
  if (quick.underWay === null) throw yield* failureOf(connection, quick, quick.failure);
  try {
    const result = (yield quick.underWay) as DriverResult;
    connection.pending = null;
    return finishQuick(quick, result);
  } catch (error) {
    connection.pending = null;
    throw yield* failureOf(connection, quick, error);
  }
}

function* executeFull(
  connection: ConnectionCore,
  given: ClauseElement,
  params: GivenParameters,
  options: ExecutionOptionsInput | undefined,
): Step<CursorResult> {
  connection.check();
  const statement = executableOf(given);
  const own = (statement as Partial<Executable>).givenExecutionOptions as ExecutionOptions | undefined;
  const modes = ownModes(connection, own, options);
  if (modes === null) return yield* executeWithOptions(connection, statement, own, params, options);
  const leavesRows = wantsStream(mergeOptions(own ?? noExecutionOptions, options));
  return yield* withOwnModes(connection, modes, leavesRows, () =>
    executeWithOptions(connection, statement, own, params, options),
  );
}

function* executeWithOptions(
  connection: ConnectionCore,
  statement: ClauseElement,
  own: ExecutionOptions | undefined,
  params: GivenParameters,
  options: ExecutionOptionsInput | undefined,
): Step<CursorResult> {
  const merged = mergeOptions(own === undefined ? connection.options : mergeOptions(own, connection.options), options);
  const { beforeExecute, afterExecute } = connection.listeners;
  if (beforeExecute.empty && afterExecute.empty) return yield* executePrepared(connection, statement, params, merged);
  const announced = yield* announceExecution(connection, beforeExecute, statement, params, merged);
  const result = yield* executePrepared(connection, announced.statement, announced.params, merged);
  yield* concludeExecution(connection, afterExecute, announced, merged, result);
  return result;
}

function* executePrepared(
  connection: ConnectionCore,
  statement: ClauseElement,
  params: GivenParameters,
  options: ExecutionOptionsInput,
): Step<CursorResult> {
  const sets = parameterSets(params);
  const isMany = Array.isArray(sets);
  const first = (isMany ? sets[0] : sets) as ParameterSet | null;
  const schemaTranslateMap = options.schemaTranslateMap ?? null;
  const store = options.compiledCache === undefined ? undefined : (options.compiledCache as CompiledStore | null);
  const columnKeys = columnKeysOf(statement, first);
  const found = connection.compiler.prepare(statement, { columnKeys, schemaTranslateMap, isMany }, store);
  const isCommon =
    store === undefined &&
    schemaTranslateMap === null &&
    !isMany &&
    (statement as Partial<Executable>).givenParams === null &&
    isEmpty((statement as Partial<Executable>).givenExecutionOptions ?? noExecutionOptions);
  if (
    isCommon &&
    found.prepared.isSimple &&
    found.origin !== "no key" &&
    found.origin !== "disabled" &&
    found.prepared.compiled.kind !== "ddl"
  ) {
    memoise(connection, statement, found, columnKeys, first);
  }
  if (isMany)
    return yield* executeMany(connection, statement, found, sets as readonly ParameterSet[], options, selectScalar);
  return yield* executeOne(connection, statement, found, first, options);
}

function* executeOne(
  connection: ConnectionCore,
  statement: ClauseElement,
  found: PreparedStatement,
  set: ParameterSet | null,
  options: ExecutionOptionsInput,
): Step<CursorResult> {
  const { prepared } = found;
  const { compiled } = prepared;
  const givenParams = (statement as Partial<Executable>).givenParams ?? null;
  let values: unknown[];
  let bound: ReturnType<typeof prepared.bind>;
  try {
    values = prepared.values(found.keyed, set, givenParams);
    if (!prepared.isSimple) yield* computeDefaults(connection, prepared, values, set, selectScalar);
    bound = prepared.bind(values, yield* inputProcessors(connection, prepared, () => values));
  } catch (error) {
    throw yield* translateFailure(connection.engine, connection, error, {
      statement: compiled.fixedText,
      parameters: set ?? undefined,
      isPreparation: true,
    });
  }
  if (connection.transaction === null) yield* autobegin(connection);
  const call: CursorCall = {
    sql: bound.sql,
    parameters: bound.parameters,
    many: false,
    options,
    compiled,
    driverOptions: driverOptions(prepared.optionsFor(bound), options, connection),
    origin: () => originText(found),
  };
  if (prepared.givesRows && (compiled.kind !== "text" || isQuery(bound.sql)) && wantsStream(options)) {
    if (connection.driverConnection.stream !== undefined)
      return yield* stream(connection, found, values, call, options);
  }
  const result =
    compiled.surroundings === null
      ? yield* runCursor(connection, call)
      : yield* surrounded(connection, compiled.surroundings, () => runCursor(connection, call));
  return resultOf(connection, found, values, result, options);
}

function* selectScalar(connection: ConnectionCore, statement: ClauseElement): Step<unknown> {
  return (yield* executeStep(connection, statement)).scalar();
}

function* stream(
  connection: ConnectionCore,
  found: PreparedStatement,
  values: readonly unknown[],
  call: CursorCall,
  options: ExecutionOptionsInput,
): Step<CursorResult> {
  const cursor = yield* runStream(connection, call);
  const feed = streamFeed(connection, cursor, call, options);
  const driver = { rowCount: -1, columns: cursor.columns };
  return new CursorResult(shapeOf(found.prepared, cursor.columns, options), feed, {
    prepared: found.prepared,
    driver,
    values,
    returned: null,
    sets: null,
  });
}

function resultOf(
  connection: ConnectionCore,
  found: PreparedStatement,
  values: readonly unknown[],
  result: DriverResult,
  options: ExecutionOptionsInput,
): CursorResult {
  const { prepared } = found;
  const { columns } = result;
  const outcome = { prepared, driver: result, values, sets: null };
  if (columns === null) return new CursorResult(null, new RowFeed(null), { ...outcome, returned: null });
  if (!prepared.givesRows) return new CursorResult(null, new RowFeed(null), { ...outcome, returned: result.rows });
  logRows(connection, result);
  const feed = new RowFeed(result.rows, null, { yieldPer: options.yieldPer });
  return new CursorResult(shapeOf(prepared, columns, options), feed, { ...outcome, returned: null });
}

function shapeOf(prepared: Prepared, columns: readonly ColumnDescription[], options: ExecutionOptionsInput): RowShape {
  return options.driverColumnNames === true ? prepared.driverShape(columns) : prepared.shape(columns);
}

/** One set, several, or none. An empty list is none. @throws ArgumentError for anything else. */
function parameterSets(params: GivenParameters): ParameterSet | readonly ParameterSet[] | null {
  if (params === null) return null;
  if (Array.isArray(params)) {
    if (params.length === 0) return null;
    for (const set of params as readonly unknown[]) if (!isSet(set)) throw badParameters();
    return params as readonly ParameterSet[];
  }
  if (!isSet(params)) throw badParameters();
  return params as ParameterSet;
}

function isSet(value: unknown): boolean {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function badParameters(): ArgumentError {
  return new ArgumentError("List argument must consist only of objects, one per parameter set", {
    fix: "execute(statement, { id: 5 }) or execute(statement, [{ id: 5 }, { id: 6 }])",
  });
}
