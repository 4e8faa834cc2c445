/** Tells the ORM's elements in a statement: entities, attributes, relationships, bundles. */
import { type ClauseElement, ColumnClause, Label, type Node } from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import { EntityNode } from "../base/entity-node.ts";
import type { RelationshipProperty } from "../relationship/relationship.ts";
import type { BundleShape } from "./plan.ts";

/** A relationship attribute inside a statement: `User.$.addresses`. */
export interface RelationshipElement extends Node {
  readonly key: string;
  readonly parent: Entity;
  readonly property: RelationshipProperty;
  /** What `ofType()` named. */
  readonly ofTypeEntity: Entity | null;
  /** What `and()` added. */
  readonly extraCriteria: readonly ClauseElement[];
}

/** The relationship attribute that a node is, or undefined. */
export function relationshipOf(node: unknown): RelationshipElement | undefined {
  const given = node as Partial<RelationshipElement> | null;
  return given !== null &&
    typeof given === "object" &&
    given.property?.kind === "relationship" &&
    given.parent !== undefined
    ? (given as RelationshipElement)
    : undefined;
}

/** The entity that a column attribute belongs to, or undefined for plain columns. */
export function attributeEntity(node: unknown): Entity | undefined {
  return node instanceof ColumnClause || node instanceof Label ? (node as { parent?: Entity }).parent : undefined;
}

/** The entity that a node stands for, or undefined. */
export function entityOfNode(node: unknown): Entity | undefined {
  return node instanceof EntityNode ? node.entity : undefined;
}

/** A bundle inside a statement. */
export interface BundleElement extends Node {
  readonly bundleShape: BundleShape;
  readonly elements: readonly Node[];
}

/** The bundle that a node is, or undefined. */
export function bundleOf(node: Node): BundleElement | undefined {
  return (node as Partial<BundleElement>).bundleShape === undefined ? undefined : (node as BundleElement);
}

/** Whether a node of a column list or FROM list is the ORM's. */
export function isOrmNode(node: Node): boolean {
  return (
    node instanceof EntityNode ||
    attributeEntity(node) !== undefined ||
    bundleOf(node) !== undefined ||
    relationshipOf(node) !== undefined
  );
}
