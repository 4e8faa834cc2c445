/** Attributes that are elements of a document or list of the same object: `person.city` for `person.data.city`. */
import { ArgumentError, ArrayType, type ColumnElement, type JsonElement } from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import { flagModified } from "../instrument/functions.ts";
import { DescriptorProperty } from "../mapping/descriptor.ts";
import type { Mapper } from "../mapping/mapper.ts";

type Values = Record<string, unknown>;
type Holder = Record<string | number, unknown>;

/** Options of {@link indexProperty}. */
export interface IndexPropertyOptions<T, E = JsonElement> {
  /** What reading gives when the element, or the whole document, is not there. Default `undefined`. */
  readonly default?: T;
  /** Makes the document when the first element is set and there is none. Default: an object for a key, a list for an index. */
  readonly datatype?: () => object;
  /** False: the element can only be read. Default true. */
  readonly mutable?: boolean;
  /** SQL counts the elements of arrays from 1, JavaScript from 0; false: both use the same index. Default true. Not for JSON. */
  readonly onebased?: boolean;
  /** What the element is in SQL: `(element) => element.asString()`. Default: the element as it is. */
  readonly expression?: (element: JsonElement) => E;
}

/** A declared element. */
export interface IndexPropertyOf<T, E = JsonElement> {
  readonly "~value": T;
  readonly "~input": T;
  readonly "~attribute": E;
}

/**
 * The element `index` of the attribute `attribute`, a JSON, HSTORE or array column (or another indexed property of one). Setting it
 * marks the column as changed; setting `undefined` takes the element out.
 *
 * @example
 * data: column(t.json<{ city?: string }>()),
 * city: indexProperty<string | null>("data", "city", { default: null, expression: (city) => city.asString() }),
 * // person.city = "Rome"; select(Person).where(Person.$.city.eq("Rome"))   →   data ->> 'city' = 'Rome'
 */
export function indexProperty<T = unknown, E = JsonElement>(
  attribute: string,
  index: string | number,
  options: IndexPropertyOptions<T, E> = {},
): IndexPropertyOf<T, E> {
  if (typeof index !== "string" && !Number.isInteger(index))
    throw new ArgumentError(`indexProperty("${attribute}", …): the index must be a key or a whole number`);
  return new IndexProperty(
    attribute,
    index,
    options as IndexPropertyOptions<unknown, unknown>,
  ) as unknown as IndexPropertyOf<T, E>;
}

/** The property of a class. */
export class IndexProperty extends DescriptorProperty {
  readonly kind = "proxy" as const;
  readonly attribute: string;
  readonly index: string | number;
  readonly options: IndexPropertyOptions<unknown, unknown>;

  constructor(attribute: string, index: string | number, options: IndexPropertyOptions<unknown, unknown>) {
    super();
    this.attribute = attribute;
    this.index = index;
    this.options = options;
  }

  override get settable(): boolean {
    return this.options.mutable !== false;
  }

  install(prototype: object, mapper: Mapper): void {
    const property = this;
    Object.defineProperty(prototype, this.key, {
      configurable: true,
      enumerable: true,
      get(this: Values) {
        return property.#get(this);
      },
      set(this: Values, value: unknown) {
        property.#set(this, value, mapper);
      },
    });
  }

  #get(object: Values): unknown {
    const holder = object[this.attribute] as Holder | null | undefined;
    const value = holder === null || holder === undefined ? undefined : holder[this.index];
    return value === undefined ? this.options.default : value;
  }

  #set(object: Values, value: unknown, mapper: Mapper): void {
    if (this.options.mutable === false)
      throw new ArgumentError(`${mapper.class.name}.${this.key} can only be read: it was declared with mutable: false`);
    let holder = object[this.attribute] as Holder | null | undefined;
    if (holder === null || holder === undefined) {
      if (value === undefined) return;
      holder = this.#makeHolder() as Holder;
    }
    if (value !== undefined) holder[this.index] = value;
    else if (Array.isArray(holder)) holder.splice(this.index as number, 1);
    else delete holder[this.index];
    object[this.attribute] = holder;
    // The same document was set again: the attribute itself sees no difference.
    if (mapper.props.get(this.attribute)?.kind === "column") flagModified(object, this.attribute);
  }

  #makeHolder(): object {
    const { datatype } = this.options;
    if (datatype !== undefined) return datatype();
    return typeof this.index === "string" ? {} : [];
  }

  classAttribute(_entity: Entity, attribute: (key: string) => unknown): unknown {
    const holder = attribute(this.attribute) as ColumnElement & { at?(index: string | number): JsonElement };
    if (typeof holder.at !== "function")
      throw new ArgumentError(
        `'${this.attribute}', whose element '${this.key}' is, is no JSON, HSTORE or array column`,
      );
    const { type } = holder;
    const countsFromOne = type instanceof ArrayType && !type.zeroIndexes && this.options.onebased !== false;
    const shift = typeof this.index === "number" && countsFromOne;
    const element = holder.at(shift ? (this.index as number) + 1 : this.index);
    return this.options.expression === undefined ? element : this.options.expression(element);
  }

  copy(): IndexProperty {
    return new IndexProperty(this.attribute, this.index, this.options);
  }
}
