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
  options?: AttributeListenOptions,
): void {
  target.dispatch.listen(name, listener, options);
}

/** Calls `listener` the next time the event happens, then forgets it. */
export const once: typeof driverOnce = driverOnce;
/** Undoes {@link listen}. */
export const removeListener: typeof remove = remove;
/** Whether `listener` is registered. */
export const hasListener: typeof contains = contains;
