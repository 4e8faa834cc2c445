/** Types of mapped classes: from the shape that users write to objects, attributes and constructor arguments. Types only. */
import type {
  CLAUSE_ELEMENT,
  ColumnCollection,
  ColumnElement,
  ColumnTypes,
  ENTITY_COLUMNS,
  MetaData,
  SqlExpression,
  Table,
  TableItem,
} from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import type { EntityNode } from "../base/entity-node.ts";
import type { AttributeDispatcher } from "../instrument/events.ts";
import type { ColumnProperty } from "../mapping/column-property.ts";
import type { MapperDispatcher } from "../mapping/events.ts";
import type { Mapper } from "../mapping/mapper.ts";
import type { RelationshipAttribute } from "../mapping/relationship-attribute.ts";
import type { MappedOptions } from "./rest.ts";

/** What is mapped beside the columns of a table that is there: columns, and functions that give relationships, by attribute key. */
export type Shape = Readonly<Record<string, ShapeMember>>;

/**
 * The shape of a class with a table of its own: {@link ShapeMember} by attribute key. It asks for objects and no more: to see that a
 * column has a value, the compiler makes all members of its type three times over, for each column whose type is like no other
 * (documents). Other objects are refused at run time.
 */
export type ClassShape = Readonly<Record<string, object>>;

/**
 * A member of a shape: a column, or anything that says what its value is; or a function that gives it. What the function
 * gives is not looked at here, or classes that refer to each other could not be typed.
 */
export type ShapeMember = { readonly "~value": unknown } | AnyCallable;

/**
 * Any function. It names no call signature on purpose: where one is expected, the compiler looks into functions at once, and
 * from there into the class that is named inside, its shape, and so on through all classes, until its stack is used up.
 */
export interface AnyCallable {
  readonly bind: unknown;
  readonly call: unknown;
}

/** A list of related objects. Arrays can be assigned; single places cannot, because that could not be noticed. */
export interface ListOf<out T> extends ReadonlyArray<T> {
  /** Adds objects at the end. */
  push(...items: T[]): number;
  /** Takes the last object out. */
  pop(): T | undefined;
  /** Takes the first object out. */
  shift(): T | undefined;
  /** Adds objects at the front. */
  unshift(...items: T[]): number;
  /** Takes objects out at a place and puts others in. */
  splice(start: number, deleteCount?: number, ...items: T[]): T[];
  /** Sorts the list in memory. */
  sort(compare?: (a: T, b: T) => number): unknown;
  /** Turns the list round in memory. */
  reverse(): unknown;
}

/** The value of a member on objects. */
export type MemberValue<M> = M extends { readonly "~value": infer T }
  ? T
  : M extends () => { readonly "~value": infer T }
    ? T
    : unknown;

/** What the constructor takes for a member. */
export type MemberInput<M> = M extends { readonly "~input": infer I }
  ? I
  : M extends () => { readonly "~input": infer I }
    ? I
    : MemberValue<M>;

/** The member that a synonym stands for, or the member itself. */
type Meant<S, M> = M extends { readonly "~synonym": infer N extends keyof S } ? S[N] : M;

/** The attributes of an object as promises: `await user.awaitable.addresses` loads what is not loaded. */
export type Awaitable<S> = { readonly [K in keyof S]: Promise<MemberValue<Meant<S, S[K]>>> };

/** The attributes of an object. */
export type Instance<S> = { -readonly [K in keyof S]: MemberValue<Meant<S, S[K]>> } & {
  readonly awaitable: Awaitable<S>;
  /** Phantom: types the columns of `select(User).subquery()`. */
  readonly [ENTITY_COLUMNS]: ShapeColumns<S>;
};

/** What the constructor takes for a member: of columns, SQL expressions too, which the flush computes. */
export type InitValue<M> = MemberInput<M> | (M extends ColumnTypes ? SqlExpression : never);

/** The keys of an object's attributes; any text where nothing is known of the object. */
export type AttributeKey<E extends object> = (keyof E & string) | (object extends E ? string : never);

/** A row of `bulkInsertMappings()` and `bulkUpdateMappings()`: values by attribute key. */
export type BulkRow<C> = C extends { readonly "~init": infer I } ? I : Readonly<Record<string, unknown>>;

/** What the constructor takes: any of the attributes. */
export type Init<S> = { readonly [K in keyof S]?: InitValue<Meant<S, S[K]>> | undefined };

/** Takes the objects that an attribute belongs to. */
export interface OwnedBy<in O> {
  /** Phantom. */
  readonly "~owner": (owner: O) => void;
}

/** How a class-level attribute is mapped: what does not depend on its type. */
export interface MappedAs {
  /** What the attribute is mapped as. */
  readonly property: ColumnProperty;
  /** The columns that hold the value: more than one where joined tables share it. */
  readonly expressions: readonly ColumnElement[];
  /** The mapper, or the alias, that it was asked of. */
  readonly parent: Entity;
}

/**
 * A class-level attribute of a column: an expression with the attribute's name in rows. Its members are picked, since TypeScript
 * makes those of a base class anew for each attribute of each class, and picked ones once for each type of value.
 */
export interface MappedColumn<out T, out N extends string, I, in O>
  extends Pick<ColumnElement<T, I>, keyof ColumnElement>,
    OwnedBy<O>,
    MappedAs {
  readonly "~name": N;
  /** Listeners of the attribute: `listen(User.$.name, "set", …)`. */
  readonly dispatch: AttributeDispatcher<O, T>;
}

/** The class-level attribute of a member. */
export type AttributeFor<M, K extends string, O> = M extends ColumnTypes
  ? MappedColumn<M["~value"], K, M["~input"], O> & M["~ops"]
  : M extends { readonly "~attribute": infer A }
    ? A
    : M extends { readonly "~composite": infer A }
      ? A & { readonly "~name": K }
      : M extends () => infer R
        ? R extends { readonly "~related": infer T; readonly "~value": infer V }
          ? RelationshipAttribute<T, O, V>
          : R extends { readonly "~attribute": infer A }
            ? A
            : R extends { readonly "~value": infer V }
              ? MappedColumn<V, K, V, O>
              : never
        : M extends { readonly "~value": infer V }
          ? MappedColumn<V, K, V, O>
          : never;

/** The class-level attributes: `User.$`. */
export type Attributes<S, O = Instance<S>> = { readonly [K in keyof S]: AttributeFor<Meant<S, S[K]>, K & string, O> };

/** The columns of a shape. */
export type ShapeColumns<S> = { readonly [K in keyof S as S[K] extends ColumnTypes ? K : never]: S[K] };

/** What every mapped class has, however it was mapped. */
export interface MappedExtras<out E> {
  /** Phantom: an object of the class. */
  readonly "~entity": E;
  /** What the ORM knows of the class. */
  readonly mapper: Mapper;
  /** Listeners of the class: `listen(User, "beforeInsert", …)`. */
  readonly dispatch: MapperDispatcher<E>;
  [CLAUSE_ELEMENT](): EntityNode;
}

/** The columns of a table as a shape: `mapImperatively()`. */
export type ColumnsAsShape<C> = { readonly [K in keyof C]: C[K] };

/** Options of `extend()`: of the table and of the mapping. */
export type ExtendOptions<S> = Omit<MappedOptions, "inheritCondition"> & {
  /** The condition that joins the class's table to its parent's; a function gets the columns of the class's own table. */
  readonly inheritCondition?:
    | object
    | AnyCallable
    | ((own: ColumnCollection<ShapeColumns<NoInfer<S>>>) => unknown)
    | undefined;
};

/** What every mapped class has besides its constructor and what {@link MappedExtras} names. */
export interface MappedMembers {
  /** What the ORM knows of the class. */
  readonly mapper: Mapper;
  /** The tables of its base. */
  readonly metadata: MetaData;
  /** Makes the class known to its mapper: for subclasses that the program names nowhere else. */
  register(): void;
  [CLAUSE_ELEMENT](): EntityNode;
  /** A class below this one: with a table of its own (joined, or concrete), or in the same table. */
  extend<This extends AnyMappedClass, const S extends ClassShape>(
    this: This,
    table: string,
    shape: S,
    ...rest: readonly (TableItem | ExtendOptions<S>)[]
  ): ExtendedClass<This, S>;
  extend<This extends AnyMappedClass, const S extends ClassShape>(
    this: This,
    shape: S,
    ...rest: readonly (TableItem | ExtendOptions<S>)[]
  ): ExtendedClass<This, S>;
}

/** The least that a mapped class is. */
export interface AnyMappedClass {
  readonly "~entity": unknown;
  readonly "~init": unknown;
  readonly prototype: object;
  readonly $: unknown;
}

/** What `Base.mapped()` returns: the class to extend. */
export interface MappedClassOf<S, From = Table<ShapeColumns<S>>> extends MappedMembers {
  new (init?: Init<S>): Instance<S>;
  /** Phantom: an object of the class. */
  readonly "~entity": Instance<S>;
  /** Phantom: what the constructor takes. */
  readonly "~init": Init<S>;
  /** Phantom: the column attributes, those of base classes included. */
  readonly "~columnAttributes": ShapeColumns<S>;
  /** Listeners of the class: `listen(User, "beforeInsert", …)`. */
  readonly dispatch: MapperDispatcher<Instance<S>>;
  /** The class-level attributes, for statements. */
  readonly $: Attributes<S>;
  /** The table, or what else the class was mapped to. */
  readonly table: From;
}

/** The columns of a selectable whose names are known: those of joins are not. */
export type KnownColumns<C> = string extends keyof C ? unknown : C;

type OwnMembers =
  | keyof MappedMembers
  | "dispatch"
  | "~entity"
  | "~init"
  | "~columnAttributes"
  | "$"
  | "prototype"
  | "table";

/** The column attributes of a mapped class. */
export type ColumnAttributes<C> = C extends { readonly "~columnAttributes": infer A extends object }
  ? A
  : C extends { readonly table: { readonly "~columns": infer A extends object } }
    ? A
    : object;

/** What `Vehicle.extend()` returns. */
export type ExtendedClass<This extends AnyMappedClass, S> = {
  new (init?: This["~init"] & Init<S>): This["prototype"] & Instance<S>;
  readonly "~entity": This["prototype"] & Instance<S>;
  readonly "~init": This["~init"] & Init<S>;
  readonly "~columnAttributes": Omit<ColumnAttributes<This>, keyof S> & ShapeColumns<S>;
  readonly $: Omit<This["$"], keyof S> & Attributes<S, This["prototype"] & Instance<S>>;
  readonly dispatch: MapperDispatcher<This["prototype"] & Instance<S>>;
  readonly table: Table<ShapeColumns<S>>;
} & MappedMembers &
  Omit<This, OwnMembers>;
