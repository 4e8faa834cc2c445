/** What `filterBy()` means in statements of entities. */
import {
  ClauseElement,
  type ColumnElement,
  columnFroms,
  type FilterEntity,
  FromClause,
  type Node,
  type Select,
} from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import { attributeOf } from "./entity.ts";
import { attributeEntity, entityOfNode, relationshipOf } from "./marks.ts";

/** The entity of `Query.filterBy()`: the last one joined, else the first of FROM or of the column list. */
export function lastEntityOf(select: Select): Entity | undefined {
  const last = select.joins.at(-1);
  if (last !== undefined) return joinedEntity(last.target);
  const first = select.fromClauses[0] ?? select.rawColumns[0];
  return first === undefined ? undefined : (entityOfNode(first) ?? attributeEntity(first));
}

/** What `select().filterBy()` looks into: every entity, and what else stands in FROM. */
export function filterEntitiesOf(select: Select): FilterEntity[] {
  const found = new Map<object, FilterEntity>();
  const add = (entity: Entity | undefined, node: Node): void => {
    if (entity !== undefined) found.set(entity, filterEntity(entity));
    else if (node instanceof FromClause)
      found.set(node, { description: node.description, column: (key) => node.c.get(key) ?? undefined });
  };
  for (const { target } of select.joins) add(joinedEntity(target), target);
  for (const from of select.fromClauses) add(entityOfNode(from), from);
  for (const column of select.rawColumns) {
    const entity = entityOfNode(column) ?? attributeEntity(column);
    if (entity !== undefined || column instanceof FromClause) add(entity, column);
    else if (column instanceof ClauseElement) for (const from of columnFroms([column])) add(undefined, from);
  }
  return [...found.values()];
}

/** An entity, as `filterBy()` looks into it. */
export function filterEntity(entity: Entity): FilterEntity {
  return {
    description: entity.name ?? entity.selectable.description,
    column: (key) => attributeOf(entity, key) as ColumnElement | undefined,
  };
}

function joinedEntity(target: Node): Entity | undefined {
  const along = relationshipOf(target) ?? undefined;
  return along === undefined ? entityOfNode(target) : (along.ofTypeEntity ?? along.property.entity);
}
