/** Values that can be changed in place: objects and arrays of JSON and ARRAY columns. `data: mutable(column(t.json()))`. */
import type { Column } from "@athanor/core";
import { flagModified } from "../instrument/functions.ts";
import { ColumnProperty } from "../mapping/column-property.ts";
import type { InstanceState } from "../state/instance-state.ts";

/** The plain value behind a tracked one. */
const plainOf = new WeakMap<object, object>();
/** Tracked values by object, attribute and plain value. */
const tracked = new WeakMap<InstanceState, Map<string, WeakMap<object, object>>>();

/** A value whose changes, however deep, mark the attribute as changed. */
function track(state: InstanceState, key: string, value: object): object {
  let byKey = tracked.get(state);
  if (byKey === undefined) {
    byKey = new Map();
    tracked.set(state, byKey);
  }
  let byValue = byKey.get(key);
  if (byValue === undefined) {
    byValue = new WeakMap();
    byKey.set(key, byValue);
  }
  let proxy = byValue.get(value);
  if (proxy === undefined) {
    proxy = new Proxy(value, handlerOf(state, key));
    byValue.set(value, proxy);
    plainOf.set(proxy, value);
  }
  return proxy;
}

function handlerOf(state: InstanceState, key: string): ProxyHandler<object> {
  const changed = (): void => {
    if (state.dict[key] !== undefined) flagModified(state.obj, key);
  };
  return {
    get(target, name) {
      const value = Reflect.get(target, name, target) as unknown;
      if (typeof value === "function" && !Array.isArray(target)) return value.bind(target) as unknown;
      return isTrackable(value) ? track(state, key, value) : value;
    },
    set(target, name, value) {
      Reflect.set(target, name, unwrap(value), target);
      changed();
      return true;
    },
    deleteProperty(target, name) {
      const had = Reflect.has(target, name);
      Reflect.deleteProperty(target, name);
      if (had) changed();
      return true;
    },
  };
}

/** Plain objects and arrays; dates, buffers and objects of classes are values by themselves. */
function isTrackable(value: unknown): value is object {
  if (value === null || typeof value !== "object") return false;
  if (Array.isArray(value)) return true;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}

/** The plain value of a tracked one; anything else as it is. */
export function unwrap(value: unknown): unknown {
  return typeof value === "object" && value !== null ? (plainOf.get(value) ?? value) : value;
}

/** Changes inside the column's value are noticed, as those of the attribute are. For JSON and ARRAY columns. */
export function mutable<M extends { readonly "~value": unknown }>(column: M): M {
  const options = {
    view: (state: InstanceState, key: string, value: unknown) =>
      isTrackable(value) ? track(state, key, value) : value,
    accept: unwrap,
  };
  return new ColumnProperty([column as unknown as Column], options) as unknown as M;
}
