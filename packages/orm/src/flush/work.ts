/** What the actions of a flush and the processors of relationships ask of the unit of work. Contracts only. */
import type { Column } from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";
import type { FlushScope } from "../persist/scope.ts";
import type { RelationshipProperty } from "../relationship/relationship.ts";
import type { InstanceState } from "../state/instance-state.ts";

type Mapper = OrmClasses["mapper"];

/** Something to do in a flush: writing rows, or copying keys along a relationship. */
export interface Action {
  /** Sorts actions that are free at the same time. */
  readonly order: string;
  /** Replaced by actions for single objects. */
  disabled: boolean;
  /** Does it; `level` holds what else is free now, and an action takes out of it what it did along. */
  runStep(work: FlushWork, level: Set<Action> | null): Step<void>;
  /** The actions for single objects that stand for it in a circle. */
  splitStep(work: FlushWork): Step<Action[]>;
}

/** How an object takes part in a flush; see {@link FlushWork.register}. */
export interface Registration {
  readonly isDelete?: boolean;
  /** Only for the sake of its relationships; its row is not touched. */
  readonly listOnly?: boolean;
  /** Undoes a deletion that another relationship asked for. */
  readonly cancelDelete?: boolean;
  /** What led here, for the warning about objects that are in no session. */
  readonly operation?: string;
  readonly property?: RelationshipProperty;
}

/** Copies keys between the objects of one relationship, and says what has to come before what. */
export interface Processor {
  readonly property: RelationshipProperty;
  readonly parent: Mapper;
  readonly mapper: Mapper;
  readonly order: string;
  /** Called once per flush when objects of the parent take part. */
  prepare(work: FlushWork): void;
  /** Before anything is written: finds related objects that must take part. */
  presortStep(work: FlushWork, states: readonly InstanceState[], isDelete: boolean): Step<void>;
  /** Whether the relationship has anything to do for these objects. */
  hasChangesStep(work: FlushWork, states: readonly InstanceState[], isDelete: boolean): Step<boolean>;
  /** Says the order between the actions of whole mappers. */
  orderMappers(work: FlushWork): void;
  /** Says the order between the actions of single objects. */
  orderStatesStep(work: FlushWork, states: readonly InstanceState[], isDelete: boolean): Step<void>;
  /** Copies the keys. */
  processStep(work: FlushWork, states: readonly InstanceState[], isDelete: boolean): Step<void>;
}

/** One flush, as its actions see it. */
export interface FlushWork extends FlushScope {
  /** Brings an object into the flush; false when it is in no session. */
  register(state: InstanceState, registration?: Registration): boolean;
  has(state: InstanceState): boolean;
  isListOnly(state: InstanceState): boolean;
  /** Whether objects of exactly this mapper take part. */
  hasMapper(mapper: Mapper): boolean;
  /** The objects of a mapper's hierarchy that are to be saved (or deleted). */
  statesOf(base: Mapper, isDelete: boolean): InstanceState[];
  /** The objects whose relationship a processor looks after. */
  statesFor(processor: Processor, fromParent: boolean, isDelete: boolean): InstanceState[];

  saveAll(mapper: Mapper): Action;
  deleteAll(mapper: Mapper): Action;
  processAll(processor: Processor, isDelete: boolean, fromParent?: boolean): Action;
  postUpdateAll(mapper: Mapper, isDelete: boolean): Action;
  saveOne(state: InstanceState): Action;
  deleteOne(state: InstanceState): Action;
  processOne(processor: Processor, isDelete: boolean, state: InstanceState): Action;
  /** Processors whose parent is in a mapper's hierarchy and that have something to do. */
  processorsOf(base: Mapper): Iterable<Processor>;

  before(first: Action, second: Action): void;
  /** Has a processor look at its objects before anything is sorted. */
  preprocess(processor: Processor, fromParent: boolean): void;
  /** Whether an action is part of a circle. */
  inCircle(action: Action): boolean;
  /** Asks for an UPDATE of columns after the rows are there. */
  postUpdate(state: InstanceState, columns: readonly Column[]): void;
  postUpdatesOf(mapper: Mapper): ReadonlyMap<InstanceState, ReadonlySet<Column>>;
  /** Something that processors share for the time of the flush. */
  memo<T>(key: unknown, make: () => T): T;
}

/** Makes the processors of a relationship: filled by ./dependency/index.ts. */
export const processors: {
  of(property: RelationshipProperty): { readonly main: Processor; readonly keySwitch: Processor | null };
} = {
  of: () => {
    throw new Error("the unit of work is not there yet: import @athanor/orm by its entry");
  },
};
