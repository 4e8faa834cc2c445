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

/** What takes dialect options. */
export type DialectOptionTarget =
  | "table"
  | "column"
  | "index"
  | "primaryKeyConstraint"
  | "uniqueConstraint"
  | "checkConstraint"
  | "foreignKey"
  | "foreignKeyConstraint"
  | "excludeConstraint"
  | "sequence"
  | "identity"
  | "computed"
  | "createView"
  | "createTableAs"
  | "insert"
  | "update"
  | "delete";

/** The options of one dialect, without its name: `{ index: ["where", "using"] }`; `"any"` where it takes every name. */
export type AcceptedDialectOptions = Readonly<Partial<Record<DialectOptionTarget, readonly string[] | "any">>>;

const accepted = new Map<string, AcceptedDialectOptions>();

/**
 * Tells which options a dialect knows, so that a misspelt one is an error where the dialect is loaded.
 *
 * @example registerDialectOptions("duckdb", { table: ["partitionBy"] })
 */
export function registerDialectOptions(dialect: string, options: AcceptedDialectOptions): void {
  prefixes.add(dialect);
  accepted.set(dialect, options);
}

function requireAccepted(option: string, dialect: string, where: string): void {
  const known = accepted.get(dialect);
  if (known === undefined) return;
  const target = where.replace("()", "") as DialectOptionTarget;
  const names = known[target] ?? [];
  if (names === "any" || names.some((name) => option === optionName(dialect, name))) return;
  const others = names.map((name) => optionName(dialect, name));
  throw new ArgumentError(`Argument '${option}' is not accepted by dialect '${dialect}' on behalf of ${where}`, {
    code: "unknown_option",
    fix: others.length === 0 ? `${where} takes no option of ${dialect}` : `it takes ${others.join(", ")}`,
  });
}

function optionName(dialect: string, name: string): string {
  return `${dialect}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
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
 * @throws ArgumentError for a name that is neither in `known` nor a dialect's, and for one that its dialect does not know.
 */
export function takeDialectOptions(given: object, known: ReadonlySet<string>, where: string): GivenDialectOptions {
  let found: Record<string, unknown> | undefined;
  for (const [name, value] of Object.entries(given)) {
    if (known.has(name)) continue;
    const dialect = dialectOf(name);
    if (dialect === undefined) {
      throw new ArgumentError(`${where} has no option ${JSON.stringify(name)}`, {
        code: "unknown_option",
        fix: `its options are ${[...known, "those that start with a dialect's name"].join(", ")}: ${[...prefixes].join(", ")}`,
      });
    }
    requireAccepted(name, dialect, where);
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
  return element.dialectOptions[optionName(dialect, name)];
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
