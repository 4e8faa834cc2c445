/** How mapped classes, their attributes and bundles describe themselves: `select(User).columnDescriptions`. */
import { type ColumnDescription, describeElement, describing, type EntityDescription, type Node } from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import type { EntityNode } from "../base/entity-node.ts";
import { aliasObjects } from "./alias-entity.ts";
import { attributeEntity, bundleOf, entityOfNode } from "./marks.ts";

/** The class, or the alias, that users know an entity by. */
function ownerOf(entity: Entity): object {
  return entity.alias === null ? entity.mapper.class : (aliasObjects.get(entity) ?? entity);
}

function describeColumn(node: Node): ColumnDescription {
  const entity = entityOfNode(node);
  if (entity !== undefined) {
    const { owner } = node as EntityNode;
    return { name: entity.name, type: entity.mapper.class, aliased: entity.alias !== null, expr: owner, entity: owner };
  }
  const bundle = bundleOf(node);
  const owner = attributeEntity(bundle === undefined ? node : bundle.elements[0]);
  const belongs = {
    aliased: bundle === undefined && owner !== undefined && owner.alias !== null,
    entity: owner === undefined ? null : ownerOf(owner),
  };
  return bundle === undefined
    ? { ...describeElement(node), ...belongs }
    : { name: bundle.bundleShape.name, type: bundle.constructor, expr: bundle, ...belongs };
}

function describeTarget(node: Node): EntityDescription | null {
  const entity = entityOfNode(node);
  if (entity === undefined) return null;
  const { owner } = node as EntityNode;
  return { name: entity.name, type: entity.mapper.class, expr: owner, entity: owner, table: entity.mapper.localTable };
}

/** Puts these in front of Core's. */
export function registerDescriptions(): void {
  describing.column = describeColumn;
  describing.target = describeTarget;
}
