/** Factories of asynchronous sessions: `asyncSessionmaker()` and `asyncScopedSession()`. */
import { AsyncLocalStorage } from "node:async_hooks";
import { InvalidRequestError, type RetryOptions, retryAsync, warn } from "@athanor/core";
import { allSessions, type Bind, type SessionDispatcher, type SessionOptions, sessionArguments } from "@athanor/orm";
import { AsyncSession } from "./session.ts";

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
  readonly dispatch: SessionDispatcher;
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
  let defaults: SessionOptions = given;
  const dispatch = allSessions.child();
  const Base: AsyncSessionClass & { readonly dispatch: SessionDispatcher } = (type ?? AsyncSession) as never;
  class Made extends Base {
    static override get dispatch(): SessionDispatcher {
      return dispatch;
    }

    static begin<T>(work: (session: AsyncSession) => T | PromiseLike<T>, retries?: RetryOptions): Promise<T> {
      return retryAsync(async () => {
        await using session = new this();
        return await session.begin(() => work(session));
      }, retries);
    }

    static configure(more: SessionOptions): void {
      defaults = { ...defaults, ...more };
    }

    constructor(more?: SessionOptions) {
      super({ ...defaults, ...more });
    }
  }
  return new Proxy(Made, {
    apply: (_target, _this, [more]: [SessionOptions?]) => new Made(more),
  }) as unknown as AsyncSessionMaker<S>;
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
 * carries them through everything that is awaited.
 *
 * @example const session = asyncScopedSession(asyncSessionmaker(engine)); await session.scope(async () => { session.add(user); await session.commit(); });
 */
export function asyncScopedSession(factory: AsyncSessionMaker, scope?: () => unknown): AsyncScopedSession {
  const storage = new AsyncLocalStorage<object>();
  const sessions = new Map<unknown, AsyncSession>();
  const keyOf = (): unknown => {
    const key = scope === undefined ? storage.getStore() : scope();
    if (key === undefined)
      throw new InvalidRequestError("there is no scope here for this scoped session", {
        code: "no_scope",
        fix: "run the work in session.scope(async () => …)",
      });
    return key;
  };
  const current = (): AsyncSession => {
    const key = keyOf();
    let session = sessions.get(key);
    if (session === undefined) sessions.set(key, (session = new factory()));
    return session;
  };
  const management: Record<string, unknown> = {
    sessionFactory: factory,
    registry: Object.assign(() => current(), {
      has: () => sessions.has(keyOf()),
      set: (session: AsyncSession) => {
        sessions.set(keyOf(), session);
      },
      clear: () => {
        sessions.delete(keyOf());
      },
    }) satisfies AsyncSessionRegistry,
    configure(options: SessionOptions): void {
      const hasScope = scope !== undefined || storage.getStore() !== undefined;
      if (hasScope && sessions.has(keyOf()))
        warn(
          "At least one scoped session is already present.  configure() can not affect sessions that have already been created.",
        );
      factory.configure(options);
    },
    async remove(): Promise<void> {
      const key = keyOf();
      const session = sessions.get(key);
      sessions.delete(key);
      await session?.close();
    },
    scope<T>(work: () => T | PromiseLike<T>): Promise<T> {
      const key = {};
      return storage.run(key, async () => {
        try {
          return await work();
        } finally {
          const session = sessions.get(key);
          sessions.delete(key);
          await session?.close();
        }
      });
    },
  };
  const call = (options?: SessionOptions): AsyncSession => {
    if (options === undefined) return current();
    const key = keyOf();
    if (sessions.has(key))
      throw new InvalidRequestError("Scoped session is already present; no new arguments may be specified.", {
        fix: "await session.remove() first, or leave the arguments out",
      });
    const session = new factory(options);
    sessions.set(key, session);
    return session;
  };
  return new Proxy(call, {
    get(_, name): unknown {
      if (typeof name === "string" && Object.hasOwn(management, name)) return management[name];
      const session = current();
      const value: unknown = Reflect.get(session, name, session);
      return typeof value === "function" ? (value as (...args: unknown[]) => unknown).bind(session) : value;
    },
    set: (_, name, value) => Reflect.set(current(), name, value),
    has: (_, name) => name in management || name in AsyncSession.prototype,
  }) as unknown as AsyncScopedSession;
}
