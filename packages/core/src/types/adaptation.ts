/**
 * Tables of what an operator makes of two types, by the affinity of the other side. Knows no concrete type: the tables
 * stand beside the types that use them.
 */
import type { Operator } from "../operator/operator.ts";
import type { AdaptedOperator, Affinity, SqlType } from "./type.ts";

/** The resulting type: that of this side, that of the other side, or a new one. */
export type Outcome = "self" | "other" | (() => SqlType);

/** Outcomes by operator and by the other side's affinity; what is missing keeps the type of this side. */
export type AdaptationTable = ReadonlyMap<Operator, Readonly<Partial<Record<Affinity, Outcome>>>>;

/** The outcome of `type operator other`; null where the table says nothing and the general rule holds. */
export function adaptByTable(
  table: AdaptationTable,
  type: SqlType,
  operator: Operator,
  other: SqlType,
): AdaptedOperator | null {
  const outcome = table.get(operator)?.[other.affinity];
  if (outcome === undefined) return null;
  if (outcome === "self") return { operator, type };
  if (outcome === "other") return { operator, type: other };
  return { operator, type: outcome() };
}

/**
 * The outcome for two types of one affinity: the generic class gives way to the other side, so that INTEGER + BIGINT is a
 * BIGINT; an exact class stays.
 */
export function kin(type: SqlType, generic: object, other: SqlType): SqlType {
  return type.constructor === generic ? other : type;
}
