/** Joined loading: the joins and columns that a statement gets for relationships loaded in the same rows. */
import {
  type ClauseElement,
  ColumnClause,
  type ColumnElement,
  type FromClause,
  isFromClause,
  iterate,
  Join,
  joinConditions,
  type Node,
  operators,
  type Select,
} from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import type { Mapper } from "../mapping/mapper.ts";
import type { RelationshipChoice } from "../options/choice.ts";
import type { RelationshipProperty } from "../relationship/relationship.ts";
import { containsFrom, entityColumn, entityExpression } from "./adapt.ts";
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
  /** Relationships of the statement's own entities whose columns the ON conditions need. */
  readonly #joinedFrom: { readonly plan: EntityPlan; readonly property: RelationshipProperty }[] = [];
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
    const right = entity.selectable;
    const add = (from: FromClause, target: FromClause, condition: ClauseElement): void => {
      this.#joins.push({ source: from, right: target, condition, isouter, nested });
      if (isouter || behindOuter) this.#outer.add(target);
    };
    if (secondary === null) {
      add(source, right, and(primary, criteria));
      if (plan.parent === null) this.#joinedFrom.push({ plan, property });
    } else {
      const condition = and(secondary.condition, criteria);
      if (isouter) add(source, new Join(secondary.table, right, condition), primary);
      else {
        add(source, secondary.table, primary);
        add(secondary.table, right, condition);
      }
    }
    if (isouter || behindOuter) this.#outer.add(right);
    this.order.push(...relationshipOrder(property, entity, secondary?.table ?? null));
    const child = setUpEntity(target, entity, node, "secondary", further, plan, property.key);
    plan.eagers.push({ property, plan: child, given: false });
  }

  /** Selects the columns that the joins go by, also where they are left out of the objects. */
  addJoinedColumns(target: ColumnTarget): void {
    for (const { plan, property } of this.#joinedFrom) {
      const { localTable } = property.parent as Mapper;
      for (const node of iterate(property.primaryjoin))
        if (node instanceof ColumnClause && (node.canonical as ColumnClause).table === localTable)
          target.addColumn(entityColumn(plan.entity, node.canonical), "primary");
      for (const [local] of property.localRemotePairs)
        target.addColumn(entityColumn(plan.entity, local as ColumnElement), "primary");
    }
  }

  /** No relationship is joined. */
  get isEmpty(): boolean {
    return this.#joins.length === 0;
  }

  /** Puts the joins into a FROM list, behind what they do not go on from; `move` adapts what refers to the statement's own columns. */
  attach(froms: Node[], move: <N extends Node>(node: N) => N): void {
    const isWrapped =
      froms.length === 1 && this.#joins.length > 0 && isFromClause(froms[0]) && froms[0].kind === "subquery";
    const joined: Node[] = [];
    for (const join of this.#joins) {
      const has = (from: Node): boolean => isWrapped || containsFrom(from, join.source);
      let index = joined.findIndex(has);
      if (index < 0) {
        const known = froms.findIndex(has);
        index = joined.push(known < 0 ? join.source : (froms.splice(known, 1)[0] as Node)) - 1;
      }
      const left = joined[index] as FromClause;
      joined[index] = join.nested
        ? nest(left, join, move)
        : new Join(left, join.right, move(join.condition), join.isouter);
    }
    froms.push(...joined);
  }
}

function and(condition: ClauseElement, more: readonly ClauseElement[]): ClauseElement {
  return more.length === 0 ? condition : joinConditions(operators.and, [condition, ...more]);
}

/** An inner join behind an outer one goes inside it, so that no row of the left side is lost. */
function nest(from: FromClause, join: EagerJoin, move: <N extends Node>(node: N) => N): FromClause {
  if (from instanceof Join) {
    if (from.isouter && containsFrom(from.right, join.source))
      return new Join(from.left, nest(from.right, join, move), from.onclause, from.isouter, from.full);
    if (isBehindOuter(from.left, join.source))
      return new Join(nest(from.left, join, move), from.right, from.onclause, from.isouter, from.full);
  }
  return new Join(from, join.right, move(join.condition), join.isouter);
}

function isBehindOuter(from: FromClause, source: FromClause): boolean {
  if (!(from instanceof Join)) return false;
  return (
    (from.isouter && containsFrom(from.right, source)) ||
    isBehindOuter(from.left, source) ||
    isBehindOuter(from.right, source)
  );
}
