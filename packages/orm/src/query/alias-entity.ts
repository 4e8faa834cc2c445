/** An alias of a mapped class: `aliased(User)`, and those that joined loading makes by itself. Next: ./aliased.ts. */
import { AliasedFromClause, type CacheKeyBuilder, type FromClause } from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import type { Mapper } from "../mapping/mapper.ts";
import { flatAlias } from "./adapt.ts";

/** A mapped class under another name. */
export class AliasEntity implements Entity {
  readonly mapper: Mapper;
  readonly alias: FromClause;
  readonly name: string | null;
  /** Mappers whose columns the alias has beside those of {@link mapper}: `withPolymorphic()`. */
  readonly polymorphicMappers: readonly Mapper[];

  constructor(mapper: Mapper, alias: FromClause, name: string | null = null, polymorphicMappers: readonly Mapper[] = []) {
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
    if (this.polymorphicMappers.length > 0) {
      key.add("p");
      for (const mapper of this.polymorphicMappers) mapper.appendCacheKey(key);
    }
  }
}

/** An anonymous alias of a mapped class, as eager joins use it. */
export function anonymousAlias(entity: Entity): AliasEntity {
  const { mapper } = entity;
  const from = entity.alias instanceof AliasedFromClause ? entity.alias.element : (entity.alias ?? mapper.selectable);
  return new AliasEntity(mapper, flatAlias(from));
}
