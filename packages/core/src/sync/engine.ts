/** Engines of the synchronous API. Next: ./create.ts, which makes them. */
import { type EventDispatcher, runSync } from "@athanor/driver";
import { type CheckoutOptions, Pool } from "@athanor/pool";
import type { Dialect } from "../dialect/dialect.ts";
import type { ConnectionCore } from "../engine/connection-core.ts";
import type { EngineCore } from "../engine/engine-core.ts";
import { type EngineAndPoolEvents, EngineDispatcher } from "../engine/engine-events.ts";
import type { Echo } from "../engine/logging.ts";
import type { ExecutionOptionsInput } from "../engine/options.ts";
import { type RetryOptions, retry } from "../engine/retry.ts";
import { checkout, connect, tryConnect } from "../engine/steps/connect.ts";
import { InspectorSteps } from "../reflect/inspector-steps.ts";
import { engineSource } from "../reflect/source.ts";
import type { DdlBind, DdlOperation, ReflectBind, ReflectOperation } from "../schema/ports.ts";
import type { URL } from "../url/url.ts";
import { Connection } from "./connection.ts";
import { RawConnection } from "./raw-connection.ts";

/** A database: where its connections come from and how statements become its SQL. Made by `createEngine()`, once for a program. */
export class Engine implements DdlBind<void>, ReflectBind<void> {
  /** Listeners for all engines. */
  static readonly dispatch: EventDispatcher<EngineAndPoolEvents<Connection>> = new EngineDispatcher<Connection>(
    () => Pool,
  );

  /** State and options. For packages above. @internal */
  readonly core: EngineCore;

  constructor(core: EngineCore) {
    this.core = core;
    core.front = this;
  }

  get url(): URL {
    return this.core.url;
  }

  get dialect(): Dialect {
    return this.core.dialect;
  }

  /** The dialect's name, e.g. `"sqlite"`. */
  get name(): string {
    return this.core.dialect.name;
  }

  /** The driver's name, e.g. `"better-sqlite3"`. */
  get driver(): string {
    return this.core.dialect.driver?.name ?? "";
  }

  get pool(): Pool {
    return this.core.pool;
  }

  /** Listeners of this engine, its connections and its pool. */
  get dispatch(): EventDispatcher<EngineAndPoolEvents<Connection>> {
    return this.core.dispatch as unknown as EventDispatcher<EngineAndPoolEvents<Connection>>;
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

  /** A connection; `using conn = engine.connect()` gives it back. Commit what is to last. */
  connect(options?: CheckoutOptions): Connection {
    const { core } = this;
    const taken = options === undefined ? tryConnect(core) : null;
    if (taken !== null) return frontOf(taken);
    return runSync(connect(core, (connection) => new Connection(connection), options)).front as Connection;
  }

  /** A connection of the pool as it is, for what an engine does not cover. */
  rawConnection(options?: CheckoutOptions): RawConnection {
    return new RawConnection(runSync(checkout(this.core, options)));
  }

  /**
   * Runs a callback in a transaction on a connection of its own: commits when it returns, rolls back when it throws.
   * With `attempts` it is run again after a serialization failure, a deadlock or a lock time-out.
   *
   * @example engine.begin((conn) => transfer(conn, 1, 2, 50), { attempts: 5 });
   */
  begin<T>(work: (connection: Connection) => T, options?: RetryOptions): T {
    return retry(() => {
      using connection = this.connect();
      return connection.begin(work);
    }, options);
  }

  /** An engine of the same pool whose connections have further options. */
  executionOptions(options: ExecutionOptionsInput): Engine {
    const engine = new Engine(this.core.withExecutionOptions(options));
    runSync(this.core.tellOptions(engine, options));
    return engine;
  }

  /** Changes this engine's own options, for connections that are taken afterwards. */
  updateExecutionOptions(options: ExecutionOptionsInput): void {
    runSync(this.core.updateExecutionOptions(options));
  }

  /** The options of this engine's executions. */
  getExecutionOptions(): ExecutionOptionsInput {
    return this.core.executionOptions;
  }

  /** Forgets all compiled statements. */
  clearCompiledCache(): void {
    this.core.compiler.clear();
  }

  /** Closes the pool's idle connections; the engine can be used afterwards. `close: false` forgets them, for forked processes. */
  dispose(options: { readonly close?: boolean } = {}): void {
    runSync(this.core.dispose(options));
  }

  /** Disposes of the engine at the end of a block. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @internal */
  _runDdl(operation: DdlOperation): void {
    this.begin((connection) => connection._runDdl(operation));
  }

  /** @internal */
  _runReflect(operation: ReflectOperation): void {
    runSync(new InspectorSteps(engineSource(this.core, (core) => new Connection(core))).run(operation));
  }
}

function frontOf(core: ConnectionCore): Connection {
  const connection = new Connection(core);
  core.front = connection;
  return connection;
}
