/** Arrays of another type. Only some dialects can render them; their operators are given by ../expression. */
import { ArgumentError } from "../errors/errors.ts";
import type { Operator } from "../operator/operator.ts";
import { deepEqual } from "./deep-equal.ts";
import { describe } from "./literals.ts";
import type { TypeDialect } from "./type.ts";
import {
  type AdaptedOperator,
  type Affinity,
  adaptConcatenation,
  defineVisitName,
  type Processor,
  SqlType,
  type TypeLike,
  toType,
} from "./type.ts";

/** Options of {@link ArrayType}. */
export interface ArrayOptions {
  /** Number of dimensions; any number where it is left out. */
  readonly dimensions?: number | undefined;
  /** Results are frozen. */
  readonly asTuple?: boolean | undefined;
  /** Indexes in expressions count from 0 instead of SQL's 1. */
  readonly zeroIndexes?: boolean | undefined;
}

/** What an array of `D` dimensions holds: `number[]` for `dimensions: 2` and numbers. */
export type NestedItem<T, D> = D extends 2 ? T[] : D extends 3 ? T[][] : D extends 4 ? T[][][] : T;

/** What may be given for an item of an array of `D` dimensions. */
export type NestedInput<T, D> = D extends 2
  ? readonly T[]
  : D extends 3
    ? readonly (readonly T[])[]
    : D extends 4
      ? readonly (readonly (readonly T[])[])[]
      : T;

/** An array whose items are of one type. Several dimensions are one array type, not arrays of arrays. */
export class ArrayType<out T = unknown, out Ops = unknown, out Input = T> extends SqlType<T[], readonly Input[], Ops> {
  readonly itemType: SqlType;
  readonly dimensions: number | undefined;
  readonly asTuple: boolean;
  readonly zeroIndexes: boolean;

  constructor(itemType: TypeLike, options: ArrayOptions = {}) {
    super();
    this.itemType = toType(itemType);
    if (this.itemType instanceof ArrayType) {
      throw new ArgumentError("array types do not nest", { fix: "give the item's type and { dimensions: 2 }" });
    }
    this.dimensions = options.dimensions ?? undefined;
    this.asTuple = options.asTuple ?? false;
    this.zeroIndexes = options.zeroIndexes ?? false;
  }

  override get affinity(): Affinity {
    return "array";
  }

  override get readsText(): boolean {
    return this.itemType.readsText;
  }

  override accepts(value: unknown): boolean {
    return Array.isArray(value);
  }

  override adaptOperator(operator: Operator, other: SqlType): AdaptedOperator {
    return adaptConcatenation(this, operator, other) ?? super.adaptOperator(operator, other);
  }

  /** The type of `expression.at(index)`: the item's, or an array of one dimension less. */
  elementType(): SqlType {
    if (this.dimensions === undefined || this.dimensions === 1) return this.itemType;
    const copy = this.copy() as ArrayType & { dimensions: number };
    copy.dimensions = this.dimensions - 1;
    return copy;
  }

  override bindProcessor(dialect: TypeDialect): Processor {
    return this.eachItem(this.item(dialect).bindProcessor(dialect), true);
  }

  override resultProcessor(dialect: TypeDialect): Processor {
    return this.eachItem(this.item(dialect).resultProcessor(dialect), false);
  }

  /** `[a, b]`; dialects that have arrays override this. */
  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    const item = this.item(dialect).literalProcessor(dialect);
    if (item === null) return null;
    const render = (value: unknown, depth: number): string =>
      this.isLevel(value, depth)
        ? `[${value.map((each) => render(each, depth + 1)).join(", ")}]`
        : value === null
          ? "NULL"
          : item(value);
    return (value) => (value === null || value === undefined ? "NULL" : render(this.checked(value), 0));
  }

  override compareValues(a: T[], b: T[]): boolean {
    if (!Array.isArray(a) || !Array.isArray(b)) return Object.is(a, b);
    if (a.length !== b.length) return false;
    return a.every((left, index) => {
      const right: unknown = b[index];
      if (Array.isArray(left)) return Array.isArray(right) && this.compareValues(left as T[], right as T[]);
      return left === null || right === null
        ? left === right
        : deepEqual(left, right) || this.itemType.compareValues(left, right);
    });
  }

  /** A conversion of arrays by a conversion of their items; null items stay null. */
  protected eachItem(process: Processor, outgoing: boolean): Processor {
    if (process === null && !outgoing && !this.asTuple) return null;
    const convert = (value: unknown, depth: number): unknown => {
      if (!this.isLevel(value, depth)) return value === null || process === null ? value : process(value);
      const items = value.map((each) => convert(each, depth + 1));
      return this.asTuple && !outgoing ? Object.freeze(items) : items;
    };
    return (value) => (value === null || value === undefined ? null : convert(this.checked(value), 0));
  }

  private item(dialect: TypeDialect): SqlType {
    return dialect.adaptType(this.itemType);
  }

  private isLevel(value: unknown, depth: number): value is unknown[] {
    return Array.isArray(value) && (this.dimensions === undefined || depth < this.dimensions);
  }

  private checked(value: unknown): unknown {
    if (Array.isArray(value)) return value;
    throw new ArgumentError(`${describe(value)} is not an array`);
  }
}

defineVisitName(ArrayType, "array");
