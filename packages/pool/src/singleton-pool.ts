/** SQLAlchemy's SingletonThreadPool, for a language where a thread shares nothing with others: one connection, kept. */
import { PoolContext } from "./context.ts";
import type { ConnectionCreator, PoolOptions } from "./options.ts";
import { Pool } from "./pool.ts";
import { SharedStore } from "./shared-store.ts";

/**
 * One connection per pool, thus one per thread: each worker thread makes its own pools. The default for SQLite's
 * `:memory:` in synchronous engines. A checkout during another one shares its connection and is not announced; the
 * connection is reset, and checked in, when the last of them is released.
 */
export class SingletonPool extends Pool {
  static override readonly dispatch = Pool.dispatch.child();

  /** @param creator opens the connection. */
  constructor(creator: ConnectionCreator, options: PoolOptions = {}) {
    const context = new PoolContext(creator, options, new.target.dispatch);
    super(context, new SharedStore(context, "SingletonPool", false));
  }
}
