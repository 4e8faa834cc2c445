/** The namespace of class-level attributes: what `User.$` gives. Attributes are made when they are first asked for. */
import { ColumnClause, type ColumnElement, InvalidRequestError } from "@athanor/core";
import type { OrmClasses } from "../base/classes.ts";
import type { Entity } from "../base/entity.ts";
import type { MapperProperty } from "../base/property.ts";
import { ColumnAttribute, ExpressionAttribute } from "./column-attribute.ts";
import { ColumnProperty } from "./column-property.ts";
import { DescriptorProperty } from "./descriptor.ts";
import { LateProperty } from "./late-property.ts";
import type { Mapper } from "./mapper.ts";
import { RelationshipAttribute } from "./relationship-attribute.ts";

const namespaces = new WeakMap<Mapper, object>();

/** The attributes of a mapped class by key. */
export function attributesOf(mapper: Mapper): Readonly<Record<string, unknown>> {
  let namespace = namespaces.get(mapper);
  if (namespace === undefined) {
    namespace = makeNamespace(
      mapper,
      (key) => mapper.props.has(key),
      (key) => classAttribute(mapper, key),
    );
    namespaces.set(mapper, namespace);
  }
  return namespace as Readonly<Record<string, unknown>>;
}

/** A namespace whose members are made on demand and kept; asking for a key that does not exist is an error. */
export function makeNamespace(owner: Entity, has: (key: string) => boolean, make: (key: string) => unknown): object {
  const kept: Record<string, unknown> = Object.create(null);
  return new Proxy(kept, {
    get(target, key) {
      if (typeof key === "symbol") return undefined;
      const known = target[key];
      if (known !== undefined) return known;
      if (!has(key)) {
        if (key === "then" || key === "toJSON" || key === "constructor") return undefined;
        throw new InvalidRequestError(`${owner.mapper.class.name} has no mapped attribute '${key}'`, {
          code: "no_attribute",
          fix: `its attributes are ${[...owner.mapper.props.keys()].join(", ")}`,
        });
      }
      const made = make(key);
      target[key] = made;
      return made;
    },
    has: (_target, key) => typeof key === "string" && has(key),
    ownKeys: () => [...owner.mapper.props.keys()],
    getOwnPropertyDescriptor: (_target, key) =>
      typeof key === "string" && has(key)
        ? { configurable: true, enumerable: true, value: make(key), writable: false }
        : undefined,
  });
}

/** The class-level attribute of a mapper's property. */
export function classAttribute(mapper: Mapper, key: string): unknown {
  return expressionOf(mapper, propertyOf(mapper, key), (column) => column);
}

/** The attribute of a key for an entity; see {@link expressionOf}. */
export function entityAttribute(entity: Entity, key: string, adapt: (column: ColumnElement) => ColumnElement): unknown {
  return expressionOf(entity, propertyOf(entity.mapper, key), adapt);
}

/** The property of a key, made of its function where that was not called yet. */
function propertyOf(mapper: Mapper, key: string): MapperProperty {
  const property = mapper.getProperty(key);
  if (!(property instanceof LateProperty)) return property;
  mapper.configure();
  const made = mapper.getProperty(key);
  // Configuration goes on: the function of another attribute asks.
  return made instanceof LateProperty && made.ask !== null ? made.ask() : made;
}

/** The attribute of a property for an entity; `adapt` moves columns of the mapped tables onto the entity's selectable. */
export function expressionOf(
  entity: Entity,
  property: MapperProperty,
  adapt: (column: ColumnElement) => ColumnElement,
): unknown {
  if (property instanceof ColumnProperty) {
    if (!(property.expression instanceof ColumnClause)) return expressionAttribute(entity, property, adapt);
    return new ColumnAttribute(entity, property, adapt(property.expression) as ColumnClause);
  }
  if (property.kind === "relationship")
    return new RelationshipAttribute(entity, property as OrmClasses["relationship"]);
  if (property instanceof DescriptorProperty)
    return property.classAttribute(entity, (key) => entityAttribute(entity, key, adapt));
  throw new InvalidRequestError(`${property} cannot be used at class level`);
}

const expressions = new WeakMap<Entity, Map<ColumnProperty, ExpressionAttribute>>();

/** The attribute of a SQL expression; one object for an entity, so that ORDER BY can name what is selected. */
export function expressionAttribute(
  entity: Entity,
  property: ColumnProperty,
  adapt: (expression: ColumnElement) => ColumnElement,
): ExpressionAttribute {
  let known = expressions.get(entity);
  if (known === undefined) expressions.set(entity, (known = new Map()));
  let attribute = known.get(property);
  if (attribute === undefined)
    known.set(property, (attribute = new ExpressionAttribute(entity, property, adapt(property.expression))));
  return attribute;
}
