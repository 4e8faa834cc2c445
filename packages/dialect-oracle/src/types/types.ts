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
  makeFactory,
  Numeric,
  SqlType,
  StringType,
  type TypeFactory,
  type TypeLike,
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

/** `JSON` */
export class OracleJson extends JSONType {}
defineVisitName(OracleJson, "ORACLE_JSON");

/** How the numbers of a vector are stored. */
export const VectorStorageFormat = { INT8: "INT8", BINARY: "BINARY", FLOAT32: "FLOAT32", FLOAT64: "FLOAT64" } as const;
/** One of {@link VectorStorageFormat}. */
export type VectorStorageFormat = (typeof VectorStorageFormat)[keyof typeof VectorStorageFormat];

/** Options of {@link VECTOR}. */
export interface VectorOptions {
  readonly dim?: number;
  readonly storageFormat?: VectorStorageFormat;
}

/** `VECTOR(dim, format)` */
export class Vector extends SqlType<readonly number[]> {
  readonly dim: number | null;
  readonly storageFormat: VectorStorageFormat | null;
  constructor(options: VectorOptions = {}) {
    super();
    this.dim = options.dim ?? null;
    this.storageFormat = options.storageFormat ?? null;
  }
}
defineVisitName(Vector, "VECTOR");

type Plain<T extends TypeLike> = TypeFactory<[], T>;

export const NUMBER: TypeFactory<ConstructorParameters<typeof NumberType>, NumberType> = makeFactory(NumberType);
export const FLOAT: TypeFactory<[options?: OracleFloatOptions], OracleFloat> = makeFactory(OracleFloat);
export const BINARY_DOUBLE: Plain<BinaryDouble> = makeFactory(BinaryDouble);
export const BINARY_FLOAT: Plain<BinaryFloat> = makeFactory(BinaryFloat);
export const VARCHAR2: TypeFactory<[length?: number], VarChar2> = makeFactory(VarChar2);
export const NVARCHAR2: TypeFactory<[length?: number], NVarChar2> = makeFactory(NVarChar2);
export const NCLOB: Plain<NClob> = makeFactory(NClob);
export const LONG: Plain<Long> = makeFactory(Long);
export const RAW: TypeFactory<[length?: number], Raw> = makeFactory(Raw);
export const BFILE: Plain<BFile> = makeFactory(BFile);
export const ROWID: Plain<RowId> = makeFactory(RowId);
export const DATE: Plain<OracleDate> = makeFactory(OracleDate);
export const TIMESTAMP: TypeFactory<[options?: OracleTimestampOptions], OracleTimestamp> = makeFactory(OracleTimestamp);
export const INTERVAL: TypeFactory<[options?: OracleIntervalOptions], OracleInterval> = makeFactory(OracleInterval);
export const JSON: Plain<OracleJson> = makeFactory(OracleJson);
export const VECTOR: TypeFactory<[options?: VectorOptions], Vector> = makeFactory(Vector);

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

/** Kinds of vector indexes. */
export const VectorIndexType = { HNSW: "HNSW", IVF: "IVF" } as const;
/** One of {@link VectorIndexType}. */
export type VectorIndexType = (typeof VectorIndexType)[keyof typeof VectorIndexType];

/** Distances between vectors. */
export const VectorDistanceType = {
  EUCLIDEAN: "EUCLIDEAN",
  DOT: "DOT",
  COSINE: "COSINE",
  MANHATTAN: "MANHATTAN",
} as const;
/** One of {@link VectorDistanceType}. */
export type VectorDistanceType = (typeof VectorDistanceType)[keyof typeof VectorDistanceType];

/** How a vector index is built. */
export interface VectorIndexOptions {
  readonly indexType?: VectorIndexType;
  readonly distance?: VectorDistanceType;
  readonly accuracy?: number;
  readonly hnswNeighbors?: number;
  readonly hnswEfconstruction?: number;
  readonly ivfNeighborPartitions?: number;
  readonly ivfSamplePerPartition?: number;
  readonly ivfMinVectorsPerPartition?: number;
  readonly parallel?: number;
}

/** The options of a vector index: `index("ix", t.c.v, { oracleVector: VectorIndexConfig({ accuracy: 90 }) })`. */
export function VectorIndexConfig(options: VectorIndexOptions = {}): VectorIndexOptions {
  return { indexType: VectorIndexType.HNSW, ...options };
}
