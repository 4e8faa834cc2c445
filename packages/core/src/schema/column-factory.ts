/** `column()`: reads what users write, and says what type the column has. */
import { QuotedName } from "../ast/name.ts";
import { ArgumentError } from "../errors/errors.ts";
import type { SqlExpression } from "../expression/clause-element.ts";
import { type DialectSpecificOptions, splitArguments, takeDialectOptions } from "../selectable/dialect-options.ts";
import { describe } from "../types/literals.ts";
import { INTEGERTYPE } from "../types/numeric.ts";
import { isTypeLike, type SqlType, type TypeLike, toType } from "../types/type.ts";
import { type Autoincrement, Column, type ColumnParts, type MappingOptions } from "./column.ts";
import type { ColumnItem, InsertModeOf, ItemKind, NullableValue } from "./column-types.ts";
import { ColumnDefault, type DefaultFunction, SENTINEL } from "./default.ts";
import type { ForeignKey } from "./foreign-key.ts";
import { type Info, setInfo } from "./schema-item.ts";
import { quotedAs } from "./schema-name.ts";
import type { Sequence } from "./sequence.ts";
import type { FetchedValue } from "./server-default.ts";

/** What can be a default made on our side: a value, a function, a SQL expression, a sequence. */
export type DefaultValue<I> = I | DefaultFunction<I> | SqlExpression | ColumnDefault | Sequence | null | undefined;

/** What can be a default made by the database: a string for a literal, a SQL expression, or the mere fact. */
export type ServerDefaultValue = string | SqlExpression | FetchedValue | null | undefined;

/** Options of {@link column}. The parameters are inferred; they say what the column's value is and whether INSERT must give it. */
export interface ColumnOptions<
  out I = unknown,
  out PrimaryKey extends boolean = boolean,
  out Nullable extends boolean | undefined = boolean | undefined,
  out Default extends DefaultValue<I> = DefaultValue<I>,
  out ServerDefault extends ServerDefaultValue = ServerDefaultValue,
  out Auto extends Autoincrement = Autoincrement,
> extends DialectSpecificOptions,
    MappingOptions {
  readonly "~item"?: never;
  /** Part of the table's primary key. Default false. */
  readonly primaryKey?: PrimaryKey;
  /** NULL is a value. Default true, but false for primary keys and identity columns. */
  readonly nullable?: Nullable;
  /** The value of INSERT where none is given: a value, a function called per row, or a SQL expression. */
  readonly default?: Default | DefaultFunction<NoInfer<I>>;
  /** The same as `default`. */
  readonly insertDefault?: Default | DefaultFunction<NoInfer<I>>;
  /** The value of UPDATE where none is given. */
  readonly onupdate?: DefaultValue<I>;
  /** The DEFAULT clause: a string is rendered as a string literal, an expression as it is. */
  readonly serverDefault?: ServerDefault;
  /** The database sets the column on UPDATE: `fetchedValue()`. */
  readonly serverOnupdate?: ServerDefaultValue;
  /** Whether an integer primary key is numbered. Default `"auto"`: if it is alone, has no default and is no foreign key. */
  readonly autoincrement?: Auto;
  /** Adds a UNIQUE constraint, or makes the index of `index: true` unique. */
  readonly unique?: boolean | null;
  /** Adds an index. */
  readonly index?: boolean | null;
  readonly comment?: string | null;
  /** A note for readers of the program. */
  readonly doc?: string | null;
  /** Key in `table.c`; in a table's shape the key of the shape. */
  readonly key?: string | null;
  /** Quote the name always, or never; by the dialect's rules where it is left out. */
  readonly quote?: boolean | null;
  readonly info?: Info;
  /** The database makes the column by itself (PostgreSQL's `xmin`): no part of CREATE TABLE. */
  readonly system?: boolean;
  /** Tells the rows of a batched INSERT apart. */
  readonly insertSentinel?: boolean;
}

const optionNames = new Set([
  "name",
  "type",
  "primaryKey",
  "nullable",
  "default",
  "insertDefault",
  "onupdate",
  "serverDefault",
  "serverOnupdate",
  "autoincrement",
  "unique",
  "index",
  "comment",
  "doc",
  "key",
  "quote",
  "info",
  "system",
  "insertSentinel",
  "deferred",
  "deferredGroup",
  "deferredRaiseload",
  "activeHistory",
]);

/** The default that counts: of the client or of the server. */
type AnyDefault<Default, ServerDefault> = [Default] extends [null | undefined]
  ? [ServerDefault] extends [null | undefined]
    ? undefined
    : true
  : true;

/** The column that {@link column} makes of its arguments. */
export type MadeColumn<
  T,
  I,
  O,
  Name extends string,
  Kind,
  PrimaryKey = false,
  Nullable = undefined,
  Default = undefined,
  ServerDefault = undefined,
  Auto = "auto",
> = Column<
  NullableValue<T, PrimaryKey, Nullable, Kind>,
  Name,
  NullableValue<I, PrimaryKey, Nullable, Kind>,
  InsertModeOf<T, PrimaryKey, Nullable, AnyDefault<Default, ServerDefault>, Auto, Kind>,
  O
> &
  O;

/**
 * A column: a type, then what belongs to it (foreign keys, checks, a sequence, an identity, a computation), then options.
 * The name comes first where it is not the key of a table's shape. Without a type, that of the column is taken to which its
 * foreign key refers.
 *
 * @example
 * table("users", metadata, {
 *   id: column(t.integer, { primaryKey: true }),
 *   emailAddress: column("email_address", t.string(100), { nullable: false, unique: true }),
 *   managerId: column("manager_id", foreignKey("users.id")),
 * });
 * @throws ArgumentError for unknown options, and for options that exclude each other.
 */
// The common forms have a fixed number of arguments and come first: TypeScript passes over the others by their number, unchecked.
export function column<
  T,
  I,
  O,
  PK extends boolean = false,
  NL extends boolean | undefined = undefined,
  D extends DefaultValue<I> = undefined,
  SD extends ServerDefaultValue = undefined,
  AI extends Autoincrement = "auto",
>(
  type: TypeLike<T, I, O>,
  options: ColumnOptions<I, PK, NL, D, SD, AI>,
): MadeColumn<T, I, O, string, never, PK, NL, D, SD, AI>;
export function column<
  const N extends string,
  T,
  I,
  O,
  PK extends boolean = false,
  NL extends boolean | undefined = undefined,
  D extends DefaultValue<I> = undefined,
  SD extends ServerDefaultValue = undefined,
  AI extends Autoincrement = "auto",
>(
  name: N | QuotedName,
  type: TypeLike<T, I, O>,
  options: ColumnOptions<I, PK, NL, D, SD, AI>,
): MadeColumn<T, I, O, N, never, PK, NL, D, SD, AI>;
export function column<
  const N extends string,
  T,
  I,
  O,
  K extends ItemKind,
  PK extends boolean = false,
  NL extends boolean | undefined = undefined,
  D extends DefaultValue<I> = undefined,
  SD extends ServerDefaultValue = undefined,
  AI extends Autoincrement = "auto",
>(
  name: N | QuotedName,
  type: TypeLike<T, I, O>,
  item: ColumnItem<K>,
  options: ColumnOptions<I, PK, NL, D, SD, AI>,
): MadeColumn<T, I, O, N, K, PK, NL, D, SD, AI>;
export function column<
  T,
  I,
  O,
  K extends ItemKind,
  PK extends boolean = false,
  NL extends boolean | undefined = undefined,
  D extends DefaultValue<I> = undefined,
  SD extends ServerDefaultValue = undefined,
  AI extends Autoincrement = "auto",
>(
  type: TypeLike<T, I, O>,
  item: ColumnItem<K>,
  options: ColumnOptions<I, PK, NL, D, SD, AI>,
): MadeColumn<T, I, O, string, K, PK, NL, D, SD, AI>;
export function column<T, I, O, K extends ItemKind = never>(
  type: TypeLike<T, I, O>,
  ...items: readonly ColumnItem<K>[]
): MadeColumn<T, I, O, string, K>;
export function column<const N extends string, T, I, O, K extends ItemKind = never>(
  name: N | QuotedName,
  type: TypeLike<T, I, O>,
  ...items: readonly ColumnItem<K>[]
): MadeColumn<T, I, O, N, K>;
export function column<
  T,
  I,
  O,
  K extends ItemKind,
  PK extends boolean = false,
  NL extends boolean | undefined = undefined,
  D extends DefaultValue<I> = undefined,
  SD extends ServerDefaultValue = undefined,
  AI extends Autoincrement = "auto",
>(
  type: TypeLike<T, I, O>,
  ...args: readonly [...items: ColumnItem<K>[], options: ColumnOptions<I, PK, NL, D, SD, AI>]
): MadeColumn<T, I, O, string, K, PK, NL, D, SD, AI>;
export function column<
  const N extends string,
  T,
  I,
  O,
  K extends ItemKind,
  PK extends boolean = false,
  NL extends boolean | undefined = undefined,
  D extends DefaultValue<I> = undefined,
  SD extends ServerDefaultValue = undefined,
  AI extends Autoincrement = "auto",
>(
  name: N | QuotedName,
  type: TypeLike<T, I, O>,
  ...args: readonly [...items: ColumnItem<K>[], options: ColumnOptions<I, PK, NL, D, SD, AI>]
): MadeColumn<T, I, O, N, K, PK, NL, D, SD, AI>;
export function column<
  T = unknown,
  PK extends boolean = false,
  NL extends boolean | undefined = undefined,
  D extends DefaultValue<T> = undefined,
>(
  key: ForeignKey<T>,
  options?: ColumnOptions<T, PK, NL, D>,
): MadeColumn<T, T, unknown, string, "foreignKey", PK, NL, D>;
export function column<
  const N extends string,
  T = unknown,
  PK extends boolean = false,
  NL extends boolean | undefined = undefined,
  D extends DefaultValue<T> = undefined,
>(
  name: N | QuotedName,
  key: ForeignKey<T>,
  options?: ColumnOptions<T, PK, NL, D>,
): MadeColumn<T, T, unknown, N, "foreignKey", PK, NL, D>;
export function column<const N extends string = string>(
  name: N | QuotedName | null,
  ...rest: readonly (ColumnItem | ColumnOptions)[]
): Column<unknown, N, unknown, "optional">;
export function column(...rest: readonly (ColumnItem | ColumnOptions)[]): Column<unknown, string, unknown, "optional">;
export function column(...args: readonly unknown[]): Column {
  const { items, options = {} } = splitArguments<Record<string, unknown> & { readonly info?: Info }>(args);
  const name = takeName(items, options);
  const type = takeType(items, options);
  const made = new Column(readParts(name, type, items as ColumnItem[], options));
  setInfo(made, options.info);
  return made;
}

/**
 * A column that tells the rows of a batched INSERT apart, for tables whose key cannot.
 *
 * It is left out of SELECT, and its values are made where they are needed.
 */
export function insertSentinel(
  name: string | null = null,
  type: TypeLike | null = null,
  options: { readonly default?: unknown; readonly omitFromStatements?: boolean } = {},
): Column<number | null, string, number | null, "optional"> {
  const { omitFromStatements = true } = options;
  const parts = readParts(
    name === null ? null : new QuotedName(name, null),
    type === null ? INTEGERTYPE : toType(type),
    [],
    {
      default: options.default ?? new ColumnDefault(SENTINEL),
      insertSentinel: true,
    },
  );
  return new Column<number | null, string, number | null, "optional">({ ...parts, omitFromStatements });
}

function takeName(items: unknown[], options: Readonly<Record<string, unknown>>): QuotedName | null {
  const quote = (options.quote ?? null) as boolean | null;
  const [first] = items;
  let name = (options.name ?? null) as string | QuotedName | null;
  if (first === null) items.shift();
  else if (typeof first === "string" || first instanceof QuotedName) {
    if (name !== null) throw new ArgumentError("May not pass name positionally and as an option.");
    name = first;
    items.shift();
  }
  // The name may come later, from the key in the table's shape; how it is quoted is known already.
  if (name === null) return quote === null ? null : quotedAs("", quote);
  return quotedAs(name, quote);
}

function takeType(items: unknown[], options: Readonly<Record<string, unknown>>): SqlType | null {
  const [first] = items;
  const named = options.type;
  if (first === undefined) {
    if (items.length > 0)
      throw new ArgumentError("the type of a column is undefined", { fix: "is it imported, and spelled right?" });
  } else if (first === null) items.shift();
  else if (isTypeLike(first)) {
    if (named !== undefined) throw new ArgumentError("May not pass the type positionally and as an option.");
    items.shift();
    return toType(first);
  }
  if (named === undefined || named === null) return null;
  if (!isTypeLike(named)) throw new ArgumentError(`${describe(named)} is not a SQL type`);
  return toType(named);
}

function readParts(
  name: QuotedName | null,
  type: SqlType | null,
  items: readonly ColumnItem[],
  options: Readonly<Record<string, unknown>>,
): ColumnParts {
  const given = <V>(option: string, fallback: V): V => (options[option] ?? fallback) as V;
  if (options.default !== undefined && options.insertDefault !== undefined) {
    throw new ArgumentError("The 'default' and 'insertDefault' parameters of column() are mutually exclusive");
  }
  return {
    name,
    type,
    key: given("key", null),
    items,
    primaryKey: given("primaryKey", false),
    nullable: given("nullable", null),
    unique: flag(options, "unique"),
    index: flag(options, "index"),
    autoincrement: given<Autoincrement>("autoincrement", "auto"),
    system: given("system", false),
    comment: given("comment", null),
    doc: given("doc", null),
    insertSentinel: given("insertSentinel", false),
    omitFromStatements: false,
    default: options.default ?? options.insertDefault ?? null,
    onupdate: given("onupdate", null),
    serverDefault: given("serverDefault", null),
    serverOnupdate: given("serverOnupdate", null),
    dialectOptions: takeDialectOptions(options, optionNames, "column()"),
    mapping: readMapping(options),
  };
}

const noMapping: MappingOptions = Object.freeze({});

function readMapping({ deferred, deferredGroup, deferredRaiseload, activeHistory }: MappingOptions): MappingOptions {
  if (
    deferred === undefined &&
    deferredGroup === undefined &&
    deferredRaiseload === undefined &&
    activeHistory === undefined
  )
    return noMapping;
  return {
    deferred: deferred ?? (deferredGroup !== undefined || deferredRaiseload === true),
    deferredGroup: deferredGroup ?? null,
    deferredRaiseload: deferredRaiseload ?? false,
    activeHistory: activeHistory ?? false,
  };
}

function flag(options: Readonly<Record<string, unknown>>, name: "unique" | "index"): boolean | null {
  const value = options[name] ?? null;
  if (value === null || typeof value === "boolean") return value;
  throw new ArgumentError(`the option '${name}' of column() is true or false`, {
    fix: `to give it a name, pass ${name === "index" ? "index(name, …)" : "uniqueConstraint(…, { name })"} to the table`,
  });
}
