/** `listen()` for everything: mapped classes, attributes, sessions, engines, tables. */
import {
  contains,
  type Dispatches,
  once as driverOnce,
  type EventMap,
  type EventName,
  type ListenerOf,
  remove,
} from "@athanor/driver";
import type { AttributeListenOptions } from "../instrument/events.ts";
import { stateOrNull } from "../state/registry.ts";
import { inspect } from "./inspect.ts";

/** Options of {@link listen}. */
export interface OrmListenOptions extends AttributeListenOptions {
  /** The listener gets `inspect(object)` in place of the object. Default false. */
  readonly raw?: boolean;
}

/**
 * Calls `listener` whenever the event happens on the target. Names are camelCase; SQLAlchemy's spelling is understood.
 *
 * @example
 * listen(User, "beforeInsert", (mapper, connection, user) => { user.created = new Date(); });
 * listen(User.$.name, "set", (user, value) => value.trim(), { retval: true });
 * @throws InvalidRequestError when the target has no event of this name.
 */
export function listen<Events extends EventMap<Events>, Name extends EventName<Events>>(
  target: Dispatches<Events>,
  name: Name,
  listener: ListenerOf<Events, Name>,
  options?: OrmListenOptions,
): void {
  target.dispatch.listen(name, options?.raw === true ? withState(listener) : listener, options);
}

/** The registered functions of listeners that asked for states. */
const stateListeners = new WeakMap<object, unknown>();

/** Gives a listener the inspection of the object that an event is about. */
function withState<F>(listener: F): F {
  const known = stateListeners.get(listener as object);
  if (known !== undefined) return known as F;
  const wrapper = (...values: unknown[]): unknown => {
    const position = values.findIndex((value) => stateOrNull(value) !== null);
    return (listener as (...all: unknown[]) => unknown)(
      ...values.map((value, index) => (index === position ? inspect(value as object) : value)),
    );
  };
  stateListeners.set(listener as object, wrapper);
  return wrapper as F;
}

/** Calls `listener` the next time the event happens, then forgets it. */
export const once: typeof driverOnce = driverOnce;

/** Undoes {@link listen}, given the same target, name and function. Returns false when there was nothing to undo. */
export function removeListener<Events extends EventMap<Events>, Name extends EventName<Events>>(
  target: Dispatches<Events>,
  name: Name,
  listener: ListenerOf<Events, Name>,
): boolean {
  const asState = stateListeners.get(listener as object) as typeof listener | undefined;
  return remove(target, name, listener) || (asState !== undefined && remove(target, name, asState));
}

/** Whether `listener` is registered for the event on the target or on a parent of it. */
export function hasListener<Events extends EventMap<Events>, Name extends EventName<Events>>(
  target: Dispatches<Events>,
  name: Name,
  listener: ListenerOf<Events, Name>,
): boolean {
  const asState = stateListeners.get(listener as object) as typeof listener | undefined;
  return contains(target, name, listener) || (asState !== undefined && contains(target, name, asState));
}
