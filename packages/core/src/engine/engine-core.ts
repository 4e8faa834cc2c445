/**
 * An engine: a dialect, a pool, a cache of compiled statements, listeners and a log. The fronts (../sync/engine.ts and
 * @athanor/async) wrap it. Next: ./connection-core.ts.
 */
import { call, type DriverConnection, type EventDispatcher, isStep, type Step, settle } from "@athanor/driver";
import type { ConnectionCare, ConnectionPoolEntry, Pool } from "@athanor/pool";
import type { Dialect, IsolationLevel } from "../dialect/dialect.ts";
import type { URL } from "../url/url.ts";
import { StatementCompiler } from "./compiled-cache.ts";
import { type EngineAndPoolEvents, EngineDispatcher } from "./engine-events.ts";
import { ExecutionListeners } from "./events.ts";
import { judgeFailure } from "./failure.ts";
import { checkLevel, concernsDriver, levelOf, withPlainModes } from "./isolation.ts";
import { consoleLogger, type Echo, EngineLog, type Logger, poolLog } from "./logging.ts";
import {
  concernsExecutions,
  type EngineOptions,
  type ExecutionOptionsInput,
  mergeOptions,
  noExecutionOptions,
} from "./options.ts";
import type { CreateEnginePlugin } from "./plugins.ts";
import { watchSlowStatements } from "./slow-statements.ts";
import { tagStatements } from "./statement-tags.ts";

/** What engines that differ only in their execution options share. */
interface Shared {
  pool: Pool;
  readonly compiler: StatementCompiler;
  log: EngineLog | null;
}

/** What an engine's options say about each of its connections. */
class ConnectionDefaults {
  readonly options: ExecutionOptionsInput;
  /** Single executions are concerned, by these options or by the engine's own. */
  readonly concernsExecutions: boolean;
  /** The isolation level; null: none is set. */
  readonly level: IsolationLevel | null;
  /** The driver need not be told of the level. */
  readonly levelIsPlain: boolean;

  constructor(dialect: Dialect, engine: EngineOptions, options: ExecutionOptionsInput) {
    this.options = options;
    this.concernsExecutions = concernsExecutions(options) || engine.statementTimeout !== undefined;
    this.level = levelOf(options) ?? null;
    this.levelIsPlain = this.level === null || !concernsDriver(dialect, this.level);
  }
}

/** The engine behind the fronts. */
export class EngineCore {
  readonly url: URL;
  readonly dialect: Dialect;
  readonly options: EngineOptions;
  /** Replaced by {@link updateExecutionOptions}; connections take them when they are made. */
  defaults: ConnectionDefaults;
  readonly dispatch: EngineDispatcher<unknown>;
  readonly isAsync: boolean;
  /** Told once the front is there. */
  plugins: readonly CreateEnginePlugin[] = [];
  #front: object = this;
  #listeners: ExecutionListeners | null = null;
  /** Marks `engine.begin` and the like in logs. */
  readonly loggingName: string | null;
  readonly #shared: Shared;

  constructor(parts: {
    readonly url: URL;
    readonly dialect: Dialect;
    readonly options: EngineOptions;
    readonly isAsync: boolean;
    readonly classDispatch: EventDispatcher<EngineAndPoolEvents<unknown>> | null;
    /** Another engine whose pool and cache are shared. */
    readonly from?: EngineCore;
    readonly executionOptions?: ExecutionOptionsInput;
  }) {
    this.url = parts.url;
    this.dialect = parts.dialect;
    this.options = parts.options;
    this.isAsync = parts.isAsync;
    this.defaults = this.#defaultsOf(parts.executionOptions ?? parts.options.executionOptions ?? noExecutionOptions);
    this.dispatch = new EngineDispatcher<unknown>(() => this.pool, parts.from?.dispatch ?? parts.classDispatch);
    this.loggingName = parts.options.loggingName ?? null;
    if (parts.from !== undefined) this.#shared = parts.from.#shared;
    else {
      this.#shared = {
        pool: undefined as never,
        compiler: new StatementCompiler(
          parts.dialect,
          parts.options.queryCacheSize ?? 500,
          parts.options.enableFromLinting ?? true,
        ),
        log: makeLog(parts.options),
      };
      this.#shared.pool = parts.options.pool ?? this.#makePool();
      const { statementTags, slowStatement, hideParameters = false } = parts.options;
      if (statementTags !== undefined) tagStatements(this.dispatch, statementTags);
      if (slowStatement !== undefined)
        watchSlowStatements(this.dispatch, slowStatement, loggerOf(parts.options), hideParameters);
    }
  }

  /** The engine as the program holds it; what listeners get. */
  get front(): object {
    return this.#front;
  }

  set front(front: object) {
    this.#front = front;
    for (const plugin of this.plugins) plugin.engineCreated(front);
    this.plugins = [];
  }

  get pool(): Pool {
    return this.#shared.pool;
  }

  get compiler(): StatementCompiler {
    return this.#shared.compiler;
  }

  /** Null while nothing is logged. */
  get log(): EngineLog | null {
    return this.#shared.log;
  }

  /** Switches the log; counts for connections that are taken from now on. */
  set echo(echo: Echo) {
    this.#shared.log = makeLog({ ...this.options, echo });
  }

  get executionOptions(): ExecutionOptionsInput {
    return this.defaults.options;
  }

  /** The listeners that connections look at which have none of their own. */
  get listeners(): ExecutionListeners {
    this.#listeners ??= new ExecutionListeners(this.dispatch.ofEngine);
    return this.#listeners;
  }

  /** Changes the options of this engine's further connections. */
  *updateExecutionOptions(options: ExecutionOptionsInput): Step<void> {
    this.defaults = this.#defaultsOf(mergeOptions(this.executionOptions, options));
    yield* this.tellOptions(this.front, options);
  }

  /** Tells listeners that an engine has got further options. */
  *tellOptions(engine: object, options: ExecutionOptionsInput): Step<void> {
    const listeners = this.dispatch.of("setEngineExecutionOptions");
    if (!listeners.empty) yield* listeners.run(engine, options);
  }

  /** An engine of the same pool with further options. */
  withExecutionOptions(options: ExecutionOptionsInput): EngineCore {
    const merged = mergeOptions(this.executionOptions, options);
    return new EngineCore({
      url: this.url,
      dialect: this.dialect,
      options: this.options,
      isAsync: this.isAsync,
      classDispatch: null,
      from: this,
      executionOptions: merged,
    });
  }

  /** Closes the idle connections and begins with a new pool. */
  *dispose(options: { readonly close?: boolean } = {}): Step<void> {
    const { pool } = this.#shared;
    if (options.close !== false) yield* pool.dispose();
    this.#shared.pool = pool.recreate();
    const listeners = this.dispatch.of("engineDisposed");
    if (!listeners.empty) yield* listeners.run(this.front);
  }

  #defaultsOf(options: ExecutionOptionsInput): ConnectionDefaults {
    return new ConnectionDefaults(this.dialect, this.options, withPlainModes(this.dialect, options));
  }

  #makePool(): Pool {
    const { options, dialect } = this;
    const PoolOf = options.poolclass ?? dialect.poolClass(this.url, this.isAsync);
    const pool = new PoolOf((entry) => this.#open(entry), {
      care: this.#care(),
      canWait: this.isAsync,
      poolSize: options.poolSize,
      maxOverflow: options.maxOverflow,
      timeout: options.poolTimeout,
      recycle: options.poolRecycle,
      prePing: options.poolPrePing,
      useLifo: options.poolUseLifo,
      resetOnReturn: options.poolResetOnReturn,
      trackCheckouts: options.poolTrackCheckouts,
      events: options.poolEvents,
      ...(options.echoPool
        ? {
            log: poolLog(
              options.logger ??
                consoleLogger(loggerName("athanor.pool.Pool", options.poolLoggingName ?? options.loggingName)),
              options.echoPool === "debug",
            ),
          }
        : {}),
    });
    initializeOnce(pool, dialect);
    return pool;
  }

  #care(): ConnectionCare {
    const engine = this;
    const { dialect } = this;
    return {
      *ping(connection): Step<boolean> {
        try {
          return yield* dialect.ping(connection);
        } catch (failure) {
          const context = { statement: dialect.pingStatement, parameters: [], isPrePing: true };
          const { error, isDisconnect } = yield* judgeFailure(engine, null, engine.dispatch.ofEngine, failure, context);
          if (isDisconnect) return false;
          throw error;
        }
      },
      *reset(connection, how): Step<void> {
        yield* call(how === "commit" ? connection.commit() : connection.rollback());
      },
      isDisconnect: (error) => dialect.isDisconnect(error),
      isIdle: (connection) => connection.isIdle?.() === true,
    };
  }

  /** Opens a driver connection and prepares it for the program. */
  *#open(entry: ConnectionPoolEntry): Step<DriverConnection> {
    const { dialect, options } = this;
    const connectOptions = { ...(dialect.connectOptions(this.url) as object), ...options.connectArgs } as Record<
      string,
      unknown
    >;
    let connection: DriverConnection | undefined;
    for (const listener of this.dispatch.of("doConnect").all) {
      const outcome: unknown = yield* settle(listener(dialect, entry, [], connectOptions) as unknown);
      if (outcome !== undefined && outcome !== null && typeof (outcome as DriverConnection).execute === "function") {
        connection = outcome as DriverConnection;
        break;
      }
    }
    if (connection === undefined) {
      if (options.creator !== undefined) {
        const made = options.creator();
        connection = isStep(made) ? yield* made as Step<DriverConnection> : yield* call(made);
      } else {
        const driver = options.driver ?? dialect.driver;
        connection = yield* call((driver as NonNullable<typeof driver>).connect(connectOptions));
      }
    }
    try {
      yield* dialect.onConnect(connection);
      const level = options.isolationLevel;
      if (level !== undefined) checkLevel(dialect, level);
      if (level !== undefined && level !== "AUTOCOMMIT") yield* dialect.setIsolationLevel(connection, level);
    } catch (error) {
      yield* call(connection.close());
      throw error;
    }
    return connection;
  }
}

/**
 * The dialect looks at the first connection of a pool when listeners of `firstConnect`, and those of `connect` that were
 * inserted in front, have made of the session what it will be.
 */
function initializeOnce(pool: Pool, dialect: Dialect): void {
  let isDue = true;
  pool.dispatch.listen("firstConnect", () => {
    isDue = true;
  });
  pool.dispatch.listen("connect", function* (connection): Step<void> {
    if (!isDue) return;
    yield* dialect.initialize(connection);
    isDue = false;
  });
}

function makeLog(options: EngineOptions): EngineLog | null {
  const { echo = false, logger, hideParameters = false } = options;
  if (!echo && logger === undefined) return null;
  return new EngineLog(loggerOf(options), { hideParameters, isDebug: echo === "debug" });
}

function loggerOf({ logger, loggingName }: EngineOptions): Logger {
  return logger ?? consoleLogger(loggerName("athanor.engine.Engine", loggingName));
}

function loggerName(base: string, name: string | undefined): string {
  return name === undefined ? base : `${base}.${name}`;
}
