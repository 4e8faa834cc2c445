/** Events of mapped classes: `listen(User, "beforeInsert", …)`. Those of attributes are in ../instrument/events.ts. */

import type { Connection } from "@athanor/core";
import { EventDispatcher, type ListenerResult } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";

type Mapper = OrmClasses["mapper"];

/** Events of a mapped class and of its instances. Listeners of flush events may return a step or a promise. */
export interface MapperEvents<out E = never> {
  /** A new object is being made by its constructor; `init` is what the constructor was given. */
  init(target: E, args: readonly unknown[], init: never): void;
  /** The constructor threw. */
  initFailure(target: E, args: readonly unknown[], init: never): void;
  /** An object was made from a row. */
  load(target: E, context: unknown): void;
  /** Attributes of an object were loaded again; `keys` is null for all. */
  refresh(target: E, context: unknown, keys: readonly string[] | null): void;
  /** Attributes came back from a flush (defaults made by the database). */
  refreshFlush(target: E, context: unknown, keys: readonly string[] | null): void;
  /** Attributes were expired; `keys` is null for all. */
  expire(target: E, keys: readonly string[] | null): void;
  /** Before the INSERT of an object's row: its column values may be changed, nothing else of the session. */
  beforeInsert(mapper: Mapper, connection: Connection, target: E): ListenerResult;
  /** After the INSERT of an object's row. */
  afterInsert(mapper: Mapper, connection: Connection, target: E): ListenerResult;
  /** Before an object is updated, where it has changes, be they of columns or not. */
  beforeUpdate(mapper: Mapper, connection: Connection, target: E): ListenerResult;
  /** After an object was updated, or would have been. */
  afterUpdate(mapper: Mapper, connection: Connection, target: E): ListenerResult;
  /** Before the DELETE of an object's row. */
  beforeDelete(mapper: Mapper, connection: Connection, target: E): ListenerResult;
  /** After the DELETE of an object's row. */
  afterDelete(mapper: Mapper, connection: Connection, target: E): ListenerResult;
  /** The mapper was set up by its constructor; relationships are not there yet. */
  afterMapperConstructed(mapper: Mapper, mappedClass: object): void;
  /** Mappers are about to be configured. On `Mapper`, a registry or a base. */
  beforeConfigured(): void;
  /** Mappers were configured. On `Mapper`, a registry or a base. */
  afterConfigured(): void;
  /** A mapper is about to be set up. */
  beforeMapperConfigured(mapper: Mapper, mappedClass: object): void;
  /** A mapper was set up; others may not be yet. */
  mapperConfigured(mapper: Mapper, mappedClass: object): void;
}

/** Dispatcher of {@link MapperEvents}. */
export type MapperDispatcher<E = never> = EventDispatcher<MapperEvents<E>>;

const names: readonly (keyof MapperEvents)[] = [
  "init",
  "initFailure",
  "load",
  "refresh",
  "refreshFlush",
  "expire",
  "beforeInsert",
  "afterInsert",
  "beforeUpdate",
  "afterUpdate",
  "beforeDelete",
  "afterDelete",
  "afterMapperConstructed",
  "beforeConfigured",
  "afterConfigured",
  "beforeMapperConfigured",
  "mapperConfigured",
];

/** Listens to all mappers. */
export const allMappers: MapperDispatcher = new EventDispatcher<MapperEvents>(names);

/** The dispatcher of a declarative base: its mappers hear what is registered there with `propagate`. */
export function baseDispatch(): MapperDispatcher {
  return allMappers.child();
}

/** The dispatcher of a mapper; from its parent's, or its base's, listeners come that were registered with `propagate`. */
export function mapperDispatch(parent: MapperDispatcher): MapperDispatcher {
  return parent.child({ onlyPropagated: true });
}
