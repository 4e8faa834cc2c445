/** An alias of a mapped class: `aliased(User)`, and those that joined loading makes by itself. Next: ./aliased.ts. */
import {
  AliasedFromClause,
  type CacheKeyBuilder,
  type FromClause,
  Join,
  LABEL_STYLE_TABLENAME_PLUS_COL,
  outerjoin,
  Select,
  Subquery,
} from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import type { Mapper } from "../mapping/mapper.ts";
import { flatAlias } from "./adapt.ts";

/** The objects that users hold for aliases. */
export const aliasObjects: WeakMap<Entity, object> = new WeakMap();

/** A mapped class under another name. */
export class AliasEntity implements Entity {
  readonly mapper: Mapper;
  readonly alias: FromClause;
  readonly name: string | null;
  /** Mappers whose columns the alias has beside those of {@link mapper}: `withPolymorphic()`. */
  readonly polymorphicMappers: readonly Mapper[];

  /** Made by a loader: what is said of the class holds for it. */
  readonly isImplicit: boolean;
  readonly adaptsOnNames: boolean = false;

  constructor(
    mapper: Mapper,
    alias: FromClause,
    name: string | null = null,
    polymorphicMappers: readonly Mapper[] = [],
    isImplicit = false,
  ) {
    this.isImplicit = isImplicit;
    this.mapper = mapper;
    this.alias = alias;
    this.name = name;
    this.polymorphicMappers = polymorphicMappers;
  }

  get selectable(): FromClause {
    return this.alias;
  }

  appendCacheKey(key: CacheKeyBuilder): void {
    key.add("a");
    this.mapper.appendCacheKey(key);
    this.alias.appendCacheKey(key);
    if (this.adaptsOnNames) key.add("n");
    if (this.polymorphicMappers.length > 0) {
      key.add("p");
      for (const mapper of this.polymorphicMappers) mapper.appendCacheKey(key);
    }
  }
}

/** Tables get an alias; the joined tables of a hierarchy become a subquery, or with `flat` a join of aliases. */
export function aliasOf(
  from: FromClause,
  options: { readonly name?: string; readonly flat?: boolean } = {},
): FromClause {
  if (from instanceof Join && options.flat !== true)
    return new Subquery(new Select([from]).setLabelStyle(LABEL_STYLE_TABLENAME_PLUS_COL), options.name ?? null);
  return flatAlias(from, options.name ?? null);
}

/** An alias as users make it by `aliased(Class)`: what is said of the class does not hold for it. */
export function userAlias(mapper: Mapper): AliasEntity {
  return new AliasEntity(mapper, aliasOf(mapper.selectable));
}

/** An anonymous alias of a mapped class, as eager joins use it. */
export function anonymousAlias(entity: Entity): AliasEntity {
  const { mapper } = entity;
  if (entity instanceof AliasEntity && entity.polymorphicMappers.length > 0) {
    const { alias } = entity;
    const joined =
      alias instanceof Subquery
        ? new Subquery(alias.element, null)
        : alias instanceof Join
          ? new Subquery(new Select([alias]).setLabelStyle(LABEL_STYLE_TABLENAME_PLUS_COL), null)
          : flatAlias(alias instanceof AliasedFromClause ? alias.element : alias);
    return new AliasEntity(mapper, joined, null, entity.polymorphicMappers, true);
  }
  if (entity.alias instanceof Subquery)
    return new AliasEntity(mapper, new Subquery(entity.alias.element, null), null, [], true);
  const from = entity.alias instanceof AliasedFromClause ? entity.alias.element : (entity.alias ?? mapper.selectable);
  return new AliasEntity(mapper, flatAlias(from), null, [], true);
}

const widened = new WeakMap<Mapper, Map<Mapper, AliasEntity>>();

/**
 * What a loader option's `ofType(subclass)` means: the related class with the subclass's columns beside its own, so that
 * objects of other classes are loaded as well.
 */
export function widenedEntity(related: Entity, given: Entity): Entity {
  const { mapper } = related;
  if (given.alias !== null || given.mapper === mapper || !given.mapper.isa(mapper)) return given;
  let bySubclass = widened.get(mapper);
  if (bySubclass === undefined) widened.set(mapper, (bySubclass = new Map()));
  let entity = bySubclass.get(given.mapper);
  if (entity === undefined) {
    const below = [...given.mapper.iterateToRoot()].reverse().filter((each) => each !== mapper && each.isa(mapper));
    let from: FromClause = mapper.persistSelectable;
    for (const each of below)
      if (!each.single && each.inheritCondition !== null)
        from = outerjoin(from, each.localTable, each.inheritCondition);
    const alias =
      from instanceof Join
        ? new Subquery(new Select([from]).setLabelStyle(LABEL_STYLE_TABLENAME_PLUS_COL), null)
        : flatAlias(from);
    entity = new AliasEntity(mapper, alias, mapper.class.name, below, true);
    bySubclass.set(given.mapper, entity);
  }
  return entity;
}
