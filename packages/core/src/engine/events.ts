/** Events of engines and connections, with SQLAlchemy's names in camelCase. `C` is the connection as the program holds it. */
import {
  type DriverConnection,
  type DriverResult,
  EventDispatcher,
  keepSpecimen,
  type Listener,
  type ListenerList,
  type ListenerResult,
  listenerChanges,
  type MaybePromise,
} from "@athanor/driver";
import type { ConnectionPoolEntry } from "@athanor/pool";
import type { DBAPIError, StatementError } from "../errors/database.ts";
import type { ClauseElement } from "../expression/clause-element.ts";
import type { TypeLike } from "../types/type.ts";

/** Parameters as a program gives them: none, one set, or several. */
export type GivenParameters = Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[] | null;

/** Values by name. */
export type NamedValues = Readonly<Record<string, unknown>>;

/**
 * A statement on its way to the driver: what SQLAlchemy's listeners know as the cursor and as the execution context.
 * Listeners of `beforeCursorExecute` may change `statement` and `parameters`.
 */
export interface CursorExecution {
  /** The SQL text. */
  statement: string;
  /** What the driver gets: one set, or a list of them with `executemany`. */
  parameters: unknown;
  readonly executemany: boolean;
  /** The execution's options, all levels merged. */
  readonly executionOptions: Readonly<Record<string, unknown>>;
  /** The compiled statement; null for driver-level SQL. */
  readonly compiled: object | null;
  /** When the driver was called, by `performance.now()`; 0 before. */
  startedAt: number;
  /** What the driver made of it, once it was called; null for rows that stay on the server. */
  result: DriverResult | null;
  /**
   * For `doExecute` and `doExecutemany`: calls the driver and keeps its result. A listener that does so, or sets
   * `result` itself, returns true; the engine then does not call the driver.
   */
  execute(statement: string, parameters?: unknown): MaybePromise<DriverResult>;
}

/** A failure on its way to the program. */
export interface ErrorContext<C> {
  readonly connection: C | null;
  readonly engine: object;
  readonly dialect: object;
  /** The statement's way to the driver, where it got so far. */
  readonly executionContext: CursorExecution | null;
  readonly statement: string | null;
  readonly parameters: unknown;
  /** The error as the driver threw it. */
  readonly originalException: unknown;
  /** Athanor's error for it; null where the failure has nothing to do with the database. */
  readonly sqlalchemyException: StatementError | DBAPIError | null;
  /** The error that will be thrown. Set it, or throw from the listener, to replace it. */
  chainedException: unknown;
  /** Whether the connection is taken for lost. May be changed. */
  isDisconnect: boolean;
  /** Whether a disconnect replaces the other pooled connections too. May be changed. */
  invalidatePoolOnDisconnect: boolean;
  /** The failure came from a pre-ping. */
  readonly isPrePing: boolean;
}

/** The events of an engine and of its connections. Where a listener returns a promise or a step, it is waited for. */
export type EngineEvents<C> = {
  /**
   * A statement was given to `execute()`. With `retval` the listener returns `[clauseelement, multiparams, params]`.
   *
   * @param multiparams the parameter sets of an executemany; empty otherwise.
   * @param params the only parameter set; empty where there is none.
   */
  beforeExecute: (
    connection: C,
    clauseelement: ClauseElement,
    multiparams: readonly NamedValues[],
    params: NamedValues,
    executionOptions: NamedValues,
  ) => ListenerResult;
  afterExecute: (
    connection: C,
    clauseelement: ClauseElement,
    multiparams: readonly NamedValues[],
    params: NamedValues,
    executionOptions: NamedValues,
    result: unknown,
  ) => ListenerResult;
  /** The driver is about to be called. With `retval` the listener returns `[statement, parameters]`; `cursor` may be changed as well. */
  beforeCursorExecute: (
    connection: C,
    cursor: CursorExecution,
    statement: string,
    parameters: unknown,
    context: CursorExecution,
    executemany: boolean,
  ) => ListenerResult;
  afterCursorExecute: (
    connection: C,
    cursor: CursorExecution,
    statement: string,
    parameters: unknown,
    context: CursorExecution,
    executemany: boolean,
  ) => ListenerResult;
  /** Takes the place of the driver's call where it returns true: see {@link CursorExecution.execute}. */
  doExecute: (cursor: CursorExecution, statement: string, parameters: unknown, context: CursorExecution) => unknown;
  /** {@link doExecute} for several parameter sets. */
  doExecutemany: (
    cursor: CursorExecution,
    statement: string,
    parameters: readonly unknown[],
    context: CursorExecution,
  ) => unknown;
  /** {@link doExecute} for `execDriverSql()` with the option `noParameters` and no parameters. */
  doExecuteNoParams: (cursor: CursorExecution, statement: string, context: CursorExecution) => unknown;
  /**
   * Parameters are about to be converted: a listener may put another type under a parameter's name, and the value goes
   * through that type's conversion.
   */
  doSetinputsizes: (
    inputsizes: Map<string, TypeLike>,
    cursor: null,
    statement: string,
    parameters: NamedValues,
    context: object,
  ) => ListenerResult;
  handleError: (context: ErrorContext<C>) => ListenerResult;
  /** A connection was taken from the engine. */
  engineConnect: (connection: C) => ListenerResult;
  setConnectionExecutionOptions: (connection: C, options: Readonly<Record<string, unknown>>) => ListenerResult;
  setEngineExecutionOptions: (engine: unknown, options: Readonly<Record<string, unknown>>) => ListenerResult;
  engineDisposed: (engine: unknown) => ListenerResult;
  begin: (connection: C) => ListenerResult;
  commit: (connection: C) => ListenerResult;
  rollback: (connection: C) => ListenerResult;
  savepoint: (connection: C, name: string) => ListenerResult;
  rollbackSavepoint: (connection: C, name: string) => ListenerResult;
  releaseSavepoint: (connection: C, name: string) => ListenerResult;
  beginTwophase: (connection: C, xid: string) => ListenerResult;
  prepareTwophase: (connection: C, xid: string) => ListenerResult;
  commitTwophase: (connection: C, xid: string, isPrepared: boolean) => ListenerResult;
  rollbackTwophase: (connection: C, xid: string, isPrepared: boolean) => ListenerResult;
  /**
   * A driver connection is about to be opened; a listener may change `cparams`, or open it itself and return it.
   *
   * @param cargs always empty: drivers take one object.
   * @param cparams what the driver's `connect` gets, from the URL and `connectArgs`.
   */
  doConnect: (
    dialect: unknown,
    connectionRecord: ConnectionPoolEntry,
    cargs: readonly unknown[],
    cparams: Record<string, unknown>,
  ) => ListenerResult | DriverConnection;
};

const cursorArguments = ["conn", "cursor", "statement", "parameters", "context", "executemany"];

/** Names of the events and of their arguments. */
export const engineEventArguments = {
  beforeExecute: ["conn", "clauseelement", "multiparams", "params", "executionOptions"],
  afterExecute: ["conn", "clauseelement", "multiparams", "params", "executionOptions", "result"],
  beforeCursorExecute: cursorArguments,
  afterCursorExecute: cursorArguments,
  handleError: ["exceptionContext"],
  engineConnect: ["conn"],
  setConnectionExecutionOptions: ["conn", "opts"],
  setEngineExecutionOptions: ["engine", "opts"],
  engineDisposed: ["engine"],
  begin: ["conn"],
  commit: ["conn"],
  rollback: ["conn"],
  savepoint: ["conn", "name"],
  rollbackSavepoint: ["conn", "name"],
  releaseSavepoint: ["conn", "name"],
  beginTwophase: ["conn", "xid"],
  prepareTwophase: ["conn", "xid"],
  commitTwophase: ["conn", "xid", "isPrepared"],
  rollbackTwophase: ["conn", "xid", "isPrepared"],
  doConnect: ["dialect", "connRec", "cargs", "cparams"],
  doExecute: ["cursor", "statement", "parameters", "context"],
  doExecutemany: ["cursor", "statement", "parameters", "context"],
  doExecuteNoParams: ["cursor", "statement", "context"],
  doSetinputsizes: ["inputsizes", "cursor", "statement", "parameters", "context"],
} as const satisfies Record<keyof EngineEvents<unknown>, readonly string[]>;

const names = Object.keys(engineEventArguments) as (keyof EngineEvents<unknown> & string)[];

/** A dispatcher of one connection's events; `parent` is the engine's. */
export function connectionDispatch<C>(parent: EventDispatcher<EngineEvents<C>>): EventDispatcher<EngineEvents<C>> {
  return new EventDispatcher<EngineEvents<C>>(names, parent);
}

/** The lists that every connection looks at, found once for a dispatcher. */
export class ExecutionListeners {
  readonly engineConnect: ListenerList<Listener>;
  readonly begin: ListenerList<Listener>;
  readonly rollback: ListenerList<Listener>;
  readonly beforeExecute: ListenerList<Listener>;
  readonly afterExecute: ListenerList<Listener>;
  readonly beforeCursorExecute: ListenerList<Listener>;
  readonly afterCursorExecute: ListenerList<Listener>;
  readonly doExecute: ListenerList<Listener>;
  readonly doExecutemany: ListenerList<Listener>;
  readonly doExecuteNoParams: ListenerList<Listener>;
  readonly doSetinputsizes: ListenerList<Listener>;
  #isEmpty = true;
  #seenAt = -1;

  constructor(dispatch: EventDispatcher<EngineEvents<unknown>>) {
    const of = (name: keyof EngineEvents<unknown>): ListenerList<Listener> =>
      dispatch.of(name) as unknown as ListenerList<Listener>;
    this.engineConnect = of("engineConnect");
    this.begin = of("begin");
    this.rollback = of("rollback");
    this.beforeExecute = of("beforeExecute");
    this.afterExecute = of("afterExecute");
    this.beforeCursorExecute = of("beforeCursorExecute");
    this.afterCursorExecute = of("afterCursorExecute");
    this.doExecute = of("doExecute");
    this.doExecutemany = of("doExecutemany");
    this.doExecuteNoParams = of("doExecuteNoParams");
    this.doSetinputsizes = of("doSetinputsizes");
  }

  /** Nobody listens to executions. */
  get empty(): boolean {
    if (this.#seenAt !== listenerChanges()) {
      this.#seenAt = listenerChanges();
      this.#isEmpty =
        this.cursorEmpty && this.beforeExecute.empty && this.afterExecute.empty && this.doSetinputsizes.empty;
    }
    return this.#isEmpty;
  }

  /** Nobody listens to calls of the driver. */
  get cursorEmpty(): boolean {
    return (
      this.beforeCursorExecute.empty &&
      this.afterCursorExecute.empty &&
      this.doExecute.empty &&
      this.doExecutemany.empty &&
      this.doExecuteNoParams.empty
    );
  }
}

keepSpecimen(new ExecutionListeners(new EventDispatcher<EngineEvents<unknown>>(names)));
