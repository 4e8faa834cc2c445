/** A SELECT of entities whose rows come from a set operation: `Query.union()` and its kin. Not for users. */
import {
  type CacheKeyBuilder,
  type FromClause,
  LABEL_STYLE_TABLENAME_PLUS_COL,
  Select,
  type StatementOption,
} from "@athanor/core";

/** Entities and their attributes stand for columns of a selectable. */
export class FromSetOption implements StatementOption {
  readonly from: FromClause;
  readonly cacheKey = "from-set";

  constructor(from: FromClause) {
    this.from = from;
  }

  appendCacheKey(key: CacheKeyBuilder): void {
    key.add("S");
    this.from.appendCacheKey(key);
  }
}

/** The columns and entities of a SELECT, read from a selectable that has the same columns. */
export function selectFromSet(select: Select, from: FromClause): Select {
  return new Select(select.rawColumns)
    .setLabelStyle(LABEL_STYLE_TABLENAME_PLUS_COL)
    .options(...select.givenOptions, new FromSetOption(from));
}
