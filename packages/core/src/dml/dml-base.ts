/** What INSERT, UPDATE and DELETE share: the table, RETURNING, prefixes, hints, dialect options. */

import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import { appendValue, type Fields, isPlain, Node } from "../ast/node.ts";
import { copyWith } from "../ast/traverse.ts";
import { ArgumentError, CompileError, InvalidRequestError } from "../errors/errors.ts";
import type { ClauseElement, SqlExpression } from "../expression/clause-element.ts";
import { columnsClauseElement, fromElement, refuseUndefined, resolveNode } from "../expression/coerce.ts";
import { ColumnClause } from "../expression/column-clause.ts";
import { type Accepts, ColumnElement } from "../expression/column-element.ts";
import { columnByKey, columnsOf } from "../selectable/column-collection.ts";
import { type Decoration, decorations, type Hint } from "../selectable/decoration.ts";
import {
  type ColumnDescription,
  describeColumns,
  describing,
  type EntityDescription,
} from "../selectable/descriptions.ts";
import { type DialectSpecificOptions, takeDialectOptions } from "../selectable/dialect-options.ts";
import { appendOptionKeys } from "../selectable/executable.ts";
import { type FromClause, isFromClause } from "../selectable/from-clause.ts";
import { Join } from "../selectable/join.ts";
import { keyColumns, type NamedColumn, nameColumns } from "../selectable/naming.ts";
import { ReturnsRows } from "../selectable/returns-rows.ts";
import { expandColumns } from "../selectable/select.ts";
import { TableClause } from "../selectable/table-clause.ts";
import { describe } from "../types/literals.ts";

/** A table, an alias of one, or a mapped class: what DML works on. */
export type DmlTarget<C extends object = object> = DmlTable<C> | DmlEntity<C>;

/** A table, or an alias of one. */
export interface DmlTable<out C extends object = object> {
  readonly "~columns": C;
}

/** A mapped class, whose attributes are under `$`. */
export interface DmlEntity<out C extends object = object> {
  readonly "~entity": unknown;
  readonly $: C;
}

type ValueFor<E> = E extends { readonly "~value": infer T; readonly "~accepts": Accepts<infer I> }
  ? NonNullable<I> | (null extends T ? null : never) | SqlExpression
  : unknown;

/** Values by column key; wrong names and wrong types are compile errors. */
export type ColumnValues<C extends object> = { readonly [K in keyof C]?: ValueFor<C[K]> };

/** The columns of `returning()`, without trailing options. */
export type ReturnedColumns<A extends readonly unknown[]> = A extends readonly [
  ...infer Columns,
  { readonly sortByParameterOrder: boolean },
]
  ? Columns
  : A;

/** One set of parameters of INSERT, UPDATE or DELETE: by column key, and by the names of bind parameters, which the types do not know. */
export type DmlParameters<C extends object> = {
  readonly [K in Exclude<keyof C, "constructor">]?: ParameterFor<C[K]>;
} & Readonly<Record<string, unknown>>;

type ParameterFor<E> = E extends { readonly "~accepts": Accepts<infer I> }
  ? unknown extends I
    ? unknown
    : ValueFor<E>
  : unknown;

/** One set of parameters, or a list of them. */
export type ParametersFor<C extends object | undefined> = ParametersOf<
  C extends object ? DmlParameters<C> : DmlParameters<object>
>;

type ParametersOf<P> = P | readonly P[] | null;

/** A column or its key, with a value: the form for keys that are column objects. */
export type ValuePairs = readonly (readonly [string | ColumnElement, unknown])[];

/** A value of a row given by the positions of its columns. */
export type PlainValue = string | number | bigint | boolean | null | Date | Uint8Array | SqlExpression;

/** What was given to `values()`. @throws ArgumentError where that is more than one thing. */
export function oneArgument(args: readonly unknown[]): unknown {
  if (args.length > 1)
    throw new ArgumentError(`values() takes one row or a list of rows, not ${args.length} arguments`, {
      fix: "put the columns into one object",
    });
  return args.length === 0 ? {} : args[0];
}

/** Values as they stand in a statement: by column key, or under a column object. */
export type ValueMap = ReadonlyMap<string | ColumnElement, unknown>;

/** What a dialect adds to INSERT, UPDATE or DELETE by `ext()`: `mysql.limit(5)`. */
export interface DmlExtension {
  applyToDml<S extends Dml>(statement: S): S;
}

/** Options of {@link Dml.returnDefaults}. */
export interface ReturnDefaultsOptions {
  /** Gives the rows of an executemany in the order of the parameter sets. Default false. */
  readonly sortByParameterOrder?: boolean;
  /** Columns that are brought back whether or not the database generates them, as `returning()` would. */
  readonly supplementalCols?: readonly (ColumnElement | string)[];
}

const none: readonly never[] = Object.freeze([]);

/** Options of `withHint()` of INSERT, UPDATE and DELETE. */
export interface HintOptions {
  /** The table that the hint is for. Default: the statement's own. */
  readonly selectable?: unknown;
  /** The database that the hint is for. Default: all. */
  readonly dialectName?: string;
}

/** Base of INSERT, UPDATE and DELETE. */
export abstract class Dml<
  out C extends object = object,
  out V extends readonly unknown[] = readonly unknown[],
  out O extends object = object,
  out E extends object = object,
> extends ReturnsRows<V, O, E> {
  static override readonly fields: Fields = {
    table: "child",
    returningColumns: "children",
    defaultsReturned: "options",
    supplementalReturned: "children",
    prefixes: "options",
    hints: "options",
    dialectOptions: "options",
    dialectsOnly: "options",
    addedCtes: "options",
  };

  /** Phantom: what is worked on, for the statement's parameters. */
  declare readonly "~dml": C;
  readonly table: FromClause<C>;
  /** What was passed for the table where that is not a selectable: a mapped class. For packages above. */
  readonly target: Node | null = null;
  readonly returningColumns: readonly Node[] = none;
  /** RETURNING was asked to give rows in the order of the parameter sets. */
  readonly sortByParameterOrder: boolean = false;
  /** Server-generated values to bring back beside the result: `true` for all of them. */
  readonly defaultsReturned: true | readonly ColumnElement[] | null = null;
  /** What is brought back with them, whether the database generates it or not. */
  readonly supplementalReturned: readonly ColumnElement[] = none;
  readonly prefixes: readonly Decoration[] = none;
  readonly hints: readonly Hint[] = none;
  /** Options of one dialect, e.g. `mysqlLimit`. */
  readonly dialectOptions: Readonly<Record<string, unknown>> = emptyOptions;
  /** The dialects that can render an extension of the statement; null: there is none. */
  readonly dialectsOnly: readonly string[] | null = null;

  constructor(table: FromClause<C>) {
    super();
    this.table = table;
  }

  override get returnsRows(): boolean {
    return this.returningColumns.length > 0;
  }

  /** Not for these statements: their parameters are values of columns. @throws InvalidRequestError always. */
  override params(_values: Readonly<Record<string, unknown>>): never {
    throw new InvalidRequestError("params() is not for INSERT, UPDATE and DELETE", {
      fix: "give values of columns with values(), and those of named parameters to execute()",
    });
  }

  override get namedColumns(): readonly NamedColumn[] {
    return nameColumns(expandColumns(this.returningColumns), "disambiguateOnly");
  }

  override get columnKeys(): readonly (string | null)[] {
    return keyColumns(this.namedColumns, "disambiguateOnly");
  }

  /** What the statement works on, as data: the mapped class, or the table. */
  get entityDescription(): EntityDescription {
    const { table, target } = this;
    const entity = target === null ? null : describing.target(target);
    return entity ?? { name: table.description, type: null, expr: table, entity: null, table };
  }

  /** What the rows of RETURNING consist of, as data. */
  get returningColumnDescriptions(): ColumnDescription[] {
    return describeColumns(expandColumns(this.returningColumns));
  }

  /** `RETURNING …`; a trailing `{ sortByParameterOrder: true }` gives rows in the order of the parameter sets. */
  protected addReturning(columns: readonly unknown[]): this {
    if (this.defaultsReturned !== null)
      throw new InvalidRequestError("return_defaults() is already configured on this statement", {
        fix: "use either returning() or returnDefaults()",
      });
    const given = [...columns];
    const last = given.at(-1);
    const options =
      last !== null &&
      typeof last === "object" &&
      !(last instanceof Node) &&
      resolveNode(last) === undefined &&
      isPlain(last)
        ? (given.pop() as { sortByParameterOrder?: boolean })
        : {};
    return copyWith(this, {
      returningColumns: [...this.returningColumns, ...given.map(columnsClauseElement)],
      sortByParameterOrder: options.sortByParameterOrder ?? this.sortByParameterOrder,
    });
  }

  /**
   * Brings back what the database generated (keys, defaults), as `result.returnedDefaults`. With columns, only these.
   * `returnDefaults({ supplementalCols: [users.c.name] })` adds columns that are brought back in any case.
   *
   * @throws CompileError beside `returning()`.
   */
  returnDefaults(...columns: readonly (ColumnElement | string | ReturnDefaultsOptions)[]): this {
    if (this.returningColumns.length > 0)
      throw new CompileError("returning() is already configured on this statement", {
        fix: "use either returning() or returnDefaults()",
      });
    const elements: ColumnElement[] = [];
    const supplemental = [...this.supplementalReturned];
    let { sortByParameterOrder } = this;
    const columnOf = (given: ColumnElement | string): ColumnElement =>
      typeof given === "string" ? this.column(given) : given;
    for (const given of columns) {
      if (typeof given === "string" || given instanceof ColumnElement) elements.push(columnOf(given));
      else {
        sortByParameterOrder = given.sortByParameterOrder ?? sortByParameterOrder;
        supplemental.push(...(given.supplementalCols ?? []).map(columnOf));
      }
    }
    const before = Array.isArray(this.defaultsReturned) ? (this.defaultsReturned as readonly ColumnElement[]) : [];
    return copyWith(this, {
      defaultsReturned: elements.length === 0 && before.length === 0 ? true : [...before, ...elements],
      supplementalReturned: supplemental,
      sortByParameterOrder,
    });
  }

  /** Text behind the verb: `prefixWith("IGNORE", { dialect: "mysql" })`. */
  prefixWith(...args: readonly (string | ClauseElement | { readonly dialect?: string })[]): this {
    return copyWith(this, { prefixes: [...this.prefixes, ...decorations(args)] });
  }

  /**
   * A hint for the table of the statement, or for another one that it reads: `withHint("WITH (PAGLOCK)", users, "mssql")`,
   * `withHint("WITH (PAGLOCK)", { selectable: users, dialectName: "mssql" })`. SELECT takes the table first.
   *
   * @throws ArgumentError for an option that there is not.
   */
  withHint(text: string, options?: HintOptions): this;
  withHint(text: string, selectable: string | object | null, dialectName?: string): this;
  withHint(text: string, ...rest: readonly unknown[]): this {
    let table: Node = this.table;
    let dialect = "*";
    for (const arg of rest) {
      if (typeof arg === "string") dialect = arg;
      else if (resolveNode(arg) !== undefined) table = resolveNode(arg) as Node;
      else if (arg !== null && typeof arg === "object") {
        const { selectable, dialectName, ...unknown } = arg as HintOptions;
        const [name] = Object.keys(unknown);
        if (name !== undefined)
          throw new ArgumentError(`withHint() has no option ${JSON.stringify(name)}`, {
            fix: "its options are: selectable, dialectName",
          });
        if (typeof dialectName === "string") dialect = dialectName;
        table = resolveNode(selectable) ?? table;
      }
    }
    return copyWith(this, { hints: [...this.hints, { table, text, dialect }] });
  }

  /**
   * Options of one dialect: `withDialectOptions({ mysqlLimit: 5 })`.
   *
   * @throws ArgumentError for a name that starts with no dialect's, and for one that its dialect does not know.
   */
  withDialectOptions(options: DialectSpecificOptions): this {
    const added = takeDialectOptions(options, noOptionNames, `${this.kind}()`);
    return copyWith(this, { dialectOptions: { ...this.dialectOptions, ...added } });
  }

  /** Notes that the statement means something else without what some dialects know: others refuse it. For `ext()`. */
  onlyOn(...dialects: readonly string[]): this {
    return copyWith(this, { dialectsOnly: dialects });
  }

  /** Something that only one dialect has: `delete_(users).ext(mysql.limit(5))`. */
  ext(extension: DmlExtension): this {
    return extension.applyToDml(this as unknown as Dml) as unknown as this;
  }

  /** The table's column of a key, or of a name that is no other column's key. */
  protected column(key: string): ColumnElement {
    const column = columnByKey(this.table.c, key) ?? columnsOf(this.table.c).find((each) => each.resultName === key);
    if (column === undefined) {
      throw new ArgumentError(`${this.table.description} has no column ${JSON.stringify(key)}`, {
        fix: `its columns are ${columnsOf(this.table.c)
          .map((each) => each.key)
          .join(", ")}`,
      });
    }
    return column;
  }

  override collectFroms(): void {}

  /** The part of the cache key that all three statements share, RETURNING and what follows it. */
  protected appendClausesKey(key: CacheKeyBuilder): void {
    key.nodes(this.returningColumns);
    appendValue(key, this.defaultsReturned);
    if (this.supplementalReturned.length > 0) key.nodes(this.supplementalReturned);
    if (this.prefixes.length > 0) appendValue(key, this.prefixes);
    if (this.hints.length > 0) appendValue(key, this.hints);
    if (this.addedCtes.length > 0) appendValue(key, this.addedCtes);
    appendValue(key, this.dialectOptions);
    if (this.dialectsOnly !== null) appendValue(key, this.dialectsOnly);
    appendOptionKeys(key, this.givenOptions);
  }
}

const noOptionNames: ReadonlySet<string> = new Set();
const emptyOptions: Readonly<Record<string, unknown>> = Object.freeze({});

/** The table behind what the user passed. */
export function dmlTable<C extends object>(target: DmlTarget<C>, verb: string): FromClause<C> {
  const node = resolveNode(target);
  const table = (node as { dmlTable?: () => FromClause } | undefined)?.dmlTable?.() ?? target;
  return fromElement(table, isFromClause, verb) as FromClause<C>;
}

/** Notes on a statement what was passed for its table. */
export function withTarget<D extends object>(statement: D, target: unknown): D {
  const node = resolveNode(target);
  if (node !== undefined && !isFromClause(node)) (statement as { target: Node | null }).target = node;
  return statement;
}

/** What stands for other columns in VALUES and SET (a mapped class's composites, hybrids, synonyms) tells which. */
interface DmlPairs {
  dmlPairs?(value: unknown): readonly (readonly [unknown, unknown])[];
}
/** The same for a statement's target, by attribute key; null: the key is a column's. */
interface DmlPairsByKey {
  dmlPairsOf?(key: string, value: unknown): readonly (readonly [unknown, unknown])[] | null;
}

/** Values given by the user as a map from column key (or column object, for other tables' columns) to value. */
export function valueMap(given: unknown, table: FromClause, verb: string, target: Node | null = null): ValueMap {
  const map = new Map<string | ColumnElement, unknown>();
  if (given === null || typeof given !== "object")
    throw new ArgumentError(
      `${verb}.values() takes an object, a list of pairs, or a list of objects, not ${describe(given)}`,
    );
  const pairs: Iterable<readonly [unknown, unknown]> = Array.isArray(given)
    ? (given as [unknown, unknown][])
    : given instanceof Map
      ? given.entries()
      : Object.entries(given);
  for (const [key, value] of pairs) {
    refuseUndefined(
      value,
      `${verb}.values(): the value of ${typeof key === "string" ? JSON.stringify(key) : "a column"}`,
    );
    const others =
      typeof key === "string"
        ? (target as DmlPairsByKey | null)?.dmlPairsOf?.(key, value)
        : (resolveNode(key) as DmlPairs | undefined)?.dmlPairs?.(value);
    if (others === undefined || others === null) map.set(valueKey(key, table, verb), value);
    else for (const [column, each] of valueMap(others, table, verb)) map.set(column, each);
  }
  return map;
}

function valueKey(key: unknown, table: FromClause, verb: string): string | ColumnElement {
  const primary = primaryTable(table);
  if (typeof key === "string")
    return primary === table || columnByKey(primary.c, key) !== undefined ? key : (columnByKey(table.c, key) ?? key);
  const node = resolveNode(key);
  if (node instanceof ColumnClause) {
    const column = node.canonical as ColumnElement;
    if (columnsOf(primary.c).includes(column)) return column.key as string;
    // A column of the table that the target is an alias of means the alias's own.
    const own = primary instanceof TableClause ? null : primary.correspondingColumn(column, true);
    return own?.key ?? column;
  }
  if (node instanceof ColumnElement) return node;
  throw new ArgumentError(`${verb}.values(): a key must be a column or its name, not ${describe(key)}`);
}

/** The table whose rows a statement writes: of a join the one that stands first. */
export function primaryTable(table: FromClause): FromClause {
  let primary = table;
  while (primary instanceof Join) primary = primary.left;
  return primary;
}
