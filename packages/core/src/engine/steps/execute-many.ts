/** One statement for several parameter sets: the driver's executemany, batched INSERTs, or one call for each set. */
import {
  type DriverConnection,
  type DriverParameters,
  type DriverResult,
  type DriverRow,
  type ExecuteOptions,
  isPromiseLike,
  keepSpecimen,
  type Step,
} from "@athanor/driver";
import type { ClauseElement } from "../../expression/clause-element.ts";
import { RowFeed } from "../../result/feed.ts";
import type { Executable } from "../../selectable/executable.ts";
import type { PreparedStatement } from "../compiled-cache.ts";
import type { ConnectionCore } from "../connection-core.ts";
import { CursorResult, type Outcome } from "../cursor-result.ts";
import { type BatchForm, batchForm, portionsOf } from "../insert-batch.ts";
import type { ExecutionOptionsInput } from "../options.ts";
import { ParameterRows } from "../parameter-rows.ts";
import type { BoundStatement, ParameterSet, Prepared } from "../prepared.ts";
import { queryTracer } from "../tracing.ts";
import { driverOptions, runCursor } from "./cursor.ts";
import type { CursorCall } from "./cursor-call.ts";
import { computeDefaults, type SelectScalar } from "./defaults.ts";
import { inputProcessors } from "./execution-events.ts";
import { translateFailure } from "./failure.ts";
import { logRows, originText } from "./origin.ts";
import { surrounded } from "./surrounded.ts";
import { autobegin } from "./transaction.ts";

/** Of several rows, no single key is of use. */
const noKey = { wantsLastRowId: false } as const;

/** Executes a statement once for each parameter set. */
export function* executeMany(
  connection: ConnectionCore,
  statement: ClauseElement,
  found: PreparedStatement,
  sets: readonly ParameterSet[],
  options: ExecutionOptionsInput,
  selectScalar: SelectScalar,
): Step<CursorResult> {
  const { prepared } = found;
  const { compiled } = prepared;
  const rows = yield* rowsOf(connection, statement, found, sets, selectScalar);
  const { useInsertmanyvalues, insertmanyvaluesPageSize } = connection.engine.options;
  const page = options.insertmanyvaluesPageSize ?? insertmanyvaluesPageSize;
  let form: BatchForm | null;
  let bound: BoundStatement[] | null = null;
  let parameters: DriverParameters[] = [];
  try {
    form = useInsertmanyvalues === false ? null : batchForm(connection.dialect, prepared, rows, page);
    if (form !== null)
      bound = portionsOf(sets.length, form).map(({ start, end }) => (form as BatchForm).bind(start, end));
    else if (compiled.isExpanding) bound = sets.map((_, index) => prepared.bind(rows.values(index)));
    else parameters = parametersOf(prepared, rows, yield* inputProcessors(connection, prepared, () => rows.values(0)));
  } catch (error) {
    throw yield* unprepared(connection, prepared, error, sets);
  }
  if (connection.transaction === null) yield* autobegin(connection);
  if (form !== null && bound !== null) return yield* inBatches(connection, found, rows, options, form, bound);
  const returnsRows = compiled.returnsRows && compiled.kind !== "text" && compiled.resultColumns !== null;
  if (bound !== null) return yield* oneByOne(connection, found, rows, options, bound, returnsRows);
  if (returnsRows && connection.dialect.capabilities.executeManyReturning !== true)
    return yield* eachReturning(connection, found, rows, parameters, options);
  const call: CursorCall = {
    sql: compiled.fixedText as string,
    parameters,
    many: true,
    options,
    compiled,
    driverOptions: driverOptions({ ...prepared.executeOptions, ...noKey }, options, connection),
    origin: () => originText(found),
  };
  const result = yield* around(connection, found, () => runCursor(connection, call));
  if (returnsRows) logRows(connection, result);
  return resultOf(found, rows, result, returnsRows ? result.rows : null);
}

/** The statements that the dialect wants around this one, once for all parameter sets. */
function* around<T>(connection: ConnectionCore, found: PreparedStatement, work: () => Step<T>): Step<T> {
  const { surroundings } = found.prepared.compiled;
  return surroundings === null ? yield* work() : yield* surrounded(connection, surroundings, work);
}

/** The parameter sets, with the defaults that are computed for each. */
function* rowsOf(
  connection: ConnectionCore,
  statement: ClauseElement,
  { prepared, keyed }: PreparedStatement,
  sets: readonly ParameterSet[],
  selectScalar: SelectScalar,
): Step<ParameterRows> {
  const givenParams = (statement as Partial<Executable>).givenParams ?? null;
  const rows = new ParameterRows(prepared, keyed, sets, givenParams);
  if (prepared.isSimple) return rows;
  const computed: unknown[][] = [];
  try {
    for (const [index, set] of sets.entries()) {
      const values = prepared.values(keyed, set, givenParams, index);
      yield* computeDefaults(connection, prepared, values, set, selectScalar);
      computed.push(values);
    }
  } catch (error) {
    throw yield* unprepared(connection, prepared, error, sets);
  }
  return new ParameterRows(prepared, keyed, sets, givenParams, computed);
}

/** The error of parameters that could not be made ready. */
function* unprepared(
  connection: ConnectionCore,
  { compiled }: Prepared,
  error: unknown,
  parameters: unknown,
): Step<unknown> {
  return yield* translateFailure(connection.engine, connection, error, {
    statement: compiled.fixedText,
    parameters,
    isPreparation: true,
  });
}

/** What the driver gets for each set, of a statement whose text does not depend on values. */
function parametersOf(
  prepared: Prepared,
  rows: ParameterRows,
  processors: ReturnType<Prepared["processorsFor"]> | undefined,
): DriverParameters[] {
  const { setReaders } = prepared;
  const { length, sets } = rows;
  const read = setReaders === null || processors !== undefined ? null : rows.reader(setReaders);
  const parameters: DriverParameters[] = new Array(length);
  for (let index = 0; index < length; index++) {
    const quick = read === null ? null : read(sets[index] as ParameterSet);
    parameters[index] = quick ?? prepared.bind(rows.values(index), processors).parameters;
  }
  return parameters;
}

/** A statement that returns rows, once for each set. Where nobody watches, the driver is called without further ado. */
function* eachReturning(
  connection: ConnectionCore,
  found: PreparedStatement,
  sets: ParameterRows,
  parameters: readonly DriverParameters[],
  options: ExecutionOptionsInput,
): Step<CursorResult> {
  const { listeners, log } = connection;
  const { prepared } = found;
  const sql = prepared.compiled.fixedText as string;
  const isWatched = log !== null || !listeners.cursorEmpty || queryTracer.isOn;
  if (isWatched || prepared.compiled.surroundings !== null) {
    const bound = parameters.map((one) => ({ sql, parameters: one }));
    return yield* oneByOne(connection, found, sets, options, bound, true);
  }
  const settings = driverOptions(prepared.executeOptions, options, connection);
  const calls = new EachCall(sql, parameters, settings);
  try {
    const driver = connection.driverConnection;
    const { lease } = connection;
    if (lease !== null) lease.activity = sql;
    for (let waiting = calls.run(driver); waiting !== null; waiting = calls.run(driver))
      calls.take((yield waiting) as DriverResult);
  } catch (error) {
    throw yield* translateFailure(connection.engine, connection, error, {
      statement: sql,
      parameters: parameters[calls.index],
    });
  }
  return resultOf(found, sets, calls.result, calls.rows);
}

/** A loop over calls of the driver. It stands outside of the generator, which would run it much slower. */
class EachCall {
  readonly rows: DriverRow[] = [];
  /** The set whose turn it is. */
  index = 0;
  readonly #sql: string;
  readonly #parameters: readonly DriverParameters[];
  readonly #options: ExecuteOptions;
  #last: DriverResult | null = null;
  #count = 0;

  constructor(sql: string, parameters: readonly DriverParameters[], options: ExecuteOptions) {
    this.#sql = sql;
    this.#parameters = parameters;
    this.#options = options;
  }

  /** Goes on until the driver makes one wait: gives what to wait for, null at the end. */
  run(driver: DriverConnection): PromiseLike<DriverResult> | null {
    const parameters = this.#parameters;
    while (this.index < parameters.length) {
      const outcome = driver.execute(this.#sql, parameters[this.index] as DriverParameters, this.#options);
      if (isPromiseLike(outcome)) return outcome as PromiseLike<DriverResult>;
      this.take(outcome);
    }
    return null;
  }

  /** Takes the outcome of the present call. */
  take(result: DriverResult): void {
    this.index++;
    this.#count += result.rowCount;
    for (let row = 0; row < result.rows.length; row++) this.rows.push(result.rows[row] as DriverRow);
    this.#last = result;
  }

  /** All outcomes together. */
  get result(): DriverResult {
    return { ...(this.#last as DriverResult), rows: this.rows, rowCount: this.#count };
  }
}

keepSpecimen(new EachCall("", [], {}));
keepSpecimen(new ParameterRows(null as never, null, []));

/** One call for each set, with log and events. */
function* oneByOne(
  connection: ConnectionCore,
  found: PreparedStatement,
  sets: ParameterRows,
  options: ExecutionOptionsInput,
  bound: readonly BoundStatement[],
  returnsRows: boolean,
): Step<CursorResult> {
  const { prepared } = found;
  const rows: DriverRow[] = [];
  let last: DriverResult | null = null;
  let count = 0;
  for (const [index, one] of bound.entries()) {
    const place = `(insertmanyvalues) ${index + 1}/${bound.length} (ordered; batch not supported)`;
    const call = callOf(connection, found, one, options, prepared.compiled.kind === "insert" ? place : null);
    last = yield* around(connection, found, () => runCursor(connection, call));
    count += last.rowCount;
    for (const row of last.rows) rows.push(row);
  }
  return resultOf(found, sets, { ...(last as DriverResult), rows, rowCount: count }, returnsRows ? rows : null);
}

function* inBatches(
  connection: ConnectionCore,
  found: PreparedStatement,
  sets: ParameterRows,
  options: ExecutionOptionsInput,
  form: BatchForm,
  bound: readonly BoundStatement[],
): Step<CursorResult> {
  const rows: DriverRow[] = [];
  let last: DriverResult | null = null;
  let count = 0;
  const portions = portionsOf(sets.length, form);
  for (const [index, { start, end }] of portions.entries()) {
    const place = `(insertmanyvalues) ${index + 1}/${portions.length} (${form.isSorted ? "ordered" : "unordered"})`;
    const call = callOf(connection, found, bound[index] as BoundStatement, options, place);
    last = yield* around(connection, found, () => runCursor(connection, call));
    count += last.rowCount;
    for (const row of form.ordered(last, start, end)) rows.push(row);
  }
  const result: DriverResult = { ...(last as DriverResult), rows, rowCount: count };
  logRows(connection, result);
  return resultOf(found, sets, result, form.returnsRows ? rows : null);
}

function callOf(
  connection: ConnectionCore,
  found: PreparedStatement,
  bound: BoundStatement,
  options: ExecutionOptionsInput,
  place: string | null,
): CursorCall {
  return {
    sql: bound.sql,
    parameters: bound.parameters as DriverParameters,
    many: false,
    options,
    compiled: found.prepared.compiled,
    driverOptions: driverOptions({ ...found.prepared.optionsFor(bound), ...noKey }, options, connection),
    origin: () => (place === null ? originText(found) : `${originText(found)} ${place}`),
  };
}

function resultOf(
  found: PreparedStatement,
  sets: ParameterRows,
  result: DriverResult,
  rows: readonly DriverRow[] | null,
): CursorResult {
  const { prepared } = found;
  const isGiven = rows !== null && prepared.givesRows && result.columns !== null;
  const outcome: Outcome = {
    prepared,
    driver: result,
    sets,
    get values() {
      return sets.values(sets.length - 1);
    },
    returned: isGiven ? null : rows,
  };
  if (isGiven) return new CursorResult(prepared.shape(result.columns), new RowFeed(rows), outcome);
  return new CursorResult(null, new RowFeed(null), outcome);
}
