/** Finds the relationships that foreign keys tell, and puts both sides onto the classes. */
import { ArgumentError, and, type ColumnElement, type ForeignKeyConstraint, type Table, warn } from "@athanor/core";
import type { MapperProperty } from "../base/property.ts";
import { addLateProperty } from "../declarative/add-property.ts";
import type { DeclarativeBase } from "../declarative/base.ts";
import { deferredOf } from "../declarative/deferred.ts";
import { entityNode } from "../declarative/make-class.ts";
import { mapperOf } from "../mapping/class-map.ts";
import { LateProperty } from "../mapping/late-property.ts";
import type { MappedClass, Mapper } from "../mapping/mapper.ts";
import type { Direction } from "../relationship/direction.ts";
import type { RelationshipOptions } from "../relationship/options.ts";
import { RelationshipProperty } from "../relationship/relationship.ts";
import type { AutomapHooks, NamedClass, RelationshipMaker } from "./automap-options.ts";

/** What relationships are made with. */
export interface Surroundings {
  readonly base: DeclarativeBase;
  readonly hooks: AutomapHooks;
  /** The mapper of a table, where there is one. */
  mapperOf(table: Table): Mapper | undefined;
  /** The relationships that automap itself made. */
  readonly generated: Set<string>;
}

/** One side of a relationship. */
interface Side {
  readonly mapper: Mapper;
  readonly target: Mapper;
  readonly key: string;
  readonly direction: Direction;
  readonly options: RelationshipOptions;
}

/** The foreign keys whose tables are there. */
function knownKeys(table: Table): readonly ForeignKeyConstraint[] {
  const { tables } = table.metadata;
  return table.foreignKeyConstraints.filter(
    ({ elements }) => typeof elements[0]?.target === "function" || tables.has(elements[0]?.targetTableKey as string),
  );
}

/** Whether a table only lies between two others: two foreign keys, and no column besides. */
export function isAssociation(table: Table): boolean {
  const keys = table.foreignKeyConstraints;
  if (keys.length !== 2 || knownKeys(table).length !== 2) return false;
  const columns = new Set(keys.flatMap((key) => key.columns));
  return table.columnList.every((column) => columns.has(column));
}

/** Makes a many-to-one for each foreign key of the mapper's own table, and the collection on the other side. */
export function relate(around: Surroundings, mapper: Mapper): void {
  for (const constraint of knownKeys(mapper.localTable as Table)) {
    const target = around.mapperOf(constraint.referredTable);
    // Between a class and one that it inherits from, the key stands for the inheritance.
    if (target === undefined || (mapper !== target && mapper.isa(target))) continue;
    const { base, hooks } = around;
    const [local, referred] = [mapper.class as NamedClass, target.class as NamedClass];
    const { columns, elements } = constraint;
    const required = columns.some((column) => !column.nullable);
    const ondelete = constraint.ondelete?.toUpperCase();
    const passive = required ? ondelete === "CASCADE" : ondelete === "SET NULL";
    const primaryjoin = equal(constraint);
    pair(
      around,
      {
        mapper,
        target,
        key: hooks.nameForScalarRelationship(base, local, referred, constraint),
        direction: "manyToOne",
        options: { primaryjoin, foreignKeys: columns, remoteSide: elements.map((element) => element.column) },
      },
      {
        mapper: target,
        target: mapper,
        key: hooks.nameForCollectionRelationship(base, referred, local, constraint),
        direction: "oneToMany",
        options: {
          primaryjoin,
          foreignKeys: columns,
          remoteSide: columns,
          collectionClass: hooks.collectionClass,
          ...(required ? { cascade: "all, delete-orphan" } : {}),
          ...(passive ? { passiveDeletes: true } : {}),
        },
      },
    );
  }
}

/** Makes collections on both sides of an association table; false where one of the sides has no class. */
export function relateManyToMany(around: Surroundings, secondary: Table): boolean {
  const [first, second] = secondary.foreignKeyConstraints as [ForeignKeyConstraint, ForeignKeyConstraint];
  const [mapper, target] = [around.mapperOf(first.referredTable), around.mapperOf(second.referredTable)];
  if (mapper === undefined || target === undefined) return false;
  const side = (own: Mapper, other: Mapper, near: ForeignKeyConstraint, far: ForeignKeyConstraint): Side => ({
    mapper: own,
    target: other,
    key: around.hooks.nameForCollectionRelationship(
      around.base,
      own.class as NamedClass,
      other.class as NamedClass,
      near,
    ),
    direction: "manyToMany",
    options: {
      secondary,
      primaryjoin: equal(near),
      secondaryjoin: equal(far),
      collectionClass: around.hooks.collectionClass,
    },
  });
  pair(around, side(mapper, target, first, second), side(target, mapper, second, first));
  return true;
}

function equal(constraint: ForeignKeyConstraint): ColumnElement<boolean> {
  return and(
    ...constraint.columns.map((column, index) =>
      column.eq(constraint.elements[index]?.column as unknown as ColumnElement<unknown>),
    ),
  );
}

/** Puts both sides in place, tied to each other; what the program declared stays, and is tied to what is made. */
function pair(around: Surroundings, forward: Side, back: Side): void {
  if (forward.mapper === back.mapper && forward.key === back.key) {
    throw new ArgumentError(
      `automap: both sides of the relationship of ${forward.mapper.class.name} to itself would be named '${forward.key}'`,
      { fix: "give them different names with nameForCollectionRelationship, which gets the foreign key constraint" },
    );
  }
  const isThere = [isDeclared(around, forward), isDeclared(around, back)] as const;
  if (isThere[0] && isThere[1]) return;
  const made = [
    isThere[0] ? undefined : generate(around, forward, back.key),
    isThere[1] ? undefined : generate(around, back, forward.key),
  ] as const;
  [forward, back].forEach((side, index) => {
    const other = index === 0 ? back : forward;
    const alone = made[1 - index] === null;
    const property = made[index];
    if (property === undefined) {
      if (!alone) declaredSide(side, other.key);
    } else if (property !== null) put(around, side, alone ? withBack(property, null) : property);
  });
}

/** Whether a class has the relationship already. @throws ArgumentError where a column has the name. */
function isDeclared(around: Surroundings, { mapper, key, target }: Side): boolean {
  const property = mapper.props.get(key);
  if (property === undefined) return false;
  if (property.kind === "column") {
    throw new ArgumentError(
      `automap: the relationship '${key}' of ${mapper.class.name} to ${target.class.name} has the name of a column`,
      {
        fix: "give another name with nameForScalarRelationship or nameForCollectionRelationship, or map the column under another name",
      },
    );
  }
  if (around.generated.has(nameOf(mapper, key)))
    warn(
      `automap: ${mapper.class.name} has a relationship '${key}' from another foreign key; a further one to ${target.class.name} is left out. Name them by their constraint with nameForScalarRelationship and nameForCollectionRelationship.`,
    );
  return true;
}

function nameOf(mapper: Mapper, key: string): string {
  return `${mapper.localTable.description} ${key}`;
}

function generate(around: Surroundings, side: Side, backPopulates: string): RelationshipProperty | null {
  const { mapper, target, key, direction, options } = side;
  const isList = direction !== "manyToOne";
  const make: RelationshipMaker = (type, given) =>
    new RelationshipProperty(() => entityNode(mapperFor(type)), isList, given);
  const { base, hooks } = around;
  return hooks.generateRelationship(
    base,
    direction,
    make,
    key,
    mapper.class as NamedClass,
    target.class as NamedClass,
    { ...options, backPopulates },
  );
}

/** The mapper of a class that may not have been seen yet. */
function mapperFor(type: MappedClass): Mapper {
  return deferredOf(type)?.mapper ?? mapperOf(type);
}

function put(around: Surroundings, { mapper, key }: Side, property: RelationshipProperty): void {
  around.generated.add(nameOf(mapper, key));
  addLateProperty(mapper, key, () => property);
}

/** Ties a relationship that the program declared to the other side. */
function declaredSide({ mapper, key }: Side, backPopulates: string): void {
  const property = mapper.props.get(key);
  if (property instanceof LateProperty)
    addLateProperty(mapper, key, () => withBack(property.make() as MapperProperty, backPopulates));
  else if (property instanceof RelationshipProperty)
    addLateProperty(mapper, key, () => withBack(property, backPopulates));
}

function withBack<P extends MapperProperty>(property: P, backPopulates: string | null): P | RelationshipProperty {
  if (!(property instanceof RelationshipProperty)) return property;
  if (backPopulates !== null && property.backPopulates !== null) return property;
  return new RelationshipProperty(property.argument, property.wantsList, { ...property.options, backPopulates });
}
