/** A pool that keeps nothing: each checkout opens a connection, each release closes it. */
import type { Step } from "@athanor/driver";
import { PoolContext } from "./context.ts";
import { PoolEntry } from "./entry.ts";
import type { ConnectionCreator, PoolOptions } from "./options.ts";
import { Pool } from "./pool.ts";
import type { EntryStore } from "./store.ts";

class NullStore implements EntryStore {
  readonly isShared = false;
  readonly announcesEachHolder = true;
  readonly #context: PoolContext;

  constructor(context: PoolContext) {
    this.#context = context;
  }

  status(): string {
    return "NullPool";
  }

  tryTake(): PoolEntry | null {
    return null;
  }

  *take(): Step<PoolEntry> {
    return new PoolEntry(this.#context);
  }

  tryGive(entry: PoolEntry): boolean {
    return entry.connection === null;
  }

  *give(entry: PoolEntry): Step<void> {
    yield* entry.close();
  }

  drop(): void {}

  *dispose(): Step<void> {}

  forget(): void {}
}

/** No pooling: for an external pooler such as PgBouncer, for serverless functions, for tests. */
export class NullPool extends Pool {
  static override readonly dispatch = Pool.dispatch.child();

  /** @param creator opens one connection. */
  constructor(creator: ConnectionCreator, options: PoolOptions = {}) {
    const context = new PoolContext(creator, options, new.target.dispatch);
    super(context, new NullStore(context));
  }
}
