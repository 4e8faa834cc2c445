/** Functions about single attributes of objects: flagging, storing without events, history. Users import them by name. */
import { InvalidRequestError } from "@athanor/core";
import { UnmappedInstanceError } from "../base/errors.ts";
import { NO_VALUE, PASSIVE_NO_INITIALIZE, PASSIVE_OFF, type Passive } from "../base/symbols.ts";
import type { History } from "../history/history.ts";
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
export function flagModified(object: object, key: string): void {
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
export function setCommittedValue(object: object, key: string, value: unknown): void {
  const state = instanceState(object);
  state.mapper.attribute(key).setCommitted(state, value);
}

/** Sets a value with all events. */
export function setAttribute(object: object, key: string, value: unknown): void {
  const state = instanceState(object);
  state.mapper.attribute(key).set(state, value);
}

/** Reads a value as a getter would, or as far as `passive` allows. */
export function getAttribute(object: object, key: string, passive: Passive = PASSIVE_OFF): unknown {
  const state = instanceState(object);
  return state.mapper.attribute(key).get(state, passive);
}

/** Takes a value away, with all events: Python's `del user.name`. */
export function delAttribute(object: object, key: string): void {
  const state = instanceState(object);
  state.mapper.attribute(key).remove(state);
}

/** What became of an attribute since the last flush. Loads nothing unless `passive` says so. */
export function getHistory(object: object, key: string, passive: Passive = PASSIVE_NO_INITIALIZE): History {
  const state = instanceState(object);
  return state.mapper.attribute(key).history(state, passive);
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
