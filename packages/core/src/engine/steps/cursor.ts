/** Calls of the driver: log, cursor events, errors. Everything that reaches a database comes through here, or through ./quick.ts. */
import {
  call,
  type DriverCursor,
  type DriverParameters,
  type DriverResult,
  type ExecuteOptions,
  type Step,
} from "@athanor/driver";
import type { ConnectionCore } from "../connection-core.ts";
import type { CursorExecution } from "../events.ts";
import type { ExecutionOptionsInput } from "../options.ts";
import { translateFailure } from "./failure.ts";

/** One call of the driver. */
export interface CursorCall {
  readonly sql: string;
  /** One set, or a list of sets with `many`. */
  readonly parameters: DriverParameters | readonly DriverParameters[];
  readonly many: boolean;
  readonly options: ExecutionOptionsInput;
  readonly compiled: object | null;
  readonly driverOptions: ExecuteOptions;
  /** Where the SQL comes from, for the log: `"generated in 0.00012s"`. */
  origin(): string;
}

const noParameters: readonly unknown[] = Object.freeze([]);

/** Runs a statement and returns what the driver made of it. */
export function* runCursor(connection: ConnectionCore, given: CursorCall): Step<DriverResult> {
  return yield* called(connection, given, (driver, sql, parameters) =>
    given.many
      ? driver.executeMany(sql, parameters as readonly DriverParameters[], given.driverOptions)
      : driver.execute(sql, parameters as DriverParameters, given.driverOptions),
  );
}

/** Runs a statement and leaves its rows where they are. Null when the driver only buffers. */
export function* runStream(connection: ConnectionCore, given: CursorCall): Step<DriverCursor> {
  return yield* called(connection, given, (driver, sql, parameters) =>
    (driver.stream as NonNullable<typeof driver.stream>).call(
      driver,
      sql,
      parameters as DriverParameters,
      given.driverOptions,
    ),
  );
}

function* called<T>(
  connection: ConnectionCore,
  given: CursorCall,
  work: (
    driver: ConnectionCore["driverConnection"],
    sql: string,
    parameters: DriverParameters | readonly DriverParameters[],
  ) => T | PromiseLike<T>,
): Step<T> {
  const { listeners, log } = connection;
  let { sql, parameters } = given;
  let execution: CursorExecution | null = null;
  try {
    if (!listeners.beforeCursorExecute.empty || !listeners.afterCursorExecute.empty) {
      execution = {
        statement: sql,
        parameters,
        executemany: given.many,
        executionOptions: given.options,
        compiled: given.compiled,
        startedAt: 0,
      };
      yield* (listeners.beforeCursorExecute as unknown as Runnable).run(connection.front, execution);
      sql = execution.statement;
      parameters = execution.parameters as typeof parameters;
    }
    if (log !== null) log.statement(sql, given.origin(), parameters);
    const driver = connection.driverConnection;
    const { lease } = connection;
    if (lease !== null) lease.activity = sql;
    if (execution !== null) execution.startedAt = performance.now();
    const outcome = yield* call(work(driver, sql, parameters));
    if (execution !== null)
      yield* (listeners.afterCursorExecute as unknown as Runnable).run(connection.front, execution);
    return outcome;
  } catch (error) {
    throw yield* translateFailure(connection.engine, connection, error, { statement: sql, parameters });
  }
}

interface Runnable {
  run(...values: unknown[]): Step<void>;
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
