/** Moving objects between states by hand, and finding the session of one. */
import { InvalidRequestError } from "@athanor/core";
import { keyValues } from "../load/by-key.ts";
import { mapperOf } from "../mapping/class-map.ts";
import type { MappedClass, Mapper } from "../mapping/mapper.ts";
import { commitAll, expireKeys } from "../state/changes.ts";
import { SessionCore } from "./session-core.ts";
import { stateFor } from "./states.ts";

/**
 * Makes an object transient again: it leaves its session and forgets that it had a row. Added again, it is inserted anew.
 */
export function makeTransient(instance: object): void {
  const state = stateFor(instance);
  if (state.session instanceof SessionCore) state.session.expungeStates([state]);
  state.expiredKeys = null;
  state.expired = false;
  state.loaders = null;
  state.loadPath = null;
  state.identityHash = null;
  state.identityValue = null;
  state.deleted = false;
}

/**
 * Makes a transient object detached, as if it had been loaded: its primary key is its identity, other values are loaded on
 * access once it is in a session.
 *
 * @throws InvalidRequestError for objects that are in a session or have an identity.
 */
export function makeTransientToDetached(instance: object): void {
  const state = stateFor(instance);
  if (state.session !== null || state.identityHash !== null)
    throw new InvalidRequestError("Given object must be transient");
  const { mapper } = state;
  mapper.setIdentity(state);
  state.deleted = false;
  commitAll(state);
  const unloaded: string[] = [];
  for (const key of mapper.props.keys()) if (state.dict[key] === undefined) unloaded.push(key);
  expireKeys(state, unloaded);
}

/** The session that an object is in, as the program holds it; null for none. */
export function objectSession(instance: object): object | null {
  const { session } = stateFor(instance);
  return session instanceof SessionCore ? session.front : null;
}

/** Whether an object's row was deleted in a flush. */
export function wasDeleted(instance: object): boolean {
  return stateFor(instance).deleted;
}

/** SQLAlchemy's identity key: the base class, the primary key, and a token where there are several databases. */
export type IdentityTuple = readonly [
  type: abstract new (...args: never) => object,
  identity: readonly unknown[],
  token: unknown,
];

/**
 * The key under which a session knows an object: of a class and a primary key, or of an object.
 *
 * @example identityKey(User, 5); identityKey({ instance: user })
 * @throws InvalidRequestError for values that do not fit the primary key.
 */
export function identityKey(
  entity: MappedClass,
  ident: unknown,
  options?: { readonly identityToken?: unknown },
): IdentityTuple;
export function identityKey(options: { readonly instance: object }): IdentityTuple;
export function identityKey(
  first: MappedClass | { readonly instance: object },
  ident?: unknown,
  options: { readonly identityToken?: unknown } = {},
): IdentityTuple {
  if (typeof first === "function") {
    const mapper = mapperOf(first);
    return [mapper.baseMapper.class, keyValues(mapper, ident), options.identityToken ?? null];
  }
  const state = stateFor(first.instance);
  const { mapper, identity, identityToken } = state;
  return [mapper.baseMapper.class, identity ?? mapper.primaryKeyOf(state), identityToken ?? null];
}

/** The mapper of a mapped class. @throws UnmappedClassError */
export function classMapper(type: MappedClass): Mapper {
  const mapper = mapperOf(type);
  mapper.configure();
  return mapper;
}

/** The mapper of an object's class. @throws UnmappedInstanceError */
export function objectMapper(instance: object): Mapper {
  return stateFor(instance).mapper;
}
