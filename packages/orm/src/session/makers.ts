/** What the factories of both APIs share: classes of sessions with options of their own, and the sessions of scopes. */
import { InvalidRequestError, type RetryOptions, warn } from "@athanor/core";
import { allSessions, type SessionDispatcher } from "./events.ts";
import type { SessionOptions } from "./options.ts";

/** What {@link SessionScopes} needs of a factory. */
interface Factory<S> {
  new (options?: SessionOptions): S;
  configure(options: SessionOptions): void;
}

/** Runs a callback with a session that `make` gives, as often as `retries` says. */
export type BeginWith<S> = (make: () => S, work: (session: S) => unknown, retries?: RetryOptions) => unknown;

/** A class of sessions with common options, which can be called without `new`. @internal */
export function makerOf<S extends object>(
  base: new (options?: SessionOptions) => S,
  given: SessionOptions,
  begin: BeginWith<S>,
): unknown {
  let defaults = given;
  const dispatch = allSessions.child();
  const Made = class extends (base as new (options?: SessionOptions) => object) {
    static get dispatch(): SessionDispatcher {
      return dispatch;
    }

    static begin(work: (session: S) => unknown, retries?: RetryOptions): unknown {
      return begin(() => new this() as S, work, retries);
    }

    static configure(more: SessionOptions): void {
      defaults = { ...defaults, ...more };
    }

    constructor(more?: SessionOptions) {
      super({ ...defaults, ...more });
    }
  };
  return new Proxy(Made, { apply: (_target, _this, [more]: [SessionOptions?]) => new Made(more) });
}

/** The sessions of scopes: one for each key that `scope` gives. @internal */
export class SessionScopes<S extends object> {
  readonly #factory: Factory<S>;
  readonly #scope: () => unknown;
  readonly #sessions = new Map<unknown, S>();

  constructor(factory: Factory<S>, scope: () => unknown) {
    this.#factory = factory;
    this.#scope = scope;
  }

  #current(): S {
    const key = this.#scope();
    let session = this.#sessions.get(key);
    if (session === undefined) this.#sessions.set(key, (session = new this.#factory()));
    return session;
  }

  #makeWith(options: SessionOptions): S {
    const key = this.#scope();
    if (this.#sessions.has(key))
      throw new InvalidRequestError("Scoped session is already present; no new arguments may be specified.", {
        fix: "call remove() first, or leave the arguments out",
      });
    const session = new this.#factory(options);
    this.#sessions.set(key, session);
    return session;
  }

  #configure(options: SessionOptions): void {
    if (this.#sessions.size > 0)
      warn(
        "At least one scoped session is already present.  configure() can not affect sessions that have already been created.",
      );
    this.#factory.configure(options);
  }

  /** Takes out the session of a scope, the present one by default. */
  take(key: unknown = this.#scope()): S | undefined {
    const session = this.#sessions.get(key);
    this.#sessions.delete(key);
    return session;
  }

  /** The session of a scope, if it has one. */
  peek(key: unknown): S | undefined {
    return this.#sessions.get(key);
  }

  /** The object that stands for the session of the present scope, with methods that its API adds. */
  front(methods: Readonly<Record<string, unknown>>): unknown {
    const sessions = this.#sessions;
    const registry = Object.assign(() => this.#current(), {
      has: () => sessions.has(this.#scope()),
      set: (session: S) => {
        sessions.set(this.#scope(), session);
      },
      clear: () => {
        sessions.delete(this.#scope());
      },
    });
    const configure = (options: SessionOptions): void => this.#configure(options);
    const own: Record<string, unknown> = { sessionFactory: this.#factory, registry, configure, ...methods };
    const call = (options?: SessionOptions): S => (options === undefined ? this.#current() : this.#makeWith(options));
    return new Proxy(call, {
      get: (target, name): unknown => {
        if (typeof name === "string" && Object.hasOwn(own, name)) return own[name];
        const session = this.#current();
        const value: unknown = Reflect.get(session, name, session);
        if (typeof value === "function") return (value as (...args: unknown[]) => unknown).bind(session);
        return value === undefined ? Reflect.get(target, name) : value;
      },
      set: (_, name, value) => Reflect.set(this.#current(), name, value),
      has: (_, name) => name in own || name in (this.#factory as unknown as { prototype: object }).prototype,
    });
  }
}
