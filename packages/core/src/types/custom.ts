/** SQL types that Athanor does not know: their DDL text and, where needed, their conversions. */
import type { Operator } from "../operator/operator.ts";
import type { TypeDialect } from "./type.ts";
import { defineVisitName, SqlType } from "./type.ts";

/**
 * Base of SQL types of the user's own.
 *
 * ```ts
 * class Point extends UserDefinedType<string> {
 *   getColSpec() { return "POINT"; }
 * }
 * ```
 */
export abstract class UserDefinedType<out T = unknown, out Input = T, out Ops = unknown> extends SqlType<
  T,
  Input,
  Ops
> {
  /** The type's text in DDL and in CAST. */
  abstract getColSpec(dialect?: TypeDialect): string;

  /** An expression around every bind parameter of the type. */
  bindExpression?(bind: unknown): unknown;

  /** An expression around every column of the type in the columns clause. */
  columnExpression?(column: unknown): unknown;

  /** A literal beside an expression of the type takes the type itself. */
  override coerceComparedValue(_operator: Operator | null, _value: unknown): SqlType {
    return this;
  }
}

defineVisitName(UserDefinedType, "userDefined");
