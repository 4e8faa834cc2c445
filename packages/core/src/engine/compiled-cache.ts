/** Compiles statements, once for each structure: the compiled cache. Next: ./prepared.ts. */
import { CacheKeyBuilder } from "../ast/cache-key.ts";
import type { Compiled } from "../compiler/compiled.ts";
import { Compiler } from "../compiler/compiler.ts";
import type { BindEntry } from "../compiler/expanding.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { statementKind } from "../dialect/stringify.ts";
import { Dml } from "../dml/dml-base.ts";
import { CompileError } from "../errors/errors.ts";
import type { BindParameter } from "../expression/bind.ts";
import type { ClauseElement } from "../expression/clause-element.ts";
import type { Executable } from "../selectable/executable.ts";
import { type CompiledStore, KeyedStore } from "./compiled-store.ts";
import { Prepared } from "./prepared.ts";
import { keepSpecimens } from "./specimens.ts";

/** What a compilation depends on beside the statement. */
export interface CompileVariant {
  /** Parameter names given to an INSERT or UPDATE. */
  readonly columnKeys: readonly string[] | null;
  readonly schemaTranslateMap: Readonly<Record<string, string | null>> | null;
  readonly isMany: boolean;
}

/** A statement ready for execution, and the parameters from which it takes its own values. */
export interface PreparedStatement {
  readonly prepared: Prepared;
  /** Bind parameters of this statement by the compiled one's `source`; null: those of the compiled one. */
  readonly keyed: readonly BindParameter[] | null;
  /** How it came about, for the log: `"hit"`, `"miss"`, `"no key"`, `"disabled"`. */
  readonly origin: "hit" | "miss" | "no key" | "disabled";
}

/** The compiled form of one statement object, kept on the object. */
export class StatementMemo implements PreparedStatement {
  readonly owner: StatementCompiler;
  readonly prepared: Prepared;
  readonly columnKeys: readonly string[] | null;
  readonly keyed = null;
  readonly origin = "hit";
  /** The statement's own values, where they are constant. */
  readonly values: readonly unknown[] | null;
  /** Each of the own values may be replaced by a parameter of that name; -1 where no parameter can. */
  readonly binds: readonly BindParameter[] | null;

  /** @param columnKeys the parameter names it was compiled for; null where they do not matter. */
  constructor(owner: StatementCompiler, found: PreparedStatement, columnKeys: readonly string[] | null) {
    this.owner = owner;
    this.prepared = found.prepared;
    this.columnKeys = columnKeys;
    this.binds = found.keyed;
    this.values =
      found.prepared.hasConstantValues && !hasRequired(found) ? found.prepared.values(found.keyed, null, null) : null;
  }
}

function hasRequired({ prepared, keyed }: PreparedStatement): boolean {
  return prepared.compiled.binds.some(
    (entry) => (keyed === null || entry.source < 0 ? entry.bind : (keyed[entry.source] as BindParameter)).required,
  );
}

/** Compiles for one engine. */
export class StatementCompiler {
  readonly dialect: Dialect;
  /** Null when the engine has no cache. */
  readonly store: KeyedStore<Prepared> | null;
  readonly #prefix: string;
  readonly #warnsOfCartesianProducts: boolean;

  constructor(dialect: Dialect, capacity: number, warnsOfCartesianProducts = false) {
    this.dialect = dialect;
    this.#warnsOfCartesianProducts = warnsOfCartesianProducts;
    this.store = capacity > 0 ? new KeyedStore<Prepared>(capacity) : null;
    this.#prefix = `${++compilers}|`;
    keepSpecimens(dialect);
  }

  /** Forgets all compiled statements, those noted on statement objects excepted. */
  clear(): void {
    this.store?.clear();
  }

  /**
   * The compiled form of a statement, from the cache where it has an equal one.
   *
   * @param given a store in place of the engine's own; null for none.
   */
  prepare(statement: ClauseElement, variant: CompileVariant, given?: CompiledStore | null): PreparedStatement {
    if (given === null || (given === undefined && this.store === null))
      return { prepared: this.#compile(statement, variant, null), keyed: null, origin: "disabled" };
    const key = new CacheKeyBuilder<BindParameter>();
    key.add(variantText(variant));
    statement.appendCacheKey(key);
    if (key.uncacheable) return { prepared: this.#compile(statement, variant, null), keyed: null, origin: "no key" };
    const keyed = key.binds;
    const text = given === undefined ? "" : this.#prefix + key.text;
    const known = given === undefined ? this.store?.get(key) : (given.get(text) as Prepared | undefined);
    if (known !== undefined) {
      key.release();
      return { prepared: known, keyed, origin: "hit" };
    }
    const kept = key.finish();
    key.release();
    const prepared = this.#compile(statement, variant, keyed);
    if (given === undefined) this.store?.set(kept, prepared);
    else given.set(text, prepared as never);
    return { prepared, keyed, origin: "miss" };
  }

  #compile(statement: ClauseElement, variant: CompileVariant, keyed: readonly BindParameter[] | null): Prepared {
    const start = performance.now();
    const isDdl = (statement as { isDdl?: boolean }).isDdl === true;
    const compiler = new Compiler(this.dialect, {
      literalBinds: isDdl,
      schemaTranslateMap: variant.schemaTranslateMap,
      columnKeys: variant.columnKeys,
      forExecutemany: variant.isMany,
      warnsOfCartesianProducts: this.#warnsOfCartesianProducts,
    });
    const compiled = compiler.compile(statement, statementKind(statement));
    if (variant.columnKeys !== null) checkConsumed(statement, compiled, variant.columnKeys);
    if (keyed !== null) assignSources(compiled.binds, keyed);
    return new Prepared(compiled, performance.now() - start);
  }
}

let compilers = 0;

function variantText({ columnKeys, schemaTranslateMap, isMany }: CompileVariant): string {
  if (columnKeys === null && schemaTranslateMap === null && !isMany) return "";
  return `${isMany ? "m" : ""}${columnKeys === null ? "" : `k${JSON.stringify(columnKeys)}`}${schemaTranslateMap === null ? "" : `t${JSON.stringify(schemaTranslateMap)}`}|`;
}

/** Notes for each bind of the compiled statement which of the key's parameters it stands for. */
function assignSources(binds: readonly BindEntry[], keyed: readonly BindParameter[]): void {
  const byIdentity = new Map<BindParameter, number>();
  const byOrigin = new Map<BindParameter, number[]>();
  keyed.forEach((bind, ordinal) => {
    byIdentity.set(bind, ordinal);
    const same = byOrigin.get(bind.origin);
    if (same === undefined) byOrigin.set(bind.origin, [ordinal]);
    else same.push(ordinal);
  });
  for (const entry of binds) {
    const copies = byOrigin.get(entry.bind.origin) ?? [];
    const named = copies.find((ordinal) => (keyed[ordinal] as BindParameter).bindKey === entry.bind.bindKey);
    entry.source = byIdentity.get(entry.bind) ?? named ?? copies[0] ?? -1;
  }
}

function checkConsumed(statement: ClauseElement, compiled: Compiled, columnKeys: readonly string[]): void {
  if (compiled.kind !== "insert" && compiled.kind !== "update") return;
  const known = new Set<string>();
  for (const { name, bind } of compiled.binds) {
    known.add(name);
    if (bind.bindKey !== null) known.add(bind.bindKey);
  }
  const unknown = columnKeys.filter((key) => !known.has(key));
  if (unknown.length === 0) return;
  const columns = statement instanceof Dml ? statement.table.c.keys() : [];
  throw new CompileError(`Unconsumed column names: ${unknown.join(", ")}`, {
    fix: `this statement takes ${[...new Set([...columns, ...known])].join(", ")}`,
  });
}

/** Whether a statement keeps its compiled form: those that are Executable. */
export function memoHolder(statement: ClauseElement): Executable | null {
  return "memoCompiled" in statement ? (statement as Executable) : null;
}

/** Whether a statement compiled for these parameter names fits a parameter set; null fits all. */
export function fitsKeys(keys: readonly string[] | null, params: Readonly<Record<string, unknown>> | null): boolean {
  if (keys === null) return true;
  if (params === null) return keys.length === 0;
  let index = 0;
  for (const key in params) if (keys[index++] !== key) return false;
  return index === keys.length;
}
