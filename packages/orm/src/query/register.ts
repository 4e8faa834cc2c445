/** Fills the places by which lower layers reach queries. Imported once by the package's entry. */
import { deriveSelect, type Select } from "@athanor/core";
import { relationshipOperations } from "../mapping/relationship-attribute.ts";
import { anyOf, containsOf, equalTo, hasOf, joinConditionOf, notEqualTo } from "./comparators.ts";
import { registerDescriptions } from "./descriptions.ts";
import { toEntity } from "./entity.ts";
import { fromStatement } from "./from-statement.ts";
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
registerDescriptions();
deriveSelect.fromStatement = (select, statement) => fromStatement(select as Select, statement);
