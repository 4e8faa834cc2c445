/**
 * What the lowering of an entity SELECT leaves for loading: which columns of the rows belong to which entity, what is
 * joined, what is loaded afterwards. Made once per compiled statement; ../load reads rows by it.
 */
import type { ColumnElement } from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import type { ColumnProperty } from "../mapping/column-property.ts";
import type { Mapper } from "../mapping/mapper.ts";
import type { RelationshipChoice } from "../options/choice.ts";
import type { OptionNode } from "../options/tree.ts";
import type { RelationshipProperty } from "../relationship/relationship.ts";

/** A column of the rows; its position is known when the statement is complete. */
export class Slot {
  index = -1;
  readonly element: ColumnElement;

  constructor(element: ColumnElement) {
    this.element = element;
  }
}

/** A relationship that is filled from the same rows. */
export interface EagerPlan {
  readonly property: RelationshipProperty;
  readonly plan: EntityPlan;
  /** `containsEager`: the rows decide what is in the collection. */
  readonly given: boolean;
}

/** A relationship that is filled by another statement, after the rows. */
export interface PostPlan {
  /** The entity whose relationship it is. */
  readonly owner: EntityPlan;
  readonly property: RelationshipProperty;
  readonly strategy: "selectin" | "subquery" | "immediate";
  readonly choice: RelationshipChoice | null;
  /** The relationships on the way to the owner. */
  readonly trail: readonly { readonly property: RelationshipProperty; readonly byOption: boolean }[];
}

/** How one entity is read from rows. */
export class EntityPlan {
  readonly entity: Entity;
  readonly mapper: Mapper;
  /** Options at the time of compilation; those of an execution may carry other values. */
  readonly node: OptionNode;
  /** The parent and the key under which the options of this plan hang; null at the root. */
  readonly parent: EntityPlan | null;
  readonly key: string | null;
  /** Slots by mapped column (unadapted). */
  readonly slots = new Map<ColumnElement, Slot>();
  readonly eagers: EagerPlan[] = [];
  readonly posts: PostPlan[] = [];
  readonly noloads: RelationshipProperty[] = [];
  /** Attributes whose access is refused, by option. */
  readonly raises: ColumnProperty[] = [];
  /** Subclasses whose columns are loaded by further statements. */
  readonly polymorphic: Entity[] = [];
  discriminator: Slot | null = null;
  /** The rows may have the same object in another place as well. */
  meetsOthers = false;
  /** Readers made for this plan; owned by ../load. */
  memo: unknown = undefined;

  constructor(entity: Entity, node: OptionNode, parent: EntityPlan | null, key: string | null) {
    this.entity = entity;
    this.mapper = entity.mapper;
    this.node = node;
    this.parent = parent;
    this.key = key;
  }

  /** The slot of an attribute, if any of its columns is in the rows. */
  slotOf(property: ColumnProperty): Slot | undefined {
    for (const column of property.columns) {
      const slot = this.slots.get(column);
      if (slot !== undefined) return slot;
    }
    return undefined;
  }
}

/** One value of a result row. */
export type ResultItem =
  | {
      readonly kind: "entity";
      readonly plan: EntityPlan;
      readonly source: number;
      readonly name: string | null;
      readonly owner: object;
    }
  | { readonly kind: "column"; readonly slot: Slot; readonly name: string | null }
  | { readonly kind: "bundle"; readonly items: readonly ResultItem[]; readonly bundle: BundleShape };

/** What a bundle makes of its values. */
export interface BundleShape {
  readonly name: string;
  readonly keys: readonly string[];
  /** Makes one value of the bundle's; null: a row. */
  create(values: readonly unknown[]): unknown;
}

/** The plan of a whole statement. */
export interface LoadPlan {
  readonly items: readonly ResultItem[];
  /** All entity plans, parents before children. */
  readonly entities: readonly EntityPlan[];
  /** Rows repeat their entities: `unique()` must be called. */
  readonly needsUnique: boolean;
  /** Columns are found by their names in the rows: text. */
  readonly byName?: boolean;
  /** Owned by ../load. */
  memo: unknown;
}

/** Where the loader criteria of the outermost SELECT are attached while it is compiled: they hold in its subqueries too. */
export const LOAD_CRITERIA = "orm.criteria";

/** Where the plan is attached to a compiled statement. */
export const LOAD_PLAN = "orm";
