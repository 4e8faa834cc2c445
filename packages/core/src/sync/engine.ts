/** Engines of the synchronous API. Next: ./create.ts, which makes them. */
import { type EventDispatcher, runSync } from "@athanor/driver";
import type { CheckoutOptions, Pool } from "@athanor/pool";
import type { Dialect } from "../dialect/dialect.ts";
import type { ConnectionCore } from "../engine/connection-core.ts";
import type { EngineCore } from "../engine/engine-core.ts";
import { type EngineEvents, engineDispatch } from "../engine/events.ts";
import type { ExecutionOptionsInput } from "../engine/options.ts";
import { connect, tryConnect } from "../engine/steps/connect.ts";
import type { DdlBind, DdlOperation } from "../schema/ports.ts";
import type { URL } from "../url/url.ts";
import { Connection } from "./connection.ts";

/** A database: where its connections come from and how statements become its SQL. Made by `createEngine()`, once for a program. */
export class Engine implements DdlBind<void> {
  /** Listeners for all engines. */
  static readonly dispatch: EventDispatcher<EngineEvents<Connection>> = engineDispatch<Connection>();

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

  /** Listeners of this engine and its connections. */
  get dispatch(): EventDispatcher<EngineEvents<Connection>> {
    return this.core.dispatch as unknown as EventDispatcher<EngineEvents<Connection>>;
  }

  /** Statements are logged. */
  get echo(): boolean {
    return this.core.log !== null;
  }

  /** A connection; `using conn = engine.connect()` gives it back. Commit what is to last. */
  connect(options?: CheckoutOptions): Connection {
    const { core } = this;
    const taken = options === undefined ? tryConnect(core) : null;
    if (taken !== null) return frontOf(taken);
    return runSync(connect(core, (connection) => new Connection(connection), options)).front as Connection;
  }

  /** Runs a callback in a transaction on a connection of its own: commits when it returns, rolls back when it throws. */
  begin<T>(work: (connection: Connection) => T): T {
    using connection = this.connect();
    return connection.begin(work);
  }

  /** An engine of the same pool whose connections have further options. */
  executionOptions(options: ExecutionOptionsInput): Engine {
    const engine = new Engine(this.core.withExecutionOptions(options));
    const listeners = this.dispatch.of("setEngineExecutionOptions");
    if (!listeners.empty) runSync(listeners.run(engine, options));
    return engine;
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
}

function frontOf(core: ConnectionCore): Connection {
  const connection = new Connection(core);
  core.front = connection;
  return connection;
}
