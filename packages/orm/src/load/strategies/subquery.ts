/** `subqueryload`: one statement for the relationship, joined to the statement that loaded the parents. */
import {
  ColumnClause,
  type ColumnElement,
  columnsOf,
  type FromClause,
  LABEL_STYLE_TABLENAME_PLUS_COL,
  replacementTraverse,
  Select,
  warn,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { Entity } from "../../base/entity.ts";
import { hashOfValues, type IdentityHash } from "../../identity/key.ts";
import type { Mapper } from "../../mapping/mapper.ts";
import { entityColumn } from "../../query/adapt.ts";
import { anonymousAlias } from "../../query/alias-entity.ts";
import { nodeOf } from "../../query/entity.ts";
import type { PostPlan } from "../../query/plan.ts";
import { relationshipJoin, relationshipOrder } from "../../query/relationship-join.ts";
import type { RelationshipProperty } from "../../relationship/relationship.ts";
import { selectRowsStep } from "../execute.ts";
import type { LoadOrigin, SubqueryOrigin } from "../post-loads.ts";
import type { LoadRun, Waiting } from "../run.ts";

/** Loads a relationship; false where the parents' statement cannot be used again, so that another strategy must do. */
export function* subqueryLoad(run: LoadRun, post: PostPlan, waiting: Waiting, origin: LoadOrigin): Step<boolean> {
  const { property, owner } = post;
  const { statement } = origin;
  if (!(statement instanceof Select) || owner.parent !== null || owner.entity.alias !== null) return false;
  const parent = property.parent as Mapper;
  const node = run.node(owner).child(property.key);
  const target = run.node(owner).step(property.key)?.ofType ?? property.entity;
  const root: SubqueryOrigin = origin.subquery ?? { statement, entity: owner.entity, path: [] };
  const steps = [...root.path, property];
  const first = steps[0] as RelationshipProperty;
  const locals = localColumns(first);
  const subquery = parentsQuery(
    root.statement as Select,
    locals.map((column) => entityColumn(root.entity, column)),
  ).subquery() as FromClause;
  const outside = columnsOf(subquery.c);
  let query = new Select([nodeOf(target)]).setLabelStyle(LABEL_STYLE_TABLENAME_PLUS_COL).selectFrom(subquery);
  let source: Entity = first.parent as Mapper;
  let keys: readonly ColumnElement[] = outside;
  let secondaryTable: FromClause | null = null;
  steps.forEach((step, position) => {
    const isLast = position === steps.length - 1;
    const right = isLast ? target : anonymousAlias(step.entity);
    const { primary, secondary } = relationshipJoin(step, source, right, { aliasSecondary: true });
    const onclause =
      position > 0
        ? primary
        : replacementTraverse(primary, (part) =>
            part instanceof ColumnClause && locals.includes(part.canonical)
              ? outside[locals.indexOf(part.canonical)]
              : undefined,
          );
    query =
      secondary === null
        ? query.join(nodeOf(right), onclause as never)
        : query.join(secondary.table, onclause as never).join(nodeOf(right), secondary.condition as never);
    secondaryTable = secondary?.table ?? null;
    if (!isLast)
      keys = localColumns(steps[position + 1] as RelationshipProperty).map((column) => entityColumn(right, column));
    source = right;
  });
  query = query.addColumns(...keys) as unknown as Select;
  query = query.orderBy(...relationshipOrder(property, target, secondaryTable));
  const options = node.asOptions();
  if (options.length > 0) query = query.options(...options);
  const rows = yield* selectRowsStep(run.session, query, origin.params, {
    mapper: property.mapper,
    populateExisting: run.populateExisting,
    subquery: { ...root, path: steps },
  });
  const found = new Map<IdentityHash, Set<object>>();
  for (const row of rows) {
    if (row[0] === null) continue;
    const hash = hashOfValues(row.slice(1));
    const objects = found.get(hash);
    if (objects === undefined) found.set(hash, new Set([row[0] as object]));
    else objects.add(row[0] as object);
  }
  const attributes = localColumns(property).map((column) => parent.propertyOf(column).key);
  for (const [state, overwrite] of waiting) {
    if (!overwrite && state.dict[property.key] !== undefined) continue;
    const objects = [...(found.get(hashOfValues(attributes.map((key) => state.dict[key]))) ?? [])];
    if (!property.uselist && objects.length > 1)
      warn(`Multiple rows returned with uselist=False for eagerly-loaded attribute '${property}' `);
    state.mapper.attribute(property.key).setCommitted(state, property.uselist ? objects : (objects[0] ?? null));
  }
  return true;
}

/** Columns of the parent's side by which a relationship goes. */
function localColumns(property: RelationshipProperty): ColumnElement[] {
  const pairs = property.secondary === null ? property.localRemotePairs : property.synchronizePairs;
  return [...new Set(pairs.map(([local]) => local as ColumnElement))];
}

/** The statement of the parents, of which only the columns are wanted by which the relationship goes. */
function parentsQuery(statement: Select, columns: readonly ColumnElement[]): Select {
  let query: Select = statement.withOnlyColumns(...columns, { maintainColumnFroms: true }) as Select;
  query = query.setLabelStyle(LABEL_STYLE_TABLENAME_PLUS_COL);
  if (!statement.hasRowLimit) query = query.orderBy(null);
  return query;
}
