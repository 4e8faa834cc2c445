/**
 * The events of a pool, and what their listeners see of its insides. A listener may return a step or a promise: the pool
 * waits for it. Next: ./entry.ts and ./lease.ts, which stand behind the two interfaces.
 */
import type { DriverConnection, ListenerResult, Step } from "@athanor/driver";

/** Free-form data of the application, kept beside a connection. */
export type Info = Record<PropertyKey, unknown>;

/** How {@link ConnectionPoolEntry.invalidate} and {@link Lease.invalidate} go about it. */
export interface InvalidateOptions {
  /** Let the present holder go on; replace the connection at its next checkout. Default `false`: close it at once. */
  readonly soft?: boolean;
}

/** A position in a pool. Keeps one connection at a time, and outlives it when the connection is replaced. */
export interface ConnectionPoolEntry {
  /** Number of the entry in its pool, for logs. */
  readonly id: number;
  /** The open connection, or null after it was closed and before there is another. */
  readonly connection: DriverConnection | null;
  /** Lives as long as the connection. */
  readonly info: Info;
  /** Lives as long as the entry. */
  readonly recordInfo: Info;
  /** Whether somebody holds the connection. */
  readonly inUse: boolean;
  /** When the connection was opened, in milliseconds since 1970; 0 before the first. */
  readonly connectedAt: number;
  /** Closes the connection, or marks it to be replaced. Does nothing when there is none. */
  invalidate(error?: unknown, options?: InvalidateOptions): Step<void>;
}

/** A connection on loan. Whoever checked it out must release it. */
export interface Lease {
  /**
   * The driver's connection.
   * @throws ResourceClosedError when the lease was released, or the connection invalidated.
   */
  readonly connection: DriverConnection;
  /** False once the lease was released, or its connection invalidated. */
  readonly isValid: boolean;
  /** True once {@link detach} was called. */
  readonly isDetached: boolean;
  /** Lives as long as the driver's connection; a copy after {@link detach}. */
  readonly info: Info;
  /** Lives as long as the pool's entry; null after release and after {@link detach}. */
  readonly recordInfo: Info | null;
  /** The pool's entry; null after release and after {@link detach}. */
  readonly entry: ConnectionPoolEntry | null;
  /** What the holder is doing, e.g. its last SQL; shown when a time-out lists the holders. Set it, it costs nothing. */
  activity: string | null;
  /**
   * Gives the connection back if that takes no waiting: nothing to reset, nobody listening, room in the pool.
   * Returns false, having done nothing, when `release` must be run instead.
   *
   * @param transactionWasReset the caller knows that no transaction is open. Default `false`.
   */
  tryRelease(transactionWasReset?: boolean): boolean;
  /** Resets the connection and gives it back; a detached one is closed. A second call does nothing. */
  release(transactionWasReset?: boolean): Step<void>;
  /** Closes a broken connection and frees its place in the pool; with `soft`, after the present use. */
  invalidate(error?: unknown, options?: InvalidateOptions): Step<void>;
  /** Takes the connection out of the pool, which may then open another; `release` will close it. */
  detach(): Step<void>;
}

/** The circumstances of a reset. */
export interface ResetState {
  /** The holder ended its transaction itself just before. */
  readonly transactionWasReset: boolean;
  /** The connection will be closed, not pooled. */
  readonly terminateOnly: boolean;
  /** Statements may be run. Always true: this pool never resets a connection from the garbage collector. */
  readonly asyncioSafe: boolean;
}

/** Events of a pool, in the order of a connection's life. Names and arguments are SQLAlchemy's. */
export interface PoolEvents {
  /** A connection was opened. The first one of a pool holds back the others until its listeners are done. */
  connect(connection: DriverConnection, entry: ConnectionPoolEntry): ListenerResult;
  /** The first connection of this pool was opened; before `connect`, and again if a listener failed. */
  firstConnect(connection: DriverConnection, entry: ConnectionPoolEntry): ListenerResult;
  /** A connection is about to be handed out. Throwing DisconnectionError replaces it. */
  checkout(connection: DriverConnection, entry: ConnectionPoolEntry, lease: Lease): ListenerResult;
  /** A connection is about to be reset: also one that is detached, never one that was invalidated. */
  reset(connection: DriverConnection, entry: ConnectionPoolEntry | null, state: ResetState): ListenerResult;
  /** A connection came back. It is null when it was invalidated. */
  checkin(connection: DriverConnection | null, entry: ConnectionPoolEntry): ListenerResult;
  /** A connection is about to be closed because it is unusable. `error` is null when no reason was given. */
  invalidate(connection: DriverConnection, entry: ConnectionPoolEntry, error: unknown): ListenerResult;
  /** A connection was marked to be replaced. */
  softInvalidate(connection: DriverConnection, entry: ConnectionPoolEntry, error: unknown): ListenerResult;
  /** A connection of the pool is about to be closed. */
  close(connection: DriverConnection, entry: ConnectionPoolEntry): ListenerResult;
  /** A connection was taken out of the pool. */
  detach(connection: DriverConnection, entry: ConnectionPoolEntry): ListenerResult;
  /** A detached connection is about to be closed. */
  closeDetached(connection: DriverConnection): ListenerResult;
}

const ofConnection = ["dbapiConnection", "connectionRecord"];

/** The names of {@link PoolEvents}, with those of their arguments. */
export const poolEventArguments: Readonly<Record<keyof PoolEvents, readonly string[]>> = {
  connect: ofConnection,
  firstConnect: ofConnection,
  checkout: [...ofConnection, "connectionProxy"],
  reset: [...ofConnection, "resetState"],
  checkin: ofConnection,
  invalidate: [...ofConnection, "exception"],
  softInvalidate: [...ofConnection, "exception"],
  close: ofConnection,
  detach: ofConnection,
  closeDetached: ["dbapiConnection"],
};
