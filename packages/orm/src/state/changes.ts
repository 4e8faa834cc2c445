/** Noting, forgetting and expiring changes of a state. Attributes call this when they change; loads and flushes when they are done. */
import { NO_VALUE } from "../base/symbols.ts";
import type { InstanceState } from "./instance-state.ts";
import { PendingChanges } from "./pending.ts";

/** Notes that `key` changed; `previous` is its value before, kept for history unless an earlier one is known. */
export function noteChange(state: InstanceState, key: string, previous: unknown): void {
  state.committed ??= {};
  const committed = state.committed;
  if (committed[key] === undefined) committed[key] = previous === undefined ? NO_VALUE : previous;
  if (!state.modified) {
    state.modified = true;
    state.session?.registerModified(state);
  }
}

/** The queued changes of an unloaded collection. */
export function pendingChanges(state: InstanceState, key: string): PendingChanges {
  state.pending ??= new Map();
  const pending = state.pending;
  let changes = pending.get(key);
  if (changes === undefined) {
    changes = new PendingChanges();
    pending.set(key, changes);
  }
  return changes;
}

/** Takes the present values as those of the database: after a flush. The session forgets that the state was modified. */
export function commitAll(state: InstanceState): void {
  state.committed = null;
  state.pending = null;
  const { expiredKeys, dict } = state;
  if (expiredKeys !== null) {
    for (const key of expiredKeys) if (dict[key] !== undefined) expiredKeys.delete(key);
    if (expiredKeys.size === 0) state.expiredKeys = null;
  }
  state.modified = false;
  state.expired = false;
}

/** Takes the present values of some attributes as those of the database. */
export function commitKeys(state: InstanceState, keys: Iterable<string>): void {
  const { committed, expiredKeys, dict } = state;
  for (const key of keys) {
    if (committed !== null && committed[key] !== undefined) delete committed[key];
    if (expiredKeys !== null && dict[key] !== undefined) expiredKeys.delete(key);
  }
  state.expired = false;
}

/** Forgets all values; the next touch loads them again. Callers remove the state from their set of modified ones. */
export function expireAll(state: InstanceState): void {
  const { mapper, dict } = state;
  state.expired = true;
  state.committed = null;
  state.modified = false;
  state.pending = null;
  state.parents = null;
  state.emptyCollections = null;
  state.gaps = null;
  state.expiredKeys ??= new Set<string>();
  const expired = state.expiredKeys;
  for (const key of mapper.expirableKeys) expired.add(key);
  for (const key of mapper.collectionKeys) {
    const collection = dict[key];
    if (collection !== undefined) mapper.attribute(key).invalidate(collection);
  }
  state.dict = {};
  mapper.dispatch.of("expire").fire(state.obj as never, null);
}

/** Forgets some values. `keepDeferred`: columns that are not loaded anyway stay deferred. */
export function expireKeys(state: InstanceState, keys: readonly string[], keepDeferred = false): void {
  const { mapper, dict } = state;
  if (state.gaps !== null) state.gaps = state.gaps.filter((key) => !keys.includes(key));
  for (const key of keys) {
    const old = dict[key];
    if (mapper.isExpirable(key)) {
      if (keepDeferred && old === undefined && mapper.isDeferred(key)) continue;
      state.expiredKeys ??= new Set<string>();
      state.expiredKeys.add(key);
    }
    if (old !== undefined) {
      mapper.attributes.get(key)?.invalidate(old);
      dict[key] = undefined;
    }
    if (state.committed !== null) delete state.committed[key];
    state.pending?.delete(key);
    state.emptyCollections?.delete(key);
  }
  mapper.dispatch.of("expire").fire(state.obj as never, keys);
}
