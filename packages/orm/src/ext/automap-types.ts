/** Types of classes that are made from tables. Types only. */
import type { ReflectedColumns, Table } from "@athanor/core";
import type { ListOf, MappedColumn, MappedExtras } from "../declarative/types.ts";
import type { RelationshipAttribute } from "../mapping/relationship-attribute.ts";

/** An object of which only the database knows what it has. */
export interface UntypedObject {
  [attribute: string]: unknown;
}

/** A class-level attribute of such an object: a column, or a relationship. */
export type UntypedAttribute = MappedColumn<unknown, string, unknown, UntypedObject> &
  RelationshipAttribute<UntypedObject, UntypedObject, unknown>;

/** A column or a relationship, told by whether the value is an object (or a list of objects) of a class of the base. */
type AttributeOf<V, K extends string, O, Objects> =
  NonNullable<V> extends Iterable<infer T extends Objects>
    ? RelationshipAttribute<T, O, V>
    : NonNullable<V> extends Objects
      ? RelationshipAttribute<NonNullable<V>, O, V>
      : MappedColumn<V, K, V, O>;

/** The class-level attributes of objects of `E`. */
export type AutomapAttributes<E, Objects> = string extends keyof E
  ? Readonly<Record<string, UntypedAttribute>>
  : { readonly [K in keyof E & string]: AttributeOf<E[K], K, E, Objects> };

/** What the constructor takes. */
export type AutomapInit<E> = string extends keyof E
  ? Readonly<Record<string, unknown>>
  : { readonly [K in keyof E]?: (E[K] extends ListOf<infer T> ? readonly T[] : E[K]) | undefined };

/** A class that automap made, or found; its objects are `E`. */
export interface AutomapClass<E extends object, Objects = never> extends MappedExtras<E> {
  new (init?: AutomapInit<E>): E;
  readonly prototype: E;
  readonly name: string;
  readonly "~init": AutomapInit<E>;
  readonly $: AutomapAttributes<E, Objects>;
  readonly table: Table<ReflectedColumns>;
}

/** The classes of a base by name. */
export type AutomapClasses<C extends object> = {
  readonly [K in keyof C]: C[K] extends object ? AutomapClass<C[K], C[keyof C]> : never;
};

/** Classes and modules by the parts of a dotted name. */
export interface ModuleOf {
  readonly [name: string]: ModuleOf & AutomapClass<UntypedObject>;
}
