/** Factories of sessions: `sessionmaker()` and `scopedSession()`. */
import { InvalidRequestError, type RetryOptions, retry, warn } from "@athanor/core";
import { sessionArguments } from "../session/arguments.ts";
import { allSessions, type SessionDispatcher } from "../session/events.ts";
import type { Bind, SessionOptions } from "../session/options.ts";
import { Session } from "./session.ts";

/** A class of sessions, for {@link sessionmaker}. */
export type SessionClass<S extends Session = Session> = new (options?: SessionOptions) => S;

/** Options of {@link sessionmaker}: those of its sessions, and their class. */
export interface SessionMakerOptions<S extends Session = Session> extends SessionOptions {
  /** The class of the sessions. Default {@link Session}. */
  readonly class?: SessionClass<S> | undefined;
}

/** What `sessionmaker()` returns: a class of sessions with options of its own. */
export interface SessionMaker<out S extends Session = Session> {
  new (options?: SessionOptions): S;
  /** The same without `new`. */
  (options?: SessionOptions): S;
  /** Listeners of the sessions that it makes. */
  readonly dispatch: SessionDispatcher;
  /**
   * Runs a callback with a session of its own: commits when it returns, rolls back when it throws, closes. With `attempts` it is
   * run again, with a new session, after a serialization failure, a deadlock or a lock time-out.
   */
  begin<T>(work: (session: S) => T, retries?: RetryOptions): T;
  /** Changes the options of sessions made from now on. */
  configure(options: SessionOptions): void;
}

/**
 * Makes a class of sessions with common options.
 *
 * @example const AppSession = sessionmaker(engine, { expireOnCommit: false }); using session = new AppSession();
 * @example const RoutedSession = sessionmaker({ class: Routed, autoflush: false });
 */
export function sessionmaker<S extends Session = Session>(
  bind?: Bind | SessionMakerOptions<S> | null,
  options?: SessionMakerOptions<S>,
): SessionMaker<S> {
  const { class: type, ...given } = sessionArguments(bind, options) as SessionMakerOptions<S>;
  let defaults: SessionOptions = given;
  const dispatch = allSessions.child();
  const Base: SessionClass & { readonly dispatch: SessionDispatcher } = (type ?? Session) as never;
  class Made extends Base {
    static override get dispatch(): SessionDispatcher {
      return dispatch;
    }

    static begin<T>(work: (session: Session) => T, retries?: RetryOptions): T {
      return retry(() => {
        using session = new this();
        return session.begin(() => work(session));
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
  }) as unknown as SessionMaker<S>;
}

/** A session that stands for the one of the present scope: all of `Session`, and the management of scopes. */
export type ScopedSession = Session & {
  /** The session of the present scope; with options, one is made with them. */
  (options?: SessionOptions): Session;
  /** Closes the scope's session; the next use makes another. */
  remove(): void;
  configure(options: SessionOptions): void;
  readonly sessionFactory: SessionMaker;
  /** The sessions by scope: `registry()` is the present one, `registry.has()` tells whether there is one. */
  readonly registry: SessionRegistry;
};

/** The sessions of a {@link ScopedSession}. */
export interface SessionRegistry {
  (): Session;
  /** Whether the present scope has a session. */
  has(): boolean;
  /** Makes a session that of the present scope. */
  set(session: Session): void;
  /** Forgets the present scope's session, without closing it. */
  clear(): void;
}

const whole = {};

/**
 * One session per scope, behind one object. `scope` tells the present scope (a request, say); without it there is one for the program.
 *
 * @example const session = scopedSession(sessionmaker(engine), () => requestStorage.getStore());
 */
export function scopedSession(factory: SessionMaker, scope: () => unknown = () => whole): ScopedSession {
  const sessions = new Map<unknown, Session>();
  const current = (): Session => {
    const key = scope();
    let session = sessions.get(key);
    if (session === undefined) sessions.set(key, (session = new factory()));
    return session;
  };
  const management: Record<string, unknown> = {
    sessionFactory: factory,
    registry: Object.assign(() => current(), {
      has: () => sessions.has(scope()),
      set: (session: Session) => {
        sessions.set(scope(), session);
      },
      clear: () => {
        sessions.delete(scope());
      },
    }) satisfies SessionRegistry,
    remove(): void {
      const key = scope();
      sessions.get(key)?.close();
      sessions.delete(key);
    },
    configure(options: SessionOptions): void {
      if (sessions.has(scope()))
        warn(
          "At least one scoped session is already present.  configure() can not affect sessions that have already been created.",
        );
      factory.configure(options);
    },
  };
  const call = (options?: SessionOptions): Session => {
    if (options === undefined) return current();
    if (sessions.has(scope()))
      throw new InvalidRequestError("Scoped session is already present; no new arguments may be specified.");
    const session = new factory(options);
    sessions.set(scope(), session);
    return session;
  };
  return new Proxy(call, {
    get(target, key): unknown {
      if (typeof key === "string" && Object.hasOwn(management, key)) return management[key];
      const session = current();
      const value: unknown = Reflect.get(session, key, session);
      if (typeof value === "function") return (value as (...args: unknown[]) => unknown).bind(session);
      return value === undefined ? Reflect.get(target, key) : value;
    },
    set: (_, key, value) => Reflect.set(current(), key, value),
    has: (_, key) => key in management || key in current(),
  }) as unknown as ScopedSession;
}
