/**
 * A statement's loader options, put together: for each entity and each path below it, how relationships and columns are
 * loaded. The same nodes travel with loaded instances, so that lazy loads go on where the statement's options end.
 */
import { type ColumnElement, InvalidRequestError } from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import { type ColumnChoice, type OptionEntry, optionName, type RelationshipChoice } from "./choice.ts";
import type { CriteriaOption } from "./criteria.ts";
import { CarriedOption, LoaderOption } from "./option.ts";
import { UserDefinedOption } from "./user-defined.ts";

/** What holds for the whole of a statement, and for what its instances load later. */
export interface OptionScope {
  /** `raiseload("*")` and the like without an entity. */
  readonly wildcard: RelationshipChoice | null;
  readonly criteria: readonly CriteriaOption[];
  /** Options of the program's own that go along with later loads. */
  readonly carried: readonly UserDefinedOption[];
  /** `populateExisting` of the statement. */
  readonly populateExisting: boolean;
}

const noEntries: readonly OptionEntry[] = Object.freeze([]);

/** The options of one place: an entity of the statement, or the end of a relationship path. */
export class OptionNode {
  readonly scope: OptionScope;
  readonly entries: readonly OptionEntry[];
  readonly #children = new Map<string, OptionNode>();
  readonly #relationships = new Map<string, RelationshipChoice | null>();
  #columns: ReadonlyMap<string, ColumnChoice> | null = null;
  #groups: ReadonlySet<string> | null = null;

  constructor(scope: OptionScope, entries: readonly OptionEntry[]) {
    this.scope = scope;
    this.entries = entries;
  }

  /** Nothing is said here, nor below, nor for the whole. */
  get isTrivial(): boolean {
    const { wildcard, criteria, carried } = this.scope;
    return this.entries.length === 0 && wildcard === null && criteria.length === 0 && carried.length === 0;
  }

  /** Something is said of `"*"`, here or for the whole. */
  get hasWildcard(): boolean {
    return this.scope.wildcard !== null || this.entries.some(({ path }) => path.some(({ key }) => key === "*"));
  }

  /** The options behind a relationship. */
  child(key: string): OptionNode {
    let node = this.#children.get(key);
    if (node === undefined) {
      const below = this.entries.flatMap((entry): OptionEntry[] => {
        const [first, ...rest] = entry.path;
        if (first === undefined || first.key !== key) return [];
        return rest.length === 0 && entry.action.kind === "relationship" ? [] : [{ ...entry, path: rest }];
      });
      node = new OptionNode(this.scope, below.length === 0 ? noEntries : below);
      this.#children.set(key, node);
    }
    return node;
  }

  /** The step of the path along a relationship, where some option takes it: `ofType()` and `and()`. */
  step(key: string): OptionEntry["path"][number] | null {
    let found: OptionEntry["path"][number] | null = null;
    for (const entry of this.entries) {
      const first = entry.path[0];
      if (first !== undefined && first.key === key && (first.ofType !== null || first.criteria.length > 0))
        found = first;
    }
    return found;
  }

  /**
   * How a relationship is to be loaded; null where no option says so.
   *
   * @throws InvalidRequestError when two options contradict each other.
   */
  relationship(key: string): RelationshipChoice | null {
    let choice = this.#relationships.get(key);
    if (choice === undefined) {
      choice =
        this.#findRelationship(key) ?? asWildcard(this.#findRelationship("*")) ?? asWildcard(this.scope.wildcard);
      this.#relationships.set(key, choice);
    }
    return choice;
  }

  #findRelationship(key: string): RelationshipChoice | null {
    let found: RelationshipChoice | null = null;
    for (const { path, action } of this.entries) {
      if (action.kind !== "relationship" || action.choice === null || path.length !== 1 || path[0]?.key !== key)
        continue;
      if (found !== null && found.strategy !== action.choice.strategy && key !== "*") {
        const owner = path[0].owner?.mapper.class.name ?? "";
        throw new InvalidRequestError(
          `Loader strategy replacement ${optionName(action.choice)}(${owner}.${key}) is in conflict with existing strategy ${optionName(found)}(${owner}.${key})`,
          { fix: "name each relationship path with one strategy only" },
        );
      }
      found = action.choice;
    }
    return found;
  }

  /** Whether a column is left out; null where no option says so. */
  column(key: string, group: string | null): ColumnChoice | null {
    if (this.entries.length === 0) return null;
    if (this.#columns === null) {
      const columns = new Map<string, ColumnChoice>();
      const groups = new Set<string>();
      for (const { path, action } of this.entries) {
        if (path.length > 0) continue;
        if (action.kind === "column") columns.set(action.key, action.choice);
        else if (action.kind === "group") groups.add(action.name);
      }
      this.#columns = columns;
      this.#groups = groups;
    }
    if (group !== null && this.#groups?.has(group)) return { deferred: false, raise: false };
    return this.#columns.get(key) ?? this.#columns.get("*") ?? null;
  }

  /** The expression that a statement gives to a `queryExpression()` attribute; null for none. */
  expression(key: string): ColumnElement | null {
    for (const { path, action } of this.entries)
      if (path.length === 0 && action.kind === "expression" && action.key === key) return action.expression;
    return null;
  }

  /** Entities whose columns are loaded by further statements (`selectinPolymorphic`). */
  get polymorphic(): readonly Entity[] {
    return this.entries.flatMap(({ path, action }) =>
      path.length === 0 && action.kind === "polymorphic" ? action.entities : [],
    );
  }

  /** The options as one option of another statement that starts here. */
  asOptions(): (LoaderOption | CriteriaOption | UserDefinedOption)[] {
    const options: (LoaderOption | CriteriaOption | UserDefinedOption)[] = [...this.scope.carried];
    if (this.entries.length > 0) options.push(new CarriedOption(this.entries, []));
    if (this.scope.wildcard !== null) {
      const step = { owner: null, key: "*", ofType: null, criteria: [] };
      options.push(
        new CarriedOption(
          [{ path: [step], entity: null, action: { kind: "relationship", choice: this.scope.wildcard } }],
          [],
        ),
      );
    }
    for (const option of this.scope.criteria) if (option.propagates) options.push(option);
    return options;
  }
}

function asWildcard(choice: RelationshipChoice | null): RelationshipChoice | null {
  return choice === null ? null : { ...choice, isWildcard: true };
}

/** The options of one statement. */
export class OptionTree {
  readonly scope: OptionScope;
  readonly #entries: readonly OptionEntry[];
  readonly #nodes = new Map<Entity, OptionNode>();

  constructor(options: readonly unknown[], criteria: readonly CriteriaOption[], populateExisting: boolean) {
    const all = options.flatMap((option) => (option instanceof LoaderOption ? option.entries : []));
    let wildcard: RelationshipChoice | null = null;
    this.#entries = all.filter((entry) => {
      const isWild =
        entry.path.length === 1 &&
        entry.path[0]?.owner === null &&
        entry.path[0].key === "*" &&
        entry.action.kind === "relationship";
      if (isWild && entry.action.kind === "relationship") wildcard = entry.action.choice;
      return !isWild;
    });
    const carried = options.filter((option) => option instanceof UserDefinedOption && option.propagateToLoaders);
    this.scope = { wildcard, criteria, carried: carried as UserDefinedOption[], populateExisting };
  }

  /** The options that hold for one entity of the statement. */
  node(entity: Entity): OptionNode {
    let node = this.#nodes.get(entity);
    if (node === undefined) {
      const entries = this.#entries.filter((entry) => {
        const root = entry.path[0]?.owner ?? entry.entity;
        return root === null || concerns(root, entity);
      });
      this.#nodes.set(entity, (node = new OptionNode(this.scope, entries)));
    }
    return node;
  }
}

/** Whether options for `root` hold for `entity`: the same alias, or mappers of one line of inheritance. */
function concerns(root: Entity, entity: Entity): boolean {
  if (root === entity) return true;
  const isPlain = entity.alias === null || (entity as { readonly isImplicit?: boolean }).isImplicit === true;
  if (root.alias !== null || !isPlain) return root.alias !== null && root.alias === entity.alias;
  return root.mapper.isa(entity.mapper) || entity.mapper.isa(root.mapper);
}
