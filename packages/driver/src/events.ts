/**
 * Typed event dispatch for every package: listener lists that cost nothing while empty, a dispatcher per target, and
 * the functions `listen`, `once`, `remove`, `contains`. Knows no event by name. Next: ./step.ts, which runs what listeners return.
 */
import { InvalidRequestError } from "./errors.ts";
import { isPromiseLike, isStep, type Step, settle } from "./step.ts";

/**
 * What a listener returns where the event waits for it: a promise or a step (a generator) is waited for, all else ignored.
 * It is `unknown` so that `() => seen.push(1)` is a listener.
 */
export type ListenerResult = unknown;

/** Any function that can listen. */
export type Listener = (...values: never[]) => unknown;

/** The events of a target: name → signature of its listeners. Write it as a `type` or an `interface`. */
export type EventMap<Events> = { [Name in keyof Events]: Listener };

/** `afterCreate` from `after_create`: event names are camelCase, SQLAlchemy's spelling is understood too. */
type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

type SnakeCase<Name extends string> = Name extends `${infer Letter}${infer Rest}`
  ? Letter extends Lowercase<Letter>
    ? `${Letter}${SnakeCase<Rest>}`
    : `_${Lowercase<Letter>}${SnakeCase<Rest>}`
  : Name;

/** How an event may be named: `"firstConnect"`, or as in Python `"first_connect"`. */
export type EventName<Events> = (keyof Events & string) | SnakeCase<keyof Events & string>;

/** The listener that belongs to an event's name. */
export type ListenerOf<Events, Name extends string> =
  CamelCase<Name> extends keyof Events ? Events[CamelCase<Name>] : never;

/** An event's arguments by name. */
export type NamedArguments = Readonly<Record<string, unknown>>;

/** How a listener is to be registered. */
export interface ListenOptions {
  /** Remove the listener when it is first called. Default `false`. */
  readonly once?: boolean;
  /** Put it before the listeners that are there already. Default `false`. */
  readonly insert?: boolean;
  /** Carry it along when the target is copied (`copyFrom()` of its dispatcher), and to mapped subclasses. Default `false`. */
  readonly propagate?: boolean;
  /** What the listener returns takes the place of what it was given; for events that say so. Default `false`. */
  readonly retval?: boolean;
  /** Call the listener with one object that has the arguments by name. Default `false`. */
  readonly named?: boolean;
}

/** {@link ListenOptions} of listeners that want the arguments by name. */
export interface NamedListenOptions extends ListenOptions {
  readonly named: true;
}

/** How a dispatcher is joined to its parent. */
export interface JoinOptions {
  /** Whose listeners are called first. Default `"parent"`: class before instance; a connection joined to its engine is `"own"`. */
  readonly first?: "parent" | "own";
  /** Names of the events' arguments, for listeners that want them by name. A child has its parent's. */
  readonly argumentNames?: Readonly<Record<string, readonly string[]>>;
  /** Only listeners that were registered with `propagate` reach the child. Default `false`. */
  readonly onlyPropagated?: boolean;
}

interface Registration<F> {
  readonly original: F;
  readonly called: F;
  readonly once: boolean;
  readonly propagate: boolean;
  readonly retval: boolean;
  readonly named: boolean;
}

const none: readonly never[] = Object.freeze([]);

let changes = 0;

/** Counts the changes of all listener lists. Who has looked at some of them need not look again before it is another number. */
export function listenerChanges(): number {
  return changes;
}

/**
 * The listeners of one event on one target, those of its parents included.
 *
 * Lists are copied on write: a listener may add or remove listeners while the event runs, and the change counts from the
 * next time. Keep a list in a field and test `empty` first where an event stands on a hot path.
 */
export class ListenerList<F extends Listener> {
  readonly #parent: ListenerList<F> | null;
  readonly #ownFirst: boolean;
  readonly #onlyPropagated: boolean;
  /** Names of the arguments, for `named` listeners; null where the event's owner did not tell them. */
  readonly #argumentNames: readonly string[] | null;
  #returning: ReadonlySet<F> | null = null;
  #registrations: readonly Registration<F>[] = none;
  #own: readonly F[] = none;
  #ownPropagated: readonly F[] = none;
  #merged: readonly F[] = none;
  #mergedOwn: readonly F[] = none;
  #mergedParent: readonly F[] = none;
  #isEmpty = true;
  /** When {@link empty} was found out, by {@link listenerChanges}. */
  #seenAt = -1;

  constructor(
    parent: ListenerList<F> | null = null,
    ownFirst = false,
    argumentNames: readonly string[] | null = null,
    onlyPropagated = false,
  ) {
    this.#parent = parent;
    this.#ownFirst = ownFirst;
    this.#onlyPropagated = onlyPropagated;
    this.#argumentNames = argumentNames;
  }

  /** True while nobody listens, on this target and on its parents. */
  get empty(): boolean {
    if (this.#seenAt !== changes) {
      this.#seenAt = changes;
      this.#isEmpty = this.#own.length === 0 && this.#inherited.length === 0;
    }
    return this.#isEmpty;
  }

  /** The listeners in the order they are called. For events whose listeners' return values matter. */
  get all(): readonly F[] {
    const inherited = this.#inherited;
    if (inherited.length === 0) return this.#own;
    if (this.#own.length === 0) return inherited;
    if (this.#mergedOwn !== this.#own || this.#mergedParent !== inherited) {
      this.#mergedOwn = this.#own;
      this.#mergedParent = inherited;
      this.#merged = this.#ownFirst ? [...this.#own, ...inherited] : [...inherited, ...this.#own];
    }
    return this.#merged;
  }

  get #inherited(): readonly F[] {
    const parent = this.#parent;
    if (parent === null) return none;
    return this.#onlyPropagated ? parent.#passedOn : parent.all;
  }

  /** What reaches children that hear propagated listeners only. */
  get #passedOn(): readonly F[] {
    const inherited = this.#inherited;
    const own = this.#ownPropagated;
    return own.length === 0 ? inherited : inherited.length === 0 ? own : [...inherited, ...own];
  }

  /**
   * Calls the listeners of an event that cannot wait; what they return is dropped.
   *
   * @throws InvalidRequestError when a listener returns a promise or a step: nobody would run it to its end.
   */
  fire(...values: Parameters<F>): void {
    for (const listener of this.all) {
      const result = listener(...values);
      if (isPromiseLike(result) || isStep(result)) throw cannotWait(result);
    }
  }

  /** Calls the listeners one after the other and waits for each. A listener that throws ends the row. */
  *run(...values: Parameters<F>): Step<void> {
    for (const listener of this.all) {
      const result: ListenerResult = listener(...values);
      if (result !== undefined) yield* settle(result);
    }
  }

  /** Whether what this listener of {@link all} returns counts: it was registered with `retval`. */
  returns(listener: F): boolean {
    return this.#returning?.has(listener) === true || (this.#parent?.returns(listener) ?? false);
  }

  /** Registers a listener; the same function is registered once only. */
  add(listener: F, options: ListenOptions = {}): void {
    if (this.#registrations.some((known) => known.original === listener)) return;
    const { once = false, insert = false, propagate = false, retval = false, named = false } = options;
    const positional = named ? this.#byName(listener) : listener;
    const called = once ? this.#calledOnce(listener, positional) : positional;
    const registration: Registration<F> = { original: listener, called, once, propagate, retval, named };
    this.#replace(insert ? [registration, ...this.#registrations] : [...this.#registrations, registration]);
  }

  /** Takes a listener off this target; false when it was not there. */
  remove(listener: F): boolean {
    const left = this.#registrations.filter((known) => known.original !== listener);
    if (left.length === this.#registrations.length) return false;
    this.#replace(left);
    return true;
  }

  /** Whether the function listens, on this target or on a parent. */
  contains(listener: F): boolean {
    return (
      this.#registrations.some((known) => known.original === listener) || (this.#parent?.contains(listener) ?? false)
    );
  }

  /** Adds the listeners of another target that are not here yet; those of its parents are not among them. */
  copyFrom(other: ListenerList<F>, onlyPropagated = false): void {
    for (const { original, once, propagate, retval, named } of other.#registrations) {
      if (propagate || !onlyPropagated) this.add(original, { once, propagate, retval, named });
    }
  }

  /** Takes all listeners off this target; its parents keep theirs. */
  clear(): void {
    this.#replace(none);
  }

  #calledOnce(original: F, listener: F): F {
    let called = false;
    const wrapper = (...values: never[]): unknown => {
      if (called) return undefined;
      called = true;
      this.remove(original);
      return listener(...values);
    };
    return wrapper as F;
  }

  #byName(listener: F): F {
    const names = this.#argumentNames;
    if (names === null) {
      throw new InvalidRequestError("the arguments of this event have no names", {
        code: "unnamed_event",
        fix: "leave out { named: true }",
      });
    }
    const wrapper = (...values: never[]): unknown =>
      listener(Object.fromEntries(names.map((name, index) => [name, values[index]])) as never);
    return wrapper as F;
  }

  #replace(registrations: readonly Registration<F>[]): void {
    changes += 1;
    this.#registrations = registrations;
    this.#own = registrations.length === 0 ? none : registrations.map((registration) => registration.called);
    this.#ownPropagated = registrations.filter(({ propagate }) => propagate).map(({ called }) => called);
    const returning = registrations.filter((registration) => registration.retval);
    this.#returning = returning.length === 0 ? null : new Set(returning.map((registration) => registration.called));
  }
}

/** The listeners of one target by event, whatever its events are. */
class Listeners {
  /** @internal */
  readonly lists = new Map<string, unknown>();
}

/**
 * The events of one target. Make one with the names of its events, and one for each class or instance below it with
 * {@link child}: what is listened to on the parent reaches the child.
 */
export class EventDispatcher<Events extends EventMap<Events>> extends Listeners {
  readonly #names: readonly string[];
  readonly #parent: EventDispatcher<Events> | null;
  readonly #ownFirst: boolean;
  readonly #onlyPropagated: boolean;
  readonly #argumentNames: Readonly<Record<string, readonly string[]>> | null;

  constructor(
    names: readonly (keyof Events & string)[],
    parent: EventDispatcher<Events> | null = null,
    options: JoinOptions = {},
  ) {
    super();
    this.#names = names;
    this.#parent = parent;
    this.#ownFirst = options.first === "own";
    this.#onlyPropagated = options.onlyPropagated ?? false;
    this.#argumentNames = options.argumentNames ?? (parent === null ? null : parent.#argumentNames);
  }

  /** A dispatcher below this one. */
  child(options: JoinOptions = {}): EventDispatcher<Events> {
    return new EventDispatcher<Events>(this.#names as readonly (keyof Events & string)[], this, options);
  }

  /**
   * The listeners of one event. Stays the same object for the dispatcher's life.
   *
   * @throws InvalidRequestError when there is no event of this name.
   */
  of<Name extends keyof Events & string>(name: Name): ListenerList<Events[Name]> {
    const known = this.lists.get(name) as ListenerList<Events[Name]> | undefined;
    if (known !== undefined) return known;
    if (!this.#names.includes(name)) throw noSuchEvent(name, this.#names);
    const list = new ListenerList<Events[Name]>(
      this.#parent?.of(name) ?? null,
      this.#ownFirst,
      this.#argumentNames?.[name] ?? null,
      this.#onlyPropagated,
    );
    this.lists.set(name, list);
    return list;
  }

  /** Registers a listener. See the function {@link listen}. */
  listen<Name extends EventName<Events>>(
    name: Name,
    listener: (values: NamedArguments) => unknown,
    options: NamedListenOptions,
  ): void;
  listen<Name extends EventName<Events>>(name: Name, listener: ListenerOf<Events, Name>, options?: ListenOptions): void;
  listen<Name extends EventName<Events>>(
    name: Name,
    listener: ListenerOf<Events, Name> | ((values: NamedArguments) => unknown),
    options?: ListenOptions,
  ): void {
    this.#named(name).add(listener as never, options);
  }

  /** Registers a listener for one call. */
  once<Name extends EventName<Events>>(name: Name, listener: ListenerOf<Events, Name>): void {
    this.#named(name).add(listener, { once: true });
  }

  /** Takes a listener off; false when it was not registered here (a parent's listener is removed from the parent). */
  remove<Name extends EventName<Events>>(name: Name, listener: ListenerOf<Events, Name>): boolean {
    return this.#named(name).remove(listener);
  }

  /** Whether the listener is registered here or on a parent. */
  contains<Name extends EventName<Events>>(name: Name, listener: ListenerOf<Events, Name>): boolean {
    return this.#named(name).contains(listener);
  }

  /** Adds the listeners of another dispatcher for the same events, once each. Default: all of them, not only `propagate` ones. */
  copyFrom(other: Listeners, options: { readonly onlyPropagated?: boolean } = {}): void {
    for (const [name, list] of other.lists) {
      const source = list as ListenerList<Events[keyof Events & string]>;
      this.of(name as keyof Events & string).copyFrom(source, options.onlyPropagated);
    }
  }

  /** Takes all listeners off; those of the parents stay. */
  clear(): void {
    for (const list of this.lists.values()) (list as ListenerList<Listener>).clear();
  }

  #named<Name extends string>(name: Name): ListenerList<ListenerOf<Events, Name> & Listener> {
    const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const list: unknown = this.of(camel as keyof Events & string);
    return list as ListenerList<ListenerOf<Events, Name> & Listener>;
  }
}

/** Something that can be listened to: a pool, an engine, a table, or a class of them. */
export interface Dispatches<Events extends EventMap<Events>> {
  /** Its listeners. */
  readonly dispatch: EventDispatcher<Events>;
}

/**
 * Calls `listener` whenever the event happens on the target; on a class: on any of its instances.
 *
 * @throws InvalidRequestError when the target has no event of this name.
 * @example listen(pool, "connect", (connection) => call(connection.execute("PRAGMA foreign_keys = ON", [])));
 */
export function listen<Events extends EventMap<Events>, Name extends EventName<Events>>(
  target: Dispatches<Events>,
  name: Name,
  listener: (values: NamedArguments) => unknown,
  options: NamedListenOptions,
): void;
export function listen<Events extends EventMap<Events>, Name extends EventName<Events>>(
  target: Dispatches<Events>,
  name: Name,
  listener: ListenerOf<Events, Name>,
  options?: ListenOptions,
): void;
export function listen<Events extends EventMap<Events>, Name extends EventName<Events>>(
  target: Dispatches<Events>,
  name: Name,
  listener: ListenerOf<Events, Name>,
  options?: ListenOptions,
): void {
  target.dispatch.listen(name, listener, options);
}

/** Calls `listener` the next time the event happens, then forgets it. */
export function once<Events extends EventMap<Events>, Name extends EventName<Events>>(
  target: Dispatches<Events>,
  name: Name,
  listener: ListenerOf<Events, Name>,
): void {
  target.dispatch.once(name, listener);
}

/** Undoes {@link listen}, given the same target, name and function. Returns false when there was nothing to undo. */
export function remove<Events extends EventMap<Events>, Name extends EventName<Events>>(
  target: Dispatches<Events>,
  name: Name,
  listener: ListenerOf<Events, Name>,
): boolean {
  return target.dispatch.remove(name, listener);
}

/** Whether `listener` is registered for the event on the target or on a parent of it. */
export function contains<Events extends EventMap<Events>, Name extends EventName<Events>>(
  target: Dispatches<Events>,
  name: Name,
  listener: ListenerOf<Events, Name>,
): boolean {
  return target.dispatch.contains(name, listener);
}

function noSuchEvent(name: string, names: readonly string[]): InvalidRequestError {
  return new InvalidRequestError(`No such event '${name}' for this target`, {
    code: "no_such_event",
    fix: `its events are ${names.join(", ")}`,
  });
}

function cannotWait(result: PromiseLike<unknown> | Step<unknown>): InvalidRequestError {
  // The listener's work is under way already; its failure must not become an unhandled rejection as well.
  if (isPromiseLike(result)) result.then(undefined, () => {});
  return new InvalidRequestError("a listener of an event that cannot wait returned a promise or a generator", {
    code: "listener_cannot_wait",
    fix: "make the listener a plain function",
  });
}
