/** `preset`: options of an engine for a kind of place. Those that are given go before them. */
import { ArgumentError } from "../errors/errors.ts";
import type { EngineOptions, EnginePreset } from "./options.ts";

const presets: Readonly<Record<EnginePreset, EngineOptions>> = {
  // Many instances, one request each, asleep in between: connections are few, die unnoticed, and the freshest lives longest.
  serverless: { poolSize: 1, maxOverflow: 2, poolPrePing: true, poolUseLifo: true, poolRecycle: 300 },
};

/**
 * The options with those of their preset.
 *
 * @throws ArgumentError for a preset that there is not.
 */
export function withPreset(options: EngineOptions): EngineOptions {
  const { preset } = options;
  if (preset === undefined) return options;
  if (!Object.hasOwn(presets, preset))
    throw new ArgumentError(`There is no preset '${String(preset)}'`, {
      code: "unknown_option",
      fix: `presets are ${Object.keys(presets).join(", ")}`,
    });
  return { ...presets[preset], ...options };
}
