/** Makes the attribute of a relationship that is set up. */
import { chooseAdapter } from "../collections/choose.ts";
import { CollectionAttribute } from "../instrument/collection-attribute.ts";
import { DynamicAttribute } from "../instrument/dynamic-attribute.ts";
import { ObjectAttribute } from "../instrument/object-attribute.ts";
import type { RelatedAttribute } from "../instrument/related.ts";
import type { Mapper } from "../mapping/mapper.ts";
import type { RelationshipProperty } from "./relationship.ts";

/** Makes the attribute, for the class of the relationship and those below it. */
export function makeRelationshipAttribute(property: RelationshipProperty): void {
  const parent = property.parent as Mapper;
  const known = parent.attributes.get(property.key);
  if (known !== undefined && known.property === property) return;
  const attribute = makeAttribute(property, parent);
  attribute.trackParent = property.singleParent || property.direction === "oneToMany";
  attribute.tracksChanges = !property.viewonly || property.syncBackref;
  for (const mapper of parent.selfAndDescendants)
    if (mapper.props.get(property.key) === property) mapper.attributes.set(property.key, attribute);
}

function makeAttribute(property: RelationshipProperty, parent: Mapper): RelatedAttribute {
  const { key, lazy } = property;
  if (lazy === "writeOnly" || lazy === "dynamic") return new DynamicAttribute(key, property, parent);
  if (property.uselist)
    return new CollectionAttribute(
      key,
      property,
      parent,
      chooseAdapter(property.collectionClass, `${property}`),
      property.activeHistory,
    );
  // An object that may have one parent only must be taken off its old one at once.
  const activeHistory = property.activeHistory || property.singleParent;
  const attribute = new ObjectAttribute(key, property, parent, { activeHistory });
  attribute.deferredHistory = !activeHistory && !property.useGet;
  return attribute;
}
