/** What `createEngine()` and `createAsyncEngine()` have in common: from a URL and options to an engine's core. */
import type { EventDispatcher } from "@athanor/driver";
import type { Capabilities, Dialect } from "../dialect/dialect.ts";
import { resolveDialect } from "../dialect/registry.ts";
import { ArgumentError, SynchronousAccessError } from "../errors/errors.ts";
import { makeUrl, URL } from "../url/url.ts";
import { EngineCore } from "./engine-core.ts";
import type { EngineAndPoolEvents } from "./engine-events.ts";
import { plainLevel } from "./isolation.ts";
import type { EngineOptions } from "./options.ts";
import { pluginClasses } from "./plugins.ts";
import { withPreset } from "./presets.ts";

const known: ReadonlySet<string> = new Set([
  "url",
  "poolSize",
  "maxOverflow",
  "poolTimeout",
  "poolRecycle",
  "poolPrePing",
  "poolUseLifo",
  "poolResetOnReturn",
  "poolclass",
  "preset",
  "pool",
  "poolTrackCheckouts",
  "poolEvents",
  "echo",
  "echoPool",
  "poolLoggingName",
  "plugins",
  "jsonSerializer",
  "jsonDeserializer",
  "maxIdentifierLength",
  "skipAutocommitRollback",
  "logger",
  "loggingName",
  "hideParameters",
  "isolationLevel",
  "executionOptions",
  "connectArgs",
  "creator",
  "queryCacheSize",
  "labelLength",
  "enableFromLinting",
  "insertmanyvaluesPageSize",
  "useInsertmanyvalues",
  "statementTimeout",
  "statementTags",
  "slowStatement",
  "module",
  "driver",
  "dialect",
]);

/** Options that dialects take for themselves go through `dialectOptions`; anything else is a slip. */
function checkOptions(options: EngineOptions): void {
  const unknown = Object.keys(options).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new ArgumentError(
      `Invalid option(s) ${unknown.map((name) => `'${name}'`).join(", ")} sent to createEngine()`,
      { code: "unknown_option", fix: `options are ${[...known].join(", ")}` },
    );
  }
}

/** Reads the arguments of `createEngine()`. */
export function engineArguments(
  first: string | URL | EngineOptions,
  second: EngineOptions | undefined,
): { readonly url: URL; readonly options: EngineOptions } {
  if (typeof first === "string" || first instanceof URL) return { url: makeUrl(first), options: second ?? {} };
  if (first === null || typeof first !== "object")
    throw new ArgumentError("createEngine() takes a URL, or options with a url");
  const { url } = first;
  if (url === undefined) {
    if (first.dialect !== undefined) return { url: URL.create(first.dialect.name), options: first };
    throw new ArgumentError("createEngine() needs a url", {
      fix: 'createEngine("sqlite:///file.db") or createEngine({ url })',
    });
  }
  return { url: makeUrl(url), options: first };
}

/**
 * An engine's core.
 *
 * @throws SynchronousAccessError when an asynchronous driver stands behind a synchronous engine.
 */
export function createCore(
  url: URL,
  options: EngineOptions,
  isAsync: boolean,
  classDispatch: EventDispatcher<EngineAndPoolEvents<unknown>> | null,
): EngineCore {
  if (options.plugins === undefined && url.query["plugin"] === undefined)
    return makeCore(url, options, isAsync, classDispatch);
  const changed: Record<string, unknown> = { ...options };
  delete changed["plugins"];
  const plugins = pluginClasses(url, options.plugins).map((Plugin) => new Plugin(url, changed));
  let plainUrl = url.differenceUpdateQuery(["plugin"]);
  for (const plugin of plugins) plainUrl = plugin.updateUrl(plainUrl);
  const connectArgs = { ...(changed["connectArgs"] as object | undefined) };
  for (const plugin of plugins) {
    plugin.handleDialectKwargs(plainUrl.getBackendName(), connectArgs);
    plugin.handlePoolKwargs(changed);
  }
  changed["connectArgs"] = connectArgs;
  const core = makeCore(plainUrl, changed as EngineOptions, isAsync, classDispatch);
  core.plugins = plugins;
  return core;
}

function makeCore(
  url: URL,
  given: EngineOptions,
  isAsync: boolean,
  classDispatch: EventDispatcher<EngineAndPoolEvents<unknown>> | null,
): EngineCore {
  checkOptions(given);
  const options = withPreset(given);
  const dialect: Dialect =
    options.dialect ??
    resolveDialect(url, {
      isAsync,
      ...(options.module === undefined ? {} : { module: options.module }),
      ...(options.driver === undefined ? {} : { driver: options.driver }),
    });
  const driver = options.driver ?? dialect.driver;
  if (driver === null && options.creator === undefined && options.pool === undefined)
    throw new ArgumentError(`the dialect ${dialect.name} has no driver`, { fix: "pass one as { driver }" });
  if (driver?.isAsync && !isAsync) {
    throw new SynchronousAccessError(
      `${driver.name} is an asynchronous driver: use createAsyncEngine() from @athanor/async`,
      { code: "async_driver" },
    );
  }
  limitNames(dialect, options);
  const { jsonSerializer, jsonDeserializer } = options;
  if (jsonSerializer !== undefined) dialect.jsonSerializer = jsonSerializer;
  if (jsonDeserializer !== undefined) dialect.jsonDeserializer = jsonDeserializer;
  const { isolationLevel } = options;
  const plain = isolationLevel === undefined ? options : { ...options, isolationLevel: plainLevel(isolationLevel) };
  return new EngineCore({ url, dialect, options: plain, isAsync, classDispatch });
}

/** The dialect belongs to this engine alone; what it learns from the server later does not undo the limits. */
function limitNames(dialect: Dialect, { labelLength, maxIdentifierLength }: EngineOptions): void {
  if (labelLength === undefined && maxIdentifierLength === undefined) return;
  const longest = maxIdentifierLength ?? dialect.capabilities.maxIdentifierLength;
  if (labelLength !== undefined && (labelLength < 6 || labelLength > longest)) {
    throw new ArgumentError(
      `Label length of ${labelLength} is greater than this dialect's maximum identifier length of ${longest}, or less than 6`,
    );
  }
  const limited = (given: Capabilities): Capabilities => ({
    ...given,
    maxIdentifierLength: longest,
    labelLength: labelLength ?? Math.min(given.labelLength, longest),
  });
  let capabilities = limited(dialect.capabilities);
  Object.defineProperty(dialect, "capabilities", {
    get: () => capabilities,
    set: (learnt: Capabilities) => {
      capabilities = limited(learnt);
    },
  });
}
