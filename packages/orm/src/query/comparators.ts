/** What relationship attributes can say in a WHERE clause: any, has, contains, comparison with objects. */
import {
  ArgumentError,
  type ClauseElement,
  ColumnClause,
  type ColumnElement,
  condition,
  Exists,
  InvalidRequestError,
  joinConditions,
  LiteralColumn,
  Null,
  operators,
  replacementTraverse,
  ScalarSelect,
  Select,
} from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { stateOrNull } from "../state/registry.ts";
import { adaptAttributes, adaptColumn, entityExpression } from "./adapt.ts";
import { anonymousAlias } from "./alias-entity.ts";
import { attributeOf } from "./entity.ts";
import { ExistsOption } from "./exists-option.ts";
import type { RelationshipElement } from "./marks.ts";
import { boundCondition, callableBind, relationshipJoin } from "./relationship-join.ts";
import { entityCriterion } from "./single-table.ts";

/** `EXISTS (SELECT 1 FROM related WHERE join AND criteria)` */
export function relatedExists(attribute: RelationshipElement, criteria: readonly unknown[]): Exists {
  const { property, parent } = attribute;
  const given = attribute.ofTypeEntity ?? property.entity;
  const isSame = property.selfReferential && given.alias === null && parent.alias === null;
  const target: Entity = isSame ? anonymousAlias(given) : given;
  const { primary, secondary } = relationshipJoin(property, parent, target, { aliasSecondary: target.alias !== null });
  const own: ClauseElement[] = [];
  const keywords: ClauseElement[] = [];
  for (const criterion of criteria) {
    if (isKeywords(criterion)) keywords.push(...keywordConditions(given, criterion));
    else own.push(condition(criterion, "any() and has()"));
  }
  const single = entityCriterion(target);
  const extra = [
    ...(single === null ? [] : [single]),
    ...attribute.extraCriteria.map((each) => entityExpression(given, each)),
    ...own,
    ...keywords,
  ];
  const moved = extra.map((each) => (target === given ? adaptAttributes(each) : ofAlias(each, given, target)));
  const joined = secondary === null ? [primary] : [primary, secondary.condition];
  const froms = secondary === null ? [target.selectable] : [target.selectable, secondary.table];
  const query = new Select([new LiteralColumn("1")])
    .where(...([...joined, ...moved] as never[]))
    .selectFrom(...froms)
    .correlateExcept(...froms)
    .options(new ExistsOption(target));
  return new Exists(new ScalarSelect(query));
}

/** Criteria of a class in terms of an alias; other aliases, in EXISTS inside, are not meant. */
function ofAlias(criterion: ClauseElement, { mapper, selectable }: Entity, target: Entity): ClauseElement {
  return replacementTraverse(criterion, (node) => {
    if (!(node instanceof ColumnClause)) return undefined;
    const isOwn = node.table === selectable || mapper.tables.includes(node.table as never);
    return isOwn ? adaptColumn(target.selectable, node) : undefined;
  });
}

function isKeywords(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype;
}

function keywordConditions(entity: Entity, values: Record<string, unknown>): ClauseElement[] {
  return Object.entries(values).map(([key, value]) => {
    const attribute = attributeOf(entity, key) as { eq(value: unknown): ClauseElement } | undefined;
    if (attribute === undefined)
      throw new ArgumentError(`${entity.mapper.class.name} has no attribute ${JSON.stringify(key)}`);
    return attribute.eq(value);
  });
}

/** `attribute.any(…)`: some related object fulfils the criteria. @throws InvalidRequestError for scalars. */
export function anyOf(attribute: RelationshipElement, criteria: readonly unknown[]): ColumnElement<boolean> {
  if (!attribute.property.uselist)
    throw new InvalidRequestError("'any()' not implemented for scalar attributes. Use has().");
  return relatedExists(attribute, criteria);
}

/** `attribute.has(…)`: the related object fulfils the criteria. @throws InvalidRequestError for collections. */
export function hasOf(attribute: RelationshipElement, criteria: readonly unknown[]): ColumnElement<boolean> {
  if (attribute.property.uselist) throw new InvalidRequestError("'has()' not implemented for collections. Use any().");
  return relatedExists(attribute, criteria);
}

/** `attribute.contains(object)` @throws InvalidRequestError for scalars. */
export function containsOf(attribute: RelationshipElement, object: unknown): ColumnElement<boolean> {
  if (!attribute.property.uselist) {
    throw new InvalidRequestError("'contains' not implemented for scalar attributes.  Use ==");
  }
  const state = stateOfObject(attribute, object);
  const clause = comparedTo(attribute, state);
  // The table between would stand in FROM: NOT has to ask for the rows.
  if (attribute.property.secondary !== null)
    Object.defineProperty(clause, "negate", { value: () => withoutObject(attribute, state) });
  return clause;
}

/** No related object is this one. */
function withoutObject(attribute: RelationshipElement, state: InstanceState): ColumnElement<boolean> {
  const same = attribute.property.mapper.primaryKey.map((column) =>
    (column as ColumnElement).eq(callableBind(column.type, () => currentValue(state, column)) as never),
  );
  return relatedExists(attribute, same).negate() as ColumnElement<boolean>;
}

/** `attribute.eq(object)`; null: there is none. */
export function equalTo(attribute: RelationshipElement, object: unknown): ColumnElement<boolean> {
  const { property } = attribute;
  if (object === null || object instanceof Null) {
    return property.direction === "manyToOne"
      ? withoutRelated(attribute)
      : (relatedExists(attribute, []).negate() as ColumnElement<boolean>);
  }
  if (property.uselist) {
    throw new InvalidRequestError(
      "Can't compare a collection to an object or collection; use contains() to test for membership.",
    );
  }
  return comparedTo(attribute, stateOfObject(attribute, object));
}

/** `attribute.ne(object)`; null: there is one. */
export function notEqualTo(attribute: RelationshipElement, object: unknown): ColumnElement<boolean> {
  const { property } = attribute;
  if (object === null || object instanceof Null) {
    return property.direction === "manyToOne"
      ? (withoutRelated(attribute).negate() as ColumnElement<boolean>)
      : relatedExists(attribute, []);
  }
  if (property.uselist) {
    throw new InvalidRequestError(
      "Can't compare a collection to an object or collection; use contains() to test for membership.",
    );
  }
  const state = stateOfObject(attribute, object);
  if (property.direction === "manyToOne") {
    const parts = property.localRemotePairs.map(([local, remote]) => {
      const column = entityExpression(attribute.parent, local as ColumnElement);
      return joinConditions(operators.or, [
        column.ne(callableBind(column.type, () => currentValue(state, remote), column.bindBase) as never),
        column.is(null),
      ]);
    });
    return joinConditions(operators.and, parts);
  }
  return withoutObject(attribute, state);
}

/** The objects of a class that belong to a parent object: `withParent(user, User.$.addresses)`. */
export function parentCriterion(
  object: object,
  attribute: RelationshipElement,
  from: Entity | null = null,
): ColumnElement<boolean> {
  const state = stateOfObject(attribute, object);
  const { condition: clause } = boundCondition(
    attribute.property,
    "source",
    (column) => callableBind(column.type, () => currentValue(state, column)),
    true,
  );
  const target = from ?? attribute.ofTypeEntity ?? attribute.property.entity;
  return entityExpression(target, clause) as ColumnElement<boolean>;
}

function comparedTo(attribute: RelationshipElement, state: InstanceState): ColumnElement<boolean> {
  const { condition: clause } = boundCondition(
    attribute.property,
    "target",
    (column) => callableBind(column.type, () => currentValue(state, column)),
    true,
  );
  return entityExpression(attribute.parent, clause) as ColumnElement<boolean>;
}

/** The relationship's join condition. */
export function joinConditionOf(attribute: RelationshipElement): ClauseElement {
  const { primary, secondary } = relationshipJoin(
    attribute.property,
    attribute.parent,
    attribute.ofTypeEntity ?? attribute.property.entity,
    { aliasSecondary: false },
  );
  return joinConditions(
    operators.and,
    secondary === null
      ? [primary, ...attribute.extraCriteria]
      : [primary, secondary.condition, ...attribute.extraCriteria],
  );
}

/** The foreign keys are NULL. */
function withoutRelated(attribute: RelationshipElement): ColumnElement<boolean> {
  return joinConditions(
    operators.and,
    attribute.property.localRemotePairs.map(([local]) =>
      entityExpression(attribute.parent, local as ColumnElement).is(null),
    ),
  );
}

function stateOfObject(attribute: RelationshipElement, object: unknown): InstanceState {
  const state = object !== null && typeof object === "object" ? stateOrNull(object) : null;
  if (state === null) {
    throw new ArgumentError(
      `Mapped instance expected for relationship comparison to object. Classes, queries and other SQL elements are not accepted in this context; for comparison with a subquery, use ${String(attribute.key)}.has(**criteria).`,
    );
  }
  return state;
}

/** The value of a column of an object as of now; what was loaded last where it is expired. */
export function currentValue(state: InstanceState, column: ColumnElement): unknown {
  const { mapper } = state;
  const property = mapper.propertyOf(column);
  const value = state.dict[property.key];
  if (value !== undefined) return value;
  const position = mapper.primaryKey.indexOf(column as never);
  const identity = state.identity;
  if (identity !== null && position >= 0) return identity[position];
  const loaded = (state.obj as Record<string, unknown>)[property.key];
  return loaded ?? null;
}
