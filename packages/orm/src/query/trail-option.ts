/** Tells a loader's statement on which way it came about, so that eager relationships do not go round in circles. Not for users. */
import { identityOf, type StatementOption } from "@athanor/core";
import type { Mapper } from "../mapping/mapper.ts";
import { mapperMemo } from "../mapping/memo.ts";
import type { OptionNode } from "../options/tree.ts";
import type { Trail } from "./entity-columns.ts";

/** The relationships between the statement that users wrote and this one. */
export class TrailOption implements StatementOption {
  readonly trail: Trail;
  readonly cacheKey: string;

  constructor(trail: Trail) {
    this.trail = trail;
    this.cacheKey = `trail:${trail.map(({ property, byOption, isLazy }) => `${identityOf(property)}${byOption ? "o" : ""}${isLazy === true ? "l" : ""}`).join()}`;
  }
}

const eager: ReadonlySet<string> = new Set(["joined", "selectin", "subquery", "immediate"]);
const eagerMappers = mapperMemo<boolean, Mapper>();

/** The option for a statement about `target`, where a circle is possible at all. */
export function trailOptions(target: Mapper, node: OptionNode | null, trail: Trail): TrailOption[] {
  return hasEagers(target) || node?.hasWildcard === true ? [new TrailOption(trail)] : [];
}

/** Whether a class, or one below it, is mapped with relationships that load along with it. */
function hasEagers(mapper: Mapper): boolean {
  let known = eagerMappers.get(mapper);
  if (known === undefined) {
    known = mapper.selfAndDescendants.some((each) => each.relationships.some(({ lazy }) => eager.has(lazy)));
    if (mapper.configured) eagerMappers.set(mapper, known);
  }
  return known;
}
