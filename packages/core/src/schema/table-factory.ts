/** `table()`: reads what users write, and puts the table into its MetaData. */
import { isPromiseLike } from "@athanor/driver";
import type { QuotedName } from "../ast/name.ts";
import { isPlain } from "../ast/node.ts";
import { ArgumentError, InvalidRequestError } from "../errors/errors.ts";
import { resolveNode } from "../expression/coerce.ts";
import { splitArguments, takeDialectOptions } from "../selectable/dialect-options.ts";
import { describe } from "../types/literals.ts";
import { isForeign } from "../util/copies.ts";
import { Column } from "./column.ts";
import { Constraint } from "./constraint.ts";
import { listen } from "./events.ts";
import type { MetaData } from "./metadata.ts";
import { setInfo } from "./schema-item.ts";
import { BLANK_SCHEMA, quotedAs, tableKey } from "./schema-name.ts";
import { Table } from "./table.ts";
import { Index } from "./table-index.ts";
import type {
  AutoloadOptions,
  ColumnsByName,
  ColumnsOf,
  NamedColumnTypes,
  PlainTableOptions,
  ReflectedColumns,
  TableItem,
  TableName,
  TableOptions,
  TableShape,
} from "./table-types.ts";

const optionNames = new Set([
  "schema",
  "quote",
  "quoteSchema",
  "comment",
  "prefixes",
  "info",
  "extendExisting",
  "keepExisting",
  "mustExist",
  "implicitReturning",
  "listeners",
  "autoloadWith",
  "autoloadReplace",
  "includeColumns",
  "resolveFks",
]);

/** A table's arguments, sorted. */
interface TableArguments {
  /** Columns with the key of the shape, null for columns by their own key. */
  readonly columns: readonly (readonly [key: string | null, column: Column])[];
  readonly items: readonly TableItem[];
  readonly options: TableOptions;
  readonly isEmpty: boolean;
}

/**
 * A table: its name, its MetaData, its columns by key, then constraints and indexes, then options.
 *
 * Columns can also be given one after the other, each with its name. Without columns, the table of that name is given which
 * the MetaData has already.
 *
 * @example
 * const users = table("users", metadata, {
 *   id: column(t.integer, { primaryKey: true }),
 *   name: column(t.string(50), { nullable: false }),
 * }, uniqueConstraint("name"), { schema: "app" });
 * users.c.name; // Column<string, "name">
 * @example
 * const accounts = table("accounts", metadata, { autoloadWith: engine });          // its columns come from the database
 * const orders = await table("orders", metadata, { autoloadWith: asyncEngine });   // of an asynchronous engine: a promise
 * @throws InvalidRequestError when the MetaData has such a table, and columns were given.
 */
export function table<const S extends TableShape, const N extends string = string>(
  name: N | QuotedName,
  metadata: MetaData,
  shape: S,
): Table<ColumnsOf<S>, N>;
export function table<const S extends TableShape, const N extends string = string>(
  name: N | QuotedName,
  metadata: MetaData,
  shape: S,
  ...items: readonly (TableItem | PlainTableOptions)[]
): Table<ColumnsOf<S>, N>;
export function table<const S extends TableShape, const N extends string = string>(
  name: N | QuotedName,
  metadata: MetaData,
  shape: S,
  ...args: readonly [...items: TableItem[], options: AutoloadOptions<PromiseLike<unknown>>]
): Promise<Table<ReflectedColumns & ColumnsOf<S>, N>>;
export function table<const S extends TableShape, const N extends string = string>(
  name: N | QuotedName,
  metadata: MetaData,
  shape: S,
  ...args: readonly [...items: TableItem[], options: AutoloadOptions<void>]
): Table<ReflectedColumns & ColumnsOf<S>, N>;
export function table<const S extends TableShape, const N extends string = string>(
  name: N | QuotedName,
  metadata: MetaData,
  shape: S,
  ...items: readonly (TableItem | TableOptions)[]
): Table<ColumnsOf<S>, N>;
export function table<const A extends readonly (NamedColumnTypes | TableItem)[], const N extends string = string>(
  name: N | QuotedName,
  metadata: MetaData,
  ...args: readonly [...items: A, options: AutoloadOptions<PromiseLike<unknown>>]
): Promise<Table<ReflectedColumns & ColumnsByName<A>, N>>;
export function table<const A extends readonly (NamedColumnTypes | TableItem)[], const N extends string = string>(
  name: N | QuotedName,
  metadata: MetaData,
  ...args: readonly [...items: A, options: AutoloadOptions<void>]
): Table<ReflectedColumns & ColumnsByName<A>, N>;
export function table<const A extends readonly (NamedColumnTypes | TableItem)[], const N extends string = string>(
  name: N | QuotedName,
  metadata: MetaData,
  ...args: readonly [...columns: A, options: TableOptions]
): Table<ColumnsByName<A>, N>;
export function table<const A extends readonly (NamedColumnTypes | TableItem)[], const N extends string = string>(
  name: N | QuotedName,
  metadata: MetaData,
  ...columns: A
): Table<ColumnsByName<A>, N>;
export function table(name: TableName, metadata: MetaData, ...args: readonly unknown[]): Table | Promise<Table> {
  if ((metadata as MetaData | undefined)?.kind !== "metadata" || isForeign(metadata))
    throw new ArgumentError(`table() takes a name, a MetaData, and columns, not ${describe(metadata)}`);
  const given = readArguments(args, String(name));
  const {
    schema: givenSchema = null,
    quoteSchema = null,
    keepExisting = false,
    extendExisting = false,
    mustExist = false,
  } = given.options;
  if (keepExisting && extendExisting)
    throw new ArgumentError("keepExisting and extendExisting are mutually exclusive.");
  const schema =
    givenSchema === BLANK_SCHEMA
      ? null
      : givenSchema === null
        ? inheritedSchema(metadata)
        : quotedAs(givenSchema, quoteSchema);
  const known = metadata.tables.get(tableKey(String(name), schema === null ? null : String(schema)));
  if (known !== undefined) {
    if (extendExisting) return extendTable(known, given);
    if (!keepExisting && !given.isEmpty) throw alreadyDefined(known.key);
    return answer(known, given.options);
  }
  if (mustExist)
    throw new InvalidRequestError(
      `Table '${tableKey(String(name), schema === null ? null : String(schema))}' not defined`,
    );
  const { options } = given;
  const made = new Table({
    name: quotedAs(name, options.quote),
    schema,
    metadata,
    comment: options.comment ?? null,
    prefixes: options.prefixes ?? [],
    implicitReturning: options.implicitReturning ?? true,
    dialectOptions: takeDialectOptions(options, optionNames, "table()"),
  });
  return fillTable(made, given);
}

/** A table that is there already, in the way in which the program expects it. */
function answer(table: Table, { autoloadWith }: TableOptions): Table | Promise<Table> {
  return autoloadWith?._isAsync === true ? Promise.resolve(table) : table;
}

function inheritedSchema(metadata: MetaData): ReturnType<typeof quotedAs> | null {
  return metadata.schema === null ? null : quotedAs(metadata.schema, metadata.quoteSchema);
}

function alreadyDefined(key: string): InvalidRequestError {
  return new InvalidRequestError(`Table '${key}' is already defined for this MetaData instance`, {
    code: "table_exists",
    fix: "pass { extendExisting: true } to redefine options and columns of the existing table, or { keepExisting: true } to get it as it is",
  });
}

function readArguments(args: readonly unknown[], name: string): TableArguments {
  const { items: all, options: last } = splitArguments<object>(args);
  let options: TableOptions = {};
  const columns: [string | null, Column][] = [];
  const items: TableItem[] = [];
  if (last !== undefined) {
    if (all.length === 0 && isShape(last)) columns.push(...shapeColumns(last, name));
    else options = last as TableOptions;
  }
  all.forEach((argument, position) => {
    const node = resolveNode(argument);
    if (node instanceof Column) columns.push([null, node]);
    else if (node instanceof Constraint || node instanceof Index) items.push(node);
    else if (position === 0 && argument !== null && typeof argument === "object" && isPlain(argument))
      columns.push(...shapeColumns(argument, name));
    else
      throw new ArgumentError(`${describe(argument)} cannot be part of table '${name}'`, {
        fix: "pass columns, constraints, indexes, and options last",
      });
  });
  return { columns, items, options, isEmpty: args.length === (last !== undefined && options === last ? 1 : 0) };
}

/** Whether an object is a shape: it has columns, or nothing at all. */
function isShape(object: object): boolean {
  return Object.values(object).every((value) => value instanceof Column);
}

function shapeColumns(shape: object, name: string): [string, Column][] {
  return Object.entries(shape).map(([key, value]) => {
    if (!(value instanceof Column))
      throw new ArgumentError(
        `the member ${JSON.stringify(key)} of table '${name}' is not a column but ${describe(value)}`,
        { fix: "write column(type, …)" },
      );
    // A column that is part of a table already is a template here: shapes can be shared.
    return [key, value.table === null ? value : templateCopy(value, key)];
  });
}

/**
 * A copy of a column that is part of another table, for a key of a shape. It keeps the database's name unless that was only
 * the key of the other shape. For packages above. @internal
 */
export function templateCopy(template: Column, key: string): Column {
  const isNamed = template.key === key || template.key !== template.name;
  return template.copy(isNamed ? { key: null } : { name: null, key: null });
}

/** A column of a shape under its key: the database's name is the key unless it was given. */
function nameColumn(column: Column, key: string | null): void {
  if (key === null) return;
  if (column.name === "") (column as { name: string }).name = key;
  column.key = key;
}

function fillTable(table: Table, given: TableArguments): Table | Promise<Table> {
  const { options, items } = given;
  const { metadata } = table;
  setInfo(table, options.info);
  for (const [event, listener] of options.listeners ?? [])
    listen(table, event as "afterCreate", listener as () => unknown);
  table.dispatch.of("beforeParentAttach").fire(table, metadata);
  metadata.registerTable(table);
  return loaded(
    () => load(table, options, []),
    () => {
      addColumns(table, given, options.autoloadWith !== undefined);
      for (const item of items) table.appendConstraint(item);
      table.dispatch.of("afterParentAttach").fire(table, metadata);
      return table;
    },
    () => metadata.remove(table),
  );
}

/** Goes on once a table was read, at once or after a promise. */
function loaded(read: () => unknown, finish: () => Table, undo: () => void): Table | Promise<Table> {
  const failed = (error: unknown): never => {
    undo();
    throw error;
  };
  try {
    const reading = read();
    if (isPromiseLike(reading)) return Promise.resolve(reading).then(finish).catch(failed);
    return finish();
  } catch (error) {
    return failed(error);
  }
}

function addColumns(table: Table, given: TableArguments, replace: boolean): void {
  for (const [key, column] of given.columns) {
    nameColumn(column, key);
    table.attachColumn(column, { replace, at: null });
  }
}

function load(table: Table, options: TableOptions, excludeColumns: readonly string[]): unknown {
  return options.autoloadWith?._runReflect({
    kind: "table",
    table,
    options: { includeColumns: options.includeColumns ?? null, excludeColumns, resolveFks: options.resolveFks ?? true },
  });
}

/** Changes a table by what was given for one of the same name. */
function extendTable(table: Table, given: TableArguments): Table | Promise<Table> {
  const { options } = given;
  if (options.quote !== undefined || options.quoteSchema !== undefined)
    throw new ArgumentError("Can't redefine 'quote' or 'quoteSchema' of an existing table");
  const { includeColumns } = options;
  if (includeColumns !== undefined)
    for (const column of [...table.columnList]) if (!includeColumns.includes(column.name)) table.detachColumn(column);
  if (options.comment !== undefined) table.comment = options.comment;
  if (options.implicitReturning !== undefined) table.implicitReturning = options.implicitReturning;
  setInfo(table, options.info);
  const excluded = options.autoloadReplace === false ? table.columnList.map((column) => column.name) : [];
  return loaded(
    () => load(table, options, excluded),
    () => {
      table.dialectOptions = { ...table.dialectOptions, ...takeDialectOptions(options, optionNames, "table()") };
      addColumns(table, given, true);
      for (const item of given.items) table.appendConstraint(item);
      return table;
    },
    () => {},
  );
}
