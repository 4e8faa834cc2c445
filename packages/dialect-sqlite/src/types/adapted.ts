/** Which of the standard types SQLite replaces by its own. */
import {
  DateTime,
  DateType,
  Float,
  Interval,
  JSONIntegerIndex,
  JSONPath,
  JSONStringIndex,
  Numeric,
  type NumericOptions,
  type Processor,
  type SqlType,
  TimeType,
  type TypeDialect,
} from "@athanor/core";
import { SQLiteJsonIndex, SQLiteJsonName, SQLiteJsonPath } from "./json.ts";
import { SQLiteNumeric } from "./numeric.ts";
import { SQLiteDate, SQLiteDateTime, SQLiteInterval, SQLiteTime } from "./temporal.ts";

/** Keeps the name by which a type is rendered: TIMESTAMP stays TIMESTAMP. */
function named(type: SqlType, like: SqlType): SqlType {
  if (type.visitName !== like.visitName) Object.defineProperty(type, "visitName", { value: like.visitName });
  return type;
}

const adapt =
  <Type extends SqlType>(own: new (...args: never[]) => SqlType, make: (type: Type) => SqlType) =>
  (type: never): SqlType =>
    (type as unknown) instanceof own ? type : named(make(type), type);

/** Infinity has no name here; what is too large for a double is infinite. */
function withInfinity(type: Float): SqlType {
  const copy = type.copy();
  const literalProcessor = (dialect: TypeDialect): Processor<unknown, string> => {
    const plain = type.literalProcessor(dialect) as (value: unknown) => string;
    return (value) => {
      if (value === Number.POSITIVE_INFINITY) return "9e999";
      return value === Number.NEGATIVE_INFINITY ? "-9e999" : plain(value);
    };
  };
  Object.defineProperty(copy, "literalProcessor", { value: literalProcessor });
  return copy;
}

/** Replacements by class. */
export const adaptedTypes: ReadonlyMap<unknown, (type: never) => SqlType> = new Map<unknown, (type: never) => SqlType>([
  [DateTime, adapt(SQLiteDateTime, ({ as, timezone }: DateTime) => new SQLiteDateTime({ as, timezone }))],
  [DateType, adapt(SQLiteDate, ({ as }: DateType) => new SQLiteDate({ as }))],
  [TimeType, adapt(SQLiteTime, ({ as, timezone }: TimeType) => new SQLiteTime({ as, timezone }))],
  [Interval, adapt(SQLiteInterval, (type: Interval) => new SQLiteInterval(type))],
  [
    Numeric,
    adapt(
      SQLiteNumeric,
      ({ precision, scale, as }: Numeric) => new SQLiteNumeric({ precision, scale, as } as NumericOptions),
    ),
  ],
  [Float, withInfinity as (type: never) => SqlType],
  [JSONStringIndex, adapt(SQLiteJsonName, () => new SQLiteJsonName())],
  [JSONIntegerIndex, adapt(SQLiteJsonIndex, () => new SQLiteJsonIndex())],
  [JSONPath, adapt(SQLiteJsonPath, () => new SQLiteJsonPath())],
]);
