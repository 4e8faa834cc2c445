/** Levels of a self-referential relationship: what `recursionDepth` says again below itself. */
import type { RelationshipChoice } from "../options/choice.ts";
import { CarriedOption, type LoaderOption } from "../options/option.ts";
import type { RelationshipProperty } from "../relationship/relationship.ts";

/** The option for the next level; none at the last one. */
export function recursionOptions(property: RelationshipProperty, choice: RelationshipChoice | null): LoaderOption[] {
  const depth = choice?.recursionDepth ?? null;
  if (choice === null || depth === null || depth === 0) return [];
  const next: RelationshipChoice = { ...choice, recursionDepth: depth === -1 ? -1 : depth - 1 };
  const step = { owner: property.mapper, key: property.key, ofType: null, criteria: [] };
  return [new CarriedOption([{ path: [step], entity: null, action: { kind: "relationship", choice: next } }], [])];
}
