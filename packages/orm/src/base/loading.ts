/** What instrumented attributes ask of the loaders. The functions are filled in by ../load; nothing here sends SQL. */
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "./classes.ts";
import type { SessionPort } from "./session-port.ts";
import type { Passive } from "./symbols.ts";

type InstanceState = OrmClasses["state"];
type RelationshipProperty = OrmClasses["relationship"];

/** Loaders by what they load. */
export interface Loaders {
  /**
   * Loads column attributes of one persistent instance and stores them (expired ones and deferred ones alike).
   * Throws ObjectDeletedError when its row is gone.
   */
  columns(session: SessionPort, state: InstanceState, keys: readonly string[], passive: Passive): Step<void>;
  /**
   * Loads a relationship of one instance by its lazy strategy and gives the related object, null, or an array of objects;
   * NOT_LOADED when `passive` forbids what would be needed, NO_VALUE when the instance has nothing to load by. It does not
   * store the value: the caller does.
   */
  relationship(
    session: SessionPort,
    state: InstanceState,
    property: RelationshipProperty,
    passive: Passive,
  ): Step<unknown>;
  /** @throws InvalidRequestError where the relationship's strategy refuses to send SQL (`lazy: "raiseOnSql"`). */
  checkSqlAllowed(state: InstanceState, property: RelationshipProperty, passive: Passive): void;
  /** @throws InvalidRequestError where a column attribute refuses to be loaded (`raiseload`). */
  checkColumnAllowed(state: InstanceState, key: string, passive: Passive): void;
}

/** Filled by ../load/index; see {@link Loaders}. */
export const loaders: Loaders = {
  columns: () => {
    throw new Error("the loaders are not there yet: import @athanor/orm by its entry");
  },
  relationship: () => {
    throw new Error("the loaders are not there yet: import @athanor/orm by its entry");
  },
  checkSqlAllowed: () => {},
  checkColumnAllowed: () => {},
};
