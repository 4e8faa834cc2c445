/**
 * One flush: which objects take part, what is to be done, in what order. Whole mappers are sorted first; where they
 * depend on each other in a circle, those are sorted object by object. Writing is done by ../persist.
 */
import { CircularDependencyError, type Column, warn } from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";
import type { FlushSession } from "../persist/scope.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { DeleteAll, DeleteOne, PostUpdateAll, ProcessAll, ProcessOne, SaveAll, SaveOne } from "./actions.ts";
import { circular, Dependencies, levels } from "./order.ts";
import { type Action, type FlushWork, type Processor, processors, type Registration } from "./work.ts";

type Mapper = OrmClasses["mapper"];

/** How a state takes part: bits of {@link InstanceState.flush}. */
const SAVE = 0;
const DELETE = 1;
const LIST_ONLY = 2;
const marks = 4;

/** A processor's look at its objects before anything is sorted; repeated while objects come in. */
interface Preprocess {
  readonly processor: Processor;
  readonly fromParent: boolean;
  /** How many objects of each mapper it has looked at. */
  readonly seen: Map<Mapper, number>;
  /** Objects that took part for their relationships only, when it looked. */
  passedOver: InstanceState[];
  ordered: boolean;
}

const nothing: readonly InstanceState[] = Object.freeze([]);
let flushes = 0;

export class UnitOfWork implements FlushWork {
  readonly session: FlushSession;
  /** Marks the states that take part: a look at the state costs less than one into a map. */
  readonly #flush = ++flushes * marks;
  /** All that take part, in the order in which they came. */
  readonly #states: InstanceState[] = [];
  readonly #mappers = new Map<Mapper, InstanceState[]>();
  readonly #preprocesses = new Map<Processor, [fromChild: Preprocess | null, fromParent: Preprocess | null]>();
  readonly #actions = new Map<string, Action>();
  readonly #single = new Map<InstanceState, Map<string, Action>>();
  readonly #processors = new Map<Mapper, Set<Processor>>();
  readonly #postUpdates = new Map<Mapper, Map<InstanceState, Set<Column>>>();
  readonly #memos = new Map<unknown, unknown>();
  readonly #cascaded = new Map<InstanceState, Set<Column>>();
  readonly #ids = new Map<object, number>();
  readonly #dependencies = new Dependencies<Action>();
  #circle: ReadonlySet<Action> = new Set();
  readonly #warnSuffix: string;

  constructor(session: FlushSession, warnSuffix = "") {
    this.session = session;
    this.#warnSuffix = warnSuffix;
  }

  get hasWork(): boolean {
    return this.#states.length > 0;
  }

  // ---- objects ----

  register(state: InstanceState, registration: Registration = plainly): boolean {
    if (!this.session.containsState(state)) {
      const { operation, property } = registration;
      if (!state.deleted && operation !== undefined) {
        warn(
          `Object of type <${state.mapper.class.name}> not in session, ${operation} operation along '${property}' will not proceed${this.#warnSuffix}`,
        );
      }
      return false;
    }
    const { isDelete = false, listOnly = false, cancelDelete = false } = registration;
    if (!this.has(state)) {
      this.#enter(state.mapper).push(state);
      this.#states.push(state);
      this.#setMark(state, (isDelete ? DELETE : SAVE) + (listOnly ? LIST_ONLY : SAVE));
    } else if (!listOnly && (isDelete || cancelDelete)) this.#setMark(state, isDelete ? DELETE : SAVE);
    return true;
  }

  /** How a state that takes part does so. */
  #mark(state: InstanceState): number {
    return state.flush - this.#flush;
  }

  #setMark(state: InstanceState, mark: number): void {
    state.flush = this.#flush + mark;
  }

  /** The list of a mapper's objects; the first of them brings the mapper's actions and processors in. */
  #enter(mapper: Mapper): InstanceState[] {
    let states = this.#mappers.get(mapper);
    if (states !== undefined) return states;
    this.#mappers.set(mapper, (states = []));
    const base = mapper.baseMapper;
    this.before(this.saveAll(base), this.deleteAll(base));
    for (const keySwitch of keySwitchesTo(mapper)) keySwitch.prepare(this);
    for (const property of mapper.relationships) if (!property.viewonly) processors.of(property).main.prepare(this);
    return states;
  }

  has(state: InstanceState): boolean {
    const mark = this.#mark(state);
    return mark >= 0 && mark < marks;
  }

  isDeleted(state: InstanceState): boolean {
    const mark = this.#mark(state);
    return mark === DELETE || mark === DELETE + LIST_ONLY;
  }

  isListOnly(state: InstanceState): boolean {
    const mark = this.#mark(state);
    return mark === LIST_ONLY || mark === DELETE + LIST_ONLY;
  }

  hasMapper(mapper: Mapper): boolean {
    return this.#mappers.has(mapper);
  }

  wasAlreadyDeleted(state: InstanceState): boolean {
    return state.deleted;
  }

  dropActions(state: InstanceState): void {
    if (!this.has(state)) this.#states.push(state);
    this.#setMark(state, this.isDeleted(state) ? DELETE + LIST_ONLY : LIST_ONLY);
  }

  statesOf(base: Mapper, isDelete: boolean): InstanceState[] {
    const wanted = isDelete ? DELETE : SAVE;
    const found: InstanceState[] = [];
    for (const mapper of base.selfAndDescendants) {
      if (mapper.baseMapper !== base) continue;
      for (const state of this.#mappers.get(mapper) ?? nothing) if (this.#mark(state) === wanted) found.push(state);
    }
    return found;
  }

  statesFor(processor: Processor, fromParent: boolean, isDelete: boolean): InstanceState[] {
    const wanted = isDelete ? DELETE : SAVE;
    const found: InstanceState[] = [];
    for (const mapper of this.#mappersFor(processor, fromParent)) {
      for (const state of this.#mappers.get(mapper) ?? nothing) if (this.#mark(state) === wanted) found.push(state);
    }
    return found;
  }

  *#mappersFor(processor: Processor, fromParent: boolean): IterableIterator<Mapper> {
    for (const mapper of (fromParent ? processor.parent : processor.mapper).selfAndDescendants) {
      // A subclass may map something else under the key.
      if (this.#mappers.has(mapper) && (!fromParent || mapper.props.get(processor.property.key) !== undefined))
        yield mapper;
    }
  }

  // ---- actions ----

  #id(thing: object): number {
    let id = this.#ids.get(thing);
    if (id === undefined) this.#ids.set(thing, (id = this.#ids.size));
    return id;
  }

  #action(key: string, make: () => Action): Action {
    let action = this.#actions.get(key);
    if (action === undefined) this.#actions.set(key, (action = make()));
    return action;
  }

  #one(state: InstanceState, key: string, make: () => Action): Action {
    let actions = this.#single.get(state);
    if (actions === undefined) this.#single.set(state, (actions = new Map()));
    let action = actions.get(key);
    if (action === undefined) actions.set(key, (action = make()));
    return action;
  }

  saveAll(mapper: Mapper): Action {
    return this.#action(`s${this.#id(mapper)}`, () => new SaveAll(mapper));
  }

  deleteAll(mapper: Mapper): Action {
    return this.#action(`d${this.#id(mapper)}`, () => new DeleteAll(mapper));
  }

  processAll(processor: Processor, isDelete: boolean, fromParent = true): Action {
    return this.#action(`${isDelete ? "x" : "p"}${this.#id(processor)}${fromParent}`, () => {
      const base = processor.parent.baseMapper;
      const known = this.#processors.get(base);
      if (known === undefined) this.#processors.set(base, new Set([processor]));
      else known.add(processor);
      return new ProcessAll(processor, isDelete, fromParent);
    });
  }

  postUpdateAll(mapper: Mapper, isDelete: boolean): Action {
    return this.#action(`u${this.#id(mapper)}${isDelete}`, () => new PostUpdateAll(mapper, isDelete));
  }

  saveOne(state: InstanceState): Action {
    return this.#one(state, "s", () => new SaveOne(state));
  }

  deleteOne(state: InstanceState): Action {
    return this.#one(state, "d", () => new DeleteOne(state));
  }

  processOne(processor: Processor, isDelete: boolean, state: InstanceState): Action {
    return this.#one(
      state,
      `${isDelete ? "x" : "p"}${this.#id(processor)}`,
      () => new ProcessOne(processor, isDelete, state),
    );
  }

  processorsOf(base: Mapper): Iterable<Processor> {
    return this.#processors.get(base) ?? [];
  }

  before(first: Action, second: Action): void {
    this.#dependencies.add(first, second);
  }

  preprocess(processor: Processor, fromParent: boolean): void {
    let pair = this.#preprocesses.get(processor);
    if (pair === undefined) this.#preprocesses.set(processor, (pair = [null, null]));
    pair[fromParent ? 1 : 0] ??= { processor, fromParent, seen: new Map(), passedOver: [], ordered: false };
  }

  inCircle(action: Action): boolean {
    return this.#circle.has(action);
  }

  postUpdate(state: InstanceState, columns: readonly Column[]): void {
    const base = state.mapper.baseMapper;
    let states = this.#postUpdates.get(base);
    if (states === undefined) this.#postUpdates.set(base, (states = new Map()));
    const known = states.get(state);
    if (known === undefined) states.set(state, new Set(columns));
    else for (const column of columns) known.add(column);
  }

  postUpdatesOf(mapper: Mapper): ReadonlyMap<InstanceState, ReadonlySet<Column>> {
    return this.#postUpdates.get(mapper) ?? new Map();
  }

  memo<T>(key: unknown, make: () => T): T {
    let value = this.#memos.get(key) as T | undefined;
    if (value === undefined) this.#memos.set(key, (value = make()));
    return value;
  }

  noteCascaded(state: InstanceState, column: Column): void {
    const known = this.#cascaded.get(state);
    if (known === undefined) this.#cascaded.set(state, new Set([column]));
    else known.add(column);
  }

  isCascaded(state: InstanceState, column: Column): boolean {
    return this.#cascaded.get(state)?.has(column) ?? false;
  }

  // ---- running ----

  /** Writes everything that was registered, and what follows from it. */
  *runStep(): Step<void> {
    yield* this.#presortStep();
    const dependencies = yield* this.#withoutCirclesStep();
    const actions = this.#runnable();
    const sorted = levels(actions, dependencies);
    if (sorted === null) throw circularError(actions, dependencies);
    for (const level of sorted) {
      if (this.#circle.size === 0) {
        for (const action of level) yield* action.runStep(this, null);
        continue;
      }
      const open = new Set(level);
      for (const action of level) if (open.delete(action)) yield* action.runStep(this, open);
    }
  }

  *#presortStep(): Step<void> {
    for (let again = true; again; ) {
      again = false;
      for (const pair of [...this.#preprocesses.values()]) {
        for (const preprocess of pair) if (preprocess !== null && (yield* this.#lookStep(preprocess))) again = true;
      }
    }
  }

  /** The objects that a processor has not looked at yet. */
  #unseen(preprocess: Preprocess, saved: InstanceState[], deleted: InstanceState[]): void {
    const passed = preprocess.passedOver;
    preprocess.passedOver = [];
    const sort = (state: InstanceState): void => {
      if (this.isListOnly(state)) preprocess.passedOver.push(state);
      else (this.isDeleted(state) ? deleted : saved).push(state);
    };
    for (const state of passed) sort(state);
    for (const mapper of this.#mappersFor(preprocess.processor, preprocess.fromParent)) {
      const states = this.#mappers.get(mapper) as InstanceState[];
      for (let index = preprocess.seen.get(mapper) ?? 0; index < states.length; index++)
        sort(states[index] as InstanceState);
      preprocess.seen.set(mapper, states.length);
    }
  }

  *#lookStep(preprocess: Preprocess): Step<boolean> {
    const { processor } = preprocess;
    const saved: InstanceState[] = [];
    const deleted: InstanceState[] = [];
    this.#unseen(preprocess, saved, deleted);
    if (saved.length === 0 && deleted.length === 0) return false;
    if (deleted.length > 0) yield* processor.presortStep(this, deleted, true);
    if (saved.length > 0) yield* processor.presortStep(this, saved, false);
    if (
      !preprocess.ordered &&
      ((yield* processor.hasChangesStep(this, deleted, true)) || (yield* processor.hasChangesStep(this, saved, false)))
    ) {
      processor.orderMappers(this);
      preprocess.ordered = true;
    }
    return true;
  }

  /** The order, with mappers that wait for each other in a circle replaced by their single objects. */
  *#withoutCirclesStep(): Step<Dependencies<Action>> {
    const circle = circular(this.#dependencies);
    this.#circle = circle;
    if (circle.size === 0) return this.#dependencies;
    const split = new Map<Action, Action[]>();
    for (const action of sortedByOrder(circle)) split.set(action, yield* action.splitStep(this));
    const result = new Dependencies<Action>();
    for (const [before, after] of this.#dependencies.edges()) {
      if (before.disabled || after.disabled) continue;
      const befores = split.get(before);
      const afters = split.get(after);
      if (befores !== undefined && afters !== undefined) continue;
      if (befores !== undefined) for (const one of befores) result.add(one, after);
      else if (afters !== undefined) for (const one of afters) result.add(before, one);
      else result.add(before, after);
    }
    return result;
  }

  #runnable(): Action[] {
    const actions: Action[] = [];
    for (const action of this.#actions.values())
      if (!action.disabled && !this.#circle.has(action)) actions.push(action);
    for (const one of this.#single.values())
      for (const action of one.values()) if (!action.disabled) actions.push(action);
    return sortedByOrder(actions);
  }

  /** The objects that were written, and those that were deleted. */
  outcome(): { readonly saved: InstanceState[]; readonly deleted: InstanceState[] } {
    const saved: InstanceState[] = [];
    const deleted: InstanceState[] = [];
    for (const state of this.#states) (this.isDeleted(state) ? deleted : saved).push(state);
    return { saved, deleted };
  }
}

const plainly: Registration = Object.freeze({});

const byOrder = (a: Action, b: Action): number => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0);

function sortedByOrder(actions: Iterable<Action>): Action[] {
  return [...actions].sort(byOrder);
}

const switches = new WeakMap<Mapper, { readonly mappers: number; readonly list: readonly Processor[] }>();

/** Processors that watch the primary keys of a mapper's objects, for many-to-one relationships that refer to them. */
function keySwitchesTo(mapper: Mapper): readonly Processor[] {
  const mappers = mapper.registry.mappers.length;
  const known = switches.get(mapper);
  if (known !== undefined && known.mappers === mappers) return known.list;
  const list: Processor[] = [];
  for (const other of mapper.registry.mappers) {
    for (const property of other.relationships) {
      if (
        property.viewonly ||
        property.parent !== other ||
        property.direction !== "manyToOne" ||
        !mapper.isa(property.mapper)
      )
        continue;
      const { keySwitch } = processors.of(property);
      if (keySwitch !== null) list.push(keySwitch);
    }
  }
  switches.set(mapper, { mappers, list });
  return list;
}

function circularError(actions: readonly Action[], dependencies: Dependencies<Action>): CircularDependencyError {
  const cycle = [...circular(dependencies)].filter((action) => actions.includes(action));
  return new CircularDependencyError(
    `Circular dependency detected. (${cycle.map((action) => action.order).join(", ")})`,
    cycle,
    {
      fix: "use postUpdate: true on one of the relationships, so that the reference is written after both rows are there",
    },
  );
}
