/** Attributes that a mapped class gets after it was mapped. */
import { ArgumentError } from "@athanor/core";
import type { MapperProperty } from "../base/property.ts";
import { installAccessors } from "../instrument/accessors.ts";
import { mapperOf } from "../mapping/class-map.ts";
import { LateProperty } from "../mapping/late-property.ts";
import type { MappedClass, Mapper } from "../mapping/mapper.ts";
import { addProperty as putProperty } from "../mapping/set-up.ts";
import { adoptInstance } from "./construct.ts";

/** Adds a property to a mapper and those below it; `make` is called when mappers are configured next. @internal */
export function addLateProperty(mapper: Mapper, key: string, make: () => MapperProperty): void {
  const late = new LateProperty(make);
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
 * Gives a mapped class a further attribute: a relationship, a column expression. The type of the class does not learn of it.
 *
 * @throws ArgumentError where the class has an attribute of this name.
 * @example addProperty(User, "orderCount", () => columnProperty(select(func.count(Order.$.id)).where(…).scalarSubquery()))
 */
export function addProperty(type: MappedClass, key: string, make: () => { readonly "~value": unknown }): void {
  const mapper = mapperOf(type);
  if (mapper.props.has(key)) throw new ArgumentError(`${mapper.class.name} has an attribute '${key}' already`);
  addLateProperty(mapper, key, make as unknown as () => MapperProperty);
}
