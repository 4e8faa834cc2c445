/**
 * The listeners of an attribute as one mapped class sees it. Subclasses share the attribute of the class that declared it;
 * without `propagate` a listener hears of objects of its own class only.
 */
import type { EventName, ListenerList, ListenerOf } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";
import { AttributeDispatcher, type AttributeEvents, type AttributeListenOptions } from "../instrument/events.ts";
import { stateOrNull } from "../state/registry.ts";

type Mapper = OrmClasses["mapper"];

const dispatchers = new WeakMap<Mapper, Map<string, ClassAttributeDispatcher>>();

/** The dispatcher behind `User.$.name`. */
export function attributeDispatch(mapper: Mapper, key: string): AttributeDispatcher {
  let own = dispatchers.get(mapper);
  if (own === undefined) dispatchers.set(mapper, (own = new Map()));
  let dispatcher = own.get(key);
  if (dispatcher === undefined) own.set(key, (dispatcher = new ClassAttributeDispatcher(mapper, key)));
  return dispatcher;
}

class ClassAttributeDispatcher extends AttributeDispatcher {
  readonly #mapper: Mapper;
  readonly #key: string;
  /** The registered functions by the user's own. */
  readonly #wrapped = new WeakMap<object, unknown>();

  constructor(mapper: Mapper, key: string) {
    super();
    this.#mapper = mapper;
    this.#key = key;
  }

  get #attribute(): AttributeDispatcher {
    return this.#mapper.attribute(this.#key).dispatch;
  }

  override of<Name extends keyof AttributeEvents & string>(name: Name): ListenerList<AttributeEvents[Name]> {
    return this.#attribute.of(name);
  }

  override listen<Name extends EventName<AttributeEvents>>(
    name: Name,
    listener: ListenerOf<AttributeEvents, Name>,
    options?: AttributeListenOptions,
  ): void {
    this.#attribute.listen(name, this.#wrap(listener, options?.propagate === true), options);
  }

  override once<Name extends EventName<AttributeEvents>>(
    name: Name,
    listener: ListenerOf<AttributeEvents, Name>,
  ): void {
    this.listen(name, listener, { once: true });
  }

  override remove<Name extends EventName<AttributeEvents>>(
    name: Name,
    listener: ListenerOf<AttributeEvents, Name>,
  ): boolean {
    return this.#attribute.remove(name, this.#wrap(listener, false));
  }

  override contains<Name extends EventName<AttributeEvents>>(
    name: Name,
    listener: ListenerOf<AttributeEvents, Name>,
  ): boolean {
    return this.#attribute.contains(name, this.#wrap(listener, false));
  }

  #wrap<F>(listener: F, propagates: boolean): F {
    const known = this.#wrapped.get(listener as object);
    if (known !== undefined) return known as F;
    const mapper = this.#mapper;
    const wrapper = (target: unknown, value: unknown, ...rest: unknown[]): unknown => {
      const own = stateOrNull(target)?.mapper;
      if (own !== mapper && !(propagates && own?.isa(mapper) === true)) return value;
      return (listener as (...values: unknown[]) => unknown)(target, value, ...rest);
    };
    this.#wrapped.set(listener as object, wrapper);
    return wrapper as F;
  }
}
