/**
 * Turns a SELECT about entities into a plain one: entities become columns, relationship joins become ON conditions, eager
 * joins and extra criteria are added. Next: ./entity-columns.ts (what an entity brings), ./joins.ts, ./transform.ts.
 */
import {
  ClauseElement,
  ColumnClause,
  ColumnElement,
  childrenOf,
  columnsOf,
  copyWith,
  expandColumns,
  type FromClause,
  type FromElement,
  InvalidRequestError,
  isFromClause,
  Join,
  joinConditions,
  type Node,
  operators,
  replacementTraverse,
  Select,
  SelectBase,
  Subquery,
} from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import type { EntityNode } from "../base/entity-node.ts";
import { checkOptions } from "../options/check.ts";
import type { RelationshipChoice } from "../options/choice.ts";
import { CriteriaOption } from "../options/criteria.ts";
import { OptionTree } from "../options/tree.ts";
import type { RelationshipProperty } from "../relationship/relationship.ts";
import { adaptAttributes, columnsIn, containsFrom, entityColumn, entityExpression, orderColumns } from "./adapt.ts";
import { AliasEntity } from "./alias-entity.ts";
import { EagerJoins } from "./eager-join.ts";
import { type Bucket, type ColumnTarget, setUpEntity, type Trail } from "./entity-columns.ts";
import { ExistsOption } from "./exists-option.ts";
import { FromSetOption } from "./from-set.ts";
import { applyJoin, type JoinSurroundings } from "./joins.ts";
import { attributeEntity, bundleOf, entityOfNode, relationshipOf } from "./marks.ts";
import { NoEagerJoinsOption, OnlyKeysOption } from "./only-keys.ts";
import { type EntityPlan, type LoadPlan, type ResultItem, Slot } from "./plan.ts";
import { nameOfElement } from "./result-names.ts";
import { entityCriterion } from "./single-table.ts";
import { TrailOption } from "./trail-option.ts";

/** What a SELECT became. */
export interface LoweredSelect {
  readonly select: Select;
  /** Null where the statement is not loaded from: subqueries. */
  readonly plan: LoadPlan | null;
  /** Its loader criteria. */
  readonly criteria: readonly CriteriaOption[];
}

/** The options of a statement as a tree. */
export function optionTreeOf(
  statement: {
    readonly givenOptions: readonly unknown[];
    readonly givenExecutionOptions: Readonly<Record<string, unknown>>;
  },
  outer: readonly CriteriaOption[] = [],
): OptionTree {
  const own = statement.givenOptions.filter((option) => option instanceof CriteriaOption);
  const criteria = outer.length === 0 ? own : [...new Set([...own, ...outer])];
  return new OptionTree(statement.givenOptions, criteria, statement.givenExecutionOptions["populateExisting"] === true);
}

/** Lowers a list of columns by itself: RETURNING, the columns that rows of text are read as. */
export function lowerColumns(
  nodes: readonly Node[],
  statement: Parameters<typeof optionTreeOf>[0],
  extra: readonly ColumnElement[],
): { readonly columns: readonly Node[]; readonly plan: LoadPlan } {
  const select = copyWith(new Select(nodes), {
    givenOptions: statement.givenOptions,
    givenExecutionOptions: statement.givenExecutionOptions,
  });
  return new Lowering(select, true).columnsOnly(extra);
}

/** Lowers a SELECT; `loads` for the outermost statement, whose rows become objects; `outer`: criteria of the one around. */
export function lowerSelect(select: Select, loads: boolean, outer?: readonly CriteriaOption[]): LoweredSelect {
  return new Lowering(select, loads, outer).run();
}

class Lowering implements ColumnTarget, JoinSurroundings {
  readonly select: Select;
  readonly loads: boolean;
  readonly onlyKeys: ReadonlySet<string> | null;
  readonly tree: OptionTree;
  readonly froms: Node[] = [];
  readonly eager = new EagerJoins();
  readonly #primary: Slot[] = [];
  readonly #secondary: Slot[] = [];
  readonly #others = new Map<Slot, Node>();
  readonly #known = new Map<ColumnElement, Slot>();
  readonly #plans: EntityPlan[] = [];
  readonly #trail: Trail;
  /** Entities in the column list or FROM, in order, whose criteria go to WHERE. */
  readonly #entities = new Set<Entity>();
  readonly #joined = new Set<Entity>();
  /** Entities that got an alias, because their tables were joined already. */
  readonly #replaced = new Map<Entity, AliasEntity>();
  /** Selectables of the entities in the column list, in order. */
  readonly #fallback: FromClause[] = [];
  /** Some of them would not follow from the columns. */
  #needsFallback = false;
  #joinsAllowed = true;
  /** The set operation that the columns are read from: the SELECT of `Query.union()` and its kin. */
  readonly #set: FromClause | null;
  #between = 0;

  constructor(select: Select, loads: boolean, outer?: readonly CriteriaOption[]) {
    this.select = select;
    this.loads = loads;
    this.tree = optionTreeOf(select, outer);
    const only = select.givenOptions.find((option) => option instanceof OnlyKeysOption);
    this.onlyKeys = only?.keys ?? null;
    const set = select.givenOptions.find((option) => option instanceof FromSetOption);
    this.#set = set?.from ?? null;
    if (this.#set !== null) {
      this.froms.push(this.#set);
      this.#readFrom(this.#set, select.rawColumns);
    }
    if (select.givenOptions.some((option) => option instanceof NoEagerJoinsOption)) this.#joinsAllowed = false;
    const trail = select.givenOptions.find((option) => option instanceof TrailOption)?.trail ?? [];
    this.#trail = trail.map((step) => ({ ...step, isBefore: true }));
  }

  /** The entities of the column list stand for columns of a selectable. */
  #readFrom(from: FromClause, columns: readonly Node[]): void {
    for (const node of columns) {
      const bundle = bundleOf(node);
      if (bundle !== undefined) this.#readFrom(from, bundle.elements);
      const entity = entityOfNode(node) ?? attributeEntity(node);
      if (entity !== undefined && !this.#replaced.has(entity))
        this.#replaced.set(entity, new AliasEntity(entity.mapper, from, entity.name, [], true));
    }
  }

  /** The columns without a statement around them; eager joins are left out. */
  columnsOnly(extra: readonly ColumnElement[]): { readonly columns: readonly Node[]; readonly plan: LoadPlan } {
    this.#joinsAllowed = false;
    const items = this.#items(this.select.rawColumns, (index) => index);
    this.#checkOptions();
    for (const column of extra) {
      const slot = new Slot(column);
      this.#primary.push(slot);
    }
    this.#primary.forEach((slot, index) => {
      slot.index = index;
    });
    return {
      columns: this.#raw(this.#primary),
      plan: { items, entities: this.#plans, needsUnique: false, memo: undefined },
    };
  }

  run(): LoweredSelect {
    const { select } = this;
    for (const node of [...select.rawColumns, ...select.fromClauses])
      (entityOfNode(node) ?? attributeEntity(node))?.mapper.configure();
    for (const from of select.fromClauses) this.froms.push(this.#from(from));
    for (const entry of select.joins) applyJoin(entry, this);
    const items = this.#items(select.rawColumns, (index) => index);
    this.#checkOptions();
    this.eager.addJoinedColumns(this);
    const isExplicit = this.froms.length > 0;
    const needsFallback = this.#needsFallback || (!isExplicit && !this.eager.isEmpty);
    for (const from of needsFallback ? this.#fallback : []) {
      if (isExplicit && !(from instanceof Join)) continue;
      if (!this.froms.some((known) => containsFrom(known, from))) this.froms.push(from);
    }
    const move = this.#adapter();
    const where = [...select.whereClauses.map(move), ...this.#criteria()];
    const changes: Record<string, unknown> = {
      ...(move === same
        ? {}
        : {
            groupByClauses: select.groupByClauses.map(move),
            havingClauses: select.havingClauses.map(move),
            orderByClauses: select.orderByClauses.map(move),
          }),
      joins: [],
      whereClauses: where,
      correlated: select.correlated?.map((from) => this.#selectableOf(from)) ?? null,
      correlatedExcept: select.correlatedExcept?.map((from) => this.#selectableOf(from)) ?? null,
      hints: select.hints.map((hint) =>
        hint.table === null ? hint : { ...hint, table: this.#selectableOf(hint.table) },
      ),
    };
    const lowered = this.eager.needsSubquery(select) ? this.#compound(changes) : this.#simple(changes);
    this.#primary.forEach((slot, index) => {
      slot.index = index;
    });
    this.#secondary.forEach((slot, index) => {
      slot.index = this.#primary.length + this.#between + index;
    });
    return {
      select: lowered,
      criteria: this.tree.scope.criteria,
      plan: this.loads ? { items, entities: this.#plans, needsUnique: this.eager.repeatsRows, memo: undefined } : null,
    };
  }

  /**
   * Attributes of classes that are selected from a union (concrete inheritance) stand for columns of the union, those of
   * classes that were given an alias for columns of the alias.
   */
  #adapter(): <N extends Node>(node: N) => N {
    if (this.#replaced.size > 0 || this.#set !== null) return (node) => this.moved(node);
    const special = [...this.#entities].some(
      (entity) =>
        entity.alias === null && entity.mapper.concrete && entity.selectable !== entity.mapper.persistSelectable,
    );
    return special ? adaptAttributes : same;
  }

  #checkOptions(): void {
    if (this.loads && this.select.givenOptions.length > 0)
      checkOptions(
        this.select.givenOptions,
        this.#plans.filter(({ parent }) => parent === null).map(({ entity }) => entity),
      );
  }

  // ---- columns ----

  addColumn(element: ColumnElement, bucket: Bucket): Slot {
    const key = element.canonical;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const slot = new Slot(element);
    this.#known.set(key, slot);
    (bucket === "primary" ? this.#primary : this.#secondary).push(slot);
    return slot;
  }

  addPlan(plan: EntityPlan): void {
    this.#plans.push(plan);
  }

  eagerJoin(
    plan: EntityPlan,
    property: RelationshipProperty,
    choice: RelationshipChoice | null,
    trail: Trail,
    bucket: Bucket,
  ): void {
    // Rows that the statement brings along need no join.
    if (this.#joinsAllowed || (choice !== null && choice.eager !== null))
      this.eager.add(this, plan, property, choice, trail, bucket);
  }

  #items(nodes: readonly Node[], source: (index: number) => number): ResultItem[] {
    return nodes.flatMap((node, index): ResultItem[] => {
      const named = entityOfNode(node);
      if (named !== undefined) {
        const entity = this.#replaced.get(named) ?? named;
        this.#noteEntity(entity);
        const plan = setUpEntity(this, entity, this.tree.node(named), "primary", this.#trail);
        return [{ kind: "entity", plan, source: source(index), name: named.name, owner: (node as EntityNode).owner }];
      }
      const bundle = bundleOf(node);
      if (bundle !== undefined)
        return [
          { kind: "bundle", items: this.#items(bundle.elements, () => source(index)), bundle: bundle.bundleShape },
        ];
      if (relationshipOf(node) !== undefined) {
        throw new InvalidRequestError(`Can't select the relationship ${String(node)} as a column`, {
          fix: "join along it and select the related class",
        });
      }
      if (isFromClause(node)) return expandColumns([node]).map((column) => this.#column(column));
      return [this.#column(node)];
    });
  }

  #column(given: Node): ResultItem {
    const node = adaptAttributes(this.moved(given));
    const slot = new Slot(node as ColumnElement);
    this.#others.set(slot, node);
    this.#primary.push(slot);
    if (node instanceof ColumnElement) {
      if (!this.#known.has(node.canonical)) this.#known.set(node.canonical, slot);
      const owner = firstEntity(given);
      if (owner !== undefined) this.#noteEntity(this.#replaced.get(owner) ?? owner);
    }
    return { kind: "column", slot, name: nameOfElement(given) };
  }

  #noteEntity(entity: Entity): void {
    this.#entities.add(entity);
    const { selectable } = entity;
    if (selectable instanceof Join) this.#needsFallback = true;
    if (!this.#fallback.includes(selectable)) this.#fallback.push(selectable);
  }

  // ---- FROM ----

  candidates(): FromClause[] {
    const found = new Set<FromElement>();
    for (const node of this.select.rawColumns) {
      const entity = entityOfNode(node) ?? attributeEntity(node);
      if (entity !== undefined) found.add(entity.selectable);
      else if (node instanceof ClauseElement) node.collectFroms(found);
    }
    return [...found] as FromClause[];
  }

  joined(entity: Entity): void {
    this.#joined.add(entity);
  }

  replace(entity: Entity, alias: AliasEntity): void {
    this.#replaced.set(entity, alias);
  }

  moved<N extends Node>(node: N): N {
    if (this.#replaced.size === 0 && this.#set === null) return node;
    return replacementTraverse(node, (part) => {
      const owner = part instanceof ColumnClause ? attributeEntity(part) : undefined;
      if (owner === undefined && part instanceof ColumnElement && this.#set !== null)
        return this.#set.correspondingColumn(part, part instanceof ColumnClause) ?? undefined;
      const alias = owner === undefined ? undefined : this.#replaced.get(owner);
      return alias === undefined ? undefined : entityColumn(alias, part as ColumnClause);
    });
  }

  /** Conditions of one entity: single-table inheritance, then `withLoaderCriteria`. */
  criteriaOf(entity: Entity): ClauseElement[] {
    const single = entityCriterion(entity);
    return single === null ? this.#loaderCriteria(entity) : [single, ...this.#loaderCriteria(entity)];
  }

  #loaderCriteria(entity: Entity): ClauseElement[] {
    return this.tree.scope.criteria.flatMap((option) => {
      const criterion = option.criteriaFor(entity);
      return criterion === null ? [] : [entityExpression(entity, criterion)];
    });
  }

  #from(from: Node): Node {
    const entity = entityOfNode(from);
    if (entity === undefined) return from;
    this.#entities.add(entity);
    return entity.selectable;
  }

  #selectableOf(node: Node): Node {
    return entityOfNode(node)?.selectable ?? node;
  }

  #criteria(): ClauseElement[] {
    const exists = this.select.givenOptions.find((option) => option instanceof ExistsOption);
    if (exists !== undefined) return this.#loaderCriteria(exists.entity);
    const mentioned: Entity[] = [];
    for (const clause of this.select.whereClauses) {
      columnsIn(clause, (column) => {
        const entity = attributeEntity(column);
        if (entity?.mapper.single && !this.#entities.has(entity) && !mentioned.includes(entity))
          mentioned.unshift(entity);
      });
    }
    const all = [...this.#entities, ...mentioned].filter((entity) => !this.#joined.has(entity));
    const unique = all.filter(
      (entity, index) =>
        all.findIndex((other) => other.selectable === entity.selectable && other.mapper === entity.mapper) === index,
    );
    return unique.flatMap((entity) => this.criteriaOf(entity));
  }

  // ---- the statement ----

  #raw(slots: readonly Slot[]): Node[] {
    return slots.map((slot) => this.#others.get(slot) ?? slot.element);
  }

  #simple(changes: Record<string, unknown>): Select {
    const { select, eager } = this;
    const froms = [...this.froms];
    eager.attach(froms, (node) => node);
    return copyWith(select, {
      ...changes,
      rawColumns: this.#raw([...this.#primary, ...this.#secondary]),
      fromClauses: froms,
      orderByClauses: [
        ...((changes["orderByClauses"] as readonly ClauseElement[] | undefined) ?? select.orderByClauses),
        ...eager.order,
      ],
    });
  }

  /** Rows that joins repeat must not be counted by LIMIT: the statement proper goes into a subquery. */
  #compound(changes: Record<string, unknown>): Select {
    const { select, eager } = this;
    const columns = this.#raw(this.#primary);
    const extra = orderColumns(select.orderByClauses).filter(
      (column) =>
        !columns.some(
          (known) => known === column || (known instanceof ColumnElement && known.canonical === column.canonical),
        ),
    );
    const inner = copyWith(select, {
      ...changes,
      rawColumns: [...columns, ...extra],
      fromClauses: this.froms,
      givenOptions: [],
      forUpdateClause: select.forUpdateClause,
    });
    const subquery = new Subquery(inner, null);
    const outside = columnsOf(subquery.c);
    // Columns that only the order needs stand between those of the statement and those of the joins.
    this.#between = outside.length - columns.length;
    const move = <N extends Node>(node: N): N =>
      replacementTraverse(node, (part) => {
        if (!(part instanceof ColumnElement)) return undefined;
        const index = [...columns, ...extra].findIndex(
          (column) =>
            column === part ||
            (column instanceof ColumnClause && part instanceof ColumnClause && column.canonical === part.canonical),
        );
        return index < 0 ? undefined : outside[index];
      });
    const froms: Node[] = [subquery];
    eager.attach(froms, move);
    const outer = copyWith(select, {
      rawColumns: [...outside, ...this.#raw(this.#secondary)],
      whereClauses: [],
      fromClauses: froms,
      joins: [],
      orderByClauses: [...select.orderByClauses.map(move), ...eager.order],
      groupByClauses: [],
      havingClauses: [],
      limitClause: null,
      offsetClause: null,
      fetchClause: null,
      fetchOptions: null,
      isDistinct: false,
      distinctOn: [],
      prefixes: [],
      suffixes: [],
      hints: [],
      correlated: null,
      correlatedExcept: null,
      addedCtes: [],
    });
    return outer;
  }
}

/** The entity that an expression speaks of first, level by level: it stands for the whole. */
function firstEntity(node: Node): Entity | undefined {
  const level = [node];
  for (const each of level) {
    const entity = attributeEntity(each);
    if (entity !== undefined) return entity;
    if (!(each instanceof SelectBase)) level.push(...childrenOf(each));
  }
  return undefined;
}

const same = <N extends Node>(node: N): N => node;

/** Conditions joined by AND, or the only one. */
export function conjunction(conditions: readonly ClauseElement[]): ClauseElement {
  return joinConditions(operators.and, conditions);
}
