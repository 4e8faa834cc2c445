/** Class-level attributes of relationships: `User.$.addresses`. What they say in SQL is filled in by ../query. */
import {
  type CacheKeyBuilder,
  ClauseElement,
  type ColumnElement,
  condition,
  defineKind,
  type Fields,
  type FromElement,
  InvalidRequestError,
  identityOf,
} from "@athanor/core";
import type { OrmClasses } from "../base/classes.ts";
import type { Entity } from "../base/entity.ts";
import type { AttributeDispatcher } from "../instrument/events.ts";
import { attributeDispatch } from "./attribute-dispatch.ts";
import type { MappedClass } from "./mapper-options.ts";

type RelationshipProperty = OrmClasses["relationship"];

/** What relationship attributes can say in SQL. Filled by ../query/comparators.ts. */
export const relationshipOperations: {
  any(attribute: RelationshipAttribute, criteria: readonly unknown[]): ColumnElement<boolean>;
  has(attribute: RelationshipAttribute, criteria: readonly unknown[]): ColumnElement<boolean>;
  contains(attribute: RelationshipAttribute, object: unknown): ColumnElement<boolean>;
  eq(attribute: RelationshipAttribute, object: unknown): ColumnElement<boolean>;
  ne(attribute: RelationshipAttribute, object: unknown): ColumnElement<boolean>;
  /** The join condition, for a relationship that stands as a condition by itself. */
  condition(attribute: RelationshipAttribute): ClauseElement;
  /** The entity that `ofType()` was given. */
  entity(given: unknown, where: string): Entity;
} = {} as never;

/** A condition, or values by attribute key. */
type Criterion = unknown;

/**
 * The attribute of a relationship: joins along it (`select(User).join(User.$.addresses)`), conditions about related objects,
 * paths of loader options. `T` is the related class's object, `O` the object it belongs to.
 */
export class RelationshipAttribute<out T = unknown, in O = unknown, out List = unknown> extends ClauseElement {
  static override readonly fields: Fields = {};
  /** Phantom: the related object. */
  declare readonly "~target": T;
  /** Phantom: takes the objects that have the attribute. */
  declare readonly "~owner": (owner: O) => void;
  /** Phantom: what the attribute holds on an object. */
  declare readonly "~value": List;
  /** Core leaves it where it stands in joins. */
  readonly joinTarget: true = true;

  /** The entity that it was asked of. */
  readonly parent: Entity;
  /** What the attribute is mapped as. */
  readonly property: RelationshipProperty;
  /** What {@link ofType} named. */
  readonly ofTypeEntity: Entity | null;
  /** What {@link and} added. */
  readonly extraCriteria: readonly ClauseElement[];

  constructor(
    parent: Entity,
    property: RelationshipProperty,
    ofTypeEntity: Entity | null = null,
    extraCriteria: readonly ClauseElement[] = [],
  ) {
    super();
    this.parent = parent;
    this.property = property;
    this.ofTypeEntity = ofTypeEntity;
    this.extraCriteria = extraCriteria;
  }

  /** The attribute's name. */
  get key(): string {
    return this.property.key;
  }

  /** The mapped class. */
  get class(): MappedClass {
    return this.parent.mapper.class;
  }

  /** The mapper of the related class. */
  get mapper(): OrmClasses["mapper"] {
    return this.target.mapper;
  }

  /** The related entity. */
  get target(): Entity {
    return this.ofTypeEntity ?? this.property.entity;
  }

  /** Listeners of `append`, `remove`, `set`, `bulkReplace`. */
  get dispatch(): AttributeDispatcher<O, T> {
    return attributeDispatch(this.parent.mapper, this.property.key) as unknown as AttributeDispatcher<O, T>;
  }

  /** `EXISTS (…)`: some related object fulfils the criteria. For collections. */
  any(...criteria: readonly Criterion[]): ColumnElement<boolean> {
    return relationshipOperations.any(this as RelationshipAttribute, criteria);
  }

  /** `EXISTS (…)`: the related object fulfils the criteria. For scalars. */
  has(...criteria: readonly Criterion[]): ColumnElement<boolean> {
    return relationshipOperations.has(this as RelationshipAttribute, criteria);
  }

  /** The collection has this object. */
  contains(object: T): ColumnElement<boolean> {
    return relationshipOperations.contains(this as RelationshipAttribute, object);
  }

  /** The related object is this one; null: there is none. */
  eq(object: T | null): ColumnElement<boolean> {
    return relationshipOperations.eq(this as RelationshipAttribute, object);
  }

  /** The related object is not this one; null: there is one. */
  ne(object: T | null): ColumnElement<boolean> {
    return relationshipOperations.ne(this as RelationshipAttribute, object);
  }

  /** The same as {@link eq}, for null. */
  is(object: T | null): ColumnElement<boolean> {
    return relationshipOperations.eq(this as RelationshipAttribute, object);
  }

  /** The same as {@link ne}, for null. */
  isNot(object: T | null): ColumnElement<boolean> {
    return relationshipOperations.ne(this as RelationshipAttribute, object);
  }

  /** The relationship, joined or loaded as a subclass or an alias of the related class. */
  ofType<C extends { readonly "~entity": unknown }>(target: C): RelationshipAttribute<EntityOf<C>, O, List> {
    return new RelationshipAttribute(
      this.parent,
      this.property,
      relationshipOperations.entity(target, "ofType()"),
      this.extraCriteria,
    );
  }

  /** The relationship with further conditions on the related objects: in joins and in loader options. */
  and(...criteria: readonly Criterion[]): RelationshipAttribute<T, O, List> {
    const added = criteria.map((each) => condition(each, "and()"));
    return new RelationshipAttribute(this.parent, this.property, this.ofTypeEntity, [...this.extraCriteria, ...added]);
  }

  /** The join condition, where the relationship stands as a condition. */
  asCondition(): ClauseElement {
    return relationshipOperations.condition(this as RelationshipAttribute);
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    key.add(`r${identityOf(this.property)}`);
    this.parent.appendCacheKey(key);
    if (this.ofTypeEntity !== null) {
      key.add("%");
      this.ofTypeEntity.appendCacheKey(key);
    }
    for (const each of this.extraCriteria) each.appendCacheKey(key);
    key.add(";");
  }

  override collectFroms(_into: Set<FromElement>): void {}

  override toString(): string {
    return `${this.parent.name}.${this.key}`;
  }
}
defineKind(RelationshipAttribute, "relationship_attribute");

// What columns can say and relationships cannot: the types leave it out, plain JavaScript gets told.
for (const operator of ["in", "notIn", "lt", "le", "gt", "ge", "between", "like"]) {
  Object.defineProperty(RelationshipAttribute.prototype, operator, {
    configurable: true,
    value(this: RelationshipAttribute) {
      throw new InvalidRequestError(`${operator}() is not supported for the relationship ${this}`, {
        fix: "compare its foreign key columns, or use eq(), any(), has() and contains()",
      });
    },
  });
}

/** The object type of a mapped class or an alias. */
export type EntityOf<C> = C extends { readonly "~entity": unknown; readonly prototype: infer P }
  ? P
  : C extends { readonly "~entity": infer E }
    ? E
    : never;
