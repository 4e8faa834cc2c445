/** Windows, FILTER and WITHIN GROUP around a function. */

import type { Name } from "../ast/name.ts";
import { defineKind, type Fields } from "../ast/node.ts";
import { ArgumentError, CompileError } from "../errors/errors.ts";
import type { Operator } from "../operator/operator.ts";
import { needsParentheses } from "../operator/operator.ts";
import { operators } from "../operator/table.ts";
import { describe } from "../types/literals.ts";
import type { SqlType } from "../types/type.ts";
import { INTEGER } from "../types/uppercase.ts";
import { literalBind } from "./bind.ts";
import type { ClauseElement } from "./clause-element.ts";
import { ClauseList, joinConditions } from "./clause-list.ts";
import { byElements, condition, resolveNode } from "./coerce.ts";
import { ColumnElement } from "./column-element.ts";
import { Grouping } from "./grouping.ts";

/** What one side of a frame is measured from. */
export const FrameClauseType = {
  UNBOUNDED: "UNBOUNDED",
  CURRENT: "CURRENT",
  PRECEDING: "PRECEDING",
  FOLLOWING: "FOLLOWING",
} as const;

/** One of the values of {@link FrameClauseType}. */
export type FrameClauseType = (typeof FrameClauseType)[keyof typeof FrameClauseType];

/** The bounds of a window frame. */
export class FrameBounds extends ColumnElement {
  static override readonly fields: Fields = { lower: "child", upper: "child", lowerType: "atom", upperType: "atom" };
  readonly lower: ColumnElement | null;
  readonly upper: ColumnElement | null;
  readonly lowerType: FrameClauseType;
  readonly upperType: FrameClauseType;

  constructor(
    lower: ColumnElement | null,
    upper: ColumnElement | null,
    lowerType: FrameClauseType,
    upperType: FrameClauseType,
  ) {
    super(new INTEGER());
    this.lower = lower;
    this.upper = upper;
    this.lowerType = lowerType;
    this.upperType = upperType;
  }
}
defineKind(FrameBounds, "frameBounds");

/** A frame in full: `FrameClause(literal(3), null, FrameClauseType.PRECEDING, FrameClauseType.CURRENT)`. */
export function FrameClause(
  lower: unknown,
  upper: unknown,
  lowerType: FrameClauseType,
  upperType: FrameClauseType,
): FrameBounds {
  const bound = (value: unknown): ColumnElement | null => {
    if (value === null || value === undefined) return null;
    const node = resolveNode(value);
    return node instanceof ColumnElement ? node : literalBind(value, new INTEGER());
  };
  for (const [side, value, type] of [
    ["lower", lower, lowerType],
    ["upper", upper, upperType],
  ] as const) {
    const takesNone = type === FrameClauseType.UNBOUNDED || type === FrameClauseType.CURRENT;
    if (takesNone === (value === null || value === undefined)) continue;
    throw new ArgumentError(
      takesNone ? `FrameClause(): ${type} takes no value (${side})` : `FrameClause(): ${type} needs a value (${side})`,
    );
  }
  return new FrameBounds(bound(lower), bound(upper), lowerType, upperType);
}

/** A frame as users write it: offsets (negative: preceding, 0: the current row, null: unbounded), or a {@link FrameClause}. */
export type Frame = readonly [number | null, number | null] | FrameBounds;

/** Options of `.over()`. */
export interface OverOptions {
  readonly partitionBy?: unknown;
  readonly orderBy?: unknown;
  readonly rows?: Frame | null;
  readonly range?: Frame | null;
  readonly groups?: Frame | null;
  readonly exclude?: string | null;
}

function frame(given: Frame): FrameBounds {
  if (given instanceof FrameBounds) return given;
  if (!Array.isArray(given) || given.length !== 2)
    throw new ArgumentError("2-tuple expected for range/rows", { fix: "pass [lower, upper], e.g. rows: [null, 0]" });
  const side = (value: unknown, unbounded: FrameClauseType): [ColumnElement | null, FrameClauseType] => {
    if (value === null) return [null, unbounded];
    if (typeof value !== "number" || !Number.isInteger(value))
      throw new ArgumentError(`Integer or None expected for values in rows/groups frame, got ${describe(value)}`, {
        fix: "use FrameClause(…) for expressions",
      });
    if (value === 0) return [null, FrameClauseType.CURRENT];
    return [
      literalBind(Math.abs(value), new INTEGER()),
      value < 0 ? FrameClauseType.PRECEDING : FrameClauseType.FOLLOWING,
    ];
  };
  const [lower, lowerType] = side(given[0], FrameClauseType.UNBOUNDED);
  const [upper, upperType] = side(given[1], FrameClauseType.UNBOUNDED);
  return new FrameBounds(lower, upper, lowerType, upperType);
}

function list(value: unknown, where: string): ClauseList | null {
  if (value === null || value === undefined) return null;
  const items = Array.isArray(value) ? value : [value];
  return new ClauseList(byElements(items, where));
}

/** `f() OVER (PARTITION BY … ORDER BY … ROWS …)` */
export class Over<out T = unknown, I = T> extends ColumnElement<T, I> {
  static override readonly fields: Fields = {
    element: "child",
    partitionBy: "child",
    orderBy: "child",
    rows: "child",
    range: "child",
    groups: "child",
    exclude: "atom",
  };
  readonly element: ColumnElement;
  readonly partitionBy: ClauseList | null;
  readonly orderBy: ClauseList | null;
  readonly rows: FrameBounds | null;
  readonly range: FrameBounds | null;
  readonly groups: FrameBounds | null;
  readonly exclude: string | null;

  constructor(element: ColumnElement, options: OverOptions = {}) {
    super(element.type);
    const frames = [options.rows, options.range, options.groups].filter(
      (given) => given !== null && given !== undefined,
    );
    if (frames.length > 1) throw new ArgumentError("only one of 'rows', 'range_', or 'groups' may be provided");
    if (options.exclude && frames.length === 0)
      throw new ArgumentError("'exclude' requires one of 'rows', 'range_', or 'groups'");
    if (options.exclude && !/^(CURRENT ROW|GROUP|TIES|NO OTHERS)$/i.test(options.exclude))
      throw new CompileError(`unknown frame exclusion ${describe(options.exclude)}`);
    this.element = element;
    this.partitionBy = list(options.partitionBy, "PARTITION BY");
    this.orderBy = list(options.orderBy, "ORDER BY");
    this.rows = options.rows ? frame(options.rows) : null;
    this.range = options.range ? frame(options.range) : null;
    this.groups = options.groups ? frame(options.groups) : null;
    this.exclude = options.exclude ?? null;
  }
}
defineKind(Over, "over");

/** `f() FILTER (WHERE …)` */
export class FunctionFilter<out T = unknown, I = T> extends ColumnElement<T, I> {
  static override readonly fields: Fields = { element: "child", criterion: "child" };
  readonly element: ColumnElement;
  readonly criterion: ClauseElement;

  constructor(element: ColumnElement, criteria: readonly unknown[]) {
    super(element.type);
    this.element = element;
    const [first, ...more] = criteria.map((given) => condition(given, "FILTER"));
    this.criterion =
      first !== undefined && more.length === 0
        ? first
        : joinConditions(operators.and, first === undefined ? [] : [first, ...more]);
  }

  /** Adds conditions. */
  filter(...criteria: readonly unknown[]): FunctionFilter<T, I> {
    return new FunctionFilter<T, I>(this.element, [this.criterion, ...criteria]);
  }

  /** `f(…) FILTER (…) WITHIN GROUP (ORDER BY …)` */
  withinGroup(...orderBy: readonly unknown[]): WithinGroup<T, I> {
    return new WithinGroup<T, I>(this, orderBy);
  }

  /** Makes it a window function. */
  over(options?: OverOptions): Over<T, I> {
    return new Over<T, I>(this, options);
  }

  override selfGroup(against: Operator | null): ColumnElement {
    return needsParentheses(operators.filter, against) ? new Grouping(this) : this;
  }
}
defineKind(FunctionFilter, "functionFilter");

/** An aggregate that sees its rows in an order. */
abstract class OrderedAggregate<T, I> extends ColumnElement<T, I> {
  static override readonly fields: Fields = { element: "child", orderBy: "child" };
  readonly element: ColumnElement;
  readonly orderBy: ClauseList;

  constructor(element: ColumnElement, orderBy: readonly unknown[], clause: string, type: SqlType) {
    super(type);
    this.element = element;
    this.orderBy = new ClauseList(byElements(orderBy, clause));
  }

  override get anonBase(): Name {
    return this.element.anonLabel.base;
  }

  /** Restricts the rows that the aggregate sees. */
  filter(...criteria: readonly unknown[]): FunctionFilter<T, I> {
    return new FunctionFilter<T, I>(this, criteria);
  }

  /** Makes it a window function. */
  over(options?: OverOptions): Over<T, I> {
    return new Over<T, I>(this, options);
  }
}

/** `f() WITHIN GROUP (ORDER BY …)` */
export class WithinGroup<out T = unknown, I = T> extends OrderedAggregate<T, I> {
  constructor(element: ColumnElement, orderBy: readonly unknown[], type: SqlType = element.type) {
    super(element, orderBy, "WITHIN GROUP", type);
  }
}
defineKind(WithinGroup, "withinGroup");

/** `f(a ORDER BY …)`, in the database's own spelling. */
export class AggregateOrderBy<out T = unknown, I = T> extends OrderedAggregate<T, I> {
  constructor(element: ColumnElement, orderBy: readonly unknown[]) {
    if (orderBy.length === 0) throw new ArgumentError("at least one ORDER BY element is required");
    super(element, orderBy, "ORDER BY", element.type);
  }
}
defineKind(AggregateOrderBy, "aggregateOrderBy");

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    over: Over;
  }
}
