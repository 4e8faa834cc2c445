/** Documents that are watched as a whole: `data: mutable(column(t.json()))`. */
import type { Column } from "@athanor/core";
import { flagModified } from "../instrument/functions.ts";
import { ColumnProperty, type ValueHook } from "../mapping/column-property.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { changingMethods, plainValues, unwrap } from "./mutable-value.ts";

/** The watcher of an attribute's present value, by object and attribute. */
const watchers = new WeakMap<InstanceState, Map<string, Watcher>>();

function watcherOf(state: InstanceState, key: string, root: object): Watcher {
  let byKey = watchers.get(state);
  if (byKey === undefined) watchers.set(state, (byKey = new Map()));
  let watcher = byKey.get(key);
  if (watcher?.root !== root) byKey.set(key, (watcher = new Watcher(state, key, root)));
  return watcher;
}

/** Watches one document that an attribute holds. */
class Watcher {
  readonly root: object;
  readonly #state: InstanceState;
  readonly #key: string;
  /** Watched values by plain value. */
  readonly #views = new WeakMap<object, object>();
  readonly #handler: ProxyHandler<object>;

  constructor(state: InstanceState, key: string, root: object) {
    this.root = root;
    this.#state = state;
    this.#key = key;
    this.#handler = {
      get: (target, name) => this.#member(target, name),
      set: (target, name, value) => {
        Reflect.set(target, name, unwrap(value), target);
        this.#changed();
        return true;
      },
      deleteProperty: (target, name) => {
        Reflect.deleteProperty(target, name);
        this.#changed();
        return true;
      },
    };
  }

  /** The watched form of a value of the document. */
  view(value: unknown): unknown {
    if (!isTrackable(value)) return value;
    let view = this.#views.get(value);
    if (view === undefined) {
      view = new Proxy(value, this.#handler);
      this.#views.set(value, view);
      plainValues.set(view, value);
    }
    return view;
  }

  #member(target: object, name: PropertyKey): unknown {
    const member: unknown = Reflect.get(target, name, target);
    if (typeof member !== "function") return this.view(member);
    if (!Array.isArray(target)) return member.bind(target) as unknown;
    // Other methods of arrays find the watched items by themselves.
    if (!changingMethods.has(name)) return member;
    return (...args: unknown[]): unknown => {
      const result: unknown = Reflect.apply(member, target, args.map(unwrap));
      this.#changed();
      return this.view(result);
    };
  }

  #changed(): void {
    // An attribute that was refreshed, or given another value, has nothing to do with this document any more.
    if (this.#state.dict[this.#key] === this.root) flagModified(this.#state.obj, this.#key as never);
  }
}

/** Plain objects and arrays; dates, buffers and objects of classes are values by themselves. */
function isTrackable(value: unknown): value is object {
  if (value === null || typeof value !== "object") return false;
  if (Array.isArray(value)) return true;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}

const hook: ValueHook = {
  accept: unwrap,
  view: (state, key, value) => (isTrackable(value) ? watcherOf(state, key, value).view(value) : value),
};

/**
 * A column whose value is watched as a whole: changes of its objects and arrays, however deep, are written at the next flush.
 * For JSON and ARRAY columns. What reading gives is a view of the value; {@link unwrap} gives the value itself, for
 * `structuredClone()` and for comparing by identity.
 *
 * @example
 * settings: mutable(column(t.json<{ theme: { dark: boolean }; tags: string[] }>()))
 * user.settings.theme.dark = true;   user.settings.tags.push("new");      // UPDATE … SET settings = …
 */
export function mutable<M extends { readonly "~value": unknown }>(column: M): M {
  return new ColumnProperty([column as unknown as Column], { hook }) as unknown as M;
}
