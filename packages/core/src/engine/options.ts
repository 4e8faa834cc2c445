/** Options of engines and executions. Next: ./engine-core.ts. */
import type { Driver, DriverConnection, MaybePromise, Step } from "@athanor/driver";
import type { Pool, PoolListener, ResetOnReturn } from "@athanor/pool";
import type { Dialect, IsolationLevel, PoolClass } from "../dialect/dialect.ts";
import type { ExecutionOptions } from "../selectable/executable.ts";
import type { URL } from "../url/url.ts";
import type { Echo, Logger } from "./logging.ts";
import type { EnginePluginClass } from "./plugins.ts";
import type { StatementTags } from "./statement-tags.ts";

/** Names of {@link EngineOptions.preset}. */
export type EnginePreset = "serverless";

/** Options of `createEngine()` and `createAsyncEngine()`. */
export interface EngineOptions {
  /** The URL, where the options are the only argument. */
  readonly url?: string | URL;
  /**
   * Options for a kind of place; those that are given go before. `"serverless"`, for many instances that sleep between
   * requests: `poolSize` 1, `maxOverflow` 2, `poolPrePing`, `poolUseLifo`, `poolRecycle` 300. Default: none.
   */
  readonly preset?: EnginePreset;
  /** Connections that the pool keeps. Default 5. */
  readonly poolSize?: number;
  /** Connections beyond that, closed on return; -1: no limit. Default 10. */
  readonly maxOverflow?: number;
  /** Seconds to wait for a connection; null: for ever. Default 30. */
  readonly poolTimeout?: number | null;
  /** Seconds after which a connection is replaced at its next checkout; -1 (default): never. */
  readonly poolRecycle?: number;
  /** Test connections before they are handed out. Default false. */
  readonly poolPrePing?: boolean;
  /** Hand out the connection that came back last. Default false. */
  readonly poolUseLifo?: boolean;
  /** What happens to connections that come back. Default `"rollback"`. */
  readonly poolResetOnReturn?: ResetOnReturn;
  /** The class of the pool. Default: the dialect's choice, QueuePool nearly always. */
  readonly poolclass?: PoolClass;
  /** A pool that exists already. */
  readonly pool?: Pool;
  /**
   * Keep the stack of every checkout, for reports of leaks and time-outs. Default `"auto"` outside of production (NODE_ENV):
   * from the first leak or time-out on; `true` where the environment variable ATHANOR_TRACK is set.
   */
  readonly poolTrackCheckouts?: boolean | "auto";
  /** Listeners of the pool to begin with. */
  readonly poolEvents?: readonly PoolListener[];
  /** Log statements; `"debug"`: rows too. Default false. */
  readonly echo?: Echo;
  /** Log what the pool does. Default false. */
  readonly echoPool?: Echo;
  /** Where the log goes. Default: standard output, if `echo` is on. With a logger given, statements are logged. */
  readonly logger?: Logger;
  /** Goes into the logger's name: `athanor.engine.Engine.<name>`. */
  readonly loggingName?: string;
  /** Goes into the pool's logger's name. Default: {@link loggingName}. */
  readonly poolLoggingName?: string;
  /** Keep parameters out of logs and errors. Default false. */
  readonly hideParameters?: boolean;
  /** Isolation level of every connection. */
  readonly isolationLevel?: IsolationLevel;
  readonly executionOptions?: ExecutionOptions;
  /** Further options for the driver's `connect`. */
  readonly connectArgs?: Readonly<Record<string, unknown>>;
  /** Opens a connection instead of the driver; gives the adapter's connection. */
  readonly creator?: () => MaybePromise<DriverConnection> | Step<DriverConnection>;
  /** Statements that the compiled cache keeps; 0: none. Default 500. */
  readonly queryCacheSize?: number;
  /**
   * Warn of statements whose FROM elements no condition connects (a cartesian product), once each is compiled. A join to
   * `true` says that it is meant. Default true.
   */
  readonly enableFromLinting?: boolean;
  /** Longest label that is made up. Default: the database's limit. */
  readonly labelLength?: number;
  /** Longest identifier that the database takes. Default: the dialect's. */
  readonly maxIdentifierLength?: number;
  /** Writes values of JSON columns. Default: `JSON.stringify`. */
  readonly jsonSerializer?: (value: unknown) => string;
  /** Reads JSON columns from their text, where the driver gives text. Default: `JSON.parse`. */
  readonly jsonDeserializer?: (text: string) => unknown;
  /**
   * Sends no ROLLBACK over connections in AUTOCOMMIT. Taken for SQLAlchemy's sake: no driver here sends one where no
   * transaction is open.
   */
  readonly skipAutocommitRollback?: boolean;
  /** Names or classes of plugins: see `CreateEnginePlugin`. */
  readonly plugins?: readonly (string | EnginePluginClass)[];
  /** Rows per statement of a batched INSERT. Default 1000. */
  readonly insertmanyvaluesPageSize?: number;
  /** Batched INSERT … RETURNING. Default true. */
  readonly useInsertmanyvalues?: boolean;
  /** Milliseconds after which the server cancels a statement. Default: none. */
  readonly statementTimeout?: number;
  /**
   * Tags that stand as a comment behind every statement, in the form of sqlcommenter, for the database's own logs and views:
   * `SELECT 1 /*route='%2Forders'*&#47;`. A function is asked for each statement; what it gives anew each time (a trace's
   * number) makes each text another one, so that prepared statements are of no use. Default: none.
   */
  readonly statementTags?: StatementTags | (() => StatementTags);
  /** Milliseconds from which on a statement is logged as a slow one, by the logger's `warn`. Default: none. */
  readonly slowStatement?: number;
  /** The driver's package, already imported: for bundlers. */
  readonly module?: unknown;
  /** A driver adapter to use instead of the URL's. */
  readonly driver?: Driver;
  /** A dialect to use instead of the URL's. */
  readonly dialect?: Dialect;
}

/** Execution options with a meaning to the engine. Others are kept for listeners and for packages above. */
export interface KnownExecutionOptions {
  readonly isolationLevel?: IsolationLevel;
  readonly autocommit?: boolean;
  /** Transactions that refuse to write; an error on SQLite and SQL Server, which have none. */
  readonly readOnly?: boolean;
  /** Read-only serializable transactions wait until they cannot fail. */
  readonly deferrable?: boolean;
  /** `readOnly`, as SQLAlchemy calls it on PostgreSQL; unknown to the other databases. */
  readonly postgresqlReadonly?: boolean;
  /** `deferrable`, as SQLAlchemy calls it on PostgreSQL; unknown to the other databases. */
  readonly postgresqlDeferrable?: boolean;
  /** Leave rows on the server and fetch them in portions. */
  readonly streamResults?: boolean;
  /** Rows per portion; implies `streamResults`. */
  readonly yieldPer?: number;
  /** Largest portion of a stream without `yieldPer`. Default 1000. */
  readonly maxRowBuffer?: number;
  readonly schemaTranslateMap?: Readonly<Record<string, string | null>> | null;
  /** Another cache for compiled statements; null: none. */
  readonly compiledCache?: Map<string, unknown> | null;
  /** Milliseconds after which the server cancels the statement. */
  readonly statementTimeout?: number;
  /** Aborting cancels the statement on the server. */
  readonly signal?: AbortSignal;
  /** Goes in front of log lines. */
  readonly loggingToken?: string;
  readonly insertmanyvaluesPageSize?: number;
  /**
   * `execDriverSql()` with an empty list of parameters gives the driver none at all; the dialect event is then
   * `doExecuteNoParams`. Drivers here take markers and `%` as they are anyway.
   */
  readonly noParameters?: boolean;
  /** Keep `rowcount` for statements other than UPDATE and DELETE too; without it, it is kept where the driver tells. */
  readonly preserveRowcount?: boolean;
  /** Rows are keyed by the names that the driver reports, not by those that the statement was given. */
  readonly driverColumnNames?: boolean;
}

/** Options of one level, e.g. of `conn.execute(statement, params, options)`. */
export type ExecutionOptionsInput = KnownExecutionOptions & ExecutionOptions;

/** No options. */
export const noExecutionOptions: ExecutionOptionsInput = Object.freeze({});

/** Options of two levels; the later ones win. Does not copy where one is empty. */
export function mergeOptions(
  first: ExecutionOptionsInput,
  second: ExecutionOptionsInput | undefined,
): ExecutionOptionsInput {
  if (second === undefined || isEmpty(second)) return first;
  return isEmpty(first) ? second : { ...first, ...second };
}

/** Whether options touch single executions. An isolation level does not: it is in force once it was set. */
export function concernsExecutions(options: ExecutionOptionsInput): boolean {
  for (const name in options) if (name !== "isolationLevel" && name !== "autocommit") return true;
  return false;
}

/** Whether an object has no enumerable property. */
export function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}

/** The schema that stands for another one by `schemaTranslateMap`. */
export function effectiveSchema(options: ExecutionOptionsInput, schema: string | null): string | null {
  const map = options.schemaTranslateMap;
  if (map === undefined || map === null) return schema;
  const key = schema ?? (Object.hasOwn(map, "null") ? "null" : "");
  return Object.hasOwn(map, key) ? (map[key] as string | null) : schema;
}

/** Options of `createPoolFromUrl()`: those of engines that are about the pool, also under the names that pools have for them. */
export interface PoolFromUrlOptions extends Omit<EngineOptions, "echo" | "loggingName"> {
  /** Log what the pool does. Default false. */
  readonly echo?: Echo;
  /** Goes into the logger's name. */
  readonly loggingName?: string;
  /** Seconds to wait for a connection; null: for ever. Default 30. */
  readonly timeout?: number | null;
  /** Seconds after which a connection is replaced at its next checkout; -1 (default): never. */
  readonly recycle?: number;
  /** Test connections before they are handed out. Default false. */
  readonly prePing?: boolean;
  /** Hand out the connection that came back last. Default false. */
  readonly useLifo?: boolean;
  /** What happens to connections that come back. Default `"rollback"`. */
  readonly resetOnReturn?: ResetOnReturn;
}

const engineNames: Readonly<Record<string, keyof EngineOptions>> = {
  echo: "echoPool",
  loggingName: "poolLoggingName",
  timeout: "poolTimeout",
  recycle: "poolRecycle",
  prePing: "poolPrePing",
  useLifo: "poolUseLifo",
  resetOnReturn: "poolResetOnReturn",
};

/** The same as options of an engine. */
export function poolOptions(given: PoolFromUrlOptions): EngineOptions {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [engineNames[name] ?? name, value]));
}
