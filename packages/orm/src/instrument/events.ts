/** Events of attributes: `listen(User.$.name, "set", …)`, and the tokens by which a change is told from its own echo. */
import { EventDispatcher, type EventName, type ListenerOf, type ListenOptions } from "@athanor/driver";
import type { Initiator } from "../base/initiator.ts";

export type { Initiator };

/** Events of one attribute. `set` and `append` listeners may return a value that takes the place of the given one. */
export interface AttributeEvents<O = never, V = never> {
  /** A value is set; `old` may be NO_VALUE. Return a value to replace it (with `retval: true`). */
  set(target: O, value: V, old: V, initiator: Initiator): unknown;
  /** An object was put into a collection; with `retval`, what the listener returns is put in. */
  append(target: O, value: V, initiator: Initiator): unknown;
  /** An object is added to a set that has it already. */
  appendWoMutation(target: O, value: V, initiator: Initiator): void;
  /** An object was taken out of a collection. */
  remove(target: O, value: V, initiator: Initiator): void;
  /** A collection is replaced as a whole; `values` may be changed in place. */
  bulkReplace(target: O, values: V[], initiator: Initiator): void;
  /** An attribute without a value is read; what is returned is shown (not stored). `values` are the object's values. */
  initScalar(target: O, value: never, values: never): unknown;
  /** A collection was made. */
  initCollection(target: O, collection: never): void;
  /** A collection was replaced by another one. */
  disposeCollection(target: O, collection: never): void;
  /** `flagModified()` was called. */
  modified(target: O, initiator: Initiator): void;
}

const names: readonly (keyof AttributeEvents)[] = [
  "set",
  "append",
  "appendWoMutation",
  "remove",
  "bulkReplace",
  "initScalar",
  "initCollection",
  "disposeCollection",
  "modified",
];

/** Listeners whose return value counts. */
const returning = new WeakSet<object>();

/** Options of listeners of attributes. */
export interface AttributeListenOptions extends ListenOptions {
  /** What the listener returns takes the place of the value. Default false. */
  readonly retval?: boolean;
  /** A change loads the old value first. Default false. */
  readonly activeHistory?: boolean;
}

/** The listeners of one attribute. */
export class AttributeDispatcher<O = never, V = never> extends EventDispatcher<AttributeEvents<O, V>> {
  /** Set by a listener that wants to know the old value. */
  activeHistory = false;

  constructor(parent: AttributeDispatcher<O, V> | null = null) {
    super(names, parent);
  }

  override listen<Name extends EventName<AttributeEvents<O, V>>>(
    name: Name,
    listener: ListenerOf<AttributeEvents<O, V>, Name>,
    options?: AttributeListenOptions,
  ): void {
    if (options?.retval === true) returning.add(listener as object);
    if (options?.activeHistory === true) this.activeHistory = true;
    super.listen(name, listener, options);
  }
}

/** Calls the `set` or `append` listeners; gives the value that they agree on. */
export function filterValue(
  listeners: readonly ((...values: never[]) => unknown)[],
  target: object,
  value: unknown,
  ...rest: readonly unknown[]
): unknown {
  let result = value;
  for (const listener of listeners) {
    const returned = (listener as (...values: unknown[]) => unknown)(target, result, ...rest);
    if (returning.has(listener)) result = returned;
  }
  return result;
}
