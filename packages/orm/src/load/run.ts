/** One execution's loading: which session, which options, what is still to be done when the rows are read. */

import type { IdentityTable } from "../identity/identity-map.ts";
import { KeyTable } from "../identity/key-table.ts";
import type { Attribute } from "../instrument/attribute.ts";
import type { Mapper } from "../mapping/mapper.ts";
import type { OptionNode } from "../options/tree.ts";
import type { EagerPlan, EntityPlan, PostPlan } from "../query/plan.ts";
import type { InstanceState } from "../state/instance-state.ts";
import type { LoadingSession } from "./session.ts";
import { StateTable } from "./state-table.ts";

/** How instances that are there already are treated. */
export interface RunOptions {
  /** Overwrites loaded values with those of the rows. */
  readonly populateExisting: boolean;
  /** Refuses objects of another version than their rows'. */
  readonly checksVersion: boolean;
  /** The one instance that the statement refreshes; its rows need no identity. */
  readonly refresh: InstanceState | null;
  /** The attributes that it refreshes, for listeners; null: all. */
  readonly refreshKeys: readonly string[] | null;
  /** Options of this very execution for root entities by position in the column list; null: those of the plan. */
  readonly rootNode: ((source: number) => OptionNode) | null;
  readonly collectsEvents: boolean;
  /** Sources of root plans, for {@link rootNode}. */
  readonly sources: ReadonlyMap<EntityPlan, number>;
}

/** Instances that wait for a relationship, and whether a loaded value is to be replaced. */
export type Waiting = StateTable<boolean>;

/** Instances of subclasses that wait for their own columns, in the order of the first of each. */
export type ByMapper = Map<Mapper, InstanceState[]>;

const fewItems = 16;

/** A collection while rows are read: each object once. Most are so small that a look at each costs less than a Set. */
export class Gathered {
  readonly items: object[] = [];
  #seen: Set<object> | null = null;

  add(object: object): void {
    const { items } = this;
    const count = items.length;
    if (count > 0 && items[count - 1] === object) return;
    if (count >= fewItems) {
      this.#seen ??= new Set(items);
      if (this.#seen.has(object)) return;
      this.#seen.add(object);
    } else if (items.includes(object)) return;
    items.push(object);
  }
}

/** Finds an attribute of objects that come in a row, most of one class. */
export function attributesOf(key: string): (state: InstanceState) => Attribute {
  let mapper: InstanceState["mapper"] | null = null;
  let attribute: Attribute | null = null;
  return (state) => {
    if (state.mapper !== mapper) {
      mapper = state.mapper;
      attribute = mapper.attribute(key);
    }
    return attribute as Attribute;
  };
}

/** The collections of one eager relationship; null: the object has one already. */
export type Gathering = StateTable<Gathered | null>;

/** An object was loaded, or attributes of it (`keys`; null: all) were refreshed. */
export type LoadEvent =
  | { readonly state: InstanceState; readonly isLoad: true }
  | { readonly state: InstanceState; readonly isLoad: false; readonly keys: readonly string[] | null };

/** The state of one load. */
export class LoadRun {
  readonly session: LoadingSession;
  readonly populateExisting: boolean;
  readonly checksVersion: boolean;
  readonly refresh: InstanceState | null;
  readonly refreshKeys: readonly string[] | null;
  /** Relationships to load afterwards. */
  readonly posts = new Map<PostPlan, Waiting>();
  readonly gathering = new Map<EagerPlan, Gathering>();
  /** Subclass instances whose own columns are loaded afterwards, by plan and mapper. */
  readonly subclasses = new Map<EntityPlan, ByMapper>();
  /** Someone listens to the events of loading. */
  readonly collectsEvents: boolean;
  /** What listeners are to hear, in order. */
  readonly events: LoadEvent[] = [];
  /** Objects that are made are known under it: the database that the rows come from, where there are several. */
  readonly identityToken: unknown;
  readonly #options: RunOptions;
  readonly #tables = new Map<Mapper, IdentityTable>();
  /** Joined loading goes to and fro between two mappers. */
  #lastMapper: Mapper | null = null;
  #lastTable: IdentityTable = new KeyTable();
  #otherMapper: Mapper | null = null;
  #otherTable: IdentityTable = this.#lastTable;
  /** Rows of one owner stand together: the collection that the last row was for. */
  #owner: InstanceState | null = null;
  #eager: EagerPlan | null = null;
  #gathered: Gathered | null = null;
  readonly #nodes = new Map<EntityPlan, OptionNode>();
  #lastPlan: EntityPlan | null = null;
  #lastNode: OptionNode | null = null;
  /** Whether this load had not met the object that was read last. */
  isFirst = false;

  constructor(session: LoadingSession, options: RunOptions) {
    this.session = session;
    this.populateExisting = options.populateExisting;
    this.checksVersion = options.checksVersion;
    this.refresh = options.refresh;
    this.identityToken = session.identityToken;
    this.refreshKeys = options.refreshKeys;
    this.#options = options;
    this.collectsEvents = options.collectsEvents;
  }

  /** The identities of a mapper's hierarchy. */
  table(mapper: Mapper): IdentityTable {
    if (mapper === this.#lastMapper) return this.#lastTable;
    const table = mapper === this.#otherMapper ? this.#otherTable : this.#find(mapper);
    this.#otherMapper = this.#lastMapper;
    this.#otherTable = this.#lastTable;
    this.#lastMapper = mapper;
    this.#lastTable = table;
    return table;
  }

  #find(mapper: Mapper): IdentityTable {
    let table = this.#tables.get(mapper);
    if (table === undefined)
      this.#tables.set(mapper, (table = this.session.identityMap.tableFor(mapper, this.identityToken)));
    return table;
  }

  /** The options of this execution at a plan's place. */
  node(plan: EntityPlan): OptionNode {
    const { rootNode, sources } = this.#options;
    if (rootNode === null) return plan.node;
    if (plan === this.#lastPlan) return this.#lastNode as OptionNode;
    let node = this.#nodes.get(plan);
    if (node === undefined) {
      node = plan.parent === null ? rootNode(sources.get(plan) ?? 0) : this.node(plan.parent).child(plan.key as string);
      this.#nodes.set(plan, node);
    }
    this.#lastPlan = plan;
    this.#lastNode = node;
    return node;
  }

  /** Notes that an instance waits for a relationship; `isFirst` where this load had not met it. */
  wait(post: PostPlan, state: InstanceState, overwrite: boolean, isFirst: boolean): void {
    let waiting = this.posts.get(post);
    if (waiting === undefined) this.posts.set(post, (waiting = new StateTable()));
    if (isFirst) waiting.add(state, overwrite);
    else if (!waiting.has(state) || overwrite) waiting.set(state, overwrite);
  }

  /** Notes that an instance's own columns are to be loaded afterwards. */
  waitForColumns(plan: EntityPlan, state: InstanceState): void {
    let byMapper = this.subclasses.get(plan);
    if (byMapper === undefined) this.subclasses.set(plan, (byMapper = new Map()));
    const states = byMapper.get(state.mapper);
    if (states === undefined) byMapper.set(state.mapper, [state]);
    else states.push(state);
  }

  /** The collection being filled for an object by an eager relationship; null where it is to keep the one it has, as `isWanted` says when it is first met. */
  gathered(eager: EagerPlan, state: InstanceState, isWanted: boolean, isFirst: boolean): Gathered | null {
    if (state === this.#owner && eager === this.#eager) return this.#gathered;
    let gathering = this.gathering.get(eager);
    if (gathering === undefined) this.gathering.set(eager, (gathering = new StateTable()));
    let objects = isFirst ? undefined : gathering.get(state);
    if (objects === undefined) gathering.add(state, (objects = isWanted ? new Gathered() : null));
    this.#owner = state;
    this.#eager = eager;
    this.#gathered = objects;
    return objects;
  }

  /** Gives the gathered collections to their owners. */
  finish(): void {
    this.#owner = null;
    for (const [{ property }, gathering] of this.gathering) {
      const attributeOf = attributesOf(property.key);
      const { states } = gathering;
      for (let place = 0; place < states.length; place++) {
        const state = states[place] as InstanceState;
        const objects = gathering.at(place);
        if (objects !== null) attributeOf(state).setCommitted(state, objects.items);
      }
    }
    this.gathering.clear();
  }
}
