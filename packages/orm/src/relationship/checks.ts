/** Ties the two sides of a relationship together, and refuses or warns of combinations that cannot be meant. */
import { ArgumentError, ColumnClause, type ColumnElement, InvalidRequestError, warn } from "@athanor/core";
import type { Mapper } from "../mapping/mapper.ts";
import { cascadeNames } from "./cascade.ts";
import { type Direction, directionNames } from "./direction.ts";
import { describeColumn } from "./foreign-keys.ts";
import { RelationshipProperty } from "./relationship.ts";

/** Finds the other side by `backPopulates`. @throws ArgumentError, InvalidRequestError */
export function tieTogether(property: RelationshipProperty): void {
  const { backPopulates, mapper } = property;
  if (backPopulates === null) return;
  const parent = property.parent as Mapper;
  const other = mapper.props.get(backPopulates);
  if (other === undefined) {
    throw new InvalidRequestError(
      `Mapper '${mapper}' has no property '${backPopulates}'.  backPopulates of ${property} names it.`,
      {
        fix: `declare ${backPopulates} on ${mapper.class.name}, or correct the name`,
      },
    );
  }
  if (!(other instanceof RelationshipProperty)) {
    throw new InvalidRequestError(
      `back_populates on relationship '${property}' refers to attribute '${other}' that is not a relationship.  The back_populates parameter should refer to the name of a relationship on the target class.`,
    );
  }
  property.reverse.add(other);
  other.reverse.add(property);
  if (!other.configured) return;
  if (!other.mapper.commonParent(parent)) {
    throw new ArgumentError(
      `reverse_property '${backPopulates}' on relationship ${property} references relationship ${other}, which does not reference mapper ${parent}`,
    );
  }
  const { direction } = property;
  if (direction !== "manyToMany" && direction === other.direction) {
    throw new ArgumentError(
      `${property} and back-reference ${other} are both of the same direction ${directionNames[direction]}.  Did you mean to set remote_side on the many-to-one side ?`,
      {
        fix: "pass { remoteSide: () => … } on the many-to-one side",
      },
    );
  }
}

const phrases: Readonly<Record<Direction, string>> = {
  oneToMany: "one-to-many",
  manyToOne: "many-to-one",
  manyToMany: "many-to-many",
};

/** Checks the cascades. @throws ArgumentError */
export function checkRelationship(property: RelationshipProperty): void {
  const { cascade, direction, mapper } = property;
  const parent = property.parent as Mapper;
  if (cascade.deleteOrphan && !property.singleParent && direction !== "oneToMany") {
    const [related, own] = [mapper.class.name, parent.class.name];
    throw new ArgumentError(
      `For ${phrases[direction]} relationship ${property}, delete-orphan cascade is normally configured only on the "one" side of a one-to-many relationship, and not on the "many" side of a many-to-one or many-to-many relationship.  To force this relationship to allow a particular "${related}" object to be referenced by only a single "${own}" object at a time via the ${property} relationship, which would allow delete-orphan cascade to take place in this direction, set the single_parent=True flag.`,
      { code: "bbf0", fix: "pass { singleParent: true }" },
    );
  }
  if (property.passiveDeletes === "all" && (cascade.delete || cascade.deleteOrphan)) {
    throw new ArgumentError(
      `On ${property}, can't set passive_deletes='all' in conjunction with 'delete' or 'delete-orphan' cascade`,
    );
  }
  if (property.viewonly && property.cascadeWasGiven) {
    const writing = cascadeNames(cascade).filter(
      (name) => name === "delete" || name === "delete-orphan" || name === "save-update",
    );
    if (writing.length > 0) {
      throw new ArgumentError(
        `Cascade settings "${writing.join(", ")}" apply to persistence operations and should not be combined with a viewonly=True relationship.`,
      );
    }
  }
  if (cascade.deleteOrphan && !cascade.delete)
    warn(`The 'delete-orphan' cascade option requires 'delete'. (${property})`);
  if (cascade.deleteOrphan)
    for (const below of mapper.selfAndDescendants)
      if (!below.deleteOrphans.some((known) => known.property === property))
        below.deleteOrphans.push({ key: property.key, property });
}

/** Relationships that write a column, and what they write there. */
const writers = new WeakMap<ColumnElement, Map<RelationshipProperty, ColumnElement>>();

/** Warns when two relationships write the same column and nothing says that this is meant. */
export function warnOfOverlaps(property: RelationshipProperty): void {
  if (property.viewonly) return;
  for (const [from, to] of [...property.synchronizePairs, ...property.secondarySynchronizePairs]) {
    const known = writers.get(to);
    if (known === undefined) {
      writers.set(to, new Map([[property, from]]));
      continue;
    }
    const others = [...known].filter(([other]) => other !== property && conflicts(property, other));
    if (others.length > 0) warn(overlapMessage(property, from, to, others));
    known.set(property, from);
  }
}

function conflicts(property: RelationshipProperty, other: RelationshipProperty): boolean {
  const [parent, otherParent] = [property.parent as Mapper, other.parent as Mapper];
  const siblings = (a: Mapper, b: Mapper): boolean => a !== b && a.commonParent(b) && !a.isa(b) && !b.isa(a);
  return (
    !property.reverse.has(other) &&
    !property.overlaps.has(other.key) &&
    !other.overlaps.has(property.key) &&
    !siblings(parent, otherParent) &&
    !siblings(property.mapper, other.mapper) &&
    !siblings(parent, other.mapper) &&
    !siblings(property.mapper, otherParent) &&
    (property.key !== other.key || !parent.commonParent(otherParent))
  );
}

function overlapMessage(
  property: RelationshipProperty,
  from: ColumnElement,
  to: ColumnElement,
  others: readonly (readonly [RelationshipProperty, ColumnElement])[],
): string {
  const name = (column: ColumnElement): string =>
    column instanceof ColumnClause ? describeColumn(column) : String(column);
  const list = others.map(([other, source]) => `'${other}' (copies ${name(source)} to ${name(to)})`).sort();
  const keys = others.map(([other]) => other.key).sort();
  return (
    `relationship '${property}' will copy column ${name(from)} to column ${name(to)}, which conflicts with relationship(s): ${list.join(", ")}. ` +
    "If this is not the intention, consider if these relationships should be linked with back_populates, or if viewonly=True should be applied to one or more if they are read-only. " +
    "For the less common case that foreign key constraints are partially overlapping, the orm.foreign() annotation can be used to isolate the columns that should be written towards.   " +
    `To silence this warning, add the parameter 'overlaps="${keys.join(",")}"' to the '${property}' relationship.`
  );
}
