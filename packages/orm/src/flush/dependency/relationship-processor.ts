/** What the processors of all relationships share: change history per flush, orphans, copying keys. Next: ./one-to-many.ts. */
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "../../base/classes.ts";
import { FlushError } from "../../base/errors.ts";
import {
  CALLABLES_OK,
  INCLUDE_PENDING,
  LOAD_AGAINST_COMMITTED,
  NO_RAISE,
  NOT_LOADED,
  PASSIVE_NO_INITIALIZE,
  PASSIVE_OFF,
  type Passive,
} from "../../base/symbols.ts";
import { changesNow, changesStep, type StateChanges, statesNow, statesStep } from "../../persist/relation-values.ts";
import type { RelationshipProperty } from "../../relationship/relationship.ts";
import type { InstanceState } from "../../state/instance-state.ts";
import type { Action, FlushWork, Processor } from "../work.ts";

type Mapper = OrmClasses["mapper"];

/** The actions between which a relationship stands. */
export interface Around {
  readonly parentSaves: Action;
  readonly childSaves: Action;
  readonly parentDeletes: Action;
  readonly childDeletes: Action;
  readonly afterSave: Action;
  readonly beforeDelete: Action;
}

/** The actions around one object and one of its related objects. */
export interface AroundState {
  readonly isDelete: boolean;
  /** The parent's own action: its save, or its deletion. */
  readonly parent: Action;
  /** The processing of the relationship. */
  readonly process: Action;
  /** What happens to the related object; null when it takes no part. */
  readonly child: Action | null;
  readonly childIsDelete: boolean;
}

interface CachedChanges {
  readonly changes: StateChanges | null;
  readonly passive: Passive;
}

/** Base of the processors. */
export abstract class RelationshipProcessor implements Processor {
  readonly property: RelationshipProperty;
  readonly parent: Mapper;
  readonly mapper: Mapper;
  readonly order: string;
  /** How far history goes for objects that are deleted. */
  protected readonly deletePassive: Passive;

  constructor(property: RelationshipProperty) {
    this.property = property;
    this.parent = property.parent;
    this.mapper = property.mapper;
    this.order = `${this.parent.class.name}_${property.key}`;
    this.deletePassive = property.passiveDeletes !== false ? PASSIVE_NO_INITIALIZE : PASSIVE_OFF;
  }

  prepare(work: FlushWork): void {
    work.preprocess(this, true);
  }

  abstract presortStep(work: FlushWork, states: readonly InstanceState[], isDelete: boolean): Step<void>;
  abstract processStep(work: FlushWork, states: readonly InstanceState[], isDelete: boolean): Step<void>;
  protected abstract orderAround(work: FlushWork, around: Around): void;
  protected abstract orderState(work: FlushWork, around: AroundState): void;

  *hasChangesStep(work: FlushWork, states: readonly InstanceState[], isDelete: boolean): Step<boolean> {
    if (states.length === 0) return false;
    const passive =
      !isDelete || this.property.passiveDeletes !== false
        ? PASSIVE_NO_INITIALIZE | INCLUDE_PENDING
        : this.changesPassive;
    for (const state of states) {
      const now = this.historyNow(work, state, passive);
      const changes = now === undefined ? yield* this.history(work, state, passive) : now;
      if (changes !== null && (changes.added.length > 0 || changes.unchanged.length > 0 || changes.deleted.length > 0))
        return true;
    }
    return !this.property.selfReferential && work.hasMapper(this.mapper);
  }

  protected get changesPassive(): Passive {
    return PASSIVE_OFF | INCLUDE_PENDING;
  }

  orderMappers(work: FlushWork): void {
    const parent = this.parent.baseMapper;
    const children = new Set([this.mapper.baseMapper]);
    // Concrete subclasses of the related class are hierarchies of their own.
    for (const { baseMapper } of this.mapper.selfAndDescendants)
      if (work.hasMapper(baseMapper)) children.add(baseMapper);
    for (const child of children)
      this.orderAround(work, {
        afterSave: work.processAll(this, false),
        beforeDelete: work.processAll(this, true),
        parentSaves: work.saveAll(parent),
        childSaves: work.saveAll(child),
        parentDeletes: work.deleteAll(parent),
        childDeletes: work.deleteAll(child),
      });
  }

  *orderStatesStep(work: FlushWork, states: readonly InstanceState[], isDelete: boolean): Step<void> {
    const [parentBase, childBase] = [this.parent.baseMapper, this.mapper.baseMapper];
    work.processAll(this, isDelete).disabled = true;
    const childSaves = work.saveAll(childBase);
    const childDeletes = work.deleteAll(childBase);
    const childInCircle = work.inCircle(childSaves);
    const parentAll = isDelete ? work.deleteAll(parentBase) : work.saveAll(parentBase);
    const parentInCircle = work.inCircle(parentAll);
    for (const state of states) {
      const known = isDelete
        ? yield* statesStep(state, this.property, this.deletePassive)
        : statesNow(state, this.property);
      const { key } = this.property;
      const wasEmptied = state.dict[key] === null && state.committed !== null && state.committed[key] !== undefined;
      const related: readonly (InstanceState | null)[] = wasEmptied ? [...known, null] : known;
      if (related.length === 0) continue;
      const process = work.processOne(this, isDelete, state);
      const parent = !parentInCircle ? parentAll : isDelete ? work.deleteOne(state) : work.saveOne(state);
      if (!childInCircle) {
        this.orderState(work, { isDelete, parent, process, child: childSaves, childIsDelete: false });
        this.orderState(work, { isDelete, parent, process, child: childDeletes, childIsDelete: true });
        continue;
      }
      for (const other of related) {
        const takesPart = other !== null && work.has(other);
        const childIsDelete = takesPart && work.isDeleted(other);
        const child = !takesPart ? null : childIsDelete ? work.deleteOne(other) : work.saveOne(other);
        this.orderState(work, { isDelete, parent, process, child, childIsDelete });
      }
    }
  }

  /** What changed in the relationship of an object; looked up once per flush. */
  protected *history(work: FlushWork, state: InstanceState, passive: Passive): Step<StateChanges | null> {
    const known = this.historyNow(work, state, passive);
    if (known !== undefined) return known;
    const isDeferred = state.committed !== null && state.committed[this.property.key] === NOT_LOADED;
    const changes = yield* changesStep(
      state,
      this.property,
      (isDeferred ? PASSIVE_OFF : passive) | LOAD_AGAINST_COMMITTED | NO_RAISE,
    );
    this.#cacheOf(work).set(state, { changes, passive: isDeferred ? PASSIVE_OFF : passive });
    return changes;
  }

  /**
   * {@link history} where nothing has to be loaded; undefined where something may have to be.
   *
   * @param keeps false where nobody will ask again in this flush.
   */
  protected historyNow(
    work: FlushWork,
    state: InstanceState,
    passive: Passive,
    keeps = true,
  ): StateChanges | null | undefined {
    const { key } = this.property;
    const { committed } = state;
    const loads = (passive & CALLABLES_OK) !== 0;
    const cache = this.#cacheOf(work);
    const known = cache.get(state);
    if (known !== undefined && ((known.passive & CALLABLES_OK) !== 0 || !loads)) return known.changes;
    // What a deferred history lacks is loaded, whatever the flags say: an old one-to-one object.
    if (loads || (committed !== null && committed[key] === NOT_LOADED)) return undefined;
    // Most objects of a flush have nothing here.
    if (state.dict[key] === undefined && state.pending === null && (committed === null || committed[key] === undefined))
      return null;
    const changes = changesNow(state, this.property);
    if (keeps) cache.set(state, { changes, passive });
    return changes;
  }

  /** The histories of one flush. */
  #cacheOf(work: FlushWork): Map<InstanceState, CachedChanges> {
    return work.memo(this, () => new Map<InstanceState, CachedChanges>());
  }

  /** Whether a related object is known to belong to some parent by this relationship. */
  protected hasParent(state: InstanceState): boolean {
    return (state.parents?.get(this.property) ?? false) !== false;
  }

  /** Whether the keys that related rows refer to have changed. */
  protected keysChanged(state: InstanceState): boolean {
    for (const [from] of this.property.synchronizePairs) {
      const key = this.parent.keyOf(from);
      if (
        key !== null &&
        state.committed !== null &&
        key in state.committed &&
        state.identityHash !== null &&
        state.committed[key] !== state.dict[key]
      )
        return true;
    }
    return false;
  }

  /** @throws FlushError for a related object of a class that the relationship does not take. */
  protected checkClass(state: InstanceState | null): void {
    if (
      state === null ||
      state.mapper.isa(this.mapper) ||
      (!this.property.enableTypechecks && state.mapper.commonParent(this.mapper))
    )
      return;
    throw new FlushError(
      `Attempting to flush child of type ${state} on collection '${this.property}'. Expected an object of type ${this.mapper.class.name} or a polymorphic subclass of this type.`,
    );
  }
}
