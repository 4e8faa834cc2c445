/** Refuses options that a statement has no place for, and those that contradict each other: once per compiled statement. */
import { ArgumentError, InvalidRequestError } from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import { type OptionEntry, optionName } from "./choice.ts";
import { CarriedOption, LoaderOption } from "./option.ts";

/**
 * Checks the options that users gave to a statement.
 *
 * @param entities the entities in its column list.
 * @throws ArgumentError for options about other entities; InvalidRequestError for two strategies of one relationship.
 */
export function checkOptions(options: readonly unknown[], entities: readonly Entity[]): void {
  const entries = options.flatMap((option) =>
    option instanceof LoaderOption && !(option instanceof CarriedOption) ? option.entries : [],
  );
  for (const entry of entries) checkRoot(entry, entities);
  entries.forEach((entry, index) => {
    for (const other of entries.slice(0, index)) checkConflict(other, entry);
  });
}

function checkRoot(entry: OptionEntry, entities: readonly Entity[]): void {
  const root = entry.path[0]?.owner ?? entry.entity;
  if (root === null || entities.some((entity) => isAbout(root, entity))) return;
  const name = describe(entry);
  if (entities.length === 0) {
    throw new ArgumentError(
      `Query has only expression-based entities; attribute loader option ${name} can't be applied here.`,
      { fix: "select the mapped class, or leave the option out" },
    );
  }
  throw new ArgumentError(
    `Mapped class ${entityName(root)} referenced in option ${name} does not apply to any of the root entities in this query, e.g. ${entities.map(entityName).join(", ")}.`,
    {
      fix: "write the whole path from one of the statement's entities, e.g. selectinload(User.$.orders).selectinload(Order.$.items)",
    },
  );
}

/** Whether options that start at `root` can be meant for `entity`: the same alias, or classes of one hierarchy. */
function isAbout(root: Entity, entity: Entity): boolean {
  if (root === entity) return true;
  const isPlain = entity.alias === null || (entity as { readonly isImplicit?: boolean }).isImplicit === true;
  if (root.alias !== null) return root.alias === entity.alias;
  return isPlain && root.mapper.baseMapper === entity.mapper.baseMapper;
}

function checkConflict(before: OptionEntry, entry: OptionEntry): void {
  const [known, given] = [before.action, entry.action];
  if (known.kind !== "relationship" || given.kind !== "relationship") return;
  if (known.choice === null || given.choice === null || known.choice.strategy === given.choice.strategy) return;
  const { path } = entry;
  if (path.at(-1)?.key === "*" || path.length !== before.path.length) return;
  const isSame = path.every((step, index) => {
    const other = before.path[index];
    return other !== undefined && step.key === other.key && sameOwner(step.owner, other.owner);
  });
  if (!isSame) return;
  throw new InvalidRequestError(
    `Loader strategy replacement ${describe(entry)} is in conflict with existing strategy ${describe(before)}`,
    { fix: "name each relationship path with one strategy only" },
  );
}

function sameOwner(a: Entity | null, b: Entity | null): boolean {
  if (a === b) return true;
  return a !== null && b !== null && a.alias === b.alias && a.mapper.baseMapper === b.mapper.baseMapper;
}

function describe({ path, entity, action }: OptionEntry): string {
  const steps = path.map(({ owner, key }) => `${owner === null ? "" : `${entityName(owner)}.`}${key}`).join(" -> ");
  if (action.kind === "relationship")
    return `${action.choice === null ? "defaultload" : optionName(action.choice)}(${steps})`;
  const place = steps !== "" ? steps : entity === null ? "" : entityName(entity);
  if (action.kind === "column") return `${action.choice.deferred ? "defer" : "undefer"}(${place}.${action.key})`;
  return `${action.kind} option (${place})`;
}

function entityName(entity: Entity): string {
  const { name } = entity.mapper.class;
  return entity.alias === null || (entity as { readonly isImplicit?: boolean }).isImplicit === true
    ? name
    : `aliased(${name})`;
}
