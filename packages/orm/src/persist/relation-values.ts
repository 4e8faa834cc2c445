/** Related objects as states: what a relationship holds now, and what became of it. Loads only where told to. */
import type { Step } from "@athanor/driver";
import {
  CALLABLES_OK,
  INCLUDE_PENDING,
  NO_RAISE,
  NO_VALUE,
  NOT_LOADED,
  PASSIVE_NO_INITIALIZE,
  type Passive,
  SQL_OK,
} from "../base/symbols.ts";
import type { History } from "../history/history.ts";
import { CollectionAttribute } from "../instrument/collection-attribute.ts";
import type { RelationshipProperty } from "../relationship/relationship.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { stateOf } from "../state/registry.ts";

/** A history, in states; null stands for "no object" of a scalar relationship. */
export interface StateChanges {
  readonly added: readonly (InstanceState | null)[];
  readonly unchanged: readonly (InstanceState | null)[];
  readonly deleted: readonly (InstanceState | null)[];
}

/** What became of a relationship, as far as it is loaded; null where nothing is known. */
export function changesNow(state: InstanceState, property: RelationshipProperty): StateChanges | null {
  const { key } = property;
  const touched =
    (state.committed !== null && state.committed[key] !== undefined) || (state.pending?.has(key) ?? false);
  if (!touched && state.dict[key] === undefined) return null;
  return inStates(state.mapper.attribute(key).history(state, PASSIVE_NO_INITIALIZE | INCLUDE_PENDING));
}

/** Lets a collection of which a part is loaded go, where the whole may be loaded. */
export function wholeFor(state: InstanceState, { key }: RelationshipProperty, passive: Passive): void {
  if (state.partialKeys === null || (passive & CALLABLES_OK) === 0 || (passive & SQL_OK) === 0) return;
  const attribute = state.mapper.attribute(key);
  if (attribute instanceof CollectionAttribute) attribute.dropPartial(state);
}

/** What became of a relationship, loaded as far as `passive` allows. */
export function* changesStep(
  state: InstanceState,
  property: RelationshipProperty,
  passive: Passive,
): Step<StateChanges | null> {
  wholeFor(state, property, passive);
  return inStates(yield* state.mapper.attribute(property.key).historyStep(state, passive));
}

function inStates(history: History): StateChanges | null {
  if (history.empty()) return null;
  return { added: states(history.added), unchanged: states(history.unchanged), deleted: states(history.deleted) };
}

const none: readonly (InstanceState | null)[] = Object.freeze([]);

function states(values: readonly unknown[]): readonly (InstanceState | null)[] {
  if (values.length === 0) return none;
  const found: (InstanceState | null)[] = [];
  for (const value of values) {
    if (value === NO_VALUE || value === NOT_LOADED) continue;
    found.push(value === null || value === undefined ? null : stateOf(value as object));
  }
  return found;
}

/** The members of a relationship's value: a collection's items, or the one object. */
export function members(value: unknown): Iterable<unknown> {
  if (value === null || value === undefined || value === NO_VALUE || value === NOT_LOADED) return none;
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return value.values();
  if (typeof (value as { [Symbol.iterator]?: unknown })[Symbol.iterator] === "function")
    return value as Iterable<unknown>;
  return [value];
}

/** Related states that are loaded: those of the value, and those that were taken out since the last flush. */
export function statesNow(state: InstanceState, property: RelationshipProperty): InstanceState[] {
  const { key } = property;
  const found: InstanceState[] = [];
  for (const value of members(state.dict[key]))
    if (value !== null && value !== undefined) found.push(stateOf(value as object));
  const before = state.committed === null ? undefined : state.committed[key];
  const isPending = state.pending?.has(key) ?? false;
  const hasNone = before === undefined || before === null || before === NO_VALUE || before === NOT_LOADED;
  if (!isPending && (hasNone || isEmptyList(before))) return found;
  const history = state.mapper.attribute(key).history(state, PASSIVE_NO_INITIALIZE | INCLUDE_PENDING);
  const known = new Set(found);
  for (const list of [history.added, history.unchanged, history.deleted]) {
    for (const other of states(list)) {
      if (other === null || known.has(other)) continue;
      known.add(other);
      found.push(other);
    }
  }
  return found;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** {@link statesNow} of a relationship that is loaded first where `passive` allows. */
export function* statesStep(
  state: InstanceState,
  property: RelationshipProperty,
  passive: Passive,
): Step<InstanceState[]> {
  wholeFor(state, property, passive);
  if (state.dict[property.key] === undefined)
    yield* state.mapper.attribute(property.key).getStep(state, passive | NO_RAISE);
  return statesNow(state, property);
}

/** The members of the present value only. */
export function* currentStatesStep(
  state: InstanceState,
  property: RelationshipProperty,
  passive: Passive,
): Step<InstanceState[]> {
  const attribute = state.mapper.attribute(property.key);
  if (attribute.kind === "dynamic") {
    const { added, unchanged } = yield* attribute.historyStep(state, passive);
    return [...added, ...unchanged].map((member) => stateOf(member as object));
  }
  wholeFor(state, property, passive);
  const value: unknown = state.dict[property.key] ?? (yield* attribute.getStep(state, passive | NO_RAISE));
  const found: InstanceState[] = [];
  for (const member of members(value))
    if (member !== null && member !== undefined) found.push(stateOf(member as object));
  return found;
}

/** The object of a loaded scalar relationship. */
export function currentState(state: InstanceState, property: RelationshipProperty): InstanceState | null {
  const value = state.dict[property.key];
  return value === undefined || value === null ? null : stateOf(value as object);
}

/** Whether an object belongs to a parent by a relationship; persistent ones do unless they were taken away. */
export function hasParent(state: InstanceState, property: RelationshipProperty): boolean {
  const parent = state.parents?.get(property);
  return parent === undefined ? state.identityHash !== null : parent !== false;
}

/** Whether an object is an orphan: a delete-orphan relationship leads to its class, and it has no parent by it. */
export function isOrphan(state: InstanceState): boolean {
  const { mapper } = state;
  let possible = false;
  for (let level: typeof mapper | null = mapper; level !== null; level = level.inherits) {
    for (const { property } of level.deleteOrphans) {
      possible = true;
      const has = hasParent(state, property);
      if (mapper.options.legacyIsOrphan === true) {
        if (has) return false;
      } else if (!has) return true;
    }
  }
  return possible && mapper.options.legacyIsOrphan === true;
}
