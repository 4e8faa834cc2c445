/** What an entity brings into a SELECT: its columns, its eager joins, its plan for loading. Next: ./eager-join.ts. */
import { ColumnClause, type ColumnElement, InvalidRequestError } from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import { expressionAttribute } from "../mapping/class-attributes.ts";
import type { ColumnProperty } from "../mapping/column-property.ts";
import type { Mapper } from "../mapping/mapper.ts";
import { inlineMappers } from "../mapping/polymorphic-union.ts";
import type { RelationshipChoice } from "../options/choice.ts";
import type { OptionNode } from "../options/tree.ts";
import { relationFacts } from "../relationship/facts.ts";
import type { LazyStrategy } from "../relationship/options.ts";
import type { RelationshipProperty } from "../relationship/relationship.ts";
import { entityColumn } from "./adapt.ts";
import { AliasEntity } from "./alias-entity.ts";
import { EntityPlan, type Slot } from "./plan.ts";

/** Where columns go: those of the statement proper, or those of eager joins, which stand outside of a LIMIT. */
export type Bucket = "primary" | "secondary";

/** What setting up an entity needs of the statement. */
export interface ColumnTarget {
  /** The statement's result is loaded into objects; otherwise only its columns count. */
  readonly loads: boolean;
  /** Adds a column once; gives its place in the rows. */
  addColumn(element: ColumnElement, bucket: Bucket): Slot;
  addPlan(plan: EntityPlan): void;
  /** Only these attributes, for refreshes; null: all. */
  readonly onlyKeys: ReadonlySet<string> | null;
  /** Adds the eager join of a relationship and sets up what is behind it. */
  eagerJoin(
    plan: EntityPlan,
    property: RelationshipProperty,
    choice: RelationshipChoice | null,
    trail: Trail,
    bucket: Bucket,
  ): void;
}

/** The relationships on the way from the root, against endless recursion. */
export type Trail = readonly {
  readonly property: RelationshipProperty;
  readonly byOption: boolean;
  /** A lazy load: depths are counted from there. */
  readonly isLazy?: boolean;
  /** On the way to the statement, not in it. */
  readonly isBefore?: boolean;
}[];

/** The mappers whose attributes an entity's rows have. */
export function mappersOf(entity: Entity): readonly Mapper[] {
  if (entity instanceof AliasEntity) return [entity.mapper, ...entity.polymorphicMappers];
  return [entity.mapper, ...inlineMappers(entity.mapper)];
}

/** Puts an entity's columns into a statement. */
export function setUpEntity(
  target: ColumnTarget,
  entity: Entity,
  node: OptionNode,
  bucket: Bucket,
  trail: Trail,
  parent: EntityPlan | null = null,
  key: string | null = null,
): EntityPlan {
  const plan = new EntityPlan(entity, node, parent, key);
  target.addPlan(plan);
  const mappers = mappersOf(entity);
  const { polymorphicOn } = entity.mapper;
  const seen = new Set<string>();
  for (const mapper of mappers) {
    for (const property of target.loads ? ownFirst(mapper) : []) {
      if (seen.has(property.key)) continue;
      seen.add(property.key);
      if (target.onlyKeys === null || parent !== null || target.onlyKeys.has(property.key))
        setUpRelationship(target, plan, property, trail, bucket);
    }
    for (const property of selectOrder(mapper)) setUpColumn(target, plan, property, bucket);
    // The discriminator of a union is no attribute; it stands behind the columns of the class itself.
    if (mapper === entity.mapper && mapper.concrete && polymorphicOn !== null && selectsAll(target, mapper))
      plan.discriminator = target.addColumn(entityColumn(entity, polymorphicOn), bucket);
  }
  if (target.loads) {
    if (target.onlyKeys === null || parent !== null)
      plan.polymorphic.push(...node.polymorphic, ...implicitSelectin(entity, node));
    // Strategies of subclasses that are not selected here still hold when such a row is met.
    for (const property of subclassRelationships(plan, mappers)) {
      const hasOwnLoad = plan.polymorphic.some((each) => each.mapper.isa(property.parent as Mapper));
      if (!seen.has(property.key) && !hasOwnLoad) setUpSubclassRelationship(plan, property, trail);
    }
  }
  if (
    polymorphicOn !== null &&
    target.loads &&
    (target.onlyKeys === null || plan.parent !== null || plan.slots.has(polymorphicOn))
  ) {
    plan.discriminator = plan.slots.get(polymorphicOn) ?? target.addColumn(entityColumn(entity, polymorphicOn), bucket);
  }
  return plan;
}

/** All columns are wanted: always, but for refreshes of the class at the top, and of some attributes. */
function selectsAll({ onlyKeys }: ColumnTarget, mapper: Mapper): boolean {
  return onlyKeys === null || (mapper.inherits !== null && mapper.columnAttrs.every(({ key }) => onlyKeys.has(key)));
}

/** Relationships in the order in which loading meets them: the class's own before those it inherits. */
function ownFirst(mapper: Mapper): readonly RelationshipProperty[] {
  const { relationships } = mapper;
  if (mapper.inherits === null) return relationships;
  return [
    ...relationships.filter((property) => property.parent === mapper),
    ...relationships.filter((property) => property.parent !== mapper),
  ];
}

/** Columns in the order of SELECT: expressions of the class, what it inherits, its columns, expressions that were added to it. */
function selectOrder(mapper: Mapper): readonly ColumnProperty[] {
  const { inherits, columnAttrs } = mapper;
  const inherited = inherits === null || mapper.concrete ? [] : selectOrder(inherits).map(({ key }) => key);
  if (inherited.length === 0 && columnAttrs.every(({ column }) => column !== null)) return columnAttrs;
  const own = columnAttrs.filter(({ key }) => !inherited.includes(key));
  return [
    ...own.filter((property) => property.column === null && !property.isAdded),
    ...inherited.flatMap((key) => columnAttrs.find((property) => property.key === key) ?? []),
    ...own.filter(({ column }) => column !== null),
    ...own.filter((property) => property.column === null && property.isAdded),
  ];
}

function setUpColumn(target: ColumnTarget, plan: EntityPlan, property: ColumnProperty, bucket: Bucket): void {
  const { entity } = plan;
  if (property.options.queryExpression !== undefined) {
    setUpQueryExpression(target, plan, property, bucket);
    return;
  }
  const isKey =
    property.columns.some((column) => entity.mapper.primaryKey.includes(column as never)) ||
    isDiscriminator(entity.mapper, property);
  if (!target.loads) {
    // A subquery has what is deferred too, but does not compute it.
    if (property.column === null && property.deferred) return;
    addColumns(target, plan, property, bucket);
    return;
  }
  if (
    target.onlyKeys !== null && plan.parent === null
      ? !target.onlyKeys.has(property.key)
      : isLeftOut(plan, property, isKey)
  )
    return;
  addColumns(target, plan, property, bucket);
}

function addColumns(target: ColumnTarget, plan: EntityPlan, property: ColumnProperty, bucket: Bucket): void {
  const { entity } = plan;
  for (const column of property.columns) {
    if (plan.slots.has(column)) continue;
    const element =
      column instanceof ColumnClause
        ? entityColumn(entity, column)
        : expressionAttribute(entity, property, (expression) => entityColumn(entity, expression));
    plan.slots.set(column, target.addColumn(element, bucket));
  }
}

/** An attribute whose expression is the statement's, or a default; neither: it is not selected. */
function setUpQueryExpression(target: ColumnTarget, plan: EntityPlan, property: ColumnProperty, bucket: Bucket): void {
  const isDefault = property.options.queryExpression === "default";
  const expression = plan.node.expression(property.key) ?? (isDefault ? property.expression : null);
  if (expression !== null && target.loads)
    plan.slots.set(property.expression, target.addColumn(entityColumn(plan.entity, expression), bucket));
}

function isDiscriminator(mapper: Mapper, property: ColumnProperty): boolean {
  return mapper.polymorphicOn !== null && property.columns.includes(mapper.polymorphicOn);
}

function isLeftOut(plan: EntityPlan, property: ColumnProperty, isKey: boolean): boolean {
  if (isKey) return false;
  const choice = plan.node.column(property.key, property.group);
  if (choice === null) return property.deferred;
  if (choice.deferred && choice.raise) plan.raises.push(property);
  return choice.deferred;
}

function* subclassRelationships(plan: EntityPlan, mappers: readonly Mapper[]): Generator<RelationshipProperty> {
  if (plan.discriminator === null && plan.mapper.polymorphicOn === null) return;
  for (const mapper of plan.mapper.selfAndDescendants) {
    if (!mappers.includes(mapper)) yield* mapper.relationships;
  }
}

function setUpSubclassRelationship(plan: EntityPlan, property: RelationshipProperty, trail: Trail): void {
  // Options of the statement speak of what it selects; a subclass's relationships are loaded as they are mapped.
  const { lazy } = property;
  if ((lazy !== "selectin" && lazy !== "immediate") || repeats(plan, trail, property)) return;
  if (!plan.posts.some((post) => post.property === property))
    plan.posts.push({ owner: plan, property, strategy: lazy, choice: null, trail });
}

const populates: ReadonlySet<LazyStrategy> = new Set(["joined", "selectin", "subquery", "immediate"]);

/** The strategy of a relationship at one place. @throws InvalidRequestError for objects of a collection that is never loaded. */
export function strategyOf(
  node: OptionNode,
  property: RelationshipProperty,
): { readonly strategy: LazyStrategy; readonly choice: RelationshipChoice | null } {
  const choice = node.relationship(property.key);
  if (property.lazy === "writeOnly" || property.lazy === "dynamic") {
    if (choice !== null && choice.isWildcard !== true && populates.has(choice.strategy))
      throw new InvalidRequestError(
        `'${property}' does not support object population - eager loading cannot be applied.`,
        { fix: "query the collection by its select()" },
      );
    return { strategy: property.lazy, choice: null };
  }
  return { strategy: choice?.strategy ?? property.lazy, choice };
}

function setUpRelationship(
  target: ColumnTarget,
  plan: EntityPlan,
  property: RelationshipProperty,
  trail: Trail,
  bucket: Bucket,
): void {
  if (plan.parent === null && leadsBack(trail, property)) return;
  const { strategy, choice } = strategyOf(plan.node, property);
  switch (strategy) {
    case "joined":
      if ((choice === null || choice.isWildcard === true) && joinRepeats(plan, trail, property)) return;
      target.eagerJoin(plan, property, choice, trail, bucket);
      return;
    case "selectin":
    case "subquery":
    case "immediate":
      if ((choice !== null && choice.isWildcard !== true) || !repeats(plan, trail, property))
        plan.posts.push({ owner: plan, property, strategy, choice, trail });
      return;
    case "noload":
      plan.noloads.push(property);
      return;
    default:
  }
}

/** Whether a relationship leads back to the object whose relationship is loaded lazily: the identity map has it. */
function leadsBack(trail: Trail, property: RelationshipProperty): boolean {
  const last = trail.at(-1);
  return last?.isLazy === true && last.property.reverse.has(property) && relationFacts(property).usesGet;
}

/** Whether a join for a relationship that is mapped as eager would go round in a circle; the statement alone counts. */
function joinRepeats(plan: EntityPlan, trail: Trail, property: RelationshipProperty): boolean {
  if (property.joinDepth !== null) return trail.filter((step) => step.isBefore !== true).length >= property.joinDepth;
  for (let each: EntityPlan | null = plan; each !== null; each = each.parent)
    if (each.mapper.isa(property.mapper)) return true;
  return false;
}

/** The same of second statements; the way to this statement counts too, depths from the first that was not a lazy load. */
function repeats(plan: EntityPlan, trail: Trail, property: RelationshipProperty): boolean {
  if (property.joinDepth !== null) return trail.filter((step) => step.isLazy !== true).length >= property.joinDepth;
  const { mapper } = property;
  return (
    plan.mapper.isa(mapper) ||
    trail.some((step) => (step.property.parent as Mapper).isa(mapper) || step.property.mapper.isa(mapper))
  );
}

function implicitSelectin(entity: Entity, node: OptionNode): Entity[] {
  if (node.polymorphic.length > 0) return [];
  return entity.mapper.selfAndDescendants.slice(1).filter((mapper) => mapper.polymorphicLoad === "selectin");
}
