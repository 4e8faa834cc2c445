/** SQL Server's own types, and generic ones with the names it gives them. */
import {
  ArgumentError,
  type BareType,
  BinaryType,
  BooleanType,
  DateTime,
  DateType,
  defineVisitName,
  exactTypes,
  Integer,
  makeFactory,
  Numeric,
  optionalCount,
  type Processor,
  quoteString,
  SqlType,
  StringType,
  splitOptions,
  TimeType,
  type TypeDialect,
  type TypeFactory,
  type TypeLike,
  t,
} from "@athanor/core";

/** `TINYINT`: 0 to 255. */
export class TinyInt extends Integer {}
defineVisitName(TinyInt, "TINYINT");

/** `BIT`: true, false or NULL. */
export class Bit extends BooleanType {}
defineVisitName(Bit, "BIT");

/** `MONEY`, exact to four digits. */
export class Money extends Numeric {}
defineVisitName(Money, "MONEY");

/** `SMALLMONEY` */
export class SmallMoney extends Numeric {}
defineVisitName(SmallMoney, "SMALLMONEY");

/** Options of the types with fractions of a second. */
export interface PrecisionOptions {
  /** Digits of the fraction, 0 to 7; the server's default is 7. */
  readonly precision?: number | null;
}

/** `(precision)` or `({ precision })`. */
export type PrecisionArgs = readonly [precision?: number | null | PrecisionOptions];

function precisionOf(type: string, args: PrecisionArgs): number | null {
  const [positional, options] = splitOptions<PrecisionOptions>(args);
  return optionalCount(type, "precision", positional[0] ?? options.precision) ?? null;
}

/** `DATETIME2(precision)`: to 100 nanoseconds. */
export class DateTime2 extends DateTime {
  readonly precision: number | null;
  constructor(...args: PrecisionArgs) {
    super();
    this.precision = precisionOf("DATETIME2", args);
  }
}
defineVisitName(DateTime2, "DATETIME2");

/** `DATETIMEOFFSET(precision)`: with a time zone. */
export class DateTimeOffset extends DateTime {
  readonly precision: number | null;
  constructor(...args: PrecisionArgs) {
    super({ timezone: true });
    this.precision = precisionOf("DATETIMEOFFSET", args);
  }
}
defineVisitName(DateTimeOffset, "DATETIMEOFFSET");

/** `SMALLDATETIME`: to the minute. */
export class SmallDateTime extends DateTime {}
defineVisitName(SmallDateTime, "SMALLDATETIME");

/** `DATETIME`: to 1/300 of a second. */
export class MSDateTime extends DateTime {}
defineVisitName(MSDateTime, "DATETIME");

/** `TIME(precision)` */
export class MSTime extends TimeType {
  readonly precision: number | null;
  constructor(...args: PrecisionArgs) {
    super();
    this.precision = precisionOf("TIME", args);
  }
}
defineVisitName(MSTime, "TIME");

/** `DATE` */
export class MSDate extends DateType {}
defineVisitName(MSDate, "DATE");

/** `UNIQUEIDENTIFIER` */
export class UniqueIdentifier extends SqlType<string> {
  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return (value) => quoteString(String(value), dialect);
  }
}
defineVisitName(UniqueIdentifier, "UNIQUEIDENTIFIER");

/** `SQL_VARIANT`: a value of nearly any type. */
export class SqlVariant extends SqlType<unknown> {}
defineVisitName(SqlVariant, "SQL_VARIANT");

/** `IMAGE`, the old name of VARBINARY(max). */
export class Image extends BinaryType {}
defineVisitName(Image, "IMAGE");

/** `ROWVERSION`: changes with every update of its row. */
export class RowVersion extends BinaryType {}
defineVisitName(RowVersion, "ROWVERSION");

/** `TIMESTAMP`, the old name of ROWVERSION; not a time. */
export class MSTimestamp extends RowVersion {}
defineVisitName(MSTimestamp, "TIMESTAMP");

/** `XML` */
export class Xml extends StringType {}
defineVisitName(Xml, "XML");

/** `NTEXT`, the old name of NVARCHAR(max). */
export class NText extends StringType {}
defineVisitName(NText, "NTEXT");

/** A length, or `"max"`. */
export type MaxLength = number | "max";

/** Options of {@link VARBINARY}. */
export interface VarBinaryOptions {
  /** Number of bytes, or `"max"`; instead of the first argument. */
  readonly length?: MaxLength | null;
  /** Kept in the file system; only without a length, or with `"max"`. Default false. */
  readonly filestream?: boolean;
}

/** Options of {@link VARCHAR} and {@link NVARCHAR}. */
export interface MaxStringOptions {
  /** Number of characters, or `"max"`; instead of the first argument. */
  readonly length?: MaxLength | null;
  /** Name of a collation, rendered with COLLATE. */
  readonly collation?: string;
}

/** `(length)`, `(length, options)` or `(options)`. */
export type MaxLengthArgs<Options> = [length?: MaxLength | null, options?: Options] | [options: Options & object];

/** `VARBINARY(length | max)` */
export class VarBinary extends BinaryType {
  readonly size: MaxLength | null;
  readonly filestream: boolean;
  constructor(...args: readonly (MaxLength | null | undefined | VarBinaryOptions)[]) {
    super();
    const [positional, options] = splitOptions<VarBinaryOptions>(args);
    this.size = maxLength("VARBINARY", positional[0] ?? options.length);
    this.filestream = options.filestream ?? false;
    if (this.filestream && typeof this.size === "number")
      throw new ArgumentError('VARBINARY: a FILESTREAM has no length other than "max"', {
        fix: 'write VARBINARY("max", { filestream: true })',
      });
  }
}
defineVisitName(VarBinary, "VARBINARY");

/** `NVARCHAR(length | max)` and `VARCHAR(length | max)` */
class MaxString extends StringType {
  readonly size: MaxLength | null;
  constructor(...args: readonly (MaxLength | null | undefined | MaxStringOptions)[]) {
    const [positional, options] = splitOptions<MaxStringOptions>(args);
    const size = maxLength("VARCHAR", positional[0] ?? options.length);
    super(typeof size === "number" ? size : undefined, { collation: options.collation });
    this.size = size;
  }
}

function maxLength(type: string, value: unknown): MaxLength | null {
  return value === "max" ? value : (optionalCount(type, "length", value) ?? null);
}

/** `NVARCHAR(length | max)` */
export class NVarChar extends MaxString {}
defineVisitName(NVarChar, "NVARCHAR");

/** `VARCHAR(length | max)` */
export class VarChar extends MaxString {}
defineVisitName(VarChar, "VARCHAR");

type Precision<T extends TypeLike> = TypeFactory<[precision?: number | PrecisionOptions], T>;
type Plain<T extends TypeLike> = TypeFactory<[], T>;

/** Integers from 0 to 255. */
export const TINYINT: Plain<TinyInt> = makeFactory(TinyInt);
/** True and false. */
export const BIT: Plain<Bit> = makeFactory(Bit);
/** Amounts of money with four digits, as exact text. */
export const MONEY: Plain<Money> = makeFactory(Money);
/** Amounts of money up to 214,748.3647, as exact text. */
export const SMALLMONEY: Plain<SmallMoney> = makeFactory(SmallMoney);
/** Moments in UTC, as Date: `mssql.DATETIME2(7)`. */
export const DATETIME2: Precision<DateTime2> = makeFactory(DateTime2);
/** Moments with an offset, as Date; stored with +00:00. */
export const DATETIMEOFFSET: Precision<DateTimeOffset> = makeFactory(DateTimeOffset);
/** Moments to the minute, as Date. */
export const SMALLDATETIME: Plain<SmallDateTime> = makeFactory(SmallDateTime);
/** Moments to 1/300 s, as Date. */
export const DATETIME: Plain<MSDateTime> = makeFactory(MSDateTime);
/** Times of day, as ISO text: `mssql.TIME(7)`. */
export const TIME: Precision<MSTime> = makeFactory(MSTime);
/** Days, as ISO text: `"2024-02-29"`. */
export const DATE: Plain<MSDate> = makeFactory(MSDate);
/** UUIDs, as text. */
export const UNIQUEIDENTIFIER: Plain<UniqueIdentifier> = makeFactory(UniqueIdentifier);
/** Values of any type, as what they are. */
export const SQL_VARIANT: Plain<SqlVariant> = makeFactory(SqlVariant);
/** Bytes of any length, an old name for `VARBINARY("max")`. */
export const IMAGE: Plain<Image> = makeFactory(Image);
/** A number that changes with every write, as Uint8Array; the server sets it. */
export const ROWVERSION: Plain<RowVersion> = makeFactory(RowVersion);
/** The old name of ROWVERSION; no moment. */
export const TIMESTAMP: Plain<MSTimestamp> = makeFactory(MSTimestamp);
/** XML, as text. */
export const XML: Plain<Xml> = makeFactory(Xml);
/** Text, an old name for `NVARCHAR("max")`. */
export const NTEXT: Plain<NText> = makeFactory(NText);
/** Bytes up to a length, as Uint8Array: `mssql.VARBINARY("max")`. */
export const VARBINARY: TypeFactory<MaxLengthArgs<VarBinaryOptions>, VarBinary> = makeFactory(VarBinary);
/** Text in Unicode: `mssql.NVARCHAR(50)`, `mssql.NVARCHAR("max")`. */
export const NVARCHAR: TypeFactory<MaxLengthArgs<MaxStringOptions>, NVarChar> = makeFactory(NVarChar);
/** Text in the collation's character set: `mssql.VARCHAR(50)`. */
export const VARCHAR: TypeFactory<MaxLengthArgs<MaxStringOptions>, VarChar> = makeFactory(VarChar);

/** Names that SQL Server shares with the standard. */
const {
  REAL: RealType,
  FLOAT: FloatType,
  DECIMAL: DecimalType,
  NUMERIC: NumericType,
  DOUBLE_PRECISION: DoubleType,
  BINARY: BinaryExact,
  CHAR: CharType,
  NCHAR: NCharType,
  BIGINT: BigType,
  SMALLINT: SmallType,
  INTEGER: IntType,
  TEXT: TextType,
} = exactTypes;
const shared = <C extends new (...args: never[]) => SqlType>(
  type: C,
): TypeFactory<ConstructorParameters<C>, InstanceType<C>> => makeFactory(type);

/** Floating point of 32 bits. */
export const REAL: BareType<InstanceType<typeof RealType>> &
  TypeFactory<ConstructorParameters<typeof RealType>, InstanceType<typeof RealType>> = shared(RealType);
/** Floating point: `FLOAT(53)`. */
export const FLOAT: TypeFactory<ConstructorParameters<typeof FloatType>, InstanceType<typeof FloatType>> = shared(
  FloatType,
);
/** Exact decimals, as text: `DECIMAL(10, 2)`. */
export const DECIMAL: TypeFactory<ConstructorParameters<typeof DecimalType>, InstanceType<typeof DecimalType>> = shared(
  DecimalType,
);
/** Exact decimals, as text: `NUMERIC(10, 2)`. */
export const NUMERIC: TypeFactory<ConstructorParameters<typeof NumericType>, InstanceType<typeof NumericType>> = shared(
  NumericType,
);
/** Floating point of 64 bits. */
export const DOUBLE_PRECISION: TypeFactory<
  ConstructorParameters<typeof DoubleType>,
  InstanceType<typeof DoubleType>
> = shared(DoubleType);
/** Bytes of a fixed length, as Uint8Array. */
export const BINARY: TypeFactory<ConstructorParameters<typeof BinaryExact>, InstanceType<typeof BinaryExact>> = shared(
  BinaryExact,
);
/** Text of a fixed length, padded with blanks: `CHAR(3)`. */
export const CHAR: TypeFactory<ConstructorParameters<typeof CharType>, InstanceType<typeof CharType>> = shared(
  CharType,
);
/** Text of a fixed length in Unicode. */
export const NCHAR: TypeFactory<ConstructorParameters<typeof NCharType>, InstanceType<typeof NCharType>> = shared(
  NCharType,
);
/** Integers of 64 bits, as bigint. */
export const BIGINT: TypeFactory<ConstructorParameters<typeof BigType>, InstanceType<typeof BigType>> = shared(BigType);
/** Integers of 16 bits. */
export const SMALLINT: TypeFactory<ConstructorParameters<typeof SmallType>, InstanceType<typeof SmallType>> = shared(
  SmallType,
);
/** Integers of 32 bits. */
export const INTEGER: TypeFactory<ConstructorParameters<typeof IntType>, InstanceType<typeof IntType>> = shared(
  IntType,
);
/** Text, an old name for `VARCHAR("max")`. */
export const TEXT: TypeFactory<ConstructorParameters<typeof TextType>, InstanceType<typeof TextType>> = shared(
  TextType,
);
/** JSON documents, stored as `NVARCHAR(max)`. */
export const JSON: typeof t.json = t.json;
