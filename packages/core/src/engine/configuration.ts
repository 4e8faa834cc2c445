/** Engine options from a flat configuration, where every value may be text: environment variables, INI files. */
import { ArgumentError } from "../errors/errors.ts";
import type { URL } from "../url/url.ts";
import type { EngineOptions } from "./options.ts";

/** Options of `engineFromConfig()`: those of the engine go before the configuration's. */
export interface ConfigOptions extends EngineOptions {
  /** What the keys begin with. Default `"sqlalchemy."`. */
  readonly prefix?: string;
}

const numbers = new Set([
  "poolSize",
  "maxOverflow",
  "poolTimeout",
  "poolRecycle",
  "queryCacheSize",
  "labelLength",
  "maxIdentifierLength",
  "insertmanyvaluesPageSize",
  "statementTimeout",
]);

const truths = new Set([
  "echo",
  "echoPool",
  "poolPrePing",
  "poolUseLifo",
  "poolTrackCheckouts",
  "hideParameters",
  "useInsertmanyvalues",
  "skipAutocommitRollback",
  "enableFromLinting",
]);

/** Words that options take beside true and false. */
const words: Readonly<Record<string, string>> = { echo: "debug", echoPool: "debug", poolTrackCheckouts: "auto" };

/**
 * Reads options from a flat configuration; keys may be written as in Python (`pool_size`).
 *
 * @throws ArgumentError where there is no url, and for text that is no number or truth value where one is wanted.
 */
export function configuredOptions(
  configuration: Readonly<Record<string, unknown>>,
  given: string | ConfigOptions = {},
): { readonly url: string | URL; readonly options: EngineOptions } {
  const { prefix = "sqlalchemy.", ...overrides } = typeof given === "string" ? { prefix: given } : given;
  const options: Record<string, unknown> = {};
  let url: string | URL | undefined;
  for (const [key, value] of Object.entries(configuration)) {
    if (!key.startsWith(prefix)) continue;
    const name = key.slice(prefix.length).replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (name === "url") url = value as string | URL;
    else options[name] = typeof value === "string" ? meaningOf(name, value.trim(), key) : value;
  }
  if (url === undefined) throw new ArgumentError(`the configuration has no ${prefix}url`);
  return { url, options: { ...options, ...overrides } as EngineOptions };
}

function meaningOf(name: string, text: string, key: string): unknown {
  if (numbers.has(name)) {
    if (text !== "" && Number.isFinite(Number(text))) return Number(text);
    throw new ArgumentError(`${key} is ${JSON.stringify(text)}, which is no number`);
  }
  if (truths.has(name)) {
    if (/^(?:true|yes|on|y|t|1)$/i.test(text)) return true;
    if (/^(?:false|no|off|n|f|0)$/i.test(text)) return false;
    const word = words[name];
    if (word !== undefined && text === word) return word;
    throw new ArgumentError(
      `${key} is ${JSON.stringify(text)}, but must be true or false${word === undefined ? "" : ` or ${word}`}`,
    );
  }
  return name === "poolResetOnReturn" && /^none$/i.test(text) ? null : text;
}
