/** What stands behind a shape in `mapped()` and `extend()`: constraints and indexes, options of the table and of the mapping. */
import {
  ArgumentError,
  Column,
  type ColumnTypes,
  Constraint,
  isPlain,
  type MetaData,
  type ReflectBind,
  type Table,
  type TableItem,
  type TableOptions,
  table,
} from "@athanor/core";
import { MapperProperty } from "../base/property.ts";
import type { MapperOptions } from "../mapping/mapper.ts";

/** Options of `mapped()` and `extend()`: of the table and of the mapping. */
export type MappedOptions = Omit<TableOptions, "listeners" | "autoloadWith"> &
  MapperOptions & {
    /** Reads the columns that the shape does not name from a database. */
    readonly autoloadWith?: ReflectBind & { readonly _isAsync?: false };
  };

/** The same, with columns that come from an asynchronous engine or connection. */
export type AsyncMappedOptions = Omit<MappedOptions, "autoloadWith"> & {
  readonly autoloadWith: ReflectBind<Promise<void>> & { readonly _isAsync: true };
};

/** What stands behind the shape: constraints and indexes, then options. */
export type MappedRest = readonly (TableItem | MappedOptions)[];

const mapperOptionNames = new Set<string>([
  "polymorphicOn",
  "polymorphicIdentity",
  "concrete",
  "concreteBase",
  "withPolymorphic",
  "polymorphicLoad",
  "polymorphicAbstract",
  "versionIdCol",
  "versionIdGenerator",
  "eagerDefaults",
  "primaryKey",
  "inheritCondition",
  "inheritForeignKeys",
  "batch",
  "passiveUpdates",
  "passiveDeletes",
  "confirmDeletedRows",
  "allowPartialPks",
  "alwaysRefresh",
  "legacyIsOrphan",
  "excludeProperties",
  "includeProperties",
  "validates",
] satisfies readonly (keyof MapperOptions)[]);

/** Whether something in a shape's place is options of the mapping. */
export function isOptions(given: unknown): given is MapperOptions {
  const keys = given === null || typeof given !== "object" ? [] : Object.keys(given);
  return (
    keys.length > 0 &&
    keys.every((key) => mapperOptionNames.has(key)) &&
    Object.values(given as object).every((value) => !(value instanceof MapperProperty) && !(value instanceof Column))
  );
}

/** The same, sorted. */
export interface Rest {
  readonly items: readonly TableItem[];
  readonly table: TableOptions;
  readonly mapper: MapperOptions;
}

/** Sorts what stands behind a shape. @throws ArgumentError for what cannot stand there. */
export function splitRest(rest: readonly unknown[], where: string): Rest {
  const items: TableItem[] = [];
  const tableOptions: Record<string, unknown> = {};
  const mapper: Record<string, unknown> = {};
  for (const each of rest) {
    if (each !== null && typeof each === "object" && isPlain(each)) {
      for (const [key, value] of Object.entries(each)) {
        if (value === undefined) continue;
        (mapperOptionNames.has(key) ? mapper : tableOptions)[key] = value;
      }
    } else if (each instanceof Constraint || (each !== null && typeof each === "object")) items.push(each as TableItem);
    else
      throw new ArgumentError(`${String(each)} cannot be part of the mapping of '${where}'`, {
        fix: "pass constraints and indexes, and options last",
      });
  }
  return { items, table: tableOptions, mapper };
}

/** The table of a shape; a promise where its columns come from an asynchronous engine. */
export function makeTable(
  metadata: MetaData,
  name: string,
  columns: Readonly<Record<string, ColumnTypes>>,
  { items, table: options }: Rest,
): Table | Promise<Table> {
  return (table as (...args: unknown[]) => Table | Promise<Table>)(name, metadata, columns, ...items, options);
}
