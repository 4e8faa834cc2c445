/** Many-to-one: this row holds the key. */
import { warn } from "@athanor/core";
import type { Step } from "@athanor/driver";
import {
  INCLUDE_PENDING,
  NO_VALUE,
  PASSIVE_NO_FETCH_RELATED,
  PASSIVE_NO_INITIALIZE,
  type Passive,
} from "../../base/symbols.ts";
import { cascadeStep } from "../../persist/cascade.ts";
import { clearKeys, copyKeys, copyKeysStep } from "../../persist/key-sync.ts";
import type { InstanceState } from "../../state/instance-state.ts";
import { stateOf } from "../../state/registry.ts";
import type { FlushWork, Registration } from "../work.ts";
import { type Around, type AroundState, RelationshipProcessor } from "./relationship-processor.ts";

export class ManyToOneProcessor extends RelationshipProcessor {
  protected override get changesPassive(): Passive {
    return PASSIVE_NO_FETCH_RELATED | INCLUDE_PENDING;
  }

  protected orderAround(work: FlushWork, a: Around): void {
    if (this.property.postUpdate) {
      const postUpdates = work.postUpdateAll(this.parent.baseMapper, false);
      const preUpdates = work.postUpdateAll(this.parent.baseMapper, true);
      work.before(a.childSaves, a.afterSave);
      work.before(a.parentSaves, a.afterSave);
      work.before(a.afterSave, postUpdates);
      work.before(a.afterSave, preUpdates);
      work.before(a.beforeDelete, preUpdates);
      work.before(preUpdates, a.childDeletes);
      work.before(preUpdates, a.parentDeletes);
      return;
    }
    work.before(a.childSaves, a.afterSave);
    work.before(a.afterSave, a.parentSaves);
    work.before(a.parentSaves, a.childDeletes);
    work.before(a.parentDeletes, a.childDeletes);
  }

  protected orderState(work: FlushWork, { isDelete, parent, process, child, childIsDelete }: AroundState): void {
    if (this.property.postUpdate) {
      const updates = work.postUpdateAll(this.parent.baseMapper, isDelete);
      if (isDelete) {
        work.before(process, updates);
        work.before(updates, parent);
        if (child !== null) work.before(updates, child);
      } else if (childIsDelete) {
        work.before(process, updates);
        if (child !== null) work.before(updates, child);
      } else {
        work.before(parent, process);
        if (child !== null) work.before(child, process);
        work.before(process, updates);
      }
      return;
    }
    if (isDelete) {
      if (childIsDelete && child !== null) work.before(parent, child);
      return;
    }
    if (!childIsDelete && child !== null) work.before(child, process);
    work.before(process, parent);
    if (childIsDelete && child !== null) work.before(parent, child);
  }

  *presortStep(work: FlushWork, states: readonly InstanceState[], isDelete: boolean): Step<void> {
    const { property } = this;
    const { cascade } = property;
    if (isDelete) {
      if (!cascade.delete && !cascade.deleteOrphan) return;
      for (const state of states) {
        const changes = yield* this.history(work, state, this.deletePassive);
        if (changes === null) continue;
        const doomed = cascade.deleteOrphan
          ? [...changes.added, ...changes.unchanged, ...changes.deleted]
          : [...changes.added, ...changes.unchanged];
        for (const child of doomed) if (child !== null) yield* this.#registerDeleted(work, child);
      }
      return;
    }
    const registration: Registration = { operation: "add", property };
    for (const state of states) work.register(state, registration);
    if (!cascade.deleteOrphan) return;
    for (const state of states) {
      const changes = yield* this.history(work, state, this.deletePassive);
      for (const child of changes?.deleted ?? [])
        if (child !== null && !this.hasParent(child)) yield* this.#registerDeleted(work, child);
    }
  }

  *#registerDeleted(work: FlushWork, child: InstanceState): Step<void> {
    work.register(child, { isDelete: true, operation: "delete", property: this.property });
    for (const related of yield* cascadeStep("delete", child)) work.register(related, { isDelete: true });
  }

  *processStep(work: FlushWork, states: readonly InstanceState[], isDelete: boolean): Step<void> {
    const { property } = this;
    if (isDelete) {
      if (!property.postUpdate || property.cascade.deleteOrphan || property.passiveDeletes === "all") return;
      // The row must not refer to the other any more before either of them can be deleted.
      for (const state of states) {
        clearKeys(state, state.mapper, property.synchronizePairs);
        const changes = yield* this.history(work, state, this.deletePassive);
        if (
          changes !== null &&
          [...changes.added, ...changes.unchanged, ...changes.deleted].some((child) => child !== null)
        )
          this.#postUpdate(work, state);
      }
      return;
    }
    for (let index = 0; index < states.length; index++) {
      index = this.#synchronizeAll(work, states, index);
      const state = states[index];
      if (state === undefined) break;
      const changes = yield* this.history(work, state, PASSIVE_NO_INITIALIZE);
      if (changes === null) continue;
      if (changes.added.length > 0) for (const child of changes.added) yield* this.#synchronize(work, state, child);
      else if (changes.deleted.length > 0) yield* this.#synchronize(work, state, null);
      if (property.postUpdate && changes.added.length + changes.unchanged.length + changes.deleted.length > 0)
        this.#postUpdate(work, state);
    }
  }

  /** Copies keys to the objects from `start` on; gives the place of the first one that takes more than that. */
  #synchronizeAll(work: FlushWork, states: readonly InstanceState[], start: number): number {
    let index = start;
    const { key } = this.property;
    for (; index < states.length; index++) {
      const state = states[index] as InstanceState;
      const value = state.dict[key];
      const before = state.committed?.[key];
      if (value !== null && value !== undefined && (before === NO_VALUE || before === null)) {
        // A reference that is new: there is no need to write its history.
        if (!this.#synchronizeNow(work, state, stateOf(value))) break;
        continue;
      }
      const changes = this.historyNow(work, state, PASSIVE_NO_INITIALIZE, false);
      if (changes === null) continue;
      if (changes === undefined) break;
      const { added, deleted } = changes;
      if (added.length === 0 && deleted.length === 0 && !this.property.postUpdate) continue;
      if (added.length !== 1 || !this.#synchronizeNow(work, state, added[0] as InstanceState | null)) break;
    }
    return index;
  }

  /** {@link #synchronize} where that takes no loading and no warning; false where it does. */
  #synchronizeNow(work: FlushWork, state: InstanceState, child: InstanceState | null): boolean {
    const { property } = this;
    if (child === null || property.postUpdate || work.isDeleted(state) || !work.session.containsState(child))
      return false;
    this.checkClass(child);
    return copyKeys(child, this.mapper, state, state.mapper, property.synchronizePairs, null);
  }

  *#synchronize(work: FlushWork, state: InstanceState, child: InstanceState | null): Step<void> {
    const { property } = this;
    if (!property.postUpdate && work.isDeleted(state)) return;
    if (child === null) {
      clearKeys(state, state.mapper, property.synchronizePairs);
      return;
    }
    if (!work.session.containsState(child)) {
      warn(
        `Object of type <${child.mapper.class.name}> not in session, add operation along '${property}' won't proceed`,
      );
      return;
    }
    this.checkClass(child);
    yield* copyKeysStep(child, this.mapper, state, state.mapper, property.synchronizePairs, null);
  }

  #postUpdate(work: FlushWork, state: InstanceState): void {
    work.postUpdate(
      state,
      this.property.synchronizePairs.map(([, to]) => to),
    );
  }
}
