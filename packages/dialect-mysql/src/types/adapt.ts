/** How core's types convert on MySQL: the same classes, with the conversions that the protocol asks for. */
import {
  BooleanType,
  DateTime,
  Float,
  Integer,
  JSONIntegerIndex,
  JSONPath,
  JSONStringIndex,
  JSONType,
  Numeric,
  type Processor,
  type SqlType,
  type TypeDialect,
  Uuid,
} from "@athanor/core";
import { MySQLJSONIntegerIndex, MySQLJSONPath, MySQLJSONStringIndex } from "./json.ts";
import { DecimalParameter, DoubleParameter } from "./parameter.ts";
import { microsecondsOf, withMicroseconds } from "./precise-date.ts";

/** Type code that the driver reports for columns whose documents it has parsed already. */
export const PARSED_JSON = "json";

type Conversions = Partial<Pick<SqlType, "bindProcessor" | "resultProcessor" | "literalProcessor">>;

/** A copy of a type with other conversions; they are no part of its cache key. */
function converting<T extends SqlType>(type: T, conversions: Conversions): T {
  const copy = type.copy();
  for (const [name, value] of Object.entries(conversions))
    Object.defineProperty(copy, name, { value, configurable: true, writable: true });
  return copy;
}

function toNumber(value: unknown): unknown {
  if (typeof value === "number") return value;
  return value === null || value === undefined ? null : Number(value);
}

/** 64-bit results of expressions come as bigint; integers are numbers. Types that convert by themselves are left alone. */
const integers = (type: Integer): SqlType =>
  converting(type, { resultProcessor: (dialect, typeCode) => type.resultProcessor(dialect, typeCode) ?? toNumber });

/** Decimals are sent as decimals: beside text, MySQL computes in floating point. */
const decimals = (type: Numeric): SqlType =>
  converting(type, {
    bindProcessor(dialect: TypeDialect): Processor {
      const base = type.bindProcessor(dialect);
      return (value) => {
        const checked = base === null ? value : base(value);
        return typeof checked === "string" ? new DecimalParameter(checked) : checked;
      };
    },
  });

/** Whole numbers, too, are sent and read as floating point. */
const floats = (type: Float): SqlType =>
  converting(type, {
    bindProcessor: () => (value) => (Number.isInteger(value) ? new DoubleParameter(value as number) : value),
    resultProcessor: (dialect) => type.resultProcessor(dialect) ?? toNumber,
  });

/** Microseconds reach Temporal objects although a Date has none. */
const moments = (type: DateTime): SqlType => {
  const plain = converting(type, {
    // Not every server takes an offset, and every session is in UTC.
    literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
      const base = type.literalProcessor(dialect) as (value: unknown) => string;
      return (value) => base(value).replace("+00:00'", "'");
    },
  });
  if (type.as !== "temporal") return plain;
  return converting(plain, {
    resultProcessor(dialect: TypeDialect): Processor {
      const base = type.resultProcessor(dialect);
      if (base === null) return null;
      return (value) => base(value instanceof Date && microsecondsOf(value) !== 0 ? withMicroseconds(value) : value);
    },
  });
};

/** TRUE and FALSE are words of MySQL's, although the type is TINYINT(1). */
const booleans = (type: BooleanType): SqlType =>
  converting(type, {
    literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
      return type.literalProcessor(Object.create(dialect, { supportsNativeBoolean: { value: true } }) as TypeDialect);
    },
  });

/** Documents that the driver has parsed are not parsed again. */
const documents = (type: JSONType): SqlType =>
  converting(type, {
    resultProcessor(dialect: TypeDialect, typeCode?: number | string): Processor {
      const parsed = typeCode === PARSED_JSON;
      return type.resultProcessor(
        parsed ? (Object.create(dialect, { jsonAsText: { value: false } }) as TypeDialect) : dialect,
      );
    },
  });

/** Literals have no dashes, which a UUID column of MariaDB's takes as well; so rows may have such text where it has UUIDs, too. */
const uuids = (type: Uuid): SqlType => {
  const asText = (dialect: TypeDialect): TypeDialect =>
    Object.create(dialect, { supportsNativeUuid: { value: false } }) as TypeDialect;
  return converting(type, {
    literalProcessor: (dialect) => type.literalProcessor(asText(dialect)),
    resultProcessor: (dialect) => type.resultProcessor(asText(dialect)),
  });
};

const stringIndex = new MySQLJSONStringIndex();
const integerIndex = new MySQLJSONIntegerIndex();
const path = new MySQLJSONPath();

/** What MySQL makes of core's types, by class; subclasses are adapted like their parents. */
export const typeMap: ReadonlyMap<unknown, (type: never) => SqlType> = new Map<unknown, (type: never) => SqlType>([
  [Integer, integers as (type: never) => SqlType],
  [Numeric, decimals as (type: never) => SqlType],
  [Float, floats as (type: never) => SqlType],
  [DateTime, moments as (type: never) => SqlType],
  [BooleanType, booleans as (type: never) => SqlType],
  [JSONType, documents as (type: never) => SqlType],
  [Uuid, uuids as (type: never) => SqlType],
  [JSONStringIndex, () => stringIndex],
  [JSONIntegerIndex, () => integerIndex],
  [JSONPath, () => path],
]);
