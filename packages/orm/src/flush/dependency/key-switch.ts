/** Watches primary keys that many-to-one relationships refer to: where one changes, the referring objects are brought along. */
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "../../base/classes.ts";
import { copyKeysStep } from "../../persist/key-sync.ts";
import { currentState } from "../../persist/relation-values.ts";
import type { RelationshipProperty } from "../../relationship/relationship.ts";
import type { InstanceState } from "../../state/instance-state.ts";
import type { FlushWork, Processor } from "../work.ts";

type Mapper = OrmClasses["mapper"];

export class KeySwitchProcessor implements Processor {
  readonly property: RelationshipProperty;
  readonly parent: Mapper;
  readonly mapper: Mapper;
  readonly order: string;

  constructor(property: RelationshipProperty) {
    this.property = property;
    this.parent = property.parent;
    this.mapper = property.mapper;
    this.order = `${this.parent.class.name}_${property.key}_switch`;
  }

  prepare(work: FlushWork): void {
    const { property } = this;
    // A collection on the other side looks after it, unless that one leaves it to the database.
    if (property.reverse.size > 0) {
      if (property.passiveUpdates) return;
      for (const other of property.reverse) if (!other.passiveUpdates) return;
    }
    work.preprocess(this, false);
  }

  *presortStep(work: FlushWork, states: readonly InstanceState[], isDelete: boolean): Step<void> {
    if (!isDelete && !this.property.passiveUpdates) yield* this.#switchStep(work, states);
  }

  *hasChangesStep(_work: FlushWork, states: readonly InstanceState[], isDelete: boolean): Step<boolean> {
    return !isDelete && this.property.passiveUpdates && states.some((state) => this.#keyChanged(state));
  }

  orderMappers(work: FlushWork): void {
    work.before(work.saveAll(this.parent.baseMapper), work.processAll(this, false, false));
  }

  *orderStatesStep(): Step<void> {}

  *processStep(work: FlushWork, states: readonly InstanceState[], isDelete: boolean): Step<void> {
    if (!isDelete && this.property.passiveUpdates) yield* this.#switchStep(work, states);
  }

  *#switchStep(work: FlushWork, states: readonly InstanceState[]): Step<void> {
    const switched = new Set(states.filter((state) => this.#keyChanged(state)));
    if (switched.size === 0) return;
    const { property } = this;
    for (const state of work.session.identityMap.states()) {
      if (!state.mapper.isa(this.parent)) continue;
      const related = currentState(state, property);
      if (related === null || !switched.has(related)) continue;
      work.register(state, { listOnly: property.passiveUpdates });
      yield* copyKeysStep(
        related,
        this.mapper,
        state,
        this.parent,
        property.synchronizePairs,
        property.passiveUpdates ? work : null,
      );
    }
  }

  #keyChanged(state: InstanceState): boolean {
    if (state.identityHash === null || state.committed === null) return false;
    for (const [from] of this.property.synchronizePairs) {
      const key = this.mapper.keyOf(from);
      if (key !== null && key in state.committed && state.committed[key] !== state.dict[key]) return true;
    }
    return false;
  }
}
