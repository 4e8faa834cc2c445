/** What the constructor of a mapped class does: a state, the discriminator, the given values. */

import { ArgumentError, InvalidRequestError } from "@athanor/core";
import { nameErrors } from "@athanor/driver";
import { NO_VALUE } from "../base/symbols.ts";
import { DescriptorProperty } from "../mapping/descriptor.ts";
import type { Mapper } from "../mapping/mapper.ts";
import { noteChange } from "../state/changes.ts";
import { InstanceState } from "../state/instance-state.ts";
import { attachState } from "../state/registry.ts";
import { initForm, isPlain } from "./init-form.ts";

/** An attribute was given that the class does not have; the name and the message are Python's. */
export class TypeArgumentError extends ArgumentError {
  override get name(): string {
    return "TypeError";
  }
}

nameErrors({ TypeArgumentError });

/** Makes a new object a mapped one and sets the given attributes. */
export function constructInstance(object: object, mapper: Mapper, init: unknown, args: readonly unknown[]): void {
  if (mapper.options.polymorphicAbstract === true)
    throw new InvalidRequestError(`Can't instantiate class for ${mapper}; mapped class is marked polymorphicAbstract`, {
      fix: "make an object of a subclass",
    });
  const state = new InstanceState(object, mapper, {});
  attachState(object, state);
  mapper.configure();
  const listeners = mapper.dispatch.of("init");
  if (!listeners.empty) listeners.fire(object as never, args, init as never);
  if (mapper.polymorphicKey !== null) setDiscriminator(state, mapper);
  if (init === undefined || init === null) return;
  if (typeof init !== "object")
    throw new TypeArgumentError(`${mapper.class.name}() takes an object of attributes`, {
      fix: `new ${mapper.class.name}({ … })`,
    });
  try {
    setValues(state, init as Record<string, unknown>);
  } catch (error) {
    const failed = mapper.dispatch.of("initFailure");
    if (!failed.empty) failed.fire(object as never, args, init as never);
    throw error;
  }
}

/** Gives an object that its class's own constructor made a state: for imperatively mapped classes. */
export function adoptInstance(object: object, mapper: Mapper): void {
  constructInstance(object, mapper, undefined, []);
}

function setDiscriminator(state: InstanceState, mapper: Mapper): void {
  const key = mapper.polymorphicKey as string;
  if (mapper.polymorphicIdentity === null || mapper.polymorphicIdentity === undefined) return;
  if (mapper.props.get(key)?.kind !== "column") return;
  noteChange(state, key, NO_VALUE);
  state.dict[key] = mapper.polymorphicIdentity;
}

function setValues(state: InstanceState, init: Record<string, unknown>): void {
  const { mapper } = state;
  const form = isUntouched(state) ? initForm(mapper, init) : null;
  const count = form === null ? 0 : form.fill(state, init);
  if (count === 0) setEach(state, init, Object.keys(init));
  else if (form !== null && count < form.keys.length) setEach(state, init, form.keys.slice(count));
}

/** Neither a discriminator nor a listener has stored anything yet. */
function isUntouched({ committed, dict }: InstanceState): boolean {
  for (const _ in dict) return false;
  return committed === null;
}

function setEach(state: InstanceState, init: Record<string, unknown>, keys: readonly string[]): void {
  const { mapper, obj, dict } = state;
  const { attributes } = mapper;
  for (const key of keys) {
    const value = init[key];
    const attribute = attributes.get(key);
    if (attribute === undefined) {
      if (!isSettable(mapper, obj, key)) throw unknownKey(mapper, key);
      if (value !== undefined) (obj as Record<string, unknown>)[key] = value;
    } else if (value === undefined) continue;
    else if (isPlain(mapper, attribute) && dict[key] === undefined) {
      // Nobody listens, nothing is validated, and the object is in no session.
      state.committed ??= {};
      state.committed[key] = NO_VALUE;
      dict[key] = value;
      state.modified = true;
    } else attribute.set(state, value);
  }
}

/** Keys beside the mapped ones: setters of the class and its ancestors. */
function isSettable(mapper: Mapper, object: object, key: string): boolean {
  const property = mapper.props.get(key);
  if (property instanceof DescriptorProperty) return property.settable;
  for (
    let prototype = Object.getPrototypeOf(object) as object | null;
    prototype !== null && prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype) as object | null
  ) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, key);
    if (descriptor !== undefined) return descriptor.set !== undefined;
  }
  return false;
}

function unknownKey(mapper: Mapper, key: string): TypeArgumentError {
  return new TypeArgumentError(`'${key}' is an invalid keyword argument for ${mapper.class.name}`, {
    code: "unknown_attribute",
    fix: `its attributes are ${[...mapper.props.keys()].join(", ")}`,
  });
}
