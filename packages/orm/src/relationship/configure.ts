/**
 * Sets up the relationships of mappers when they are first needed: calls the functions of shapes, finds join conditions,
 * ties the two sides together, makes attributes. Runs again from the start when a run failed. Filled into ../mapping/registry.ts.
 */
import {
  ArgumentError,
  type ColumnClause,
  ColumnClause as ColumnClauseClass,
  ColumnElement,
  describe,
  type FromClause,
  InvalidRequestError,
  isFromClause,
  type MetaData,
  replacementTraverse,
  resolveNode,
} from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import { EntityNode } from "../base/entity-node.ts";
import { MapperProperty } from "../base/property.ts";
import { findMapper } from "../mapping/class-map.ts";
import { ColumnProperty } from "../mapping/column-property.ts";
import { setUpConcreteBases } from "../mapping/concrete.ts";
import { DescriptorProperty } from "../mapping/descriptor.ts";
import { LateProperty } from "../mapping/late-property.ts";
import { type Mapper, metadataOf } from "../mapping/mapper.ts";
import { setUpConcreteUnions } from "../mapping/polymorphic-union.ts";
import { addProperty, makeAttribute } from "../mapping/set-up.ts";
import { MarkedColumn } from "./annotations.ts";
import { makeRelationshipAttribute } from "./attributes.ts";
import { checkRelationship, tieTogether, warnOfOverlaps } from "./checks.ts";
import { answerJoin } from "./join-condition.ts";
import { RelationshipProperty } from "./relationship.ts";

/** Sets up mappers that wait for it. */
export function setUpMappers(mappers: readonly Mapper[]): void {
  for (const mapper of mappers) mapper.dispatch.of("beforeMapperConfigured").fire(mapper, mapper.class);
  const made = mappers.map((mapper) => [mapper, callFunctions(mapper)] as const);
  for (const [mapper, properties] of made) putInPlace(mapper, properties);
  setUpConcreteBases(mappers);
  const relationships: RelationshipProperty[] = [];
  for (const mapper of mappers) {
    for (const property of mapper.props.values())
      if (property instanceof RelationshipProperty && property.parent === mapper) relationships.push(property);
  }
  for (const property of relationships) setUpRelationship(property);
  for (const property of relationships) tieTogether(property);
  for (const property of relationships) checkRelationship(property);
  for (const property of relationships) makeRelationshipAttribute(property);
  for (const mapper of mappers) inheritAttributes(mapper);
  for (const mapper of mappers)
    for (const property of mapper.props.values())
      if (property instanceof DescriptorProperty && property.parent === mapper) property.configure(mapper);
  for (const property of relationships) warnOfOverlaps(property);
  setUpConcreteUnions(mappers);
  for (const mapper of mappers) {
    mapper.markConfigured(true);
    mapper.dispatch.of("mapperConfigured").fire(mapper, mapper.class);
  }
}

// ---- functions of the shape ----

/** Calls the functions of a shape; nothing is changed yet, because one of them may name a class that is not there. */
function callFunctions(mapper: Mapper): ReadonlyMap<string, MapperProperty> {
  const made = new Map<string, MapperProperty>();
  for (const [key, property] of mapper.props) {
    if (!(property instanceof LateProperty) || property.parent !== mapper) continue;
    property.ask = () => madeOf(property, mapper, key);
  }
  for (const [key, property] of mapper.props)
    if (property instanceof LateProperty && property.parent === mapper) made.set(key, madeOf(property, mapper, key));
  return made;
}

const asked = new Set<LateProperty>();

/** The property that a function gives; it is called once, unless it failed. */
function madeOf(property: LateProperty, mapper: Mapper, key: string): MapperProperty {
  if (property.made !== null) return property.made;
  const where = `${mapper.class.name}.${key}`;
  if (asked.has(property)) throw new InvalidRequestError(`the function of ${where} asks for ${where} itself`);
  asked.add(property);
  try {
    const made = asProperty(ask(property, where), where);
    made.key = key;
    made.parent = mapper;
    // A relationship whose configuration fails is asked for again.
    if (!(made instanceof RelationshipProperty)) property.made = made;
    return made;
  } finally {
    asked.delete(property);
  }
}

/** What the function of a relationship gives. @throws InvalidRequestError where it names something that is not there yet. */
function ask(property: LateProperty, where: string): unknown {
  try {
    return property.make();
  } catch (error) {
    // A class or constant of a module that is still being loaded: the engine's message names it, but not who asks too early.
    if (!(error instanceof ReferenceError)) throw error;
    throw new InvalidRequestError(`the function of ${where} uses something that is not there yet: ${error.message}`, {
      cause: error,
      fix: "aliased(), inspect() and the like set the mappers up: call them after all classes are defined, or inside of the function",
    });
  }
}

function asProperty(given: unknown, where: string): MapperProperty {
  // The function is asked again later, when the class may be there.
  if (given instanceof RelationshipProperty && given.argument === undefined) {
    throw new InvalidRequestError(`the related class of ${where} is undefined`, {
      fix: "modules that import each other must not use each other's classes while they are loaded: check the import of the class",
    });
  }
  if (given instanceof MapperProperty) return given.parent === null ? given : given.copy();
  const node = resolveNode(given);
  if (node instanceof ColumnElement) return new ColumnProperty([node]);
  throw new ArgumentError(`the function of ${where} gave ${describe(given)}`, {
    fix: "it must give many(…), one(…) or columnProperty(…)",
  });
}

/** Puts the properties where their functions were, in subclasses too. */
function putInPlace(mapper: Mapper, made: ReadonlyMap<string, MapperProperty>): void {
  for (const [key, property] of made) {
    const late = mapper.props.get(key) as LateProperty;
    if (property instanceof ColumnProperty) property.isAdded = late.isAdded;
    addProperty(mapper, key, property);
    if (property instanceof ColumnProperty) makeAttribute(mapper, property);
    for (const below of mapper.selfAndDescendants) {
      if (below.props.get(key) === late) below.props.set(key, property);
      if (property instanceof ColumnProperty && below !== mapper && below.props.get(key) === property)
        for (const column of property.columns) below.columnToProperty.set(column, property);
      below.forget();
    }
    if (property instanceof DescriptorProperty) property.install(mapper.class.prototype as object, mapper);
  }
}

function inheritAttributes(mapper: Mapper): void {
  if (mapper.inherits === null) return;
  for (const [key, property] of mapper.props) {
    if (property.parent === mapper || mapper.attributes.has(key)) continue;
    const inherited = (property.parent as Mapper).attributes.get(key);
    if (inherited !== undefined) mapper.attributes.set(key, inherited);
  }
}

// ---- one relationship ----

function setUpRelationship(property: RelationshipProperty): void {
  const parent = property.parent as Mapper;
  const { options } = property;
  const entity = targetOf(property);
  const target = entity.mapper;
  const secondary = fromOf(options.secondary, `secondary of ${property}`, metadataOf(parent));
  const answer = answerJoin({
    name: property.toString(),
    parent,
    target,
    alias: entity.alias,
    secondary,
    primaryjoin: conditionOf(options.primaryjoin, `primaryjoin of ${property}`),
    secondaryjoin: conditionOf(options.secondaryjoin, `secondaryjoin of ${property}`),
    foreignKeys: columnSetOf(options.foreignKeys, `foreignKeys of ${property}`),
    remoteSide: columnSetOf(options.remoteSide, `remoteSide of ${property}`),
    viewonly: property.viewonly,
  });
  const uselist = options.uselist ?? property.wantsList ?? answer.direction !== "manyToOne";
  if (property.wantsList === true && answer.direction === "manyToOne" && options.uselist === undefined) {
    throw new ArgumentError(
      `many() is declared for ${property}, but the foreign key is on this side: ${parent.class.name} refers to one ${target.class.name}`,
      {
        fix:
          parent === target
            ? "use one(), or name the side that is referred to with { remoteSide: () => … }"
            : "use one()",
      },
    );
  }
  property.setup({
    target,
    entity,
    uselist,
    secondary,
    ...answer,
    orderBy: orderOf(property, options.orderBy, target),
  });
}

/** What `many()` or `one()` was given, as an entity. */
function targetOf(property: RelationshipProperty): Entity {
  let given = property.argument;
  if (typeof given === "function" && findMapper(given) === undefined && !("prototype" in given))
    given = (given as () => unknown)();
  const mapper = findMapper(given);
  if (mapper !== undefined) return mapper;
  const node = resolveNode(given);
  if (node instanceof EntityNode) return node.entity;
  throw new ArgumentError(
    `relationship '${property.key}' expects a class or a mapper argument (received: ${describe(given)})`,
  );
}

/** An option, or what its function gives. */
function called(given: unknown): unknown {
  return typeof given === "function" && resolveNode(given) === undefined ? (given as () => unknown)() : given;
}

function fromOf(given: unknown, where: string, metadata: MetaData): FromClause | null {
  const value = called(given);
  if (value === undefined || value === null) return null;
  if (typeof value === "string") {
    const table = metadata.tables.get(value);
    if (table !== undefined) return table;
    throw new ArgumentError(`the option ${where} names the table ${JSON.stringify(value)}, which the metadata lacks`, {
      fix: "define the table before the mappers are set up, or pass the table itself",
    });
  }
  const mapper = findMapper(value);
  if (mapper !== undefined) return mapper.localTable;
  const node = resolveNode(value);
  if (isFromClause(node)) return node;
  throw new ArgumentError(`the option ${where} is no table but ${describe(value)}`);
}

/** A condition with the tables' own columns instead of attributes; marks stay. */
function conditionOf(given: unknown, where: string): ColumnElement<boolean> | null {
  const value = called(given);
  if (value === undefined || value === null) return null;
  const node = resolveNode(value);
  if (!(node instanceof ColumnElement))
    throw new ArgumentError(`the option ${where} is no condition but ${describe(value)}`);
  return plain(node) as ColumnElement<boolean>;
}

function plain(element: ColumnElement): ColumnElement {
  return replacementTraverse(element, (node) => {
    if (node instanceof EntityNode) return node.entity.selectable;
    return node instanceof ColumnClauseClass && !(node instanceof MarkedColumn)
      ? (node.canonical as ColumnClause)
      : undefined;
  });
}

function listOf(given: unknown): readonly unknown[] {
  const value = called(given);
  return Array.isArray(value) ? value.map(called) : [value];
}

function columnSetOf(given: unknown, where: string): ReadonlySet<ColumnElement> | null {
  if (given === undefined || given === null) return null;
  return new Set(
    listOf(given).map((each) => {
      const node = resolveNode(each);
      if (node instanceof ColumnElement) return node.canonical;
      throw new ArgumentError(`the option ${where} names something that is no column: ${describe(each)}`);
    }),
  );
}

function orderOf(property: RelationshipProperty, given: unknown, _target: Mapper): readonly ColumnElement[] | null {
  if (given === undefined || given === null || given === (false as never)) return null;
  return listOf(given).map((each) => {
    const node = resolveNode(each);
    if (node instanceof ColumnElement) return plain(node);
    throw new ArgumentError(`the option orderBy of ${property} is no column expression but ${describe(each)}`);
  });
}
