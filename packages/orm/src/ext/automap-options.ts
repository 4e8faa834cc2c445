/** What a program can decide about automap: names, modules, how one relationship is made. The functions here are the defaults. */
import type { ForeignKeyConstraint, ReflectBind, ReflectOptions, Table } from "@athanor/core";
import type { DeclarativeBase } from "../declarative/base.ts";
import type { MappedClass } from "../mapping/mapper.ts";
import type { Direction } from "../relationship/direction.ts";
import type { RelationshipOptions } from "../relationship/options.ts";
import type { RelationshipProperty } from "../relationship/relationship.ts";

/** A class as the naming functions get it. */
export type NamedClass = MappedClass & { readonly name: string; readonly table: Table };

/** Makes a relationship to a class. */
export type RelationshipMaker = (target: MappedClass, options: RelationshipOptions) => RelationshipProperty;

/** Names a relationship along a foreign key. */
export type NameRelationship = (
  base: DeclarativeBase,
  localCls: NamedClass,
  referredCls: NamedClass,
  constraint: ForeignKeyConstraint,
) => string;

/** Makes one side of a relationship; null: there is none. */
export type GenerateRelationship = (
  base: DeclarativeBase,
  direction: Direction,
  returnFn: RelationshipMaker,
  attrname: string,
  localCls: NamedClass,
  referredCls: NamedClass,
  options: RelationshipOptions,
) => RelationshipProperty | null;

/** What a program can decide. */
export interface AutomapHooks {
  /** The class's name. Default: the table's. */
  readonly classnameForTable: (base: DeclarativeBase, tablename: string, table: Table) => string;
  /** The dotted name of the module under which `byModule` has the class; null: it is one of `classes`. Default null. */
  readonly modulenameForTable: (base: DeclarativeBase, tablename: string, table: Table) => string | null;
  /** The attribute for the object that a foreign key refers to. Default: the related class's name in lower case. */
  readonly nameForScalarRelationship: NameRelationship;
  /** The attribute for the objects that refer to this one. Default: the related class's name in lower case and `_collection`. */
  readonly nameForCollectionRelationship: NameRelationship;
  /** Makes one side of a relationship. Default {@link generateRelationship}. */
  readonly generateRelationship: GenerateRelationship;
  /** What collections are. Default: a list. */
  readonly collectionClass: unknown;
}

/** Options of `AutomapBase.prepare()`. */
export interface PrepareOptions extends Partial<AutomapHooks> {
  /** The engine or connection that tables are read from; none: the tables that the MetaData has. */
  readonly autoloadWith?: ReflectBind | undefined;
  /** The schema whose tables are read. Default: that of the MetaData, or the database's default. */
  readonly schema?: string | null | undefined;
  /** Options of `metadata.reflect()`: `only`, `views`, `resolveFks`. */
  readonly reflectionOptions?: ReflectOptions | undefined;
}

/** The table's name. */
export function classnameForTable(_base: DeclarativeBase, tablename: string, _table: Table): string {
  return tablename;
}

/** The related class's name in lower case: `user`. */
export function nameForScalarRelationship(
  _base: DeclarativeBase,
  _localCls: NamedClass,
  referredCls: NamedClass,
  _constraint: ForeignKeyConstraint,
): string {
  return referredCls.name.toLowerCase();
}

/** The related class's name in lower case and `_collection`: `address_collection`. */
export function nameForCollectionRelationship(
  _base: DeclarativeBase,
  _localCls: NamedClass,
  referredCls: NamedClass,
  _constraint: ForeignKeyConstraint,
): string {
  return `${referredCls.name.toLowerCase()}_collection`;
}

/** Makes a side of a relationship as automap does; call it with options of your own. */
export function generateRelationship(
  _base: DeclarativeBase,
  _direction: Direction,
  returnFn: RelationshipMaker,
  _attrname: string,
  _localCls: NamedClass,
  referredCls: NamedClass,
  options: RelationshipOptions,
): RelationshipProperty {
  return returnFn(referredCls, options);
}

/** The hooks of a call, completed by the defaults. */
export function hooksOf(options: PrepareOptions): AutomapHooks {
  return {
    classnameForTable: options.classnameForTable ?? classnameForTable,
    modulenameForTable: options.modulenameForTable ?? (() => null),
    nameForScalarRelationship: options.nameForScalarRelationship ?? nameForScalarRelationship,
    nameForCollectionRelationship: options.nameForCollectionRelationship ?? nameForCollectionRelationship,
    generateRelationship: options.generateRelationship ?? generateRelationship,
    collectionClass: options.collectionClass,
  };
}
