/** SQL that goes to the driver as it is. */
import type { DriverParameters, Step } from "@athanor/driver";
import { ArgumentError } from "../../errors/errors.ts";
import { RowFeed } from "../../result/feed.ts";
import { plainShape } from "../../result/result.ts";
import { describe } from "../../types/literals.ts";
import type { ConnectionCore } from "../connection-core.ts";
import { CursorResult } from "../cursor-result.ts";
import { type ExecutionOptionsInput, isEmpty, mergeOptions, noExecutionOptions } from "../options.ts";
import { driverOptions, runCursor, runStream } from "./cursor.ts";
import type { CursorCall } from "./cursor-call.ts";
import { logRows } from "./origin.ts";
import { ownModes, withOwnModes } from "./own-modes.ts";
import { isQuery, streamFeed, wantsStream } from "./stream.ts";
import { autobegin } from "./transaction.ts";

const none: readonly unknown[] = Object.freeze([]);

/** Executes driver-level SQL; a list of lists or of objects is an executemany. */
export function* executeDriverSql(
  connection: ConnectionCore,
  sql: string,
  given?: DriverParameters | readonly DriverParameters[],
  options?: ExecutionOptionsInput,
): Step<CursorResult> {
  if (typeof sql !== "string") throw new ArgumentError(`execDriverSql() takes SQL text, not ${describe(sql)}`);
  connection.check();
  const modes = ownModes(connection, undefined, options);
  if (modes === null) return yield* send(connection, sql, given, options);
  const leavesRows = wantsStream(options ?? noExecutionOptions);
  return yield* withOwnModes(connection, modes, leavesRows, () => send(connection, sql, given, options));
}

function* send(
  connection: ConnectionCore,
  sql: string,
  given: DriverParameters | readonly DriverParameters[] | undefined,
  options: ExecutionOptionsInput | undefined,
): Step<CursorResult> {
  const merged = mergeOptions(connection.options, options);
  if (connection.transaction === null) yield* autobegin(connection);
  const parameters = given ?? none;
  const many =
    Array.isArray(parameters) &&
    parameters.length > 0 &&
    parameters.every(
      (set) =>
        set !== null &&
        typeof set === "object" &&
        (Array.isArray(set) || Object.getPrototypeOf(set) === Object.prototype),
    );
  const call: CursorCall = {
    sql,
    parameters,
    many,
    options: merged,
    compiled: null,
    driverOptions: driverOptions({ returnsRows: true }, merged, connection),
    hasNoParameters: merged.noParameters === true && isEmpty(parameters),
    origin: () => "raw sql",
  };
  if (!many && wantsStream(merged) && isQuery(sql) && connection.driverConnection.stream !== undefined) {
    const cursor = yield* runStream(connection, call);
    const { columns } = cursor;
    const shape = plainShape(columns.map((column) => column.name));
    const opened = { prepared: null, driver: { rowCount: -1, columns }, values: null, returned: null, sets: null };
    return new CursorResult(shape, streamFeed(connection, cursor, call, merged), opened);
  }
  const driver = yield* runCursor(connection, call);
  logRows(connection, driver);
  const outcome = { prepared: null, driver, values: null, returned: null, sets: null };
  if (driver.columns === null) return new CursorResult(null, new RowFeed(null), outcome);
  return new CursorResult(
    plainShape(driver.columns.map((column) => column.name)),
    new RowFeed(driver.rows, null, { yieldPer: merged.yieldPer }),
    outcome,
  );
}
