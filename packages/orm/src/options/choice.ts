/**
 * What loader options say, as plain values: how a relationship is loaded, which columns are left out. Knows entities and
 * attributes only by their contracts. Next: ./option.ts, the objects that users chain.
 */
import type { CacheKeyBuilder, ClauseElement, ColumnElement } from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import type { LazyStrategy } from "../relationship/options.ts";

/** The first objects of a collection, in an order. */
export interface CollectionWindow {
  /** Empty: as the relationship is ordered. */
  readonly orderBy: readonly ClauseElement[];
  /** How many objects per parent; null: all. */
  readonly limit: number | null;
}

/** How one relationship is to be loaded. */
export interface RelationshipChoice {
  readonly strategy: LazyStrategy;
  /** Joined loading by INNER JOIN: `true` nests the join inside outer ones, `"unnested"` does not; null: as mapped. */
  readonly innerjoin: boolean | "unnested" | null;
  /** The rows are in the statement already (`containsEager`); the entity that they come from. */
  readonly eager: { readonly from: Entity | null } | null;
  /** How many levels of a self-referential relationship are loaded; -1: all. */
  readonly recursionDepth: number | null;
  /** The order of each collection, and how much of it is loaded (`selectinload(…).orderBy(…).limit(n)`). */
  readonly window: CollectionWindow | null;
  /** Said of `"*"`, not of this relationship: circles are not followed. */
  readonly isWildcard?: boolean;
}

/** Whether a column is loaded. */
export interface ColumnChoice {
  readonly deferred: boolean;
  /** Access to the deferred column raises. */
  readonly raise: boolean;
}

/** One step of a path: from an entity along one of its relationships; key `"*"` is a wildcard. */
export interface PathStep {
  /** The entity whose attribute it is; null for wildcards at the root. */
  readonly owner: Entity | null;
  readonly key: string;
  /** The entity that `ofType()` named. */
  readonly ofType: Entity | null;
  /** Conditions given with `and()`. */
  readonly criteria: readonly ClauseElement[];
}

/** What is said at the end of a path. */
export type OptionAction =
  | { readonly kind: "relationship"; readonly choice: RelationshipChoice | null }
  | { readonly kind: "column"; readonly key: string; readonly choice: ColumnChoice }
  | { readonly kind: "expression"; readonly key: string; readonly expression: ColumnElement }
  | { readonly kind: "group"; readonly name: string }
  | { readonly kind: "polymorphic"; readonly entities: readonly Entity[] };

/** One statement of a loader option: a path and what is to be done there. */
export interface OptionEntry {
  readonly path: readonly PathStep[];
  /** For actions on columns and subclasses: the entity they belong to; null: whatever entity the path ends at. */
  readonly entity: Entity | null;
  readonly action: OptionAction;
}

/** Adds an entry to a cache key; literal values of criteria are collected, not written. */
export function appendEntryKey(key: CacheKeyBuilder, entry: OptionEntry): void {
  key.add("{");
  for (const step of entry.path) {
    if (step.owner === null) key.add("*");
    else step.owner.appendCacheKey(key);
    key.name(step.key);
    if (step.ofType !== null) {
      key.add("%");
      step.ofType.appendCacheKey(key);
    }
    for (const condition of step.criteria) condition.appendCacheKey(key);
  }
  if (entry.entity !== null) entry.entity.appendCacheKey(key);
  const { action } = entry;
  switch (action.kind) {
    case "relationship":
      if (action.choice === null) key.add("=");
      else {
        key.add(`=${action.choice.strategy},${action.choice.innerjoin},${action.choice.recursionDepth}`);
        if (action.choice.window !== null) {
          key.add(`w${action.choice.window.limit}`);
          for (const element of action.choice.window.orderBy) element.appendCacheKey(key);
        }
        if (action.choice.eager !== null) {
          key.add("e");
          action.choice.eager.from?.appendCacheKey(key);
        }
      }
      break;
    case "column":
      key.name(action.key);
      key.add(action.choice.deferred ? (action.choice.raise ? "R" : "D") : "U");
      break;
    case "expression":
      key.add("x");
      key.name(action.key);
      action.expression.appendCacheKey(key);
      break;
    case "group":
      key.add("g");
      key.name(action.name);
      break;
    case "polymorphic":
      key.add("p");
      for (const entity of action.entities) entity.appendCacheKey(key);
  }
  key.add("}");
}

/** The name of the option that a choice came from. */
export function optionName(choice: RelationshipChoice): string {
  switch (choice.strategy) {
    case "joined":
      return choice.eager === null ? "joinedload" : "containsEager";
    case "select":
      return "lazyload";
    case "raise":
    case "raiseOnSql":
      return "raiseload";
    case "noload":
      return "noload";
    default:
      return `${choice.strategy}load`;
  }
}
