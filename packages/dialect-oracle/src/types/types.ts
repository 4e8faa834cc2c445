/** Oracle's own types. */
import {
  ArgumentError,
  BinaryType,
  DateTime,
  Double,
  defineVisitName,
  exactTypes,
  Float,
  Interval,
  JSONType,
  type JsonOptions,
  makeFactory,
  Numeric,
  SqlType,
  StringType,
  type TypeFactory,
  type TypeLike,
  t,
} from "@athanor/core";

/** `NUMBER(precision, scale)` */
export class NumberType extends Numeric {}
defineVisitName(NumberType, "NUMBER");

/** Options of {@link FLOAT}. */
export interface OracleFloatOptions {
  /** Precision in binary digits. */
  readonly binaryPrecision?: number;
}

/** `FLOAT(binary precision)` */
export class OracleFloat extends Float {
  readonly binaryPrecision: number | null;
  constructor(options: OracleFloatOptions = {}) {
    super();
    this.binaryPrecision = options.binaryPrecision ?? null;
  }
}
defineVisitName(OracleFloat, "ORACLE_FLOAT");

/** `BINARY_DOUBLE` */
export class BinaryDouble extends Double {}
defineVisitName(BinaryDouble, "BINARY_DOUBLE");

/** `BINARY_FLOAT` */
export class BinaryFloat extends Float {}
defineVisitName(BinaryFloat, "BINARY_FLOAT");

/** `VARCHAR2(length CHAR)` */
export class VarChar2 extends StringType {}
defineVisitName(VarChar2, "VARCHAR2");

/** `NVARCHAR2(length)` */
export class NVarChar2 extends StringType {}
defineVisitName(NVarChar2, "NVARCHAR2");

/** `NCLOB` */
export class NClob extends StringType {}
defineVisitName(NClob, "NCLOB");

/** `LONG`, the old name of CLOB. */
export class Long extends StringType {}
defineVisitName(Long, "LONG");

/** `RAW(length)` */
export class Raw extends BinaryType {}
defineVisitName(Raw, "RAW");

/** `BFILE`: a file of the server. */
export class BFile extends BinaryType {}
defineVisitName(BFile, "BFILE");

/** `ROWID`: the address of a row. */
export class RowId extends SqlType<string> {}
defineVisitName(RowId, "ROWID");

/** `DATE`: with a time to the second. */
export class OracleDate extends DateTime {}
defineVisitName(OracleDate, "DATE");

/** Options of {@link TIMESTAMP}. */
export interface OracleTimestampOptions {
  /** `WITH TIME ZONE`. Default false. */
  readonly timezone?: boolean;
  /** `WITH LOCAL TIME ZONE`. Default false. */
  readonly localTimezone?: boolean;
}

/** `TIMESTAMP WITH [LOCAL] TIME ZONE` */
export class OracleTimestamp extends DateTime {
  readonly localTimezone: boolean;
  constructor(options: OracleTimestampOptions = {}) {
    super({ timezone: options.timezone ?? false });
    if (options.timezone && options.localTimezone)
      throw new ArgumentError("timezone and localTimezone are mutually exclusive");
    this.localTimezone = options.localTimezone ?? false;
  }
}
defineVisitName(OracleTimestamp, "ORACLE_TIMESTAMP");

/** Options of {@link INTERVAL}. */
export interface OracleIntervalOptions {
  readonly dayPrecision?: number;
  readonly secondPrecision?: number;
}

/** `INTERVAL DAY(n) TO SECOND(m)` */
export class OracleInterval extends Interval {
  constructor(options: OracleIntervalOptions = {}) {
    super(options);
  }
}
defineVisitName(OracleInterval, "ORACLE_INTERVAL");

/** Options of {@link JSON}. */
export interface OracleJsonOptions extends JsonOptions {
  /** Store the documents in a BLOB, as servers before 21 do anyway. By default what the server has. */
  readonly useBlob?: boolean;
}

/** `JSON`, or BLOB on servers that do not have it. */
export class OracleJson extends JSONType {
  readonly useBlob: boolean | undefined;
  constructor(options: OracleJsonOptions = {}) {
    super(options);
    this.useBlob = options.useBlob;
  }
}
defineVisitName(OracleJson, "ORACLE_JSON");

type Plain<T extends TypeLike> = TypeFactory<[], T>;

/** Numbers: exact text with a scale, `oracle.NUMBER(10, 2)`, whole numbers without. */
export const NUMBER: TypeFactory<ConstructorParameters<typeof NumberType>, NumberType> = makeFactory(NumberType);
/** Numbers of so many binary digits: `oracle.FLOAT({ binaryPrecision: 53 })`. */
export const FLOAT: TypeFactory<[options?: OracleFloatOptions], OracleFloat> = makeFactory(OracleFloat);
/** Floating point of 64 bits. */
export const BINARY_DOUBLE: Plain<BinaryDouble> = makeFactory(BinaryDouble);
/** Floating point of 32 bits. */
export const BINARY_FLOAT: Plain<BinaryFloat> = makeFactory(BinaryFloat);
/** Text up to a length: `oracle.VARCHAR2(50)`. */
export const VARCHAR2: TypeFactory<ConstructorParameters<typeof StringType>, VarChar2> = makeFactory(VarChar2);
/** Text up to a length in the national character set. */
export const NVARCHAR2: TypeFactory<ConstructorParameters<typeof StringType>, NVarChar2> = makeFactory(NVarChar2);
/** Text up to a length: `VARCHAR(50)`. */
export const VARCHAR: typeof t.VARCHAR = t.VARCHAR;
/** Text up to a length in the national character set. */
export const NVARCHAR: typeof t.NVARCHAR = t.NVARCHAR;
/** Text of any length in the national character set. */
export const NCLOB: Plain<NClob> = makeFactory(NClob);
/** Text of any length, Oracle's old type. */
export const LONG: Plain<Long> = makeFactory(Long);
/** Bytes up to a length, as Uint8Array. */
export const RAW: TypeFactory<[length?: number], Raw> = makeFactory(Raw);
/** References to files of the server. */
export const BFILE: Plain<BFile> = makeFactory(BFile);
/** The place of a row, as text. */
export const ROWID: Plain<RowId> = makeFactory(RowId);
/** Moments to the second, as Date. */
export const DATE: Plain<OracleDate> = makeFactory(OracleDate);
/** Moments, as Date: `oracle.TIMESTAMP({ timezone: true })`. */
export const TIMESTAMP: TypeFactory<[options?: OracleTimestampOptions], OracleTimestamp> = makeFactory(OracleTimestamp);
/** Lengths of time, as ISO durations: `oracle.INTERVAL({ dayPrecision: 2, secondPrecision: 6 })`. */
export const INTERVAL: TypeFactory<[options?: OracleIntervalOptions], OracleInterval> = makeFactory(OracleInterval);
/** Documents of any shape: `oracle.JSON<Settings>()`. */
export const JSON: TypeFactory<[options?: OracleJsonOptions], OracleJson> = makeFactory(OracleJson);

const {
  BLOB: BlobType,
  CLOB: ClobType,
  CHAR: CharType,
  NCHAR: NCharType,
  REAL: RealType,
  DOUBLE_PRECISION: DoubleType,
  BOOLEAN: BoolType,
} = exactTypes;
/** Bytes, as Uint8Array. */
export const BLOB: TypeFactory<ConstructorParameters<typeof BlobType>, InstanceType<typeof BlobType>> = makeFactory(
  BlobType,
);
/** Text of any length. */
export const CLOB: TypeFactory<ConstructorParameters<typeof ClobType>, InstanceType<typeof ClobType>> = makeFactory(
  ClobType,
);
/** Text of a fixed length, padded with blanks: `CHAR(3)`. */
export const CHAR: TypeFactory<ConstructorParameters<typeof CharType>, InstanceType<typeof CharType>> = makeFactory(
  CharType,
);
/** Text of a fixed length in the national character set. */
export const NCHAR: TypeFactory<ConstructorParameters<typeof NCharType>, InstanceType<typeof NCharType>> = makeFactory(
  NCharType,
);
/** Floating point of 32 bits. */
export const REAL: TypeFactory<ConstructorParameters<typeof RealType>, InstanceType<typeof RealType>> = makeFactory(
  RealType,
);
/** Floating point of 64 bits. */
export const DOUBLE_PRECISION: TypeFactory<
  ConstructorParameters<typeof DoubleType>,
  InstanceType<typeof DoubleType>
> = makeFactory(DoubleType);
/** True and false; 0 and 1 before 23ai. */
export const BOOLEAN: TypeFactory<ConstructorParameters<typeof BoolType>, InstanceType<typeof BoolType>> = makeFactory(
  BoolType,
);
