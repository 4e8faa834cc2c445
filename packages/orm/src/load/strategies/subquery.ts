/** `subqueryload`: one statement for the relationship, joined to the statement that loaded the parents. */
import { type ColumnElement, columnsOf, type FromClause, LABEL_STYLE_TABLENAME_PLUS_COL, replacementTraverse, ColumnClause, Select, warn } from "@athanor/core";
import type { Step } from "@athanor/driver";
import { hashOfValues, type IdentityHash } from "../../identity/key.ts";
import type { Mapper } from "../../mapping/mapper.ts";
import { entityColumn } from "../../query/adapt.ts";
import { nodeOf } from "../../query/entity.ts";
import type { PostPlan } from "../../query/plan.ts";
import { relationshipJoin, relationshipOrder } from "../../query/relationship-join.ts";
import { selectRowsStep } from "../execute.ts";
import type { LoadOrigin } from "../post-loads.ts";
import type { LoadRun, Waiting } from "../run.ts";

/** Loads a relationship; false where the parents' statement cannot be used again, so that another strategy must do. */
export function* subqueryLoad(run: LoadRun, post: PostPlan, waiting: Waiting, origin: LoadOrigin): Step<boolean> {
  const { property, owner } = post;
  const { statement } = origin;
  if (!(statement instanceof Select) || owner.parent !== null || owner.entity.alias !== null) return false;
  const parent = property.parent as Mapper;
  const node = run.node(owner).child(property.key);
  const step = run.node(owner).step(property.key);
  const target = step?.ofType ?? property.entity;
  const locals = [...new Set(property.localRemotePairs.map(([local]) => local as ColumnElement))];
  const keys = locals.map((column) => parent.propertyOf(column).key);
  const parents = parentsQuery(statement, locals.map((column) => entityColumn(owner.entity, column)));
  const subquery = parents.subquery() as FromClause;
  const outside = columnsOf(subquery.c);
  const { primary, secondary } = relationshipJoin(property, parent, target, { aliasSecondary: true });
  const onclause = replacementTraverse(primary, (part) => {
    if (!(part instanceof ColumnClause)) return undefined;
    const index = locals.indexOf(part.canonical);
    return index < 0 ? undefined : outside[index];
  });
  let query = new Select([nodeOf(target), ...outside]).setLabelStyle(LABEL_STYLE_TABLENAME_PLUS_COL).selectFrom(subquery);
  query = secondary === null ? query.join(nodeOf(target), onclause as never) : query.join(secondary.table, onclause as never).join(nodeOf(target), secondary.condition as never);
  query = query.orderBy(...relationshipOrder(property, target, secondary?.table ?? null));
  const options = node.asOptions();
  if (options.length > 0) query = query.options(...options);
  const rows = yield* selectRowsStep(run.session, query, origin.params, { mapper: property.mapper, populateExisting: run.populateExisting });
  const found = new Map<IdentityHash, Set<object>>();
  for (const row of rows) {
    const hash = hashOfValues(row.slice(1));
    const objects = found.get(hash);
    if (row[0] === null) continue;
    if (objects === undefined) found.set(hash, new Set([row[0] as object]));
    else objects.add(row[0] as object);
  }
  for (const [state, overwrite] of waiting) {
    if (!overwrite && state.dict[property.key] !== undefined) continue;
    const objects = [...(found.get(hashOfValues(keys.map((key) => state.dict[key]))) ?? [])];
    if (!property.uselist && objects.length > 1) warn(`Multiple rows returned with uselist=False for eagerly-loaded attribute '${property}' `);
    state.mapper.attribute(property.key).setCommitted(state, property.uselist ? objects : (objects[0] ?? null));
  }
  return true;
}

/** The statement of the parents, of which only the columns are wanted by which the relationship goes. */
function parentsQuery(statement: Select, columns: readonly ColumnElement[]): Select {
  let query: Select = statement.withOnlyColumns(...columns, { maintainColumnFroms: true }) as Select;
  query = query.setLabelStyle(LABEL_STYLE_TABLENAME_PLUS_COL);
  if (!statement.hasRowLimit) query = query.orderBy(null);
  return query;
}
