/**
 * How one attribute of mapped objects is read, written, compared and loaded. One object per attribute and class, made when
 * the mapper is set up; accessors and the unit of work call it. Kinds: ./scalar-attribute.ts, ./object-attribute.ts, ./collection-attribute.ts.
 */
import { runSync, type Step } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";
import { DetachedInstanceError } from "../base/errors.ts";
import { loaders } from "../base/loading.ts";
import type { MapperProperty } from "../base/property.ts";
import type { SessionPort } from "../base/session-port.ts";
import {
  CALLABLES_OK,
  INIT_OK,
  NO_RAISE,
  NO_VALUE,
  NON_PERSISTENT_OK,
  NOT_LOADED,
  PASSIVE_NO_INITIALIZE,
  PASSIVE_OFF,
  type Passive,
  SQL_OK,
} from "../base/symbols.ts";
import type { History } from "../history/history.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { AttributeDispatcher, type Initiator } from "./events.ts";

type Mapper = OrmClasses["mapper"];

/** What holds an attribute's value: a plain value, one object, a collection, or a collection that is never loaded. */
export type AttributeKind = "scalar" | "object" | "collection" | "dynamic";

/** One attribute of a mapped class; subclasses that inherit the attribute share the object. */
export abstract class Attribute {
  abstract readonly kind: AttributeKind;
  readonly key: string;
  readonly property: MapperProperty;
  readonly mapper: Mapper;
  readonly dispatch: AttributeDispatcher;
  /** A change loads the old value first. */
  activeHistory: boolean;

  readonly appendToken: Initiator;
  readonly removeToken: Initiator;
  readonly replaceToken: Initiator;
  readonly bulkReplaceToken: Initiator;

  constructor(
    key: string,
    property: MapperProperty,
    mapper: Mapper,
    options: { readonly activeHistory?: boolean; readonly collection?: boolean } = {},
  ) {
    const { activeHistory = false, collection = false } = options;
    this.key = key;
    this.property = property;
    this.mapper = mapper;
    this.activeHistory = activeHistory;
    this.dispatch = new AttributeDispatcher();
    this.replaceToken = { key, op: "replace", attribute: this };
    this.appendToken = collection ? { key, op: "append", attribute: this } : this.replaceToken;
    this.removeToken = { key, op: "remove", attribute: this };
    this.bulkReplaceToken = { key, op: "bulkReplace", attribute: this };
  }

  // ---- reading ----

  /** The value, loaded as far as `passive` allows: NOT_LOADED where it forbids what would be needed, NO_VALUE where nothing is. */
  get(state: InstanceState, passive: Passive = PASSIVE_OFF): unknown {
    const value = state.dict[this.key];
    if (value !== undefined) return value;
    if ((passive & CALLABLES_OK) === 0) return NOT_LOADED;
    const session = this.#loadingSession(state, passive);
    if (session === NOT_LOADED) return NOT_LOADED;
    if (session === null || this.#wasTakenAway(state)) return this.#orDefault(state, passive, NO_VALUE);
    return this.#orDefault(state, passive, this.#loadNow(session as SessionPort, state, passive));
  }

  /** The same as a step, for code that runs inside a session. */
  *getStep(state: InstanceState, passive: Passive = PASSIVE_OFF): Step<unknown> {
    const value = state.dict[this.key];
    if (value !== undefined) return value;
    if ((passive & CALLABLES_OK) === 0) return NOT_LOADED;
    const session = this.#loadingSession(state, passive);
    if (session === NOT_LOADED) return NOT_LOADED;
    if (session === null || this.#wasTakenAway(state)) return this.#orDefault(state, passive, NO_VALUE);
    return this.#orDefault(state, passive, yield* this.#load(session as SessionPort, state, passive));
  }

  /** A value that was loaded and then deleted is not loaded again before the flush; one that was never set is NULL. */
  #wasTakenAway(state: InstanceState): boolean {
    if (state.gaps?.includes(this.key)) return true;
    const before = state.committed === null ? undefined : state.committed[this.key];
    return before !== undefined && before !== NO_VALUE && before !== NOT_LOADED;
  }

  #loadNow(session: SessionPort, state: InstanceState, passive: Passive): unknown {
    if ((passive & SQL_OK) === 0) return runSync(this.#load(session, state, passive));
    if (!session.loadsImplicitly) {
      // The identity map may have it: only what needs SQL is refused.
      const known = runSync(this.#load(session, state, passive & ~SQL_OK));
      if (known !== NOT_LOADED) return known;
      this.checkSqlAllowed(state, passive);
    }
    return session.runImplicit(() => this.#load(session, state, passive), { state, key: this.key });
  }

  *#load(session: SessionPort, state: InstanceState, passive: Passive): Step<unknown> {
    const result = yield* this.loadStep(session, state, passive);
    if (result === NOT_LOADED || result === NO_VALUE) return result;
    const present = state.dict[this.key];
    return present !== undefined ? present : result === undefined ? NO_VALUE : this.setCommitted(state, result);
  }

  #orDefault(state: InstanceState, passive: Passive, value: unknown): unknown {
    if (value !== NO_VALUE) return value;
    return (passive & INIT_OK) === 0 ? NO_VALUE : this.defaultValue(state);
  }

  /** The session to load by; null: there is nothing to load; NOT_LOADED: not allowed. @throws DetachedInstanceError */
  #loadingSession(state: InstanceState, passive: Passive): SessionPort | null | typeof NOT_LOADED {
    const { session } = state;
    if (state.identityHash === null) {
      if (session === null || !this.loadsForPending(state)) return null;
      return (passive & NON_PERSISTENT_OK) === 0 ? NOT_LOADED : session;
    }
    if (session !== null) return session;
    if ((passive & SQL_OK) === 0 || (passive & NO_RAISE) !== 0) return NOT_LOADED;
    throw new DetachedInstanceError(this.detachedMessage(state), {
      code: "detached",
      fix: `load it while the object is in a session (options(selectinload(…)), session.refresh(object, ["${this.key}"])), or add the object to a session`,
    });
  }

  protected detachedMessage(state: InstanceState): string {
    return `Parent instance ${state} is not bound to a Session; lazy load operation of attribute '${this.key}' cannot proceed`;
  }

  /** Objects without a row may load it. */
  protected loadsForPending(_state: InstanceState): boolean {
    return false;
  }

  /** Loads the value and gives it, or stores it and gives undefined. */
  protected *loadStep(session: SessionPort, state: InstanceState, passive: Passive): Step<unknown> {
    return yield* loaders.relationship(session, state, this.property as OrmClasses["relationship"], passive);
  }

  /** Where SQL would be needed: a strategy that refuses it says so. @throws InvalidRequestError */
  protected checkSqlAllowed(_state: InstanceState, _passive: Passive): void {}

  /** What reading gives where there is no value. */
  abstract defaultValue(state: InstanceState): unknown;

  // ---- writing ----

  /** Sets the value by the user's will: events, history, the other side. */
  abstract set(state: InstanceState, value: unknown, initiator?: Initiator | null, passive?: Passive): void;

  /** Adds to a collection, or sets a scalar: what the other side of a relationship calls. */
  abstract append(state: InstanceState, value: object, initiator: Initiator | null, passive: Passive): void;

  /** Removes from a collection, or empties a scalar that holds `value`; nothing happens where it is not there. */
  abstract pop(state: InstanceState, value: object, initiator: Initiator | null, passive: Passive): void;

  /** Takes the value away: as `delete user.name` would. */
  abstract remove(state: InstanceState): void;

  /** Stores a value as loaded: no events, no history. Collections take any iterable. Gives what is stored. */
  setCommitted(state: InstanceState, value: unknown): unknown {
    state.dict[this.key] = value;
    if (state.committed !== null && state.committed[this.key] !== undefined) delete state.committed[this.key];
    return value;
  }

  /** Tells a collection that it is no longer the attribute's value. */
  invalidate(_value: unknown): void {}

  // ---- comparing ----

  /** What became of the attribute since the last flush; loads nothing unless `passive` says so. */
  history(state: InstanceState, passive: Passive = PASSIVE_NO_INITIALIZE): History {
    const known = this.knownHistory(state);
    if (known !== null) return known;
    if ((passive & CALLABLES_OK) === 0 || (passive & SQL_OK) === 0 || state.session === null)
      return runSync(this.historyStep(state, passive));
    return state.session.runImplicit(() => this.historyStep(state, passive), { state, key: this.key });
  }

  /** The same as a step, for code that runs inside a session. */
  *historyStep(state: InstanceState, passive: Passive): Step<History> {
    return this.knownHistory(state) ?? (yield* this.unknownHistoryStep(state, passive));
  }

  /** The history where nothing has to be loaded or guessed for it; null where something may have to be. */
  protected abstract knownHistory(state: InstanceState): History | null;

  /** The history where {@link knownHistory} has none. */
  protected abstract unknownHistoryStep(state: InstanceState, passive: Passive): Step<History>;

  toString(): string {
    return `${this.mapper.class.name}.${this.key}`;
  }
}
