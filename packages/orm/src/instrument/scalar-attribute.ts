/** Attributes that hold a plain value: columns and SQL expressions. */
import { ArgumentError, ClauseElement, deepEqual, type SqlType } from "@athanor/core";
import type { Step } from "@athanor/driver";
import { loaders } from "../base/loading.ts";
import type { SessionPort } from "../base/session-port.ts";
import { NO_VALUE, NOT_LOADED, PASSIVE_RETURN_NO_VALUE, type Passive, SQL_OK } from "../base/symbols.ts";
import { BLANK_HISTORY, type History, history, none } from "../history/history.ts";
import { noteChange } from "../state/changes.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { Attribute } from "./attribute.ts";
import { filterValue, type Initiator } from "./events.ts";
import { validated } from "./validation.ts";

/** A column attribute. */
export class ScalarAttribute extends Attribute {
  readonly kind = "scalar" as const;
  /** Tells whether a value is another one, by the column's type; null: by the values themselves. */
  type: SqlType | null = null;
  /** What is stored instead of a value that is set; null: the value. */
  accept: ((value: unknown, state: InstanceState, key: string) => unknown) | null = null;
  readonly #setListeners = this.dispatch.of("set");

  override defaultValue(state: InstanceState): unknown {
    const listeners = this.dispatch.of("initScalar");
    if (listeners.empty) return null;
    let value: unknown = null;
    for (const listener of listeners.all) {
      const given = (listener as (...values: unknown[]) => unknown)(state.obj, value, state.dict);
      if (given !== undefined) value = given;
    }
    return value;
  }

  protected override detachedMessage(state: InstanceState): string {
    if (state.expiredKeys?.has(this.key) === true)
      return `Instance ${state} is not bound to a Session; attribute refresh operation cannot proceed`;
    return `Parent instance ${state} is not bound to a Session; deferred load operation of attribute '${this.key}' cannot proceed`;
  }

  protected override checkSqlAllowed(state: InstanceState, passive: Passive): void {
    loaders.checkColumnAllowed(state, this.key, passive);
  }

  protected override *loadStep(session: SessionPort, state: InstanceState, passive: Passive): Step<unknown> {
    // An expression of a statement that is over cannot be loaded.
    if ((this.property as { readonly options?: { readonly queryExpression?: string } }).options?.queryExpression)
      return null;
    if ((passive & SQL_OK) === 0) return NOT_LOADED;
    yield* loaders.columns(session, state, [this.key], passive);
    return undefined;
  }

  override set(state: InstanceState, value: unknown, initiator: Initiator | null = null): void {
    if (value === undefined) throw undefinedValue(this);
    const { key, dispatch } = this;
    let old: unknown = state.dict[key];
    if (old === undefined)
      old = this.activeHistory || dispatch.activeHistory ? this.get(state, PASSIVE_RETURN_NO_VALUE) : NO_VALUE;
    let given: unknown = this.accept === null ? value : this.accept(value, state, key);
    const validator = state.mapper.validators.get(key);
    if (validator !== undefined) given = validated(validator, state, key, given);
    const listeners = this.#setListeners;
    if (!listeners.empty) given = filterValue(listeners.all, state.obj, given, old, initiator ?? this.replaceToken);
    noteChange(state, key, old);
    state.dict[key] = given;
  }

  /** A value can be put into a new object without further ado: nobody listens, nothing is validated. */
  get isPlain(): boolean {
    return this.accept === null && this.#setListeners.empty;
  }

  override append(state: InstanceState, value: object, initiator: Initiator | null): void {
    this.set(state, value, initiator);
  }

  override pop(state: InstanceState): void {
    this.set(state, null);
  }

  override remove(state: InstanceState): void {
    const old = state.dict[this.key] ?? NO_VALUE;
    if (old === NO_VALUE && state.expiredKeys?.has(this.key) !== true && state.identityHash === null) return;
    const validator = state.mapper.validators.get(this.key);
    if (validator?.includeRemoves === true)
      validator.validate(state.obj, this.key, old === NO_VALUE ? null : old, true);
    noteChange(state, this.key, old);
    state.dict[this.key] = undefined;
    state.expiredKeys?.delete(this.key);
  }

  protected override knownHistory(state: InstanceState): History | null {
    const { key } = this;
    const current: unknown = state.dict[key];
    if (current === undefined) return null;
    return scalarHistory(this, current, state.committed === null ? undefined : state.committed[key]);
  }

  protected override *unknownHistoryStep(state: InstanceState, passive: Passive): Step<History> {
    const { key } = this;
    let current: unknown = state.dict[key];
    const original: unknown = state.committed === null ? undefined : state.committed[key];
    if (current === undefined) {
      // A value that was taken away stays away, it is not loaded again.
      current = original !== undefined ? NO_VALUE : yield* this.getStep(state, passive & PASSIVE_RETURN_NO_VALUE);
      if (current === NOT_LOADED) return BLANK_HISTORY;
    }
    return scalarHistory(this, current, original);
  }

  /** Whether two values are the same for the column's type. */
  isEqual(a: unknown, b: unknown): boolean {
    if (a === b) return true;
    if (typeof a !== "object" && typeof b !== "object") return false;
    const { type } = this;
    if (a === null || b === null || a instanceof ClauseElement || b instanceof ClauseElement) return false;
    return type === null ? deepEqual(a, b) : type.compareValues(a, b);
  }
}

function scalarHistory(attribute: ScalarAttribute, current: unknown, original: unknown): History {
  if (original === undefined) return current === NO_VALUE ? BLANK_HISTORY : history(none, [current], none);
  if (current !== NO_VALUE && attribute.isEqual(current, original)) return history(none, [current], none);
  if (original === NO_VALUE || original === NOT_LOADED)
    return history([current === NO_VALUE ? null : current], none, none);
  return history(current === NO_VALUE ? none : [current], none, [original]);
}

/** The error for `user.name = undefined`. */
export function undefinedValue(attribute: Attribute): ArgumentError {
  return new ArgumentError(`${attribute} cannot be set to undefined`, {
    code: "undefined_value",
    fix: "use null for SQL NULL",
  });
}
