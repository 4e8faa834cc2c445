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

export const NUMBER: TypeFactory<ConstructorParameters<typeof NumberType>, NumberType> = makeFactory(NumberType);
export const FLOAT: TypeFactory<[options?: OracleFloatOptions], OracleFloat> = makeFactory(OracleFloat);
export const BINARY_DOUBLE: Plain<BinaryDouble> = makeFactory(BinaryDouble);
export const BINARY_FLOAT: Plain<BinaryFloat> = makeFactory(BinaryFloat);
export const VARCHAR2: TypeFactory<ConstructorParameters<typeof StringType>, VarChar2> = makeFactory(VarChar2);
export const NVARCHAR2: TypeFactory<ConstructorParameters<typeof StringType>, NVarChar2> = makeFactory(NVarChar2);
export const VARCHAR: typeof t.VARCHAR = t.VARCHAR;
export const NVARCHAR: typeof t.NVARCHAR = t.NVARCHAR;
export const NCLOB: Plain<NClob> = makeFactory(NClob);
export const LONG: Plain<Long> = makeFactory(Long);
export const RAW: TypeFactory<[length?: number], Raw> = makeFactory(Raw);
export const BFILE: Plain<BFile> = makeFactory(BFile);
export const ROWID: Plain<RowId> = makeFactory(RowId);
export const DATE: Plain<OracleDate> = makeFactory(OracleDate);
export const TIMESTAMP: TypeFactory<[options?: OracleTimestampOptions], OracleTimestamp> = makeFactory(OracleTimestamp);
export const INTERVAL: TypeFactory<[options?: OracleIntervalOptions], OracleInterval> = makeFactory(OracleInterval);
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
export const BLOB: TypeFactory<ConstructorParameters<typeof BlobType>, InstanceType<typeof BlobType>> = makeFactory(
  BlobType,
);
export const CLOB: TypeFactory<ConstructorParameters<typeof ClobType>, InstanceType<typeof ClobType>> = makeFactory(
  ClobType,
);
export const CHAR: TypeFactory<ConstructorParameters<typeof CharType>, InstanceType<typeof CharType>> = makeFactory(
  CharType,
);
export const NCHAR: TypeFactory<ConstructorParameters<typeof NCharType>, InstanceType<typeof NCharType>> = makeFactory(
  NCharType,
);
export const REAL: TypeFactory<ConstructorParameters<typeof RealType>, InstanceType<typeof RealType>> = makeFactory(
  RealType,
);
export const DOUBLE_PRECISION: TypeFactory<
  ConstructorParameters<typeof DoubleType>,
  InstanceType<typeof DoubleType>
> = makeFactory(DoubleType);
export const BOOLEAN: TypeFactory<ConstructorParameters<typeof BoolType>, InstanceType<typeof BoolType>> = makeFactory(
  BoolType,
);
