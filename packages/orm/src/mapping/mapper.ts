/**
 * What the ORM knows of one mapped class: its tables, its columns by attribute, its place in a hierarchy. Made by
 * ./registry.ts; columns are mapped in ./columns.ts, hierarchies in ./inheritance.ts, relationships in ../relationship/configure.ts.
 */
import {
  type CacheKeyBuilder,
  type Column,
  type ColumnElement,
  type FromClause,
  InvalidRequestError,
  MetaData,
  nextIdentity,
  type Table,
} from "@athanor/core";
import type { OrmClasses } from "../base/classes.ts";
import type { Entity } from "../base/entity.ts";
import { UnmappedColumnError } from "../base/errors.ts";
import type { MapperProperty } from "../base/property.ts";
import { hashOfValue, hashOfValues, type IdentityHash } from "../identity/key.ts";
import type { Attribute } from "../instrument/attribute.ts";
import type { Validator } from "../instrument/validation.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { stateOf } from "../state/registry.ts";
import { ColumnProperty } from "./column-property.ts";
import { allMappers, type MapperDispatcher, mapperDispatch } from "./events.ts";
import type { MappedClass, MapperOptions, MapperParts, PolymorphicLoad } from "./mapper-options.ts";
import { forgetMemos } from "./memo.ts";
import { type NamedList, namedList } from "./named-list.ts";
import { setUpMapper } from "./set-up.ts";

type RelationshipProperty = OrmClasses["relationship"];
type Registry = OrmClasses["registry"];

export type { MappedClass, MapperOptions, MapperParts, PolymorphicLoad };

/** The mapping of one class. */
export class Mapper implements Entity {
  /** What the mapping was given. */
  readonly options: MapperOptions;
  /** The registry that it belongs to. */
  readonly registry: Registry;
  /** The class. Until the user's class is seen for the first time: what `mapped()` returned. */
  class: MappedClass;

  // ---- hierarchy ----
  /** The mapper of the class above; null at the top. */
  readonly inherits: Mapper | null;
  /** The mapper at the top of the hierarchy; identities belong to it. */
  readonly baseMapper: Mapper;
  /** The mappers directly below. */
  readonly subclasses: Mapper[] = [];
  /** Shares the table of {@link inherits}. */
  readonly single: boolean;
  /** It has a table with all of its columns, in a hierarchy. */
  readonly concrete: boolean;
  /** The discriminator; null without one. */
  polymorphicOn: ColumnElement | null = null;
  /** The attribute of the discriminator, where it is one. */
  polymorphicKey: string | null = null;
  /** The discriminator's value for this class; null for none. */
  readonly polymorphicIdentity: unknown;
  /** Mappers by discriminator; one map for the whole hierarchy. */
  readonly polymorphicMap: Map<unknown, Mapper>;
  /** How its columns come along when a class above is selected. */
  readonly polymorphicLoad: PolymorphicLoad;
  /** The condition and the column pairs (parent's → own) that join this class's table to its parent's. */
  inheritCondition: ColumnElement<boolean> | null = null;
  /** The column pairs (parent's → own) that hold the same key. */
  readonly inheritSyncPairs: (readonly [from: Column, to: Column])[] = [];

  // ---- tables and columns ----
  /** The class's own table, or that of the parent for single-table inheritance. */
  localTable: FromClause = null as never;
  /** What rows are loaded from: the table, or the join of the tables of a joined hierarchy. */
  persistSelectable: FromClause = null as never;
  /** Tables of this class, parents first. */
  readonly tables: Table[] = [];
  /** The identity's columns, those of the base table. */
  primaryKey: readonly Column[] = [];
  /** All properties by key: inherited ones, own ones. */
  readonly props: Map<string, MapperProperty> = new Map();
  /** The attribute of each column, including columns that stand for the same value. */
  readonly columnToProperty: Map<ColumnElement, ColumnProperty> = new Map();
  /** The column that holds the row's version; null for none. */
  versionIdCol: Column | null = null;
  /** The attribute of {@link versionIdCol}. */
  versionIdProperty: ColumnProperty | null = null;
  /** Makes the next version; false: the database does. */
  readonly versionIdGenerator: ((version: unknown) => unknown) | false;
  /** Attribute implementations by key, see {@link attribute}. */
  readonly attributes: Map<string, Attribute> = new Map();
  /** Validators by key. */
  readonly validators: Map<string, Validator> = new Map();

  /** Listeners of mapper and instance events. */
  readonly dispatch: MapperDispatcher;
  #configured = false;
  /** Stands for the mapping in cache keys; another one once the mapping has changed. */
  #identity = nextIdentity();
  #primaryKeyProperties: readonly ColumnProperty[] | null = null;
  #columnProperties: NamedList<ColumnProperty> | null = null;
  #relationships: NamedList<RelationshipProperty> | null = null;
  #expirableKeys: readonly string[] | null = null;
  #collectionKeys: readonly string[] | null = null;
  #concreteSelectable: FromClause | null = null;

  /** Listeners of all mappers: `listen(Mapper, "beforeInsert", …)`. */
  static get dispatch(): MapperDispatcher {
    return allMappers;
  }

  constructor(parts: MapperParts) {
    this.options = parts.options;
    this.registry = parts.registry;
    this.class = parts.class;
    this.inherits = parts.inherits;
    this.concrete = parts.options.concrete ?? false;
    this.single = parts.table === null;
    this.polymorphicIdentity = parts.options.polymorphicIdentity ?? null;
    this.polymorphicLoad = parts.options.polymorphicLoad ?? null;
    const parent = parts.inherits;
    const shares =
      parent !== null &&
      (!this.concrete || parent.options.concreteBase === true || parent.baseMapper.options.concreteBase === true);
    this.baseMapper = parent === null || this.concrete ? this : parent.baseMapper;
    this.polymorphicMap = shares && parent !== null ? parent.polymorphicMap : new Map<unknown, Mapper>();
    const generator = parts.options.versionIdGenerator;
    this.versionIdGenerator =
      generator === false
        ? false
        : ((generator as ((version: unknown) => unknown) | undefined) ?? parent?.versionIdGenerator ?? nextVersion);
    this.dispatch = mapperDispatch(parent?.dispatch ?? parts.registry.dispatch);
    setUpMapper(this, parts);
  }

  // ---- Entity ----

  get mapper(): this {
    return this;
  }
  get alias(): null {
    return null;
  }
  get name(): string {
    return this.class.name;
  }

  /** What stands in FROM when the class is selected: with subclasses' tables where `withPolymorphic` asks for them. */
  get selectable(): FromClause {
    return this.#concreteSelectable ?? this.persistSelectable;
  }

  set selectable(selectable: FromClause) {
    this.#concreteSelectable = selectable;
  }

  appendCacheKey(key: CacheKeyBuilder): void {
    key.add(`m${this.#identity};`);
  }

  // ---- hierarchy ----

  /** Whether this is `other` or a mapper below it. */
  isa(other: Mapper): boolean {
    for (let mapper: Mapper | null = this; mapper !== null; mapper = mapper.inherits) if (mapper === other) return true;
    return false;
  }

  /** Whether both are of one hierarchy. */
  commonParent(other: Mapper): boolean {
    return this.baseMapper === other.baseMapper;
  }

  /** This mapper, its parent, and so on to the top. */
  *iterateToRoot(): IterableIterator<Mapper> {
    for (let mapper: Mapper | null = this; mapper !== null; mapper = mapper.inherits) yield mapper;
  }

  /** This mapper and all below it, parents first. */
  get selfAndDescendants(): readonly Mapper[] {
    const found: Mapper[] = [this];
    // Level by level.
    for (const mapper of found) found.push(...mapper.subclasses);
    return found;
  }

  /** Loading may meet rows of subclasses. */
  get isPolymorphic(): boolean {
    return this.polymorphicOn !== null;
  }

  // ---- properties ----

  /** Makes sure that relationships are set up, of all mappers of the registry. */
  configure(): void {
    if (!this.#configured) this.registry.configure();
  }

  /** Its relationships are set up. */
  get configured(): boolean {
    return this.#configured;
  }

  /** @internal */
  markConfigured(configured: boolean): void {
    if (!configured) {
      this.#identity = nextIdentity();
      forgetMemos(this);
    }
    this.#configured = configured;
    this.forget();
  }

  /** Drops what was computed from the properties. @internal */
  forget(): void {
    this.#primaryKeyProperties = null;
    this.#columnProperties = null;
    this.#relationships = null;
    this.#expirableKeys = null;
    this.#collectionKeys = null;
  }

  /** The property of a key. @throws InvalidRequestError where there is none. */
  getProperty(key: string): MapperProperty {
    if (!this.props.has(key)) this.configure();
    const property = this.props.get(key);
    if (property === undefined)
      throw new InvalidRequestError(
        `Mapper '${this}' has no property '${key}'.  If this property was indicated from other mappers or configure events, ensure registry.configure() has been called.`,
      );
    return property;
  }

  /** All properties, in order; also by key: `attrs.name`. */
  get attrs(): NamedList<MapperProperty> {
    this.configure();
    return namedList([...this.props.values()]);
  }

  /** The mapped columns, in order; also by attribute key: `columns.name`. */
  get columns(): NamedList<Column> {
    const properties = this.columnAttrs.filter(({ column }) => column !== null);
    return namedList(
      properties.map(({ column }) => column as Column),
      properties.map(({ key }) => key),
    );
  }

  /** {@link columns}. */
  get c(): NamedList<Column> {
    return this.columns;
  }

  /** The synonyms. */
  get synonyms(): NamedList<MapperProperty> {
    return namedList([...this.props.values()].filter(({ kind }) => kind === "synonym"));
  }

  /** The composite attributes. */
  get composites(): NamedList<MapperProperty> {
    return namedList([...this.props.values()].filter(({ kind }) => kind === "composite"));
  }

  /** All attributes of the class, hybrids and proxies too, by key. */
  get allOrmDescriptors(): ReadonlyMap<string, MapperProperty> {
    this.configure();
    return this.props;
  }

  /** The property that a column is mapped by. @throws UnmappedColumnError */
  getPropertyByColumn(column: ColumnElement): ColumnProperty {
    return this.propertyOf(column);
  }

  /** The primary key's values in an object. */
  primaryKeyFromInstance(instance: object): readonly unknown[] {
    const state = stateOf(instance);
    return this.primaryKeyProperties.map(({ key }) => state.dict[key] ?? null);
  }

  /** The identity key of an object: base class, primary key, token. */
  identityKeyFromInstance(
    instance: object,
  ): readonly [type: MappedClass, identity: readonly unknown[], token: unknown] {
    return [this.baseMapper.class, this.primaryKeyFromInstance(instance), stateOf(instance).identityToken ?? null];
  }

  /** The identity key of a primary key's values. */
  identityKeyFromPrimaryKey(
    values: readonly unknown[],
    options: { readonly identityToken?: unknown } = {},
  ): readonly [type: MappedClass, identity: readonly unknown[], token: unknown] {
    return [this.baseMapper.class, values, options.identityToken ?? null];
  }

  /** Whether there is an attribute of this name. */
  hasProperty(key: string): boolean {
    return this.props.has(key);
  }

  /** The properties of columns and SQL expressions, in order. */
  get columnAttrs(): NamedList<ColumnProperty> {
    this.#columnProperties ??= namedList(
      [...this.props.values()].filter((property) => property instanceof ColumnProperty),
    );
    return this.#columnProperties;
  }

  /** The relationships; configures the mappers first. */
  get relationships(): NamedList<RelationshipProperty> {
    this.configure();
    this.#relationships ??= namedList(
      [...this.props.values()].filter((property): property is RelationshipProperty => property.kind === "relationship"),
    );
    return this.#relationships;
  }

  /** What reads, writes and compares an attribute's value on instances. Configures relationships when one is asked for. */
  attribute(key: string): Attribute {
    const known = this.attributes.get(key);
    if (known !== undefined) return known;
    this.configure();
    const attribute = this.attributes.get(key);
    if (attribute === undefined) throw new UnmappedColumnError(`Mapper '${this}' has no attribute '${key}'`);
    return attribute;
  }

  /** The property of a column. @throws UnmappedColumnError */
  propertyOf(column: ColumnElement): ColumnProperty {
    const property = this.columnToProperty.get(column) ?? this.columnToProperty.get(column.canonical);
    if (property === undefined)
      throw new UnmappedColumnError(`No column ${String(column)} is configured on mapper ${this}...`);
    return property;
  }

  /** The attribute key of a column, or null. */
  keyOf(column: ColumnElement): string | null {
    return (this.columnToProperty.get(column) ?? this.columnToProperty.get(column.canonical))?.key ?? null;
  }

  /** Keys of attributes that a load of columns can fetch. */
  get expirableKeys(): readonly string[] {
    this.#expirableKeys ??= this.columnAttrs.filter((property) => !property.deferred).map((property) => property.key);
    return this.#expirableKeys;
  }

  /** Whether a load of columns can fetch the attribute. */
  isExpirable(key: string): boolean {
    return this.props.get(key)?.kind === "column";
  }

  /** Whether the attribute is loaded on first access only. */
  isDeferred(key: string): boolean {
    return (this.props.get(key) as ColumnProperty | undefined)?.deferred === true;
  }

  /** Keys of attributes that hold collections; only those whose relationships are set up. */
  get collectionKeys(): readonly string[] {
    this.#collectionKeys ??= [...this.attributes.values()]
      .filter((attribute) => attribute.kind === "collection")
      .map((attribute) => attribute.key);
    return this.#collectionKeys;
  }

  // ---- identity ----

  /** The properties of the primary key's columns. */
  get primaryKeyProperties(): readonly ColumnProperty[] {
    this.#primaryKeyProperties ??= this.primaryKey.map((column) => this.propertyOf(column));
    return this.#primaryKeyProperties;
  }

  /** The primary key of an object as it is in its values now: one per column; `null` where there is none. Never loads. */
  primaryKeyOf(state: InstanceState): unknown[] {
    return this.primaryKeyProperties.map((property) => state.dict[property.key] ?? null);
  }

  /** The primary key of an object as it is in the database: before changes that were not flushed. */
  committedPrimaryKeyOf(state: InstanceState): unknown[] {
    return this.primaryKeyProperties.map((property) => {
      const committed = state.committed?.[property.key];
      return (typeof committed === "symbol" ? undefined : committed) ?? state.dict[property.key] ?? null;
    });
  }

  /** The columns of one of the mapper's tables that identify its rows. */
  primaryKeyOfTable(table: Table): readonly Column[] {
    const own = this.primaryKey.filter((column) => (column.table as unknown) === table);
    return own.length > 0 ? own : table.primaryKeyColumns;
  }

  /** The hash under which identity maps know a primary key. */
  identityHashOf(values: readonly unknown[]): IdentityHash {
    return values.length === 1 ? hashOfValue(values[0]) : hashOfValues(values);
  }

  /** Gives a state the identity that its values say. */
  setIdentity(state: InstanceState, values: readonly unknown[] = this.primaryKeyOf(state)): void {
    state.identityHash = this.identityHashOf(values);
    state.identityValue = values.length === 1 ? values[0] : values;
  }

  /** {@link setIdentity} for the commonest keys, one column with a value; false for others, and nothing has happened. */
  identifyBySingleKey(state: InstanceState): boolean {
    const properties = this.primaryKeyProperties;
    if (properties.length !== 1) return false;
    const value = state.dict[(properties[0] as ColumnProperty).key];
    if (value === undefined || value === null) return false;
    state.identityHash = hashOfValue(value);
    state.identityValue = value;
    return true;
  }

  // ---- instances ----

  /** The user's class was seen; before, objects would be of the class that `mapped()` made, without the user's methods. */
  takenUp = false;

  /**
   * An object of the class whose constructor is not called.
   *
   * @throws InvalidRequestError for a subclass that the program never named before its first row came.
   */
  newInstance(): object {
    if (!this.takenUp) throw this.#unseen();
    return Object.create(this.class.prototype as object) as object;
  }

  #unseen(): InvalidRequestError {
    const what =
      this.polymorphicIdentity === null
        ? this.localTable.description
        : `polymorphic identity ${JSON.stringify(this.polymorphicIdentity)}`;
    return new InvalidRequestError(
      `The class that is mapped with ${what} was not seen yet, so no object of it can be made: JavaScript does not tell a class that it was extended`,
      { code: "class_not_seen", fix: "write static { this.register(); } in the class, or call register() of it once" },
    );
  }

  /** The delete-orphan relationships that lead here, as pairs of mapper and key; filled when mappers are configured. */
  readonly deleteOrphans: { readonly key: string; readonly property: RelationshipProperty }[] = [];

  /** Whether a state misses a parent that it cannot be without: it is deleted, or never inserted. */
  isOrphan(state: InstanceState): boolean {
    this.configure();
    let orphan = false;
    for (const { property } of this.deleteOrphans) {
      const parent = state.parents?.get(property);
      const has = parent === undefined ? state.identityHash !== null : parent !== false;
      if (this.options.legacyIsOrphan === true && has) return false;
      if (this.options.legacyIsOrphan !== true && !has) return true;
      orphan = orphan || !has;
    }
    return orphan;
  }

  toString(): string {
    return `Mapper[${this.class.name}(${this.localTable.description})]`;
  }
}

function nextVersion(version: unknown): unknown {
  return typeof version === "bigint" ? version + 1n : ((version as number | null | undefined) ?? 0) + 1;
}

declare module "../base/classes.ts" {
  interface OrmClasses {
    mapper: Mapper;
  }
}

/** Where the tables of a class are, and those that its relationships name by text: the MetaData of its base. */
export function metadataOf({ class: type, registry }: Mapper): MetaData {
  const { metadata } = type as unknown as { readonly metadata?: unknown };
  return metadata instanceof MetaData ? metadata : registry.metadata;
}

/** Whether something is a mapper. */
export function isMapper(value: unknown): value is Mapper {
  return value instanceof Mapper;
}
