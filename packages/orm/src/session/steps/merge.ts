/** merge(): copies the state of objects onto those of the session with the same primary keys. */
import { InvalidRequestError, type StatementOption, warn } from "@athanor/core";
import type { Step } from "@athanor/driver";
import { StaleDataError } from "../../base/errors.ts";
import { PASSIVE_MERGE } from "../../base/symbols.ts";
import type { CollectionAttribute } from "../../instrument/collection-attribute.ts";
import { members, wholeFor } from "../../persist/relation-values.ts";
import { RelationshipProperty } from "../../relationship/relationship.ts";
import { commitAll, expireKeys } from "../../state/changes.ts";
import { InstanceState } from "../../state/instance-state.ts";
import { attachState, stateOf } from "../../state/registry.ts";
import type { SessionCore } from "../session-core.ts";
import { loadIdentityStep } from "./get.ts";

/** Options of merge(). */
export interface MergeOptions {
  /** False: no SQL; the given objects are taken for what the database has. Default true. */
  readonly load?: boolean | undefined;
  /** Loader options, for what merge() loads. */
  readonly options?: readonly StatementOption[] | undefined;
}

/** One call of merge(): what was merged already. */
interface Merge {
  readonly session: SessionCore;
  readonly load: boolean;
  readonly options: readonly StatementOption[] | undefined;
  readonly merged: Map<InstanceState, InstanceState>;
  readonly byIdentity: Map<string, InstanceState>;
  /** Objects that are being reached by a relationship: its other side must not lead back. */
  readonly reachedBy: Map<InstanceState, Set<RelationshipProperty>>;
}

/** The session's own object with the given one's state. */
export function* mergeStep(session: SessionCore, state: InstanceState, options: MergeOptions = {}): Step<object> {
  const load = options.load ?? true;
  if (load) yield* session.autoflushStep();
  const { autoflush } = session;
  session.autoflush = false;
  try {
    const merge: Merge = {
      session,
      load,
      options: options.options,
      merged: new Map(),
      byIdentity: new Map(),
      reachedBy: new Map(),
    };
    return (yield* mergeOneStep(merge, state)).obj;
  } finally {
    session.autoflush = autoflush;
  }
}

function* mergeOneStep(merge: Merge, state: InstanceState): Step<InstanceState> {
  const known = merge.merged.get(state);
  if (known !== undefined) return known;
  const { session, load } = merge;
  const { mapper } = state;
  const { target, isNew, name } = yield* findTargetStep(merge, state);
  merge.merged.set(state, target);
  if (name !== null) merge.byIdentity.set(name, target);
  if (state !== target) {
    checkVersion(state, target);
    target.loadPath = state.loadPath;
    target.loadOptions = state.loadOptions;
    for (const property of mapper.props.values()) {
      if (property.kind === "column") mergeColumn(merge, property.key, state, target);
      else if (property instanceof RelationshipProperty) yield* mergeRelationshipStep(merge, property, state, target);
    }
  }
  if (!load) {
    commitAll(target);
    session.modified.delete(target);
  }
  if (isNew) target.mapper.dispatch.of("load").fire(target.obj as never, null);
  return target;
}

interface Target {
  readonly target: InstanceState;
  readonly isNew: boolean;
  readonly name: string | null;
}

/** The object of the session that takes over the state: the one that is there, one that is loaded, or a new one. */
function* findTargetStep(merge: Merge, state: InstanceState): Step<Target> {
  const { session, load } = merge;
  const { mapper } = state;
  if (state.identityHash === null) {
    if (session.newStates.has(state))
      warn(
        "Instance is already pending in this Session yet is being merged again; this is probably not what you want to do",
      );
    if (!load) {
      throw new InvalidRequestError(
        "merge() with load=False option does not support objects transient (i.e. unpersisted) objects.  flush() all changes on mapped instances before merging with load=False.",
      );
    }
  }
  const values = state.identity ?? mapper.primaryKeyOf(state);
  const isComplete = values.every((value) => value !== null && value !== undefined);
  const name = isComplete ? `${mapper.baseMapper.class.name} ${String(mapper.identityHashOf(values))}` : null;
  const hash = isComplete ? mapper.identityHashOf(values) : null;
  const present =
    hash === null
      ? undefined
      : (session.identityMap.get(mapper, hash, state.identityToken) ?? merge.byIdentity.get(name as string));
  if (present !== undefined) return { target: present, isNew: false, name };
  if (!load) {
    if (state.modified)
      throw new InvalidRequestError(
        "merge() with load=False option does not support objects marked as 'dirty'.  flush() all changes on mapped instances before merging with load=False.",
      );
    const target = emptyObject(state);
    target.identityHash = state.identityHash;
    target.identityValue = state.identityValue;
    if (state.identityToken !== null) target.identityToken = state.identityToken;
    session.saveOrUpdate(target);
    return { target, isNew: true, name };
  }
  if (isComplete) {
    const loaded = yield* loadIdentityStep(session, mapper, values, {
      options: merge.options,
      identityToken: state.identityToken,
    });
    if (loaded !== null) return { target: stateOf(loaded), isNew: false, name };
  }
  const target = emptyObject(state);
  session.saveOrUpdate(target);
  return { target, isNew: true, name };
}

function emptyObject({ mapper }: InstanceState): InstanceState {
  const object = mapper.newInstance();
  const state = new InstanceState(object, mapper, {});
  attachState(object, state);
  return state;
}

function checkVersion(state: InstanceState, target: InstanceState): void {
  const property = state.mapper.versionIdProperty;
  if (property === null || target.identityHash === null) return;
  const given = state.dict[property.key];
  const present = target.dict[property.key];
  if (given === undefined || present === undefined || given === present) return;
  throw new StaleDataError(
    `Version id '${String(given)}' on merged state ${state} does not match existing version '${String(present)}'. Leave the version attribute unset when merging to update the most recent version.`,
  );
}

function mergeColumn({ load }: Merge, key: string, state: InstanceState, target: InstanceState): void {
  const value = state.dict[key];
  if (value !== undefined) {
    if (load) target.mapper.attribute(key).set(target, value);
    else target.dict[key] = value;
  } else if (target.identityHash !== null && target.dict[key] === undefined) expireKeys(target, [key], true);
}

function* mergeRelationshipStep(
  merge: Merge,
  property: RelationshipProperty,
  state: InstanceState,
  target: InstanceState,
): Step<void> {
  const { load, reachedBy } = merge;
  if (load) for (const other of property.reverse) if (reachedBy.get(state)?.has(other) === true) return;
  const { key } = property;
  const value = state.dict[key];
  if (!property.cascade.merge || value === undefined || property.lazy === "writeOnly" || property.lazy === "dynamic")
    return;
  const attribute = target.mapper.attribute(key);
  // A part of a collection says nothing of what else is in it.
  const isPartial = state.partialKeys?.has(key) === true;
  if (isPartial && load) return;
  wholeFor(target, property, PASSIVE_MERGE);
  // The present members are loaded in one go, so that each is found in the identity map; so is what setting would ask for.
  const asksForOld = attribute.activeHistory || attribute.dispatch.activeHistory;
  if (load && (property.uselist || (asksForOld && !merge.session.loadsImplicitly)))
    yield* attribute.getStep(target, PASSIVE_MERGE);
  if (!property.uselist) {
    const merged = value === null ? null : (yield* mergeRelatedStep(merge, property, value as object)).obj;
    if (load) attribute.set(target, merged);
    else attribute.setCommitted(target, merged);
    return;
  }
  const list: object[] = [];
  for (const member of [...members(value)])
    if (member !== null && member !== undefined)
      list.push((yield* mergeRelatedStep(merge, property, member as object)).obj);
  if (load) attribute.set(target, list, null, PASSIVE_MERGE);
  else if (isPartial) (attribute as CollectionAttribute).setPartial(target, list);
  else attribute.setCommitted(target, list);
}

function mergeRelatedStep(merge: Merge, property: RelationshipProperty, object: object): Step<InstanceState> {
  const state = stateOf(object);
  const known = merge.reachedBy.get(state);
  if (known === undefined) merge.reachedBy.set(state, new Set([property]));
  else known.add(property);
  return mergeOneStep(merge, state);
}
