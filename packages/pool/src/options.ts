/**
 * What a pool is configured with, and the ports it declares: who opens connections, who knows how to care for them, who
 * reads its log. The engine implements them; the pool knows no dialect. Next: ./pool.ts.
 */
import {
  ArgumentError,
  call,
  DisconnectionError,
  type DriverConnection,
  type ListenOptions,
  type Step,
} from "@athanor/driver";
import type { ConnectionPoolEntry, PoolEvents, ResetState } from "./events.ts";

/** Opens one connection. It is given the entry that will keep the connection. */
export type ConnectionCreator = (entry: ConnectionPoolEntry) => Step<DriverConnection>;

/** What happens to a connection that comes back: null for nothing. */
export type ResetMode = "rollback" | "commit" | null;

/** The same as it is given: `"rollback"` or true, `"commit"`, or for nothing `"none"`, false or null. */
export type ResetOnReturn = ResetMode | "none" | boolean;

/** What a pool must ask somebody who knows the database. An engine passes its dialect's answers. */
export interface ConnectionCare {
  /** Whether the connection still answers; false, or an error for which {@link isDisconnect} is true, replaces the pool's connections. */
  ping(connection: DriverConnection): Step<boolean>;
  /** Ends whatever transaction is open, so that the next holder finds a clean connection. */
  reset(connection: DriverConnection, how: "rollback" | "commit", state: ResetState): Step<void>;
  /** Whether the error means that the connection is gone. */
  isDisconnect(error: unknown): boolean;
  /**
   * True when the connection is known to be outside of any transaction, so that a reset need send nothing. Must not wait.
   * Absent: the pool resets always.
   */
  isIdle?(connection: DriverConnection): boolean;
}

/** Where a pool reports what it does. */
export interface PoolLog {
  /** Whether `debug` is listened to; checkouts are reported there and would cost time otherwise. */
  readonly debugEnabled: boolean;
  debug(message: string): void;
  info(message: string): void;
  /** Something the application does wrong, e.g. a connection that was never released. */
  warn(message: string): void;
  /** A failure that the pool itself dealt with, e.g. a connection that could not be closed. */
  error(message: string, cause: unknown): void;
}

/** A listener to register when the pool is made: `["connect", onConnect]`. */
export type PoolListener = {
  readonly [Name in keyof PoolEvents]: readonly [name: Name, listener: PoolEvents[Name], options?: ListenOptions];
}[keyof PoolEvents];

/** Options of every pool. */
export interface PoolOptions {
  /** Knows the database. Default: {@link plainCare}, which uses the driver connection alone. */
  readonly care?: ConnectionCare | undefined;
  /** True when the pool is run by `runAsync`, so that a caller can wait for another to release. Default `false`. */
  readonly canWait?: boolean | undefined;
  /** Seconds after which a connection is replaced when it is next checked out. -1 (default): never. */
  readonly recycle?: number | undefined;
  /** Test each connection before it is handed out. Default `false`. */
  readonly prePing?: boolean | undefined;
  /** Default `"rollback"`. */
  readonly resetOnReturn?: ResetOnReturn | undefined;
  /**
   * Keep the stack of every checkout for time-outs and leak warnings. It costs 3 to 10 microseconds per checkout.
   * `"auto"` starts with the first time-out or leak. Default: `true` when the environment variable ATHANOR_TRACK is set,
   * `"auto"` outside of production (NODE_ENV), else `false`.
   */
  readonly trackCheckouts?: boolean | "auto" | undefined;
  /** Default: silent but for warnings and errors, which go to `process.emitWarning`. */
  readonly log?: PoolLog | undefined;
  /** Listeners to begin with. */
  readonly events?: readonly PoolListener[] | undefined;
}

/** Options of a `QueuePool`. */
export interface QueuePoolOptions extends PoolOptions {
  /** Connections kept open. 0: no limit. Default 5. */
  readonly poolSize?: number | undefined;
  /** Connections opened beyond `poolSize` and closed on return. -1: no limit. Default 10. */
  readonly maxOverflow?: number | undefined;
  /** Seconds to wait for a connection. null: for ever; 0: not at all. Default 30. */
  readonly timeout?: number | null | undefined;
  /** Hand out the connection that came back last, so that idle ones time out on the server. Default `false`. */
  readonly useLifo?: boolean | undefined;
}

/** Options of one checkout. */
export interface CheckoutOptions {
  /** Aborting ends the wait, for a free connection or for a new one, with a CancelledError. */
  readonly signal?: AbortSignal | undefined;
  /** Seconds to wait, instead of the pool's own `timeout`. */
  readonly timeout?: number | null | undefined;
}

/** Care without a dialect: the connection's own word, `rollback`, `commit`. */
export const plainCare: ConnectionCare = {
  *ping(connection) {
    return connection.isOpen();
  },
  *reset(connection, how) {
    yield* call(how === "commit" ? connection.commit() : connection.rollback());
  },
  isDisconnect: (error) => error instanceof DisconnectionError,
};

/** The log of a pool that was given none. */
export const defaultLog: PoolLog = {
  debugEnabled: false,
  debug() {},
  info() {},
  warn: (message) => process.emitWarning(message, { type: "AthanorWarning" }),
  error: (message, cause) => process.emitWarning(`${message}: ${String(cause)}`, { type: "AthanorWarning" }),
};

/** The default of `trackCheckouts`, from the environment. */
export function defaultTracking(): boolean | "auto" {
  const environment = globalThis.process?.env ?? {};
  if (environment.ATHANOR_TRACK && environment.ATHANOR_TRACK !== "0") return true;
  return environment.NODE_ENV === "production" ? false : "auto";
}

/**
 * Returns the number, or the fallback when it was left out.
 *
 * @throws ArgumentError when it is not a number of at least `least`.
 */
export function numberOption(name: string, value: number | undefined, fallback: number, least: number): number {
  if (value === undefined) return fallback;
  if (typeof value === "number" && value >= least) return value;
  throw new ArgumentError(`pool option ${name} must be a number of at least ${least}, not ${String(value)}`);
}

/**
 * Returns the mode, `"rollback"` when it was left out.
 *
 * @throws ArgumentError for other values than those of {@link ResetOnReturn}.
 */
export function resetOption(value: ResetOnReturn | undefined): ResetMode {
  if (value === undefined || value === true) return "rollback";
  if (value === false || value === "none") return null;
  if (value === null || value === "rollback" || value === "commit") return value;
  throw new ArgumentError(
    `pool option resetOnReturn must be "rollback" (true), "commit" or "none" (false, null), not ${String(value)}`,
  );
}
