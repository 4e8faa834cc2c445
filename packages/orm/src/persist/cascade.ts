/** Follows relationships by their cascades: which other objects an operation on one object goes on to. */
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";
import { FlushError } from "../base/errors.ts";
import { NO_RAISE, PASSIVE_NO_INITIALIZE, PASSIVE_OFF } from "../base/symbols.ts";
import { mapperMemo } from "../mapping/memo.ts";
import type { Cascade } from "../relationship/cascade.ts";
import type { RelationshipProperty } from "../relationship/relationship.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { stateOf } from "../state/registry.ts";
import { currentStatesStep, members, statesNow } from "./relation-values.ts";

type Mapper = OrmClasses["mapper"];

/** The operations that cascade to whole objects. */
export type CascadeKind = "save-update" | "delete" | "expunge" | "refresh-expire";

const flags: Readonly<Record<CascadeKind, keyof Cascade>> = {
  "save-update": "saveUpdate",
  delete: "delete",
  expunge: "expunge",
  "refresh-expire": "refreshExpire",
};

const followed = mapperMemo<Map<CascadeKind, readonly RelationshipProperty[]>, Mapper>();

/** The relationships of a mapper that an operation follows. */
function relationshipsFor(mapper: Mapper, kind: CascadeKind): readonly RelationshipProperty[] {
  let kinds = followed.get(mapper);
  if (kinds === undefined || !mapper.configured) followed.set(mapper, (kinds = new Map()));
  let list = kinds.get(kind);
  if (list === undefined)
    kinds.set(kind, (list = mapper.relationships.filter((property) => property.cascade[flags[kind]])));
  return list;
}

/** The objects that an operation goes on to, depth first, without the first one; nothing is loaded. `halt` ends a branch. */
export function cascadeNow(
  kind: CascadeKind,
  state: InstanceState,
  halt: ((state: InstanceState) => boolean) | null = null,
): InstanceState[] {
  const found: InstanceState[] = [];
  if (relationshipsFor(state.mapper, kind).length === 0) return found;
  walk(kind, state, halt, new Set([state]), found);
  return found;
}

/** A place in the walk: an object, and how far it has been looked at. */
interface Frame {
  readonly state: InstanceState;
  readonly relationships: readonly RelationshipProperty[];
  property: number;
  items: readonly InstanceState[];
  item: number;
}

function frameOf(kind: CascadeKind, state: InstanceState): Frame {
  return { state, relationships: relationshipsFor(state.mapper, kind), property: 0, items: nothing, item: 0 };
}

const nothing: readonly InstanceState[] = Object.freeze([]);

function walk(
  kind: CascadeKind,
  first: InstanceState,
  halt: ((state: InstanceState) => boolean) | null,
  seen: Set<InstanceState>,
  found: InstanceState[],
): void {
  const stack = [frameOf(kind, first)];
  for (let frame = stack[0]; frame !== undefined; frame = stack[stack.length - 1]) {
    const item = frame.items[frame.item++];
    if (item !== undefined) {
      found.push(item);
      stack.push(frameOf(kind, item));
      continue;
    }
    const property = frame.relationships[frame.property++];
    if (property === undefined) {
      stack.pop();
      continue;
    }
    const { state } = frame;
    frame.item = 0;
    if (state.dict[property.key] === undefined && state.committed === null && state.pending === null)
      frame.items = nothing;
    else
      frame.items = accepted(
        kind,
        property,
        kind === "save-update" ? statesNow(state, property) : loadedStates(state, property),
        halt,
        seen,
      );
  }
}

function loadedStates(state: InstanceState, property: RelationshipProperty): InstanceState[] {
  const found: InstanceState[] = [];
  for (const member of members(state.dict[property.key]))
    if (member !== null && member !== undefined) found.push(stateOf(member as object));
  return found;
}

function accepted(
  kind: CascadeKind,
  property: RelationshipProperty,
  states: readonly InstanceState[],
  halt: ((state: InstanceState) => boolean) | null,
  seen: Set<InstanceState>,
): InstanceState[] {
  const list: InstanceState[] = [];
  const skipPending = kind === "refresh-expire" && !property.cascade.saveUpdate;
  for (const other of states) {
    if (seen.has(other) || halt?.(other) === true || (skipPending && other.identityHash === null)) continue;
    if (property.enableTypechecks && !other.mapper.isa(property.mapper)) {
      throw new FlushError(
        `Attribute '${property.key}' on class '${property.parent.class.name}' doesn't handle objects of type '${other.mapper.class.name}'`,
      );
    }
    seen.add(other);
    list.push(other);
  }
  return list;
}

/** {@link cascadeNow}; `"delete"` loads the related objects that are to be deleted along. */
export function* cascadeStep(kind: CascadeKind, state: InstanceState): Step<InstanceState[]> {
  if (kind !== "delete") return cascadeNow(kind, state);
  const found: InstanceState[] = [];
  yield* walkDeleted(state, new Set([state]), found);
  return found;
}

function* walkDeleted(state: InstanceState, seen: Set<InstanceState>, found: InstanceState[]): Step<void> {
  for (const property of relationshipsFor(state.mapper, "delete")) {
    const passive = property.passiveDeletes !== false ? PASSIVE_NO_INITIALIZE : PASSIVE_OFF | NO_RAISE;
    const states = yield* currentStatesStep(state, property, passive);
    for (const other of accepted("delete", property, states, null, seen)) {
      found.push(other);
      yield* walkDeleted(other, seen, found);
    }
  }
}
