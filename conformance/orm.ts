/** Runs orm_trace.json: each scenario on a fresh SQLite database, statements and outcome compared with the record. */
import * as core from "@athanor/core";
import * as orm from "@athanor/orm";
import { canonicalSql, sameValue } from "./compare.ts";
import { type ModelSet, modelSets } from "./orm-models.ts";
import { overrides, rewrites } from "./orm-sources.ts";
import type { Outcome } from "./report.ts";
import type { DialectModules } from "./scope.ts";

/** A recorded statement; parameters are a list, or a list of lists for an executemany. */
export interface RecordedStatement {
  readonly sql: string;
  readonly params?: readonly unknown[];
  readonly executemany?: boolean;
}

/** A recorded scenario. */
export interface OrmCase {
  readonly id: string;
  readonly group: string;
  readonly models: string;
  readonly seeded: boolean;
  readonly typescript?: string;
  readonly statements: readonly RecordedStatement[];
  readonly result?: unknown;
  readonly warnings?: readonly string[];
}

/** Runs a scenario. */
export function runOrm(test: OrmCase, names: Readonly<Record<string, unknown>>, modules: DialectModules): Outcome {
  const makeModels = modelSets[test.models];
  const source = sourceOf(test);
  if (makeModels === undefined || source === undefined) return { status: "missing" };
  const seen: RecordedStatement[] = [];
  const warnings: string[] = [];
  const restore = core.onWarning((message) => warnings.push(message));
  let models: ModelSet;
  let result: unknown;
  try {
    models = makeModels();
    const engine = core.createEngine("sqlite://");
    const { pragma } = models;
    if (pragma !== undefined) core.listen(engine.pool, "connect", (connection) => connection.execute(pragma, []));
    models.metadata.createAll(engine);
    if (test.seeded) {
      const seeding = new orm.Session(engine);
      models.seed(seeding);
      seeding.commit();
      seeding.close();
    }
    warnings.length = 0;
    trace(engine, seen);
    result = evaluate(source, scopeOf(engine, models, names, modules, seen));
    result = plain(result);
  } catch (error) {
    restore();
    return {
      status: "failed",
      expected: show(test.statements, test.result),
      actual: `${show(seen, undefined)}\n      ${(error as Error)?.stack ?? String(error)}`,
    };
  }
  restore();
  const same =
    sameStatements(test.statements, seen) &&
    sameResult(test.result ?? null, result) &&
    sameWarnings(test.warnings ?? [], warnings);
  if (same) return { status: "passed" };
  return {
    status: "failed",
    expected: show(test.statements, test.result, test.warnings),
    actual: show(seen, result, warnings),
  };
}

function sourceOf(test: OrmCase): string | undefined {
  const source = overrides[test.id] ?? test.typescript;
  if (source === undefined) return undefined;
  let text = source;
  for (const [from, to] of rewrites) text = text.replaceAll(from, to);
  return text;
}

/** Notes what reaches the driver. */
function trace(engine: core.Engine, seen: RecordedStatement[]): void {
  core.listen(engine, "beforeCursorExecute", (_connection, execution) => {
    const { statement, parameters, executemany } = execution;
    seen.push(
      executemany
        ? { sql: statement, params: parameters as unknown[], executemany }
        : { sql: statement, params: [...(parameters as unknown[])] },
    );
  });
  core.listen(engine, "begin", () => seen.push({ sql: "BEGIN (implicit)" }));
  core.listen(engine, "commit", () => seen.push({ sql: "COMMIT" }));
  core.listen(engine, "rollback", () => seen.push({ sql: "ROLLBACK" }));
}

function scopeOf(
  engine: core.Engine,
  models: ModelSet,
  names: Readonly<Record<string, unknown>>,
  modules: DialectModules,
  seen: RecordedStatement[],
): Record<string, unknown> {
  const Session = orm.sessionmaker(engine);
  const session = new Session();
  return {
    ...names,
    ...orm,
    ...modules,
    ...models.names,
    Session,
    session,
    engine,
    sqliteInsert: (modules["sqlite"] as { insert?: unknown } | undefined)?.insert,
    event: { listen: listenTo },
    mark: (text: string) => seen.push({ sql: `-- ${text}` }),
    state: stateName,
    loaded: (instance: object) => (orm.inspect(instance) as orm.InstanceInspection).loadedKeys().sort(),
    capture,
    removeFrom,
    reversed: (list: unknown[]) => [...list].reverse(),
    str: {
      [Symbol.hasInstance](value: unknown): boolean {
        return typeof value === "string";
      },
    },
  };
}

/** `event.listen` of Python: names in its spelling, any target. */
function listenTo(target: unknown, name: string, listener: (...args: never[]) => unknown, options?: object): void {
  const listen = orm.listen as unknown as (target: unknown, name: string, listener: unknown, options?: object) => void;
  listen(target, name, listener, options);
}

function stateName(instance: object): string {
  const state = orm.inspect(instance) as orm.InstanceInspection;
  return state.transient
    ? "transient"
    : state.pending
      ? "pending"
      : state.deleted
        ? "deleted"
        : state.persistent
          ? "persistent"
          : "detached";
}

function capture(work: () => unknown): unknown {
  try {
    return work() ?? null;
  } catch (error) {
    return `${(error as Error).constructor.name}: ${(error as Error).message}`;
  }
}

function removeFrom(
  list: {
    splice?(index: number, count: number): unknown;
    indexOf?(item: unknown): number;
    remove?(item: unknown): unknown;
    delete?(item: unknown): unknown;
  },
  item: unknown,
): void {
  if (list.splice !== undefined && list.indexOf !== undefined) list.splice(list.indexOf(item), 1);
  else if (list.remove !== undefined) list.remove(item);
  else list.delete?.(item);
}

/** Runs a source whose variables live in one scope, as Python's do; gives `result`. */
function evaluate(source: string, names: Record<string, unknown>): unknown {
  const scope = new Proxy(names, {
    has: () => true,
    get: (target, key) =>
      key === Symbol.unscopables
        ? undefined
        : key in target
          ? target[key as string]
          : (globalThis as Record<PropertyKey, unknown>)[key],
    set: (target, key, value) => {
      target[key as string] = value;
      return true;
    },
  });
  const body = source.replaceAll(/(^|[;{}\n]\s*)(?:let|var) (?=[\w[])/g, "$1;");
  new Function("$scope", `with ($scope) {\n${body}\n}`)(scope);
  return names["result"] ?? null;
}

/** Rows become lists; undefined becomes null. */
function plain(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object") {
    const values = (value as { _mapping?: unknown })._mapping === undefined ? undefined : (value as Iterable<unknown>);
    if (values !== undefined || value instanceof Set) return [...(values ?? (value as Set<unknown>))].map(plain);
    if (Object.getPrototypeOf(value) === Object.prototype)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
    return String(value);
  }
  return value;
}

const text = (statement: RecordedStatement): string => canonicalSql(statement.sql, "sqlite", true).toLowerCase();

function sameStatements(expected: readonly RecordedStatement[], actual: readonly RecordedStatement[]): boolean {
  if (expected.length !== actual.length) return false;
  return expected.every((statement, index) => {
    const other = actual[index] as RecordedStatement;
    return (
      text(statement) === text(other) &&
      (statement.executemany ?? false) === (other.executemany ?? false) &&
      sameParams(plain(statement.params ?? []), plain(other.params ?? []))
    );
  });
}

/** JSON may be spaced as it likes. */
function sameParams(expected: unknown, actual: unknown): boolean {
  if (Array.isArray(expected) && Array.isArray(actual))
    return expected.length === actual.length && expected.every((item, index) => sameParams(item, actual[index]));
  if (typeof expected === "string" && typeof actual === "string" && /^[[{]/.test(expected) && /^[[{]/.test(actual))
    return JSON.stringify(JSON.parse(expected)) === JSON.stringify(JSON.parse(actual));
  return sameValue(expected, actual);
}

const errorText = /^(\w+(?:Error|Found|Exception|Available)): /;
/** Python's names of errors that JavaScript, or we, call differently. */
const errorNames: Readonly<Record<string, readonly string[]>> = {
  TypeError: ["TypeError", "ArgumentError", "InvalidRequestError", "TypeArgumentError"],
  NoInspectionAvailable: ["UnmappedClassError"],
  ValueError: ["ArgumentError", "Error"],
  AttributeError: ["InvalidRequestError", "TypeError"],
};

function sameResult(expected: unknown, actual: unknown): boolean {
  if (typeof expected === "string" && typeof actual === "string") {
    const [wanted, given] = [errorText.exec(expected)?.[1], errorText.exec(actual)?.[1]];
    if (wanted !== undefined && given !== undefined)
      return wanted === given || (errorNames[wanted]?.includes(given) ?? false);
  }
  // Names of attributes are in camelCase with us.
  if (typeof expected === "string" && /^[a-z]+(_[a-z0-9]+)+$/.test(expected))
    return (
      actual === expected || actual === expected.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    );
  if (Array.isArray(expected) && Array.isArray(actual))
    return expected.length === actual.length && expected.every((item, index) => sameResult(item, actual[index]));
  return sameValue(expected, actual);
}

function sameWarnings(expected: readonly string[], actual: readonly string[]): boolean {
  const wanted = expected.filter((message) => !message.includes("deprecated") && !message.includes("legacy"));
  return wanted.length > 0 === actual.length > 0;
}

function show(statements: readonly RecordedStatement[], result: unknown, warnings: readonly string[] = []): string {
  const lines = statements.map(
    (statement) =>
      `\n      ${statement.sql.replaceAll(/\s+/g, " ")} ${json(statement.params ?? [])}${statement.executemany === true ? " (many)" : ""}`,
  );
  return `${lines.join("")}\n      => ${json(result)}${warnings.length > 0 ? `\n      warnings ${json(warnings)}` : ""}`;
}

function json(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? `${item}n` : item)) ?? "undefined";
}
