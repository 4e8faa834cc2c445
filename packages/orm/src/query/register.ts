/** Fills the places by which lower layers reach queries. Imported once by the package's entry. */
import { relationshipOperations } from "../mapping/relationship-attribute.ts";
import { anyOf, containsOf, equalTo, hasOf, joinConditionOf, notEqualTo } from "./comparators.ts";
import { toEntity } from "./entity.ts";
import { registerOrmStatements } from "./transform.ts";

Object.assign(relationshipOperations, {
  any: anyOf,
  has: hasOf,
  contains: containsOf,
  eq: equalTo,
  ne: notEqualTo,
  condition: joinConditionOf,
  entity: toEntity,
});

registerOrmStatements();
