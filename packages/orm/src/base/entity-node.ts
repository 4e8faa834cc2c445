/**
 * A mapped class (or an alias of one) inside a statement: what `User[CLAUSE_ELEMENT]()` gives. ../query turns it into columns
 * and selectables before a statement is compiled.
 */
import {
  type CacheKeyBuilder,
  ClauseElement,
  type ColumnElement,
  columnsOf,
  defineKind,
  type Fields,
  type FromClause,
  type FromElement,
} from "@athanor/core";
import type { Entity } from "./entity.ts";

/** Stands for an entity in column lists, FROM and joins. One per entity. */
export class EntityNode extends ClauseElement {
  static override readonly fields: Fields = {};
  readonly entity: Entity;
  /** What users see as the entity: the class, or the object that `aliased()` gave. */
  readonly owner: object;
  /** Core leaves it where it stands, in joins and FROM lists. */
  readonly joinTarget: true = true;

  constructor(entity: Entity, owner: object) {
    super();
    this.entity = entity;
    this.owner = owner;
  }

  /** The selectable, where Core wants one: `join(User, Address)`. */
  asFrom(): FromClause {
    return this.entity.selectable;
  }

  /** The table that INSERT, UPDATE and DELETE work on. */
  dmlTable(): FromClause {
    return this.entity.alias ?? this.entity.mapper.localTable;
  }

  /** In VALUES and SET: what an attribute that is no column stands for. */
  dmlPairsOf(key: string, value: unknown): readonly (readonly [unknown, unknown])[] | null {
    const { mapper } = this.entity;
    const property = mapper.props.get(key) as
      | {
          dmlPairs?(
            entity: Entity,
            attributes: object,
            value: unknown,
          ): readonly (readonly [unknown, unknown])[] | null;
        }
      | undefined;
    if (property?.dmlPairs === undefined) return null;
    return property.dmlPairs(this.entity, (mapper.class as unknown as { readonly $: object }).$, value);
  }

  /** In `filterBy()` of UPDATE and DELETE: the attribute of a key. */
  dmlAttribute(key: string): ColumnElement | undefined {
    const { mapper } = this.entity;
    if (this.entity.alias !== null || !mapper.props.has(key)) return undefined;
    return (mapper.class as unknown as { readonly $: Record<string, ColumnElement> }).$[key];
  }

  /** In GROUP BY and ORDER BY: all columns. */
  asByElements(): readonly ClauseElement[] {
    return columnsOf(this.entity.selectable.c);
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    key.add("E");
    this.entity.appendCacheKey(key);
  }

  override collectFroms(into: Set<FromElement>): void {
    into.add(this.entity.selectable);
  }
}
defineKind(EntityNode, "entity");
