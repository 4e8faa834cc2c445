/** One statement for several parameter sets: the driver's executemany, batched INSERTs, or one call for each set. */
import type { DriverParameters, DriverResult, DriverRow, Step } from "@athanor/driver";
import type { ClauseElement } from "../../expression/clause-element.ts";
import { RowFeed } from "../../result/feed.ts";
import type { Executable } from "../../selectable/executable.ts";
import type { PreparedStatement } from "../compiled-cache.ts";
import type { ConnectionCore } from "../connection-core.ts";
import { CursorResult } from "../cursor-result.ts";
import { batchesOf, batchForm } from "../insert-batch.ts";
import type { ExecutionOptionsInput } from "../options.ts";
import type { BoundStatement, ParameterSet } from "../prepared.ts";
import { type CursorCall, driverOptions, runCursor } from "./cursor.ts";
import { computeDefaults, type SelectScalar } from "./defaults.ts";
import { translateFailure } from "./failure.ts";
import { logRows, originText } from "./origin.ts";
import { surrounded } from "./surrounded.ts";
import { autobegin } from "./transaction.ts";

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
  const values: unknown[][] = [];
  try {
    const givenParams = (statement as Partial<Executable>).givenParams ?? null;
    for (const [index, set] of sets.entries()) {
      const row = prepared.values(found.keyed, set, givenParams, index);
      if (!prepared.isSimple) yield* computeDefaults(connection, prepared, row, set, selectScalar);
      values.push(row);
    }
  } catch (error) {
    throw yield* translateFailure(connection.engine, connection, error, {
      statement: compiled.fixedText,
      parameters: sets,
      isPreparation: true,
    });
  }
  if (connection.transaction === null) yield* autobegin(connection);
  const returnsRows = compiled.returnsRows && compiled.kind !== "text" && compiled.resultColumns !== null;
  const { useInsertmanyvalues, insertmanyvaluesPageSize } = connection.engine.options;
  const page = options.insertmanyvaluesPageSize ?? insertmanyvaluesPageSize;
  const form = useInsertmanyvalues === false ? null : batchForm(connection.dialect, prepared, values, page);
  if (form !== null) return yield* inBatches(connection, found, values, options, form);
  const isMany = !returnsRows || connection.dialect.capabilities.executeManyReturning === true;
  if (!isMany || compiled.isExpanding) return yield* oneByOne(connection, found, values, options, returnsRows);
  const bound = yield* boundSets(connection, found, values);
  const call: CursorCall = {
    sql: (bound[0] as BoundStatement).sql,
    parameters: bound.map((one) => one.parameters),
    many: true,
    options,
    compiled,
    driverOptions: driverOptions({ ...prepared.executeOptions, wantsLastRowId: false }, options, connection),
    origin: () => originText(found),
  };
  const result = yield* around(connection, found, () => runCursor(connection, call));
  if (returnsRows) logRows(connection, result);
  return resultOf(found, values, result, returnsRows ? result.rows : null);
}

/** The statements that the dialect wants around this one, once for all parameter sets. */
function* around<T>(connection: ConnectionCore, found: PreparedStatement, work: () => Step<T>): Step<T> {
  const { surroundings } = found.prepared.compiled;
  return surroundings === null ? yield* work() : yield* surrounded(connection, surroundings, work);
}

function* boundSets(
  connection: ConnectionCore,
  found: PreparedStatement,
  values: readonly unknown[][],
): Step<BoundStatement[]> {
  const { prepared } = found;
  try {
    return values.map((row) => prepared.bind(row));
  } catch (error) {
    throw yield* translateFailure(connection.engine, connection, error, {
      statement: prepared.compiled.fixedText,
      parameters: undefined,
      isPreparation: true,
    });
  }
}

function* oneByOne(
  connection: ConnectionCore,
  found: PreparedStatement,
  values: readonly unknown[][],
  options: ExecutionOptionsInput,
  returnsRows: boolean,
): Step<CursorResult> {
  const bound = yield* boundSets(connection, found, values);
  const rows: DriverRow[] = [];
  let last: DriverResult | null = null;
  let count = 0;
  for (const [index, one] of bound.entries()) {
    const place = `(insertmanyvalues) ${index + 1}/${bound.length} (ordered; batch not supported)`;
    const call = callOf(connection, found, one, options, found.prepared.compiled.kind === "insert" ? place : null);
    last = yield* around(connection, found, () => runCursor(connection, call));
    count += last.rowCount;
    for (const row of last.rows) rows.push(row);
  }
  return resultOf(found, values, { ...(last as DriverResult), rows, rowCount: count }, returnsRows ? rows : null);
}

function* inBatches(
  connection: ConnectionCore,
  found: PreparedStatement,
  values: readonly unknown[][],
  options: ExecutionOptionsInput,
  form: NonNullable<ReturnType<typeof batchForm>>,
): Step<CursorResult> {
  const rows: DriverRow[] = [];
  let last: DriverResult | null = null;
  let count = 0;
  const batches = batchesOf(values, form);
  for (const [index, batch] of batches.entries()) {
    let bound: BoundStatement;
    try {
      bound = form.bind(batch);
    } catch (error) {
      throw yield* translateFailure(connection.engine, connection, error, {
        statement: found.prepared.compiled.fixedText,
        parameters: undefined,
        isPreparation: true,
      });
    }
    const place = `(insertmanyvalues) ${index + 1}/${batches.length} (${form.isSorted ? "ordered" : "unordered"})`;
    const call = callOf(connection, found, bound, options, place);
    last = yield* around(connection, found, () => runCursor(connection, call));
    count += last.rowCount;
    for (const row of form.ordered(last, batch)) rows.push(row);
  }
  const result: DriverResult = { ...(last as DriverResult), rows, rowCount: count };
  logRows(connection, result);
  return resultOf(found, values, result, form.returnsRows ? rows : null);
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
    driverOptions: driverOptions(found.prepared.optionsFor(bound), options, connection),
    origin: () => (place === null ? originText(found) : `${originText(found)} ${place}`),
  };
}

function resultOf(
  found: PreparedStatement,
  values: readonly unknown[][],
  result: DriverResult,
  rows: readonly DriverRow[] | null,
): CursorResult {
  const { prepared } = found;
  const outcome = { prepared, driver: result, values: values.at(-1) ?? null, sets: values };
  if (rows !== null && prepared.givesRows && result.columns !== null)
    return new CursorResult(prepared.shape(result.columns), new RowFeed(rows), { ...outcome, returned: null });
  return new CursorResult(null, new RowFeed(null), { ...outcome, returned: rows });
}
