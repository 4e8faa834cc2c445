/** Connection pools. A pool of your own extends `Pool` with an `EntryStore`. */
export { AssertionPool, type AssertionPoolOptions } from "./assertion-pool.ts";
export { PoolContext, type PoolListeners } from "./context.ts";
export { PoolEntry } from "./entry.ts";
export { type Holder, type PoolPressure, PoolTimeoutError } from "./errors.ts";
export {
  type ConnectionPoolEntry,
  type Info,
  type InvalidateOptions,
  type Lease,
  type PoolEvents,
  poolEventArguments,
  type ResetState,
} from "./events.ts";
export { NullPool } from "./null-pool.ts";
export {
  type CheckoutOptions,
  type ConnectionCare,
  type ConnectionCreator,
  type PoolListener,
  type PoolLog,
  type PoolOptions,
  plainCare,
  type QueuePoolOptions,
  type ResetOnReturn,
} from "./options.ts";
export { Pool } from "./pool.ts";
export { QueuePool } from "./queue-pool.ts";
export { SingletonPool } from "./singleton-pool.ts";
export { StaticPool } from "./static-pool.ts";
export type { EntryStore, Turn } from "./store.ts";
