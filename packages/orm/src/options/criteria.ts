/** `withLoaderCriteria()`: conditions that a statement adds wherever an entity appears, also in later loads. */
import {
  ArgumentError,
  type CacheKeyBuilder,
  type ClauseElement,
  type Condition,
  condition,
  identityOf,
  type StatementOption,
} from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import { entityOf } from "./option.ts";

/** Options of {@link withLoaderCriteria}. */
export interface CriteriaOptions {
  /** Also holds for `aliased()` entities. Default false. */
  readonly includeAliases?: boolean;
  /** Also holds for lazy loads and refreshes of the loaded objects. Default true. */
  readonly propagateToLoaders?: boolean;
}

/** A condition given as a function of the class that it is for. */
export type CriteriaFunction<C> = (entity: C) => Condition;

/** Extra criteria for one entity and those that inherit from it. */
export class CriteriaOption implements StatementOption {
  /** The mapped entity; null for a class that mapped classes extend. */
  readonly entity: Entity | null;
  readonly base: abstract new (
    ...args: never[]
  ) => object;
  readonly includeAliases: boolean;
  readonly propagates: boolean;
  readonly #criteria: ClauseElement | null;
  readonly #make: CriteriaFunction<unknown> | null;

  constructor(target: object, criteria: unknown, options: CriteriaOptions) {
    this.base = target as never;
    let entity: Entity | null = null;
    try {
      entity = entityOf.resolve(target, "withLoaderCriteria()");
    } catch (error) {
      if (typeof criteria !== "function") throw error;
    }
    this.entity = entity;
    this.includeAliases = options.includeAliases ?? false;
    this.propagates = options.propagateToLoaders ?? true;
    this.#make = entity === null ? (criteria as CriteriaFunction<unknown>) : null;
    const given =
      entity !== null && typeof criteria === "function" ? (criteria as CriteriaFunction<unknown>)(target) : criteria;
    this.#criteria = entity === null ? null : condition(given, "withLoaderCriteria()");
  }

  get cacheKey(): string {
    return "criteria";
  }

  appendCacheKey(key: CacheKeyBuilder): void {
    key.add(`!${this.includeAliases ? "a" : ""}${this.propagates ? "p" : ""}`);
    if (this.#criteria === null) {
      // The condition depends on the class that it meets, so that its values cannot be collected beforehand.
      key.uncacheable = true;
      key.add(`#${identityOf(this.base)}`);
      return;
    }
    this.entity?.appendCacheKey(key);
    this.#criteria.appendCacheKey(key);
  }

  /** The condition for an entity of a statement, in terms of the mapped class's own columns; null: none. */
  criteriaFor(entity: Entity): ClauseElement | null {
    if (this.entity === null) {
      const { class: type } = entity.mapper;
      if (type !== this.base && !(type.prototype instanceof (this.base as unknown as new () => object))) return null;
      return condition((this.#make as CriteriaFunction<unknown>)(type), "withLoaderCriteria()");
    }
    if (this.entity.alias !== null) return this.entity.alias === entity.alias ? this.#criteria : null;
    if (
      entity.alias !== null &&
      !this.includeAliases &&
      (entity as { readonly isImplicit?: boolean }).isImplicit !== true
    )
      return null;
    return entity.mapper.isa(this.entity.mapper) ? this.#criteria : null;
  }
}

/**
 * Adds a condition wherever an entity appears in a statement: in FROM, in joins, in lazy and eager loads.
 *
 * @param criteria the condition, or a function that makes it of the class: for a class that mapped classes extend, of each of these.
 * @example select(Author).options(withLoaderCriteria(Book, Book.$.hidden.is(false)))
 * @throws ArgumentError without a condition.
 */
export function withLoaderCriteria<C extends object>(
  entity: C,
  criteria: Condition | CriteriaFunction<C>,
  options: CriteriaOptions = {},
): CriteriaOption {
  if (criteria === undefined || criteria === null) throw new ArgumentError("withLoaderCriteria() needs a condition");
  return new CriteriaOption(entity, criteria, options);
}
