/** `inspect()`: the mapper behind a class, the state behind an object. */

import {
  type Column,
  Connection,
  Engine,
  type Inspector,
  InvalidRequestError,
  inspect as inspectDatabase,
  resolveNode,
} from "@athanor/core";
import { nameErrors } from "@athanor/driver";
import type { Entity } from "../base/entity.ts";
import { EntityNode } from "../base/entity-node.ts";
import type { MapperProperty } from "../base/property.ts";
import { INIT_OK, NO_VALUE, PASSIVE_NO_INITIALIZE, PASSIVE_OFF, type Passive } from "../base/symbols.ts";
import { type History, type HistoryItem, history, none } from "../history/history.ts";
import type { IdentityKey } from "../identity/key.ts";
import { findMapper, nearestMapped } from "../mapping/class-map.ts";
import type { ColumnProperty } from "../mapping/column-property.ts";
import { CompositeProperty } from "../mapping/composite.ts";
import { isMapper, type Mapper } from "../mapping/mapper.ts";
import { SynonymProperty } from "../mapping/synonym.ts";
import type { RelationshipProperty } from "../relationship/relationship.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { stateOrNull } from "../state/registry.ts";

/** A class whose attributes the types know. */
type InspectedClass<A extends object> = (abstract new (...args: never) => object) & { readonly $: A };

type PropertiesOf<A extends object, P extends MapperProperty> = {
  readonly [K in keyof A as A[K] extends { readonly property: P } ? K : never]: P;
};

/** A mapper, with the properties of a class with the attributes `A` by their names. */
export type InspectedMapper<A extends object> = Mapper & {
  readonly attrs: { readonly [K in keyof A]: MapperProperty };
  readonly columnAttrs: PropertiesOf<A, ColumnProperty>;
  readonly columns: { readonly [K in keyof PropertiesOf<A, ColumnProperty>]: Column };
  readonly c: { readonly [K in keyof PropertiesOf<A, ColumnProperty>]: Column };
  readonly relationships: PropertiesOf<A, RelationshipProperty>;
};

/** Nothing is known about a thing. */
export class NoInspectionAvailable extends InvalidRequestError {}

nameErrors({ NoInspectionAvailable });

/** The attributes of an object, for {@link InstanceInspection.attrs}. */
export type AttributeStates<E> = { readonly [K in keyof E & string]: AttributeState<E[K]> } & Readonly<
  Record<string, AttributeState>
>;

/** One attribute of an object. */
export class AttributeState<out T = unknown> {
  readonly #state: InstanceState;
  /** The attribute's name. */
  readonly key: string;

  constructor(state: InstanceState, key: string) {
    this.#state = state;
    this.key = key;
  }

  /** The value if it is loaded, `NO_VALUE` otherwise. Never loads. */
  get loadedValue(): T | typeof NO_VALUE {
    const value = this.#state.dict[this.key];
    return value === undefined ? NO_VALUE : (value as T);
  }

  /** The value, loaded if need be. */
  get value(): T {
    return (this.#state.obj as Record<string, unknown>)[this.key] as T;
  }

  /** What became of the attribute since the last flush. Never loads. */
  get history(): History<HistoryItem<T>> {
    return historyOf(this.#state, this.key, PASSIVE_NO_INITIALIZE) as History<HistoryItem<T>>;
  }

  /** The same, with the old value loaded if need be. */
  loadHistory(): History<HistoryItem<T>> {
    return historyOf(this.#state, this.key, PASSIVE_OFF ^ INIT_OK) as History<HistoryItem<T>>;
  }
}

/** A history; that of a composite is made of its columns', that of a synonym is its target's. */
function historyOf(state: InstanceState, key: string, passive: Passive): History {
  const property = state.mapper.props.get(key);
  if (property instanceof SynonymProperty) return historyOf(state, property.target, passive);
  if (!(property instanceof CompositeProperty)) return state.mapper.attribute(key).history(state, passive);
  const parts = property.keys.map((each) => historyOf(state, each, passive));
  const now = property.make(parts.map((part) => part.nonDeleted()[0] ?? null));
  if (!parts.some((part) => part.hasChanges())) return history(none, [now], none);
  return history([now], none, [property.make(parts.map((part) => part.deleted[0] ?? null))]);
}

/** What the ORM knows of one object. A view: it changes with the object. */
export class InstanceInspection<out E extends object = object> {
  readonly #state: InstanceState;

  constructor(state: InstanceState) {
    this.#state = state;
  }

  /** The mapper of the object's class. */
  get mapper(): Mapper {
    return this.#state.mapper;
  }
  /** The object. */
  get object(): E {
    return this.#state.obj as E;
  }
  /** {@link object}, as a call. */
  obj(): E {
    return this.#state.obj as E;
  }
  /** The session that the object is in, or null. */
  get session(): object | null {
    return this.#state.session?.front ?? null;
  }
  /** In no session, without a row. */
  get transient(): boolean {
    return this.#state.transient;
  }
  /** Added to a session, not flushed yet. */
  get pending(): boolean {
    return this.#state.pendingInsert;
  }
  /** In a session, with a row. */
  get persistent(): boolean {
    return this.#state.persistent;
  }
  /** Deleted in a flush, while the transaction goes on. */
  get deleted(): boolean {
    return this.#state.wasDeleted;
  }
  /** Its row was deleted, in this transaction or in one that was committed. */
  get wasDeleted(): boolean {
    return this.#state.deleted;
  }
  /** With a row, in no session. */
  get detached(): boolean {
    return this.#state.detached;
  }
  /** It has a primary key that a row has, or had. */
  get hasIdentity(): boolean {
    return this.#state.hasIdentity;
  }
  /** The primary key, in the order of its columns; null without a row. */
  get identity(): readonly unknown[] | null {
    return this.#state.identity;
  }
  /** Class and primary key; null without a row. */
  get key(): IdentityKey | null {
    const { identity, mapper, identityToken } = this.#state;
    return identity === null
      ? null
      : { class: mapper.baseMapper.class, mapper: mapper.baseMapper, identity, token: identityToken };
  }
  /** {@link key} as SQLAlchemy's tuple: base class, primary key, token; null without a row. */
  get identityKey():
    | readonly [type: abstract new (...args: never) => object, identity: readonly unknown[], token: unknown]
    | null {
    const { key } = this;
    return key === null ? null : [key.class, key.identity, key.token ?? null];
  }
  /** Which of several databases it comes from; null where there is one. */
  get identityToken(): unknown {
    return this.#state.identityToken ?? null;
  }
  /** Values of changed attributes as they were after the last flush or load; NO_VALUE where none was known. */
  get committedState(): Readonly<Record<string, unknown>> {
    const { committed } = this.#state;
    return Object.fromEntries(Object.entries(committed ?? {}).filter(([, value]) => value !== undefined));
  }
  /** The loaded values by attribute key: a copy. */
  get dict(): Readonly<Record<string, unknown>> {
    const { dict } = this.#state;
    return Object.fromEntries(this.loadedKeys().map((key) => [key, dict[key]]));
  }
  /** Keys of attributes without changes. */
  get unmodified(): readonly string[] {
    const { committed, mapper } = this.#state;
    mapper.configure();
    return [...mapper.attributes.keys()].filter((key) => committed?.[key] === undefined);
  }
  /** It has changes that were not flushed. */
  get modified(): boolean {
    return this.#state.modified;
  }
  /** Everything was expired, and nothing was loaded since. */
  get expired(): boolean {
    return this.#state.expired;
  }
  /** Attributes that were expired, and are loaded when they are touched. */
  get expiredAttributes(): readonly string[] {
    const { expiredKeys, expired } = this.#state;
    return expired ? this.unloaded : [...(expiredKeys ?? [])];
  }
  /** Keys of attributes without a loaded value. */
  get unloaded(): readonly string[] {
    const { mapper } = this.#state;
    mapper.configure();
    return [...mapper.attributes.keys()].filter((key) => !this.#state.isLoaded(key));
  }
  /** Keys of attributes that have a value. */
  loadedKeys(): string[] {
    return this.#state.loadedKeys();
  }
  /** The attributes by key: `inspect(user).attrs.name.history`. */
  get attrs(): AttributeStates<E> {
    const { mapper } = this.#state;
    mapper.configure();
    const attributes: Record<string, AttributeState> = {};
    for (const [key, property] of mapper.props)
      if (mapper.attributes.has(key) || property instanceof CompositeProperty || property instanceof SynonymProperty)
        attributes[key] = new AttributeState(this.#state, key);
    return attributes as AttributeStates<E>;
  }
  /** `User(1)`, for messages. */
  toString(): string {
    return this.#state.toString();
  }
}

/** The inspector of a database, as `inspect()` of `@athanor/core` gives it. */
export function inspect(value: Engine | Connection): Inspector;
/** The mapper of a mapped class; its lists know the class's attributes. @throws NoInspectionAvailable */
export function inspect<A extends object>(value: InspectedClass<A>): InspectedMapper<A>;
/** The mapper of another class. @throws NoInspectionAvailable */
export function inspect(value: abstract new (...args: never) => object): Mapper;
/** The entity of an alias. */
export function inspect(value: { readonly "~entity": unknown; readonly "~clause": true }): Entity;
/** The state of a mapped object. @throws NoInspectionAvailable */
export function inspect<E extends object>(value: E): InstanceInspection<E>;
/** With `raiseErr: false`: null where nothing is known. */
export function inspect(value: unknown, options: { readonly raiseErr: boolean }): unknown;
export function inspect(
  value: unknown,
  options: { readonly raiseErr?: boolean; readonly raiseerr?: boolean } = {},
): unknown {
  if (isMapper(value)) return value;
  if (value instanceof Engine || value instanceof Connection) return inspectDatabase(value);
  const state = stateOrNull(value);
  if (state !== null) return new InstanceInspection(state);
  const mapper = findMapper(value) ?? nearestMapped(value);
  if (mapper !== undefined) {
    mapper.configure();
    return mapper;
  }
  const node = value === null || value === undefined ? undefined : resolveNode(value);
  if (node instanceof EntityNode) return node.entity;
  if ((options.raiseErr ?? options.raiseerr) === false) return null;
  throw new NoInspectionAvailable(
    `No inspection system is available for object of type ${typeof value === "function" ? `class '${value.name}'` : typeof value}`,
    {
      fix: "inspect() takes a mapped class, an alias of one, an object of one, an Engine or a Connection",
    },
  );
}
