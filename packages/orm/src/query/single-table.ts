/** The condition that tells the rows of a single-table subclass from those of its siblings. */
import type { ClauseElement } from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import type { Mapper } from "../mapping/mapper.ts";
import { entityExpression } from "./adapt.ts";

const criteria = new WeakMap<Mapper, ClauseElement | null>();

/** `type IN ('circle', …)` for single-table subclasses; null for all others. */
export function singleTableCriterion(mapper: Mapper): ClauseElement | null {
  let criterion = criteria.get(mapper);
  if (criterion === undefined) {
    criterion = null;
    if (mapper.single && mapper.inherits !== null && mapper.polymorphicOn !== null) {
      const identities = mapper.selfAndDescendants
        .map((each) => each.polymorphicIdentity)
        .filter((identity) => identity !== null && identity !== undefined);
      criterion = mapper.polymorphicOn.in(identities as never);
      // More subclasses may come until the mappers are configured.
      if (!mapper.configured) return criterion;
    }
    criteria.set(mapper, criterion);
  }
  return criterion;
}

/** {@link singleTableCriterion} in terms of an entity. */
export function entityCriterion(entity: Entity): ClauseElement | null {
  const criterion = singleTableCriterion(entity.mapper);
  return criterion === null ? null : entityExpression(entity, criterion);
}
