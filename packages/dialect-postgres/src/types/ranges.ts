/** Range and multirange types, and the operators of their expressions. Values are {@link Range}s. */
import {
  type Affinity,
  ArgumentError,
  BigInteger,
  type ColumnElement,
  DateTime,
  DateType,
  defineVisitName,
  describe,
  Integer,
  isDateText,
  isDecimalText,
  makeFactory,
  Numeric,
  type Operand,
  type Operator,
  operations,
  operators,
  type Processor,
  quoteString,
  SqlType,
  sqlTypeOf,
  type TypeDialect,
  type TypeFactory,
} from "@athanor/core";
import {
  adjacentTo,
  containedBy,
  contains,
  notExtendLeftOf,
  notExtendRightOf,
  overlap,
  strictlyLeftOf,
  strictlyRightOf,
} from "../operators.ts";
import { compareBy, installComparator } from "./comparator.ts";
import { fromText } from "./from-text.ts";
import { formatMultirange, formatRange, parseMultirange, parseRange, Range, sameRange } from "./range.ts";

/** What range expressions have besides the standard operators. `T` is the type of a bound, `R` that of the whole. */
export interface RangeOps<T, R> {
  /** `a @> b`: a value or a range lies inside. */
  contains(other: Operand<T> | Operand<R> | Range<T>): ColumnElement<boolean>;
  /** `a <@ b` */
  containedBy(other: Operand<R> | Range<T>): ColumnElement<boolean>;
  /** `a && b` */
  overlaps(other: Operand<R> | Range<T>): ColumnElement<boolean>;
  /** `a << b` */
  strictlyLeftOf(other: Operand<R> | Range<T>): ColumnElement<boolean>;
  /** `a >> b` */
  strictlyRightOf(other: Operand<R> | Range<T>): ColumnElement<boolean>;
  /** `a &< b`: does not reach beyond the other's upper bound. */
  notExtendRightOf(other: Operand<R> | Range<T>): ColumnElement<boolean>;
  /** `a &> b`: does not reach below the other's lower bound. */
  notExtendLeftOf(other: Operand<R> | Range<T>): ColumnElement<boolean>;
  /** `a -|- b` */
  adjacentTo(other: Operand<R> | Range<T>): ColumnElement<boolean>;
  /** `a << b` */
  bitwiseLshift(other: Operand<R> | Range<T>): ColumnElement<boolean>;
  /** `a >> b` */
  bitwiseRshift(other: Operand<R> | Range<T>): ColumnElement<boolean>;
  /** `a + b` */
  union(other: Operand<R> | Range<T>): ColumnElement<R> & RangeOps<T, R>;
  /** `a - b` */
  difference(other: Operand<R> | Range<T>): ColumnElement<R> & RangeOps<T, R>;
  /** `a * b` */
  intersection(other: Operand<R> | Range<T>): ColumnElement<R> & RangeOps<T, R>;
}

const by = (operator: Operator) =>
  function compare(this: ColumnElement, other: unknown): ColumnElement<boolean> {
    return compareBy(operator, this, other);
  };
const arithmetic = (operator: Operator) =>
  function combine(this: ColumnElement, other: unknown): ColumnElement {
    return operations.operate(operator, this, other);
  };

const rangeMethods = {
  contains: by(contains),
  containedBy: by(containedBy),
  overlaps: by(overlap),
  strictlyLeftOf: by(strictlyLeftOf),
  strictlyRightOf: by(strictlyRightOf),
  notExtendRightOf: by(notExtendRightOf),
  notExtendLeftOf: by(notExtendLeftOf),
  adjacentTo: by(adjacentTo),
  bitwiseLshift: by(strictlyLeftOf),
  bitwiseRshift: by(strictlyRightOf),
  union: arithmetic(operators.add),
  difference: arithmetic(operators.sub),
  intersection: arithmetic(operators.mul),
};

const dateTimes = new DateTime();
const momentType = new DateTime({ timezone: true });

/** The types of bounds by range type. */
const bounds: Readonly<Record<string, SqlType>> = {
  INT4: new Integer(),
  INT8: new BigInteger(),
  NUM: new Numeric(),
  DATE: new DateType(),
  TS: dateTimes,
  TSTZ: momentType,
};

/** The text of a range or a multirange, as against that of a bound. */
const rangeText = /^\s*(?:[[({]|empty\s*$)/i;

/** The multirange type of a range type, and the reverse; filled below. */
const counterparts: Record<string, SqlType> = {};

/** What ranges and multiranges have in common. */
export abstract class AnyRangeType<T, R, Input> extends SqlType<R, Input, RangeOps<T, R>> {
  override get affinity(): Affinity {
    return "other";
  }

  /** The type of a bound. */
  get subtype(): SqlType {
    return bounds[this.visitName.replace(/(MULTI)?RANGE$/, "")] as SqlType;
  }

  /** Beside a range stand ranges, lists of ranges, their text, or (for `contains`) values of the bounds' type. */
  override coerceComparedValue(operator: Operator | null, value: unknown): SqlType {
    if (value === null || this.accepts(value) || (typeof value === "string" && rangeText.test(value))) return this;
    if (value instanceof Range || (Array.isArray(value) && value.every((each) => each instanceof Range)))
      return counterparts[this.visitName] ?? super.coerceComparedValue(operator, value);
    if (this.subtype.accepts(value)) return this.subtype;
    return super.coerceComparedValue(operator, value);
  }

  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    const bind = this.bindProcessor(dialect) as (value: unknown) => string | null;
    return (value) => {
      const text = bind(value);
      return text === null ? "NULL" : `${quoteString(text, dialect)}::${this.visitName}`;
    };
  }

  protected boundText(dialect: TypeDialect): (value: unknown) => string {
    const process = dialect.adaptType(this.subtype).bindProcessor(dialect);
    return process === null ? String : (value) => String(process(value));
  }
}

/** A range of values of one type. */
export class RangeType<T = unknown> extends AnyRangeType<T, Range<T>, Range<T> | string> {
  override accepts(value: unknown): boolean {
    return value instanceof Range;
  }

  override bindProcessor(dialect: TypeDialect): Processor {
    const bound = this.boundText(dialect);
    return (value) => {
      if (value === null || value === undefined) return null;
      if (value instanceof Range) return formatRange(value, bound);
      if (typeof value === "string") return value;
      throw new ArgumentError(`${describe(value)} is not a range`, { fix: "pass pg.range(lower, upper)" });
    };
  }

  override resultProcessor(dialect: TypeDialect): Processor {
    const bound = fromText(this.subtype, dialect);
    return (value) => (typeof value === "string" ? parseRange(value, bound) : (value ?? null));
  }

  override compareValues(a: Range<T>, b: Range<T>): boolean {
    return sameRange(a, b);
  }
}

/** A list of ranges, in order and without overlaps. */
export class MultirangeType<T = unknown> extends AnyRangeType<T, Range<T>[], readonly Range<T>[] | string> {
  override accepts(value: unknown): boolean {
    return value instanceof Range || (Array.isArray(value) && value.every((each) => each instanceof Range));
  }

  override bindProcessor(dialect: TypeDialect): Processor {
    const bound = this.boundText(dialect);
    return (value) => {
      if (value === null || value === undefined) return null;
      if (value instanceof Range) return formatMultirange([value], bound);
      if (Array.isArray(value)) return formatMultirange(value as Range[], bound);
      if (typeof value === "string") return value;
      throw new ArgumentError(`${describe(value)} is not a multirange`, {
        fix: "pass a list of pg.range(lower, upper)",
      });
    };
  }

  override resultProcessor(dialect: TypeDialect): Processor {
    const bound = fromText(this.subtype, dialect);
    return (value) => (typeof value === "string" ? parseMultirange(value, bound) : (value ?? null));
  }

  override compareValues(a: Range<T>[], b: Range<T>[]): boolean {
    return Array.isArray(a) && Array.isArray(b)
      ? a.length === b.length && a.every((each, index) => sameRange(each, b[index]))
      : Object.is(a, b);
  }
}

installComparator(RangeType, rangeMethods);
installComparator(MultirangeType, rangeMethods);

function rangeType<T>(name: string): TypeFactory<[], RangeType<T>> {
  const type = class extends RangeType<T> {};
  Object.defineProperty(type, "name", { value: name });
  defineVisitName(type, name);
  return makeFactory(type);
}

function multirangeType<T>(name: string): TypeFactory<[], MultirangeType<T>> {
  const type = class extends MultirangeType<T> {};
  Object.defineProperty(type, "name", { value: name });
  defineVisitName(type, name);
  return makeFactory(type);
}

/** Ranges of numbers, as `Range<number>`. */
export const INT4RANGE: TypeFactory<[], RangeType<number>> = rangeType("INT4RANGE");
/** Ranges of bigints, as `Range<bigint>`. */
export const INT8RANGE: TypeFactory<[], RangeType<bigint>> = rangeType("INT8RANGE");
/** Ranges of exact decimals, as `Range<string>`. */
export const NUMRANGE: TypeFactory<[], RangeType<string>> = rangeType("NUMRANGE");
/** Ranges of days, as `Range<string>`. */
export const DATERANGE: TypeFactory<[], RangeType<string>> = rangeType("DATERANGE");
/** Ranges of moments without a time zone, as `Range<Date>`. */
export const TSRANGE: TypeFactory<[], RangeType<Date>> = rangeType("TSRANGE");
/** Ranges of moments, as `Range<Date>`. */
export const TSTZRANGE: TypeFactory<[], RangeType<Date>> = rangeType("TSTZRANGE");
/** Several ranges of numbers, as `Range<number>[]`. */
export const INT4MULTIRANGE: TypeFactory<[], MultirangeType<number>> = multirangeType("INT4MULTIRANGE");
/** Several ranges of bigints, as `Range<bigint>[]`. */
export const INT8MULTIRANGE: TypeFactory<[], MultirangeType<bigint>> = multirangeType("INT8MULTIRANGE");
/** Several ranges of exact decimals, as `Range<string>[]`. */
export const NUMMULTIRANGE: TypeFactory<[], MultirangeType<string>> = multirangeType("NUMMULTIRANGE");
/** Several ranges of days, as `Range<string>[]`. */
export const DATEMULTIRANGE: TypeFactory<[], MultirangeType<string>> = multirangeType("DATEMULTIRANGE");
/** Several ranges of moments without a time zone, as `Range<Date>[]`. */
export const TSMULTIRANGE: TypeFactory<[], MultirangeType<Date>> = multirangeType("TSMULTIRANGE");
/** Several ranges of moments, as `Range<Date>[]`. */
export const TSTZMULTIRANGE: TypeFactory<[], MultirangeType<Date>> = multirangeType("TSTZMULTIRANGE");

for (const [range, multirange] of [
  [INT4RANGE, INT4MULTIRANGE],
  [INT8RANGE, INT8MULTIRANGE],
  [NUMRANGE, NUMMULTIRANGE],
  [DATERANGE, DATEMULTIRANGE],
  [TSRANGE, TSMULTIRANGE],
  [TSTZRANGE, TSTZMULTIRANGE],
] as const) {
  const one = range();
  const many = multirange();
  counterparts[one.visitName] = many;
  counterparts[many.visitName] = one;
}

/** The type of a range that stands in a statement without one, by its bounds. */
function typeOfRange(value: Range): SqlType {
  const bound = value.lower ?? value.upper;
  if (bound instanceof Date) return TSRANGE();
  if (typeof bound === "bigint") return INT8RANGE();
  if (typeof bound === "number")
    return Number.isInteger(bound) ? (Math.abs(bound) < 2 ** 31 ? INT4RANGE() : INT8RANGE()) : NUMRANGE();
  if (typeof bound === "string" && isDateText(bound)) return DATERANGE();
  if (typeof bound === "string" && isDecimalText(bound)) return NUMRANGE();
  throw new ArgumentError(`the type of the range ${String(value)} cannot be told from its bounds`, {
    fix: "give it one: literal(range, pg.INT4RANGE)",
  });
}

Object.defineProperty(Range.prototype, sqlTypeOf, {
  get(this: Range): SqlType {
    return typeOfRange(this);
  },
});
