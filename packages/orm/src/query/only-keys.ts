/** Restricts what a statement of entities brings: some attributes only (refreshes, deferred columns), no eager joins. Not for users. */
import type { StatementOption } from "@athanor/core";

/** Only these attributes are selected. */
export class OnlyKeysOption implements StatementOption {
  readonly keys: ReadonlySet<string>;
  readonly cacheKey: string;

  constructor(keys: Iterable<string>) {
    this.keys = new Set(keys);
    this.cacheKey = `only:${JSON.stringify([...this.keys])}`;
  }
}

/** No eager joins: `Query.enableEagerloads(false)`. */
export class NoEagerJoinsOption implements StatementOption {
  readonly cacheKey = "no-eager-joins";
}
