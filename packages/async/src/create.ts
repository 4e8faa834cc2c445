/** Making asynchronous engines. */
import {
  type ConfigOptions,
  configuredOptions,
  createCore,
  type EngineAndPoolEvents,
  type EngineOptions,
  engineArguments,
  type Pool,
  type PoolFromUrlOptions,
  poolOptions,
  type URL,
} from "@athanor/core";
import type { EventDispatcher } from "@athanor/driver";
import { AsyncEngine } from "./engine.ts";

/**
 * Makes an engine for drivers that answer with promises, and for blocking ones. Nothing is connected yet.
 *
 * @example const engine = createAsyncEngine("postgresql://scott:tiger@localhost/test");
 * @throws NoSuchModuleError for a dialect or driver that is not installed.
 */
export function createAsyncEngine(url: string | URL, options?: EngineOptions): AsyncEngine;
export function createAsyncEngine(options: EngineOptions): AsyncEngine;
export function createAsyncEngine(first: string | URL | EngineOptions, second?: EngineOptions): AsyncEngine {
  const { url, options } = engineArguments(first, second);
  return new AsyncEngine(
    createCore(url, options, true, AsyncEngine.dispatch as unknown as EventDispatcher<EngineAndPoolEvents<unknown>>),
  );
}

/** An asynchronous engine from a flat configuration; see `engineFromConfig`. */
export function asyncEngineFromConfig(
  configuration: Readonly<Record<string, unknown>>,
  given: string | ConfigOptions = {},
): AsyncEngine {
  const { url, options } = configuredOptions(configuration, given);
  return createAsyncEngine(url, options);
}

/** The pool that an asynchronous engine of this URL would have; see `createPoolFromUrl`. */
export function createAsyncPoolFromUrl(url: string | URL, given: PoolFromUrlOptions = {}): Pool {
  return createAsyncEngine(url, poolOptions(given)).core.pool;
}
