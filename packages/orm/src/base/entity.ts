/** What stands for a mapped class in a query: the class itself, or an alias of it. Implemented in ../mapping and ../query. */
import type { CacheKeyBuilder, FromClause } from "@athanor/core";
import type { OrmClasses } from "./classes.ts";

type Mapper = OrmClasses["mapper"];

/** A mapped class or an alias of one, as queries and loader options see it. */
export interface Entity {
  readonly mapper: Mapper;
  /** The selectable of an alias; null for the mapped class itself. */
  readonly alias: FromClause | null;
  /** What stands in FROM: the mapper's selectable, or the alias. */
  readonly selectable: FromClause;
  /** The name under which rows know the entity: the class's, or the one given to `aliased()`. */
  readonly name: string | null;
  /** Columns of the alias are found by their names where they are not derived from the mapped ones. Absent: false. */
  readonly adaptsOnNames?: boolean;
  /** Adds the entity to a cache key: the mapper's identity, or the alias by its place in the statement. */
  appendCacheKey(key: CacheKeyBuilder): void;
}
