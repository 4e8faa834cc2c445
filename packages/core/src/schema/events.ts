/** Events of tables, columns, constraints, indexes, sequences and MetaData. They are fired by ./table.ts and ../ddl/plan.ts. */
import {
  type Dispatches,
  EventDispatcher,
  type EventMap,
  type EventName,
  type Listener,
  type ListenerOf,
  type ListenOptions,
  listen as listenTo,
  type NamedArguments,
  type NamedListenOptions,
} from "@athanor/driver";
import type { SchemaClasses } from "./classes.ts";
import type { CheckFirst } from "./ports.ts";

/** What DDL events tell besides the target and the connection. */
export interface DdlEventOptions {
  readonly checkfirst: CheckFirst;
  /** `createAll()` and `dropAll()`: the tables concerned, in order. */
  readonly tables?: readonly SchemaClasses["table"][];
  /** The event is part of `createAll()` or `dropAll()`. */
  readonly isMetadataOperation: boolean;
}

/** The connection that listeners get: the one that executes the statements. */
export interface DdlEventConnection {
  readonly dialect: { readonly name: string };
  execute(statement: never): unknown;
}

/** A column as reflection found it; listeners of `columnReflect` may change it. */
export interface ReflectedColumnInfo {
  name: string;
  key?: string;
  [detail: string]: unknown;
}

/** Events of schema elements. Listeners of the create and drop events may return a promise or a step, which is waited for. */
export type SchemaEventMap<Target> = {
  beforeCreate: (target: Target, connection: DdlEventConnection, options: DdlEventOptions) => unknown;
  afterCreate: (target: Target, connection: DdlEventConnection, options: DdlEventOptions) => unknown;
  beforeDrop: (target: Target, connection: DdlEventConnection, options: DdlEventOptions) => unknown;
  afterDrop: (target: Target, connection: DdlEventConnection, options: DdlEventOptions) => unknown;
  /** The element is about to become part of a table (columns, constraints, indexes) or of a MetaData (tables). */
  beforeParentAttach: (target: Target, parent: object) => unknown;
  afterParentAttach: (target: Target, parent: object) => unknown;
  /** Tables and MetaData: a column was read from the database. */
  columnReflect: (inspector: unknown, table: SchemaClasses["table"], column: ReflectedColumnInfo) => unknown;
};

/** A DDL element that answers an event by being executed: `listen(users, "afterCreate", ddl("…"))`. */
export interface EventDdl {
  /** Executes the element on the connection, if its conditions hold. */
  respond(target: object, connection: DdlEventConnection, options: DdlEventOptions): unknown;
}

const names = [
  "beforeCreate",
  "afterCreate",
  "beforeDrop",
  "afterDrop",
  "beforeParentAttach",
  "afterParentAttach",
  "columnReflect",
] as const;

const functions = new WeakMap<EventDdl, Listener>();

function asFunction(listener: unknown): unknown {
  if (typeof listener === "function") return listener;
  const element = listener as EventDdl;
  let known = functions.get(element);
  if (known === undefined) {
    known = (target: object, connection: DdlEventConnection, options: DdlEventOptions) =>
      element.respond(target, connection, options);
    functions.set(element, known);
  }
  return known;
}

/** The listeners of one schema element, or of a class of them. */
export class SchemaEvents<in out Target> extends EventDispatcher<SchemaEventMap<Target>> {
  constructor(parent: SchemaEvents<Target> | null = null) {
    super(names, parent);
  }

  override listen<Name extends EventName<SchemaEventMap<Target>>>(
    name: Name,
    listener: ListenerOf<SchemaEventMap<Target>, Name>,
    options?: ListenOptions,
  ): void {
    super.listen(name, asFunction(listener) as typeof listener, options);
  }

  override remove<Name extends EventName<SchemaEventMap<Target>>>(
    name: Name,
    listener: ListenerOf<SchemaEventMap<Target>, Name>,
  ): boolean {
    return super.remove(name, asFunction(listener) as typeof listener);
  }
}

/**
 * Calls `listener` whenever the event happens on the target; on a class: on any of its instances. Tables, MetaData and
 * their parts also take a DDL element, which is executed.
 *
 * @example listen(users, "afterCreate", ddl("ALTER TABLE %(table)s ENABLE ROW LEVEL SECURITY").executeIf({ dialect: "postgresql" }));
 */
export function listen<Target>(
  target: { readonly dispatch: SchemaEvents<Target> },
  name: EventName<SchemaEventMap<Target>>,
  element: EventDdl,
  options?: ListenOptions,
): void;
export function listen<Events extends EventMap<Events>, Name extends EventName<Events>>(
  target: Dispatches<Events>,
  name: Name,
  listener: (values: NamedArguments) => unknown,
  options: NamedListenOptions,
): void;
export function listen<Events extends EventMap<Events>, Name extends EventName<Events>>(
  target: Dispatches<Events>,
  name: Name,
  listener: ListenerOf<Events, Name>,
  options?: ListenOptions,
): void;
export function listen(
  target: { readonly dispatch: unknown },
  name: string,
  listener: unknown,
  options?: ListenOptions,
): void {
  listenTo(target as Dispatches<Record<string, Listener>>, name, listener as Listener, options);
}
