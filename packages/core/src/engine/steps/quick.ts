/**
 * The short way for what is executed most: one parameter set, nobody listening, no options.
 * Begins at once and makes no generator; ./execute.ts goes on where the driver makes one wait. Next: ./execute.ts.
 */
import {
  type DriverParameters,
  type DriverResult,
  type DriverRow,
  type ExecuteOptions,
  isPromiseLike,
  keepSpecimen,
  type MaybePromise,
  type Step,
} from "@athanor/driver";
import type { Lease } from "@athanor/pool";
import type { ClauseElement } from "../../expression/clause-element.ts";
import { RowFeed } from "../../result/feed.ts";
import { fitsKeys, memoHolder, type PreparedStatement, StatementMemo } from "../compiled-cache.ts";
import { type ConnectionCore, TransactionCore } from "../connection-core.ts";
import { CursorResult, type Outcome } from "../cursor-result.ts";
import type { GivenParameters } from "../events.ts";
import { isEmpty } from "../options.ts";
import type { ParameterSet, Prepared } from "../prepared.ts";
import { translateFailure } from "./failure.ts";
import { beginStatement, beginsOnServer, beginsPlainly } from "./transaction.ts";

/** A statement that was begun; once settled, what its result knows of it. */
export class QuickExecution implements Outcome {
  readonly prepared: Prepared;
  readonly values: readonly unknown[];
  readonly sql: string;
  readonly parameters: DriverParameters;
  readonly options: ExecuteOptions;
  readonly sets = null;
  /** The transaction that this statement is the first of, until it has begun. */
  transaction: TransactionCore | null = null;
  /** What the driver makes one wait for before the transaction has begun. */
  beginning: MaybePromise<void> = undefined;
  /** What the driver returned; undefined when it threw. */
  outcome: MaybePromise<DriverResult> | undefined = undefined;
  failure: unknown = undefined;
  /** The outcome is there. */
  isSettled = false;
  driver: DriverResult = unsettled;
  returned: readonly DriverRow[] | null = null;

  constructor(
    prepared: Prepared,
    values: readonly unknown[],
    sql: string,
    parameters: DriverParameters,
    options: ExecuteOptions = prepared.executeOptions,
  ) {
    this.prepared = prepared;
    this.values = values;
    this.sql = sql;
    this.parameters = parameters;
    this.options = options;
  }

  /** What the driver will return, where the statement has been given to it and makes one wait. */
  get underWay(): PromiseLike<DriverResult> | null {
    const { outcome } = this;
    return outcome === undefined || this.isSettled ? null : (outcome as PromiseLike<DriverResult>);
  }

  /** Begins the transaction that the statement needs. A driver may make one wait. */
  begin(connection: ConnectionCore): void {
    const transaction = new TransactionCore("root", connection, "", null);
    this.transaction = transaction;
    try {
      if (beginsOnServer(connection)) this.beginning = connection.driverConnection.begin(beginStatement(connection));
    } catch (error) {
      this.failure = error;
      return;
    }
    if (isPromiseLike(this.beginning)) {
      connection.pending = "BEGIN";
      return;
    }
    this.begun(connection);
  }

  /** The transaction has begun. */
  begun(connection: ConnectionCore): void {
    connection.pending = null;
    connection.transaction = this.transaction;
    this.transaction = null;
  }

  /** Gives the statement to the driver. */
  call(connection: ConnectionCore): void {
    const lease = connection.lease as Lease;
    lease.activity = this.sql;
    try {
      const outcome = lease.connection.execute(this.sql, this.parameters, this.options);
      this.outcome = outcome;
      this.isSettled = !isPromiseLike(outcome);
      if (!this.isSettled) connection.pending = this.sql;
    } catch (error) {
      this.failure = error;
    }
  }
}

const unsettled: DriverResult = Object.freeze({ columns: null, rows: [], rowCount: -1 });

keepSpecimen(new QuickExecution(null as never, [], "", [], {}));

/** Begins an execution if the short way is open to it; null otherwise, and nothing has happened. */
export function startQuick(
  connection: ConnectionCore,
  statement: ClauseElement,
  params: GivenParameters | undefined,
): QuickExecution | null {
  if (!connection.isPlain || (connection.transaction === null && !beginsPlainly(connection))) return null;
  if (typeof statement !== "object" || statement === null || Array.isArray(params)) return null;
  const set = (params ?? null) as ParameterSet | null;
  const holder = memoHolder(statement);
  if (holder === null || connection.managed?.isActive === false) return null;
  const memo = holder.memoCompiled;
  let prepared: Prepared;
  let values: readonly unknown[];
  if (memo instanceof StatementMemo && memo.owner === connection.compiler && fitsKeys(memo.columnKeys, set)) {
    prepared = memo.prepared;
    values = set === null && memo.values !== null ? memo.values : prepared.values(memo.binds, set, null);
  } else {
    if (!isEmpty(holder.givenExecutionOptions) || holder.givenParams !== null) return null;
    const found = prepareMemoised(connection, statement, set);
    if (found === null) return null;
    prepared = found.prepared;
    values = prepared.values(found.keyed, set, null);
  }
  const quick = bound(prepared, values);
  if (connection.transaction === null) quick.begin(connection);
  if (quick.transaction === null) quick.call(connection);
  return quick;
}

function bound(prepared: Prepared, values: readonly unknown[]): QuickExecution {
  if (prepared.isFixed) {
    return new QuickExecution(prepared, values, prepared.compiled.fixedText as string, prepared.parameters(values));
  }
  const statement = prepared.bind(values);
  const { sql, parameters } = statement;
  return new QuickExecution(prepared, values, sql, parameters, prepared.optionsFor(statement));
}

const plainVariant = { columnKeys: null, schemaTranslateMap: null, isMany: false };

/** The compiled form if it is in the cache and simple; noted on the statement for the next time. */
function prepareMemoised(
  connection: ConnectionCore,
  statement: ClauseElement,
  set: ParameterSet | null,
): PreparedStatement | null {
  if (connection.compiler.store === null || (statement as { isDdl?: boolean }).isDdl === true) return null;
  const columnKeys = columnKeysOf(statement, set);
  const variant = columnKeys === null ? plainVariant : { columnKeys, schemaTranslateMap: null, isMany: false };
  const found = connection.compiler.prepare(statement, variant);
  if (!found.prepared.isSimple) return null;
  if (found.origin !== "no key") memoise(connection, statement, found, columnKeys, set);
  return found;
}

/** Stands on statements that were executed once: most are thrown away, so that a memo only pays from the second time on. */
const executedOnce = Symbol("executed once");

/** Notes on a statement how it compiles, when it comes for the second time. */
export function memoise(
  connection: ConnectionCore,
  statement: ClauseElement,
  found: PreparedStatement,
  columnKeys: readonly string[] | null,
  set: ParameterSet | null,
): void {
  const holder = memoHolder(statement);
  if (holder === null) return;
  if (holder.memoCompiled === undefined) holder.memoCompiled = executedOnce;
  else
    holder.memoCompiled = new StatementMemo(
      connection.compiler,
      found,
      columnKeys === null ? null : set === null ? [] : Object.keys(set),
    );
}

/** The names of parameters on which an INSERT or UPDATE depends; null for other statements. */
export function columnKeysOf(statement: ClauseElement, set: ParameterSet | null): readonly string[] | null {
  if (statement.kind !== "insert" && statement.kind !== "update") return null;
  return set === null ? [] : Object.keys(set).sort();
}

/** The result of a settled execution. */
export function finishQuick(quick: QuickExecution, result: DriverResult): CursorResult {
  const { prepared } = quick;
  const { columns } = result;
  quick.driver = result;
  if (columns !== null && prepared.givesRows) {
    return new CursorResult(prepared.shape(columns), new RowFeed(result.rows), quick);
  }
  if (columns !== null) quick.returned = result.rows;
  return new CursorResult(null, new RowFeed(null), quick);
}

/** The error of an execution that has failed. */
export function failureOf(connection: ConnectionCore, quick: QuickExecution, failure: unknown): Step<unknown> {
  const { sql, parameters } = quick;
  return translateFailure(connection.engine, connection, failure, { statement: sql, parameters });
}
