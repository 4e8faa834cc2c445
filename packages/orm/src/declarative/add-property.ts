/** Attributes that a mapped class gets after it was mapped. */
import { ArgumentError, Column, Table } from "@athanor/core";
import type { MapperProperty } from "../base/property.ts";
import { installAccessors } from "../instrument/accessors.ts";
import { mapperOf } from "../mapping/class-map.ts";
import { ColumnProperty } from "../mapping/column-property.ts";
import { LateProperty } from "../mapping/late-property.ts";
import { type MappedClass, Mapper } from "../mapping/mapper.ts";
import { optionsOf, addProperty as putProperty } from "../mapping/set-up.ts";
import { adoptInstance } from "./construct.ts";
import { nameByKey, readShape } from "./shape.ts";
import type { ShapeMember } from "./types.ts";

/** Adds a property to a mapper and those below it; `make` is called when mappers are configured next. @internal */
export function addLateProperty(mapper: Mapper, key: string, make: () => MapperProperty): void {
  const late = new LateProperty(make, true);
  const before = mapper.props.get(key);
  putProperty(mapper, key, late);
  for (const below of mapper.selfAndDescendants) {
    if (below.props.get(key) === before) below.props.set(key, late);
    below.registry.reconfigure(below);
  }
  installAccessors(mapper.class.prototype as object, [key], (object) =>
    adoptInstance(object, mapperOf(object.constructor)),
  );
}

/**
 * Gives a mapped class a further attribute: a column, which becomes part of its table, a relationship, a column expression; or
 * a function that gives one. The type of the class does not learn of it.
 *
 * @throws ArgumentError where the class has an attribute of this name, and for what is no attribute.
 * @example addProperty(User, "nickname", column(t.string(30)))
 * @example addProperty(User, "orderCount", () => columnProperty(select(func.count(Order.$.id)).where(…).scalarSubquery()))
 */
export function addProperty(type: MappedClass, key: string, given: ShapeMember | (() => ShapeMember)): void {
  const mapper = mapperOf(type);
  if (mapper.props.has(key)) throw new ArgumentError(`${mapper.class.name} has an attribute '${key}' already`);
  const { columns, properties } = readShape({ [key]: given }, mapper.class.name);
  const column = columns[key];
  if (column instanceof Column && column.table === null) {
    if (!(mapper.localTable instanceof Table))
      throw new ArgumentError(
        `${mapper.class.name} is mapped to ${mapper.localTable.description}, which gets no columns`,
      );
    nameByKey(column, key);
    mapper.localTable.appendColumn(column);
  }
  const member = properties.get(key);
  const property = member ?? new ColumnProperty([column as Column], optionsOf(column as Column));
  addLateProperty(mapper, key, typeof property === "function" ? property : () => property);
}

declare module "../mapping/mapper.ts" {
  interface Mapper {
    /** Gives the class a further attribute: {@link addProperty}. */
    addProperty(key: string, given: ShapeMember | (() => ShapeMember)): void;
  }
}

Object.defineProperty(Mapper.prototype, "addProperty", {
  configurable: true,
  writable: true,
  value(this: Mapper, key: string, given: ShapeMember | (() => ShapeMember)): void {
    addProperty(this.class, key, given);
  },
});
