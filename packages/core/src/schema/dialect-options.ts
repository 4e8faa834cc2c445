/** Options that only one dialect understands: `{ postgresqlWhere: …, sqliteStrict: true }`. Dialects read them back with {@link dialectOption}. */
import { isPlain, Node } from "../ast/node.ts";
import { ArgumentError } from "../errors/errors.ts";

/**
 * Options whose names start with a dialect's. A third party's dialect adds its own by declaration merging, and at run time
 * with {@link registerDialectOptionPrefix}.
 */
export interface DialectSpecificOptions {
  readonly [option: `postgresql${string}` | `mysql${string}` | `mariadb${string}`]: unknown;
  readonly [option: `sqlite${string}` | `mssql${string}` | `oracle${string}`]: unknown;
}

/** Dialect options as they are kept on an element, by the names they were given under. */
export type GivenDialectOptions = Readonly<Record<string, unknown>>;

const none: GivenDialectOptions = Object.freeze({});
const prefixes = new Set(["postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle"]);

/** Allows options that start with the name of a dialect: `registerDialectOptionPrefix("duckdb")` for `{ duckdbX: … }`. */
export function registerDialectOptionPrefix(prefix: string): void {
  prefixes.add(prefix);
}

/** The dialect of an option's name, or undefined. */
function dialectOf(option: string): string | undefined {
  for (const prefix of prefixes)
    if (option.startsWith(prefix) && /^[A-Z0-9_]/.test(option.slice(prefix.length))) return prefix;
  return undefined;
}

/**
 * The dialect options among the given ones.
 *
 * @throws ArgumentError for a name that is neither in `known` nor a dialect's.
 */
export function takeDialectOptions(given: object, known: ReadonlySet<string>, where: string): GivenDialectOptions {
  let found: Record<string, unknown> | undefined;
  for (const [name, value] of Object.entries(given)) {
    if (known.has(name)) continue;
    if (dialectOf(name) === undefined) {
      throw new ArgumentError(`${where} has no option ${JSON.stringify(name)}`, {
        code: "unknown_option",
        fix: `its options are ${[...known].join(", ")}, and those that start with a dialect's name: ${[...prefixes].join(", ")}`,
      });
    }
    if (value === undefined) continue;
    found ??= {};
    found[name] = value;
  }
  return found ?? none;
}

/** The option of a dialect: `dialectOption(index, "postgresql", "where")` reads `postgresqlWhere`. */
export function dialectOption(
  element: { readonly dialectOptions: GivenDialectOptions },
  dialect: string,
  name: string,
): unknown {
  return element.dialectOptions[`${dialect}${name.charAt(0).toUpperCase()}${name.slice(1)}`];
}

/** Takes a trailing object of options off a list of arguments. */
export function splitArguments<Options extends object>(
  args: readonly unknown[],
): { readonly items: unknown[]; readonly options: Options | undefined } {
  const items = [...args];
  const last = items.at(-1);
  if (last === undefined || last === null || typeof last !== "object" || last instanceof Node || !isPlain(last))
    return { items, options: undefined };
  items.pop();
  return { items, options: last as Options };
}
