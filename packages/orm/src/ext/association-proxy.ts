/** Attributes of related objects as if they were one's own: `post.tagNames` for the names of `post.tags`. */
import { ArgumentError, type ColumnElement, InvalidRequestError } from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import type { ListOf } from "../declarative/types.ts";
import { attributesOf } from "../mapping/class-attributes.ts";
import { ColumnProperty } from "../mapping/column-property.ts";
import { DescriptorProperty } from "../mapping/descriptor.ts";
import type { Mapper } from "../mapping/mapper.ts";
import type { RelationshipAttribute } from "../mapping/relationship-attribute.ts";
import { RelationshipProperty } from "../relationship/relationship.ts";

type Values = Record<string, unknown>;

/** Options of {@link associationProxy}. */
export interface AssociationProxyOptions {
  /** Makes the related object of a value. Default: the related class, with the attribute set. */
  readonly creator?: (value: never) => object;
}

/** A declared proxy. */
export interface AssociationProxyOf<V> {
  readonly "~value": V;
  readonly "~input": V | (V extends Iterable<infer T> ? readonly T[] : never);
  readonly "~attribute": AssociationProxyAttribute<V extends Iterable<infer T> ? T : V>;
}

/**
 * The attribute `attribute` of the related objects of `relationship`: a list for collections, a value for scalars.
 *
 * @example tagNames: associationProxy<ListOf<string>>("tags", "name", { creator: (name: string) => new Tag({ name }) })
 */
export function associationProxy<V = ListOf<unknown>>(
  relationship: string,
  attribute: string,
  options: AssociationProxyOptions = {},
): AssociationProxyOf<V> {
  return new AssociationProxyProperty(relationship, attribute, options) as unknown as AssociationProxyOf<V>;
}

/** The proxy of a class. */
export class AssociationProxyProperty extends DescriptorProperty {
  readonly kind = "proxy" as const;
  readonly relationship: string;
  readonly attribute: string;
  readonly options: AssociationProxyOptions;
  readonly #lists = new WeakMap<object, AssociationList>();

  constructor(relationship: string, attribute: string, options: AssociationProxyOptions) {
    super();
    this.relationship = relationship;
    this.attribute = attribute;
    this.options = options;
  }

  /** The relationship that leads to the objects. @throws InvalidRequestError when it is none. */
  get target(): RelationshipProperty {
    const property = (this.parent as Mapper).getProperty(this.relationship);
    if (property instanceof RelationshipProperty) return property;
    throw new InvalidRequestError(`association proxy ${this}: '${this.relationship}' is no relationship`);
  }

  /** Makes the related object of a value. */
  create(value: unknown): object {
    const { creator } = this.options;
    if (creator !== undefined) return creator(value as never);
    const type = this.target.mapper.class as unknown as new (init: Values) => object;
    return new type({ [this.attribute]: value });
  }

  install(prototype: object): void {
    const property = this;
    Object.defineProperty(prototype, this.key, {
      configurable: true,
      enumerable: true,
      get(this: Values) {
        return property.#get(this);
      },
      set(this: Values, value: unknown) {
        property.#set(this, value);
      },
    });
  }

  #get(object: Values): unknown {
    if (this.target.uselist) {
      // The collection is loaded here, as it would be by reading it.
      void object[this.relationship];
      return this.#list(object);
    }
    const related = object[this.relationship] as Values | null;
    return related === null ? null : related[this.attribute];
  }

  #list(object: object): AssociationList {
    let list = this.#lists.get(object);
    if (list === undefined) {
      list = new AssociationList(object as Values, this);
      this.#lists.set(object, list);
    }
    return list;
  }

  #set(object: Values, value: unknown): void {
    if (this.target.uselist) {
      const values = [...(value as Iterable<unknown>)];
      const list = this.#list(object);
      // A list may hold a value twice, so that all is made anew; sets and maps keep what stays.
      if (Array.isArray(object[this.relationship])) {
        list.clear();
        list.push(...values);
        return;
      }
      for (const known of [...list]) if (!values.includes(known)) list.remove(known);
      for (const each of values) if (!list.includes(each)) list.push(each);
      return;
    }
    const related = object[this.relationship] as Values | null;
    if (related === null) object[this.relationship] = this.create(value);
    else related[this.attribute] = value;
  }

  classAttribute(entity: Entity, attribute: (key: string) => unknown): AssociationProxyAttribute {
    return new AssociationProxyAttribute(entity, this, attribute(this.relationship) as RelationshipAttribute);
  }

  copy(): AssociationProxyProperty {
    return new AssociationProxyProperty(this.relationship, this.attribute, this.options);
  }
}

/** What `post.tagNames` gives: a list over the related objects. It reads and changes the collection behind it. */
export class AssociationList<T = unknown> {
  readonly #object: Values;
  readonly #property: AssociationProxyProperty;

  constructor(object: Values, property: AssociationProxyProperty) {
    this.#object = object;
    this.#property = property;
  }

  get #related(): object[] {
    const collection = this.#object[this.#property.relationship] as Iterable<object> | Map<unknown, object>;
    return collection instanceof Map ? [...collection.values()] : [...collection];
  }

  get #values(): T[] {
    return this.#related.map((related) => this.#valueOf(related));
  }

  #add(values: readonly T[]): void {
    const collection = this.#object[this.#property.relationship] as {
      push?(...items: object[]): unknown;
      add?(item: object): unknown;
    };
    for (const value of values) {
      const related = this.#property.create(value);
      if (collection.push !== undefined) collection.push(related);
      else collection.add?.(related);
    }
  }

  #drop(related: readonly object[]): void {
    const collection = this.#object[this.#property.relationship] as { remove(item: object): unknown };
    for (const each of related) collection.remove(each);
  }

  get length(): number {
    return this.#related.length;
  }

  get size(): number {
    return this.length;
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.#values[Symbol.iterator]();
  }

  /** The value of one related object; others are not touched. */
  #valueOf(related: object): T {
    return (related as Record<string, T>)[this.#property.attribute] as T;
  }

  at(index: number): T | undefined {
    const related = this.#related.at(index);
    return related === undefined ? undefined : this.#valueOf(related);
  }

  includes(value: T): boolean {
    return this.indexOf(value) >= 0;
  }

  has(value: T): boolean {
    return this.includes(value);
  }

  indexOf(value: T): number {
    return this.#related.findIndex((related) => this.#valueOf(related) === value);
  }

  map<U>(work: (value: T, index: number) => U): U[] {
    return this.#values.map(work);
  }

  filter(keep: (value: T, index: number) => boolean): T[] {
    return this.#values.filter(keep);
  }

  forEach(work: (value: T, index: number) => void): void {
    this.#values.forEach(work);
  }

  join(separator?: string): string {
    return this.#values.join(separator);
  }

  slice(start?: number, end?: number): T[] {
    return this.#values.slice(start, end);
  }

  push(...values: T[]): number {
    this.#add(values);
    return this.length;
  }

  append(value: T): void {
    this.#add([value]);
  }

  add(value: T): this {
    if (!this.includes(value)) this.#add([value]);
    return this;
  }

  pop(index = -1): T | undefined {
    const related = this.#related.at(index);
    if (related === undefined) return undefined;
    const value = this.#valueOf(related);
    this.#drop([related]);
    return value;
  }

  /** Removes, then adds at the end: the collection behind decides about the order. */
  splice(start: number, deleteCount: number = Number.POSITIVE_INFINITY, ...values: T[]): T[] {
    const related = this.#related;
    const from = start < 0 ? Math.max(related.length + start, 0) : start;
    const removed = related.slice(from, from + deleteCount).map((each) => this.#valueOf(each));
    this.#drop(related.slice(from, from + deleteCount));
    this.#add(values);
    return removed;
  }

  remove(value: T): boolean {
    const index = this.indexOf(value);
    if (index < 0) return false;
    this.#drop([this.#related[index] as object]);
    return true;
  }

  delete(value: T): boolean {
    return this.remove(value);
  }

  clear(): void {
    this.#drop(this.#related);
  }

  toJSON(): T[] {
    return this.#values;
  }
}

/** The SQL side of a proxy: conditions about the related objects, as EXISTS. */
export class AssociationProxyAttribute<T = unknown> {
  readonly parent: Entity;
  readonly property: AssociationProxyProperty;
  readonly #relationship: RelationshipAttribute;

  constructor(parent: Entity, property: AssociationProxyProperty, relationship: RelationshipAttribute) {
    this.parent = parent;
    this.property = property;
    this.#relationship = relationship;
  }

  get #target(): Record<string, (...args: unknown[]) => ColumnElement> {
    return attributesOf(this.property.target.mapper)[this.property.attribute] as never;
  }

  get #isColumn(): boolean {
    return this.property.target.mapper.getProperty(this.property.attribute) instanceof ColumnProperty;
  }

  #exists(criterion: readonly unknown[]): ColumnElement<boolean> {
    return this.property.target.uselist ? this.#relationship.any(...criterion) : this.#relationship.has(...criterion);
  }

  #compare(method: string, ...args: readonly unknown[]): ColumnElement<boolean> {
    return this.#exists([
      (this.#target[method] as (...args: unknown[]) => ColumnElement).apply(this.#target, [...args]),
    ]);
  }

  eq(value: T | null): ColumnElement<boolean> {
    return this.#compare("eq", value);
  }
  ne(value: T | null): ColumnElement<boolean> {
    return this.#compare("ne", value);
  }
  lt(value: T): ColumnElement<boolean> {
    return this.#compare("lt", value);
  }
  le(value: T): ColumnElement<boolean> {
    return this.#compare("le", value);
  }
  gt(value: T): ColumnElement<boolean> {
    return this.#compare("gt", value);
  }
  ge(value: T): ColumnElement<boolean> {
    return this.#compare("ge", value);
  }
  in(values: readonly T[]): ColumnElement<boolean> {
    return this.#compare("in", values);
  }
  like(pattern: string): ColumnElement<boolean> {
    return this.#compare("like", pattern);
  }
  ilike(pattern: string): ColumnElement<boolean> {
    return this.#compare("ilike", pattern);
  }
  startswith(text: string): ColumnElement<boolean> {
    return this.#compare("startswith", text);
  }
  endswith(text: string): ColumnElement<boolean> {
    return this.#compare("endswith", text);
  }

  /** For columns: the text is in it. For objects: the object is among them. */
  contains(value: T | string): ColumnElement<boolean> {
    if (this.#isColumn) return this.#compare("contains", value);
    const inner = attributesOf(this.property.target.mapper)[this.property.attribute] as RelationshipAttribute;
    return this.#exists([inner.property.uselist ? inner.contains(value) : inner.eq(value)]);
  }

  /** Some related object fulfils the criteria. @throws ArgumentError for values by key where the proxy is of a column. */
  any(...criteria: readonly unknown[]): ColumnElement<boolean> {
    return this.#inner(criteria);
  }

  /** The related object fulfils the criteria. */
  has(...criteria: readonly unknown[]): ColumnElement<boolean> {
    return this.#inner(criteria);
  }

  #inner(criteria: readonly unknown[]): ColumnElement<boolean> {
    if (!this.#isColumn) {
      const inner = attributesOf(this.property.target.mapper)[this.property.attribute] as RelationshipAttribute;
      return this.#exists([inner.property.uselist ? inner.any(...criteria) : inner.has(...criteria)]);
    }
    if (
      criteria.some(
        (each) => each !== null && typeof each === "object" && Object.getPrototypeOf(each) === Object.prototype,
      )
    ) {
      throw new ArgumentError("Can't apply keyword arguments to column-targeted association proxy; use ==");
    }
    return this.#exists(criteria);
  }
}
