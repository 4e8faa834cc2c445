/** The objects of a session: which are pending, persistent or deleted, how they come, go and change. Part of ./session-core.ts. */
import { InvalidRequestError } from "@athanor/core";
import type { Step } from "@athanor/driver";
import { FlushError } from "../base/errors.ts";
import type { ImplicitAccess, SessionPort } from "../base/session-port.ts";
import { IdentityMap } from "../identity/identity-map.ts";
import { refuseShadowing } from "../instrument/functions.ts";
import { cascadeNow } from "../persist/cascade.ts";
import { commitAll, expireAll } from "../state/changes.ts";
import type { InstanceState } from "../state/instance-state.ts";
import type { SessionDispatcher } from "./events.ts";
import type { SessionTransaction } from "./transaction.ts";

/** What a session knows of its objects. */
export abstract class SessionObjects implements SessionPort {
  /** The object that the program holds; what listeners get. */
  front: object = this;
  #dispatch: SessionDispatcher | null = null;
  readonly #classDispatch: SessionDispatcher;

  readonly identityMap: IdentityMap = new IdentityMap();
  /** Pending objects, in the order in which they were added. */
  readonly newStates: Set<InstanceState> = new Set();
  /** Objects that the next flush deletes. */
  readonly deletedStates: Set<InstanceState> = new Set();
  readonly modified: Set<InstanceState> = new Set();
  transaction: SessionTransaction | null = null;
  #added = 0;

  constructor(dispatch: SessionDispatcher) {
    this.#classDispatch = dispatch;
  }

  abstract readonly loadsImplicitly: boolean;
  abstract runImplicit<T>(step: () => Step<T>, access: ImplicitAccess): T;
  abstract awaitStep<T>(step: () => Step<T>, access: ImplicitAccess): Promise<T>;
  abstract readonly flushing: boolean;
  abstract readonly autobegins: boolean;
  abstract get closed(): boolean;
  /** The transaction; begins one where that is allowed. */
  abstract autobegin(): SessionTransaction;

  // ---- events ----

  /** The listeners that concern this session. */
  get events(): SessionDispatcher {
    return this.#dispatch ?? this.#classDispatch;
  }

  /** Listeners of this session alone; those of its class and its factory hear it too. */
  get dispatch(): SessionDispatcher {
    return (this.#dispatch ??= this.#classDispatch.child());
  }

  #tell(name: ObjectEvent, state: InstanceState): void {
    const listeners = this.events.of(name);
    if (!listeners.empty) listeners.fire(this.front as never, state.obj as never);
  }

  // ---- what instances ask ----

  registerModified(state: InstanceState): void {
    if (this.transaction === null && this.autobegins && !this.closed) this.autobegin();
    // Pending objects are written whatever becomes of them.
    if (state.identityHash !== null) this.modified.add(state);
  }

  containsState(state: InstanceState): boolean {
    return state.session === this && !state.deleted;
  }

  isPending(state: InstanceState): boolean {
    return this.newStates.has(state);
  }

  expungePending(state: InstanceState): void {
    if (this.newStates.has(state))
      this.expungeStates([state, ...cascadeNow("expunge", state).filter((other) => other.session === this)]);
  }

  // ---- states ----

  /** add(): brings an object, and by the save-update cascade all that it refers to, into the session. */
  saveOrUpdate(state: InstanceState): void {
    state.orphanedOutside = false;
    this.#bringIn(state);
    for (const other of cascadeNow("save-update", state, (each) => this.containsState(each))) this.#bringIn(other);
  }

  #bringIn(state: InstanceState): void {
    if (state.identityHash === null) this.#bringNew(state);
    else this.#bringKnown(state);
  }

  #bringNew(state: InstanceState): void {
    refuseShadowing(state);
    const attaches = this.#beforeAttach(state);
    if (!this.newStates.has(state)) {
      this.newStates.add(state);
      state.insertOrder = ++this.#added;
    }
    if (attaches) this.#attach(state);
  }

  #bringKnown(state: InstanceState): void {
    if (state.deleted) {
      throw new InvalidRequestError(
        `Instance '${state}' has been deleted.  Use the make_transient() function to send this object back to the transient state.`,
        {
          fix: "makeTransient(object), then add it again to insert a new row",
        },
      );
    }
    const attaches = this.#beforeAttach(state);
    this.deletedStates.delete(state);
    this.identityMap.add(state);
    if (attaches) this.#attach(state);
  }

  #beforeAttach(state: InstanceState): boolean {
    this.autobegin();
    if (state.session === this) return false;
    if (state.session !== null) {
      throw new InvalidRequestError(`Object '${state}' is already attached to another session`, {
        fix: "expunge() it there first, or use session.merge(object) to work on a copy",
      });
    }
    const listeners = this.events.of("beforeAttach");
    if (!listeners.empty) listeners.fire(this.front as never, state.obj as never);
    return true;
  }

  #attach(state: InstanceState): void {
    state.session = this;
    if (state.modified && state.identityHash !== null) this.modified.add(state);
    this.#tell("afterAttach", state);
    this.#tell(state.identityHash !== null ? "detachedToPersistent" : "transientToPending", state);
  }

  /** Puts an object that is deleted, or whose deletion was rolled back, among the persistent ones again. */
  revive(state: InstanceState): void {
    if (state.identityHash === null || (state.deleted && state.session !== this)) return;
    const wasDeleted = state.deleted;
    state.deleted = false;
    this.deletedStates.delete(state);
    this.identityMap.replace(state);
    if (state.session !== this) {
      if (state.session === null) this.#attach(state);
    } else if (wasDeleted) this.#tell("deletedToPersistent", state);
  }

  /** Marks an object for deletion; false when it is marked already. @throws for objects without a row. */
  markDeleted(state: InstanceState, isFirst: boolean): boolean {
    if (state.identityHash === null) {
      if (!isFirst) return false;
      throw new InvalidRequestError(`Instance '${state}' is not persisted`, {
        fix: "flush() it first, or expunge() it: it has no row yet",
      });
    }
    const attaches = this.#beforeAttach(state);
    if (this.deletedStates.has(state)) return false;
    this.identityMap.add(state);
    if (attaches) this.#attach(state);
    return true;
  }

  /** Takes objects out of the session; those without a row any more become transient. */
  expungeStates(states: Iterable<InstanceState>, toTransient = false): void {
    for (const state of states) {
      if (this.newStates.delete(state)) {
        // It was only pending.
      } else if (this.identityMap.contains(state)) {
        this.identityMap.discard(state);
        this.deletedStates.delete(state);
      } else this.transaction?.deleted.delete(state);
      this.modified.delete(state);
      this.#detach(state, toTransient);
    }
  }

  #detach(state: InstanceState, toTransient: boolean): void {
    const { deleted } = state;
    const wasPending = state.identityHash === null;
    state.session = null;
    if (toTransient && !wasPending) {
      state.identityHash = null;
      state.identityValue = null;
      state.deleted = false;
    }
    if (wasPending) this.#tell("pendingToTransient", state);
    else if (deleted && !toTransient) this.#tell("deletedToDetached", state);
    else this.#tell(toTransient ? "persistentToTransient" : "persistentToDetached", state);
  }

  /** After a commit: objects whose rows were deleted leave. */
  detachDeleted(states: Iterable<InstanceState>): void {
    for (const state of states) if (state.session === this) this.#detach(state, false);
  }

  /** After a flush: objects have rows now, and what they hold is what the database has. */
  registerPersistent(states: readonly InstanceState[]): void {
    for (const state of states) this.#registerIdentity(state);
    const { transaction, newStates } = this;
    const becamePersistent: InstanceState[] = [];
    for (const state of states) {
      commitAll(state);
      if (newStates.has(state)) {
        transaction?.fresh.add(state);
        becamePersistent.push(state);
      } else {
        this.modified.delete(state);
        transaction?.dirty.add(state);
      }
    }
    const listeners = this.events.of("pendingToPersistent");
    if (listeners.empty && becamePersistent.length === newStates.size) newStates.clear();
    else {
      for (const state of becamePersistent) {
        if (!listeners.empty) listeners.fire(this.front as never, state.obj as never);
        newStates.delete(state);
      }
    }
    if (newStates.size === 0) this.#added = 0;
  }

  #registerIdentity(state: InstanceState): void {
    const { mapper } = state;
    const isNew = state.identityHash === null;
    if (!isNew && !keyTouched(state)) return;
    if (isNew && mapper.identifyBySingleKey(state)) {
      state.orphanedOutside = false;
      this.identityMap.replace(state);
      return;
    }
    const values = mapper.primaryKeyOf(state);
    checkIdentity(state, values);
    if (isNew) mapper.setIdentity(state, values);
    else {
      const hash = mapper.identityHashOf(values);
      if (hash === state.identityHash) return;
      // The primary key changed: another object may have taken the old one's place already.
      this.identityMap.discard(state);
      const { transaction } = this;
      if (transaction !== null && !transaction.keySwitches.has(state))
        transaction.keySwitches.set(state, { hash: state.identityHash as never, value: state.identityValue });
      mapper.setIdentity(state, values);
    }
    state.orphanedOutside = false;
    this.identityMap.replace(state);
  }

  /** After a flush: rows are gone, until a rollback brings them back. */
  registerDeleted(states: readonly InstanceState[]): void {
    for (const state of states) {
      this.transaction?.deleted.add(state);
      this.identityMap.discard(state);
      this.deletedStates.delete(state);
      this.modified.delete(state);
      state.deleted = true;
      this.#tell("persistentToDeleted", state);
    }
  }

  get loadedIsHeard(): boolean {
    return !this.events.of("loadedAsPersistent").empty;
  }

  tellLoaded(state: InstanceState): void {
    this.#tell("loadedAsPersistent", state);
  }

  removeDeleted(states: readonly InstanceState[]): void {
    this.registerDeleted(states);
  }

  /** Expires the given states, or all; the next touch loads them. */
  expireStates(states: Iterable<InstanceState> | null): void {
    for (const state of states ?? this.identityMap.states()) expireAll(state);
    if (states === null) this.modified.clear();
    else for (const state of states) this.modified.delete(state);
  }

  forgetModified(states: Iterable<InstanceState> | null): void {
    if (states === null) this.modified.clear();
    else for (const state of states) this.modified.delete(state);
    for (const state of this.modified) if (!state.modified) this.modified.delete(state);
  }

  /** Persistent objects with changes. */
  dirtyStates(): InstanceState[] {
    const dirty: InstanceState[] = [];
    for (const state of this.modified)
      if (state.modified && state.identityHash !== null && !state.deleted) dirty.push(state);
    return dirty;
  }

  get needsFlush(): boolean {
    if (this.newStates.size > 0 || this.deletedStates.size > 0) return true;
    for (const state of this.modified) if (state.modified && state.identityHash !== null && !state.deleted) return true;
    return false;
  }

  /** Lends a session to an object without adding it: what it refers to can be loaded by its foreign keys. */
  lendTo(state: InstanceState): void {
    const attaches = this.#beforeAttach(state);
    state.loadsPending = true;
    if (!attaches) return;
    state.session = this;
    this.#tell("afterAttach", state);
  }

  /** Takes all objects out. */
  expungeAll(): void {
    const states = [...this.identityMap.states(), ...this.newStates];
    this.identityMap.clear();
    this.newStates.clear();
    this.deletedStates.clear();
    this.modified.clear();
    for (const state of states) this.#detach(state, false);
    const { transaction } = this;
    if (transaction !== null)
      for (const state of transaction.deleted) if (state.session === this) this.#detach(state, false);
  }
}

type ObjectEvent =
  | "afterAttach"
  | "loadedAsPersistent"
  | "transientToPending"
  | "pendingToTransient"
  | "persistentToTransient"
  | "persistentToDeleted"
  | "deletedToPersistent"
  | "deletedToDetached"
  | "detachedToPersistent"
  | "persistentToDetached";

/** Whether the primary key may have changed since the last flush. */
function keyTouched(state: InstanceState): boolean {
  const { committed, mapper, dict } = state;
  if (committed === null) return false;
  return mapper.primaryKeyProperties.some(({ key }) => committed[key] !== undefined && dict[key] !== undefined);
}

function checkIdentity(state: InstanceState, values: readonly unknown[]): void {
  const missing = values.filter((value) => value === null || value === undefined).length;
  if (missing === 0 || (state.mapper.options.allowPartialPks !== false && missing < values.length)) return;
  throw new FlushError(
    `Instance ${state} has a NULL identity key.  If this is an auto-generated value, check that the database table allows generation of new primary key values, and that the mapped Column object is configured to expect these generated values.  Ensure also that this flush() is not occurring at an inappropriate time, such as within a load() event.`,
  );
}
