/** Marks the EXISTS of `any()` and `has()`: loader criteria of the statement around hold for its entity. Not for users. */
import type { StatementOption } from "@athanor/core";
import type { Entity } from "../base/entity.ts";

/** The entity whose rows are looked for. */
export class ExistsOption implements StatementOption {
  readonly cacheKey = "exists";
  readonly entity: Entity;

  constructor(entity: Entity) {
    this.entity = entity;
  }
}
