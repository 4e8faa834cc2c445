/**
 * A relationship: the user's words, and what configuration makes of them. The join condition is worked out in
 * ./join-condition.ts, the checks are in ./configure.ts; here it is stored for loaders and the unit of work.
 */
import {
  ArgumentError,
  Binary,
  type Column,
  ColumnClause,
  type ColumnElement,
  type FromClause,
  iterate,
} from "@athanor/core";
import type { OrmClasses } from "../base/classes.ts";
import type { Entity } from "../base/entity.ts";
import { MapperProperty } from "../base/property.ts";
import { type Cascade, parseCascade } from "./cascade.ts";
import type { Direction } from "./direction.ts";
import { type LazyStrategy, lazyStrategy, type RelationshipOptions } from "./options.ts";

type Mapper = OrmClasses["mapper"];

/** A value that travels along a relationship at flush: from a column of one side to a column of the other. */
export type ColumnPair = readonly [from: Column, to: Column];

/** What configuration finds out; see {@link RelationshipProperty.setup}. */
export interface RelationshipSetup {
  readonly target: Mapper;
  readonly entity: Entity;
  readonly uselist: boolean;
  readonly secondary: FromClause | null;
  readonly direction: Direction;
  /** The ON condition, with `foreign()`/`remote()` marks: see ./annotations.ts. */
  readonly primaryjoin: ColumnElement<boolean>;
  readonly secondaryjoin: ColumnElement<boolean> | null;
  /** Parent key → foreign key, to be copied at flush (for many-to-one: related key → own foreign key). */
  readonly synchronizePairs: readonly ColumnPair[];
  /** Related key → foreign key of the secondary table. */
  readonly secondarySynchronizePairs: readonly ColumnPair[];
  /** Own column ↔ column of the related (or secondary) side, for equality comparisons of the condition. */
  readonly localRemotePairs: readonly ColumnPair[];
  readonly localColumns: ReadonlySet<ColumnElement>;
  readonly remoteColumns: ReadonlySet<ColumnElement>;
  readonly foreignKeyColumns: ReadonlySet<ColumnElement>;
  readonly orderBy: readonly ColumnElement[] | null;
}

/** One relationship of a mapped class. */
export class RelationshipProperty extends MapperProperty {
  readonly kind = "relationship" as const;
  /** What `many()` or `one()` was given. */
  readonly options: RelationshipOptions;
  /** What the user passed to `many()` or `one()`. */
  readonly argument: unknown;
  /** `many()`: a collection. `one()` is null: told from the direction. */
  readonly wantsList: boolean | null;

  /** What goes on to the related objects. */
  readonly cascade: Cascade;
  /** The options name a cascade. */
  readonly cascadeWasGiven: boolean;
  /** How it is loaded. */
  readonly lazy: LazyStrategy;
  /** Only for reading. */
  readonly viewonly: boolean;
  /** The attribute of the other class that mirrors this one. */
  readonly backPopulates: string | null;
  /** Unloaded children are left to ON DELETE. */
  readonly passiveDeletes: boolean | "all";
  /** ON UPDATE CASCADE carries changed keys on. */
  readonly passiveUpdates: boolean;
  /** The reference is set by an UPDATE behind the INSERTs. */
  readonly postUpdate: boolean;
  /** An object may have one parent only. */
  readonly singleParent: boolean;
  /** Joined loading by INNER JOIN. */
  readonly innerjoin: boolean | "nested" | "unnested";
  /** How deep it is loaded in self-referential relationships; null for no further. */
  readonly joinDepth: number | null;
  /** See the option. */
  readonly omitJoin: boolean | null;
  /** See the option. */
  readonly distinctTargetKey: boolean | null;
  /** Pending objects load it too. */
  readonly loadOnPending: boolean;
  /** Objects of other classes are refused. */
  readonly enableTypechecks: boolean;
  /** A change loads the old object first. */
  readonly activeHistory: boolean;
  /** The other side is kept in step. */
  readonly syncBackref: boolean;
  /** Always false: setting the other side adds nothing to a session. */
  readonly cascadeBackrefs: false = false;
  /** Relationships that may write the same columns. */
  readonly overlaps: ReadonlySet<string>;
  /** What holds the objects. */
  readonly collectionClass: unknown;

  /** Relationships on the other side that are kept in step with this one. */
  readonly reverse: Set<RelationshipProperty> = new Set();

  #setup: RelationshipSetup | null = null;

  constructor(argument: unknown, wantsList: boolean | null, options: RelationshipOptions) {
    super(options);
    this.argument = argument;
    this.wantsList = wantsList;
    this.options = options;
    this.viewonly = options.viewonly ?? false;
    this.lazy = lazyStrategy(options.lazy ?? "select", wantsList === false ? "one()" : "many()");
    this.cascadeWasGiven = options.cascade !== undefined && options.cascade !== null;
    this.cascade = parseCascade(options.cascade ?? (this.viewonly ? "merge" : "save-update, merge"));
    this.backPopulates = options.backPopulates ?? null;
    this.passiveDeletes = options.passiveDeletes ?? false;
    this.passiveUpdates = options.passiveUpdates ?? true;
    this.postUpdate = options.postUpdate ?? false;
    this.singleParent = options.singleParent ?? false;
    this.innerjoin = options.innerjoin ?? false;
    this.joinDepth = options.joinDepth ?? null;
    this.omitJoin = options.omitJoin ?? null;
    this.distinctTargetKey = options.distinctTargetKey ?? null;
    this.loadOnPending = options.loadOnPending ?? false;
    this.enableTypechecks = options.enableTypechecks ?? true;
    this.activeHistory = options.activeHistory ?? false;
    this.syncBackref = options.syncBackref ?? !this.viewonly;
    if (this.viewonly && this.syncBackref) throw new ArgumentError("sync_backref and viewonly cannot both be True");
    this.overlaps = new Set((options.overlaps ?? "").split(/\s*,\s*/).filter((name) => name !== ""));
    this.collectionClass = options.collectionClass ?? null;
  }

  /** Stores what configuration found. @internal */
  setup(setup: RelationshipSetup): void {
    this.#setup = setup;
  }

  /** It is set up: the properties below are known. */
  get configured(): boolean {
    return this.#setup !== null;
  }

  get #ready(): RelationshipSetup {
    if (this.#setup === null) {
      (this.parent as Mapper).configure();
      if (this.#setup === null) throw new Error(`relationship ${this} could not be configured`);
    }
    return this.#setup;
  }

  /** The mapper of the related class. */
  get mapper(): Mapper {
    return this.#ready.target;
  }

  /** The related entity: the mapper, or the alias that was given. */
  get entity(): Entity {
    return this.#ready.entity;
  }

  /** A collection rather than a single object. */
  get uselist(): boolean {
    return this.#ready.uselist;
  }

  /** Which side has the foreign key. */
  get direction(): Direction {
    return this.#ready.direction;
  }

  /** The table between two many-to-many classes; null without one. */
  get secondary(): FromClause | null {
    return this.#ready.secondary;
  }

  /** The condition that joins the two classes, or this class and the secondary table. */
  get primaryjoin(): ColumnElement<boolean> {
    return this.#ready.primaryjoin;
  }

  /** The condition that joins the secondary table and the related class; null without one. */
  get secondaryjoin(): ColumnElement<boolean> | null {
    return this.#ready.secondaryjoin;
  }

  /** The column pairs whose values a flush copies. */
  get synchronizePairs(): readonly ColumnPair[] {
    return this.#ready.synchronizePairs;
  }

  /** The column pairs of the secondary table and the related class. */
  get secondarySynchronizePairs(): readonly ColumnPair[] {
    return this.#ready.secondarySynchronizePairs;
  }

  /** The column pairs of both sides. */
  get localRemotePairs(): readonly ColumnPair[] {
    return this.#ready.localRemotePairs;
  }

  /** Columns of this side that the condition uses. */
  get localColumns(): ReadonlySet<ColumnElement> {
    return this.#ready.localColumns;
  }

  /** Columns of the other side (and the secondary table) that the condition uses; SQLAlchemy's `remote_side`. */
  get remoteSide(): ReadonlySet<ColumnElement> {
    return this.#ready.remoteColumns;
  }

  /** The columns that are written at flush. */
  get foreignKeyColumns(): ReadonlySet<ColumnElement> {
    return this.#ready.foreignKeyColumns;
  }

  /** The order of a loaded collection. */
  get orderBy(): readonly ColumnElement[] | null {
    return this.#ready.orderBy;
  }

  /** Both sides are of one hierarchy. */
  get selfReferential(): boolean {
    return this.mapper.commonParent(this.parent as Mapper);
  }

  /** A many-to-one that refers to the whole primary key of the related class: the identity map may answer it. */
  get useGet(): boolean {
    const { direction, uselist, mapper, localRemotePairs } = this;
    if (direction !== "manyToOne" || uselist) return false;
    const { primaryKey } = mapper;
    if (localRemotePairs.length !== primaryKey.length || comparisonCount(this.primaryjoin) !== primaryKey.length)
      return false;
    return primaryKey.every((column) =>
      localRemotePairs.some(([, remote]) => remote === column || mapper.propertyOf(column).columns.includes(remote)),
    );
  }

  copy(): RelationshipProperty {
    return new RelationshipProperty(this.argument, this.wantsList, this.options);
  }
}

/** How many comparisons a condition has; a condition that is more than comparisons joined by AND counts as none. */
function comparisonCount(condition: ColumnElement): number {
  let count = 0;
  for (const node of iterate(condition)) {
    if (node instanceof Binary) {
      if (node.operator.name !== "eq") return 0;
      count++;
    } else if (
      !(node instanceof ColumnClause) &&
      node.kind !== "clauseList" &&
      node.kind !== "expressionList" &&
      node.kind !== "grouping"
    )
      return 0;
  }
  return count;
}

declare module "../base/classes.ts" {
  interface OrmClasses {
    relationship: RelationshipProperty;
  }
}
