/** The actions of a flush. They call ../persist for rows and processors for relationships. Next: ./unit-of-work.ts. */
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";
import { deleteRowsStep } from "../persist/delete.ts";
import { postUpdateStep } from "../persist/post-update.ts";
import { saveRowsStep } from "../persist/save.ts";
import type { InstanceState } from "../state/instance-state.ts";
import type { Action, FlushWork, Processor } from "./work.ts";

type Mapper = OrmClasses["mapper"];

/** Mappers by name, those of one hierarchy together. */
function orderOf(mapper: Mapper): string {
  const root = [...mapper.iterateToRoot()].at(-1) as Mapper;
  return root === mapper ? mapper.class.name : `${root.class.name} ${mapper.class.name}`;
}

/** INSERTs and UPDATEs of a hierarchy. */
export class SaveAll implements Action {
  disabled = false;
  readonly order: string;
  readonly mapper: Mapper;

  constructor(mapper: Mapper) {
    this.mapper = mapper;
    this.order = `SaveUpdateAll ${orderOf(mapper)}`;
  }

  *runStep(work: FlushWork): Step<void> {
    const states = work.statesOf(this.mapper, false);
    if (states.length > 0) yield* saveRowsStep(this.mapper, states, work);
  }

  *splitStep(work: FlushWork): Step<Action[]> {
    return yield* split(work, this.mapper, false);
  }
}

/** DELETEs of a hierarchy. */
export class DeleteAll implements Action {
  disabled = false;
  readonly order: string;
  readonly mapper: Mapper;

  constructor(mapper: Mapper) {
    this.mapper = mapper;
    this.order = `DeleteAll ${orderOf(mapper)}`;
  }

  *runStep(work: FlushWork): Step<void> {
    const states = work.statesOf(this.mapper, true);
    if (states.length > 0) yield* deleteRowsStep(this.mapper, states, work);
  }

  *splitStep(work: FlushWork): Step<Action[]> {
    return yield* split(work, this.mapper, true);
  }
}

/** Actions for the single objects of a hierarchy, and the order that its relationships ask for. */
function* split(work: FlushWork, mapper: Mapper, isDelete: boolean): Step<Action[]> {
  const states = work.statesOf(mapper, isDelete);
  const saveAll = work.saveAll(mapper);
  const deleteAll = work.deleteAll(mapper);
  const actions: Action[] = [];
  for (const state of states) {
    // Saves stay before deletes: one row may go on under another object.
    const action = isDelete ? work.deleteOne(state) : work.saveOne(state);
    if (isDelete) work.before(saveAll, action);
    else work.before(action, deleteAll);
    actions.push(action);
  }
  for (const processor of work.processorsOf(mapper)) {
    const concerned = states.filter(
      (state) => state.mapper.isa(processor.parent) && state.mapper.props.get(processor.property.key) !== undefined,
    );
    yield* processor.orderStatesStep(work, concerned, isDelete);
  }
  return actions;
}

/** Keys along one relationship, for all objects. */
export class ProcessAll implements Action {
  disabled = false;
  readonly order: string;
  readonly processor: Processor;
  readonly isDelete: boolean;
  readonly fromParent: boolean;

  constructor(processor: Processor, isDelete: boolean, fromParent: boolean) {
    this.processor = processor;
    this.isDelete = isDelete;
    this.fromParent = fromParent;
    this.order = `ProcessAll ${processor.order} ${isDelete}`;
  }

  *runStep(work: FlushWork): Step<void> {
    yield* this.processor.processStep(
      work,
      work.statesFor(this.processor, this.fromParent, this.isDelete),
      this.isDelete,
    );
  }

  *splitStep(): Step<Action[]> {
    return [];
  }
}

/** UPDATEs of references between rows that refer to each other. */
export class PostUpdateAll implements Action {
  disabled = false;
  readonly order: string;
  readonly mapper: Mapper;
  readonly isDelete: boolean;

  constructor(mapper: Mapper, isDelete: boolean) {
    this.mapper = mapper;
    this.isDelete = isDelete;
    this.order = `PostUpdateAll ${orderOf(mapper)} ${isDelete}`;
  }

  *runStep(work: FlushWork): Step<void> {
    const wanted = work.postUpdatesOf(this.mapper);
    const states = [...wanted.keys()].filter((state) => work.isDeleted(state) === this.isDelete);
    if (states.length > 0) yield* postUpdateStep(this.mapper, states, wanted, work);
  }

  *splitStep(): Step<Action[]> {
    return [];
  }
}

/** INSERT or UPDATE of one object, and of those that are free at the same time. */
export class SaveOne implements Action {
  disabled = false;
  readonly order: string;
  readonly state: InstanceState;

  constructor(state: InstanceState) {
    this.state = state;
    this.order = `ProcessState ${state.mapper.baseMapper.class.name}`;
  }

  *runStep(work: FlushWork, level: Set<Action> | null): Step<void> {
    const base = this.state.mapper.baseMapper;
    const states = [this.state];
    for (const other of level ?? []) {
      if (!(other instanceof SaveOne) || other.state.mapper.baseMapper !== base) continue;
      level?.delete(other);
      states.push(other.state);
    }
    yield* saveRowsStep(base, states, work);
  }

  *splitStep(): Step<Action[]> {
    return [this];
  }
}

/** DELETE of one object, and of those that are free at the same time. */
export class DeleteOne implements Action {
  disabled = false;
  readonly order: string;
  readonly state: InstanceState;

  constructor(state: InstanceState) {
    this.state = state;
    this.order = `DeleteState ${state.mapper.baseMapper.class.name}`;
  }

  *runStep(work: FlushWork, level: Set<Action> | null): Step<void> {
    const base = this.state.mapper.baseMapper;
    const states = [this.state];
    for (const other of level ?? []) {
      if (!(other instanceof DeleteOne) || other.state.mapper.baseMapper !== base) continue;
      level?.delete(other);
      states.push(other.state);
    }
    yield* deleteRowsStep(
      base,
      states.filter((state) => work.isDeleted(state)),
      work,
    );
  }

  *splitStep(): Step<Action[]> {
    return [this];
  }
}

/** Keys along one relationship of one object, and of those that are free at the same time. */
export class ProcessOne implements Action {
  disabled = false;
  readonly order: string;
  readonly processor: Processor;
  readonly isDelete: boolean;
  readonly state: InstanceState;

  constructor(processor: Processor, isDelete: boolean, state: InstanceState) {
    this.processor = processor;
    this.isDelete = isDelete;
    this.state = state;
    this.order = `ProcessState ${processor.order}`;
  }

  *runStep(work: FlushWork, level: Set<Action> | null): Step<void> {
    const states = [this.state];
    for (const other of level ?? []) {
      if (!(other instanceof ProcessOne) || other.processor !== this.processor || other.isDelete !== this.isDelete)
        continue;
      level?.delete(other);
      states.push(other.state);
    }
    yield* this.processor.processStep(work, states, this.isDelete);
  }

  *splitStep(): Step<Action[]> {
    return [this];
  }
}
