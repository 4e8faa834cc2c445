/** Making engines: `createEngine()` and its kin. */

import type { EventDispatcher } from "@athanor/driver";
import { runSync, type Step } from "@athanor/driver";
import type { Pool } from "@athanor/pool";
import { type DdlConnection, runDdl } from "../ddl/plan.ts";
import { DefaultDialect } from "../dialect/default-dialect.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { resolveDialect } from "../dialect/registry.ts";
import { type ConfigOptions, configuredOptions } from "../engine/configuration.ts";
import { createCore, engineArguments } from "../engine/create-core.ts";
import type { EngineAndPoolEvents } from "../engine/engine-events.ts";
import { type EngineOptions, type PoolFromUrlOptions, poolOptions } from "../engine/options.ts";
import { NoSuchModuleError } from "../errors/errors.ts";
import type { ClauseElement } from "../expression/clause-element.ts";
import type { DdlBind, DdlOperation } from "../schema/ports.ts";
import { makeUrl, type URL } from "../url/url.ts";
import { Engine } from "./engine.ts";

/**
 * Makes an engine. Nothing is connected yet.
 *
 * @example const engine = createEngine("sqlite:///app.db", { echo: true });
 * @throws NoSuchModuleError for a dialect or driver that is not installed; SynchronousAccessError for asynchronous drivers.
 */
export function createEngine(url: string | URL, options?: EngineOptions): Engine;
export function createEngine(
  options: EngineOptions & ({ readonly url: string | URL } | { readonly dialect: Dialect }),
): Engine;
export function createEngine(first: string | URL | EngineOptions, second?: EngineOptions): Engine {
  const { url, options } = engineArguments(first, second);
  return new Engine(
    createCore(url, options, false, Engine.dispatch as unknown as EventDispatcher<EngineAndPoolEvents<unknown>>),
  );
}

/**
 * An engine from a flat configuration: keys with a prefix, values as text.
 *
 * @param given the prefix (default `"sqlalchemy."`), or options of which `prefix` is one; they go before the configuration's.
 * @example engineFromConfig({ "sqlalchemy.url": "sqlite:///app.db", "sqlalchemy.echo": "true", "sqlalchemy.pool_size": "3" })
 * @throws ArgumentError where there is no url, and for text that is no number or truth value where one is wanted.
 */
export function engineFromConfig(
  configuration: Readonly<Record<string, unknown>>,
  given: string | ConfigOptions = {},
): Engine {
  const { url, options } = configuredOptions(configuration, given);
  return createEngine(url, options);
}

/**
 * The pool that an engine of this URL would have.
 *
 * @param given options of the pool, named as those of pools (`timeout`, `recycle`, …) or as those of engines.
 * @example const pool = createPoolFromUrl("sqlite:///app.db", { poolSize: 2, recycle: 3600 });
 */
export function createPoolFromUrl(url: string | URL, given: PoolFromUrlOptions = {}): Pool {
  return createEngine(url, poolOptions(given)).core.pool;
}

/** An engine that executes nothing: statements go to a function. */
export class MockEngine implements DdlBind<void> {
  readonly dialect: Dialect;
  readonly url: URL;
  readonly #executor: (statement: ClauseElement, params?: unknown) => unknown;

  constructor(url: URL, dialect: Dialect, executor: (statement: ClauseElement, params?: unknown) => unknown) {
    this.url = url;
    this.dialect = dialect;
    this.#executor = executor;
  }

  /** Gives a statement to the function. */
  execute(statement: ClauseElement, params?: unknown): unknown {
    return this.#executor(statement, params);
  }

  /** @internal */
  _runDdl(operation: DdlOperation): void {
    const { dialect } = this;
    const connection: DdlConnection = {
      dialect,
      forListeners: { dialect, execute: (statement: never) => this.#executor(statement) },
      effectiveSchema: (schema) => schema,
      *execute(this: DdlConnection, statement): Step<unknown> {
        return (this.forListeners.execute as (statement: ClauseElement) => unknown)(statement);
      },
      *exists(): Step<boolean> {
        return operation.action === "drop";
      },
    };
    runSync(runDdl(connection, operation));
  }
}

/** An engine whose statements go to `executor` instead of a database: `metadata.createAll(createMockEngine("postgresql://", print))`. */
export function createMockEngine(
  url: string | URL,
  executor: (statement: ClauseElement, params?: unknown) => unknown,
): MockEngine {
  const parsed = makeUrl(url);
  return new MockEngine(parsed, mockDialect(parsed), executor);
}

function mockDialect(url: URL): Dialect {
  try {
    return resolveDialect(url, { withoutDriver: true });
  } catch (error) {
    if (error instanceof NoSuchModuleError && url.getBackendName() === "default") return new DefaultDialect();
    throw error;
  }
}
