/** Calls of the driver: log, cursor events, errors. Everything that reaches a database comes through here, or through ./quick.ts. */
import {
  type DriverConnection,
  type DriverCursor,
  type DriverParameters,
  type DriverResult,
  type ExecuteOptions,
  isPromiseLike,
  type MaybePromise,
  type Step,
} from "@athanor/driver";
import type { ConnectionCore } from "../connection-core.ts";
import type { ExecutionOptionsInput } from "../options.ts";
import { queryTracer, traceContext } from "../tracing.ts";
import type { CursorCall } from "./cursor-call.ts";
import { bufferedCursor, Execution, noResult } from "./cursor-events.ts";
import { translateFailure } from "./failure.ts";

const noParameters: readonly unknown[] = Object.freeze([]);

/** Runs a statement and returns what the driver made of it. */
export function* runCursor(connection: ConnectionCore, given: CursorCall): Step<DriverResult> {
  return yield* traced(connection, given, callDriver);
}

/** Runs a statement and leaves its rows where they are. */
export function* runStream(connection: ConnectionCore, given: CursorCall): Step<DriverCursor> {
  return yield* traced(connection, given, openCursor);
}

const callDriver: DriverCall<DriverResult> = {
  start: (driver, sql, parameters, given) =>
    given.many
      ? driver.executeMany(sql, parameters as readonly DriverParameters[], given.driverOptions)
      : driver.execute(sql, parameters as DriverParameters, given.driverOptions),
  of: (result) => result,
  rows: (result) => (result.columns === null ? null : result.rows.length),
};

const openCursor: DriverCall<DriverCursor> = {
  start: (driver, sql, parameters, given) =>
    (driver.stream as NonNullable<typeof driver.stream>).call(
      driver,
      sql,
      parameters as DriverParameters,
      given.driverOptions,
    ),
  of: bufferedCursor,
  rows: () => null,
};

/** A way of calling the driver. */
interface DriverCall<T> {
  start(
    driver: DriverConnection,
    sql: string,
    parameters: DriverParameters | readonly DriverParameters[],
    given: CursorCall,
  ): MaybePromise<T>;
  /** What stands for a result that a listener has brought. */
  of(result: DriverResult): T;
  /** Rows that came back, for monitoring. */
  rows(outcome: T): number | null;
}

function* traced<T>(connection: ConnectionCore, given: CursorCall, way: DriverCall<T>): Step<T> {
  if (!queryTracer.isOn) return yield* called(connection, given, way);
  const { sql, parameters, many } = given;
  const context = traceContext(connection.engine, connection.front, {
    sql,
    parameters,
    ...(many ? { sets: (parameters as readonly unknown[]).length } : {}),
  });
  return yield* queryTracer.trace(context, function* (): Step<T> {
    const outcome = yield* called(connection, given, way);
    const rows = way.rows(outcome);
    if (rows !== null) context.attributes["db.response.returned_rows"] = rows;
    return outcome;
  });
}

function* called<T>(connection: ConnectionCore, given: CursorCall, way: DriverCall<T>): Step<T> {
  const { listeners, log } = connection;
  let { sql, parameters } = given;
  let execution: Execution | null = null;
  try {
    if (!listeners.cursorEmpty) {
      execution = new Execution(connection, given);
      yield* execution.announce();
      sql = execution.statement;
      parameters = execution.parameters as typeof parameters;
    }
    if (log !== null) log.statement(sql, given.origin(), parameters);
    const driver = connection.driverConnection;
    const { lease } = connection;
    if (lease !== null) lease.activity = sql;
    if (execution === null) return yield* started(connection, sql, way.start(driver, sql, parameters, given));
    execution.startedAt = performance.now();
    const isDone = yield* execution.isDoneByListener();
    const outcome = isDone
      ? way.of(execution.result ?? noResult)
      : yield* started(connection, sql, way.start(driver, sql, parameters, given));
    if (!isDone && "rows" in (outcome as object)) execution.result = outcome as unknown as DriverResult;
    yield* execution.conclude();
    return outcome;
  } catch (error) {
    throw yield* translateFailure(connection.engine, connection, error, { statement: sql, parameters, execution });
  }
}

/** Waits for the driver; nobody else may use the connection meanwhile. */
function* started<T>(connection: ConnectionCore, sql: string, outcome: MaybePromise<T>): Step<T> {
  if (!isPromiseLike(outcome)) return outcome;
  connection.pending = sql;
  try {
    return (yield outcome) as T;
  } finally {
    connection.pending = null;
  }
}

/** Runs SQL that nobody gave as a statement: savepoints, two-phase commands, look-ups of a dialect. */
export function* runText(
  connection: ConnectionCore,
  sql: string,
  parameters: DriverParameters = noParameters,
  returnsRows = false,
): Step<DriverResult> {
  return yield* runCursor(connection, {
    sql,
    parameters,
    many: false,
    options: connection.options,
    compiled: null,
    driverOptions: { returnsRows },
    origin: () => "raw sql",
  });
}

/** Options for the driver, from the execution's. */
export function driverOptions(
  base: ExecuteOptions,
  options: ExecutionOptionsInput,
  connection: ConnectionCore,
): ExecuteOptions {
  const statementTimeout = options.statementTimeout ?? connection.engine.options.statementTimeout;
  if (options.signal === undefined && statementTimeout === undefined && options.yieldPer === undefined) return base;
  return { ...base, signal: options.signal, statementTimeout, batchSize: options.yieldPer };
}
