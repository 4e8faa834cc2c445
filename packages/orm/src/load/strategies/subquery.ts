/** `subqueryload`: one statement for the relationship, joined to the statement that loaded the parents. */
import {
  ColumnClause,
  ColumnElement,
  columnsOf,
  type FromClause,
  joinConditions,
  LABEL_STYLE_TABLENAME_PLUS_COL,
  operators,
  replacementTraverse,
  Select,
  Table,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { Entity } from "../../base/entity.ts";
import { hashOfValue, hashOfValues, type IdentityHash } from "../../identity/key.ts";
import { KeyTable } from "../../identity/key-table.ts";
import { ColumnAttribute } from "../../mapping/column-attribute.ts";
import type { ColumnProperty } from "../../mapping/column-property.ts";
import type { Mapper } from "../../mapping/mapper.ts";
import { entityColumn, entityExpression, orderColumns } from "../../query/adapt.ts";
import { userAlias, widenedEntity } from "../../query/alias-entity.ts";
import { nodeOf } from "../../query/entity.ts";
import type { EntityPlan, PostPlan } from "../../query/plan.ts";
import { relationshipJoin, relationshipOrder } from "../../query/relationship-join.ts";
import { trailOptions } from "../../query/trail-option.ts";
import type { RelationshipProperty } from "../../relationship/relationship.ts";
import type { InstanceState } from "../../state/instance-state.ts";
import { selectRowsStep } from "../execute.ts";
import type { LoadOrigin, SubqueryOrigin } from "../post-loads.ts";
import { attributesOf, Gathered, type LoadRun, type Waiting } from "../run.ts";
import { noneRelated, storeRelated } from "./store-related.ts";

/** Loads a relationship; false where the parents' statement cannot be used again, so that another strategy must do. */
export function* subqueryLoad(run: LoadRun, post: PostPlan, waiting: Waiting, origin: LoadOrigin): Step<boolean> {
  const { property, owner } = post;
  const { statement } = origin;
  if (!(statement instanceof Select)) return false;
  const { plan, path } = wayTo(owner);
  const root: SubqueryOrigin = origin.subquery ?? { statement, entity: plan.entity, path: [] };
  const steps = [...root.path, ...path, property];
  const query = relatedQuery(run, post, root, steps);
  const rows = yield* selectRowsStep(run.session, query, origin.params, {
    mapper: property.mapper,
    purpose: { kind: "relationship", property },
    populateExisting: run.populateExisting,
    subquery: { ...root, path: steps },
  });
  storeAll(property, waiting, rows);
  return true;
}

/** The plan at the root of a plan's statement, and the relationships between them. */
function wayTo(owner: EntityPlan): { readonly plan: EntityPlan; readonly path: readonly RelationshipProperty[] } {
  const path: RelationshipProperty[] = [];
  let plan = owner;
  while (plan.parent !== null) {
    const { key } = plan;
    path.unshift(plan.parent.mapper.getProperty(key as string) as RelationshipProperty);
    plan = plan.parent;
  }
  return { plan, path };
}

/** The related objects of all that the root's statement finds, with the keys to tell whose they are. */
function relatedQuery(
  run: LoadRun,
  { property, owner, choice, trail }: PostPlan,
  root: SubqueryOrigin,
  steps: readonly RelationshipProperty[],
): Select {
  const parentNode = run.node(owner);
  const node = parentNode.child(property.key);
  const option = parentNode.step(property.key);
  const target = option?.ofType ? widenedEntity(property.entity, option.ofType) : property.entity;
  const first = steps[0] as RelationshipProperty;
  const locals = localColumns(first);
  const inside = locals.map((column) => attributeColumn(root.entity, column));
  const subquery = parentsQuery(root.statement as Select, inside, first, locals).subquery() as FromClause;
  const outside = columnsOf(subquery.c).slice(0, inside.length);
  const toOutside = (part: unknown): ColumnElement | undefined =>
    part instanceof ColumnElement
      ? outside[inside.findIndex((column) => column.canonical === part.canonical)]
      : undefined;
  let query = new Select([nodeOf(target)]).setLabelStyle(LABEL_STYLE_TABLENAME_PLUS_COL).selectFrom(subquery);
  let source = root.entity;
  let keys: readonly ColumnElement[] = outside;
  let secondaryTable: FromClause | null = null;
  steps.forEach((step, position) => {
    const next = steps[position + 1];
    const right: Entity = next === undefined ? target : userAlias(nearest(step.mapper, next.parent as Mapper));
    const { primary, secondary } = relationshipJoin(step, source, right, { aliasSecondary: true });
    const onclause = position > 0 ? primary : replacementTraverse(primary, toOutside);
    const criteria = next === undefined ? (option?.criteria ?? []).map((each) => entityExpression(right, each)) : [];
    query =
      secondary === null
        ? query.join(nodeOf(right), joinConditions(operators.and, [onclause, ...criteria]) as never)
        : query
            .join(secondary.table, onclause as never)
            .join(nodeOf(right), joinConditions(operators.and, [secondary.condition, ...criteria]) as never);
    secondaryTable = secondary?.table ?? null;
    if (next !== undefined) keys = localColumns(next).map((column) => entityColumn(right, column));
    source = right;
  });
  query = query.addColumns(...keys) as unknown as Select;
  query = query.orderBy(...relationshipOrder(property, target, secondaryTable));
  const options = [
    ...node.asOptions(),
    ...trailOptions(target.mapper, node, [...trail, { property, byOption: choice !== null }]),
  ];
  return options.length > 0 ? query.options(...options) : query;
}

/** A column of an entity, with the entity known of it, so that its criteria hold. */
function attributeColumn(entity: Entity, column: ColumnElement): ColumnElement {
  const moved = entityColumn(entity, column);
  return entity.alias === null && moved instanceof ColumnClause
    ? new ColumnAttribute(entity, entity.mapper.propertyOf(column) as ColumnProperty, moved)
    : moved;
}

/** The class on the way: that of a relationship's end, or the subclass that the next relationship starts from. */
function nearest(mapper: Mapper, owner: Mapper): Mapper {
  return owner.isa(mapper) ? owner : mapper;
}

/** Columns of the parent's side by which a relationship goes. */
function localColumns(property: RelationshipProperty): ColumnElement[] {
  const pairs = property.secondary === null ? property.localRemotePairs : property.synchronizePairs;
  return [...new Set(pairs.map(([local]) => local as ColumnElement))];
}

/** The statement of the parents, of which only the columns are wanted by which the relationship goes. */
function parentsQuery(
  statement: Select,
  columns: readonly ColumnElement[],
  property: RelationshipProperty,
  locals: readonly ColumnElement[],
): Select {
  const isDistinct = property.distinctTargetKey ?? isPartial(locals);
  // SELECT DISTINCT sorts by nothing but what it selects.
  const order = isDistinct && statement.hasRowLimit ? orderColumns(statement.orderByClauses) : [];
  const all = [...columns, ...order.filter((each) => !columns.some((known) => known.canonical === each.canonical))];
  let query: Select = statement.withOnlyColumns(...all, { maintainColumnFroms: true }) as Select;
  query = query.setLabelStyle(LABEL_STYLE_TABLENAME_PLUS_COL);
  if (isDistinct) query = query.distinct() as Select;
  if (!statement.hasRowLimit) query = query.orderBy(null);
  return query;
}

/** Whether columns leave out some of their tables' primary keys, so that rows may repeat. */
function isPartial(columns: readonly ColumnElement[]): boolean {
  return columns.some((column) => {
    const { table } = column as { readonly table?: unknown };
    return table instanceof Table && table.primaryKeyColumns.some((key) => !columns.includes(key));
  });
}

function storeAll(property: RelationshipProperty, waiting: Waiting, rows: readonly (readonly unknown[])[]): void {
  const found = groupsOf(rows);
  const parent = property.parent as Mapper;
  const keys = localColumns(property).map((column) => parent.propertyOf(column).key);
  const single = keys.length === 1 ? (keys[0] as string) : null;
  const attributeOf = attributesOf(property.key);
  const { states } = waiting;
  for (let place = 0; place < states.length; place++) {
    const state = states[place] as InstanceState;
    const { dict } = state;
    if (!waiting.at(place) && dict[property.key] !== undefined) continue;
    const hash = single === null ? hashOfValues(keys.map((key) => dict[key])) : hashOfValue(dict[single]);
    storeRelated(property, attributeOf(state), state, found.get(hash)?.items ?? noneRelated);
  }
}

/** The objects of rows, whose other values are the keys that they are for. */
function groupsOf(rows: readonly (readonly unknown[])[]): KeyTable<Gathered> {
  const groups = new KeyTable<Gathered>();
  let last: IdentityHash | undefined;
  let group: Gathered | undefined;
  for (const row of rows) {
    const object = row[0] as object | null;
    if (object === null) continue;
    const hash = row.length === 2 ? hashOfValue(row[1]) : hashOfValues(row.slice(1));
    if (group === undefined || hash !== last) {
      group = groups.get(hash);
      if (group === undefined) groups.set(hash, (group = new Gathered()));
      last = hash;
    }
    group.add(object);
  }
  return groups;
}
