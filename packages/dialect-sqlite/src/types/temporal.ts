/**
 * Dates and times, which SQLite keeps as text: `2024-01-02 03:04:05.000678`, in UTC. Other texts by `storageFormat`.
 * https://sqlite.org/datatype3.html#date_and_time_datatype
 */
import {
  ArgumentError,
  type BareType,
  DateTime,
  DateType,
  defineVisitName,
  describe,
  Interval,
  makeFactory,
  type Processor,
  type TemporalMode,
  type TemporalOptions,
  type TemporalValue,
  type TimeOptions,
  TimeType,
  type TypeDialect,
  toDateText,
  toDateTimeText,
  toTimeText,
} from "@athanor/core";
import {
  canonicalDate,
  canonicalDateTime,
  canonicalTime,
  type MomentParts,
  partsOf,
  StorageFormat,
} from "./storage-format.ts";

/** How a value is kept as text. */
export interface StorageOptions {
  /** The text in the database, e.g. `"%(year)04d/%(month)02d/%(day)02d"`. */
  readonly storageFormat?: string | undefined;
  /** Reads that text, by named groups or by groups from year to microsecond. Default: made of `storageFormat`. */
  readonly regexp?: RegExp | string | undefined;
}

/** Options of {@link DATETIME} and {@link TIME}. */
export interface MomentOptions<As extends TemporalMode = TemporalMode> extends TimeOptions<As>, StorageOptions {
  /** Leave the fraction of the second out. */
  readonly truncateMicroseconds?: boolean | undefined;
}

/** Options of {@link DATE}. */
export interface DayOptions<As extends TemporalMode = TemporalMode> extends TemporalOptions<As>, StorageOptions {}

function formatOf(type: string, options: MomentOptions, truncated: string): StorageFormat | null {
  const { storageFormat, regexp, truncateMicroseconds } = options;
  if (truncateMicroseconds && (storageFormat !== undefined || regexp !== undefined)) {
    throw new ArgumentError(`${type}: truncateMicroseconds does not go with storageFormat or regexp`, {
      fix: "leave the microseconds out of the format",
    });
  }
  const format = storageFormat ?? (truncateMicroseconds ? truncated : undefined);
  if (format === undefined) return null;
  return new StorageFormat(format, typeof regexp === "string" ? new RegExp(regexp) : regexp);
}

/** Conversions of a type with a format of its own. */
function formatted(
  format: StorageFormat,
  what: string,
  canonical: (parts: MomentParts) => string,
): { readonly write: (text: string | null) => string | null; readonly read: (value: unknown) => unknown } {
  return {
    write: (text) => (text === null ? null : format.write(partsOf(text))),
    read(value) {
      if (value === null || value === undefined) return null;
      const parts = format.read(String(value));
      if (parts === null)
        throw new ArgumentError(`${describe(value)} is not ${what} of the column's storageFormat`, {
          fix: "read it as t.string, or correct the format",
        });
      return canonical(parts);
    },
  };
}

/** Moments as text. */
export class SQLiteDateTime<T = Date> extends DateTime<T> {
  readonly storageFormat: string | undefined;
  readonly regexp: RegExp | string | undefined;
  readonly truncateMicroseconds: boolean;

  constructor(options: MomentOptions = {}) {
    super(options);
    this.storageFormat = options.storageFormat;
    this.regexp = options.regexp;
    this.truncateMicroseconds = options.truncateMicroseconds ?? false;
  }

  /** The column keeps text although its type's name says otherwise; false for formats of digits only. */
  get formatIsText(): boolean {
    return this.#format?.isText ?? true;
  }

  get #format(): StorageFormat | null {
    return formatOf("DATETIME", this, "%(year)04d-%(month)02d-%(day)02d %(hour)02d:%(minute)02d:%(second)02d");
  }

  override bindProcessor(_dialect: TypeDialect): Processor {
    const format = this.#format;
    if (format === null) return toDateTimeText;
    const { write } = formatted(format, "a date and time", canonicalDateTime);
    return (value) => write(toDateTimeText(value));
  }

  override resultProcessor(dialect: TypeDialect): Processor {
    const format = this.storageFormat === undefined && this.regexp === undefined ? null : this.#format;
    const base = super.resultProcessor(dialect);
    if (format === null || base === null) return base;
    const { read } = formatted(format, "a date and time", canonicalDateTime);
    return (value) => base(read(value));
  }

  protected override literalText(value: unknown): string {
    return literalOf(this.bindProcessor(undefined as never)?.(value));
  }
}

/** Dates as text. */
export class SQLiteDate<T = string> extends DateType<T> {
  readonly storageFormat: string | undefined;
  readonly regexp: RegExp | string | undefined;

  constructor(options: DayOptions = {}) {
    super(options);
    this.storageFormat = options.storageFormat;
    this.regexp = options.regexp;
  }

  /** See {@link SQLiteDateTime.formatIsText}. */
  get formatIsText(): boolean {
    return this.#format?.isText ?? true;
  }

  get #format(): StorageFormat | null {
    return formatOf("DATE", this, "");
  }

  override bindProcessor(dialect: TypeDialect): Processor {
    const format = this.#format;
    if (format === null) return super.bindProcessor(dialect);
    const { write } = formatted(format, "a date", canonicalDate);
    return (value) => write(toDateText(value));
  }

  override resultProcessor(dialect: TypeDialect): Processor {
    const format = this.#format;
    const base = super.resultProcessor(dialect);
    if (format === null || base === null) return base;
    const { read } = formatted(format, "a date", canonicalDate);
    return (value) => base(read(value));
  }

  protected override literalText(value: unknown): string {
    return literalOf(this.bindProcessor(undefined as never)?.(value));
  }
}

/** Times of day as text. */
export class SQLiteTime<T = string> extends TimeType<T> {
  readonly storageFormat: string | undefined;
  readonly regexp: RegExp | string | undefined;
  readonly truncateMicroseconds: boolean;

  constructor(options: MomentOptions = {}) {
    super(options);
    this.storageFormat = options.storageFormat;
    this.regexp = options.regexp;
    this.truncateMicroseconds = options.truncateMicroseconds ?? false;
  }

  /** See {@link SQLiteDateTime.formatIsText}. */
  get formatIsText(): boolean {
    return this.#format?.isText ?? true;
  }

  get #format(): StorageFormat | null {
    return formatOf("TIME", this, "%(hour)02d:%(minute)02d:%(second)02d");
  }

  override bindProcessor(_dialect: TypeDialect): Processor {
    const format = this.#format;
    if (format === null) return toTimeText;
    const { write } = formatted(format, "a time of day", canonicalTime);
    return (value) => write(toTimeText(value));
  }

  override resultProcessor(dialect: TypeDialect): Processor {
    const format = this.storageFormat === undefined && this.regexp === undefined ? null : this.#format;
    const base = super.resultProcessor(dialect);
    if (format === null || base === null) return base;
    const { read } = formatted(format, "a time of day", canonicalTime);
    return (value) => base(read(value));
  }

  protected override literalText(value: unknown): string {
    return literalOf(this.bindProcessor(undefined as never)?.(value));
  }
}

function literalOf(text: unknown): string {
  return String(text).replaceAll("'", "''");
}

defineVisitName(SQLiteDateTime, "DATETIME");
defineVisitName(SQLiteDate, "DATE");
defineVisitName(SQLiteTime, "TIME");

/** Intervals, kept as the moment that lies so far from 1970; a literal is that moment's text, with all its digits. */
export class SQLiteInterval<T = string> extends Interval<T> {
  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    const stored = this.bindProcessor(dialect);
    return (value) => (value === null || value === undefined ? "NULL" : `'${String(stored?.(value))}'`);
  }
}

/** DATETIME with a format: `sqlite.DATETIME({ truncateMicroseconds: true })`. */
export interface SQLiteDateTimeFactory extends BareType<SQLiteDateTime> {
  (
    options: MomentOptions<"temporal"> & { readonly as: "temporal"; readonly timezone: true },
  ): SQLiteDateTime<TemporalValue<"Instant">>;
  (options: MomentOptions<"temporal"> & { readonly as: "temporal" }): SQLiteDateTime<TemporalValue<"PlainDateTime">>;
  (options?: MomentOptions<"default">): SQLiteDateTime;
}

/** DATE with a format. */
export interface SQLiteDateFactory extends BareType<SQLiteDate> {
  (options: DayOptions<"temporal"> & { readonly as: "temporal" }): SQLiteDate<TemporalValue<"PlainDate">>;
  (options?: DayOptions<"default">): SQLiteDate;
}

/** TIME with a format. */
export interface SQLiteTimeFactory extends BareType<SQLiteTime> {
  (options: MomentOptions<"temporal"> & { readonly as: "temporal" }): SQLiteTime<TemporalValue<"PlainTime">>;
  (options?: MomentOptions<"default">): SQLiteTime;
}

/** Moments in UTC, as Date, kept as text: `sqlite.DATETIME({ storageFormat })`. */
export const DATETIME: SQLiteDateTimeFactory = makeFactory(SQLiteDateTime);
/** Days, as ISO text: `sqlite.DATE({ storageFormat })`. */
export const DATE: SQLiteDateFactory = makeFactory(SQLiteDate);
/** Times of day, as ISO text: `sqlite.TIME({ storageFormat })`. */
export const TIME: SQLiteTimeFactory = makeFactory(SQLiteTime);
