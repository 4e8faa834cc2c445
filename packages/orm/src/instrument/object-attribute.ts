/** Attributes that hold one related object. */
import type { Step } from "@athanor/driver";
import { loaders } from "../base/loading.ts";
import {
  CALLABLES_OK,
  DEFERRED_HISTORY_LOAD,
  INCLUDE_PENDING,
  INIT_OK,
  LOAD_AGAINST_COMMITTED,
  NO_AUTOFLUSH,
  NO_RAISE,
  NO_VALUE,
  NOT_LOADED,
  PASSIVE_NO_FETCH,
  PASSIVE_ONLY_PERSISTENT,
  type Passive,
} from "../base/symbols.ts";
import { BLANK_HISTORY, type History, history, none } from "../history/history.ts";
import { noteChange } from "../state/changes.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { stateOf } from "../state/registry.ts";
import { filterValue, type Initiator } from "./events.ts";
import { isObject, RelatedAttribute, relatedState } from "./related.ts";
import { undefinedValue } from "./scalar-attribute.ts";

/** A many-to-one or one-to-one attribute. */
export class ObjectAttribute extends RelatedAttribute {
  readonly kind = "object" as const;
  /** The old object is loaded when history asks for it, not when a new one is set. */
  deferredHistory = false;

  override defaultValue(): unknown {
    return null;
  }

  override set(state: InstanceState, value: unknown, initiator: Initiator | null = null): void {
    this.#set(state, value, initiator);
  }

  #set(state: InstanceState, value: unknown, initiator: Initiator | null, onlyIf?: object): void {
    if (value === undefined) throw undefinedValue(this);
    const old = this.get(
      state,
      this.activeHistory || this.dispatch.activeHistory
        ? PASSIVE_ONLY_PERSISTENT | NO_AUTOFLUSH | LOAD_AGAINST_COMMITTED
        : (PASSIVE_NO_FETCH ^ INIT_OK) | LOAD_AGAINST_COMMITTED | NO_RAISE,
    );
    if (onlyIf !== undefined && old !== NOT_LOADED && old !== onlyIf) return;
    state.dict[this.key] = this.#replace(state, value, old, initiator ?? this.replaceToken);
  }

  /** Tells everyone that `old` gives way to `value`; gives the value that everyone agreed on. */
  #replace(state: InstanceState, given: unknown, old: unknown, initiator: Initiator): unknown {
    let value = given;
    if (isObject(value)) relatedState(this, value);
    if (this.trackParent && old !== given && isObject(old)) this.setParent(stateOf(old), state, false);
    if (isObject(value)) this.checkSingleParent(state, stateOf(value), old, initiator);
    value = this.validate(state, value, initiator);
    const child = isObject(value) ? stateOf(value) : null;
    if (old !== value) {
      if (child !== null) this.cascadeIn(state, child, initiator);
      if (isObject(old)) this.#orphan(state, stateOf(old));
      this.#mirror(state, child, old, initiator);
    }
    const listeners = this.dispatch.of("set");
    if (!listeners.empty) value = filterValue(listeners.all, state.obj, value, old, initiator);
    if (this.tracksChanges) noteChange(state, this.key, old);
    if (this.trackParent && isObject(value)) this.setParent(stateOf(value), state, true);
    return value;
  }

  #orphan(state: InstanceState, old: InstanceState): void {
    const { session } = state;
    const { relationship } = this;
    if (
      session !== null &&
      relationship.cascade.deleteOrphan &&
      session.isPending(old) &&
      relationship.mapper.isOrphan(old)
    )
      session.expungePending(old);
  }

  #mirror(state: InstanceState, child: InstanceState | null, old: unknown, initiator: Initiator): void {
    if (isObject(old)) {
      const oldState = stateOf(old);
      const mirror = this.mirrorOf(oldState);
      if (mirror !== null) {
        const own = mirror.kind === "object" ? mirror.replaceToken : mirror.removeToken;
        if (initiator !== own) mirror.pop(oldState, state.obj, this.appendToken, PASSIVE_NO_FETCH);
      }
    }
    if (child !== null) this.mirrorIn(state, child, initiator);
  }

  override append(state: InstanceState, value: object, initiator: Initiator | null): void {
    this.#set(state, value, initiator);
  }

  override pop(state: InstanceState, value: object, initiator: Initiator | null): void {
    this.#set(state, null, initiator, value);
  }

  override remove(state: InstanceState): void {
    const old = this.get(
      state,
      this.activeHistory
        ? PASSIVE_ONLY_PERSISTENT | NO_AUTOFLUSH | LOAD_AGAINST_COMMITTED
        : (PASSIVE_NO_FETCH ^ INIT_OK) | LOAD_AGAINST_COMMITTED | NO_RAISE,
    );
    this.#replace(state, null, old, this.removeToken);
    state.dict[this.key] = undefined;
    state.expiredKeys?.delete(this.key);
  }

  protected override knownHistory(state: InstanceState): History | null {
    const { key } = this;
    const current: unknown = state.dict[key];
    const original = state.committed === null ? undefined : state.committed[key];
    const needsOld = original === NOT_LOADED && this.deferredHistory;
    return current === undefined || needsOld ? null : objectHistory(current, original);
  }

  protected override *unknownHistoryStep(state: InstanceState, passive: Passive): Step<History> {
    const { key } = this;
    let original = state.committed === null ? undefined : state.committed[key];
    let current: unknown = state.dict[key];
    if (current === undefined) {
      current =
        original !== undefined && original !== NOT_LOADED ? NO_VALUE : yield* this.getStep(state, passive & ~INIT_OK);
      if (current === NOT_LOADED) return BLANK_HISTORY;
    }
    if (
      original === NOT_LOADED &&
      this.deferredHistory &&
      (passive & (CALLABLES_OK | INCLUDE_PENDING)) !== 0 &&
      state.session !== null &&
      state.identityHash !== null
    ) {
      const flags =
        passive | PASSIVE_ONLY_PERSISTENT | NO_AUTOFLUSH | LOAD_AGAINST_COMMITTED | NO_RAISE | DEFERRED_HISTORY_LOAD;
      original = yield* loaders.relationship(state.session, state, this.relationship, flags);
    }
    return objectHistory(current, original);
  }
}

function objectHistory(current: unknown, original: unknown): History {
  if (original === undefined) return current === NO_VALUE ? BLANK_HISTORY : history(none, [current], none);
  if (current === original && current !== NO_VALUE) return history(none, [current], none);
  if (original === NO_VALUE || original === NOT_LOADED)
    return history([current === NO_VALUE ? null : current], none, none);
  return history(current === NO_VALUE ? none : [current], none, [original]);
}
