/** An attribute whose value is an object made of several columns: a point of `x` and `y`. */
import {
  ArgumentError,
  and,
  type CacheKeyBuilder,
  ClauseElement,
  type ColumnElement,
  defineKind,
  type Fields,
  type FromElement,
  type Node,
} from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { stateOrNull } from "../state/registry.ts";
import { DescriptorProperty } from "./descriptor.ts";
import type { Mapper } from "./mapper.ts";

/** A class whose objects are values of columns, or a function that makes such objects. */
export type CompositeType<T extends object> = (new (...values: never[]) => T) | ((...values: never[]) => T);

/** Called on values that are held by an object now; see ../ext/mutable-composite.ts. */
export const compositeHeld: unique symbol = Symbol("composite held");

interface Holdable {
  [compositeHeld]?(state: InstanceState, property: CompositeProperty): void;
}

interface Cached {
  readonly values: readonly unknown[];
  readonly object: object;
}

/** The attribute. */
export class CompositeProperty extends DescriptorProperty {
  readonly kind = "composite" as const;
  readonly make: (values: readonly unknown[]) => object;
  /** The attributes of the columns. */
  readonly keys: readonly string[];
  /** The members of the object that hold the columns' values; null: its own `compositeValues()`, or all of them in order. */
  readonly members: readonly string[] | null;
  readonly #type: CompositeType<object>;
  readonly #cache = new WeakMap<InstanceState, Cached>();

  constructor(type: CompositeType<object>, keys: readonly string[], members: readonly string[] | null) {
    super();
    this.#type = type;
    this.keys = keys;
    this.members = members;
    this.make = isClass(type)
      ? (values) => new (type as new (...values: unknown[]) => object)(...values)
      : (values) => (type as (...values: unknown[]) => object)(...values);
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
    if (values.every((value) => value === null)) return null;
    const object = this.make(values);
    this.#hold(state, values, object);
    return object;
  }

  classAttribute(entity: Entity, attribute: (key: string) => unknown): CompositeAttribute {
    return new CompositeAttribute(
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

  copy(): CompositeProperty {
    return new CompositeProperty(this.#type, this.keys, this.members);
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
  readonly parent: Entity;
  readonly property: CompositeProperty;
  readonly elements: readonly Node[];

  constructor(parent: Entity, property: CompositeProperty, elements: readonly Node[]) {
    super();
    this.parent = parent;
    this.property = property;
    this.elements = elements;
  }

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
      create: (values) => (values.every((value) => value === null) ? null : this.property.make(values)),
    };
  }

  /** In VALUES and SET: its columns. */
  dmlPairs(value: unknown): readonly (readonly [unknown, unknown])[] {
    const values = this.property.valuesOf(value);
    return this.elements.map((element, index) => [element, values[index]]);
  }

  /** All columns are those of the object. */
  eq(object: T): ColumnElement<boolean> {
    const values = this.property.valuesOf(object);
    return and(
      ...this.elements.map((element, index) => (element as ColumnElement<unknown>).eq(values[index] as never)),
    );
  }

  /** No column is that of the object: SQLAlchemy's comparison, which is not the opposite of {@link eq}. */
  ne(object: T): ColumnElement<boolean> {
    const values = this.property.valuesOf(object);
    return and(
      ...this.elements.map((element, index) => (element as ColumnElement<unknown>).ne(values[index] as never)),
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
