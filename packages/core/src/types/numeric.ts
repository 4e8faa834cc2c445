/** Numbers: integers, exact decimals and floating point. Next: ./uppercase.ts for INTEGER, NUMERIC and their kin. */
import { ArgumentError } from "../errors/errors.ts";
import type { Operator } from "../operator/operator.ts";
import { operators } from "../operator/table.ts";
import { type AdaptationTable, adaptByTable, kin } from "./adaptation.ts";
import { optionalCount, splitOptions } from "./arguments.ts";
import { canonicalDecimal, decimalText, isDecimalText } from "./decimal-text.ts";
import { describe, numberText } from "./literals.ts";
import type { TypeDialect } from "./type.ts";
import {
  type AdaptedOperator,
  type Affinity,
  defineVisitName,
  type Processor,
  SqlType,
  typeOfValueSlot,
} from "./type.ts";

const { add, sub, mul, truediv, floordiv, bitwiseLshift, bitwiseRshift } = operators;

/** Whole numbers of the usual size: INTEGER. */
export class Integer<out T = number, out Input = T> extends SqlType<T, Input> {
  override get affinity(): Affinity {
    return "integer";
  }

  override accepts(value: unknown): boolean {
    return typeof value === "bigint" || Number.isInteger(value);
  }

  /** Bits of the values. */
  protected get bits(): number {
    return 32;
  }

  /** A value that is too large for this type brings a larger one; the number of bits to shift by is always small. */
  override coerceComparedValue(operator: Operator | null, value: unknown): SqlType {
    const type = super.coerceComparedValue(operator, value);
    if (type !== this || value === null) return type;
    const limit = 2 ** (this.bits - 1);
    if ((value as number) >= limit || (value as number) < -limit) return typeOfValueSlot.resolve(value);
    return operator === bitwiseLshift || operator === bitwiseRshift ? shiftCount : type;
  }

  override adaptOperator(operator: Operator, other: SqlType): AdaptedOperator {
    if (other.affinity === "integer" && integerResults.has(operator))
      return { operator, type: kin(this, Integer, other) };
    return adaptByTable(integerTable, this, operator, other) ?? super.adaptOperator(operator, other);
  }

  override literalProcessor(_dialect: TypeDialect): Processor<unknown, string> {
    return integerLiteral;
  }
}

defineVisitName(Integer, "integer");

const shiftCount = new Integer();

/** Small whole numbers: SMALLINT. */
export class SmallInteger extends Integer {
  protected override get bits(): number {
    return 16;
  }
}

defineVisitName(SmallInteger, "smallInteger");

/** Options of {@link BigInteger}. */
export interface BigIntegerOptions<out Mode extends "bigint" | "number" = "bigint" | "number"> {
  /** What results are: `bigint`, which is exact, or `number`, which is exact up to 2^53. */
  readonly mode?: Mode | undefined;
}

/** Large whole numbers: BIGINT. */
export class BigInteger<out T = bigint> extends Integer<T, number | bigint> {
  readonly mode: "bigint" | "number";

  constructor(options: BigIntegerOptions = {}) {
    super();
    this.mode = options.mode ?? "bigint";
  }

  protected override get bits(): number {
    return 64;
  }

  override resultProcessor(_dialect: TypeDialect): Processor {
    return this.mode === "bigint" ? toBigInt : toNumber;
  }

  override compareValues(a: T, b: T): boolean {
    if (typeof a === typeof b) return a === b;
    // biome-ignore lint/suspicious/noDoubleEquals: == compares a number with a bigint by value
    return a !== null && b !== null && a == b;
  }
}

defineVisitName(BigInteger, "bigInteger");

/** What a decimal class must offer: a constructor from text, and text back. */
export type DecimalClass<T extends { toString(): string } = { toString(): string }> = new (text: string) => T;

/** What a decimal parameter may be beside an instance of the decimal class. */
export type DecimalInput = string | number | bigint;

/** Options of {@link Numeric} beside precision and scale. */
export interface DecimalOptions {
  /** What results are: exact text by default, `"number"`, or a class that is constructed with the text. */
  readonly as?: "string" | "number" | DecimalClass | undefined;
  /** `false` is the same as `{ as: "number" }`. */
  readonly asdecimal?: boolean | undefined;
}

/** Options of {@link Numeric}. */
export interface NumericOptions extends DecimalOptions {
  /** Number of digits. */
  readonly precision?: number | undefined;
  /** Number of digits after the point. */
  readonly scale?: number | undefined;
}

/** Exact decimal numbers: NUMERIC(precision, scale). Results are exact text. */
export class Numeric<out T = string> extends SqlType<T, T | DecimalInput> {
  readonly precision: number | undefined;
  readonly scale: number | undefined;
  /** What results are: see {@link DecimalOptions}. */
  readonly as: "string" | "number" | DecimalClass;

  constructor(...values: (number | null | undefined | NumericOptions)[]) {
    super();
    const [positional, options] = splitOptions<NumericOptions>(values);
    this.precision = optionalCount("numeric", "precision", positional[0] ?? options.precision);
    this.scale = optionalCount("numeric", "scale", positional[1] ?? options.scale);
    this.as = options.as ?? (options.asdecimal === false ? "number" : "string");
  }

  override get affinity(): Affinity {
    return "numeric";
  }

  override accepts(value: unknown): boolean {
    if (typeof value === "string") return isDecimalText(value);
    return typeof this.as === "function" && value instanceof this.as;
  }

  override adaptOperator(operator: Operator, other: SqlType): AdaptedOperator {
    return adaptNumber(this, Numeric, operator, other) ?? super.adaptOperator(operator, other);
  }

  override bindProcessor(_dialect: TypeDialect): Processor {
    return decimalParameter;
  }

  override resultProcessor(_dialect: TypeDialect): Processor {
    const { as, scale } = this;
    if (as === "number") return toNumber;
    const text = (value: unknown): string => decimalText(value, scale);
    if (as === "string") return (value) => (value === null || value === undefined ? null : text(value));
    const Class = as;
    return (value) => (value === null || value === undefined ? null : new Class(text(value)));
  }

  override literalProcessor(_dialect: TypeDialect): Processor<unknown, string> {
    return (value) => numberText(decimalParameter(value));
  }

  /** Equal by value: `"1.50"` is `"1.5"`. */
  override compareValues(a: T, b: T): boolean {
    if (Object.is(a, b)) return true;
    if (a === null || b === null || a === undefined || b === undefined) return false;
    const left = canonicalDecimal(String(a));
    return left !== null && left === canonicalDecimal(String(b));
  }
}

defineVisitName(Numeric, "numeric");

/** Options of {@link Float}. */
export interface FloatOptions {
  /** Number of digits (binary or decimal as the database has it). */
  readonly precision?: number | undefined;
  /** `true` gives text, as {@link Numeric} does. */
  readonly asdecimal?: boolean | undefined;
}

/** Floating point numbers: FLOAT(precision). */
export class Float<out T = number> extends SqlType<T, number | T> {
  readonly precision: number | undefined;
  readonly asdecimal: boolean;

  constructor(...values: (number | null | undefined | FloatOptions)[]) {
    super();
    const [positional, options] = splitOptions<FloatOptions>(values);
    this.precision = optionalCount("float", "precision", positional[0] ?? options.precision);
    this.asdecimal = options.asdecimal ?? false;
  }

  override get affinity(): Affinity {
    return "float";
  }

  override accepts(value: unknown): boolean {
    return typeof value === "number";
  }

  override adaptOperator(operator: Operator, other: SqlType): AdaptedOperator {
    return adaptNumber(this, Float, operator, other) ?? super.adaptOperator(operator, other);
  }

  override resultProcessor(_dialect: TypeDialect): Processor {
    return this.asdecimal
      ? (value) => (value === null || value === undefined ? null : decimalText(value, undefined))
      : null;
  }

  override literalProcessor(_dialect: TypeDialect): Processor<unknown, string> {
    return (value) => (value === null || value === undefined ? "NULL" : numberText(value));
  }
}

defineVisitName(Float, "float");

/** Floating point numbers of double size: DOUBLE or DOUBLE PRECISION. */
export class Double<out T = number> extends Float<T> {}

defineVisitName(Double, "double");

/** The plain Integer that everything shares. */
export const INTEGERTYPE: Integer = new Integer();

/** The plain Numeric that everything shares. */
export const NUMERICTYPE: Numeric = new Numeric();

const integerResults: ReadonlySet<Operator> = new Set([add, sub, mul, floordiv]);

const plainNumeric = (): SqlType => NUMERICTYPE;

const integerTable: AdaptationTable = new Map([
  [add, { date: "other", numeric: "other", float: "other" }],
  [sub, { numeric: "other", float: "other" }],
  [mul, { interval: "other", numeric: "other", float: "other" }],
  [truediv, { integer: plainNumeric, numeric: "other", float: "other" }],
  [floordiv, { numeric: "other" }],
]);

const arithmetic: ReadonlySet<Operator> = new Set([add, sub, mul, truediv]);

/** Arithmetic of decimals and floats: this side's type wins, but a generic type gives way to an exact one of its kind. */
function adaptNumber(type: SqlType, generic: object, operator: Operator, other: SqlType): AdaptedOperator | null {
  if (operator === mul && other.affinity === "interval") return { operator, type: other };
  if (!arithmetic.has(operator) || other.affinity !== type.affinity) return null;
  return { operator, type: kin(type, generic, other) };
}

function integerLiteral(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value))) return value.toString();
  if (typeof value === "string" && /^-?\d+$/.test(value)) return value;
  throw new ArgumentError(`${describe(value)} is not an integer`, {
    fix:
      typeof value === "number" && Number.isInteger(value)
        ? "pass a bigint: the number is not exact"
        : "pass an integer or a bigint",
  });
}

function toBigInt(value: unknown): bigint | null {
  if (typeof value === "bigint") return value;
  return value === null || value === undefined ? null : BigInt(value as string | number);
}

function toNumber(value: unknown): number | null {
  if (typeof value === "number") return value;
  return value === null || value === undefined ? null : Number(value);
}

/** What is sent for a decimal: text, which every driver sends exactly. */
function decimalParameter(value: unknown): unknown {
  if (typeof value === "string") {
    if (isDecimalText(value)) return value;
  } else if (value === null || value === undefined || typeof value === "bigint" || Number.isFinite(value))
    return value ?? null;
  else if (typeof value === "object") {
    const text = String(value);
    if (isDecimalText(text)) return text;
  }
  throw new ArgumentError(`${describe(value)} is not a decimal number`, {
    fix: 'pass text such as "12.50", a number or a bigint',
  });
}
