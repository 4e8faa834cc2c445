/** Restricts a statement of the loaders to some attributes of its entity: refreshes, deferred columns. Not for users. */
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
