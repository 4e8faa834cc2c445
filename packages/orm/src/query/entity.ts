/** Finds the entity that something stands for, and an entity's attributes. */
import { ArgumentError, CLAUSE_ELEMENT } from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import { EntityNode } from "../base/entity-node.ts";
import { UnmappedClassError } from "../base/errors.ts";
import { entityAttribute } from "../mapping/class-attributes.ts";
import { isMapper } from "../mapping/mapper.ts";
import { entityOf } from "../options/option.ts";
import { entityColumn } from "./adapt.ts";

/** The entity behind a mapped class, an alias, a mapper or an entity node; undefined for anything else. */
export function findEntity(value: unknown): Entity | undefined {
  if (isMapper(value)) return value;
  if (value instanceof EntityNode) return value.entity;
  if (value !== null && (typeof value === "object" || typeof value === "function") && CLAUSE_ELEMENT in value) {
    const node = (value as { [CLAUSE_ELEMENT](): unknown })[CLAUSE_ELEMENT]();
    if (node instanceof EntityNode) return node.entity;
  }
  return undefined;
}

/** The entity behind what a user passed. @throws UnmappedClassError, ArgumentError */
export function toEntity(value: unknown, where: string): Entity {
  const entity = findEntity(value);
  if (entity !== undefined) return entity;
  if (typeof value === "function")
    throw new UnmappedClassError(`Class '${value.name}' is not mapped`, {
      fix: `${where} takes a mapped class or an alias of one`,
    });
  throw new ArgumentError(`${where} takes a mapped class or an alias of one`);
}

entityOf.resolve = toEntity;

/** An entity's attribute: that of the class's `$`, or the alias's; undefined where there is none. */
export function attributeOf(entity: Entity, key: string): unknown {
  if (entity.alias === null) {
    const namespace = (entity.mapper.class as unknown as { readonly $?: Record<string, unknown> }).$;
    if (namespace !== undefined && entity.mapper.props.has(key)) return namespace[key];
  }
  if (!entity.mapper.hasProperty(key)) return undefined;
  return entityAttribute(entity, key, (column) => entityColumn(entity, column));
}

const nodes = new WeakMap<Entity, EntityNode>();

/** An entity as an element of a statement. */
export function nodeOf(entity: Entity): EntityNode {
  let node = nodes.get(entity);
  if (node === undefined)
    nodes.set(entity, (node = new EntityNode(entity, entity.alias === null ? entity.mapper.class : entity)));
  return node;
}
