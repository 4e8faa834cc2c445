/** Joined loading: the joins and columns that a statement gets for relationships loaded in the same rows. */
import {
  type ClauseElement,
  type FromClause,
  isFromClause,
  Join,
  joinConditions,
  type Node,
  operators,
  type Select,
} from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import type { RelationshipChoice } from "../options/choice.ts";
import type { RelationshipProperty } from "../relationship/relationship.ts";
import { containsFrom, entityExpression } from "./adapt.ts";
import { anonymousAlias, widenedEntity } from "./alias-entity.ts";
import { type Bucket, type ColumnTarget, setUpEntity, type Trail } from "./entity-columns.ts";
import type { EntityPlan } from "./plan.ts";
import { relationshipJoin, relationshipOrder } from "./relationship-join.ts";

/** The statement that eager joins are added to. */
export interface EagerTarget extends ColumnTarget {
  criteriaOf(entity: Entity): readonly ClauseElement[];
}

interface EagerJoin {
  /** The entity from which it goes on. */
  readonly source: FromClause;
  readonly isRoot: boolean;
  readonly right: FromClause;
  readonly condition: ClauseElement;
  readonly isouter: boolean;
  readonly nested: boolean;
}

/** The eager joins of one statement. */
export class EagerJoins {
  /** ORDER BY of the joined collections. */
  readonly order: ClauseElement[] = [];
  /** Some relationship has several rows per parent. */
  repeatsRows = false;
  readonly #joins: EagerJoin[] = [];
  readonly #outer = new Set<FromClause>();
  #multiRow = false;

  /** LIMIT, DISTINCT and GROUP BY must not see the rows that eager joins multiply. */
  needsSubquery(select: Select): boolean {
    return this.#multiRow && (select.hasRowLimit || select.isDistinct || select.groupByClauses.length > 0);
  }

  add(
    target: EagerTarget | ColumnTarget,
    plan: EntityPlan,
    property: RelationshipProperty,
    choice: RelationshipChoice | null,
    trail: Trail,
    bucket: Bucket,
  ): void {
    const node = plan.node.child(property.key);
    const step = plan.node.step(property.key);
    const further: Trail = [...trail, { property, byOption: choice !== null }];
    if (choice !== null && choice.eager !== null) {
      const entity = choice.eager.from ?? step?.ofType ?? property.entity;
      if (property.uselist) this.repeatsRows = true;
      const child = setUpEntity(target, entity, node, bucket, further, plan, property.key);
      plan.eagers.push({ property, plan: child, given: true });
      return;
    }
    const given = step?.ofType ?? null;
    // An alias that the user made is used as it is.
    const entity =
      given !== null && given.alias !== null
        ? given
        : anonymousAlias(given === null ? property.entity : widenedEntity(property.entity, given));
    if (property.uselist) {
      this.repeatsRows = true;
      this.#multiRow = true;
    }
    const wanted = choice?.innerjoin ?? property.innerjoin;
    const source = plan.entity.selectable;
    const behindOuter = this.#outer.has(source);
    const isouter = wanted === false || (wanted === "unnested" && behindOuter);
    const nested = !isouter && behindOuter;
    const criteria = [
      ...(step?.criteria ?? []).map((criterion) => entityExpression(entity, criterion)),
      ...("criteriaOf" in target ? target.criteriaOf(entity) : []),
    ];
    const { primary, secondary } = relationshipJoin(property, plan.entity, entity, { aliasSecondary: true });
    let right: FromClause = entity.selectable;
    let condition = primary;
    if (secondary === null) condition = and(primary, criteria);
    else right = new Join(secondary.table, right, and(secondary.condition, criteria));
    this.#joins.push({ source, isRoot: plan.parent === null, right, condition, isouter, nested });
    if (isouter || behindOuter) {
      this.#outer.add(right);
      this.#outer.add(entity.selectable);
    }
    this.order.push(...relationshipOrder(property, entity, secondary?.table ?? null));
    const child = setUpEntity(target, entity, node, "secondary", further, plan, property.key);
    plan.eagers.push({ property, plan: child, given: false });
  }

  /** Puts the joins into a FROM list; `move` adapts what refers to the statement's own columns. */
  attach(froms: Node[], move: <N extends Node>(node: N) => N): void {
    const wrapped =
      froms.length === 1 && this.#joins.length > 0 && isFromClause(froms[0]) && froms[0].kind === "subquery"
        ? froms[0]
        : null;
    for (const join of this.#joins) {
      let index = froms.findIndex((from) => containsFrom(from, join.source));
      if (index < 0 && wrapped !== null) index = 0;
      if (index < 0) index = froms.push(join.source) - 1;
      const left = froms[index] as FromClause;
      froms[index] = join.nested
        ? nest(left, join, move)
        : new Join(left, join.right, move(join.condition), join.isouter);
    }
  }
}

function and(condition: ClauseElement, more: readonly ClauseElement[]): ClauseElement {
  return more.length === 0 ? condition : joinConditions(operators.and, [condition, ...more]);
}

/** An inner join behind an outer one goes inside it, so that no row of the left side is lost. */
function nest(from: FromClause, join: EagerJoin, move: <N extends Node>(node: N) => N): FromClause {
  if (!(from instanceof Join)) return new Join(from, join.right, move(join.condition), join.isouter);
  if (containsFrom(from.right, join.source))
    return new Join(from.left, nest(from.right, join, move), from.onclause, from.isouter, from.full);
  if (containsFrom(from.left, join.source))
    return new Join(nest(from.left, join, move), from.right, from.onclause, from.isouter, from.full);
  return new Join(from, join.right, move(join.condition), join.isouter);
}
