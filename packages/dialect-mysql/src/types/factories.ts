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

export const INTEGER: IntegerFactory<MySQLInteger> = makeFactory(MySQLInteger);
export const TINYINT: IntegerFactory<MySQLTinyInt> = makeFactory(MySQLTinyInt);
export const SMALLINT: IntegerFactory<MySQLSmallInt> = makeFactory(MySQLSmallInt);
export const MEDIUMINT: IntegerFactory<MySQLMediumInt> = makeFactory(MySQLMediumInt);
export const BIGINT: BigIntFactory = makeFactory(MySQLBigInt);
export const NUMERIC: ExactFactory<MySQLNumeric> = makeFactory(MySQLNumeric);
export const DECIMAL: ExactFactory<MySQLDecimal> = makeFactory(MySQLDecimal);
export const FLOAT: ApproximateFactory<MySQLFloat> = makeFactory(MySQLFloat);
export const DOUBLE: ApproximateFactory<MySQLDouble> = makeFactory(MySQLDouble);
export const REAL: ApproximateFactory<MySQLReal> = makeFactory(MySQLReal);
export const BIT: TypeFactory<[length?: number | BitOptions], MySQLBit> = makeFactory(MySQLBit);
export const YEAR: TypeFactory<[displayWidth?: number | YearOptions], MySQLYear> = makeFactory(MySQLYear);

export const CHAR: TextFactory<MySQLChar> = makeFactory(MySQLChar);
export const VARCHAR: TextFactory<MySQLVarChar> = makeFactory(MySQLVarChar);
export const NCHAR: TextFactory<MySQLNChar> = makeFactory(MySQLNChar);
export const NVARCHAR: TextFactory<MySQLNVarChar> = makeFactory(MySQLNVarChar);
export const TEXT: TextFactory<MySQLText> = makeFactory(MySQLText);
export const TINYTEXT: TextFactory<MySQLTinyText> = makeFactory(MySQLTinyText);
export const MEDIUMTEXT: TextFactory<MySQLMediumText> = makeFactory(MySQLMediumText);
export const LONGTEXT: TextFactory<MySQLLongText> = makeFactory(MySQLLongText);
export const ENUM: MySQLEnumFactory = makeFactory(MySQLEnum);
export const SET: MySQLSetFactory = makeFactory(MySQLSet);

export const BINARY: BytesFactory<exactTypes.BINARY> = makeFactory(exactTypes.BINARY);
export const VARBINARY: BytesFactory<exactTypes.VARBINARY> = makeFactory(exactTypes.VARBINARY);
export const BLOB: BytesFactory<exactTypes.BLOB> = makeFactory(exactTypes.BLOB);
export const TINYBLOB: BytesFactory<MySQLTinyBlob> = makeFactory(MySQLTinyBlob);
export const MEDIUMBLOB: BytesFactory<MySQLMediumBlob> = makeFactory(MySQLMediumBlob);
export const LONGBLOB: BytesFactory<MySQLLongBlob> = makeFactory(MySQLLongBlob);

export const DATE: TypeFactory<[], exactTypes.DATE> = makeFactory(exactTypes.DATE);
export const TIME: TypeFactory<[options?: FractionOptions], MySQLTime> = makeFactory(MySQLTime);
export const DATETIME: TypeFactory<[options?: FractionOptions], MySQLDateTime> = makeFactory(MySQLDateTime);
export const TIMESTAMP: TypeFactory<[options?: FractionOptions], MySQLTimestamp> = makeFactory(MySQLTimestamp);

export const BOOLEAN: TypeFactory<[options?: BooleanOptions], exactTypes.BOOLEAN> = makeFactory(exactTypes.BOOLEAN);
const json: MySQLJsonFactory = makeFactory(MySQLJSON, { NULL: JSON_NULL });

export { json as JSON };

export const INET4: TypeFactory<[], MariaDBInet4> = makeFactory(MariaDBInet4);
export const INET6: TypeFactory<[], MariaDBInet6> = makeFactory(MariaDBInet6);
