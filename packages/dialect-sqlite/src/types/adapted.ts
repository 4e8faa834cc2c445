/** Which of the standard types SQLite replaces by its own. */
import {
  DateTime,
  DateType,
  Interval,
  JSONIntegerIndex,
  JSONPath,
  JSONStringIndex,
  Numeric,
  type NumericOptions,
  type SqlType,
  TimeType,
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
  [JSONStringIndex, adapt(SQLiteJsonName, () => new SQLiteJsonName())],
  [JSONIntegerIndex, adapt(SQLiteJsonIndex, () => new SQLiteJsonIndex())],
  [JSONPath, adapt(SQLiteJsonPath, () => new SQLiteJsonPath())],
]);
