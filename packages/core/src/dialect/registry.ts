/**
 * From a URL to a dialect with its driver. Dialects register themselves when their package is imported; a missing package
 * is looked for from the application's directory. Next: ../engine/create.ts.
 */
import type { Driver } from "@athanor/driver";
import { NoSuchModuleError } from "../errors/errors.ts";
import { defaultDriverSlot, type URL } from "../url/url.ts";
import { severalCopies } from "../util/copies.ts";
import type { Dialect } from "./dialect.ts";

/** A driver that a dialect can work with. */
export interface DriverDefinition {
  /** The npm package (or built-in module) behind the adapter; null where none has to be installed. */
  readonly package: string | null;
  /** Its calls return promises, so that it works behind the asynchronous API only. Default false. */
  readonly isAsync?: boolean;
  /** Makes the adapter from the package's exports. */
  create(module: unknown): Driver;
}

/** What a dialect's package tells about itself. */
export interface DialectDefinition {
  /** The driver of URLs that name none. */
  readonly defaultDriver: string;
  /** The driver of URLs that name none, behind the asynchronous API. Default: {@link defaultDriver}. */
  readonly defaultAsyncDriver?: string;
  readonly drivers: Readonly<Record<string, DriverDefinition>>;
  /** `import.meta.url` of the dialect's package: drivers are looked for from there after the application's directory. */
  readonly from?: string;
  /** Makes a dialect; each engine has its own. */
  create(driver: Driver | null): Dialect;
}

const registered = new Map<string, DialectDefinition>();

/** Packages of the names that SQLAlchemy's users know. */
const packages: Readonly<Record<string, string>> = {
  postgresql: "@athanor/dialect-postgres",
  postgres: "@athanor/dialect-postgres",
  mysql: "@athanor/dialect-mysql",
  mariadb: "@athanor/dialect-mysql",
  sqlite: "@athanor/dialect-sqlite",
  mssql: "@athanor/dialect-mssql",
  oracle: "@athanor/dialect-oracle",
};

/**
 * Makes a dialect known under a name, for URLs that begin with it. A later registration replaces an earlier one.
 *
 * @example registerDialect("duckdb", { defaultDriver: "node-api", drivers: { … }, create: (driver) => new DuckDialect(driver) });
 */
export function registerDialect(name: string, definition: DialectDefinition): void {
  registered.set(name, definition);
}

/** Names of the dialects that are loaded. */
export function registeredDialects(): readonly string[] {
  return [...registered.keys()];
}

/**
 * The definition of a dialect; loads its package where it was not imported.
 *
 * @throws NoSuchModuleError naming the package to install.
 */
export function dialectDefinition(name: string): DialectDefinition {
  const known = registered.get(name);
  if (known !== undefined) return known;
  const candidates = [packages[name] ?? `@athanor/dialect-${name}`, `athanor-dialect-${name}`];
  for (const candidate of candidates) {
    const failure = tryLoad(candidate);
    const found = registered.get(name);
    if (found !== undefined) return found;
    if (failure !== null && !isMissing(failure, candidate)) {
      throw new NoSuchModuleError(`The package ${candidate} of the dialect "${name}" could not be loaded`, {
        cause: failure,
      });
    }
  }
  const official = packages[name];
  const others = [...registered.keys()].join(", ") || "none";
  throw new NoSuchModuleError(
    official === undefined ? `Can't load the dialect "${name}"` : `The dialect "${name}" is not installed`,
    {
      code: official === undefined ? "unknown_dialect" : "missing_dialect",
      fix: [
        official === undefined
          ? `a URL begins with ${Object.keys(packages).join(", ")} or the name of a third party's dialect whose package is imported first; loaded: ${others}`
          : `install it, npm install ${official}, or import it before the engine is made`,
        severalCopies() ?? [],
      ]
        .flat()
        .join(". Besides, "),
    },
  );
}

/** What the caller of {@link resolveDialect} knows. */
export interface ResolveOptions {
  /** The driver's package, already imported: for bundlers and for forks of a driver. */
  readonly module?: unknown;
  /** A driver adapter to use instead of the URL's. */
  readonly driver?: Driver;
  /** For compiling only: no driver is loaded. */
  readonly withoutDriver?: boolean;
  /** The engine is an asynchronous one. */
  readonly isAsync?: boolean;
}

/**
 * The dialect and the driver that a URL asks for.
 *
 * @throws NoSuchModuleError for unknown dialects and drivers, and for packages that are not installed.
 */
export function resolveDialect(url: URL, options: ResolveOptions = {}): Dialect {
  const backend = url.getBackendName();
  const definition = dialectDefinition(backend);
  if (options.withoutDriver) return definition.create(null);
  if (options.driver !== undefined) return definition.create(options.driver);
  const named = url.drivername.split("+")[1];
  const name = named ?? (options.isAsync ? definition.defaultAsyncDriver : undefined) ?? definition.defaultDriver;
  const driver = Object.hasOwn(definition.drivers, name) ? definition.drivers[name] : undefined;
  if (driver === undefined) {
    throw new NoSuchModuleError(`The dialect "${backend}" has no driver "${name}"`, {
      code: "unknown_driver",
      fix: `its drivers are ${Object.keys(definition.drivers).join(", ")}`,
    });
  }
  return definition.create(driver.create(options.module ?? loadDriver(driver, definition, backend)));
}

function loadDriver(driver: DriverDefinition, definition: DialectDefinition, backend: string): unknown {
  const name = driver.package;
  if (name === null) return undefined;
  let failure: unknown = null;
  for (const base of [applicationBase(), definition.from]) {
    if (base === undefined) continue;
    try {
      return requireFrom(base, name);
    } catch (error) {
      failure = error;
      if (!isMissing(error, name)) break;
    }
  }
  const missing = failure === null || isMissing(failure, name);
  throw new NoSuchModuleError(
    missing
      ? `The driver package "${name}" of the dialect "${backend}" is not installed`
      : `The driver package "${name}" could not be loaded`,
    {
      code: "missing_driver",
      cause: failure,
      fix: missing ? `install it, npm install ${name}, or pass it as createEngine(url, { module })` : "see the cause",
    },
  );
}

function tryLoad(name: string): unknown {
  let failure: unknown = null;
  for (const base of [applicationBase(), import.meta.url]) {
    try {
      requireFrom(base, name);
      return null;
    } catch (error) {
      failure = error;
      if (!isMissing(error, name)) return error;
    }
  }
  return failure;
}

/** The application's directory, as a file that its modules could import from. */
function applicationBase(): string {
  return `${globalThis.process?.cwd?.() ?? ""}/athanor.js`;
}

function requireFrom(base: string, name: string): unknown {
  // Looked up at run time: platforms without node:module still import this file.
  const node = globalThis.process?.getBuiltinModule?.("node:module");
  if (node === undefined)
    throw new NoSuchModuleError(`"${name}" cannot be loaded on this platform`, {
      fix: "import the dialect's package, and pass the driver's as { module }",
    });
  return node.createRequire(base)(name);
}

function isMissing(error: unknown, name: string): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return (code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND") && (message ?? "").includes(name);
}

defaultDriverSlot.of = (backend) => dialectDefinition(backend).defaultDriver;
