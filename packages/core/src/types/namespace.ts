/**
 * `t`, the namespace of types. The layers above give it the operators of JSON and array expressions by re-typing it:
 * `t as TypeNamespace<JsonOps, ArrayOps>`.
 */
import { type ArrayOptions, ArrayType, type NestedInput, type NestedItem } from "./array.ts";
import { type BinaryOptions, LargeBinary } from "./binary.ts";
import { type BooleanOptions, BooleanType } from "./boolean.ts";
import { type EnumObject, type EnumOptions, EnumType, type EnumValues } from "./enum.ts";
import { type BareType, makeFactory, type TypeFactory } from "./factory.ts";
import { JSON_NULL, JSONType, type JsonNull, type JsonOptions } from "./json.ts";
import { NullType } from "./null.ts";
import {
  BigInteger,
  type BigIntegerOptions,
  type DecimalClass,
  Double,
  Float,
  type FloatOptions,
  Integer,
  Numeric,
  type NumericOptions,
  SmallInteger,
} from "./numeric.ts";
import { typeOfValue } from "./registry.ts";
import { Serialized, type SerializedOptions } from "./serialized.ts";
import type { SchemaInput, SchemaOutput, StandardSchemaV1 } from "./standard-schema.ts";
import { type StringOptions, StringType, Text, Unicode, UnicodeText } from "./string.ts";
import { DateTime, DateType, Interval, type IntervalOptions, type TimeOptions, TimeType } from "./temporal.ts";
import type { TemporalOptions, TemporalValue } from "./temporal-port.ts";
import { type TypeLike, typeOfValueSlot } from "./type.ts";
import * as exact from "./uppercase.ts";
import { Uuid, type UuidOptions } from "./uuid.ts";

/** `(length, options)` or `(options)`. */
export type LengthAndOptions<Options> = [length: number | undefined, options: Options] | [options: Options & object];

/** `(length)`, `(length, options)` or `(options)`. */
export type LengthArgs<Options> = [length?: number | undefined] | LengthAndOptions<Options>;

/** `(precision, scale)`, or fewer, with options after them. */
export type DecimalAndOptions<Options> =
  | [options: Options]
  | [precision: number | undefined, options: Options]
  | [precision: number | undefined, scale: number | undefined, options: Options];

/** `(precision, scale)`, or fewer, with or without options after them. */
export type DecimalArgs<Options> =
  | [precision?: number | undefined, scale?: number | undefined]
  | DecimalAndOptions<Options>;

type TextFactory<Type extends StringType> = TypeFactory<LengthArgs<StringOptions>, Type>;
type BinaryFactory<Type extends TypeLike> = TypeFactory<LengthArgs<BinaryOptions>, Type>;

/** Big integers: bigint, or numbers with `{ mode: "number" }`. */
export interface BigIntegerFactory extends BareType<BigInteger> {
  (options: BigIntegerOptions<"number"> & { readonly mode: "number" }): BigInteger<number>;
  (options?: BigIntegerOptions<"bigint">): BigInteger;
}

interface AsNumber {
  readonly as: "number";
}
interface NotAsDecimal {
  readonly asdecimal: false;
}
interface AsClass<T extends { toString(): string }> {
  readonly as: DecimalClass<T>;
}

/** Decimals: exact text, numbers with `{ as: "number" }`, or objects with `{ as: Decimal }`. */
export interface DecimalFactory extends BareType<Numeric> {
  // Without options first, here and below: what most calls are is found without a look at the tuples of the rest.
  (precision?: number, scale?: number): Numeric;
  (...args: DecimalAndOptions<NumericOptions & (AsNumber | NotAsDecimal)>): Numeric<number>;
  <T extends { toString(): string }>(...args: DecimalAndOptions<Omit<NumericOptions, "as"> & AsClass<T>>): Numeric<T>;
  (...args: DecimalArgs<NumericOptions>): Numeric;
}

/** Floats: numbers, or text with `{ asdecimal: true }`. */
export interface FloatFactory extends BareType<Float> {
  (precision?: number): Float;
  (...args: LengthAndOptions<FloatOptions & { readonly asdecimal: true }>): Float<string>;
  (...args: LengthArgs<FloatOptions>): Float;
}

/** Dates: ISO text, or `Temporal.PlainDate`. */
export interface DateFactory extends BareType<DateType> {
  (options: TemporalOptions<"temporal"> & { readonly as: "temporal" }): DateType<TemporalValue<"PlainDate">>;
  (options?: TemporalOptions<"default">): DateType;
}

/** Times of day: ISO text, or `Temporal.PlainTime`. */
export interface TimeFactory extends BareType<TimeType> {
  (options: TimeOptions<"temporal"> & { readonly as: "temporal" }): TimeType<TemporalValue<"PlainTime">>;
  (options?: TimeOptions<"default">): TimeType;
}

/** Moments: Date, or `Temporal.PlainDateTime`, or `Temporal.Instant` with a time zone. */
export interface DateTimeFactory extends BareType<DateTime> {
  (
    options: TimeOptions<"temporal"> & { readonly as: "temporal"; readonly timezone: true },
  ): DateTime<TemporalValue<"Instant">>;
  (options: TimeOptions<"temporal"> & { readonly as: "temporal" }): DateTime<TemporalValue<"PlainDateTime">>;
  (options?: TimeOptions<"default">): DateTime;
}

/** Lengths of time: ISO text, or `Temporal.Duration`. */
export interface IntervalFactory extends BareType<Interval> {
  (options: IntervalOptions<"temporal"> & { readonly as: "temporal" }): Interval<TemporalValue<"Duration">>;
  (options?: IntervalOptions<"default">): Interval;
}

/** Enumerations: `t.enum("a", "b")`, `t.enum(Color)`, with options last. */
export interface EnumFactory extends BareType<EnumType> {
  <const Value extends string>(...values: readonly Value[]): EnumType<Value>;
  <const Values extends readonly string[]>(
    ...args: readonly [...values: Values, options: EnumOptions]
  ): EnumType<Values[number]>;
  <const Members extends EnumObject>(members: Members, options?: EnumOptions): EnumType<EnumValues<Members>>;
}

/** JSON documents: `t.json<Meta>()`, or with a Standard Schema that gives the type and is checked: `t.json(schema)`. */
export interface JsonFactory<out Ops> extends BareType<JSONType<unknown, Ops>> {
  <Schema extends StandardSchemaV1>(
    options: JsonOptions & { readonly schema: Schema },
  ): JSONType<SchemaOutput<Schema>, Ops, SchemaInput<Schema>>;
  <Schema extends StandardSchemaV1>(schema: Schema): JSONType<SchemaOutput<Schema>, Ops, SchemaInput<Schema>>;
  <T = unknown>(options?: JsonOptions): JSONType<T, Ops>;
  /** JSON's own `null`. */
  readonly NULL: JsonNull;
}

/** Arrays: `t.array(t.integer)`. */
export type ArrayFactory<Ops> = <Item extends TypeLike, const D extends number = 1>(
  item: Item,
  options?: ArrayOptions & { readonly dimensions?: D | undefined },
) => ArrayType<NestedItem<Item["~value"], D>, Ops, NestedInput<Item["~input"], D>>;

/** Any value, serialized. */
export interface SerializedFactory extends BareType<Serialized> {
  <T = unknown>(options?: SerializedOptions<T>): Serialized<T>;
}

/** The types whose expressions have no operators of their own. */
export interface ScalarTypes {
  readonly integer: TypeFactory<[], Integer>;
  readonly smallInteger: TypeFactory<[], SmallInteger>;
  readonly bigInteger: BigIntegerFactory;
  readonly numeric: DecimalFactory;
  readonly float: FloatFactory;
  readonly double: FloatFactory;
  readonly string: TextFactory<StringType>;
  readonly text: TextFactory<Text>;
  readonly unicode: TextFactory<Unicode>;
  readonly unicodeText: TextFactory<UnicodeText>;
  readonly enum: EnumFactory;
  readonly boolean: TypeFactory<[options?: BooleanOptions], BooleanType>;
  readonly date: DateFactory;
  readonly time: TimeFactory;
  readonly dateTime: DateTimeFactory;
  readonly interval: IntervalFactory;
  readonly largeBinary: BinaryFactory<LargeBinary>;
  readonly uuid: TypeFactory<[options?: UuidOptions], Uuid>;
  /** Any value, serialized into a binary column. */
  readonly serialized: SerializedFactory;
  /** The same under SQLAlchemy's name. */
  readonly pickleType: SerializedFactory;
  /** An unknown type. */
  readonly null: TypeFactory<[], NullType>;

  readonly INTEGER: TypeFactory<[], exact.INTEGER>;
  readonly INT: TypeFactory<[], exact.INTEGER>;
  readonly SMALLINT: TypeFactory<[], exact.SMALLINT>;
  readonly BIGINT: BigIntegerFactory;
  readonly NUMERIC: DecimalFactory;
  readonly DECIMAL: DecimalFactory;
  readonly FLOAT: FloatFactory;
  readonly REAL: FloatFactory;
  readonly DOUBLE: FloatFactory;
  readonly DOUBLE_PRECISION: FloatFactory;
  readonly CHAR: TextFactory<exact.CHAR>;
  readonly VARCHAR: TextFactory<exact.VARCHAR>;
  readonly NCHAR: TextFactory<exact.NCHAR>;
  readonly NVARCHAR: TextFactory<exact.NVARCHAR>;
  readonly TEXT: TextFactory<exact.TEXT>;
  readonly CLOB: TextFactory<exact.CLOB>;
  readonly DATE: DateFactory;
  readonly TIME: TimeFactory;
  readonly DATETIME: DateTimeFactory;
  readonly TIMESTAMP: DateTimeFactory;
  readonly BINARY: BinaryFactory<exact.BINARY>;
  readonly VARBINARY: BinaryFactory<exact.VARBINARY>;
  readonly BLOB: BinaryFactory<exact.BLOB>;
  readonly BOOLEAN: TypeFactory<[options?: BooleanOptions], exact.BOOLEAN>;
  readonly UUID: TypeFactory<[options?: UuidOptions], exact.UUID>;
}

/** The types whose expressions have operators that are given from above. */
export interface DocumentTypes<out JsonOps = unknown, out ArrayOps = unknown> {
  readonly json: JsonFactory<JsonOps>;
  readonly JSON: JsonFactory<JsonOps>;
  readonly array: ArrayFactory<ArrayOps>;
  readonly ARRAY: ArrayFactory<ArrayOps>;
}

/** The type of {@link t}. */
export interface TypeNamespace<out JsonOps = unknown, out ArrayOps = unknown>
  extends ScalarTypes,
    DocumentTypes<JsonOps, ArrayOps> {}

// A bare import would be dropped by bundlers, since the package declares to have no side effects.
typeOfValueSlot.resolve = typeOfValue;

const nulls = { NULL: JSON_NULL };
const serialized: SerializedFactory = makeFactory(Serialized);
const integers: TypeFactory<[], exact.INTEGER> = makeFactory(exact.INTEGER);

/** Every SQL type: `t.integer`, `t.string(50)`, `t.enum("a", "b")`, and by their exact names `t.VARCHAR(9)`. */
export const t: TypeNamespace = {
  integer: makeFactory(Integer),
  smallInteger: makeFactory(SmallInteger),
  bigInteger: makeFactory(BigInteger),
  numeric: makeFactory(Numeric),
  float: makeFactory(Float),
  double: makeFactory(Double),
  string: makeFactory(StringType),
  text: makeFactory(Text),
  unicode: makeFactory(Unicode),
  unicodeText: makeFactory(UnicodeText),
  enum: makeFactory(EnumType),
  boolean: makeFactory(BooleanType),
  date: makeFactory(DateType),
  time: makeFactory(TimeType),
  dateTime: makeFactory(DateTime),
  interval: makeFactory(Interval),
  largeBinary: makeFactory(LargeBinary),
  uuid: makeFactory(Uuid),
  serialized,
  pickleType: serialized,
  null: makeFactory(NullType),
  json: makeFactory(JSONType, nulls),
  array: makeFactory(ArrayType),

  INTEGER: integers,
  INT: integers,
  SMALLINT: makeFactory(exact.SMALLINT),
  BIGINT: makeFactory(exact.BIGINT),
  NUMERIC: makeFactory(exact.NUMERIC),
  DECIMAL: makeFactory(exact.DECIMAL),
  FLOAT: makeFactory(exact.FLOAT),
  REAL: makeFactory(exact.REAL),
  DOUBLE: makeFactory(exact.DOUBLE),
  DOUBLE_PRECISION: makeFactory(exact.DOUBLE_PRECISION),
  CHAR: makeFactory(exact.CHAR),
  VARCHAR: makeFactory(exact.VARCHAR),
  NCHAR: makeFactory(exact.NCHAR),
  NVARCHAR: makeFactory(exact.NVARCHAR),
  TEXT: makeFactory(exact.TEXT),
  CLOB: makeFactory(exact.CLOB),
  DATE: makeFactory(exact.DATE),
  TIME: makeFactory(exact.TIME),
  DATETIME: makeFactory(exact.DATETIME),
  TIMESTAMP: makeFactory(exact.TIMESTAMP),
  BINARY: makeFactory(exact.BINARY),
  VARBINARY: makeFactory(exact.VARBINARY),
  BLOB: makeFactory(exact.BLOB),
  BOOLEAN: makeFactory(exact.BOOLEAN),
  UUID: makeFactory(exact.UUID),
  JSON: makeFactory(exact.ExactJSON, nulls),
  ARRAY: makeFactory(exact.ARRAY),
};
