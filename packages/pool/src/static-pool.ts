/** A pool of one connection that all callers share at the same time. */
import { PoolContext } from "./context.ts";
import type { ConnectionCreator, PoolOptions } from "./options.ts";
import { Pool } from "./pool.ts";
import { SharedStore } from "./shared-store.ts";

/**
 * One connection for everybody. Callers see each other's transactions: the pool does not keep them apart. The connection
 * is reset when its last holder releases it; every holder is announced by `checkout` and `checkin`.
 */
export class StaticPool extends Pool {
  static override readonly dispatch = Pool.dispatch.child();

  /** @param creator opens the connection. */
  constructor(creator: ConnectionCreator, options: PoolOptions = {}) {
    const context = new PoolContext(creator, options, new.target.dispatch);
    super(context, new SharedStore(context, "StaticPool", true));
  }
}
