/** `aliased()` and `withPolymorphic()`: a mapped class under another name, or with its subclasses' tables. */
import {
  CLAUSE_ELEMENT,
  ColumnClause,
  type FromClause,
  type HasClauseElement,
  isFromClause,
  Join,
  outerjoin,
  resolveNode,
  type SqlExpression,
  warn,
} from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import { EntityNode } from "../base/entity-node.ts";
import { expressionOf, makeNamespace } from "../mapping/class-attributes.ts";
import type { Mapper } from "../mapping/mapper.ts";
import { inlineMappers } from "../mapping/polymorphic-union.ts";
import { containsFrom, entityColumn, entityExpression } from "./adapt.ts";
import { AliasEntity, aliasObjects, aliasOf } from "./alias-entity.ts";
import { toEntity } from "./entity.ts";

/** What `aliased()` takes: a mapped class, or an alias of one. */
export interface AliasSource {
  readonly "~entity": unknown;
  /** The attributes, for statements. */
  readonly $: object;
}

type InstanceOf<C> = C extends { readonly "~entity": unknown; readonly prototype: infer P }
  ? P
  : C extends { readonly "~entity": infer E }
    ? E
    : never;

/** A mapped class under another name: `a.$` has its attributes, rows give objects of the class. */
export interface AliasedClass<out C extends AliasSource, out N extends string = string> extends HasClauseElement {
  /** Phantom: the object that rows give. */
  readonly "~entity": InstanceOf<C>;
  /** Phantom: the name in rows. */
  readonly "~name": N;
  /** Phantom: a clause element. */
  readonly "~clause": true;
  /** The attributes of the alias, for statements. */
  readonly $: C["$"];
}

/** Options of {@link aliased}. */
export interface AliasedOptions<out N extends string = string> {
  /** The name in SQL, and in rows. Default: made up. */
  readonly name?: N;
  /** Joins of inheriting tables stay joins of aliases instead of becoming a subquery. Default false. */
  readonly flat?: boolean;
  /** Columns of a given selectable are found by name. Default false. */
  readonly adaptOnNames?: boolean;
}

class AliasedObject {
  readonly $: object;
  readonly #node: EntityNode;

  constructor(entity: Entity, namespace: object) {
    this.$ = namespace;
    this.#node = new EntityNode(entity, this);
    // Python's way of writing it: attributes directly on the alias.
    // biome-ignore lint/correctness/noConstructorReturn: the object itself stays behind its proxy.
    return new Proxy(this, {
      get(target, key, receiver) {
        if (key === CLAUSE_ELEMENT) return () => target.#node;
        if (typeof key === "symbol" || key === "$" || key === "then" || key === "constructor")
          return Reflect.get(target, key) as unknown;
        void receiver;
        return Reflect.has(target.$, key) ? (target.$ as Record<string, unknown>)[key] : undefined;
      },
      has: (target, key) => key === CLAUSE_ELEMENT || Reflect.has(target, key),
    });
  }

  [CLAUSE_ELEMENT](): EntityNode {
    return this.#node;
  }
}

/** The object that users hold for an alias. */
function aliasObject(entity: AliasEntity, more: ReadonlyMap<string, Mapper> = new Map()): object {
  const { mapper } = entity;
  const find = (key: string): Mapper =>
    [mapper, ...entity.polymorphicMappers].find((each) => each.props.has(key)) ?? mapper;
  const namespace = makeNamespace(
    entity,
    (key) => more.has(key) || find(key).hasProperty(key),
    (key) => {
      const sub = more.get(key);
      if (sub !== undefined) return subNamespace(entity, sub);
      return expressionOf(entity, find(key).getProperty(key), (column) => adapted(entity, column));
    },
  );
  const object = new AliasedObject(entity, namespace);
  aliasObjects.set(entity, object);
  return object;
}

function subNamespace(entity: AliasEntity, sub: Mapper): object {
  const own: Entity = new AliasEntity(sub, entity.alias, sub.class.name);
  return makeNamespace(
    own,
    (key) => sub.hasProperty(key),
    (key) => expressionOf(entity, sub.getProperty(key), (column) => adapted(entity, column)),
  );
}

function adapted(entity: Entity, column: Parameters<typeof entityColumn>[1]): ReturnType<typeof entityColumn> {
  const moved = entityColumn(entity, column);
  if (moved !== column) return moved;
  if (
    column instanceof ColumnClause &&
    entity.alias !== null &&
    !containsFrom(entity.alias, column.table as FromClause)
  )
    warn(
      `Did not locate an expression in selectable for attribute '${column.key}'; to match by name, use the adaptOnNames option`,
    );
  return entityExpression(entity, column);
}

/**
 * A mapped class under another name, or from another selectable.
 *
 * @example const manager = aliased(Employee); select(Employee.$.name, manager.$.name).join(Employee.$.manager.ofType(manager))
 * @example const grown = aliased(User, select(User).where(User.$.age.gt(17)).subquery())
 * @throws UnmappedClassError, ArgumentError
 */
export function aliased<C extends AliasSource, const N extends string = string>(
  entity: C,
  options?: AliasedOptions<N>,
): AliasedClass<C, N>;
export function aliased<C extends AliasSource, const N extends string = string>(
  entity: C,
  selectable: SqlExpression | null,
  options?: AliasedOptions<N>,
): AliasedClass<C, N>;
export function aliased(entityGiven: object, second: unknown = undefined, third: AliasedOptions = {}): object {
  const node = second === undefined || second === null ? undefined : resolveNode(second);
  const options = (node === undefined && second !== null && second !== undefined ? second : third) as AliasedOptions;
  const source = toEntity(entityGiven, "aliased()");
  const { mapper } = source;
  mapper.configure();
  const given = node !== undefined && isFromClause(node) ? node : null;
  const selectable = given ?? aliasOf(source.alias === null ? mapper.selectable : baseOf(source.alias), options);
  // What comes along with the class comes along with its alias.
  const along = given === null && source.alias === null ? inlineMappers(mapper) : [];
  const entity = new AliasEntity(mapper, selectable, options.name ?? mapper.class.name, along);
  if (options.adaptOnNames === true) Object.assign(entity, { adaptsOnNames: true });
  return aliasObject(entity);
}

function baseOf(alias: FromClause): FromClause {
  return (alias as { readonly element?: FromClause }).element ?? alias;
}

/** Options of {@link withPolymorphic}. */
export interface WithPolymorphicOptions {
  /** Give the tables aliases. Default false. */
  readonly aliased?: boolean;
  /** The tables get aliases one by one, instead of a subquery of the join. Default false. */
  readonly flat?: boolean;
  /** Join the subclasses' tables by INNER JOIN. Default false. */
  readonly innerjoin?: boolean;
  /** Another selectable, e.g. a polymorphic union. */
  readonly selectable?: SqlExpression | null;
}

/** Subclasses by the names under which their attributes stand. */
export type NamedSubclasses = Readonly<Record<string, AliasSource>>;

/** The attributes of all of several classes. */
type AttributesOfAll<S> = S extends readonly [infer C extends AliasSource, ...infer Rest]
  ? C["$"] & AttributesOfAll<Rest>
  : unknown;

/**
 * The attributes of a class, and those of its subclasses under their names. Names that were given are known; the name of a class is
 * no part of its type, so that a list of classes has any name, with the attributes of them all.
 */
export type PolymorphicNamespace<C extends AliasSource, S> = C["$"] &
  (S extends readonly unknown[]
    ? { readonly [K in Capitalize<string>]: AttributesOfAll<S> }
    : S extends NamedSubclasses
      ? { readonly [K in keyof S]: S[K]["$"] }
      : unknown);

/**
 * A class with the tables of subclasses joined to it: `vp.$.id`, and `vp.$.Car.doors` for a subclass's attribute.
 *
 * @param classes subclasses: by name, which types them best, as a list, or `"*"` for all.
 * @example
 * const staff = withPolymorphic(Employee, { Engineer, Manager });
 * select(staff).where(or(staff.$.Engineer.language.eq("ts"), staff.$.Manager.level.gt(3)));
 */
export function withPolymorphic<
  C extends AliasSource,
  const S extends readonly AliasSource[] | NamedSubclasses = Record<never, never>,
>(
  base: C,
  classes: S | "*",
  options: WithPolymorphicOptions = {},
): AliasedClass<C> & { readonly $: PolymorphicNamespace<C, S> } {
  const { mapper } = toEntity(base, "withPolymorphic()");
  mapper.configure();
  const named =
    classes === "*"
      ? mapper.selfAndDescendants.slice(1)
      : Object.values(classes).map((each) => toEntity(each as object, "withPolymorphic()").mapper);
  const mappers = mapper.selfAndDescendants.filter(
    (each) => each !== mapper && named.some((wanted) => wanted.isa(each)),
  );
  let from: FromClause =
    options.selectable === undefined || options.selectable === null
      ? mapper.concrete
        ? mapper.selectable
        : mapper.persistSelectable
      : (resolveNode(options.selectable) as FromClause);
  if (options.selectable === undefined || options.selectable === null) {
    for (const each of mappers) {
      if (each.single || each.inheritCondition === null || mapper.concrete) continue;
      from =
        options.innerjoin === true
          ? new Join(from, each.localTable, each.inheritCondition)
          : outerjoin(from, each.localTable, each.inheritCondition);
    }
    if (options.aliased === true || options.flat === true) from = aliasOf(from, { flat: options.flat ?? false });
  }
  const entity = new AliasEntity(mapper, from, mapper.class.name, mappers);
  const byName = new Map(mappers.map((each) => [each.class.name, each]));
  if (classes !== "*" && !Array.isArray(classes))
    Object.keys(classes).forEach((name, index) => byName.set(name, named[index] as Mapper));
  return aliasObject(entity, byName) as never;
}
