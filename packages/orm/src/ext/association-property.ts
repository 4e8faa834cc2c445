/** The proxy of a mapped class: what reading and setting `post.tagNames` does. */
import { ArgumentError, InvalidRequestError } from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import { KeyedCollection } from "../collections/map.ts";
import { delAttribute } from "../instrument/functions.ts";
import { DescriptorProperty } from "../mapping/descriptor.ts";
import type { Mapper } from "../mapping/mapper.ts";
import { RelationshipAttribute } from "../mapping/relationship-attribute.ts";
import { RelationshipProperty } from "../relationship/relationship.ts";
import { stateOrNull } from "../state/registry.ts";
import { AssociationProxyAttribute } from "./association-attribute.ts";
import { AssociationMap, AssociationSet, associationList, type ViewSource } from "./association-views.ts";

type Values = Record<string, unknown>;

/** Options of `associationProxy()`. */
export interface AssociationProxyOptions {
  /**
   * Makes the related object of a value; for keyed maps of a key and a value. Default: the related class, with the attribute
   * (and the attribute that is the key) set.
   */
  readonly creator?: (...args: never[]) => object;
  /** Setting a scalar to null takes the related object away, too. Default false: its attribute is set to null. */
  readonly cascadeScalarDeletes?: boolean;
  /** Setting a scalar to null where there is no related object makes one. Default false. */
  readonly createOnNoneAssignment?: boolean;
  /** Notes of the user's own. */
  readonly info?: Readonly<Record<PropertyKey, unknown>>;
}

/** The property of a class. */
export class AssociationProxyProperty extends DescriptorProperty {
  readonly kind = "proxy" as const;
  readonly relationship: string;
  readonly attribute: string;
  readonly options: AssociationProxyOptions;
  /** Views by object, for as long as the collection is of their kind. */
  readonly #views = new WeakMap<object, object>();

  constructor(relationship: string, attribute: string, options: AssociationProxyOptions) {
    super(options);
    this.relationship = relationship;
    this.attribute = attribute;
    this.options = options;
  }

  /** The relationship of a class that leads to the objects; subclasses may each have one of their own. @throws InvalidRequestError */
  #target(mapper: Mapper): RelationshipProperty {
    const property = mapper.getProperty(this.relationship);
    if (property instanceof RelationshipProperty) return property;
    throw this.#notRelated();
  }

  #notRelated(): InvalidRequestError {
    return new InvalidRequestError(`association proxy ${this}: '${this.relationship}' is no relationship`);
  }

  /** The relationship of an object's class. */
  #targetOf(object: object): RelationshipProperty {
    return this.#target((stateOrNull(object)?.mapper ?? this.parent) as Mapper);
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

  /** Makes a related object: of a value, or of a key and a value. */
  #create(object: object, args: readonly unknown[]): object {
    const { creator } = this.options;
    if (creator !== undefined) return creator(...(args as never[]));
    const target = this.#targetOf(object);
    const type = target.mapper.class as unknown as new (init: Values) => object;
    const init: Values = { [this.attribute]: args.at(-1) };
    const { collectionClass } = target;
    if (args.length === 2 && collectionClass instanceof KeyedCollection && collectionClass.attribute !== null)
      init[collectionClass.attribute] = args[0];
    return new type(init);
  }

  #get(object: Values): unknown {
    if (this.#targetOf(object).uselist) return this.#view(object);
    const related = object[this.relationship] as Values | null;
    return related === null || related === undefined ? null : related[this.attribute];
  }

  #view(object: Values): object {
    // The collection is loaded here, as it would be by reading it.
    const collection = object[this.relationship];
    const known = this.#views.get(object);
    if (known !== undefined) return known;
    const { attribute, relationship } = this;
    const source: ViewSource<unknown> = {
      get collection() {
        return object[relationship] as object;
      },
      read: (related) => (related as Values)[attribute],
      write: (related, value) => {
        (related as Values)[attribute] = value;
      },
      create: (...args) => this.#create(object, args),
    };
    const view =
      collection instanceof Map
        ? new AssociationMap(source)
        : collection instanceof Set
          ? new AssociationSet(source)
          : associationList(source);
    this.#views.set(object, view);
    return view;
  }

  #set(object: Values, value: unknown): void {
    if (this.#targetOf(object).uselist) this.#replace(this.#view(object), value);
    else this.#setScalar(object, value);
  }

  #setScalar(object: Values, value: unknown): void {
    const { cascadeScalarDeletes = false, createOnNoneAssignment = false } = this.options;
    const related = object[this.relationship] as Values | null | undefined;
    if (related === null || related === undefined) {
      if (value !== null || createOnNoneAssignment) object[this.relationship] = this.#create(object, [value]);
      return;
    }
    related[this.attribute] = value;
    if (value === null && cascadeScalarDeletes) object[this.relationship] = null;
  }

  /** Takes the related objects away; of a related object that is alone, its attribute too. */
  override remove(object: object): void {
    const target = this.#targetOf(object);
    const related = target.uselist ? null : (object as Values)[this.relationship];
    const own = related === null || related === undefined ? undefined : target.mapper.props.get(this.attribute);
    if (own !== undefined && (own.kind === "column" || own.kind === "relationship" || own.remove !== undefined))
      delAttribute(related as object, this.attribute as never);
    delAttribute(object, this.relationship as never);
  }

  /** Gives a collection other values: what stays in sets and maps keeps its related object. */
  #replace(view: object, given: unknown): void {
    if (view === given) return;
    if (view instanceof AssociationMap) {
      const entries = new Map(
        given instanceof Map ? (given as Map<unknown, unknown>) : Object.entries(given as object),
      );
      for (const key of [...view.keys()]) if (!entries.has(key)) view.delete(key);
      for (const [key, value] of entries) view.set(key, value);
      return;
    }
    if (given === null || typeof given !== "object" || !(Symbol.iterator in given))
      throw new ArgumentError(`${this} takes the values of a collection`, { fix: "assign an array; [] empties it" });
    const values = [...(given as Iterable<unknown>)];
    if (view instanceof AssociationSet) {
      for (const value of [...view]) if (!values.includes(value)) view.delete(value);
      for (const value of values) view.add(value);
      return;
    }
    // A list may hold a value twice, so that all is made anew.
    (view as unknown[]).splice(0);
    (view as unknown[]).push(...values);
  }

  classAttribute(entity: Entity, attribute: (key: string) => unknown): AssociationProxyAttribute {
    const relationship = attribute(this.relationship);
    if (relationship instanceof RelationshipAttribute) return new AssociationProxyAttribute(entity, this, relationship);
    throw this.#notRelated();
  }

  copy(): AssociationProxyProperty {
    return new AssociationProxyProperty(this.relationship, this.attribute, this.options);
  }
}
