/** Engine plugins: code that changes an engine while it is made. Next: ./create-core.ts, which asks them. */
import { ArgumentError, NoSuchModuleError } from "../errors/errors.ts";
import type { URL } from "../url/url.ts";

/**
 * Base of engine plugins, named by `?plugin=name` in the URL or by `createEngine(url, { plugins: ["name"] })`. One is made
 * for each engine; every method may be left as it is.
 *
 * @example
 * class LogPlugin extends CreateEnginePlugin {
 *   override engineCreated(engine: Engine) { listen(engine, "beforeCursorExecute", log); }
 * }
 * registerEnginePlugin("log", LogPlugin);
 */
export class CreateEnginePlugin {
  readonly url: URL;

  /** @param _options the engine's options; take out what belongs to the plugin: the engine does not know it. */
  constructor(url: URL, _options: Record<string, unknown>) {
    this.url = url;
  }

  /** The URL without what belongs to the plugin: `url.differenceUpdateQuery(["myplugin_level"])`. */
  updateUrl(url: URL): URL {
    return url;
  }

  /** Changes what the driver's `connect` gets in addition to the URL's options. */
  handleDialectKwargs(_dialectName: string, _connectArgs: Record<string, unknown>): void {}

  /** Changes the engine's options of the pool: `poolSize`, `poolclass`, `poolEvents`, … */
  handlePoolKwargs(_options: Record<string, unknown>): void {}

  /** The engine is there; nothing is connected yet. It is an `Engine` or an `AsyncEngine`. */
  engineCreated(_engine: object): void {}
}

/** A plugin's class. */
export type EnginePluginClass = new (url: URL, options: Record<string, unknown>) => CreateEnginePlugin;

const registered = new Map<string, EnginePluginClass>();

/** Makes a plugin known by a name. A later registration replaces an earlier one. */
export function registerEnginePlugin(name: string, plugin: EnginePluginClass): void {
  registered.set(name, plugin);
}

/**
 * The plugins that a URL and options ask for, by `?plugin=` first.
 *
 * @throws NoSuchModuleError for names that nobody registered.
 */
export function pluginClasses(url: URL, given: readonly (string | EnginePluginClass)[] = []): EnginePluginClass[] {
  return [...(url.normalizedQuery["plugin"] ?? []), ...given].map((plugin) => {
    if (typeof plugin === "function") return plugin;
    if (typeof plugin !== "string") throw new ArgumentError("plugins takes names and classes of plugins");
    const found = registered.get(plugin);
    if (found !== undefined) return found;
    throw new NoSuchModuleError(`Can't load the engine plugin ${plugin}`, {
      code: "unknown_plugin",
      fix: `register it before the engine is made, registerEnginePlugin("${plugin}", …); registered are ${[...registered.keys()].join(", ") || "none"}`,
    });
  });
}
