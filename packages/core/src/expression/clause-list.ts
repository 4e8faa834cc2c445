/** Elements joined by an operator: AND and OR lists, comma lists. */
import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import { defineKind, type Fields } from "../ast/node.ts";
import { needsParentheses, type Operator } from "../operator/operator.ts";
import { operators } from "../operator/table.ts";
import { BooleanType } from "../types/boolean.ts";
import { NULLTYPE } from "../types/null.ts";
import type { SqlType } from "../types/type.ts";
import type { ClauseElement } from "./clause-element.ts";
import { ColumnElement } from "./column-element.ts";
import { False, false_, True, true_ } from "./constants.ts";
import type { FromElement } from "./from-element.ts";
import { Grouping } from "./grouping.ts";

/** Two or more operands of one associative operator. */
export class ExpressionList<out T = unknown, I = T> extends ColumnElement<T, I> {
  static override readonly fields: Fields = { operator: "keyed", clauses: "children" };

  readonly operator: Operator;
  readonly clauses: readonly ClauseElement[];

  constructor(operator: Operator, clauses: readonly ClauseElement[], type: SqlType) {
    super(type);
    this.operator = operator;
    this.clauses = clauses;
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    key.add("[");
    key.add(this.operator.cacheKey);
    for (const clause of this.clauses) clause.appendCacheKey(key);
    key.add("]");
  }

  override collectFroms(into: Set<FromElement>): void {
    for (const clause of this.clauses) clause.collectFroms(into);
  }

  override selfGroup(against: Operator | null): ColumnElement {
    return this.clauses.length > 1 && needsParentheses(this.operator, against) ? new Grouping(this) : this;
  }
}
defineKind(ExpressionList, "expressionList");

/** A plain list with commas (ORDER BY, GROUP BY, function arguments). */
export class ClauseList extends ColumnElement {
  static override readonly fields: Fields = { clauses: "children" };

  readonly clauses: readonly ClauseElement[];

  constructor(clauses: readonly ClauseElement[]) {
    super(NULLTYPE);
    this.clauses = clauses;
  }

  [Symbol.iterator](): Iterator<ClauseElement> {
    return this.clauses[Symbol.iterator]();
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    key.nodes(this.clauses);
  }

  override collectFroms(into: Set<FromElement>): void {
    for (const clause of this.clauses) clause.collectFroms(into);
  }

  override selfGroup(against: Operator | null): ColumnElement {
    return against === operators.comma || against === null ? this : new Grouping(this);
  }
}
defineKind(ClauseList, "clauseList");

const booleanType = new BooleanType();

/** A constant where a condition is wanted: `1 = 1` on databases without booleans. */
function asCondition(constant: ColumnElement): ColumnElement<boolean> {
  return constant.selfGroup(operators.asBoolean) as ColumnElement<boolean>;
}

/** What an AND or OR without members stands for where it cannot be left out. */
export function emptyCondition(operator: Operator): ColumnElement<boolean> {
  return asCondition(operator === operators.and ? true_() : false_());
}

/** The condition of WHERE or HAVING; null where there is nothing to ask, as with an `and()` without members. */
export function conjunction(conditions: readonly ClauseElement[]): ColumnElement<boolean> | null {
  const joined = conditions.length === 0 ? null : joinConditions(operators.and, conditions);
  return joined instanceof ExpressionList && joined.clauses.length === 0 ? null : joined;
}

/**
 * Joins conditions by AND or OR: nested lists of the same operator are flattened, neutral constants are left out, and a
 * deciding constant stands for the whole. An `and()` without members is left out of an AND, an `or()` without of an OR.
 */
export function joinConditions(operator: Operator, conditions: readonly ClauseElement[]): ColumnElement<boolean> {
  const neutral = operator === operators.and ? True : False;
  const deciding = operator === operators.and ? False : True;
  const kept: ClauseElement[] = [];
  let sawNeutral = false;
  for (const condition of conditions) {
    if (condition instanceof ExpressionList && condition.clauses.length === 0) {
      if (condition.operator !== operator) kept.push(emptyCondition(condition.operator));
    } else if (condition instanceof neutral) sawNeutral = true;
    else if (condition instanceof deciding) return asCondition(condition);
    else kept.push(condition);
  }
  if (kept.length === 0) return sawNeutral ? emptyCondition(operator) : new ExpressionList(operator, [], booleanType);
  if (kept.length === 1) {
    const only = kept[0] as ClauseElement;
    return (only instanceof ColumnElement ? only.selfGroup(operators.asBoolean) : only) as ColumnElement<boolean>;
  }
  const flat: ClauseElement[] = [];
  for (const condition of kept) {
    const grouped = condition instanceof ColumnElement ? condition.selfGroup(operator) : condition;
    if (grouped instanceof ExpressionList && grouped.operator === operator) flat.push(...grouped.clauses);
    else flat.push(grouped);
  }
  return new ExpressionList<boolean>(operator, flat, booleanType);
}

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    clauseList: ClauseList;
  }
}
