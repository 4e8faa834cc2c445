/**
 * What the parts of one pool share: its options with their defaults, its listeners, its clock, its watch over leaks.
 * Holds no connection. Next: ./entry.ts.
 */
import type { EventDispatcher, ListenerList } from "@athanor/driver";
import type { PoolEvents } from "./events.ts";
import { FirstConnect } from "./first-connect.ts";
import { LeakWatch } from "./leaks.ts";
import {
  type ConnectionCare,
  type ConnectionCreator,
  defaultLog,
  defaultTracking,
  numberOption,
  type PoolLog,
  type PoolOptions,
  plainCare,
  type ResetMode,
  resetOption,
} from "./options.ts";

/** The listener lists of a pool, looked up once. */
export type PoolListeners = { readonly [Name in keyof PoolEvents]: ListenerList<PoolEvents[Name]> };

/** The shared facts of one pool. */
export class PoolContext {
  readonly creator: ConnectionCreator;
  /** As they were given, for `recreate`. */
  readonly options: PoolOptions;
  readonly dispatch: EventDispatcher<PoolEvents>;
  readonly listeners: PoolListeners;
  readonly care: ConnectionCare;
  readonly log: PoolLog;
  readonly leaks: LeakWatch = new LeakWatch();
  readonly firstConnect: FirstConnect;
  readonly canWait: boolean;
  readonly prePing: boolean;
  readonly resetOnReturn: ResetMode;
  /** Seconds; -1: never. */
  readonly recycle: number;
  /** Connections opened before this moment of the pool's clock are replaced. */
  invalidatedAt = 0;
  /** Whether the stacks of checkouts are kept. */
  isTracking: boolean;
  #clock = 0;
  #entries = 0;

  /**
   * @param classDispatch the dispatcher of the pool's class, whose listeners hear every instance: `new.target.dispatch`.
   * @throws ArgumentError for an option that makes no sense.
   */
  constructor(creator: ConnectionCreator, options: PoolOptions, classDispatch: EventDispatcher<PoolEvents>) {
    this.creator = creator;
    this.options = options;
    this.dispatch = classDispatch.child();
    this.listeners = listsOf(this.dispatch);
    this.care = options.care ?? plainCare;
    this.log = options.log ?? defaultLog;
    this.canWait = options.canWait ?? false;
    this.firstConnect = new FirstConnect(this.canWait);
    this.prePing = options.prePing ?? false;
    this.resetOnReturn = resetOption(options.resetOnReturn);
    this.recycle = numberOption("recycle", options.recycle, -1, -1);
    this.isTracking = (options.trackCheckouts ?? defaultTracking()) === true;
    for (const [name, listener, how] of options.events ?? []) this.dispatch.listen(name, listener, how);
  }

  /** Nothing is to be done with an open connection before it is lent: no ping, nobody to tell. */
  get lendsPlainly(): boolean {
    return !this.prePing && this.listeners.checkout.empty && !this.log.debugEnabled;
  }

  /** The next moment of the pool's clock: it orders what happens exactly and has no unit. */
  tick(): number {
    this.#clock += 1;
    return this.#clock;
  }

  /** Numbers the entries. */
  nextEntryId(): number {
    this.#entries += 1;
    return this.#entries;
  }

  /** A time-out or a leak happened: from now on checkouts are tracked, if the options leave it to the pool. */
  noteTrouble(): void {
    if ((this.options.trackCheckouts ?? defaultTracking()) === "auto") this.isTracking = true;
  }
}

function listsOf(dispatch: EventDispatcher<PoolEvents>): PoolListeners {
  return {
    connect: dispatch.of("connect"),
    firstConnect: dispatch.of("firstConnect"),
    checkout: dispatch.of("checkout"),
    reset: dispatch.of("reset"),
    checkin: dispatch.of("checkin"),
    invalidate: dispatch.of("invalidate"),
    softInvalidate: dispatch.of("softInvalidate"),
    close: dispatch.of("close"),
    detach: dispatch.of("detach"),
    closeDetached: dispatch.of("closeDetached"),
  };
}
