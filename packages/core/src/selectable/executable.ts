/** What every statement has: execution options, loader options, parameters given in advance. */
import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import { copyWith } from "../ast/traverse.ts";
import { ArgumentError } from "../errors/errors.ts";
import { ClauseElement } from "../expression/clause-element.ts";
import { refuseUndefined } from "../expression/coerce.ts";
import type { CteReference } from "./cte-reference.ts";

/** An option that a package above gives to a statement (loader options of the ORM). */
export interface StatementOption {
  /** Structural identity for the compiled cache; null makes the statement uncacheable. */
  readonly cacheKey: string | null;
  /** Adds more than text: elements with literal values, which are then collected. Stands in for {@link cacheKey} where that is not null. */
  appendCacheKey?(key: CacheKeyBuilder): void;
}

/** Adds options to a statement's cache key. */
export function appendOptionKeys(key: CacheKeyBuilder, options: readonly StatementOption[]): void {
  for (const option of options) {
    if (option.cacheKey === null) key.uncacheable = true;
    else if (option.appendCacheKey !== undefined) option.appendCacheKey(key);
    else key.name(option.cacheKey);
  }
}

/** Options that travel with a statement. Known names are documented at `Connection.executionOptions`. */
export type ExecutionOptions = Readonly<Record<string, unknown>>;

/** @throws ArgumentError for the option of connections and engines that a single statement cannot have. */
export function requireStatementOptions(options: ExecutionOptions): void {
  if (Object.hasOwn(options, "compiledCache"))
    throw new ArgumentError(
      "the execution option compiledCache may only be specified on connections and engines, not per statement",
      { fix: "write connection.executionOptions({ compiledCache: … })" },
    );
}

/** A CTE that was added to a statement by `addCte`. */
export interface AddedCte {
  readonly cte: CteReference;
  readonly nestHere: boolean;
}

/** The arguments of `addCte()`. */
export function ctesToAdd(args: readonly (CteReference | { readonly nestHere?: boolean })[]): AddedCte[] {
  const last = args.at(-1);
  const options =
    last !== undefined && !(last instanceof ClauseElement) ? (last as { readonly nestHere?: boolean }) : {};
  const ctes = args.filter((arg): arg is CteReference => arg instanceof ClauseElement);
  return ctes.map((cte) => ({ cte, nestHere: options.nestHere ?? false }));
}

/**
 * What the types of a statement say: its rows, by position and by name, and for INSERT, UPDATE and DELETE on what they work
 * (`undefined` for all others).
 */
export interface StatementTypes<
  out V extends readonly unknown[],
  out O extends object,
  out C extends object | undefined = undefined,
> {
  readonly "~values": V;
  readonly "~names": O;
  readonly "~dml"?: C;
}

/** What an implementation is given whose overloads say what it takes: it fits everything. */
export type Given = never;

/** A clause of which the types say no more; no INSERT, UPDATE or DELETE, whose parameters are checked. */
export type OtherClause = ClauseElement & { readonly "~dml"?: undefined };

/** A statement that can be executed and yields rows of `O` (by name) and `V` (by position). */
export abstract class Executable<
  out V extends readonly unknown[] = readonly unknown[],
  out O extends object = object,
> extends ClauseElement {
  /** Phantom: values by position. */
  declare readonly "~values": V;
  /** Phantom: values by name. */
  declare readonly "~names": O;

  /** Options given with {@link executionOptions}. */
  readonly givenExecutionOptions: ExecutionOptions = noOptions;
  /** Options given with {@link options}. */
  readonly givenOptions: readonly StatementOption[] = noList;
  /** Parameter values given with {@link params}. */
  readonly givenParams: Readonly<Record<string, unknown>> | null = null;
  /** CTEs given with {@link addCte}. */
  readonly addedCtes: readonly AddedCte[] = noList;
  /** Compiled forms of this very object, by cache; makes a reused statement cost no key. */
  memoCompiled: unknown = undefined;

  /**
   * Options for the execution of this statement, e.g. `{ schemaTranslateMap: { app: "tenant1" } }`.
   *
   * An isolation level (`isolationLevel`, `autocommit`, `readOnly`) counts for this statement alone where it is AUTOCOMMIT,
   * else for the transaction that the statement begins; within a transaction it is an InvalidRequestError.
   *
   * @throws ArgumentError for a cache, which is a connection's.
   */
  executionOptions(options: ExecutionOptions): this {
    requireStatementOptions(options);
    return copyWith(this, { givenExecutionOptions: { ...this.givenExecutionOptions, ...options } });
  }

  /** The options that {@link executionOptions} has gathered. */
  getExecutionOptions(): ExecutionOptions {
    return this.givenExecutionOptions;
  }

  /** Options of the ORM: loader strategies, criteria. */
  options(...options: readonly StatementOption[]): this {
    return copyWith(this, { givenOptions: [...this.givenOptions, ...options] });
  }

  /** Values for named bind parameters of the statement. */
  override params(values: Readonly<Record<string, unknown>>): this {
    for (const [name, value] of Object.entries(values)) refuseUndefined(value, `parameter ${JSON.stringify(name)}`);
    return copyWith(this, { givenParams: { ...this.givenParams, ...values } });
  }

  /** Puts CTEs in front of this statement although nothing refers to them; `nestHere` keeps them inside a subquery. */
  addCte(...args: readonly (CteReference | { readonly nestHere?: boolean })[]): this {
    return copyWith(this, { addedCtes: [...this.addedCtes, ...ctesToAdd(args)] });
  }

  /** The statement is a SELECT, a set operation, or text with columns. */
  get isSelect(): boolean {
    return this.kind === "select" || this.kind === "compound" || this.kind === "textualSelect";
  }
  /** The statement is an INSERT. */
  get isInsert(): boolean {
    return this.kind === "insert";
  }
  /** The statement is an UPDATE. */
  get isUpdate(): boolean {
    return this.kind === "update";
  }
  /** The statement is a DELETE. */
  get isDelete(): boolean {
    return this.kind === "delete";
  }
  /** The statement is an INSERT, UPDATE or DELETE. */
  get isDml(): boolean {
    return this.isInsert || this.isUpdate || this.isDelete;
  }

  /** Whether execution can yield rows. */
  get returnsRows(): boolean {
    return false;
  }

  /** Drops memos from a copy. */
  afterCopy(): void {
    this.memoCompiled = undefined;
  }
}

const noOptions: ExecutionOptions = Object.freeze({});
const noList: readonly never[] = Object.freeze([]);
