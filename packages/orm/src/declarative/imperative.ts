/** `registry()` and `mapImperatively()`: classes of the user's own, mapped to tables that are there already. */
import {
  ArgumentError,
  CLAUSE_ELEMENT,
  Column,
  ColumnElement,
  type FromClause,
  MetaData,
  resolveNode,
  type Table,
} from "@athanor/core";
import { MapperProperty } from "../base/property.ts";
import { attributesOf } from "../mapping/class-attributes.ts";
import { findMapper, mapperOf, registerClass, registerMade } from "../mapping/class-map.ts";
import { ColumnProperty } from "../mapping/column-property.ts";
import { type MappedClass, Mapper, type MapperOptions } from "../mapping/mapper.ts";
import { Registry as MapperRegistry } from "../mapping/registry.ts";
import { setUpMappers } from "../relationship/configure.ts";
import { DeclarativeBase } from "./base.ts";
import { adoptInstance } from "./construct.ts";
import { installMembers } from "./entity-members.ts";
import { installAttributes } from "./install.ts";
import { entityNode } from "./make-class.ts";
import type { Attributes, ColumnsAsShape, MappedExtras, Shape } from "./types.ts";

/** Options of `mapImperatively()`. */
export interface ImperativeOptions<P extends Shape = Shape> extends MapperOptions {
  /** Relationships, renamed columns and other properties, by attribute key. */
  readonly properties?: P;
  /** The mapped class that this one inherits from. Default: the closest mapped ancestor of the class. */
  readonly inherits?: MappedClass | null;
}

/** A class after it was mapped. */
export type ImperativeClass<C extends MappedClass, Cols extends object, P> = C &
  MappedExtras<InstanceType<C>> & {
    readonly $: Attributes<ColumnsAsShape<Cols> & P, InstanceType<C>>;
    readonly table: Table<Cols>;
  };

/** The mappers of an application, with the ways to make them. */
export class Registry extends MapperRegistry {
  constructor(options: { readonly metadata?: MetaData } = {}) {
    super(options.metadata ?? new MetaData(), setUpMappers);
  }

  /** A declarative base whose classes belong here. */
  generateBase(): DeclarativeBase {
    return new DeclarativeBase({ registry: this });
  }

  /**
   * Maps a class of the user's own to a table. Its constructor stays as it is; an object becomes a mapped one when it is
   * first touched by a mapped attribute or given to a session. Columns become accessors on the prototype, so the class must
   * not declare fields of these names (use `declare`).
   */
  mapImperatively<C extends MappedClass, Cols extends object, const P extends Shape = Record<never, never>>(
    type: C,
    table: Table<Cols> | FromClause,
    options: ImperativeOptions<P> = {},
  ): ImperativeClass<C, Cols, P> {
    if (typeof type !== "function") throw new ArgumentError("mapImperatively() takes a class");
    if (findMapper(type) !== undefined)
      throw new ArgumentError(`Class '${type.name}' already has a primary mapper defined.`, {
        fix: "a class is mapped once",
      });
    const { properties, inherits, ...mapperOptions } = options;
    const ancestor = Object.getPrototypeOf(type) as unknown;
    const parent =
      inherits === undefined ? (findMapper(ancestor) ?? null) : inherits === null ? null : mapperOf(inherits);
    const single = parent !== null && parent.localTable === table && options.concrete !== true;
    const mapper = new Mapper({
      class: type,
      registry: this,
      table: single ? null : (table as FromClause),
      inherits: parent,
      properties: readProperties(properties ?? {}, type.name),
      columns: [],
      options: mapperOptions,
    });
    registerMade(type, mapper);
    registerClass(type, mapper);
    installStatics(type, mapper);
    const prototype = type.prototype as object;
    installAttributes(prototype, mapper, (object) => adoptInstance(object, mapperOf(object.constructor)));
    installMembers(prototype);
    this.add(mapper);
    return type as never;
  }
}

/** A registry of mappers: `registry().mapImperatively(User, users)`. */
export function registry(options: { readonly metadata?: MetaData } = {}): Registry {
  return new Registry(options);
}

function readProperties(given: Shape, where: string): ReadonlyMap<string, MapperProperty | (() => MapperProperty)> {
  const properties = new Map<string, MapperProperty | (() => MapperProperty)>();
  for (const [key, member] of Object.entries(given)) {
    if (member instanceof MapperProperty) properties.set(key, member);
    else if (typeof member === "function" && !(CLAUSE_ELEMENT in member))
      properties.set(key, member as unknown as () => MapperProperty);
    else {
      const node = resolveNode(member);
      if (node instanceof Column) properties.set(key, new ColumnProperty([node]));
      else if (node instanceof ColumnElement) properties.set(key, new ColumnProperty([node.canonical]));
      else throw new ArgumentError(`the property '${key}' of ${where} is neither a column nor a relationship`);
    }
  }
  return properties;
}

function installStatics(type: MappedClass, _mapper: Mapper): void {
  const define = (key: PropertyKey, get: (this: MappedClass) => unknown): void => {
    if (!Object.hasOwn(type, key)) Object.defineProperty(type, key, { configurable: true, enumerable: false, get });
  };
  define("$", function () {
    return attributesOf(mapperOf(this));
  });
  define("mapper", function () {
    return mapperOf(this);
  });
  define("table", function () {
    return mapperOf(this).localTable;
  });
  define("dispatch", function () {
    return mapperOf(this).dispatch;
  });
  Object.defineProperty(type, CLAUSE_ELEMENT, {
    configurable: true,
    value(this: MappedClass) {
      return entityNode(mapperOf(this));
    },
  });
}
