/** Queries inside expressions: scalar subqueries and EXISTS. */
import { defineKind, type Fields, type Node } from "../ast/node.ts";
import { columnsClauseElement, resolveNode } from "../expression/coerce.ts";
import { ColumnElement } from "../expression/column-element.ts";
import type { Condition } from "../expression/constructors.ts";
import type { FromElement } from "../expression/from-element.ts";
import { LiteralColumn } from "../expression/literal-column.ts";
import { Unary } from "../expression/unary.ts";
import type { Operator } from "../operator/operator.ts";
import { operators } from "../operator/table.ts";
import { BooleanType } from "../types/boolean.ts";
import { NULLTYPE } from "../types/null.ts";
import { SelectBase } from "./returns-rows.ts";
import { Select } from "./select.ts";

/** `(SELECT …)` as a value. */
export class ScalarSelect<out T = unknown, I = T> extends ColumnElement<T, I> {
  static override readonly fields: Fields = { element: "child" };
  readonly element: SelectBase;

  constructor(element: SelectBase) {
    const first = element.namedColumns[0]?.column;
    super(first instanceof ColumnElement ? first.type : NULLTYPE);
    this.element = element;
  }

  override collectFroms(_into: Set<FromElement>): void {}

  override selfGroup(_against: Operator | null): ColumnElement {
    return this;
  }

  /** Adds conditions to the query. */
  where(...conditions: readonly Condition[]): ScalarSelect<T, I> {
    return new ScalarSelect<T, I>((this.element as Select).where(...conditions));
  }

  /** Names what the query takes from the enclosing one. */
  correlate(...froms: readonly unknown[]): ScalarSelect<T, I> {
    return new ScalarSelect<T, I>((this.element as Select).correlate(...froms));
  }

  /** All but these may be taken from the enclosing query. */
  correlateExcept(...froms: readonly unknown[]): ScalarSelect<T, I> {
    return new ScalarSelect<T, I>((this.element as Select).correlateExcept(...froms));
  }
}
defineKind(ScalarSelect, "scalarSelect");

/** A query in parentheses on the right side of IN, or as a member of a set operation. */
export class SelectGrouping<out T = unknown, I = T> extends ScalarSelect<T, I> {}
defineKind(SelectGrouping, "selectGrouping");

/** `EXISTS (SELECT …)` */
export class Exists extends Unary<boolean> {
  static override readonly fields: Fields = { element: "child" };
  declare readonly element: ScalarSelect;

  constructor(query: ScalarSelect) {
    super(query, { operator: operators.exists, type: new BooleanType() });
  }

  /** @internal Not a private member: copies of statements are made without their constructor. */
  protected withQuery(change: (query: Select) => Select): Exists {
    return new Exists(new ScalarSelect(change(this.element.element as Select)));
  }

  /** Adds conditions. */
  where(...conditions: readonly Condition[]): Exists {
    return this.withQuery((query) => query.where(...conditions));
  }

  /** Adds selectables to FROM. */
  selectFrom(...froms: readonly unknown[]): Exists {
    return this.withQuery((query) => query.selectFrom(...froms));
  }

  /** Names what the query takes from the enclosing one. */
  correlate(...froms: readonly unknown[]): Exists {
    return this.withQuery((query) => query.correlate(...froms));
  }

  /** All but these may be taken from the enclosing query. */
  correlateExcept(...froms: readonly unknown[]): Exists {
    return this.withQuery((query) => query.correlateExcept(...froms));
  }

  /** A hint for one table of the query. */
  withHint(...args: Parameters<Select["withHint"]>): Exists {
    return this.withQuery((query) => query.withHint(...args));
  }

  /** A hint for the query. */
  withStatementHint(...args: Parameters<Select["withStatementHint"]>): Exists {
    return this.withQuery((query) => query.withStatementHint(...args));
  }

  /** `SELECT EXISTS (…)` */
  select(): Select<[boolean]> {
    return new Select<[boolean]>([this]);
  }

  override collectFroms(_into: Set<FromElement>): void {}
}

/** `EXISTS (SELECT * …)`; give it a SELECT, columns, or nothing and conditions by `.where()`. */
export function exists(...args: readonly unknown[]): Exists {
  const node = args.length === 1 ? resolveNode(args[0]) : undefined;
  if (node instanceof SelectBase) return new Exists(new ScalarSelect(node));
  if (node instanceof ScalarSelect) return new Exists(node);
  const columns: Node[] = args.length === 0 ? [new LiteralColumn("*")] : args.map(columnsClauseElement);
  return new Exists(new ScalarSelect(new Select(columns)));
}
