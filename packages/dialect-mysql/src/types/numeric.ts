/** MySQL's numbers: display width, UNSIGNED and ZEROFILL beside the standard's arguments. Rendered by ../visitors/type.ts. */
import {
  ArgumentError,
  BigInteger,
  type BigIntegerOptions,
  Double,
  defineVisitName,
  Float,
  type FloatOptions,
  Integer,
  Numeric,
  type NumericOptions,
  optionalCount,
  type Processor,
  SmallInteger,
  type TypeDialect,
} from "@athanor/core";
import { splitArguments } from "./arguments.ts";

/** What every number can have on MySQL. */
export interface NumberExtras {
  /** No values below zero, twice as many above. */
  readonly unsigned?: boolean | undefined;
  /** Results are padded with zeros to the display width; implies UNSIGNED on the server. */
  readonly zerofill?: boolean | undefined;
}

/** Options of the integer types. */
export interface IntegerOptions extends NumberExtras {
  /** Digits shown, for ZEROFILL; `TINYINT(1)` is how MySQL writes BOOL. */
  readonly displayWidth?: number | undefined;
}

/** Arguments of the integer factories: `(displayWidth, options)`, or fewer. */
export type IntegerArgs<Options> =
  | readonly [displayWidth?: number | null]
  | readonly [displayWidth: number | null | undefined, options: Options]
  | readonly [options: Options];

/** Arguments of the factories with precision and scale. */
export type DecimalArgs<Options> =
  | readonly [precision?: number | null, scale?: number | null]
  | readonly [precision: number | null | undefined, scale: number | null | undefined, options: Options]
  | readonly [precision: number | null | undefined, options: Options]
  | readonly [options: Options];

interface ReadInteger<Options> {
  readonly displayWidth: number | undefined;
  readonly unsigned: boolean;
  readonly zerofill: boolean;
  readonly options: Partial<Options>;
}

function readInteger<Options extends IntegerOptions>(args: readonly unknown[]): ReadInteger<Options> {
  const [positional, options] = splitArguments<Options>(args);
  return {
    displayWidth: optionalCount(
      "integer",
      "displayWidth",
      (positional[0] as number | undefined) ?? options.displayWidth,
    ),
    unsigned: options.unsigned ?? false,
    zerofill: options.zerofill ?? false,
    options,
  };
}

/** INTEGER, and the parent of TINYINT and MEDIUMINT. */
export class MySQLInteger extends Integer {
  readonly displayWidth: number | undefined;
  readonly unsigned: boolean;
  readonly zerofill: boolean;

  constructor(...args: (number | null | undefined | IntegerOptions)[]) {
    super();
    const { displayWidth, unsigned, zerofill } = readInteger(args);
    this.displayWidth = displayWidth;
    this.unsigned = unsigned;
    this.zerofill = zerofill;
  }
}
defineVisitName(MySQLInteger, "INTEGER");

/** TINYINT, one byte. */
export class MySQLTinyInt extends MySQLInteger {}
defineVisitName(MySQLTinyInt, "TINYINT");

/** MEDIUMINT, three bytes. */
export class MySQLMediumInt extends MySQLInteger {}
defineVisitName(MySQLMediumInt, "MEDIUMINT");

/** SMALLINT, two bytes. */
export class MySQLSmallInt extends SmallInteger {
  readonly displayWidth: number | undefined;
  readonly unsigned: boolean;
  readonly zerofill: boolean;

  constructor(...args: (number | null | undefined | IntegerOptions)[]) {
    super();
    const { displayWidth, unsigned, zerofill } = readInteger(args);
    this.displayWidth = displayWidth;
    this.unsigned = unsigned;
    this.zerofill = zerofill;
  }
}
defineVisitName(MySQLSmallInt, "SMALLINT");

/** BIGINT, eight bytes: bigint, or number with `{ mode: "number" }`. */
export class MySQLBigInt<T = bigint> extends BigInteger<T> {
  readonly displayWidth: number | undefined;
  readonly unsigned: boolean;
  readonly zerofill: boolean;

  constructor(...args: (number | null | undefined | (IntegerOptions & BigIntegerOptions))[]) {
    const { displayWidth, unsigned, zerofill, options } = readInteger<IntegerOptions & BigIntegerOptions>(args);
    super(options);
    this.displayWidth = displayWidth;
    this.unsigned = unsigned;
    this.zerofill = zerofill;
  }
}
defineVisitName(MySQLBigInt, "BIGINT");

/** NUMERIC(precision, scale). */
export class MySQLNumeric<T = string> extends Numeric<T> {
  readonly unsigned: boolean;
  readonly zerofill: boolean;

  constructor(...args: (number | null | undefined | (NumericOptions & NumberExtras))[]) {
    super(...args);
    const [, options] = splitArguments<NumberExtras>(args);
    this.unsigned = options.unsigned ?? false;
    this.zerofill = options.zerofill ?? false;
  }
}
defineVisitName(MySQLNumeric, "NUMERIC");

/** DECIMAL(precision, scale). */
export class MySQLDecimal<T = string> extends MySQLNumeric<T> {}
defineVisitName(MySQLDecimal, "DECIMAL");

/** Options of FLOAT, DOUBLE and REAL. */
export interface ApproximateOptions extends FloatOptions, NumberExtras {
  /** Digits after the point; MySQL rounds to them. */
  readonly scale?: number | undefined;
}

interface ReadApproximate {
  readonly precision: number | undefined;
  readonly scale: number | undefined;
  readonly options: ApproximateOptions;
}

function readApproximate(args: readonly unknown[], both: boolean): ReadApproximate {
  const [positional, options] = splitArguments<ApproximateOptions>(args);
  const precision = optionalCount("float", "precision", (positional[0] as number | undefined) ?? options.precision);
  const scale = optionalCount("float", "scale", (positional[1] as number | undefined) ?? options.scale);
  if (both && (precision === undefined) !== (scale === undefined)) {
    throw new ArgumentError("You must specify both precision and scale or omit both altogether.");
  }
  return { precision, scale, options };
}

/** FLOAT(precision), or FLOAT(precision, scale). */
export class MySQLFloat<T = number> extends Float<T> {
  readonly scale: number | undefined;
  readonly unsigned: boolean;
  readonly zerofill: boolean;

  constructor(...args: (number | null | undefined | ApproximateOptions)[]) {
    const { precision, scale, options } = readApproximate(args, false);
    super({ ...options, precision });
    this.scale = scale;
    this.unsigned = options.unsigned ?? false;
    this.zerofill = options.zerofill ?? false;
  }
}
defineVisitName(MySQLFloat, "FLOAT");

/** DOUBLE(precision, scale). */
export class MySQLDouble<T = number> extends Double<T> {
  readonly scale: number | undefined;
  readonly unsigned: boolean;
  readonly zerofill: boolean;

  constructor(...args: (number | null | undefined | ApproximateOptions)[]) {
    const { precision, scale, options } = readApproximate(args, true);
    super({ ...options, precision });
    this.scale = scale;
    this.unsigned = options.unsigned ?? false;
    this.zerofill = options.zerofill ?? false;
  }
}
defineVisitName(MySQLDouble, "DOUBLE");

/** REAL(precision, scale): a DOUBLE, unless the server's sql_mode has REAL_AS_FLOAT. */
export class MySQLReal<T = number> extends MySQLDouble<T> {}
defineVisitName(MySQLReal, "REAL");

/** Options of BIT. */
export interface BitOptions {
  /** Number of bits, 1 to 64; 1 by default. */
  readonly length?: number | null;
}

/** BIT(length): a number, or a bigint above 48 bits. */
export class MySQLBit extends Integer<number | bigint> {
  readonly length: number | undefined;

  constructor(...args: readonly (number | null | undefined | BitOptions)[]) {
    super();
    const [positional, options] = splitArguments<BitOptions>(args);
    this.length = optionalCount("bit", "length", positional[0] ?? options.length);
  }

  override resultProcessor(_dialect: TypeDialect): Processor {
    return (value) => (value instanceof Uint8Array ? bitsToInteger(value) : (value ?? null));
  }
}
defineVisitName(MySQLBit, "BIT");

/** The bytes of a BIT value as an integer; the column's width, not the value, decides between number and bigint. */
export function bitsToInteger(bytes: Uint8Array): number | bigint {
  if (bytes.length <= 6) return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}
