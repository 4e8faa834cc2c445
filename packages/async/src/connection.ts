/** Connections of the asynchronous API: the same steps as `Connection`'s, awaited. */
import {
  beginNestedStep,
  beginStep,
  beginTwoPhaseStep,
  type ClauseElement,
  type ColumnElement,
  type ConnectionCore,
  type CursorResult,
  closeStep,
  commitStep,
  connectionSource,
  type DdlBind,
  type DdlOperation,
  type Dialect,
  defaultLevelStep,
  detachStep,
  type EngineEvents,
  type ExecutionOptionsInput,
  effectiveSchema,
  endPreparedStep,
  executeAsync,
  executeDriverSqlStep,
  executeStep,
  type Given,
  type GivenParameters,
  type Info,
  InspectorSteps,
  type IsolationLevel,
  invalidateStep,
  isolationLevelStep,
  type Lease,
  manageStep,
  type OtherClause,
  type ParametersFor,
  type ReflectBind,
  type ReflectOperation,
  recoverTwophaseStep,
  rollbackStep,
  runDdlStep,
  type ScalarResult,
  type SqlTemplate,
  type StatementTypes,
  setOptionsStep,
  type TransactionCore,
  tryClose,
} from "@athanor/core";
import { type DriverParameters, type EventDispatcher, keepSpecimen, runAsync, type Step } from "@athanor/driver";
import type { AsyncEngine } from "./engine-port.ts";
import { AsyncRawConnection } from "./raw-connection.ts";
import { AsyncResult } from "./result.ts";
import { AsyncTransaction } from "./transaction.ts";

/** The connection inside `connection.run(function* (conn) { … })`: `yield*` its methods. */
export interface StepConnection {
  readonly core: ConnectionCore;
  execute<V extends readonly unknown[], O extends object>(
    statement: StatementTypes<V, O>,
    params?: GivenParameters,
    options?: ExecutionOptionsInput,
  ): Step<CursorResult<V, O>>;
  execute(
    statement: OtherClause,
    params?: GivenParameters,
    options?: ExecutionOptionsInput,
  ): Step<CursorResult<unknown[]>>;
  execute<V extends readonly unknown[], O extends object, C extends object>(
    statement: StatementTypes<V, O, C>,
    params?: ParametersFor<C>,
    options?: ExecutionOptionsInput,
  ): Step<CursorResult<V, O>>;
  commit(): Step<void>;
  rollback(): Step<void>;
  /** What the database holds: `const names = yield* conn.inspect().getTableNames()`. */
  inspect(): InspectorSteps;
}

/**
 * A connection to a database. A transaction begins by itself with the first statement and lasts until `commit()` or
 * `rollback()`; `await using` (or `close()`) rolls back what was not committed. Not for use by two tasks at once.
 */
export class AsyncConnection implements DdlBind<Promise<void>>, ReflectBind<Promise<void>> {
  /** @internal */
  readonly _isAsync: true = true;
  /** State and options. For packages above. @internal */
  readonly core: ConnectionCore;

  /** Connections are made by `engine.connect()`. */
  constructor(core: ConnectionCore) {
    this.core = core;
  }

  /** The engine that it comes from. */
  get engine(): AsyncEngine {
    return this.core.engine.front as AsyncEngine;
  }

  /** The dialect of the engine. */
  get dialect(): Dialect {
    return this.core.dialect;
  }

  /** Listeners of this connection alone. */
  get dispatch(): EventDispatcher<EngineEvents<AsyncConnection>> {
    return this.core.dispatch as unknown as EventDispatcher<EngineEvents<AsyncConnection>>;
  }

  /** The driver's connection as the pool lent it. @throws ResourceClosedError once closed. */
  async getRawConnection(): Promise<AsyncRawConnection> {
    this.core.check();
    return new AsyncRawConnection(this.core.lease as Lease);
  }

  /** Data of the application's, kept with the driver's connection. */
  get info(): Info {
    this.core.check();
    return (this.core.lease as Lease).info;
  }

  /** The schema in which a table or sequence is sought, after `schemaTranslateMap`. */
  schemaForObject(item: { readonly schema: string | null }): string | null {
    return effectiveSchema(this.core.options, item.schema);
  }

  /** `close()` was called. */
  get closed(): boolean {
    return this.core.closed;
  }

  /** Its database connection was lost, or invalidated, and no other was taken yet. */
  get invalidated(): boolean {
    return this.core.invalidated;
  }

  /** Executes a statement and buffers its rows. See `Connection.execute`. */
  execute<V extends readonly unknown[], O extends object>(
    statement: StatementTypes<V, O>,
    params?: GivenParameters,
    options?: ExecutionOptionsInput,
  ): Promise<CursorResult<V, O>>;
  execute<R extends object>(
    statement: SqlTemplate<R>,
    params?: GivenParameters,
    options?: ExecutionOptionsInput,
  ): Promise<CursorResult<unknown[], R>>;
  execute<T>(
    statement: ColumnElement<T>,
    params?: GivenParameters,
    options?: ExecutionOptionsInput,
  ): Promise<CursorResult<[T]>>;
  execute(
    statement: OtherClause,
    params?: GivenParameters,
    options?: ExecutionOptionsInput,
  ): Promise<CursorResult<unknown[]>>;
  execute<V extends readonly unknown[], O extends object, C extends object>(
    statement: StatementTypes<V, O, C>,
    params?: ParametersFor<C>,
    options?: ExecutionOptionsInput,
  ): Promise<CursorResult<V, O>>;
  execute(statement: Given, params?: GivenParameters, options?: ExecutionOptionsInput): Promise<unknown> {
    return executeAsync(this.core, statement, params, options);
  }

  /** The first column of the first row, null when there is no row. */
  scalar<V extends readonly unknown[], O extends object>(
    statement: StatementTypes<V, O>,
    params?: GivenParameters,
    options?: ExecutionOptionsInput,
  ): Promise<V[0] | null>;
  scalar<T>(statement: ColumnElement<T>, params?: GivenParameters, options?: ExecutionOptionsInput): Promise<T | null>;
  scalar(
    statement: OtherClause | { nextValue(): ColumnElement },
    params?: GivenParameters,
    options?: ExecutionOptionsInput,
  ): Promise<unknown>;
  scalar<V extends readonly unknown[], O extends object, C extends object>(
    statement: StatementTypes<V, O, C>,
    params?: ParametersFor<C>,
    options?: ExecutionOptionsInput,
  ): Promise<V[0] | null>;
  async scalar(statement: Given, params?: GivenParameters, options?: ExecutionOptionsInput): Promise<unknown> {
    return (await this.execute(statement as ClauseElement, params, options)).scalar();
  }

  /** The first column of each row. */
  scalars<V extends readonly unknown[], O extends object>(
    statement: StatementTypes<V, O>,
    params?: GivenParameters,
    options?: ExecutionOptionsInput,
  ): Promise<ScalarResult<V[0]>>;
  scalars(
    statement: OtherClause,
    params?: GivenParameters,
    options?: ExecutionOptionsInput,
  ): Promise<ScalarResult<unknown>>;
  scalars<V extends readonly unknown[], O extends object, C extends object>(
    statement: StatementTypes<V, O, C>,
    params?: ParametersFor<C>,
    options?: ExecutionOptionsInput,
  ): Promise<ScalarResult<V[0]>>;
  async scalars(
    statement: Given,
    params?: GivenParameters,
    options?: ExecutionOptionsInput,
  ): Promise<ScalarResult<unknown>> {
    return (await this.execute(statement, params, options)).scalars();
  }

  /** Executes a SELECT whose rows stay on the server: `for await (const row of await conn.stream(statement))`. */
  stream<V extends readonly unknown[], O extends object>(
    statement: StatementTypes<V, O>,
    params?: GivenParameters,
    options?: ExecutionOptionsInput,
  ): Promise<AsyncResult<V, O>>;
  stream(statement: OtherClause, params?: GivenParameters, options?: ExecutionOptionsInput): Promise<AsyncResult>;
  stream<V extends readonly unknown[], O extends object, C extends object>(
    statement: StatementTypes<V, O, C>,
    params?: ParametersFor<C>,
    options?: ExecutionOptionsInput,
  ): Promise<AsyncResult<V, O>>;
  async stream(statement: Given, params?: GivenParameters, options?: ExecutionOptionsInput): Promise<AsyncResult> {
    return new AsyncResult(
      await runAsync(executeStep(this.core, statement, params, { ...options, streamResults: true })),
    );
  }

  /** {@link stream}, with the first column of each row. */
  async streamScalars<V extends readonly unknown[], O extends object, C extends object | undefined = undefined>(
    statement: StatementTypes<V, O, C>,
    params?: ParametersFor<C>,
    options?: ExecutionOptionsInput,
  ): Promise<ReturnType<AsyncResult<V, O>["scalars"]>> {
    return (await this.stream(statement as StatementTypes<V, O>, params, options)).scalars();
  }

  /** Gives SQL to the driver as it is. See `Connection.execDriverSql`. */
  execDriverSql(
    sql: string,
    parameters?: DriverParameters | readonly DriverParameters[],
    options?: ExecutionOptionsInput,
  ): Promise<CursorResult> {
    return runAsync(filled(executeDriverSqlStep(this.core, sql, parameters, options)));
  }

  /** Runs a generator that does several things on this connection: `await conn.run(function* (c) { const r = yield* c.execute(s); … })`. */
  run<T>(work: (connection: StepConnection) => Step<T>): Promise<T> {
    return runAsync(work(stepConnection(this.core)));
  }

  /** Begins a transaction; with a callback, commits when it ends and rolls back when it throws. */
  begin(): Promise<AsyncTransaction>;
  begin<T>(work: (connection: this) => T | PromiseLike<T>): Promise<T>;
  async begin<T>(work?: (connection: this) => T | PromiseLike<T>): Promise<AsyncTransaction | T> {
    const transaction = await runAsync(beginStep(this.core));
    return work === undefined
      ? new AsyncTransaction(transaction)
      : await runAsync(manageStep(transaction, () => work(this)));
  }

  /** Begins a savepoint, and a transaction where there is none. */
  beginNested(): Promise<AsyncTransaction>;
  beginNested<T>(work: (connection: this) => T | PromiseLike<T>): Promise<T>;
  async beginNested<T>(work?: (connection: this) => T | PromiseLike<T>): Promise<AsyncTransaction | T> {
    const transaction = await runAsync(beginNestedStep(this.core));
    return work === undefined
      ? new AsyncTransaction(transaction)
      : await runAsync(manageStep(transaction, () => work(this)));
  }

  /** Begins a transaction in two phases. @param xid its id; default: one made up. */
  async beginTwophase(xid?: string): Promise<AsyncTransaction> {
    return new AsyncTransaction(await runAsync(beginTwoPhaseStep(this.core, xid)));
  }

  /** The same as {@link beginTwophase}. */
  beginTwoPhase(xid?: string): Promise<AsyncTransaction> {
    return this.beginTwophase(xid);
  }

  /** Ids of transactions that were prepared, by any connection, and wait for their second phase. */
  recoverTwophase(): Promise<readonly string[]> {
    return runAsync(recoverTwophaseStep(this.core));
  }

  /** Commits a transaction that was prepared, by any connection. */
  commitPrepared(xid: string): Promise<void> {
    return runAsync(endPreparedStep(this.core, xid, "commit"));
  }

  /** Rolls back a transaction that was prepared, by any connection. */
  rollbackPrepared(xid: string): Promise<void> {
    return runAsync(endPreparedStep(this.core, xid, "rollback"));
  }

  /** Commits the transaction that is open; does nothing when there is none. */
  async commit(): Promise<void> {
    if (this.core.transaction !== null) await runAsync(commitStep(this.core.transaction));
  }

  /** Rolls back the transaction that is open; does nothing when there is none. */
  async rollback(): Promise<void> {
    if (this.core.transaction !== null) await runAsync(rollbackStep(this.core.transaction));
  }

  /** Whether a transaction has begun. */
  inTransaction(): boolean {
    return this.core.transaction?.isActive ?? false;
  }

  /** Whether a savepoint is open. */
  inNestedTransaction(): boolean {
    return this.core.nested?.isActive ?? false;
  }

  /** The transaction that has begun, or null. */
  getTransaction(): AsyncTransaction | null {
    return frontOf(this.core.transaction);
  }

  /** The innermost savepoint, or null. */
  getNestedTransaction(): AsyncTransaction | null {
    return frontOf(this.core.nested);
  }

  /** Sets options for this connection's executions and returns it. */
  async executionOptions(options: ExecutionOptionsInput): Promise<this> {
    await runAsync(setOptionsStep(this.core, options));
    return this;
  }

  /** The options that are set on it. */
  getExecutionOptions(): ExecutionOptionsInput {
    return this.core.options;
  }

  /** The isolation level in force. */
  getIsolationLevel(): Promise<IsolationLevel> {
    return runAsync(isolationLevelStep(this.core));
  }

  /** The level of connections for which none was set. It may have to be asked for, so that it is a method here. */
  getDefaultIsolationLevel(): Promise<IsolationLevel> {
    return runAsync(defaultLevelStep(this.core));
  }

  /** Gives up the driver's connection as unusable. */
  invalidate(reason?: unknown): Promise<void> {
    return runAsync(invalidateStep(this.core, reason));
  }

  /** Takes the driver's connection out of its pool. */
  detach(): Promise<void> {
    return runAsync(detachStep(this.core));
  }

  /** Rolls back what was not committed and returns the driver's connection to its pool. */
  async close(): Promise<void> {
    if (!tryClose(this.core)) await runAsync(closeStep(this.core));
  }

  /** Closes it at the end of a block; what was not committed is rolled back. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** @internal */
  _runDdl(operation: DdlOperation): Promise<void> {
    return runAsync(runDdlStep(this.core, operation));
  }

  /** @internal */
  _runReflect(operation: ReflectOperation): Promise<void> {
    return runAsync(new InspectorSteps(connectionSource(this.core)).run(operation));
  }
}

/** The transaction as the program holds it, the same each time. */
function frontOf(transaction: TransactionCore | null): AsyncTransaction | null {
  return transaction === null
    ? null
    : ((transaction.front as AsyncTransaction | null) ?? new AsyncTransaction(transaction));
}

keepSpecimen(new AsyncConnection(null as never));

/** Executes and fetches everything: the result's methods do not wait. */
function* bufferedStep(
  core: ConnectionCore,
  statement: ClauseElement,
  params?: GivenParameters,
  options?: ExecutionOptionsInput,
): Step<CursorResult> {
  return yield* filled(executeStep(core, statement, params, options));
}

function* filled(execution: Step<CursorResult>): Step<CursorResult> {
  const result = yield* execution;
  if (!result.feed.isBuffered) yield* result.feed.fill(null);
  return result;
}

/** A connection whose operations are steps. For sessions. @internal */
export function stepConnection(core: ConnectionCore): StepConnection {
  return {
    core,
    execute: (statement: Given, params?: GivenParameters, options?: ExecutionOptionsInput) =>
      bufferedStep(core, statement, params, options) as never,
    *commit(): Step<void> {
      if (core.transaction !== null) yield* commitStep(core.transaction);
    },
    *rollback(): Step<void> {
      if (core.transaction !== null) yield* rollbackStep(core.transaction);
    },
    inspect: () => new InspectorSteps(connectionSource(core)),
  };
}
