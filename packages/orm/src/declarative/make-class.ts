/** Makes the classes that users' own extend: `makeClass()` behind `mapped()`, `extendClass()` behind `extend()`. */
import {
  CLAUSE_ELEMENT,
  type Column,
  columnsOf,
  type FromClause,
  InvalidRequestError,
  type MetaData,
  Table,
  warn,
} from "@athanor/core";
import { EntityNode } from "../base/entity-node.ts";
import { attributesOf } from "../mapping/class-attributes.ts";
import { mapperOf, registerMade } from "../mapping/class-map.ts";
import { ColumnProperty } from "../mapping/column-property.ts";
import { type MappedClass, Mapper } from "../mapping/mapper.ts";
import { constructInstance } from "./construct.ts";
import { type ClassParts, DeferredClass, deferredOf } from "./deferred.ts";
import { installMembers } from "./entity-members.ts";
import { installAttributes } from "./install.ts";
import { makeTable, splitRest } from "./rest.ts";
import { nameByKey, readShape, shapeFor } from "./shape.ts";
import type { Shape } from "./types.ts";

/** Makes the class that the user's own extends. */
export function makeClass(parts: ClassParts): MappedClass {
  const { parent, defer, shape } = parts;
  for (const key of ["metadata", "registry"])
    if (key in shape)
      warn(`Attribute name '${key}' should be left reserved for the MetaData instance when using a Declarative class.`);
  const made = parent === null ? rootClass(parts.metadata) : subclassOf(parent);
  // Until the user's class is seen, messages call it by its table.
  const name = parts.table?.description ?? String(parts.options.polymorphicIdentity ?? "");
  if (name !== "") Object.defineProperty(made, "name", { value: name });
  if (defer === null) mapClass(made, parts);
  else defer(new DeferredClass(made, parts));
  return made;
}

/** Makes the mapper of a class that was made, and gives the class its attributes. */
export function mapClass(made: MappedClass, { registry, parent, table: from, shape, options }: ClassParts): Mapper {
  const { columns, properties } = readShape(shape, from?.description ?? "");
  const mapper = new Mapper({
    class: made,
    registry,
    table: from,
    inherits: parent === null ? null : mapperOf(parent),
    properties: new Map([...renamed(columns, from), ...properties]),
    columns: Object.keys(columns),
    options,
  });
  registerMade(made, mapper);
  installAttributes(made.prototype as object, mapper);
  registry.add(mapper);
  mapper.dispatch.of("afterMapperConstructed").fire(mapper, made);
  return mapper;
}

/** The columns of a table that is there already which the shape gives attributes of another name. */
function renamed(columns: Readonly<Record<string, unknown>>, from: FromClause | null): [string, ColumnProperty][] {
  const own = from === null ? [] : columnsOf(from.c);
  return Object.entries(columns as Readonly<Record<string, Column>>)
    .filter(([key, column]) => column.table !== null && column.key !== key && own.includes(column))
    .map(([key, column]) => [key, new ColumnProperty([column])]);
}

/** A class without a mapped parent; the static members are those of ./types.ts `MappedMembers`. */
function rootClass(metadata: MetaData): MappedClass {
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
      const waiting = deferredOf(this);
      return waiting?.mapper === null ? waiting.table : mapperOf(this).localTable;
    }

    static get metadata(): MetaData {
      return metadata;
    }

    static get dispatch(): Mapper["dispatch"] {
      return mapperOf(this).dispatch;
    }

    static register(): void {
      if (deferredOf(this)?.mapper !== null) mapperOf(this);
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
  const waiting = deferredOf(parent);
  const { registry } = waiting?.parts ?? mapperOf(parent);
  const { metadata } = parent as unknown as { readonly metadata: MetaData };
  const common = { registry, metadata, parent, defer: waiting?.parts.defer ?? null };
  const [first, ...others] = args;
  if (typeof first === "string") {
    const [template, ...given] = others;
    const shape = shapeFor(template, null);
    const rest = splitRest(given, first);
    const made = makeTable(metadata, first, readShape(shape, first).columns, rest);
    if (!(made instanceof Table))
      throw new InvalidRequestError(
        `the columns of '${first}' cannot be read from an asynchronous engine in extend()`,
        {
          fix: "read the hierarchy by prepare() of deferredReflection()",
        },
      );
    return makeClass({ ...common, table: made, shape: shape as Shape, options: rest.mapper });
  }
  const into = waiting?.table ?? mapperOf(parent).localTable;
  const { items, mapper } = splitRest(others, into.description);
  const shape = into instanceof Table ? shapeFor(first, into) : first;
  const { columns } = readShape(shape, into.description);
  if (into instanceof Table) {
    for (const [key, each] of Object.entries(columns)) addColumn(into, key, each as unknown as Column);
    for (const item of items) into.appendConstraint(item);
  }
  return makeClass({ ...common, table: null, shape: shape as Shape, options: mapper });
}

/** Adds a column of a single-table subclass to the table of its hierarchy; siblings may share one. */
function addColumn(into: Table, key: string, column: Column): void {
  if (column.table !== null) return;
  nameByKey(column, key);
  into.appendColumn(column);
}
