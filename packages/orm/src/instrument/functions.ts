/** Functions about single attributes of objects: flagging, storing without events, history. Users import them by name. */
import { InvalidRequestError, type SqlExpression } from "@athanor/core";
import { UnmappedInstanceError } from "../base/errors.ts";
import { INIT_OK, NO_VALUE, PASSIVE_OFF, type Passive } from "../base/symbols.ts";
import type { History, HistoryItem } from "../history/history.ts";
import { noteChange } from "../state/changes.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { stateOrNull } from "../state/registry.ts";

/** The state of an object. @throws UnmappedInstanceError */
export function instanceState(object: unknown): InstanceState {
  const state = stateOrNull(object);
  if (state !== null) return state;
  const name = typeof object === "object" && object !== null ? (object.constructor?.name ?? "Object") : String(object);
  throw new UnmappedInstanceError(`Class '${name}' is not mapped`, {
    code: "unmapped_instance",
    fix: "only objects of mapped classes, made by their constructor or loaded by a session, have a state",
  });
}

/** Marks an attribute as changed, for changes inside its value that cannot be noticed: an UPDATE will write it. */
export function flagModified<E extends object>(object: E, key: keyof E & string): void {
  const state = instanceState(object);
  const attribute = state.mapper.attribute(key);
  const value = state.dict[key];
  if (value === undefined) {
    throw new InvalidRequestError(`Can't flag attribute '${key}' modified; it's not present in the object state`, {
      fix: "load or set it first",
    });
  }
  const listeners = attribute.dispatch.of("modified");
  if (!listeners.empty)
    for (const listener of listeners.all)
      (listener as (...values: unknown[]) => unknown)(object, attribute.replaceToken);
  state.committed ??= {};
  state.committed[key] = NO_VALUE;
  noteChange(state, key, NO_VALUE);
}

/** Marks an object as changed without naming an attribute: it takes part in the next flush's events. */
export function flagDirty(object: object): void {
  const state = instanceState(object);
  if (state.modified) return;
  state.modified = true;
  state.session?.registerModified(state);
}

/** Stores a value as if it had been loaded: no events, no history. */
export function setCommittedValue<E extends object, K extends keyof E & string>(object: E, key: K, value: E[K]): void {
  const state = instanceState(object);
  state.mapper.attribute(key).setCommitted(state, value);
}

/**
 * Sets a value with all events. It takes SQL expressions, which the flush computes and the next touch loads: assigning one
 * does the same, but the types of attributes have no place for them.
 *
 * @example setAttribute(account, "balance", Account.$.balance.sub(10));
 */
export function setAttribute<E extends object, K extends keyof E & string>(
  object: E,
  key: K,
  value: E[K] | SqlExpression,
): void {
  const state = instanceState(object);
  state.mapper.attribute(key).set(state, value);
}

/** Reads a value as a getter would, or as far as `passive` allows. */
export function getAttribute<E extends object, K extends keyof E & string>(
  object: E,
  key: K,
  passive?: undefined,
): E[K];
export function getAttribute(object: object, key: string, passive: Passive): unknown;
export function getAttribute(object: object, key: string, passive: Passive = PASSIVE_OFF): unknown {
  const state = instanceState(object);
  return state.mapper.attribute(key).get(state, passive);
}

/** Takes a value away, with all events: Python's `del user.name`. */
export function delAttribute<E extends object>(object: E, key: keyof E & string): void {
  const state = instanceState(object);
  const property = state.mapper.props.get(key);
  if (property?.remove === undefined) state.mapper.attribute(key).remove(state);
  else property.remove(object);
}

/**
 * What became of an attribute since the last flush. Loads it where it is not loaded, unless `passive` says otherwise:
 * `PASSIVE_NO_INITIALIZE` looks at what is there only.
 *
 * @throws MissingAwait in an asynchronous session, where it would have to be loaded.
 */
export function getHistory<E extends object, K extends keyof E & string>(
  object: E,
  key: K,
  passive: Passive = PASSIVE_OFF,
): History<HistoryItem<E[K]>> {
  const state = instanceState(object);
  // What was never set stays without a value.
  return state.mapper.attribute(key).history(state, passive & ~INIT_OK) as History<HistoryItem<E[K]>>;
}

/**
 * Refuses objects with own properties that hide mapped attributes: a class field declared again (`name!: string` under
 * `useDefineForClassFields`) or `Object.defineProperty`. What was written there would never reach the database.
 */
export function refuseShadowing(state: InstanceState): void {
  const own = Object.keys(state.obj);
  if (own.length === 0) return;
  const { mapper } = state;
  const shadows = own.filter((key) => mapper.props.has(key));
  if (shadows.length === 0) return;
  throw new InvalidRequestError(
    `${state}: its own ${shadows.length === 1 ? "property" : "properties"} ${shadows.map((key) => `'${key}'`).join(", ")} hide${shadows.length === 1 ? "s" : ""} the mapped attribute of class ${mapper.class.name}`,
    {
      code: "shadowed_attribute",
      fix: `a class field was declared with the name of an attribute: remove the field, or write it as "declare ${shadows[0]}: …"`,
    },
  );
}
