/** An attribute whose value is an object made of several columns: a point of `x` and `y`. */
import {
  ArgumentError,
  and,
  type CacheKeyBuilder,
  ClauseElement,
  type Column,
  type ColumnElement,
  defineKind,
  type Fields,
  type FromElement,
  type Node,
} from "@athanor/core";
import type { OrmClasses } from "../base/classes.ts";
import type { Entity } from "../base/entity.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { stateOrNull } from "../state/registry.ts";
import { DescriptorProperty } from "./descriptor.ts";

type Mapper = OrmClasses["mapper"];

/** A class whose objects are values of columns, or a function that makes such objects. */
export type CompositeType<T extends object> = (new (...values: never[]) => T) | ((...values: never[]) => T);

/** Called on values that are held by an object now; see ../ext/mutable-composite.ts. */
export const compositeHeld: unique symbol = Symbol("composite held");

interface Holdable {
  [compositeHeld]?(state: InstanceState, property: CompositeProperty): void;
}

/** What an attribute of a composite is given by: its key, or its column. */
export type CompositeMember = string | Column;

/** Options of `composite()`. */
export interface CompositeOptions {
  /**
   * Tells, from the columns' values, whether the attribute is null instead of an object. Default: if all of them are null.
   * `null`: it is always an object.
   */
  readonly returnNoneOn?: ((...values: never[]) => boolean) | null | undefined;
  /** A subclass of {@link CompositeAttribute} whose operators the attribute has in statements. */
  readonly comparatorFactory?: ComparatorFactory | undefined;
  /** The columns are not loaded with the entity, but on first access. Default false. */
  readonly deferred?: boolean | undefined;
  /** Deferred columns of one group are loaded together. */
  readonly group?: string | null | undefined;
  /** Touching the deferred columns raises instead of loading them. Default false. */
  readonly raiseload?: boolean | undefined;
  /** A change loads the old values first, so that history knows them. Default false. */
  readonly activeHistory?: boolean | undefined;
  /** A note for readers of the program. */
  readonly doc?: string | null | undefined;
  /** Notes of the user's own. */
  readonly info?: Readonly<Record<PropertyKey, unknown>> | undefined;
}

/** A class of comparators. */
export type ComparatorFactory = new (
  parent: Entity,
  property: CompositeProperty,
  elements: readonly Node[],
) => CompositeAttribute<unknown>;

interface Cached {
  readonly values: readonly unknown[];
  readonly object: object;
}

/** The attribute. */
export class CompositeProperty extends DescriptorProperty {
  readonly kind = "composite" as const;
  /** The base of comparators of the program's own: `class Nearer extends CompositeProperty.Comparator<Point> { … }`. */
  static get Comparator(): typeof CompositeAttribute {
    return CompositeAttribute;
  }
  /** Makes the object of the columns' values. */
  readonly make: (values: readonly unknown[]) => object;
  /** What was given for each column: the key of its attribute, or itself. */
  readonly given: readonly CompositeMember[];
  /** The members of the object that hold the columns' values; null: its own `compositeValues()`, or all of them in order. */
  readonly members: readonly string[] | null;
  /** What `composite()` was given. */
  readonly options: CompositeOptions;
  readonly #type: CompositeType<object>;
  readonly #cache = new WeakMap<InstanceState, Cached>();
  #keys: readonly string[] | null = null;

  constructor(
    type: CompositeType<object>,
    given: readonly CompositeMember[],
    members: readonly string[] | null,
    options: CompositeOptions = {},
  ) {
    super(options);
    this.#type = type;
    this.given = given;
    this.members = members;
    this.options = options;
    this.make = isClass(type)
      ? (values) => new (type as new (...values: unknown[]) => object)(...values)
      : (values) => (type as (...values: unknown[]) => object)(...values);
  }

  /** The attributes of the columns. @throws ArgumentError for a column that the class does not map. */
  get keys(): readonly string[] {
    this.#keys ??= this.given.map((each) => {
      const key = typeof each === "string" ? each : this.parent.keyOf(each);
      if (key !== null) return key;
      throw new ArgumentError(`${this}: the column ${String(each)} is not mapped by ${this.parent.class.name}`);
    });
    return this.#keys;
  }

  /** The object of the columns' values, or null. */
  objectOf(values: readonly unknown[]): object | null {
    const { returnNoneOn } = this.options;
    const isNone =
      returnNoneOn === undefined
        ? values.every((value) => value === null)
        : returnNoneOn !== null && (returnNoneOn as (...values: readonly unknown[]) => boolean)(...values);
    return isNone ? null : this.make(values);
  }

  /** The columns' values of an object. */
  valuesOf(object: unknown): readonly unknown[] {
    if (object === null) return this.keys.map(() => null);
    if (typeof object !== "object") throw new ArgumentError(`${this} takes an object, not ${String(object)}`);
    if (this.members !== null) return this.members.map((member) => (object as Record<string, unknown>)[member]);
    const own = object as { compositeValues?(): readonly unknown[] };
    return typeof own.compositeValues === "function" ? own.compositeValues() : Object.values(object);
  }

  install(prototype: object, _mapper: Mapper): void {
    const property = this;
    Object.defineProperty(prototype, this.key, {
      configurable: true,
      enumerable: true,
      get(this: object): unknown {
        const state = stateOrNull(this);
        return state === null ? undefined : property.#get(state);
      },
      set(this: object, value: unknown) {
        property.#set(this, property.#coerce(value));
      },
    });
  }

  /** What is stored for a value that is set: classes with a static `coerce()` decide. */
  #coerce(value: unknown): unknown {
    const { coerce } = this.#type as { coerce?(key: string, value: unknown): unknown };
    return value === null || typeof coerce !== "function" ? value : coerce.call(this.#type, this.key, value);
  }

  #set(object: object, value: unknown): void {
    const values = this.valuesOf(value);
    this.keys.forEach((key, index) => {
      (object as Record<string, unknown>)[key] = values[index];
    });
    const state = stateOrNull(object);
    if (state !== null && value !== null) this.#hold(state, values, value as object);
  }

  override remove(object: object): void {
    this.#set(object, null);
  }

  #hold(state: InstanceState, values: readonly unknown[], object: object): void {
    this.#cache.set(state, { values, object });
    (object as Holdable)[compositeHeld]?.(state, this);
  }

  /** Sets the columns of an object to the members of the value that it holds; false where it holds another one. */
  store(state: InstanceState, object: object): boolean {
    if (this.#cache.get(state)?.object !== object) return false;
    this.#set(state.obj, object);
    return true;
  }

  #get(state: InstanceState): unknown {
    const values = this.keys.map((key) => (state.obj as Record<string, unknown>)[key] ?? null);
    const known = this.#cache.get(state);
    if (known?.values.every((value, index) => value === values[index]) === true) return known.object;
    const object = this.objectOf(values);
    if (object !== null) this.#hold(state, values, object);
    return object;
  }

  classAttribute(entity: Entity, attribute: (key: string) => unknown): CompositeAttribute {
    const Comparator = this.options.comparatorFactory ?? CompositeAttribute;
    return new Comparator(
      entity,
      this,
      this.keys.map((key) => attribute(key) as ColumnElement),
    );
  }

  override dmlPairs(
    _entity: Entity,
    attributes: Readonly<Record<string, unknown>>,
    value: unknown,
  ): readonly (readonly [unknown, unknown])[] {
    const values = this.valuesOf(value);
    return this.keys.map((key, index) => [attributes[key], values[index]]);
  }

  override bulkDml(row: Record<string, unknown>, value: unknown): void {
    const values = this.valuesOf(value);
    this.keys.forEach((key, index) => {
      row[key] = values[index];
    });
  }

  /** The same composite of other columns. */
  withMembers(given: readonly CompositeMember[]): CompositeProperty {
    return new CompositeProperty(this.#type, given, this.members, this.options);
  }

  copy(): CompositeProperty {
    return this.withMembers(this.given);
  }
}

function isClass(type: CompositeType<object>): boolean {
  return /^class\b/.test(Function.prototype.toString.call(type));
}

/** The class-level attribute: columns that rows give as one object. */
export class CompositeAttribute<out T = unknown, out N extends string = string> extends ClauseElement {
  static override readonly fields: Fields = { elements: "children" };
  /** Phantom: the value in rows. */
  declare readonly "~value": T;
  /** Phantom: the name in rows. */
  declare readonly "~name": N;
  /** The mapper, or the alias, that it was asked of. */
  readonly parent: Entity;
  /** What the attribute is mapped as. */
  readonly property: CompositeProperty;
  /** The columns' attributes. */
  readonly elements: readonly Node[];

  constructor(parent: Entity, property: CompositeProperty, elements: readonly Node[]) {
    super();
    this.parent = parent;
    this.property = property;
    this.elements = elements;
  }

  /** The attribute's name. */
  get key(): string {
    return this.property.key;
  }

  /** What rows make of it; see ../query/plan.ts. */
  get bundleShape(): {
    readonly name: string;
    readonly keys: readonly string[];
    create(values: readonly unknown[]): unknown;
  } {
    return {
      name: this.property.key,
      keys: this.property.keys,
      create: (values) => this.property.objectOf(values),
    };
  }

  /** In VALUES and SET: its columns. */
  dmlPairs(value: unknown): readonly (readonly [unknown, unknown])[] {
    const values = this.property.valuesOf(value);
    return this.elements.map((element, index) => [element, values[index]]);
  }

  /** The columns' attributes, in the order of the object's values. */
  get clauses(): readonly ColumnElement[] {
    return this.elements as readonly ColumnElement[];
  }

  /** All columns are those of the object. */
  eq(object: T): ColumnElement<boolean> {
    return this.#compare(object, (column, value) => column.eq(value));
  }

  /** No column is that of the object: SQLAlchemy's comparison, which is not the opposite of {@link eq}. */
  ne(object: T): ColumnElement<boolean> {
    return this.#compare(object, (column, value) => column.ne(value));
  }

  /** Each column is less than the object's. */
  lt(object: T): ColumnElement<boolean> {
    return this.#compare(object, (column, value) => column.lt(value));
  }

  /** Each column is less than the object's, or equal. */
  le(object: T): ColumnElement<boolean> {
    return this.#compare(object, (column, value) => column.le(value));
  }

  /** Each column is greater than the object's. */
  gt(object: T): ColumnElement<boolean> {
    return this.#compare(object, (column, value) => column.gt(value));
  }

  /** Each column is greater than the object's, or equal. */
  ge(object: T): ColumnElement<boolean> {
    return this.#compare(object, (column, value) => column.ge(value));
  }

  #compare(
    object: T,
    comparison: (column: ColumnElement<unknown, never>, value: never) => ColumnElement<boolean>,
  ): ColumnElement<boolean> {
    const values = this.property.valuesOf(object);
    return and(
      ...this.elements.map((element, index) =>
        comparison(element as ColumnElement<unknown, never>, values[index] as never),
      ),
    );
  }

  /** In ORDER BY and GROUP BY: its columns. */
  asByElements(): readonly ClauseElement[] {
    return this.elements as readonly ClauseElement[];
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    key.add("(C");
    for (const element of this.elements) element.appendCacheKey(key);
    key.add(")");
  }

  override collectFroms(into: Set<FromElement>): void {
    for (const element of this.elements) if (element instanceof ClauseElement) element.collectFroms(into);
  }
}
defineKind(CompositeAttribute, "composite_attribute");
