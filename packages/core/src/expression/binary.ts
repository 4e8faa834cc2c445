/** `a op b`. */
import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import { appendValue, defineKind, type Fields } from "../ast/node.ts";
import { needsParentheses, type Operator } from "../operator/operator.ts";
import { operators } from "../operator/table.ts";
import { BooleanType } from "../types/boolean.ts";
import type { SqlType } from "../types/type.ts";
import { BindParameter } from "./bind.ts";
import { ColumnElement } from "./column-element.ts";
import type { FromElement } from "./from-element.ts";
import { Grouping } from "./grouping.ts";
import { AsBoolean, Unary } from "./unary.ts";

const booleanType = new BooleanType();

/** Further facts that a visitor needs: escape characters, regular expression flags, dialect options. */
export type Modifiers = Readonly<Record<string, unknown>>;

/** Two operands and an operator; operands are parenthesised when the element is made. */
export class Binary<out T = unknown, I = T> extends ColumnElement<T, I> {
  static override readonly fields: Fields = {
    left: "child",
    operator: "keyed",
    right: "child",
    modifiers: "options",
    type: "keyed",
  };

  readonly left: ColumnElement;
  readonly right: ColumnElement;
  readonly operator: Operator;
  /** The operator of the negated expression, when it is not `NOT (…)`. */
  readonly negation: Operator | null;
  readonly modifiers: Modifiers | null;

  constructor(
    left: ColumnElement,
    right: ColumnElement,
    operator: Operator,
    type: SqlType,
    negation: Operator | null = null,
    modifiers: Modifiers | null = null,
  ) {
    super(type);
    this.left = left.selfGroup(operator);
    this.right = right.selfGroup(operator);
    this.operator = operator;
    this.negation = negation;
    this.modifiers = modifiers;
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    key.add("(");
    key.add(this.operator.cacheKey);
    this.left.appendCacheKey(key);
    this.right.appendCacheKey(key);
    if (this.modifiers !== null) appendValue(key, this.modifiers);
    // Comparisons are truth values; other types may have been given by hand: `data.at("n").asInteger()`.
    if (this.operator.custom || !this.operator.comparison) key.add(this.type.cacheKey);
    key.add(")");
  }

  override collectFroms(into: Set<FromElement>): void {
    this.left.collectFroms(into);
    this.right.collectFroms(into);
  }

  override selfGroup(against: Operator | null): ColumnElement {
    return needsParentheses(this.operator, against) ? new Grouping(this) : this;
  }

  override negate(): ColumnElement {
    const { negation, right } = this;
    if (negation === null) {
      // In parentheses whatever binds stronger: `NOT (a -> 'b')`.
      const grouped = new Grouping(this);
      return this.type.affinity === "boolean" && !this.operator.comparison
        ? new AsBoolean(grouped, operators.isFalse)
        : new Unary(grouped, { operator: operators.not, type: booleanType });
    }
    if (isQuantified(this.left) || isQuantified(right))
      return new Unary(new Grouping(this), { operator: operators.not, type: booleanType });
    // What an empty list stands for depends on the operator, so that the two cannot share a parameter.
    const list =
      right instanceof BindParameter && right.expanding
        ? (right.unique ? right.withUniqueName() : right).withExpanding(negation, right.tupleTypes)
        : right;
    return new Binary(this.left, list, negation, this.type, this.operator, this.modifiers);
  }
}
defineKind(Binary, "binary");

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    binary: Binary;
  }
}

/** `func.any(…)`: its comparison says something of all values, and `!=` is not the contrary of `=`. */
function isQuantified(side: ColumnElement): boolean {
  return side.kind === "function" && /^(any|all|some)$/i.test(String((side as { name?: unknown }).name));
}
