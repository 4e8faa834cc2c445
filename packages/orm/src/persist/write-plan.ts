/**
 * What writing a mapper's rows needs to know, worked out once per mapper and table: which attributes go to which columns,
 * which columns get defaults, the statements. Next: ./save.ts.
 */
import {
  and,
  bindparam,
  type Column,
  type ColumnDefault,
  type ColumnElement,
  type Delete,
  delete_,
  type Insert,
  insert,
  Table,
  topologicalOrder,
  type Update,
  update,
} from "@athanor/core";
import type { OrmClasses } from "../base/classes.ts";
import type { ColumnProperty } from "../mapping/column-property.ts";
import { mapperMemo } from "../mapping/memo.ts";

type Mapper = OrmClasses["mapper"];

/** A column that is written, with its attribute. */
export interface WriteColumn {
  readonly key: string;
  readonly property: ColumnProperty;
  readonly column: Column;
  /** The name under which statements take the value. */
  readonly name: string;
  /** Marks the column in the signature of a row; 0 in tables too wide for that. */
  readonly bit: number;
  /** Null is a value of its own (JSON's null), not "nothing given". */
  readonly writesNull: boolean;
  /** What the column is given when the object has no value. */
  readonly missing: "null" | "default" | "server" | "key" | "nothing";
  readonly fallback: ColumnDefault | null;
  /** The database may make the value: RETURNING may bring it back. */
  readonly isVolatile: boolean;
  readonly onupdate: ColumnDefault | null;
}

/** Writing to one table of a mapper. */
export interface TablePlan {
  readonly table: Table;
  readonly mapper: Mapper;
  readonly columns: readonly WriteColumn[];
  readonly byKey: ReadonlyMap<string, WriteColumn>;
  readonly primary: readonly WriteColumn[];
  /** The attributes of {@link primary}. */
  readonly primaryKeys: readonly string[];
  /** Parameter names that find the row. */
  readonly primaryNames: readonly string[];
  readonly version: WriteColumn | null;
  readonly versionName: string | null;
  /** The database makes versions: they have to be read after an UPDATE. */
  readonly hasServerVersion: boolean;
  /** Columns whose value the database makes on INSERT. */
  readonly serverDefaults: readonly WriteColumn[];
  /** Columns whose value the database makes on UPDATE. */
  readonly serverOnupdates: readonly WriteColumn[];
  /** Too many columns for signatures made of bits. */
  readonly isWide: boolean;
  readonly hasOnupdate: boolean;
  readonly hasFallback: boolean;
  /** Pairs of this table's columns with those of subclasses' tables that hold the same key. */
  readonly equated: readonly { readonly mapper: Mapper; readonly pairs: readonly (readonly [Column, Column])[] }[];
  readonly insert: Insert;
  readonly update: Update;
  readonly delete: Delete;
}

const plans = mapperMemo<ReadonlyMap<Table, TablePlan>, Mapper>();
const orders = new WeakMap<
  Mapper,
  { readonly count: number; readonly tables: readonly (readonly [Table, Mapper])[] }
>();

/** The plans of a mapper, by table. */
export function plansOf(mapper: Mapper): ReadonlyMap<Table, TablePlan> {
  let known = plans.get(mapper);
  if (known === undefined) {
    known = new Map(
      mapper.tables.filter((table) => table instanceof Table).map((table) => [table, makePlan(mapper, table)]),
    );
    plans.set(mapper, known);
  }
  return known;
}

/** The tables of a hierarchy, those that others refer to first. */
export function tablesOf(base: Mapper): readonly (readonly [Table, Mapper])[] {
  const mappers = base.selfAndDescendants.filter((mapper) => mapper.baseMapper === base);
  const known = orders.get(base);
  if (known !== undefined && known.count === mappers.length) return known.tables;
  const byTable = new Map<Table, Mapper>();
  for (const mapper of mappers) for (const table of mapper.tables) if (!byTable.has(table)) byTable.set(table, mapper);
  const edges: (readonly [Table, Table])[] = [];
  for (const mapper of mappers) {
    for (const [from, to] of mapper.inheritSyncPairs)
      edges.push([from.table as unknown as Table, to.table as unknown as Table]);
    for (const table of mapper.tables) {
      for (const key of table.foreignKeys ?? []) {
        const target = key.column.table as unknown as Table;
        if (target !== table && byTable.has(target)) edges.push([target, table]);
      }
    }
  }
  const { order, cycle } = topologicalOrder(edges, byTable.keys());
  const sorted = cycle === null ? order : [...byTable.keys()];
  const tables = sorted.map((table) => [table, byTable.get(table) as Mapper] as const);
  orders.set(base, { count: mappers.length, tables });
  return tables;
}

function makePlan(mapper: Mapper, table: Table): TablePlan {
  const columns: WriteColumn[] = [];
  table.columnList.forEach((column, position) => {
    const property = mapper.columnToProperty.get(column);
    if (property !== undefined) columns.push(writeColumn(column, property, position));
  });
  const keys = keysOfTable(mapper, table);
  const primary = keys
    .map((key) => columns.find(({ column }) => column === key))
    .filter((column) => column !== undefined);
  const version = columns.find(({ column }) => column === mapper.versionIdCol) ?? null;
  const taken = new Set(table.columnList.map((column) => column.key));
  const nameOf = (column: WriteColumn): string => {
    let name = `where_${column.name}`;
    while (taken.has(name)) name = `_${name}`;
    return name;
  };
  const primaryNames = primary.map(nameOf);
  const versionName = version === null ? null : nameOf(version);
  const updateClauses = primary.map(({ column }, index) => equal(column, primaryNames[index] as string));
  const deleteClauses = primary.map(({ column, name }) => equal(column, name));
  if (version !== null) {
    updateClauses.push(equal(version.column, versionName as string));
    deleteClauses.push(equal(version.column, version.name));
  }
  return {
    table,
    mapper,
    columns,
    byKey: new Map(columns.map((column) => [column.key, column])),
    primary,
    primaryKeys: primary.map(({ key }) => key),
    primaryNames,
    version,
    versionName,
    hasServerVersion: version !== null && isMadeByServer(version.column),
    serverDefaults: columns.filter(({ column }) => hasServerDefault(column)),
    serverOnupdates: columns.filter(({ column }) => hasServerOnupdate(column)),
    isWide: table.columnList.length > 50,
    hasFallback: columns.some(({ fallback }) => fallback !== null),
    hasOnupdate: columns.some(({ column }) => column.onupdate !== null),
    equated: equatedFrom(mapper, table),
    insert: insert(table as never) as unknown as Insert,
    update: (update(table as never) as unknown as Update).where(and(...updateClauses)),
    delete: (delete_(table as never) as unknown as Delete).where(and(...deleteClauses)),
  };
}

const hasServerDefault = (column: Column): boolean => column.serverDefault !== null || isSqlDefault(column.default);
const hasServerOnupdate = (column: Column): boolean => column.serverOnupdate !== null || isSqlDefault(column.onupdate);
const isMadeByServer = (column: Column): boolean => hasServerDefault(column) || hasServerOnupdate(column);

/** The key columns of a table: those that the mapping names, or those of the table itself. */
function keysOfTable(mapper: Mapper, table: Table): readonly Column[] {
  const named = mapper.primaryKey.filter((column) => (column.table as unknown) === table);
  return named.length > 0 ? named : table.primaryKeyColumns;
}

function writeColumn(column: Column, property: ColumnProperty, position: number): WriteColumn {
  const writesNull = column.type.shouldEvaluateNone;
  const fallback = clientDefault(column.default);
  return {
    key: property.key,
    property,
    column,
    name: column.key as string,
    bit: position < 50 ? 2 ** position : 0,
    writesNull,
    missing:
      column.default !== null
        ? "default"
        : column.primaryKey
          ? "key"
          : column.serverDefault !== null
            ? "server"
            : writesNull
              ? "nothing"
              : "null",
    fallback,
    isVolatile:
      column.serverDefault !== null ||
      column.serverOnupdate !== null ||
      isSqlDefault(column.default) ||
      isSqlDefault(column.onupdate),
    onupdate: clientDefault(column.onupdate),
  };
}

/** A default that is made on our side; null for SQL expressions and sequences, which become part of the statement. */
function clientDefault(fallback: Column["default"]): ColumnDefault | null {
  if (fallback === null || !("arg" in fallback)) return null;
  return fallback.isClauseElement || fallback.isSentinel ? null : fallback;
}

function isSqlDefault(fallback: Column["default"]): boolean {
  return fallback !== null && clientDefault(fallback) === null;
}

function equal(column: Column, name: string): ColumnElement<boolean> {
  return (column as unknown as ColumnElement).eq(
    bindparam(name, { type: column.type }) as never,
  ) as ColumnElement<boolean>;
}

function equatedFrom(mapper: Mapper, table: Table): TablePlan["equated"] {
  const found: { mapper: Mapper; pairs: (readonly [Column, Column])[] }[] = [];
  for (const level of mapper.iterateToRoot()) {
    const pairs = level.inheritSyncPairs.filter(([from]) => (from.table as unknown) === table);
    if (pairs.length > 0) found.push({ mapper: level, pairs });
  }
  return found;
}
