/** SQLAlchemy's `event` module: listening to tables, engines, pools, sessions and all else that has events. */
import {
  contains,
  type Dispatches,
  type EventMap,
  type EventName,
  type ListenerOf,
  type ListenOptions,
  once,
  remove,
} from "@athanor/driver";
import { listen } from "./events.ts";

/**
 * Calls a function whenever the event happens; gives the function back.
 *
 * @example const log = event.listensFor(engine, "commit")((connection) => console.log("committed"));
 */
function listensFor<Events extends EventMap<Events>, Name extends EventName<Events>>(
  target: Dispatches<Events>,
  name: Name,
  options?: ListenOptions,
): (listener: ListenerOf<Events, Name>) => ListenerOf<Events, Name> {
  return (listener) => {
    listen(target, name, listener, options);
    return listener;
  };
}

/** The functions of SQLAlchemy's `event` module. */
export interface EventFunctions {
  readonly listen: typeof listen;
  readonly once: typeof once;
  readonly remove: typeof remove;
  readonly contains: typeof contains;
  readonly listensFor: typeof listensFor;
}

/** `event.listen(target, "name", listener, options)` and its kin. */
export const event: EventFunctions = Object.freeze({ listen, once, remove, contains, listensFor });
