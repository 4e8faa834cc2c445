/** What sessions show of their objects: sets for reading, whether one has changes. */
import { PASSIVE_NO_INITIALIZE } from "../base/symbols.ts";
import type { InstanceState } from "../state/instance-state.ts";
import type { SessionCore } from "./session-core.ts";

/** Objects waiting to be inserted. */
export function newObjects(session: SessionCore): ReadonlySet<object> {
  return objects(session.newStates);
}

/** Objects with changes, as far as that is known without comparing. */
export function dirtyObjects(session: SessionCore): ReadonlySet<object> {
  return objects(session.dirtyStates().filter((state) => !session.deletedStates.has(state)));
}

/** Objects that the next flush deletes. */
export function deletedObjects(session: SessionCore): ReadonlySet<object> {
  return objects(session.deletedStates);
}

function objects(states: Iterable<InstanceState>): Set<object> {
  const set = new Set<object>();
  for (const state of states) set.add(state.obj);
  return set;
}

/** Whether an object differs from what the database has, by what is known without loading. */
export function isModified(state: InstanceState, includeCollections = true): boolean {
  if (!state.modified && state.pending === null) return false;
  const keys = new Set([...Object.keys(state.committed ?? {}), ...(state.pending?.keys() ?? [])]);
  for (const key of keys) {
    const attribute = state.mapper.attribute(key);
    if (!includeCollections && attribute.kind === "collection") continue;
    if (attribute.history(state, PASSIVE_NO_INITIALIZE).hasChanges()) return true;
  }
  return false;
}

/** Whether an object is in a session, pending or persistent. */
export function contains(session: SessionCore, state: InstanceState): boolean {
  return session.newStates.has(state) || session.identityMap.contains(state);
}
