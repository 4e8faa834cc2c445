/**
 * Loader options: what users pass to `select(…).options(…)`. Each is an immutable list of entries; chaining extends the
 * path, `.options()` branches from it. Next: ./tree.ts, where a statement's options meet.
 */

import type { CacheKeyBuilder, ClauseElement, StatementOption } from "@athanor/core";
import { ArgumentError, asColumnElement, describe, literalElement, resolveNode } from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import { LoaderStrategyException } from "../base/errors.ts";
import { CompositeAttribute } from "../mapping/composite.ts";
import type { LazyStrategy } from "../relationship/options.ts";
import {
  appendEntryKey,
  type CollectionWindow,
  type ColumnChoice,
  type OptionAction,
  type OptionEntry,
  type PathStep,
  type RelationshipChoice,
} from "./choice.ts";

/** A relationship attribute, as options see it. */
export interface RelationshipPath<in E = never, out T = unknown> {
  readonly "~owner": (owner: E) => void;
  readonly "~target": T;
}

/** A column attribute, as options see it. */
export interface ColumnPath<in E = never> {
  /** The attribute's name. */
  readonly key: string | null;
  readonly "~owner"?: ((owner: E) => void) | undefined;
}

/** What the run time reads from an attribute. */
interface AttributeParts {
  readonly key: string;
  readonly parent: Entity;
  readonly target?: Entity;
  readonly ofTypeEntity?: Entity | null;
  readonly extraCriteria?: readonly ClauseElement[];
  readonly joinTarget?: true;
}

/** Options of `joinedload()`. */
export interface JoinedLoadOptions {
  /** INNER JOIN instead of LEFT OUTER JOIN; inside outer joins the joins are nested. Default: as mapped. */
  readonly innerjoin?: boolean | "unnested";
}
/** Options of `selectinload()` and `immediateload()`. */
export interface RecursiveLoadOptions {
  /** Self-referential relationships: how many levels to load; -1 for all. */
  readonly recursionDepth?: number;
}
/** Options of `raiseload()`. */
export interface RaiseLoadOptions {
  /** Raise only where SQL would be sent; objects in the identity map are given. Default false. */
  readonly sqlOnly?: boolean;
}
/** Options of `containsEager()`. */
export interface ContainsEagerOptions {
  /** The alias that the rows come from. */
  readonly alias?: object;
}
/** Options of `defer()` and `loadOnly()`. */
export interface DeferOptions {
  /** Touching the column raises. Default false. */
  readonly raiseload?: boolean;
}

/** Makes an {@link Entity} of what users pass: a mapped class, an alias, a mapper. Filled by ../query/entity.ts. */
export const entityOf: { resolve(value: unknown, where: string): Entity } = {
  resolve: () => {
    throw new ArgumentError("the query package is not loaded");
  },
};

/** A loader option whose path ends at entities of type `T`. */
export class LoaderOption<out T = unknown> implements StatementOption {
  /** Phantom: the entity at the end of the path. */
  declare readonly "~end": T;
  readonly entries: readonly OptionEntry[];
  /** Where the next call goes on. */
  readonly path: readonly PathStep[];
  /** The entity given to `load()`, for columns at the root. */
  readonly root: Entity | null;

  constructor(entries: readonly OptionEntry[], path: readonly PathStep[], root: Entity | null = null) {
    this.entries = entries;
    this.path = path;
    this.root = root;
  }

  /** Never null: {@link appendCacheKey} tells the structure. */
  get cacheKey(): string {
    return "loader";
  }

  /** Adds the structure to a statement's cache key. */
  appendCacheKey(key: CacheKeyBuilder): void {
    for (const entry of this.entries) appendEntryKey(key, entry);
  }

  /** Loads by LEFT OUTER JOIN in the same statement. */
  joinedload<U>(attribute: RelationshipPath<T, U> | "*", options: JoinedLoadOptions = {}): LoaderOption<U> {
    return this.#relationship<U>(attribute, choice("joined", { innerjoin: options.innerjoin ?? null }));
  }

  /** Loads by a second `SELECT … WHERE key IN (…)`. */
  selectinload<U>(attribute: RelationshipPath<T, U> | "*", options: RecursiveLoadOptions = {}): LoaderOption<U> {
    return this.#relationship<U>(attribute, choice("selectin", { recursionDepth: options.recursionDepth ?? null }));
  }

  /**
   * The order of the collection that the last `selectinload()` loads, instead of the relationship's own.
   *
   * @throws ArgumentError after anything but `selectinload()` of a collection.
   */
  orderBy(...columns: readonly unknown[]): LoaderOption<T> {
    const orderBy = columns.map((column) => {
      const node = resolveNode(column);
      if (node !== undefined) return asColumnElement(node, "orderBy()");
      throw new ArgumentError(`orderBy() of a loader option takes column expressions, not ${describe(column)}`, {
        fix: "pass for example Post.$.createdAt.desc()",
      });
    });
    return this.#window("orderBy()", (window) => ({ orderBy, limit: window?.limit ?? null }));
  }

  /**
   * Loads no more than `count` objects per parent, those that come first by {@link orderBy} (or else by the relationship's
   * order, and at last by the primary key). Such a collection is a part of the whole: it refuses changes, and what must
   * know the whole (deleting the parent, `merge()`) loads it.
   *
   *     SELECT … FROM post JOIN (SELECT …, row_number() OVER (PARTITION BY post.user_id ORDER BY …) AS place
   *     FROM post WHERE post.user_id IN (…)) AS ranked ON … WHERE ranked.place <= :count
   *
   * @throws ArgumentError after anything but `selectinload()` of a collection, or where `count` is no positive integer.
   * @example selectinload(User.$.posts).orderBy(Post.$.createdAt.desc()).limit(4)
   */
  limit(count: number): LoaderOption<T> {
    if (!Number.isSafeInteger(count) || count < 1)
      throw new ArgumentError(`limit() of a loader option takes a positive integer, not ${describe(count)}`, {
        fix: "leave limit() out to load all, or use noload() for none",
      });
    return this.#window("limit()", (window) => ({ orderBy: window?.orderBy ?? [], limit: count }));
  }

  #window(name: string, make: (window: CollectionWindow | null) => CollectionWindow): LoaderOption<T> {
    const last = this.entries.at(-1);
    const step = this.path.at(-1);
    const known = last?.action.kind === "relationship" && last.path === this.path ? last.action.choice : null;
    if (last === undefined || step === undefined || known?.strategy !== "selectin")
      throw new ArgumentError(`${name} of a loader option stands right behind selectinload()`, {
        fix: "write selectinload(User.$.posts).orderBy(…).limit(n) before what goes on from there",
      });
    if (step.key === "*" || step.owner === null)
      throw new ArgumentError(`${name} is said of one collection, not of "*"`, { fix: "name the relationship" });
    step.owner.mapper.configure();
    const property = step.owner.mapper.props.get(step.key) as { readonly uselist?: boolean } | undefined;
    if (property?.uselist !== true)
      throw new ArgumentError(
        `${name} is said of a collection, and ${step.owner.mapper.class.name}.${step.key} is a single object`,
        { fix: `leave ${name} out` },
      );
    const action: OptionAction = { kind: "relationship", choice: { ...known, window: make(known.window) } };
    return new LoaderOption<T>([...this.entries.slice(0, -1), { ...last, action }], this.path, this.root);
  }

  /** Loads by a second statement that has the first one as a subquery. */
  subqueryload<U>(attribute: RelationshipPath<T, U> | "*"): LoaderOption<U> {
    return this.#relationship<U>(attribute, choice("subquery"));
  }

  /** Loads on first access. */
  lazyload<U>(attribute: RelationshipPath<T, U> | "*"): LoaderOption<U> {
    return this.#relationship<U>(attribute, choice("select"));
  }

  /** Loads with the parent, by one statement per object. */
  immediateload<U>(attribute: RelationshipPath<T, U> | "*", options: RecursiveLoadOptions = {}): LoaderOption<U> {
    return this.#relationship<U>(attribute, choice("immediate", { recursionDepth: options.recursionDepth ?? null }));
  }

  /** Makes access to the unloaded relationship an error. */
  raiseload<U>(attribute: RelationshipPath<T, U> | "*", options: RaiseLoadOptions = {}): LoaderOption<U> {
    return this.#relationship<U>(attribute, choice(options.sqlOnly === true ? "raiseOnSql" : "raise"));
  }

  /** Leaves the relationship empty. */
  noload<U>(attribute: RelationshipPath<T, U> | "*"): LoaderOption<U> {
    return this.#relationship<U>(attribute, choice("noload"));
  }

  /** Keeps the mapped strategy and goes on along the relationship. */
  defaultload<U>(attribute: RelationshipPath<T, U>): LoaderOption<U> {
    return this.#relationship<U>(attribute, null);
  }

  /** Fills the relationship from columns that the statement selects already. */
  containsEager<U>(attribute: RelationshipPath<T, U>, options: ContainsEagerOptions = {}): LoaderOption<U> {
    const from = options.alias === undefined ? null : entityOf.resolve(options.alias, "containsEager()");
    return this.#relationship<U>(attribute, choice("joined", { eager: { from } }));
  }

  /** Loads these columns and no others (the primary key always). */
  loadOnly(...attributes: readonly (ColumnPath<T> | DeferOptions)[]): LoaderOption<T> {
    const { given, options } = withOptions<DeferOptions>(attributes);
    let option: LoaderOption<T> = this.#column(
      "*",
      null,
      { deferred: true, raise: options.raiseload ?? false },
      given[0],
    );
    for (const attribute of given) option = option.#columns(attribute, { deferred: false, raise: false });
    return option;
  }

  /** Leaves a column out until it is accessed. */
  defer(attribute: ColumnPath<T> | "*", options: DeferOptions = {}): LoaderOption<T> {
    return this.#columns(attribute, { deferred: true, raise: options.raiseload ?? false });
  }

  /** Loads a column that is mapped as deferred. */
  undefer(attribute: ColumnPath<T> | "*"): LoaderOption<T> {
    return this.#columns(attribute, { deferred: false, raise: false });
  }

  /** Loads all columns of a deferred group. */
  undeferGroup(name: string): LoaderOption<T> {
    return this.#with({ path: this.path, entity: this.root, action: { kind: "group", name } });
  }

  /** Gives a `queryExpression()` attribute its expression in this statement. */
  withExpression(attribute: ColumnPath<T>, expression: unknown): LoaderOption<T> {
    const { key, parent } = parts(attribute);
    const entity = this.path.length > 0 ? this.root : (this.root ?? parent);
    const element = asColumnElement(resolveNode(expression) ?? literalElement(expression), "withExpression()");
    return this.#with({ path: this.path, entity, action: { kind: "expression", key, expression: element } });
  }

  /** Loads columns of subclasses by one further statement per subclass. */
  selectinPolymorphic(classes: readonly object[]): LoaderOption<T> {
    const entities = classes.map((given) => entityOf.resolve(given, "selectinPolymorphic()"));
    return this.#with({ path: this.path, entity: this.root, action: { kind: "polymorphic", entities } });
  }

  /** Several options that go on from here. */
  options(...options: readonly LoaderOption[]): LoaderOption<T> {
    const added = options.flatMap((option) =>
      option.entries.map((entry): OptionEntry => {
        const owner = entry.path[0]?.owner ?? entry.entity;
        if (owner !== null) this.#checkLink(owner, entry.path[0]?.key ?? null);
        return { ...entry, path: [...this.path, ...entry.path] };
      }),
    );
    return new LoaderOption<T>([...this.entries, ...added], this.path, this.root);
  }

  #with(entry: OptionEntry): LoaderOption<T> {
    return new LoaderOption<T>([...this.entries, entry], this.path, this.root);
  }

  #relationship<U>(attribute: RelationshipPath<T, U> | "*", given: RelationshipChoice | null): LoaderOption<U> {
    const step = attribute === "*" ? { owner: this.root, key: "*", ofType: null, criteria: [] } : stepOf(attribute);
    if (step.owner !== null && attribute !== "*") this.#checkLink(step.owner, step.key);
    const path = [...this.path, step];
    const action: OptionAction = { kind: "relationship", choice: given };
    return new LoaderOption<U>([...this.entries, { path, entity: null, action }], path, null);
  }

  /** @throws ArgumentError where an attribute of `owner` cannot stand at the end of the path. */
  #checkLink(owner: Entity, key: string | null): void {
    const before = this.path.at(-1);
    const end = before === undefined ? this.root : endOf(before);
    if (end === null || sharesRows(end, owner)) return;
    const given = `${owner.mapper.class.name}${key === null ? "" : `.${key}`}`;
    const from =
      before === undefined
        ? `element "${end.mapper.class.name}"`
        : `relationship "${before.owner?.mapper.class.name ?? ""}.${before.key}"`;
    throw new ArgumentError(`ORM mapped entity or attribute "${given}" does not link from ${from}.`, {
      fix: `go on with an attribute of ${end.mapper.class.name}`,
    });
  }

  /** A choice for a column; of a composite, for each of its columns. */
  #columns(attribute: unknown, columnChoice: ColumnChoice): LoaderOption<T> {
    if (attribute === "*") return this.#column("*", attribute, columnChoice);
    let option: LoaderOption<T> = this;
    for (const each of attribute instanceof CompositeAttribute ? attribute.elements : [attribute])
      option = option.#column(columnKey(each), each, columnChoice);
    return option;
  }

  #column(key: string, attribute: unknown, columnChoice: ColumnChoice, sample: unknown = attribute): LoaderOption<T> {
    if (attribute !== null && attribute !== "*") {
      const { parent, joinTarget } = parts(attribute);
      if (joinTarget === true)
        throw new LoaderStrategyException(
          `Can't apply a column strategy to property "${parent.mapper.class.name}.${key}", which is a relationship`,
          { fix: "use selectinload(), lazyload(), raiseload() and the like for relationships" },
        );
      this.#checkLink(parent, key);
    }
    const entity =
      this.path.length > 0 || sample === undefined || sample === null || sample === "*"
        ? this.root
        : (this.root ?? parts(sample).parent);
    return this.#with({ path: this.path, entity, action: { kind: "column", key, choice: columnChoice } });
  }
}

/** Options that a loader hands on to its own statements: what does not concern them is no mistake. */
export class CarriedOption extends LoaderOption {}

function choice(strategy: LazyStrategy, more: Partial<RelationshipChoice> = {}): RelationshipChoice {
  return { strategy, innerjoin: null, eager: null, recursionDepth: null, window: null, ...more };
}

function parts(attribute: unknown): AttributeParts {
  const given = attribute as Partial<AttributeParts> | null;
  if (
    given === null ||
    given === undefined ||
    typeof given.key !== "string" ||
    given.parent === undefined ||
    given.parent === null
  ) {
    throw new ArgumentError(`a loader option takes an attribute of a mapped class, not ${String(attribute)}`, {
      fix: "pass for example User.$.addresses",
    });
  }
  return given as AttributeParts;
}

/** The key of a column's attribute, also where the column is given by a synonym. */
function columnKey(attribute: unknown): string {
  const { key } = parts(attribute);
  return (attribute as { readonly property?: { readonly key?: string } }).property?.key ?? key;
}

function stepOf(attribute: unknown): PathStep {
  const given = parts(attribute);
  if (given.joinTarget !== true) {
    throw new LoaderStrategyException(
      `Can't apply a relationship strategy to property "${given.parent.mapper.class.name}.${given.key}", which is a column property`,
      { fix: "use loadOnly(), defer() or undefer() for columns" },
    );
  }
  return {
    owner: given.parent,
    key: given.key,
    ofType: given.ofTypeEntity ?? null,
    criteria: given.extraCriteria ?? [],
  };
}

/** The entity at the end of a step; null where it is not known. */
function endOf({ owner, key, ofType }: PathStep): Entity | null {
  if (ofType !== null || owner === null) return ofType;
  owner.mapper.configure();
  const property = owner.mapper.props.get(key) as { readonly entity?: Entity } | undefined;
  return property?.entity ?? null;
}

/** Whether rows of one entity may be rows of the other: classes of one line of inheritance. */
function sharesRows(a: Entity, b: Entity): boolean {
  return a.mapper.isa(b.mapper) || b.mapper.isa(a.mapper);
}

function withOptions<O extends object>(args: readonly unknown[]): { given: unknown[]; options: Partial<O> } {
  const given = [...args];
  const last = given.at(-1);
  const isOptions = last !== null && typeof last === "object" && Object.getPrototypeOf(last) === Object.prototype;
  return { given, options: isOptions ? (given.pop() as Partial<O>) : {} };
}
