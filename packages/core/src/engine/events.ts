/** Events of engines and connections, with SQLAlchemy's names in camelCase. `C` is the connection as the program holds it. */
import {
  type DriverConnection,
  EventDispatcher,
  type Listener,
  type ListenerList,
  type ListenerResult,
} from "@athanor/driver";
import type { ConnectionPoolEntry } from "@athanor/pool";
import type { DBAPIError, StatementError } from "../errors/database.ts";
import type { ClauseElement } from "../expression/clause-element.ts";

/** Parameters as a program gives them: none, one set, or several. */
export type GivenParameters = Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[] | null;

/** A statement on its way to the driver. Listeners of `beforeCursorExecute` may change `statement` and `parameters`. */
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
}

/** A failure on its way to the program. */
export interface ErrorContext<C> {
  readonly connection: C | null;
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
  /** A statement was given to `execute()`. */
  beforeExecute: (
    connection: C,
    statement: ClauseElement,
    parameters: GivenParameters,
    executionOptions: Readonly<Record<string, unknown>>,
  ) => ListenerResult;
  afterExecute: (
    connection: C,
    statement: ClauseElement,
    parameters: GivenParameters,
    executionOptions: Readonly<Record<string, unknown>>,
    result: unknown,
  ) => ListenerResult;
  /** The driver is about to be called; `execution` may be changed. */
  beforeCursorExecute: (connection: C, execution: CursorExecution) => ListenerResult;
  afterCursorExecute: (connection: C, execution: CursorExecution) => ListenerResult;
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
  /** A driver connection is about to be opened; a listener may change `options` or open it itself and return it. */
  doConnect: (
    dialect: unknown,
    entry: ConnectionPoolEntry,
    options: Record<string, unknown>,
  ) => ListenerResult | DriverConnection;
};

/** The names of {@link EngineEvents}. */
export const engineEventNames: readonly (keyof EngineEvents<unknown>)[] = [
  "beforeExecute",
  "afterExecute",
  "beforeCursorExecute",
  "afterCursorExecute",
  "handleError",
  "engineConnect",
  "setConnectionExecutionOptions",
  "setEngineExecutionOptions",
  "engineDisposed",
  "begin",
  "commit",
  "rollback",
  "savepoint",
  "rollbackSavepoint",
  "releaseSavepoint",
  "beginTwophase",
  "prepareTwophase",
  "commitTwophase",
  "rollbackTwophase",
  "doConnect",
];

/** A dispatcher of engine events; `parent` is that of the class or of the engine. */
export function engineDispatch<C>(
  parent: EventDispatcher<EngineEvents<C>> | null = null,
): EventDispatcher<EngineEvents<C>> {
  return new EventDispatcher<EngineEvents<C>>(engineEventNames as readonly (keyof EngineEvents<C> & string)[], parent);
}

/** The lists that every execution looks at, found once per connection. */
export class ExecutionListeners {
  readonly beforeExecute: ListenerList<Listener>;
  readonly afterExecute: ListenerList<Listener>;
  readonly beforeCursorExecute: ListenerList<Listener>;
  readonly afterCursorExecute: ListenerList<Listener>;

  constructor(dispatch: EventDispatcher<EngineEvents<unknown>>) {
    this.beforeExecute = dispatch.of("beforeExecute") as unknown as ListenerList<Listener>;
    this.afterExecute = dispatch.of("afterExecute") as unknown as ListenerList<Listener>;
    this.beforeCursorExecute = dispatch.of("beforeCursorExecute") as unknown as ListenerList<Listener>;
    this.afterCursorExecute = dispatch.of("afterCursorExecute") as unknown as ListenerList<Listener>;
  }

  /** Nobody listens to executions. */
  get empty(): boolean {
    return (
      this.beforeCursorExecute.empty &&
      this.afterCursorExecute.empty &&
      this.beforeExecute.empty &&
      this.afterExecute.empty
    );
  }
}
