/** `inspect(object)`: what the ORM knows of an object or of a mapped class. */
import { ArgumentError, describe } from "@athanor/core";
import { NO_VALUE } from "../base/symbols.ts";
import { PASSIVE_NO_INITIALIZE, PASSIVE_OFF } from "../base/symbols.ts";
import type { History } from "../history/history.ts";
import { findMapper } from "../mapping/class-map.ts";
import { isMapper, type Mapper } from "../mapping/mapper.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { stateOrNull } from "../state/registry.ts";
import { SessionCore } from "./session-core.ts";

/** One attribute of an inspected object. */
export class AttributeState {
  readonly key: string;
  readonly #state: InstanceState;

  constructor(state: InstanceState, key: string) {
    this.#state = state;
    this.key = key;
  }

  /** The value as it is now; undefined where it is not loaded. */
  get loadedValue(): unknown {
    return this.#state.dict[this.key];
  }

  /** The value, loaded where need be. */
  get value(): unknown {
    return this.#state.mapper.attribute(this.key).get(this.#state, PASSIVE_OFF);
  }

  /** What became of it since the last flush, as far as it is loaded. */
  get history(): History {
    return this.#state.mapper.attribute(this.key).history(this.#state, PASSIVE_NO_INITIALIZE);
  }

  /** {@link history}, of a value that is loaded first where need be. */
  loadHistory(): History {
    return this.#state.mapper.attribute(this.key).history(this.#state, PASSIVE_OFF);
  }
}

/** An object, as `inspect()` shows it. */
export class InstanceInspection {
  readonly #state: InstanceState;

  constructor(state: InstanceState) {
    this.#state = state;
  }

  get object(): object {
    return this.#state.obj;
  }
  get mapper(): Mapper {
    return this.#state.mapper;
  }
  /** Never added, or made transient again. */
  get transient(): boolean {
    return this.#state.transient;
  }
  /** Added, not flushed yet. */
  get pending(): boolean {
    return this.#state.pendingInsert;
  }
  /** In a session, with a row. */
  get persistent(): boolean {
    return this.#state.persistent;
  }
  /** Deleted in a flush; the transaction goes on. */
  get deleted(): boolean {
    return this.#state.wasDeleted;
  }
  /** With a row, in no session. */
  get detached(): boolean {
    return this.#state.detached;
  }
  get wasDeleted(): boolean {
    return this.#state.deleted;
  }
  /** It has changes that were not flushed. */
  get modified(): boolean {
    return this.#state.modified;
  }
  get expired(): boolean {
    return this.#state.expired;
  }
  get hasIdentity(): boolean {
    return this.#state.hasIdentity;
  }
  /** The primary key as it is in the database; null without a row. */
  get identity(): readonly unknown[] | null {
    return this.#state.identity;
  }
  /** The class at the top of the hierarchy, and the primary key. */
  get identityKey(): readonly [object, readonly unknown[], unknown] | null {
    const { identity, mapper, identityToken } = this.#state;
    return identity === null ? null : [mapper.baseMapper.class, identity, identityToken];
  }
  /** The session that it is in. */
  get session(): object | null {
    const { session } = this.#state;
    return session instanceof SessionCore ? session.front : null;
  }
  /** Attributes that have a value here. */
  loadedKeys(): string[] {
    return this.#state.loadedKeys();
  }
  /** Attributes that have none. */
  get unloaded(): ReadonlySet<string> & { sort(): string[]; includes(key: string): boolean } {
    const { dict, mapper } = this.#state;
    return keySet([...mapper.props.values()].filter(({ kind, key }) => (kind === "column" || kind === "relationship") && dict[key] === undefined).map(({ key }) => key));
  }
  /** Attributes that the next touch loads because they expired. */
  get expiredAttributes(): ReadonlySet<string> {
    return new Set(this.#state.expiredKeys ?? []);
  }
  /** The attributes: `inspect(user).attrs.name.history`. */
  get attrs(): Readonly<Record<string, AttributeState>> {
    const state = this.#state;
    const attributes: Record<string, AttributeState> = {};
    for (const property of state.mapper.props.values()) if (property.kind === "column" || property.kind === "relationship") attributes[property.key] = new AttributeState(state, property.key);
    return attributes;
  }
  /** The values before changes, by key; those that there were none of are left out. */
  get committedState(): Readonly<Record<string, unknown>> {
    const committed: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(this.#state.committed ?? {})) if (value !== undefined && value !== NO_VALUE) committed[key] = value;
    return committed;
  }
}

function keySet(keys: readonly string[]): ReadonlySet<string> & { sort(): string[]; includes(key: string): boolean } {
  const set = new Set(keys);
  return Object.assign(set, { sort: () => [...set].sort(), includes: (key: string) => set.has(key) });
}

/**
 * What the ORM knows of a mapped object ({@link InstanceInspection}) or of a mapped class (its mapper).
 *
 * @throws ArgumentError for anything else.
 */
export function inspect<T extends object>(target: T): T extends abstract new (...args: never) => object ? Mapper : InstanceInspection {
  const state = stateOrNull(target);
  const found = state !== null ? new InstanceInspection(state) : isMapper(target) ? target : typeof target === "function" ? findMapper(target) : undefined;
  if (found === undefined) throw new ArgumentError(`No inspection system is available for ${describe(target)}`, { fix: "pass a mapped class, or an object of one" });
  return found as never;
}
