/** MySQL's types by their exact names, as `mysql.INTEGER({ unsigned: true })`: factories that may be used bare or called. */
import {
  type BareType,
  type BigIntegerOptions,
  type BooleanOptions,
  type EnumObject,
  type EnumValues,
  exactTypes,
  JSON_NULL,
  type JsonNull,
  type JsonOps,
  type JsonOptions,
  makeFactory,
  type NumericOptions,
  type SchemaInput,
  type SchemaOutput,
  type StandardSchemaV1,
  type TypeFactory,
} from "@athanor/core";
import { MySQLLongBlob, MySQLMediumBlob, MySQLTinyBlob } from "./binary.ts";
import { MySQLJSON } from "./json.ts";
import {
  type ApproximateOptions,
  type BitOptions,
  type DecimalArgs,
  type IntegerArgs,
  type IntegerOptions,
  MySQLBigInt,
  MySQLBit,
  MySQLDecimal,
  MySQLDouble,
  MySQLFloat,
  MySQLInteger,
  MySQLMediumInt,
  MySQLNumeric,
  MySQLReal,
  MySQLSmallInt,
  MySQLTinyInt,
  type NumberExtras,
} from "./numeric.ts";
import { MySQLEnum, type MySQLEnumOptions, MySQLSet, type SetOptions } from "./set.ts";
import {
  type FractionOptions,
  MySQLDateTime,
  MySQLTime,
  MySQLTimestamp,
  MySQLYear,
  type YearOptions,
} from "./temporal.ts";
import {
  MariaDBInet4,
  MariaDBInet6,
  MySQLChar,
  MySQLLongText,
  MySQLMediumText,
  MySQLNChar,
  MySQLNVarChar,
  MySQLText,
  MySQLTinyText,
  MySQLVarChar,
  type TextArgs,
} from "./text.ts";

type IntegerFactory<Type extends MySQLInteger | MySQLSmallInt> = TypeFactory<
  IntegerArgs<IntegerOptions> & readonly unknown[],
  Type
>;

/** BIGINT: bigint, or numbers with `{ mode: "number" }`. */
export interface BigIntFactory extends BareType<MySQLBigInt> {
  (options: IntegerOptions & BigIntegerOptions<"number"> & { readonly mode: "number" }): MySQLBigInt<number>;
  (...args: IntegerArgs<IntegerOptions & BigIntegerOptions<"bigint">>): MySQLBigInt;
}

/** NUMERIC and DECIMAL: exact text, or numbers with `{ as: "number" }`. */
export interface ExactFactory<Type extends MySQLNumeric> extends BareType<Type> {
  (
    ...args: readonly [...(number | undefined)[], NumberExtras & Omit<NumericOptions, "as"> & { readonly as: "number" }]
  ): MySQLNumeric<number>;
  (...args: DecimalArgs<NumericOptions & NumberExtras>): Type;
}

/** FLOAT, DOUBLE and REAL: numbers, or text with `{ asdecimal: true }`. */
export interface ApproximateFactory<Type extends MySQLFloat | MySQLDouble> extends BareType<Type> {
  (
    ...args: readonly [...(number | undefined)[], ApproximateOptions & { readonly asdecimal: true }]
  ): MySQLDouble<string>;
  (...args: DecimalArgs<ApproximateOptions>): Type;
}

/** ENUM: `mysql.ENUM("a", "b", { charset: "latin1" })`, or of an enum-like object. */
export interface MySQLEnumFactory extends BareType<MySQLEnum> {
  <const Value extends string>(...values: readonly Value[]): MySQLEnum<Value>;
  <const Values extends readonly string[]>(
    ...args: readonly [...values: Values, options: MySQLEnumOptions]
  ): MySQLEnum<Values[number]>;
  <const Members extends EnumObject>(members: Members, options?: MySQLEnumOptions): MySQLEnum<EnumValues<Members>>;
}

/** SET: `mysql.SET("a", "b")`. */
export interface MySQLSetFactory extends BareType<MySQLSet> {
  <const Value extends string>(...values: readonly Value[]): MySQLSet<Value>;
  <const Values extends readonly string[]>(
    ...args: readonly [...values: Values, options: SetOptions]
  ): MySQLSet<Values[number]>;
}

/** JSON: `mysql.JSON<Meta>()`, or with a schema that gives the type. */
export interface MySQLJsonFactory extends BareType<MySQLJSON<unknown, JsonOps>> {
  <Schema extends StandardSchemaV1>(
    options: JsonOptions & { readonly schema: Schema },
  ): MySQLJSON<SchemaOutput<Schema>, JsonOps, SchemaInput<Schema>>;
  <T = unknown>(options?: JsonOptions): MySQLJSON<T, JsonOps>;
  readonly NULL: JsonNull;
}

type TextFactory<Type extends MySQLVarChar> = TypeFactory<TextArgs & readonly unknown[], Type>;
type BytesFactory<Type extends exactTypes.BLOB> = TypeFactory<
  readonly [length?: number | { readonly length?: number }] & readonly unknown[],
  Type
>;

/** Integers of 32 bits: `mysql.INTEGER({ unsigned: true })`. */
export const INTEGER: IntegerFactory<MySQLInteger> = makeFactory(MySQLInteger);
/** Integers of 8 bits; `TINYINT(1)` is what BOOLEAN means. */
export const TINYINT: IntegerFactory<MySQLTinyInt> = makeFactory(MySQLTinyInt);
/** Integers of 16 bits. */
export const SMALLINT: IntegerFactory<MySQLSmallInt> = makeFactory(MySQLSmallInt);
/** Integers of 24 bits. */
export const MEDIUMINT: IntegerFactory<MySQLMediumInt> = makeFactory(MySQLMediumInt);
/** Integers of 64 bits, as bigint: `mysql.BIGINT({ unsigned: true })`. */
export const BIGINT: BigIntFactory = makeFactory(MySQLBigInt);
/** Exact decimals, as text: `NUMERIC(10, 2)`. */
export const NUMERIC: ExactFactory<MySQLNumeric> = makeFactory(MySQLNumeric);
/** Exact decimals, as text: `DECIMAL(10, 2)`. */
export const DECIMAL: ExactFactory<MySQLDecimal> = makeFactory(MySQLDecimal);
/** Floating point of 32 bits. */
export const FLOAT: ApproximateFactory<MySQLFloat> = makeFactory(MySQLFloat);
/** Floating point of 64 bits. */
export const DOUBLE: ApproximateFactory<MySQLDouble> = makeFactory(MySQLDouble);
/** Floating point of 64 bits, MySQL's name for DOUBLE. */
export const REAL: ApproximateFactory<MySQLReal> = makeFactory(MySQLReal);
/** Bits, as a number; as bigint from 49 of them on. */
export const BIT: TypeFactory<[length?: number | BitOptions], MySQLBit> = makeFactory(MySQLBit);
/** Years from 1901 to 2155. */
export const YEAR: TypeFactory<[displayWidth?: number | YearOptions], MySQLYear> = makeFactory(MySQLYear);

/** Text of a fixed length: `mysql.CHAR(3, { charset: "latin1" })`. */
export const CHAR: TextFactory<MySQLChar> = makeFactory(MySQLChar);
/** Text up to a length: `mysql.VARCHAR(50, { charset, collation })`. */
export const VARCHAR: TextFactory<MySQLVarChar> = makeFactory(MySQLVarChar);
/** Text of a fixed length in the national character set. */
export const NCHAR: TextFactory<MySQLNChar> = makeFactory(MySQLNChar);
/** Text up to a length in the national character set. */
export const NVARCHAR: TextFactory<MySQLNVarChar> = makeFactory(MySQLNVarChar);
/** Text up to 64 KiB. */
export const TEXT: TextFactory<MySQLText> = makeFactory(MySQLText);
/** Text up to 255 bytes. */
export const TINYTEXT: TextFactory<MySQLTinyText> = makeFactory(MySQLTinyText);
/** Text up to 16 MiB. */
export const MEDIUMTEXT: TextFactory<MySQLMediumText> = makeFactory(MySQLMediumText);
/** Text up to 4 GiB. */
export const LONGTEXT: TextFactory<MySQLLongText> = makeFactory(MySQLLongText);
/** One of some texts: `mysql.ENUM("a", "b")`. */
export const ENUM: MySQLEnumFactory = makeFactory(MySQLEnum);
/** Any of some texts, as a Set: `mysql.SET("a", "b")`. */
export const SET: MySQLSetFactory = makeFactory(MySQLSet);

/** Bytes of a fixed length, as Uint8Array. */
export const BINARY: BytesFactory<exactTypes.BINARY> = makeFactory(exactTypes.BINARY);
/** Bytes up to a length, as Uint8Array. */
export const VARBINARY: BytesFactory<exactTypes.VARBINARY> = makeFactory(exactTypes.VARBINARY);
/** Bytes up to 64 KiB, as Uint8Array. */
export const BLOB: BytesFactory<exactTypes.BLOB> = makeFactory(exactTypes.BLOB);
/** Bytes up to 255, as Uint8Array. */
export const TINYBLOB: BytesFactory<MySQLTinyBlob> = makeFactory(MySQLTinyBlob);
/** Bytes up to 16 MiB, as Uint8Array. */
export const MEDIUMBLOB: BytesFactory<MySQLMediumBlob> = makeFactory(MySQLMediumBlob);
/** Bytes up to 4 GiB, as Uint8Array. */
export const LONGBLOB: BytesFactory<MySQLLongBlob> = makeFactory(MySQLLongBlob);

/** Days, as ISO text: `"2024-02-29"`. */
export const DATE: TypeFactory<[], exactTypes.DATE> = makeFactory(exactTypes.DATE);
/** Times of day, as ISO text: `mysql.TIME({ fsp: 3 })`. */
export const TIME: TypeFactory<[options?: FractionOptions], MySQLTime> = makeFactory(MySQLTime);
/** Moments in UTC, as Date: `mysql.DATETIME({ fsp: 6 })`. */
export const DATETIME: TypeFactory<[options?: FractionOptions], MySQLDateTime> = makeFactory(MySQLDateTime);
/** Moments from 1970 to 2038, as Date: `mysql.TIMESTAMP({ fsp: 6 })`. */
export const TIMESTAMP: TypeFactory<[options?: FractionOptions], MySQLTimestamp> = makeFactory(MySQLTimestamp);

/** True and false. */
export const BOOLEAN: TypeFactory<[options?: BooleanOptions], exactTypes.BOOLEAN> = makeFactory(exactTypes.BOOLEAN);
/** Documents of any shape: `mysql.JSON<Settings>()`. */
const json: MySQLJsonFactory = makeFactory(MySQLJSON, { NULL: JSON_NULL });

export { json as JSON };

/** IPv4 addresses, as text; MariaDB only. */
export const INET4: TypeFactory<[], MariaDBInet4> = makeFactory(MariaDBInet4);
/** IPv6 addresses, as text; MariaDB only. */
export const INET6: TypeFactory<[], MariaDBInet6> = makeFactory(MariaDBInet6);
