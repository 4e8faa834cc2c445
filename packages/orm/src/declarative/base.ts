/**
 * `declarativeBase()`: tables and mappers from shapes. `Base.mapped()` makes a table, a mapper, and a class that the user's
 * own extends; `extend()` does the same below a mapped class. Types: ./types.ts.
 */
import {
  ArgumentError,
  CLAUSE_ELEMENT,
  Column,
  type ColumnTypes,
  Constraint,
  type FromClause,
  InvalidRequestError,
  isPlain,
  MetaData,
  Table,
  type TableItem,
  type TableOptions,
  table,
  warn,
} from "@athanor/core";
import { EntityNode } from "../base/entity-node.ts";
import { MapperProperty } from "../base/property.ts";
import { attributesOf } from "../mapping/class-attributes.ts";
import { mapperOf, registerMade } from "../mapping/class-map.ts";
import { type MappedClass, Mapper, type MapperOptions } from "../mapping/mapper.ts";
import { Registry } from "../mapping/registry.ts";
import { configureMappers } from "../relationship/configure.ts";
import { constructInstance } from "./construct.ts";
import { installMembers } from "./entity-members.ts";
import { installAttributes } from "./install.ts";
import { readShape } from "./shape.ts";
import type { MappedClassOf, Shape } from "./types.ts";

/** Options of {@link declarativeBase}. */
export interface BaseOptions {
  readonly metadata?: MetaData;
  readonly registry?: Registry;
}

/** Options of `mapped()` and `extend()`: of the table and of the mapping. */
export type MappedOptions = Omit<TableOptions, "listeners"> & MapperOptions;

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

/** The base of mapped classes; they share its MetaData. */
export class DeclarativeBase {
  readonly metadata: MetaData;
  readonly registry: Registry;

  constructor(options: BaseOptions = {}) {
    this.metadata = options.metadata ?? options.registry?.metadata ?? new MetaData();
    this.registry = options.registry ?? new Registry(this.metadata, configureMappers);
  }

  /**
   * A mapped class to extend: the table's name, the attributes by key, then constraints, indexes and options.
   *
   * @example
   * class User extends Base.mapped("users", {
   *   id: column(t.integer, { primaryKey: true }),
   *   addresses: () => many(Address, { backPopulates: "user" }),
   * }, { schema: "app" }) {}
   */
  mapped<const S extends Shape>(name: string, shape: S, ...rest: MappedRest): MappedClassOf<S>;
  /** The same over a table that is there already; the shape holds what is not a column. */
  mapped<C extends object>(from: Table<C>, options?: MapperOptions): MappedClassOf<C>;
  mapped<C extends object, const S extends Shape>(
    from: Table<C>,
    shape: S,
    options?: MapperOptions,
  ): MappedClassOf<C & S>;
  mapped(name: unknown, shape?: unknown, ...rest: readonly unknown[]): unknown {
    if (name instanceof Table) {
      const options = rest[0] ?? (isOptions(shape) ? shape : {});
      return makeClass({
        registry: this.registry,
        parent: null,
        table: name,
        shape: isOptions(shape) ? {} : ((shape ?? {}) as Shape),
        options: options as MapperOptions,
      });
    }
    if (typeof name !== "string" || name === "") {
      throw new InvalidRequestError("mapped() needs a table: the name of one, or a table that is there already", {
        fix: 'Base.mapped("users", { … })',
      });
    }
    const { items, table: tableOptions, mapper } = splitRest(rest, name);
    const { columns } = readShape(shape, name);
    return makeClass({
      registry: this.registry,
      parent: null,
      table: makeTable(this.metadata, name, columns, items, tableOptions),
      shape: shape as Shape,
      options: mapper,
    });
  }
}

/** A base for mapped classes, with a MetaData of its own unless one is given. */
export function declarativeBase(options: BaseOptions = {}): DeclarativeBase {
  return new DeclarativeBase(options);
}

function isOptions(given: unknown): given is MapperOptions {
  const keys = given === null || typeof given !== "object" ? [] : Object.keys(given);
  return (
    keys.length > 0 &&
    keys.every((key) => mapperOptionNames.has(key)) &&
    Object.values(given as object).every((value) => !(value instanceof MapperProperty) && !(value instanceof Column))
  );
}

interface Rest {
  readonly items: readonly TableItem[];
  readonly table: TableOptions;
  readonly mapper: MapperOptions;
}

/** Sorts what stands behind a shape. */
function splitRest(rest: readonly unknown[], where: string): Rest {
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

function makeTable(
  metadata: MetaData,
  name: string,
  columns: Readonly<Record<string, ColumnTypes>>,
  items: readonly TableItem[],
  options: TableOptions,
): Table {
  return (table as (...args: unknown[]) => Table)(name, metadata, columns, ...items, options);
}

interface ClassParts {
  readonly registry: Registry;
  readonly parent: MappedClass | null;
  /** Null: the parent's table. */
  readonly table: FromClause | null;
  readonly shape: Shape;
  readonly options: MapperOptions;
}

/** Makes the class that the user's own extends. */
function makeClass({ registry, parent, table: from, shape, options }: ClassParts): MappedClass {
  const inherits = parent === null ? null : mapperOf(parent);
  const { columns, properties } = readShape(shape, from?.description ?? "");
  for (const key of ["metadata", "registry"])
    if (key in shape)
      warn(`Attribute name '${key}' should be left reserved for the MetaData instance when using a Declarative class.`);
  const made = parent === null ? rootClass() : subclassOf(parent);
  const mapper = new Mapper({
    class: made,
    registry,
    table: from,
    inherits,
    properties,
    columns: Object.keys(columns),
    options,
  });
  registerMade(made, mapper);
  installAttributes(made.prototype as object, mapper);
  registry.add(mapper);
  mapper.dispatch.of("mapperConstructed").fire(mapper, made);
  return made;
}

/** A class without a mapped parent; the static members are those of ./types.ts `MappedMembers`. */
function rootClass(): MappedClass {
  class Mapped {
    constructor(init?: unknown) {
      const mapper = mapperOf(new.target);
      constructInstance(this, mapper, init, init === undefined ? [] : [init]);
    }

    static get $(): object {
      return attributesOf(mapperOf(this));
    }

    static get mapper(): Mapper {
      return mapperOf(this);
    }

    static get table(): FromClause {
      return mapperOf(this).localTable;
    }

    static get metadata(): MetaData {
      return mapperOf(this).registry.metadata;
    }

    static get dispatch(): Mapper["dispatch"] {
      return mapperOf(this).dispatch;
    }

    static register(): void {
      mapperOf(this);
    }

    static [CLAUSE_ELEMENT](): EntityNode {
      return entityNode(mapperOf(this));
    }

    static extend(this: MappedClass, ...args: readonly unknown[]): MappedClass {
      return extendClass(this, args);
    }
  }
  installMembers(Mapped.prototype);
  return Mapped as unknown as MappedClass;
}

function subclassOf(parent: MappedClass): MappedClass {
  return class Mapped extends (parent as new (init?: unknown) => object) {} as unknown as MappedClass;
}

const nodes = new WeakMap<Mapper, EntityNode>();

/** What stands for a mapped class in statements. */
export function entityNode(mapper: Mapper): EntityNode {
  let node = nodes.get(mapper);
  if (node === undefined) {
    node = new EntityNode(mapper, mapper.class);
    nodes.set(mapper, node);
  }
  return node;
}

function extendClass(parent: MappedClass, args: readonly unknown[]): MappedClass {
  const inherits = mapperOf(parent);
  const { registry } = inherits;
  const [first, ...others] = args;
  if (typeof first === "string") {
    const [shape, ...rest] = others;
    const { items, table: tableOptions, mapper } = splitRest(rest, first);
    const { columns } = readShape(shape, first);
    return makeClass({
      registry,
      parent,
      table: makeTable(registry.metadata, first, columns, items, tableOptions),
      shape: shape as Shape,
      options: mapper,
    });
  }
  const { items, mapper } = splitRest(others, inherits.class.name);
  const { columns } = readShape(first, inherits.class.name);
  const into = inherits.localTable;
  if (into instanceof Table) {
    for (const [key, each] of Object.entries(columns)) addColumn(into, key, each as unknown as Column);
    for (const item of items) into.appendConstraint(item);
  }
  return makeClass({ registry, parent, table: null, shape: first as Shape, options: mapper });
}

/** Adds a column of a single-table subclass to the table of its hierarchy; siblings may share one. */
function addColumn(into: Table, key: string, column: Column): void {
  if (into.columnList.some((known) => known.key === key)) return;
  if (column.name === "") (column as { name: string }).name = key;
  column.key = key;
  into.appendColumn(column);
}
