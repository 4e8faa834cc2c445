/** The type of what has no known type: untyped NULLs, unknown functions, columns of types that reflection does not know. */
import type { Operator } from "../operator/operator.ts";
import { operators } from "../operator/table.ts";
import { StringType } from "./string.ts";
import { type AdaptedOperator, type Affinity, defineVisitName, SqlType, typeOfValueSlot } from "./type.ts";

const commutative: ReadonlySet<Operator> = new Set([operators.eq, operators.ne, operators.add, operators.mul]);

/**
 * Text compared with an expression of unknown type: `func.date(x).eq("2024-01-01")`. It may stand for a date or a number,
 * so dialects that name the types of parameters leave this one to the server.
 */
export class InferredString extends StringType {}

const INFERRED = new InferredString();

/** An unknown type. Values pass as they are; it cannot be rendered in DDL or in a CAST. */
export class NullType extends SqlType<unknown, unknown> {
  override get affinity(): Affinity {
    return "null";
  }

  override coerceComparedValue(operator: Operator | null, value: unknown): SqlType {
    return typeof value === "string" && operator?.comparison === true ? INFERRED : typeOfValueSlot.resolve(value);
  }

  override adaptOperator(operator: Operator, other: SqlType): AdaptedOperator {
    if (operator.comparison || other.affinity === "null" || !commutative.has(operator)) {
      return super.adaptOperator(operator, other);
    }
    return other.adaptOperator(operator, this);
  }
}

defineVisitName(NullType, "null");

/** The one NullType that everything shares. */
export const NULLTYPE: NullType = new NullType();
