/** The names that a scenario uses, and how its source is run. */
import * as core from "@athanor/core";
import * as orm from "@athanor/orm";
import type { ModelSet } from "./orm-models.ts";
import type { OrmCase, RecordedStatement } from "./orm-outcome.ts";
import { overrides, rewrites } from "./orm-sources.ts";
import type { DialectModules } from "./scope.ts";

/** A scenario's source; undefined where it has none. */
export function sourceOf(test: OrmCase): string | undefined {
  const source = overrides[test.id] ?? test.typescript;
  return source === undefined ? undefined : inOneScope(source);
}

/** A source whose variables and classes live in one scope, as Python's do. */
export function inOneScope(source: string): string {
  let text = source;
  for (const [from, to] of rewrites) text = text.replaceAll(from, to);
  return text.replaceAll(/(^|[;{}\n]\s*)(?:let|var) (?=[\w[])/g, "$1;").replaceAll(/^class (\w+)/gm, ";$1 = class $1");
}

/** Notes what reaches the driver. */
export function trace(engine: core.Engine, seen: RecordedStatement[]): void {
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

/** Python's built-ins, and methods of its lists, that sources of orm_more.json name. */
const builtins = {
  len: (items: { readonly length?: number; readonly size?: number } & Iterable<unknown>) =>
    items.length ?? items.size ?? [...items].length,
  sorted: (items: Iterable<unknown>, key = (item: unknown) => item) =>
    [...items].sort((a, b) => ordered(key(a), key(b))),
  append: (items: { push?(item: unknown): unknown; append?(item: unknown): unknown }, item: unknown) =>
    items.push === undefined ? items.append?.(item) : items.push(item),
  clear: (items: { splice?(start: number): unknown; clear?(): unknown }) =>
    items.splice === undefined ? items.clear?.() : items.splice(0),
  setAt: (items: { set?(key: unknown, item: unknown): unknown } & unknown[], at: number, item: unknown) =>
    items.set === undefined ? items.splice(at, 1, item) : items.set(at, item),
  popAt: (items: unknown[], index = items.length - 1) => items.splice(index, 1)[0],
  has: (items: string | unknown[] | Set<unknown> | { contains(item: unknown): boolean }, item: unknown) =>
    typeof items === "object" && "contains" in items
      ? items.contains(item)
      : items instanceof Set
        ? items.has(item)
        : items.includes(item as string),
  same: (items: Iterable<unknown>, others: unknown[]) => JSON.stringify([...items]) === JSON.stringify(others),
};

function ordered(a: unknown, b: unknown): number {
  if (Array.isArray(a) && Array.isArray(b))
    return a.map((item, index) => ordered(item, b[index])).find((order) => order !== 0) ?? 0;
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;
}

/** The parts of a scope that differ from run to run. */
export interface ScopeParts {
  readonly models: ModelSet;
  readonly names: Readonly<Record<string, unknown>>;
  readonly modules: DialectModules;
  readonly seen: RecordedStatement[];
  /** `engine`, `Session`, `session`, and what else the run brings. */
  readonly own: Readonly<Record<string, unknown>>;
}

/** Everything a scenario may name. */
export function scopeOf({ models, names, modules, seen, own }: ScopeParts): Record<string, unknown> {
  return {
    ...names,
    ...orm,
    ...modules,
    ...models.names,
    ...builtins,
    sqliteInsert: (modules["sqlite"] as { insert?: unknown } | undefined)?.insert,
    event: { listen: listenTo, remove: orm.removeListener, contains: orm.hasListener },
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
    ...own,
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

export function capture(work: () => unknown): unknown {
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

/** A scope for `with`: names that are not there yet are made by assignment. */
function variables(names: Record<string, unknown>): object {
  return new Proxy(names, {
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
}

/** Runs a source; gives `result`. */
export function evaluate(source: string, names: Record<string, unknown>): unknown {
  new Function("$scope", `with ($scope) {\n${source}\n}`)(variables(names));
  return names["result"] ?? null;
}

/** Runs a source that awaits; gives `result`. */
export async function evaluateAsync(source: string, names: Record<string, unknown>): Promise<unknown> {
  const run = new Function("$scope", `with ($scope) {\nreturn (async () => {\n${source}\n})();\n}`) as (
    scope: object,
  ) => Promise<void>;
  await run(variables(names));
  return names["result"] ?? null;
}
