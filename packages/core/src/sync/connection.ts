/** Connections of the synchronous API: each method runs one step of ../engine/steps/. */
import { type DriverParameters, type DriverResult, type EventDispatcher, runSync } from "@athanor/driver";
import type { Info, Lease } from "@athanor/pool";
import type { Dialect, IsolationLevel } from "../dialect/dialect.ts";
import type { ParametersFor } from "../dml/dml-base.ts";
import type { ConnectionCore } from "../engine/connection-core.ts";
import type { CursorResult } from "../engine/cursor-result.ts";
import type { EngineEvents, GivenParameters } from "../engine/events.ts";
import { type ExecutionOptionsInput, effectiveSchema } from "../engine/options.ts";
import { close, detach, manage, tryClose } from "../engine/steps/close.ts";
import { defaultLevel, isolationLevel, setOptions } from "../engine/steps/connect.ts";
import { runDdlOperation } from "../engine/steps/ddl.ts";
import { executeDriverSql } from "../engine/steps/driver-sql.ts";
import { continueExecution } from "../engine/steps/execute.ts";
import { invalidateConnection } from "../engine/steps/failure.ts";
import { finishQuick, startQuick } from "../engine/steps/quick.ts";
import { begin, beginNested, beginTwoPhase, commit, rollback } from "../engine/steps/transaction.ts";
import { endPrepared, recoverTwophase } from "../engine/steps/two-phase.ts";
import type { ClauseElement } from "../expression/clause-element.ts";
import type { ColumnElement } from "../expression/column-element.ts";
import type { SqlTemplate } from "../expression/template.ts";
import { InspectorSteps } from "../reflect/inspector-steps.ts";
import { connectionSource } from "../reflect/source.ts";
import type { ScalarResult } from "../result/result.ts";
import type { DdlBind, DdlOperation, ReflectBind, ReflectOperation } from "../schema/ports.ts";
import type { Given, OtherClause, StatementTypes } from "../selectable/executable.ts";
import type { Engine } from "./engine-port.ts";
import { RawConnection } from "./raw-connection.ts";
import { NestedTransaction, RootTransaction, TwoPhaseTransaction } from "./transaction.ts";

/**
 * A connection to a database. A transaction begins by itself with the first statement and lasts until `commit()` or
 * `rollback()`; `using` (or `close()`) rolls back what was not committed.
 */
export class Connection implements DdlBind<void>, ReflectBind<void> {
  /** State and options. For packages above. @internal */
  readonly core: ConnectionCore;

  /** Connections are made by `engine.connect()`. */
  constructor(core: ConnectionCore) {
    this.core = core;
  }

  get engine(): Engine {
    return this.core.engine.front as Engine;
  }

  get dialect(): Dialect {
    return this.core.dialect;
  }

  /** Listeners of this connection alone. */
  get dispatch(): EventDispatcher<EngineEvents<Connection>> {
    return this.core.dispatch as unknown as EventDispatcher<EngineEvents<Connection>>;
  }

  /** What the pool lent: the driver's connection is `connection.lease.connection.native`. */
  get lease(): Lease {
    this.core.check();
    return this.core.lease as Lease;
  }

  /** The driver's connection as the pool lent it. @throws ResourceClosedError once closed. */
  get connection(): RawConnection {
    return new RawConnection(this.lease);
  }

  /** Data of the application's, kept with the driver's connection. */
  get info(): Info {
    return this.lease.info;
  }

  get closed(): boolean {
    return this.core.closed;
  }

  /** The driver's connection was lost; the next transaction opens another. */
  get invalidated(): boolean {
    return this.core.invalidated;
  }

  /**
   * Executes a statement.
   *
   * @param params values by parameter name; for INSERT and UPDATE also by column key. A list executes it once for each.
   * @throws DBAPIError (IntegrityError, OperationalError, …) what the database says; ArgumentError for strings.
   */
  execute<V extends readonly unknown[], O extends object>(
    statement: StatementTypes<V, O>,
    params?: GivenParameters,
    options?: ExecutionOptionsInput,
  ): CursorResult<V, O>;
  execute<R extends object>(
    statement: SqlTemplate<R>,
    params?: GivenParameters,
    options?: ExecutionOptionsInput,
  ): CursorResult<unknown[], R>;
  execute<T>(statement: ColumnElement<T>, params?: GivenParameters, options?: ExecutionOptionsInput): CursorResult<[T]>;
  execute(statement: OtherClause, params?: GivenParameters, options?: ExecutionOptionsInput): CursorResult<unknown[]>;
  execute<V extends readonly unknown[], O extends object, C extends object>(
    statement: StatementTypes<V, O, C>,
    params?: ParametersFor<C>,
    options?: ExecutionOptionsInput,
  ): CursorResult<V, O>;
  execute(statement: Given, params?: GivenParameters, options?: ExecutionOptionsInput): unknown {
    const quick = options === undefined ? startQuick(this.core, statement, params) : null;
    if (quick?.isSettled)
      return finishQuick(quick, quick.outcome as DriverResult) as unknown as CursorResult<unknown[]>;
    return runSync(continueExecution(this.core, quick, statement, params, options)) as unknown as CursorResult<
      unknown[]
    >;
  }

  /** The first column of the first row, null when there is no row. */
  scalar<V extends readonly unknown[], O extends object>(
    statement: StatementTypes<V, O>,
    params?: GivenParameters,
    options?: ExecutionOptionsInput,
  ): V[0] | null;
  scalar<T>(statement: ColumnElement<T>, params?: GivenParameters, options?: ExecutionOptionsInput): T | null;
  scalar(
    statement: OtherClause | { nextValue(): ColumnElement },
    params?: GivenParameters,
    options?: ExecutionOptionsInput,
  ): unknown;
  scalar<V extends readonly unknown[], O extends object, C extends object>(
    statement: StatementTypes<V, O, C>,
    params?: ParametersFor<C>,
    options?: ExecutionOptionsInput,
  ): V[0] | null;
  scalar(statement: Given, params?: GivenParameters, options?: ExecutionOptionsInput): unknown {
    return this.execute(statement as ClauseElement, params, options).scalar();
  }

  /** The first column of each row. */
  scalars<V extends readonly unknown[], O extends object>(
    statement: StatementTypes<V, O>,
    params?: GivenParameters,
    options?: ExecutionOptionsInput,
  ): ScalarResult<V[0]>;
  scalars(statement: OtherClause, params?: GivenParameters, options?: ExecutionOptionsInput): ScalarResult<unknown>;
  scalars<V extends readonly unknown[], O extends object, C extends object>(
    statement: StatementTypes<V, O, C>,
    params?: ParametersFor<C>,
    options?: ExecutionOptionsInput,
  ): ScalarResult<V[0]>;
  scalars(statement: Given, params?: GivenParameters, options?: ExecutionOptionsInput): ScalarResult<unknown> {
    return this.execute(statement, params, options).scalars();
  }

  /** Executes a SELECT whose rows stay on the server and are fetched in portions. */
  stream<V extends readonly unknown[], O extends object>(
    statement: StatementTypes<V, O>,
    params?: GivenParameters,
    options?: ExecutionOptionsInput,
  ): CursorResult<V, O>;
  stream(statement: OtherClause, params?: GivenParameters, options?: ExecutionOptionsInput): CursorResult<unknown[]>;
  stream<V extends readonly unknown[], O extends object, C extends object>(
    statement: StatementTypes<V, O, C>,
    params?: ParametersFor<C>,
    options?: ExecutionOptionsInput,
  ): CursorResult<V, O>;
  stream(statement: Given, params?: GivenParameters, options?: ExecutionOptionsInput): unknown {
    return this.execute(statement, params, { ...options, streamResults: true });
  }

  /** Gives SQL to the driver as it is, with the driver's own parameter markers. A list of lists executes it once for each. */
  execDriverSql(
    sql: string,
    parameters?: DriverParameters | readonly DriverParameters[],
    options?: ExecutionOptionsInput,
  ): CursorResult<unknown[]> {
    return runSync(executeDriverSql(this.core, sql, parameters, options)) as unknown as CursorResult<unknown[]>;
  }

  /**
   * Begins a transaction; with a callback, commits when it returns and rolls back when it throws.
   *
   * @throws InvalidRequestError when a transaction is open, also one that began by itself.
   */
  begin(): RootTransaction;
  begin<T>(work: (connection: this) => T): T;
  begin<T>(work?: (connection: this) => T): RootTransaction | T {
    const transaction = runSync(begin(this.core));
    return work === undefined ? new RootTransaction(transaction) : runSync(manage(transaction, () => work(this)));
  }

  /** Begins a savepoint, and a transaction where there is none; with a callback, releases or rolls back to it. */
  beginNested(): NestedTransaction;
  beginNested<T>(work: (connection: this) => T): T;
  beginNested<T>(work?: (connection: this) => T): NestedTransaction | T {
    const transaction = runSync(beginNested(this.core));
    return work === undefined ? new NestedTransaction(transaction) : runSync(manage(transaction, () => work(this)));
  }

  /** Begins a transaction in two phases. @param xid its id; default: one made up. */
  beginTwophase(xid?: string): TwoPhaseTransaction {
    return new TwoPhaseTransaction(runSync(beginTwoPhase(this.core, xid)));
  }

  /** The same as {@link beginTwophase}. */
  beginTwoPhase(xid?: string): TwoPhaseTransaction {
    return this.beginTwophase(xid);
  }

  /** Ids of transactions that were prepared, by any connection, and wait for their second phase. */
  recoverTwophase(): readonly string[] {
    return runSync(recoverTwophase(this.core));
  }

  /** Commits a transaction that was prepared, by any connection: `for (const xid of conn.recoverTwophase()) conn.commitPrepared(xid)`. */
  commitPrepared(xid: string): void {
    runSync(endPrepared(this.core, xid, "commit"));
  }

  /** Rolls back a transaction that was prepared, by any connection. */
  rollbackPrepared(xid: string): void {
    runSync(endPrepared(this.core, xid, "rollback"));
  }

  /** Commits the transaction that is open; does nothing when there is none. */
  commit(): void {
    if (this.core.transaction !== null) runSync(commit(this.core.transaction));
  }

  /** Rolls back the transaction that is open, with its savepoints; does nothing when there is none. */
  rollback(): void {
    if (this.core.transaction !== null) runSync(rollback(this.core.transaction));
  }

  /** Whether a transaction is open. */
  inTransaction(): boolean {
    return this.core.transaction?.isActive ?? false;
  }

  /** Whether a savepoint is open. */
  inNestedTransaction(): boolean {
    return this.core.nested?.isActive ?? false;
  }

  /** The open transaction, or null. */
  getTransaction(): RootTransaction | null {
    const { transaction } = this.core;
    return transaction === null
      ? null
      : ((transaction.front as RootTransaction | null) ?? new RootTransaction(transaction));
  }

  /** The innermost open savepoint, or null. */
  getNestedTransaction(): NestedTransaction | null {
    const { nested } = this.core;
    return nested === null ? null : ((nested.front as NestedTransaction | null) ?? new NestedTransaction(nested));
  }

  /**
   * Sets options for this connection's executions and returns it.
   *
   * @throws InvalidRequestError for an isolation level while a transaction is open.
   */
  executionOptions(options: ExecutionOptionsInput): this {
    runSync(setOptions(this.core, options));
    return this;
  }

  /** The options set so far, the engine's included. */
  getExecutionOptions(): ExecutionOptionsInput {
    return this.core.options;
  }

  /** The schema in which a table or sequence is sought, after `schemaTranslateMap`. */
  schemaForObject(item: { readonly schema: string | null }): string | null {
    return effectiveSchema(this.core.options, item.schema);
  }

  /** The isolation level in force. */
  getIsolationLevel(): IsolationLevel {
    return runSync(isolationLevel(this.core));
  }

  /** The level of connections for which none was set. */
  get defaultIsolationLevel(): IsolationLevel {
    return runSync(defaultLevel(this.core));
  }

  /** Gives up the driver's connection as unusable. */
  invalidate(reason?: unknown): void {
    runSync(invalidateConnection(this.core, reason));
  }

  /** Takes the driver's connection out of its pool; `close()` will close it. */
  detach(): void {
    runSync(detach(this.core));
  }

  /** Rolls back what was not committed and returns the driver's connection to its pool. */
  close(): void {
    if (!tryClose(this.core)) runSync(close(this.core));
  }

  /** Closes it at the end of a block; what was not committed is rolled back. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** @internal */
  _runDdl(operation: DdlOperation): void {
    runSync(runDdlOperation(this.core, operation));
  }

  /** @internal */
  _runReflect(operation: ReflectOperation): void {
    runSync(new InspectorSteps(connectionSource(this.core)).run(operation));
  }
}
