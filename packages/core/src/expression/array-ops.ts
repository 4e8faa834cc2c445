/** What array expressions offer, as types. The methods: ./comparators/array.ts. */
import type { Operator } from "../operator/operator.ts";
import type { SqlExpression } from "./clause-element.ts";
import type { ColumnElement } from "./column-element.ts";

/** What array expressions have besides the standard operators. */
export interface ArrayOps {
  /** The element at an index; SQL counts from 1 unless the type says `zeroIndexes`. */
  at(index: number | SqlExpression): ColumnElement<unknown, unknown> & ArrayOps;
  /** The elements from `start` to `stop`, both included. */
  slice(start: number | SqlExpression, stop: number | SqlExpression): ColumnElement<unknown, unknown> & ArrayOps;
  /** `value = ANY (a)`, or another comparison. */
  any(other: unknown, operator?: Operator): ColumnElement<boolean>;
  /** `ANY (a)`, as one side of a comparison. */
  any(): ColumnElement;
  /** `value = ALL (a)`, or another comparison. */
  all(other: unknown, operator?: Operator): ColumnElement<boolean>;
  /** `ALL (a)`, as one side of a comparison. */
  all(): ColumnElement;
}
