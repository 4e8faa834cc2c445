/** What `createEngine()` and `createAsyncEngine()` have in common: from a URL and options to an engine's core. */
import type { EventDispatcher } from "@athanor/driver";
import type { Dialect } from "../dialect/dialect.ts";
import { resolveDialect } from "../dialect/registry.ts";
import { ArgumentError, SynchronousAccessError } from "../errors/errors.ts";
import { makeUrl, URL } from "../url/url.ts";
import { EngineCore } from "./engine-core.ts";
import type { EngineEvents } from "./events.ts";
import type { EngineOptions } from "./options.ts";

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
  "pool",
  "poolEvents",
  "echo",
  "echoPool",
  "logger",
  "loggingName",
  "hideParameters",
  "isolationLevel",
  "executionOptions",
  "connectArgs",
  "creator",
  "queryCacheSize",
  "labelLength",
  "insertmanyvaluesPageSize",
  "useInsertmanyvalues",
  "statementTimeout",
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
  classDispatch: EventDispatcher<EngineEvents<unknown>> | null,
): EngineCore {
  checkOptions(options);
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
  if (options.labelLength !== undefined) limitLabels(dialect, options.labelLength);
  return new EngineCore({ url, dialect, options, isAsync, classDispatch });
}

/** The dialect belongs to this engine alone. */
function limitLabels(dialect: Dialect, labelLength: number): void {
  const { capabilities } = dialect;
  if (labelLength < 6 || labelLength > capabilities.maxIdentifierLength) {
    throw new ArgumentError(
      `Label length of ${labelLength} is greater than this dialect's maximum identifier length of ${capabilities.maxIdentifierLength}, or less than 6`,
    );
  }
  Object.defineProperty(dialect, "capabilities", { value: { ...capabilities, labelLength } });
}
