/** Query caching: results of statements that ask for it are kept, in the manner of dogpile. Text: docs/recipes/query-cache.md */
import { type BindParameter, CacheKeyBuilder, type ClauseElement, type FrozenResult, type Result } from "@athanor/core";
import type { EventDispatcher, Step } from "@athanor/driver";
import { listen, mergeFrozenResult, type OrmExecute, type SessionEvents, UserDefinedOption } from "@athanor/orm";

/** A session, a factory of sessions, or `Session` itself. */
interface Sessions {
  readonly dispatch: EventDispatcher<SessionEvents>;
}

/** Takes a statement's result from a cache, or puts it there: `select(Country).options(new FromCache("countries"))`. */
export class FromCache extends UserDefinedOption {
  constructor(region: string, options: { readonly propagateToLoaders?: boolean } = {}) {
    super(region, options);
  }
}

/** Results by region, statement and parameters, for some time. */
export class QueryCache {
  readonly #regions = new Map<string, Map<string, { readonly result: FrozenResult; readonly until: number }>>();
  readonly #milliseconds: number;
  readonly #now: () => number;

  constructor(milliseconds: number, now: () => number = Date.now) {
    this.#milliseconds = milliseconds;
    this.#now = now;
  }

  get(region: string, key: string): FrozenResult | undefined {
    const found = this.#regions.get(region)?.get(key);
    return found === undefined || found.until < this.#now() ? undefined : found.result;
  }

  set(region: string, key: string, result: FrozenResult): void {
    let entries = this.#regions.get(region);
    if (entries === undefined) this.#regions.set(region, (entries = new Map()));
    entries.set(key, { result, until: this.#now() + this.#milliseconds });
  }

  /** Forgets a region; after writing what its statements read. */
  invalidate(region: string): void {
    this.#regions.delete(region);
  }

  /** Serves the statements of sessions that have the option. */
  serve(sessions: Sessions): void {
    const cache = this;
    listen(sessions, "doOrmExecute", function* (execution: OrmExecute): Step<Result | undefined> {
      const option = execution.userDefinedOptions.find((each) => each instanceof FromCache);
      if (!execution.isSelect || !(option instanceof FromCache)) return undefined;
      const region = String(option.payload);
      const key = keyOf(execution.statement, execution.parameters);
      let frozen = cache.get(region, key);
      if (frozen === undefined) {
        frozen = (yield* execution.invokeStatement()).freeze();
        cache.set(region, key, frozen);
      }
      // The objects of the session that asks, made of the cached ones without a query.
      return (yield* mergeFrozenResult(execution.session, execution.statement, frozen, { load: false })).thaw();
    } as never);
  }
}

/** What tells a statement from others: its structure, its values, its parameters. */
function keyOf(statement: ClauseElement, parameters: unknown): string {
  const key = new CacheKeyBuilder<BindParameter>();
  statement.appendCacheKey(key);
  const structure = key.text;
  const values = [key.binds.map((bind) => bind.effectiveValue), parameters ?? null];
  return `${structure} ${JSON.stringify(values, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value))}`;
}
