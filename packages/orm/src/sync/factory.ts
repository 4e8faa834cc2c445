/** Factories of sessions: `sessionmaker()` and `scopedSession()`. */
import { type Connection, type RetryOptions, retry } from "@athanor/core";
import { sessionArguments } from "../session/arguments.ts";
import type { SessionDispatcher } from "../session/events.ts";
import { makerOf, SessionScopes } from "../session/makers.ts";
import type { Bind, SessionOptions } from "../session/options.ts";
import { Session } from "./session.ts";
import type { SessionTransaction } from "./session-transaction.ts";

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
  readonly dispatch: SessionDispatcher<Session, SessionTransaction, Connection>;
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
  return makerOf<Session>(type ?? Session, given, (make, work, retries) =>
    retry(() => {
      using session = make();
      return session.begin(() => work(session));
    }, retries),
  ) as SessionMaker<S>;
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
  const scopes = new SessionScopes<Session>(factory, scope);
  return scopes.front({ remove: () => scopes.take()?.close() }) as ScopedSession;
}
