/** The type of `tuple(a, b)`: one type for each element. Never the type of a result column. */
import { InvalidRequestError } from "../errors/errors.ts";
import type { Operator } from "../operator/operator.ts";
import type { TypeDialect } from "./type.ts";
import {
  type Affinity,
  defineVisitName,
  type Processor,
  SqlType,
  type TypeLike,
  toType,
  typeOfValueSlot,
} from "./type.ts";

/** A row of values of given types. */
export class TupleType extends SqlType<readonly unknown[]> {
  readonly types: readonly SqlType[];

  constructor(...types: TypeLike[]) {
    super();
    this.types = types.map((type) => toType(type));
  }

  override get affinity(): Affinity {
    return "tuple";
  }

  override accepts(value: unknown): boolean {
    return Array.isArray(value);
  }

  /** A tuple of the types that the elements of a list take beside those of this one. */
  override coerceComparedValue(operator: Operator | null, value: unknown): SqlType {
    if (!Array.isArray(value)) return super.coerceComparedValue(operator, value);
    return new TupleType(
      ...value.map(
        (item: unknown, index) =>
          this.types[index]?.coerceComparedValue(operator, item) ?? typeOfValueSlot.resolve(item),
      ),
    );
  }

  /** This type with the types of values in the place of unknown ones. */
  resolveValues(values: readonly unknown[]): TupleType {
    if (this.types.every((type) => type.affinity !== "null")) return this;
    return new TupleType(
      ...this.types.map((type, index) =>
        type.affinity === "null" ? typeOfValueSlot.resolve(values[index] ?? null) : type,
      ),
    );
  }

  override resultProcessor(_dialect: TypeDialect): Processor {
    throw new InvalidRequestError("a tuple cannot be a column of a result", { fix: "select its elements one by one" });
  }
}

defineVisitName(TupleType, "tuple");
