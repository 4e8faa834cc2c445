/** Installs the getters and setters of a mapped class on its prototype. Reading a loaded value is a few property loads. */
import { codegenAllowed } from "@athanor/core";
import type { InstanceState } from "../state/instance-state.ts";
import { stateOrNull } from "../state/registry.ts";

/** What a getter does when there is no value yet. */
function readMissing(state: InstanceState, key: string): unknown {
  return state.mapper.attribute(key).get(state);
}

/** Gives an object a state when it is first written to: for classes whose constructor knows nothing of the ORM. */
export type Adopt = (object: object) => void;

/** What a setter does. */
function writer(adopt: Adopt | null): (object: object, key: string, value: unknown) => void {
  return (object, key, value) => {
    let state = stateOrNull(object);
    if (state === null && adopt !== null) {
      adopt(object);
      state = stateOrNull(object);
    }
    if (state === null)
      throw new TypeError(`cannot set ${key}: this is not an object that the constructor of its class made`);
    const attribute = state.mapper.attributes.get(key) ?? state.mapper.attribute(key);
    attribute.set(state, value);
  };
}

/**
 * Installs accessors for attribute keys. Code is made for each class where the platform allows it, so that every attribute
 * has a monomorphic access of its own.
 */
export function installAccessors(prototype: object, keys: readonly string[], adopt: Adopt | null = null): void {
  if (keys.length === 0) return;
  const write = writer(adopt);
  const holder = codegenAllowed() ? compiledAccessors(keys, write) : plainAccessors(keys, write);
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
    Object.defineProperty(prototype, key, { ...descriptor, enumerable: true, configurable: true });
  }
}

type Write = ReturnType<typeof writer>;

function compiledAccessors(keys: readonly string[], write: Write): object {
  const members = keys.map((key) => {
    const name = JSON.stringify(key);
    return `get ${name}(){const s=stateOrNull(this);if(s===null)return undefined;const v=s.dict[${name}];return v!==undefined?v:readMissing(s,${name});},set ${name}(v){write(this,${name},v);}`;
  });
  return new Function("stateOrNull", "readMissing", "write", `"use strict";return{${members.join(",")}};`)(
    stateOrNull,
    readMissing,
    write,
  ) as object;
}

function plainAccessors(keys: readonly string[], write: Write): object {
  const holder = {};
  for (const key of keys) {
    Object.defineProperty(holder, key, {
      enumerable: true,
      configurable: true,
      get(this: object): unknown {
        const state = stateOrNull(this);
        if (state === null) return undefined;
        const value = state.dict[key];
        return value !== undefined ? value : readMissing(state, key);
      },
      set(this: object, value: unknown) {
        write(this, key, value);
      },
    });
  }
  return holder;
}

/** What reading an attribute gives instead of the stored value. */
export type View = (state: InstanceState, key: string, value: unknown) => unknown;

/** Lets an attribute that has accessors show its value through a view. */
export function installView(prototype: object, key: string, view: View): void {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, key) as PropertyDescriptor;
  const read = descriptor.get as (this: object) => unknown;
  Object.defineProperty(prototype, key, {
    ...descriptor,
    get(this: object): unknown {
      const value = read.call(this);
      const state = stateOrNull(this);
      return state === null ? value : view(state, key, value);
    },
  });
}
