/** Generic types as Oracle converts and writes them. */
import {
  ArgumentError,
  BooleanType,
  bytesToHex,
  DateTime,
  DateType,
  describe,
  durationMicroseconds,
  Interval,
  JSONIntegerIndex,
  JSONPath,
  JSONStringIndex,
  jsonPathText,
  LargeBinary,
  type Processor,
  parseDuration,
  quoteString,
  retyped,
  type SqlType,
  type TypeDialect,
  toDateText,
  toDateTimeText,
} from "@athanor/core";

function refuse(value: unknown, wanted: string): never {
  throw new ArgumentError(`${describe(value)} is not ${wanted}`);
}

class TimestampLiteral extends DateTime {
  override literalProcessor(_dialect: TypeDialect): Processor<unknown, string> {
    return (value) => `TO_TIMESTAMP('${toDateTimeText(value) ?? refuse(value, "a time")}', 'YYYY-MM-DD HH24:MI:SS.FF')`;
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
  [Interval, retyped(IntervalLiteral)],
  [BooleanType, retyped(NumberBoolean)],
  [LargeBinary, retyped(HexBinary)],
  [JSONStringIndex, retyped(KeyPath)],
  [JSONIntegerIndex, retyped(IndexPath)],
  [JSONPath, retyped(StepsPath)],
]);
