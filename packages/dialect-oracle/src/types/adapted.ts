/** Generic types as Oracle converts and writes them. */
import {
  ArgumentError,
  BooleanType,
  bytesToHex,
  DateTime,
  DateType,
  describe,
  durationMicroseconds,
  Float,
  Integer,
  Interval,
  JSONIntegerIndex,
  JSONPath,
  JSONStringIndex,
  JSONType,
  jsonPathText,
  LargeBinary,
  Numeric,
  type Processor,
  parseDuration,
  quoteString,
  retyped,
  type SqlType,
  type TypeDialect,
  toDateText,
  toDateTimeText,
} from "@athanor/core";
import { StoredJson } from "./json.ts";

function refuse(value: unknown, wanted: string): never {
  throw new ArgumentError(`${describe(value)} is not ${wanted}`);
}

class TimestampLiteral extends DateTime {
  override literalProcessor(_dialect: TypeDialect): Processor<unknown, string> {
    return (value) => {
      const text = toDateTimeText(value) ?? refuse(value, "a time");
      const whole = /^(.*?)\.0+$/.exec(text)?.[1];
      return whole === undefined
        ? `TO_TIMESTAMP('${text}', 'YYYY-MM-DD HH24:MI:SS.FF')`
        : `TO_DATE('${whole}', 'YYYY-MM-DD HH24:MI:SS')`;
    };
  }
}

class DateLiteral extends DateType {
  override literalProcessor(_dialect: TypeDialect): Processor<unknown, string> {
    return (value) => `TO_DATE('${toDateText(value) ?? refuse(value, "a date")}', 'YYYY-MM-DD')`;
  }
}

class IntervalLiteral extends Interval {
  override literalProcessor(_dialect: TypeDialect): Processor<unknown, string> {
    return (value) => {
      const duration = parseDuration(String(value)) ?? refuse(value, "an ISO 8601 duration");
      const seconds = Number(durationMicroseconds(duration)) / 1_000_000;
      return `NUMTODSINTERVAL(${Number.isInteger(seconds) ? `${seconds}.0` : seconds}, 'SECOND')`;
    };
  }
}

/** Native intervals travel as their ISO text; the others as moments, which is what the generic type does. */
class DayToSecond extends IntervalLiteral {
  override bindProcessor(dialect: TypeDialect): Processor {
    return this.native
      ? (value) => (value === null || value === undefined ? null : String(value))
      : super.bindProcessor(dialect);
  }
  override resultProcessor(dialect: TypeDialect): Processor {
    return this.native && this.as !== "temporal" ? null : super.resultProcessor(dialect);
  }
}

function toNumber(value: unknown): unknown {
  return typeof value === "string" || typeof value === "bigint" ? Number(value) : value;
}

/** A type whose results are converted otherwise; `change` gets the type's own conversion. */
function reading<T extends SqlType>(type: T, change: (own: Processor) => Processor): SqlType {
  const value = (dialect: TypeDialect, typeCode?: number | string): Processor =>
    change((type as SqlType).resultProcessor(dialect, typeCode));
  return Object.create(type, { resultProcessor: { value } }) as SqlType;
}

/** Numbers have no type of their own beside NUMBER: what was asked for as a number is one. */
const numbers = (type: SqlType): SqlType => reading(type, (own) => own ?? toNumber);

/** Oracle drops zeros behind the point; a NUMERIC(10, 2) has two digits there on every database. */
const decimals = (type: Numeric): SqlType =>
  reading(type, (own) => {
    const { scale } = type;
    if (own === null || scale === undefined || scale === null) return own;
    return (value) => own(typeof value === "string" || typeof value === "bigint" ? fixed(String(value), scale) : value);
  });

function fixed(text: string, scale: number): string {
  const point = text.indexOf(".");
  const digits = point < 0 ? 0 : text.length - point - 1;
  return digits >= scale ? text : `${point < 0 ? `${text}.` : text}${"0".repeat(scale - digits)}`;
}

class NumberBoolean extends BooleanType {
  override literalProcessor(_dialect: TypeDialect): Processor<unknown, string> {
    return (value) => (value ? "1" : "0");
  }
}

class HexBinary extends LargeBinary {
  override literalProcessor(): Processor<unknown, string> {
    return (value) => `HEXTORAW('${bytesToHex(value as Uint8Array)}')`;
  }
}

const pathLiteral =
  (dialect: TypeDialect): Processor<unknown, string> =>
  (value) =>
    quoteString(jsonPathText(value), dialect);

class KeyPath extends JSONStringIndex {
  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return pathLiteral(dialect);
  }
}
class IndexPath extends JSONIntegerIndex {
  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return pathLiteral(dialect);
  }
}
class StepsPath extends JSONPath {
  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return pathLiteral(dialect);
  }
}

/** Replacements by class. */
export const typeMap: ReadonlyMap<unknown, (type: never) => SqlType> = new Map<unknown, (type: never) => SqlType>([
  [DateTime, retyped(TimestampLiteral)],
  [DateType, retyped(DateLiteral)],
  [Interval, retyped(DayToSecond)],
  [Integer, numbers],
  [Float, numbers],
  [Numeric, decimals],
  [JSONType, retyped(StoredJson)],
  [BooleanType, retyped(NumberBoolean)],
  [LargeBinary, retyped(HexBinary)],
  [JSONStringIndex, retyped(KeyPath)],
  [JSONIntegerIndex, retyped(IndexPath)],
  [JSONPath, retyped(StepsPath)],
]);
