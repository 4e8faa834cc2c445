/** Factories of asynchronous sessions: `asyncSessionmaker()` and `asyncScopedSession()`. */
import { AsyncLocalStorage } from "node:async_hooks";
import { InvalidRequestError, type RetryOptions, retryAsync } from "@athanor/core";
import {
  type Bind,
  makerOf,
  type SessionDispatcher,
  type SessionOptions,
  SessionScopes,
  sessionArguments,
} from "@athanor/orm";
import type { AsyncConnection } from "../connection.ts";
import { runScope } from "./scope-watch.ts";
import { AsyncSession } from "./session.ts";
import type { AsyncSessionTransaction } from "./transaction.ts";

/** A class of sessions, for {@link asyncSessionmaker}. */
export type AsyncSessionClass<S extends AsyncSession = AsyncSession> = new (options?: SessionOptions) => S;

/** Options of {@link asyncSessionmaker}: those of its sessions, and their class. */
export interface AsyncSessionMakerOptions<S extends AsyncSession = AsyncSession> extends SessionOptions {
  /** The class of the sessions. Default {@link AsyncSession}. */
  readonly class?: AsyncSessionClass<S> | undefined;
}

/** What `asyncSessionmaker()` returns: a class of sessions with options of its own. */
export interface AsyncSessionMaker<out S extends AsyncSession = AsyncSession> {
  new (options?: SessionOptions): S;
  /** The same without `new`. */
  (options?: SessionOptions): S;
  /** Listeners of the sessions that it makes. */
  readonly dispatch: SessionDispatcher<AsyncSession, AsyncSessionTransaction, AsyncConnection>;
  /**
   * Runs a callback with a session of its own: commits when it ends, rolls back when it throws, closes. With `attempts` it is
   * run again, with a new session, after a serialization failure, a deadlock or a lock time-out.
   */
  begin<T>(work: (session: S) => T | PromiseLike<T>, retries?: RetryOptions): Promise<T>;
  /** Changes the options of sessions made from now on. */
  configure(options: SessionOptions): void;
}

/** Makes a class of sessions with common options. */
export function asyncSessionmaker<S extends AsyncSession = AsyncSession>(
  bind?: Bind | AsyncSessionMakerOptions<S> | null,
  options?: AsyncSessionMakerOptions<S>,
): AsyncSessionMaker<S> {
  const { class: type, ...given } = sessionArguments(bind, options) as AsyncSessionMakerOptions<S>;
  return makerOf<AsyncSession>(type ?? AsyncSession, given, (make, work, retries) =>
    retryAsync(async () => {
      await using session = make();
      return await session.begin(() => work(session));
    }, retries),
  ) as AsyncSessionMaker<S>;
}

/** A session that stands for the one of the present scope. */
export type AsyncScopedSession = AsyncSession & {
  /** The session of the present scope; with options, one is made with them. */
  (options?: SessionOptions): AsyncSession;
  /** Runs a callback in a scope of its own; its session is closed in the end. */
  scope<T>(work: () => T | PromiseLike<T>): Promise<T>;
  /** Closes the scope's session; the next use makes another. */
  remove(): Promise<void>;
  configure(options: SessionOptions): void;
  readonly sessionFactory: AsyncSessionMaker;
  /** The sessions by scope: `registry()` is the present one, `registry.has()` tells whether there is one. */
  readonly registry: AsyncSessionRegistry;
};

/** The sessions of an {@link AsyncScopedSession}. */
export interface AsyncSessionRegistry {
  (): AsyncSession;
  /** Whether the present scope has a session. */
  has(): boolean;
  /** Makes a session that of the present scope. */
  set(session: AsyncSession): void;
  /** Forgets the present scope's session, without closing it. */
  clear(): void;
}

/**
 * One session per scope, behind one object. Without `scope`, scopes are those of `session.scope(…)`: an AsyncLocalStorage
 * carries them through everything that is awaited. A connection that is taken from an engine inside of a scope whose session
 * is in a transaction on that engine is warned of: `engine.connect({ independent: true })` says that it is meant.
 *
 * @example const session = asyncScopedSession(asyncSessionmaker(engine)); await session.scope(async () => { session.add(user); await session.commit(); });
 */
export function asyncScopedSession(factory: AsyncSessionMaker, scope?: () => unknown): AsyncScopedSession {
  const storage = new AsyncLocalStorage<object>();
  const scopes = new SessionScopes<AsyncSession>(factory, scope ?? (() => storage.getStore() ?? refuse()));
  return scopes.front({
    async remove(): Promise<void> {
      await scopes.take()?.close();
    },
    scope<T>(work: () => T | PromiseLike<T>): Promise<T> {
      const key = {};
      return storage.run(key, () =>
        runScope(
          () => scopes.peek(key),
          async () => {
            try {
              return await work();
            } finally {
              await scopes.take(key)?.close();
            }
          },
        ),
      );
    },
  }) as AsyncScopedSession;
}

function refuse(): never {
  throw new InvalidRequestError("there is no scope here for this scoped session", {
    code: "no_scope",
    fix: "run the work in session.scope(async () => …)",
  });
}
