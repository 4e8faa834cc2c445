/** Values that know which objects hold them, and tell them of changes. */
import { ArgumentError, type ColumnElement, describe, type SqlType, type TypeLike, toType } from "@athanor/core";
import { installView } from "../instrument/accessors.ts";
import { flagModified } from "../instrument/functions.ts";
import { ScalarAttribute } from "../instrument/scalar-attribute.ts";
import { ColumnProperty, type ValueHook, valueHooks } from "../mapping/column-property.ts";
import type { Mapper } from "../mapping/mapper.ts";
import type { InstanceState } from "../state/instance-state.ts";

/** A class of watched values. */
export interface MutableClass {
  readonly name: string;
  /** The watched value for one that is set or loaded. @throws ArgumentError for what the attribute does not take. */
  coerce(key: string, value: unknown): object;
}

/** The attributes that hold a value. */
const parents = new WeakMap<object, Map<InstanceState, Set<string>>>();

function adopt(value: object, state: InstanceState, key: string): void {
  let states = parents.get(value);
  if (states === undefined) parents.set(value, (states = new Map()));
  const keys = states.get(state);
  if (keys === undefined) states.set(state, new Set([key]));
  else keys.add(key);
}

/** Tells all objects that hold a watched value that it changed: their rows are written at the next flush. */
export function changed(value: object): void {
  for (const [state, keys] of parents.get(value) ?? [])
    for (const key of keys) {
      // An object that was refreshed, or given another value, has nothing to do with this one any more.
      if (state.dict[key] === value) flagModified(state.obj, key as never);
      else keys.delete(key);
    }
}

/** How an attribute holds watched values: loaded ones become watched when they are first read, others when they are set. */
function hookFor(type: MutableClass): ValueHook {
  const watched = (state: InstanceState, key: string, value: unknown): unknown => {
    if (value === null || value === undefined) return value;
    const own = type.coerce(key, value);
    adopt(own, state, key);
    return own;
  };
  return {
    accept: (value, state, key) => watched(state, key, value),
    view(state, key, value) {
      const own = watched(state, key, value);
      if (own !== value && state.dict[key] === value) state.dict[key] = own;
      return own;
    },
  };
}

const marked: unique symbol = Symbol("mutable");
/** Classes of types whose columns hold watched values. */
const associated: { readonly type: abstract new (...args: never) => SqlType; readonly hook: ValueHook }[] = [];

valueHooks.push((column) => {
  const { type } = column;
  const own = (type as { readonly [marked]?: ValueHook })[marked];
  return own ?? associated.findLast((each) => type.constructor === each.type)?.hook ?? null;
});

/** A type whose columns hold values of the class. */
export function asMutable<T extends TypeLike>(type: MutableClass, columnType: T): T {
  const copy = toType(columnType).copy();
  Object.defineProperty(copy, marked, { value: hookFor(type), enumerable: true });
  return copy as unknown as T;
}

/** Lets all columns of a class of types, of classes that are mapped from now on, hold values of the class. */
export function associateWith(
  type: MutableClass,
  columnType: TypeLike | (abstract new (...args: never) => SqlType),
): void {
  const isClass = typeof columnType === "function" && /^class\b/.test(Function.prototype.toString.call(columnType));
  const columnClass = isClass ? columnType : toType(columnType as TypeLike).constructor;
  associated.push({ type: columnClass as abstract new (...args: never) => SqlType, hook: hookFor(type) });
}

/** Lets one attribute of a mapped class hold values of the class. @throws ArgumentError for anything but a column's attribute. */
export function associateWithAttribute(type: MutableClass, attribute: ColumnElement): void {
  const { parent, property } = attribute as unknown as {
    readonly parent?: { readonly mapper: Mapper };
    readonly property?: unknown;
  };
  if (parent === undefined || !(property instanceof ColumnProperty))
    throw new ArgumentError(`${type.name}.associateWithAttribute() takes the attribute of a column`, {
      fix: "User.$.data",
    });
  const hook = hookFor(type);
  const { mapper } = parent;
  for (const below of mapper.selfAndDescendants) {
    const own = below.attribute(property.key);
    if (own instanceof ScalarAttribute) own.accept = hook.accept;
  }
  let prototype = mapper.class.prototype as object;
  while (!Object.hasOwn(prototype, property.key)) prototype = Object.getPrototypeOf(prototype) as object;
  installView(prototype, property.key, hook.view);
}

/** Methods of arrays that change them. */
export const changingMethods: ReadonlySet<PropertyKey> = new Set([
  "push",
  "pop",
  "shift",
  "unshift",
  "splice",
  "sort",
  "reverse",
  "fill",
  "copyWithin",
]);

/** The error for a value that an attribute does not take. */
export function notAccepted(key: string, value: unknown): ArgumentError {
  const name = value !== null && typeof value === "object" ? (value.constructor?.name ?? "Object") : describe(value);
  return new ArgumentError(`Attribute '${key}' does not accept objects of type ${name}`, { code: "not_mutable" });
}

/**
 * A class of values of one's own that can be changed in place. Assigning to members is noticed; methods that change something
 * else inside call {@link changed}.
 *
 * @example
 * class Money extends Mutable {
 *   constructor(public amount: number, public currency: string) { super(); }
 *   static override coerce(key: string, value: unknown) { return isText(value) ? Money.parse(value) : super.coerce(key, value); }
 * }
 * price: column(Money.asMutable(new MoneyType()))
 */
export class Mutable {
  constructor() {
    // biome-ignore lint/correctness/noConstructorReturn: the object that subclasses fill is the watched one.
    return watchMembers(this, changed);
  }

  /** Tells all objects that hold the value that it changed. */
  changed(): void {
    changed(this);
  }

  /** The watched value for one that is set or loaded; here: only objects of the class are taken. */
  static coerce(key: string, value: unknown): Mutable {
    if (value instanceof this) return value;
    throw notAccepted(key, value);
  }

  /** A type whose columns hold values of this class: `column(Money.asMutable(type))`. */
  static asMutable<T extends TypeLike>(this: MutableClass, type: T): T {
    return asMutable(this, type);
  }

  /** Lets all columns of a class of types, of classes mapped from now on, hold values of this class. */
  static associateWith(this: MutableClass, type: TypeLike | (abstract new (...args: never) => SqlType)): void {
    associateWith(this, type);
  }

  /** Lets one attribute of a mapped class hold values of this class: `Money.associateWithAttribute(Item.$.price)`. */
  static associateWithAttribute(this: MutableClass, attribute: ColumnElement): void {
    associateWithAttribute(this, attribute);
  }
}

/** The plain values behind watched ones. */
export const plainValues: WeakMap<object, object> = new WeakMap<object, object>();

/** The plain value of a watched one; anything else as it is. For `structuredClone()`, and for comparing by identity. */
export function unwrap(value: unknown): unknown {
  return typeof value === "object" && value !== null ? (plainValues.get(value) ?? value) : value;
}

/** An object whose members, when they are set or deleted, report it. */
export function watchMembers<T extends object>(target: T, report: (watched: T) => void): T {
  const watched: T = new Proxy(target, {
    set(object, name, value) {
      // A setter of the class runs on the watched object.
      if (!Reflect.set(object, name, value, hasSetter(object, name) ? watched : object)) return false;
      report(watched);
      return true;
    },
    deleteProperty(object, name) {
      const had = Object.hasOwn(object, name);
      if (!Reflect.deleteProperty(object, name)) return false;
      if (had) report(watched);
      return true;
    },
  });
  plainValues.set(watched, target);
  return watched;
}

function hasSetter(object: object, name: PropertyKey): boolean {
  for (let each: object | null = object; each !== null; each = Object.getPrototypeOf(each) as object | null) {
    const descriptor = Object.getOwnPropertyDescriptor(each, name);
    if (descriptor !== undefined) return descriptor.set !== undefined;
  }
  return false;
}
