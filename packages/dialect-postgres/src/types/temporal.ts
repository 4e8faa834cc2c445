/** Times with a precision, and intervals. */
import {
  ArgumentError,
  type BareType,
  DateTime,
  type Duration,
  defineVisitName,
  describe,
  Interval,
  type IntervalOptions,
  makeFactory,
  optionalCount,
  type Processor,
  parseDuration,
  type TemporalOptions,
  type TemporalValue,
  type TimeOptions,
  TimeType,
  type TypeDialect,
  temporalClass,
  temporalName,
} from "@athanor/core";
import { readInterval, writeInterval } from "../interval-text.ts";

/** Options of {@link TIMESTAMP} and {@link TIME}. */
export interface PrecisionOptions extends TimeOptions {
  /** Digits after the second, 0 to 6. */
  readonly precision?: number | undefined;
}

/** TIMESTAMP(p) WITH or WITHOUT TIME ZONE. */
export class PgTimestamp<T = Date> extends DateTime<T> {
  readonly precision: number | undefined;
  constructor(options: PrecisionOptions | boolean = {}, precision?: number) {
    super(typeof options === "boolean" ? { timezone: options } : options);
    this.precision = optionalCount(
      "TIMESTAMP",
      "precision",
      typeof options === "boolean" ? precision : options.precision,
    );
  }
}
defineVisitName(PgTimestamp, "TIMESTAMP");

/** TIME(p) WITH or WITHOUT TIME ZONE. */
export class PgTime<T = string> extends TimeType<T> {
  readonly precision: number | undefined;
  constructor(options: PrecisionOptions | boolean = {}, precision?: number) {
    super(typeof options === "boolean" ? { timezone: options } : options);
    this.precision = optionalCount("TIME", "precision", typeof options === "boolean" ? precision : options.precision);
  }
}
defineVisitName(PgTime, "TIME");

/** Options of {@link INTERVAL}. */
export interface PgIntervalOptions extends TemporalOptions {
  /** Digits after the second, 0 to 6. */
  readonly precision?: number | undefined;
  /** The fields that are kept: `"DAY TO SECOND"`, `"YEAR"`. */
  readonly fields?: string | undefined;
}

/** INTERVAL: ISO durations, months and years included. */
export class PgInterval<T = string> extends Interval<T> {
  readonly precision: number | undefined;
  readonly fields: string | undefined;

  constructor(options: PgIntervalOptions & IntervalOptions = {}) {
    super(options);
    this.precision = optionalCount("INTERVAL", "precision", options.precision ?? options.secondPrecision);
    this.fields = options.fields ?? undefined;
    if (this.fields !== undefined && !/^[A-Za-z ]+$/.test(this.fields))
      throw new ArgumentError(`${describe(this.fields)} are no fields of an interval`, {
        fix: 'such as "DAY TO SECOND"',
      });
  }

  override bindProcessor(_dialect: TypeDialect): Processor {
    return intervalText;
  }

  override resultProcessor(_dialect: TypeDialect): Processor {
    const read = (value: unknown): unknown => (typeof value === "string" ? readInterval(value) : (value ?? null));
    if (this.as !== "temporal") return read;
    const Class = temporalClass("Duration");
    return (value) => {
      const text = read(value);
      return text === null ? null : Class.from(text as string);
    };
  }

  override literalProcessor(_dialect: TypeDialect): Processor<unknown, string> {
    return (value) => {
      const text = intervalText(value);
      if (text === null) return "NULL";
      const { months, days, microseconds } = parseDuration(text) as Duration;
      const seconds = microseconds / 1_000_000;
      const parts = [
        ...(months === 0 ? [] : [`months=>${months}`]),
        ...(days === 0 ? [] : [`days=>${days}`]),
        `secs=>${Number.isInteger(seconds) ? `${seconds}.0` : String(seconds)}`,
      ];
      return `make_interval(${parts.join(", ")})`;
    };
  }
}
defineVisitName(PgInterval, "INTERVAL");

function intervalText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const given = temporalName(value) === "Duration" ? String(value) : value;
  const text = typeof given === "string" ? writeInterval(given) : null;
  if (text === null)
    throw new ArgumentError(`${describe(value)} is not a duration`, {
      fix: 'pass ISO text such as "P1M", "P1DT2H" or "PT5M"',
    });
  return text;
}

interface Temporal {
  readonly as: "temporal";
}

/** `pg.TIMESTAMP({ precision: 3, timezone: true })` */
export interface TimestampFactory extends BareType<PgTimestamp> {
  (options: PrecisionOptions & Temporal & { readonly timezone: true }): PgTimestamp<TemporalValue<"Instant">>;
  (options: PrecisionOptions & Temporal): PgTimestamp<TemporalValue<"PlainDateTime">>;
  (options?: PrecisionOptions & { readonly as?: "default" }): PgTimestamp;
  (timezone: boolean, precision?: number): PgTimestamp;
}

/** `pg.TIME({ precision: 3 })` */
export interface PgTimeFactory extends BareType<PgTime> {
  (options: PrecisionOptions & Temporal): PgTime<TemporalValue<"PlainTime">>;
  (options?: PrecisionOptions & { readonly as?: "default" }): PgTime;
  (timezone: boolean, precision?: number): PgTime;
}

/** `pg.INTERVAL({ fields: "DAY TO SECOND", precision: 2 })` */
export interface PgIntervalFactory extends BareType<PgInterval> {
  (options: PgIntervalOptions & Temporal): PgInterval<TemporalValue<"Duration">>;
  (options?: PgIntervalOptions & { readonly as?: "default" }): PgInterval;
}

/** Moments, as Date: `pg.TIMESTAMP({ timezone: true, precision: 3 })`. */
export const TIMESTAMP: TimestampFactory = makeFactory(PgTimestamp);
/** Times of day, as ISO text: `pg.TIME({ timezone: true, precision: 3 })`. */
export const TIME: PgTimeFactory = makeFactory(PgTime);
/** Lengths of time, as ISO durations: `pg.INTERVAL({ fields: "DAY TO SECOND", precision: 3 })`. */
export const INTERVAL: PgIntervalFactory = makeFactory(PgInterval);
