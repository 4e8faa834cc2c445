/** Engines of the asynchronous API. Next: ./create.ts, which makes them. */
import {
  type CheckoutOptions,
  type ConnectionCore,
  checkoutStep,
  closeStep,
  connectAsync,
  type DdlBind,
  type DdlOperation,
  type Dialect,
  type Echo,
  type EngineAndPoolEvents,
  type EngineCore,
  EngineDispatcher,
  type ExecutionOptionsInput,
  engineSource,
  InspectorSteps,
  Pool,
  type ReflectBind,
  type ReflectOperation,
  type RetryOptions,
  retryAsync,
  type URL,
} from "@athanor/core";
import { type EventDispatcher, runAsync, runSync } from "@athanor/driver";
import { AsyncConnection } from "./connection.ts";
import { AsyncRawConnection } from "./raw-connection.ts";
import { noteConnection } from "./scope-guard.ts";

/** How a connection is taken from an engine. */
export interface ConnectOptions extends CheckoutOptions {
  /** Another connection than that of the scope's session is meant: see `asyncScopedSession()`. Default false: it is warned of. */
  readonly independent?: boolean | undefined;
}

/** A database whose driver answers with promises (blocking drivers work too). Made by `createAsyncEngine()`, once for a program. */
export class AsyncEngine implements DdlBind<Promise<void>>, ReflectBind<Promise<void>> {
  /** @internal */
  readonly _isAsync: true = true;
  /** Listeners for all asynchronous engines. */
  static readonly dispatch: EventDispatcher<EngineAndPoolEvents<AsyncConnection>> =
    new EngineDispatcher<AsyncConnection>(() => Pool);

  /** State and options. For packages above. @internal */
  readonly core: EngineCore;

  constructor(core: EngineCore) {
    this.core = core;
    core.front = this;
  }

  /** Where the database is. */
  get url(): URL {
    return this.core.url;
  }

  /** What it knows of the database. */
  get dialect(): Dialect {
    return this.core.dialect;
  }

  /** The dialect's name, e.g. `"postgresql"`. */
  get name(): string {
    return this.core.dialect.name;
  }

  /** Itself, as SQLAlchemy's engines and connections both have it. */
  get engine(): this {
    return this;
  }

  /** What `loggingName` said, or null. */
  get loggingName(): string | null {
    return this.core.loggingName;
  }

  /** Parameters are kept out of logs and errors. */
  get hideParameters(): boolean {
    return this.core.options.hideParameters ?? false;
  }

  /** Statements are logged. Setting it counts for connections that are taken afterwards; `"debug"` logs rows too. */
  get echo(): boolean {
    return this.core.log !== null;
  }

  set echo(echo: Echo) {
    this.core.echo = echo;
  }

  /** The driver's name, e.g. `"pg"`. */
  get driver(): string {
    return this.core.dialect.driver?.name ?? "";
  }

  /** Its connections. */
  get pool(): Pool {
    return this.core.pool;
  }

  /** Listeners of this engine, its connections and its pool. What they return is waited for. */
  get dispatch(): EventDispatcher<EngineAndPoolEvents<AsyncConnection>> {
    return this.core.dispatch as unknown as EventDispatcher<EngineAndPoolEvents<AsyncConnection>>;
  }

  /** A connection; `options.signal` ends the wait for one. `await using conn = await engine.connect()` gives it back. Commit what is to last. */
  connect(options?: ConnectOptions): Promise<AsyncConnection> {
    if (options?.independent !== true) noteConnection(this.core);
    return connectAsync(this.core, frontOf, options);
  }

  /** A connection of the pool as it is, for what an engine does not cover. */
  async rawConnection(options?: CheckoutOptions): Promise<AsyncRawConnection> {
    return new AsyncRawConnection(await runAsync(checkoutStep(this.core, options)));
  }

  /**
   * Runs a callback in a transaction on a connection of its own: commits when it ends, rolls back when it throws.
   * With `attempts` it is run again after a serialization failure, a deadlock or a lock time-out.
   *
   * @example await engine.begin((conn) => transfer(conn, 1, 2, 50), { attempts: 5 });
   */
  begin<T>(work: (connection: AsyncConnection) => T | PromiseLike<T>, options?: RetryOptions): Promise<T> {
    return retryAsync(async () => {
      const connection = await this.connect();
      try {
        return await connection.begin(work);
      } finally {
        await runAsync(closeStep(connection.core));
      }
    }, options);
  }

  /** An engine of the same pool whose connections have further options. */
  executionOptions(options: ExecutionOptionsInput): AsyncEngine {
    const engine = new AsyncEngine(this.core.withExecutionOptions(options));
    runSync(this.core.tellOptions(engine, options));
    return engine;
  }

  /** Changes this engine's own options, for connections that are taken afterwards. */
  updateExecutionOptions(options: ExecutionOptionsInput): Promise<void> {
    return runAsync(this.core.updateExecutionOptions(options));
  }

  /** The options that are set on it. */
  getExecutionOptions(): ExecutionOptionsInput {
    return this.core.executionOptions;
  }

  /** Forgets all compiled statements. */
  clearCompiledCache(): void {
    this.core.compiler.clear();
  }

  /** Closes the pool's idle connections; the engine can be used afterwards. */
  dispose(options: { readonly close?: boolean } = {}): Promise<void> {
    return runAsync(this.core.dispose(options));
  }

  /** Disposes of the engine at the end of a block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  /** @internal */
  _runDdl(operation: DdlOperation): Promise<void> {
    return this.begin((connection) => connection._runDdl(operation));
  }

  /** @internal */
  _runReflect(operation: ReflectOperation): Promise<void> {
    return runAsync(new InspectorSteps(engineSource(this.core, frontOf)).run(operation));
  }
}

function frontOf(core: ConnectionCore): AsyncConnection {
  return new AsyncConnection(core);
}
