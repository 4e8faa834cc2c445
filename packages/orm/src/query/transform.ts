/** Registers the lowering of entity statements with the compiler, and teaches Core the columns of such statements. */
import {
  type Compiler,
  deriveSelect,
  type Node,
  RESULT_KEYS,
  registerStatementTransform,
  Select,
  type SelectBase,
} from "@athanor/core";
import type { CriteriaOption } from "../options/criteria.ts";
import { columnsIn } from "./adapt.ts";
import { filterEntitiesOf } from "./filter-by.ts";
import { lowerSelect } from "./lowering.ts";
import { attributeEntity, isOrmNode } from "./marks.ts";
import { LOAD_CRITERIA, LOAD_PLAN } from "./plan.ts";
import { resultNames } from "./result-names.ts";

/** Whether a SELECT speaks of entities. */
export function mentionsEntities(select: Select): boolean {
  for (const node of select.rawColumns) if (isOrmNode(node) || hasAttribute(node)) return true;
  for (const node of select.fromClauses) if (isOrmNode(node)) return true;
  for (const join of select.joins)
    if (
      isOrmNode(join.target) ||
      (join.onclause !== null && isOrmNode(join.onclause)) ||
      (join.from !== null && isOrmNode(join.from))
    )
      return true;
  return select.givenOptions.length > 0;
}

function hasAttribute(node: Node): boolean {
  let found = false;
  columnsIn(node, (column) => {
    if (attributeEntity(column) !== undefined) found = true;
  });
  return found;
}

/** Whether conditions speak of a single-table subclass, which has a condition of its own. */
function filtersSingle(select: Select): boolean {
  let found = false;
  for (const clause of select.whereClauses)
    columnsIn(clause, (column) => {
      if (attributeEntity(column)?.mapper.single === true) found = true;
    });
  return found;
}

function transform(statement: Node, compiler: Compiler): Node {
  if (!(statement instanceof Select) || (!mentionsEntities(statement) && !filtersSingle(statement))) return statement;
  const loads = compiler.stack.length === 0;
  const outer = loads ? undefined : (compiler.attachments.get(LOAD_CRITERIA) as readonly CriteriaOption[] | undefined);
  const { select, plan, criteria } = lowerSelect(statement, loads, outer);
  if (loads && criteria.length > 0) compiler.attachments.set(LOAD_CRITERIA, criteria);
  if (plan !== null) {
    compiler.attachments.set(LOAD_PLAN, plan);
    if (plan.entities.length === 0 && plan.items.every((item) => item.kind === "column"))
      compiler.attachments.set(RESULT_KEYS, resultNames(plan.items));
  }
  return select;
}

function plainColumns(select: Select): Select {
  return lowerSelect(select, false).select;
}

let registered = false;

/** Called once when the package is loaded. */
export function registerOrmStatements(): void {
  if (registered) return;
  registered = true;
  registerStatementTransform(transform);
  const { namedColumns, filterEntities } = deriveSelect;
  deriveSelect.namedColumns = (select: SelectBase) =>
    namedColumns(select instanceof Select && mentionsEntities(select) ? plainColumns(select) : select);
  deriveSelect.filterEntities = (select: SelectBase) =>
    select instanceof Select && mentionsEntities(select) ? filterEntitiesOf(select) : filterEntities(select);
}
