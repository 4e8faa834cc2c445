/** One-to-many: the related rows hold the key. */
import type { Step } from "@athanor/driver";
import { INCLUDE_PENDING, PASSIVE_NO_INITIALIZE, PASSIVE_OFF } from "../../base/symbols.ts";
import { cascadeStep } from "../../persist/cascade.ts";
import { clearKeys, copyKeys, copyKeysStep } from "../../persist/key-sync.ts";
import type { InstanceState } from "../../state/instance-state.ts";
import type { FlushWork, Registration } from "../work.ts";
import { type Around, type AroundState, RelationshipProcessor } from "./relationship-processor.ts";

export class OneToManyProcessor extends RelationshipProcessor {
  protected orderAround(work: FlushWork, a: Around): void {
    if (this.property.postUpdate) {
      const postUpdates = work.postUpdateAll(this.mapper.baseMapper, false);
      const preUpdates = work.postUpdateAll(this.mapper.baseMapper, true);
      work.before(a.childSaves, a.afterSave);
      work.before(a.parentSaves, a.afterSave);
      work.before(a.afterSave, postUpdates);
      work.before(a.beforeDelete, preUpdates);
      work.before(preUpdates, a.parentDeletes);
      work.before(preUpdates, a.childDeletes);
      return;
    }
    work.before(a.parentSaves, a.afterSave);
    work.before(a.afterSave, a.childSaves);
    work.before(a.afterSave, a.childDeletes);
    work.before(a.childSaves, a.parentDeletes);
    work.before(a.childDeletes, a.parentDeletes);
    work.before(a.beforeDelete, a.childSaves);
    work.before(a.beforeDelete, a.childDeletes);
  }

  protected orderState(work: FlushWork, { isDelete, parent, process, child }: AroundState): void {
    if (this.property.postUpdate) {
      const updates = work.postUpdateAll(this.mapper.baseMapper, isDelete);
      if (isDelete) {
        work.before(process, updates);
        work.before(updates, parent);
        return;
      }
      work.before(parent, process);
      if (child !== null) work.before(child, process);
      work.before(process, updates);
      return;
    }
    if (isDelete) {
      if (child !== null) {
        work.before(process, child);
        work.before(child, parent);
      } else work.before(process, parent);
      return;
    }
    work.before(parent, process);
    if (child !== null) {
      work.before(process, child);
      work.before(parent, child);
    }
  }

  *presortStep(work: FlushWork, states: readonly InstanceState[], isDelete: boolean): Step<void> {
    if (isDelete) yield* this.#presortDeletes(work, states);
    else yield* this.#presortSaves(work, states);
  }

  /** Related rows that are taken out, and stay, lose their reference. */
  get #nullsRemoved(): boolean {
    return !this.property.cascade.deleteOrphan && this.property.passiveDeletes !== "all";
  }

  *#presortDeletes(work: FlushWork, states: readonly InstanceState[]): Step<void> {
    const { cascade } = this.property;
    for (const state of states) {
      const changes = yield* this.history(work, state, this.deletePassive);
      if (changes === null) continue;
      for (const child of changes.deleted) {
        if (child !== null && !this.hasParent(child)) work.register(child, { isDelete: cascade.deleteOrphan });
      }
      if (!cascade.delete && this.property.passiveDeletes !== "all")
        for (const child of changes.unchanged)
          if (child !== null) work.register(child, { operation: "delete", property: this.property });
    }
  }

  *#presortSaves(work: FlushWork, states: readonly InstanceState[]): Step<void> {
    const { property } = this;
    const added = this.#added(work);
    for (const state of states) {
      const keysChanged = this.keysChanged(state);
      const passive = (keysChanged && !property.passiveUpdates ? PASSIVE_OFF : PASSIVE_NO_INITIALIZE) | INCLUDE_PENDING;
      const now = this.historyNow(work, state, passive);
      const changes = now === undefined ? yield* this.history(work, state, passive) : now;
      if (changes === null) continue;
      this.#registerAdded(work, changes.added, added);
      for (const child of changes.deleted) {
        if (child === null) continue;
        if (!property.cascade.deleteOrphan) {
          if (this.#nullsRemoved) work.register(child, { operation: "delete", property });
        } else if (!this.hasParent(child)) {
          work.register(child, { isDelete: true, operation: "delete", property });
          for (const related of yield* cascadeStep("delete", child)) work.register(related, { isDelete: true });
        }
      }
      if (keysChanged) {
        for (const child of changes.unchanged)
          if (child !== null)
            work.register(child, { listOnly: property.passiveUpdates, operation: "pk change", property });
      }
    }
  }

  #registerAdded(work: FlushWork, children: readonly (InstanceState | null)[], added: Set<InstanceState>): void {
    const registration: Registration = { cancelDelete: true, operation: "add", property: this.property };
    for (const child of children) {
      if (child === null) continue;
      work.register(child, registration);
      added.add(child);
    }
  }

  #added(work: FlushWork): Set<InstanceState> {
    return work.memo(`added ${this.order}`, () => new Set<InstanceState>());
  }

  *processStep(work: FlushWork, states: readonly InstanceState[], isDelete: boolean): Step<void> {
    if (isDelete) yield* this.#processDeletes(work, states);
    else yield* this.#processSaves(work, states);
  }

  /** The parent goes: related rows that stay must not refer to it any more. */
  *#processDeletes(work: FlushWork, states: readonly InstanceState[]): Step<void> {
    const { property } = this;
    if (!property.postUpdate && property.passiveDeletes === "all") return;
    const added = this.#added(work);
    for (const state of states) {
      const changes = yield* this.history(work, state, this.deletePassive);
      if (changes === null) continue;
      for (const child of changes.deleted) {
        if (child === null || this.hasParent(child)) continue;
        this.#clear(work, child);
        if (property.postUpdate) this.#postUpdate(work, child);
      }
      if (!property.postUpdate && property.cascade.delete) continue;
      for (const child of changes.unchanged) {
        if (child === null || added.has(child)) continue;
        this.#clear(work, child);
        if (property.postUpdate) this.#postUpdate(work, child);
      }
    }
  }

  *#processSaves(work: FlushWork, states: readonly InstanceState[]): Step<void> {
    const { property } = this;
    const nullsRemoved = this.#nullsRemoved;
    for (const state of states) {
      const now = this.historyNow(work, state, PASSIVE_NO_INITIALIZE);
      const changes = now === undefined ? yield* this.history(work, state, PASSIVE_NO_INITIALIZE) : now;
      if (changes === null) continue;
      for (let index = 0; index < changes.added.length; index++) {
        index = this.#copyAll(work, state, changes.added, index);
        const child = changes.added[index];
        if (child === undefined || child === null) break;
        yield* this.#copy(work, state, child, false);
        if (property.postUpdate) this.#postUpdate(work, child);
      }
      if (nullsRemoved)
        for (const child of changes.deleted) if (child !== null && !this.hasParent(child)) this.#clear(work, child);
      if (this.keysChanged(state))
        for (const child of changes.unchanged) if (child !== null) yield* this.#copy(work, state, child, true);
    }
  }

  /** Copies keys to the objects from `start` on; gives the place of the first one for which something has to be loaded. */
  #copyAll(work: FlushWork, state: InstanceState, children: readonly (InstanceState | null)[], start: number): number {
    let index = start;
    for (; index < children.length; index++) {
      const child = children[index] as InstanceState | null;
      if (child === null) continue;
      if (!this.#copyNow(work, state, child)) break;
      if (this.property.postUpdate) this.#postUpdate(work, child);
    }
    return index;
  }

  /** Copies the keys where that takes no loading; false where it does. */
  #copyNow(work: FlushWork, state: InstanceState, child: InstanceState): boolean {
    const { property } = this;
    this.checkClass(child);
    if (!property.postUpdate && work.isDeleted(child)) return true;
    return copyKeys(state, this.parent, child, child.mapper, property.synchronizePairs, null);
  }

  *#copy(work: FlushWork, state: InstanceState, child: InstanceState, keysChanged: boolean): Step<void> {
    this.checkClass(child);
    const { property } = this;
    if (!property.postUpdate && work.isDeleted(child)) return;
    yield* copyKeysStep(
      state,
      this.parent,
      child,
      child.mapper,
      property.synchronizePairs,
      property.passiveUpdates && keysChanged ? work : null,
    );
  }

  #clear(work: FlushWork, child: InstanceState): void {
    this.checkClass(child);
    if (!this.property.postUpdate && work.isDeleted(child)) return;
    clearKeys(child, child.mapper, this.property.synchronizePairs);
  }

  #postUpdate(work: FlushWork, child: InstanceState): void {
    work.postUpdate(
      child,
      this.property.synchronizePairs.map(([, to]) => to),
    );
  }
}
