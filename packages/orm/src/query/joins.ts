/** The joins of an entity SELECT: relationships become ON conditions, left sides are found, entities become selectables. */
import {
  ClauseElement,
  canJoin,
  type FromClause,
  type FromElement,
  InvalidRequestError,
  isFromClause,
  Join,
  type JoinEntry,
  joinCondition,
  joinConditions,
  type Node,
  operators,
} from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import { containsFrom, entityExpression, flatAlias } from "./adapt.ts";
import { AliasEntity } from "./alias-entity.ts";
import { entityOfNode, type RelationshipElement, relationshipOf } from "./marks.ts";
import { relationshipJoin } from "./relationship-join.ts";

/** What joins need from the statement around them. */
export interface JoinSurroundings {
  /** The FROM list so far; changed in place. */
  readonly froms: Node[];
  /** Selectables of the entities in the column list, for statements without FROM. */
  candidates(): FromClause[];
  /** Conditions that an entity brings along where it is joined: single-table inheritance, loader criteria. */
  criteriaOf(entity: Entity): readonly ClauseElement[];
  /** Notes that an entity stands in FROM with its conditions in place. */
  joined(entity: Entity): void;
  /** Notes that an entity's attributes mean those of an alias from now on. */
  replace(entity: Entity, alias: AliasEntity): void;
  /** A node with the attributes of replaced entities moved onto their aliases. */
  moved<N extends Node>(node: N): N;
}

/** Applies one `join()`. */
export function applyJoin(entry: JoinEntry, around: JoinSurroundings): void {
  const target = relationshipOf(entry.target);
  if (target !== undefined && entry.onclause !== null)
    throw new InvalidRequestError(
      "No 'on clause' argument may be passed when joining to a relationship path as a target",
      { fix: 'add conditions by and(): join(User.$.orders.and(Order.$.note.eq("x")))' },
    );
  const along = target ?? relationshipOf(entry.onclause);
  let right = joinTarget(entry, along);
  const explicitLeft = entry.from === null ? null : (entityOfNode(entry.from) ?? (entry.from as FromClause));
  const leftEntity =
    explicitLeft !== null && !isFromClause(explicitLeft) ? (explicitLeft as Entity) : (along?.parent ?? null);
  const leftFrom =
    explicitLeft === null
      ? (along?.parent.selectable ?? null)
      : isFromClause(explicitLeft)
        ? explicitLeft
        : (explicitLeft as Entity).selectable;
  const index = leftFrom === null ? implicitLeft(right, entry.onclause, around) : placeOf(leftFrom, around);
  const left = around.froms[index] as FromClause;
  if (right.entity?.alias === null && right.from instanceof Join && overlapOf(left, right.from) !== undefined) {
    // Classes of joined tables share some: the second one gets aliases by itself.
    const alias = new AliasEntity(right.entity.mapper, flatAlias(right.from), right.entity.name, [], true);
    around.replace(right.entity, alias);
    right = { entity: alias, from: alias.alias };
  } else refuseOverlap(left, right.from);
  const extra: ClauseElement[] = [];
  if (right.entity !== null) {
    extra.push(...around.criteriaOf(right.entity));
    around.joined(right.entity);
  }
  if (along !== undefined && right.entity !== null) {
    const entity = right.entity;
    extra.unshift(...along.extraCriteria.map((criterion) => entityExpression(entity, criterion)));
    around.froms[index] = joinAlong(left, leftEntity ?? along.parent, along, entity, extra, entry.isouter, entry.full);
    return;
  }
  const given = entry.onclause as ClauseElement | null;
  const onclause = given === null ? joinCondition(left, right.from) : around.moved(given);
  around.froms[index] = new Join(left, right.from, both(onclause, extra), entry.isouter, entry.full);
}

/** A table that both sides have. */
function overlapOf(left: FromClause, right: FromClause): FromClause | undefined {
  const parts = right instanceof Join ? right.hides.filter((part) => !(part instanceof Join)) : [right];
  return parts.find((part) => containsFrom(left, part));
}

/** A table can stand in one FROM element twice only under another name. */
function refuseOverlap(left: FromClause, right: FromClause): void {
  const twice = overlapOf(left, right);
  if (twice === undefined) return;
  throw new InvalidRequestError(`Can't join table/selectable '${twice.description}' to itself`, {
    fix: "give one side another name: aliased(Class), with { flat: true } for classes of joined tables",
  });
}

/** A join along a relationship; many-to-many ones bring the table between. */
function joinAlong(
  left: FromClause,
  source: Entity,
  along: RelationshipElement,
  target: Entity,
  extra: readonly ClauseElement[],
  isouter: boolean,
  full: boolean,
): Join {
  const { primary, secondary } = relationshipJoin(along.property, source, target, { aliasSecondary: true });
  const right = target.selectable;
  if (secondary === null) return new Join(left, right, both(primary, extra), isouter, full);
  if (isouter)
    return new Join(left, new Join(secondary.table, right, both(secondary.condition, extra)), primary, true, full);
  return new Join(new Join(left, secondary.table, primary), right, both(secondary.condition, extra), false, full);
}

function both(condition: ClauseElement, extra: readonly ClauseElement[]): ClauseElement {
  return extra.length === 0 ? condition : joinConditions(operators.and, [condition, ...extra]);
}

interface Target {
  readonly entity: Entity | null;
  readonly from: FromClause;
}

function joinTarget(entry: JoinEntry, along: RelationshipElement | undefined): Target {
  if (along !== undefined && relationshipOf(entry.target) !== undefined) {
    const entity = along.ofTypeEntity ?? along.property.entity;
    return { entity, from: entity.selectable };
  }
  const entity = entityOfNode(entry.target);
  if (entity !== undefined) return { entity, from: entity.selectable };
  const from = entry.target as FromClause;
  if (along === undefined) return { entity: null, from };
  // A plain selectable joined along a relationship stands for the related entity.
  return { entity: { ...plainEntity(along.property.entity), alias: from, selectable: from }, from };
}

function plainEntity(entity: Entity): Omit<Entity, "alias" | "selectable"> {
  return { mapper: entity.mapper, name: entity.name, appendCacheKey: (key) => entity.appendCacheKey(key) };
}

/** The place of a known left side in the FROM list; added where it is not there. */
function placeOf(left: FromClause, around: JoinSurroundings): number {
  const known = around.froms.findIndex((from) => containsFrom(from, left));
  if (known >= 0) return known;
  return around.froms.push(left) - 1;
}

function implicitLeft(right: Target, onclause: Node | null, around: JoinSurroundings): number {
  const { froms } = around;
  const isListed = froms.length > 0;
  const candidates = isListed ? (froms as FromClause[]) : around.candidates();
  const fitting = candidates.flatMap((left, index) =>
    isFromClause(left) &&
    !containsFrom(right.from, left) &&
    (onclause === null ? canJoin(left, right.from) : mentions(onclause, left))
      ? [index]
      : [],
  );
  let chosen = fitting[0];
  if (fitting.length > 1 && onclause === null) {
    throw new InvalidRequestError(
      "Can't determine which FROM clause to join from, there are multiple FROMS which can join to this entity",
      {
        fix: "use joinFrom() to name the left side, or pass the ON condition",
      },
    );
  }
  if (chosen === undefined && onclause !== null && candidates.length > 0)
    chosen = Math.max(
      candidates.findIndex((left) => isFromClause(left) && !containsFrom(right.from, left)),
      0,
    );
  if (chosen === undefined) {
    const name = right.entity === null ? right.from.description : String(right.entity.mapper);
    throw new InvalidRequestError(
      `Don't know how to join to ${name}. Please use the .selectFrom() method to establish an explicit left side, as well as providing an explicit ON clause if not present already to help resolve the ambiguity.`,
    );
  }
  return isListed ? chosen : placeOf(candidates[chosen] as FromClause, around);
}

function mentions(onclause: Node, left: FromClause): boolean {
  const found = new Set<FromElement>();
  if (onclause instanceof ClauseElement) onclause.collectFroms(found);
  return [...found].some((from) => containsFrom(left, from as FromClause));
}

/** Joins a selectable onto the part of a FROM element that contains `anchor`, inside it where `nested`. */
export function joinOnto(
  from: FromClause,
  anchor: FromClause,
  right: FromClause,
  condition: ClauseElement,
  isouter: boolean,
  nested: boolean,
): FromClause {
  if (nested && from instanceof Join && from.isouter && containsFrom(from.right, anchor)) {
    return new Join(
      from.left,
      joinOnto(from.right, anchor, right, condition, isouter, true),
      from.onclause,
      from.isouter,
      from.full,
    );
  }
  if (
    nested &&
    from instanceof Join &&
    containsFrom(from.left, anchor) &&
    from.left instanceof Join &&
    hasOuter(from.left, anchor)
  ) {
    return new Join(
      joinOnto(from.left, anchor, right, condition, isouter, true),
      from.right,
      from.onclause,
      from.isouter,
      from.full,
    );
  }
  return new Join(from, right, condition, isouter);
}

function hasOuter(from: FromClause, anchor: FromClause): boolean {
  if (!(from instanceof Join)) return false;
  return (from.isouter && containsFrom(from.right, anchor)) || hasOuter(from.left, anchor);
}
