/** PostgreSQL's versions of the generic types: their conversions where these differ, and none where the driver has converted. */
import {
  ArrayType,
  BigInteger,
  BinaryType,
  BooleanType,
  DateTime,
  DateType,
  Float,
  Integer,
  Interval,
  JSONPath,
  JSONType,
  Numeric,
  type Processor,
  type SqlType,
  StringType,
  TimeType,
  type TypeDialect,
  toDateTimeText,
  Uuid,
} from "@athanor/core";
import { oid } from "../oids.ts";
import { PgArray } from "./array.ts";
import { canonical, override } from "./canonical.ts";
import { PgJson, PgJsonPathElements } from "./json.ts";
import { byteaLiteral } from "./simple.ts";
import { PgInterval } from "./temporal.ts";

const codes = (...list: number[]): ReadonlySet<number> => new Set(list);
const integers = codes(oid.int2, oid.int4, oid.oid);
const numbers = codes(oid.int2, oid.int4, oid.float4, oid.float8);

function adaptInteger(type: Integer): SqlType {
  if (type instanceof BigInteger)
    return type.mode === "bigint" ? canonical(type, codes(oid.int8)) : canonical(type, integers);
  // count() and sum() are bigint whatever they count; without a type code nothing is known.
  const copy = type.copy();
  return override(
    copy,
    "resultProcessor",
    (_dialect: TypeDialect, typeCode?: number | string): Processor =>
      integers.has(typeCode as number) ? null : toNumber,
  );
}

function toNumber(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  return typeof value === "string" && value !== "" && !Number.isNaN(Number(value)) ? Number(value) : value;
}

/** `'Infinity'::FLOAT`: what is no number in SQL's own syntax; `-0` alone would be a decimal, which has no sign at zero. */
function specialFloat(value: unknown): string | null {
  if (Object.is(value, -0)) return "'-0'::FLOAT";
  return typeof value === "number" && !Number.isFinite(value) ? `'${value}'::FLOAT` : null;
}

function adaptFloat(type: Float): SqlType {
  if (type.asdecimal) return type;
  const copy = override(
    type.copy(),
    "resultProcessor",
    (_dialect: TypeDialect, typeCode?: number | string): Processor =>
      numbers.has(typeCode as number) ? null : toNumber,
  );
  // As a number, -0 would lose its sign on the way to text.
  override(copy, "bindProcessor", () => (value: unknown) => (Object.is(value, -0) ? "-0" : value));
  return override(copy, "literalProcessor", (dialect: TypeDialect) => {
    const plain = type.literalProcessor(dialect) as (value: unknown) => string;
    return (value: unknown) => specialFloat(value) ?? plain(value);
  });
}

function adaptNumeric(type: Numeric): SqlType {
  // The server has brought the value to the column's scale; only other types have to be spelled out.
  return type.as === "string" ? canonical(type, codes(oid.numeric)) : type;
}

/** Moments travel with their offset: PostgreSQL drops it where the type has no time zone. */
function momentText(value: unknown): string | null {
  const text = toDateTimeText(value);
  return text === null ? null : `${text}+00:00`;
}

function adaptDateTime(type: DateTime): SqlType {
  const copy = type.as === "default" ? canonical(type, codes(oid.timestamp, oid.timestamptz)) : type.copy();
  return override(copy, "bindProcessor", () => momentText as Processor);
}

const byDefault =
  (...list: number[]) =>
  (type: SqlType & { readonly as?: string }): SqlType =>
    type.as === undefined || type.as === "default" ? canonical(type, codes(...list)) : type;

function adaptBinary(type: BinaryType): SqlType {
  return override(canonical(type, codes(oid.bytea)), "literalProcessor", () => byteaLiteral);
}

function adaptJson(type: JSONType): SqlType {
  return type instanceof PgJson
    ? type
    : Object.assign(new PgJson({ noneAsNull: type.noneAsNull, schema: type.schema }), { variants: type.variants });
}

function adaptArray(type: ArrayType): SqlType {
  const { itemType, dimensions, asTuple, zeroIndexes } = type;
  return type instanceof PgArray ? type : new PgArray(itemType, { dimensions, asTuple, zeroIndexes });
}

function adaptInterval(type: Interval): SqlType {
  if (!type.native) return type;
  return canonical(
    type instanceof PgInterval ? type : new PgInterval({ as: type.as, precision: type.secondPrecision }),
    type.as === "default" ? codes(oid.interval) : codes(),
  );
}

/** Replacements by class; a class stands for its subclasses too. */
export const adaptedTypes: ReadonlyMap<unknown, (type: never) => SqlType> = new Map<unknown, (type: never) => SqlType>([
  [Integer, adaptInteger],
  [Float, adaptFloat],
  [Numeric, adaptNumeric],
  [DateTime, adaptDateTime],
  [DateType, byDefault(oid.date)],
  [TimeType, byDefault(oid.time, oid.timetz)],
  [Interval, adaptInterval],
  [BinaryType, adaptBinary],
  [BooleanType, (type: SqlType) => type],
  [StringType, (type: SqlType) => type],
  [Uuid, (type: Uuid) => canonical(type, codes(oid.uuid))],
  [JSONType, adaptJson],
  [JSONPath, (type: SqlType) => (type instanceof PgJsonPathElements ? type : new PgJsonPathElements())],
  [ArrayType, adaptArray],
]);
