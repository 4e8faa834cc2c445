/** Gives an object what a second statement has loaded for one of its relationships. */
import { warn } from "@athanor/core";
import type { Attribute } from "../../instrument/attribute.ts";
import type { RelationshipProperty } from "../../relationship/relationship.ts";
import type { InstanceState } from "../../state/instance-state.ts";

/** For objects for which nothing was found. */
export const noneRelated: readonly object[] = Object.freeze([]);

/** Sets a collection, or the one object; of several the first, with a warning. */
export function storeRelated(
  property: RelationshipProperty,
  attribute: Attribute,
  state: InstanceState,
  objects: readonly object[],
): void {
  if (property.uselist) {
    attribute.setCommitted(state, objects);
    return;
  }
  if (objects.length > 1) warn(`Multiple rows returned with uselist=False for eagerly-loaded attribute '${property}' `);
  attribute.setCommitted(state, objects[0] ?? null);
}
