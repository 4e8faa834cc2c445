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

export const TINYINT: Plain<TinyInt> = makeFactory(TinyInt);
export const BIT: Plain<Bit> = makeFactory(Bit);
export const MONEY: Plain<Money> = makeFactory(Money);
export const SMALLMONEY: Plain<SmallMoney> = makeFactory(SmallMoney);
export const DATETIME2: Precision<DateTime2> = makeFactory(DateTime2);
export const DATETIMEOFFSET: Precision<DateTimeOffset> = makeFactory(DateTimeOffset);
export const SMALLDATETIME: Plain<SmallDateTime> = makeFactory(SmallDateTime);
export const DATETIME: Plain<MSDateTime> = makeFactory(MSDateTime);
export const TIME: Precision<MSTime> = makeFactory(MSTime);
export const DATE: Plain<MSDate> = makeFactory(MSDate);
export const UNIQUEIDENTIFIER: Plain<UniqueIdentifier> = makeFactory(UniqueIdentifier);
export const SQL_VARIANT: Plain<SqlVariant> = makeFactory(SqlVariant);
export const IMAGE: Plain<Image> = makeFactory(Image);
export const ROWVERSION: Plain<RowVersion> = makeFactory(RowVersion);
export const TIMESTAMP: Plain<MSTimestamp> = makeFactory(MSTimestamp);
export const XML: Plain<Xml> = makeFactory(Xml);
export const NTEXT: Plain<NText> = makeFactory(NText);
export const VARBINARY: TypeFactory<MaxLengthArgs<VarBinaryOptions>, VarBinary> = makeFactory(VarBinary);
export const NVARCHAR: TypeFactory<MaxLengthArgs<MaxStringOptions>, NVarChar> = makeFactory(NVarChar);
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

export const REAL: BareType<InstanceType<typeof RealType>> &
  TypeFactory<ConstructorParameters<typeof RealType>, InstanceType<typeof RealType>> = shared(RealType);
export const FLOAT: TypeFactory<ConstructorParameters<typeof FloatType>, InstanceType<typeof FloatType>> = shared(
  FloatType,
);
export const DECIMAL: TypeFactory<ConstructorParameters<typeof DecimalType>, InstanceType<typeof DecimalType>> = shared(
  DecimalType,
);
export const NUMERIC: TypeFactory<ConstructorParameters<typeof NumericType>, InstanceType<typeof NumericType>> = shared(
  NumericType,
);
export const DOUBLE_PRECISION: TypeFactory<
  ConstructorParameters<typeof DoubleType>,
  InstanceType<typeof DoubleType>
> = shared(DoubleType);
export const BINARY: TypeFactory<ConstructorParameters<typeof BinaryExact>, InstanceType<typeof BinaryExact>> = shared(
  BinaryExact,
);
export const CHAR: TypeFactory<ConstructorParameters<typeof CharType>, InstanceType<typeof CharType>> = shared(
  CharType,
);
export const NCHAR: TypeFactory<ConstructorParameters<typeof NCharType>, InstanceType<typeof NCharType>> = shared(
  NCharType,
);
export const BIGINT: TypeFactory<ConstructorParameters<typeof BigType>, InstanceType<typeof BigType>> = shared(BigType);
export const SMALLINT: TypeFactory<ConstructorParameters<typeof SmallType>, InstanceType<typeof SmallType>> = shared(
  SmallType,
);
export const INTEGER: TypeFactory<ConstructorParameters<typeof IntType>, InstanceType<typeof IntType>> = shared(
  IntType,
);
export const TEXT: TypeFactory<ConstructorParameters<typeof TextType>, InstanceType<typeof TextType>> = shared(
  TextType,
);
/** JSON documents, stored as `NVARCHAR(max)`. */
export const JSON: typeof t.json = t.json;
