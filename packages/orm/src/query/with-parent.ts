/** `withParent()`: the objects of a relationship, as a condition. */
import { ArgumentError, type ColumnElement } from "@athanor/core";
import { parentCriterion } from "./comparators.ts";
import { toEntity } from "./entity.ts";
import { relationshipOf } from "./marks.ts";

/**
 * The objects that belong to a parent: `select(Address).where(withParent(user, User.$.addresses))`.
 *
 * @throws ArgumentError for something that is no relationship.
 */
export function withParent<T>(
  object: T & object,
  attribute: { readonly "~owner": (owner: T) => void },
  options: { readonly from?: object } = {},
): ColumnElement<boolean> {
  const relationship = relationshipOf(attribute);
  if (relationship === undefined)
    throw new ArgumentError("withParent() takes an object and a relationship of its class", {
      fix: "withParent(user, User.$.addresses)",
    });
  return parentCriterion(
    object,
    relationship,
    options.from === undefined ? null : toEntity(options.from, "withParent()"),
  );
}
