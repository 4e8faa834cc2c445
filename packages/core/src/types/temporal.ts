/** Dates, times and intervals. Text is read and written by ./temporal-text.ts and ./duration.ts. */
import { ArgumentError } from "../errors/errors.ts";
import type { Operator } from "../operator/operator.ts";
import { operators } from "../operator/table.ts";
import { type AdaptationTable, adaptByTable, kin } from "./adaptation.ts";
import { durationMicroseconds, formatDuration, formatMicroseconds, isDurationText, parseDuration } from "./duration.ts";
import { describe } from "./literals.ts";
import { INTEGERTYPE } from "./numeric.ts";
import { type TemporalMode, type TemporalOptions, temporalClass, temporalName, temporalText } from "./temporal-port.ts";
import * as text from "./temporal-text.ts";
import type { TypeDialect } from "./type.ts";
import { type AdaptedOperator, type Affinity, defineVisitName, type Processor, SqlType } from "./type.ts";

const { add, sub } = operators;

/** What the temporal types have in common. */
abstract class TemporalType<T, Input> extends SqlType<T, Input> {
  /** `"temporal"`: results are objects of `Temporal`. */
  readonly as: TemporalMode;

  constructor(as: TemporalMode | undefined) {
    super();
    this.as = as ?? "default";
  }

  override get readsText(): boolean {
    return this.as === "temporal";
  }

  protected abstract readonly adaptations: AdaptationTable;

  override adaptOperator(operator: Operator, other: SqlType): AdaptedOperator {
    return adaptByTable(this.adaptations, this, operator, other) ?? super.adaptOperator(operator, other);
  }

  /** Canonical text of every temporal kind is told by its form; other strings (patterns of LIKE) stay strings. */
  override coerceComparedValue(operator: Operator | null, value: unknown): SqlType {
    if (typeof value === "string" && !this.accepts(value)) {
      if (isDurationText(value)) return INTERVALTYPE;
      if (text.isDateText(value)) return DATETYPE;
      if (text.isDateTimeText(value)) return DATETIMETYPE;
      if (text.isTimeText(value)) return TIMETYPE;
    }
    return super.coerceComparedValue(operator, value);
  }

  override literalProcessor(_dialect: TypeDialect): Processor<unknown, string> {
    return (value) => (value === null || value === undefined ? "NULL" : `'${this.literalText(value)}'`);
  }

  /** Text of a value for a literal; checked, so that it needs no escaping. */
  protected abstract literalText(value: unknown): string;
}

/** Dates without a time: `"2024-02-29"`. */
export class DateType<out T = string> extends TemporalType<T, T | string> {
  constructor(options: TemporalOptions = {}) {
    super(options.as);
  }

  override get affinity(): Affinity {
    return "date";
  }

  protected override get adaptations(): AdaptationTable {
    return dateTable;
  }

  override accepts(value: unknown): boolean {
    return typeof value === "string" ? text.isDateText(value) : temporalName(value) === "PlainDate";
  }

  override bindProcessor(_dialect: TypeDialect): Processor {
    return toDateText;
  }

  override resultProcessor(_dialect: TypeDialect): Processor {
    if (this.as === "temporal") return temporalResult("PlainDate", fromDate);
    return fromDate;
  }

  protected override literalText(value: unknown): string {
    return toDateText(value) as string;
  }
}

defineVisitName(DateType, "date");

/** Options of {@link TimeType} and {@link DateTime}. */
export interface TimeOptions<out As extends TemporalMode = TemporalMode> extends TemporalOptions<As> {
  /** Values have a time zone, where the database has such a type. */
  readonly timezone?: boolean | undefined;
}

/** Times of day: `"08:09:10.5"`. */
export class TimeType<out T = string> extends TemporalType<T, T | string> {
  readonly timezone: boolean;

  constructor(options: TimeOptions = {}) {
    super(options.as);
    this.timezone = options.timezone ?? false;
  }

  override get affinity(): Affinity {
    return "time";
  }

  protected override get adaptations(): AdaptationTable {
    return timeTable;
  }

  override accepts(value: unknown): boolean {
    return typeof value === "string" ? text.isTimeText(value) : temporalName(value) === "PlainTime";
  }

  override bindProcessor(_dialect: TypeDialect): Processor {
    return toTimeText;
  }

  override resultProcessor(_dialect: TypeDialect): Processor {
    if (this.as === "temporal") return temporalResult("PlainTime", fromTime);
    return fromTime;
  }

  protected override literalText(value: unknown): string {
    return text.dropZeroFraction(toTimeText(value) as string);
  }

  override compareValues(a: T, b: T): boolean {
    if (Object.is(a, b)) return true;
    if (a === null || b === null || a === undefined || b === undefined) return false;
    const [left, right] = [String(a), String(b)];
    return text.isTimeText(left) && text.isTimeText(right) && text.padTime(left, 6) === text.padTime(right, 6);
  }
}

defineVisitName(TimeType, "time");

/** Dates with a time: `Date`. Without a time zone they are UTC. */
export class DateTime<out T = Date> extends TemporalType<T, T> {
  readonly timezone: boolean;

  constructor(options: TimeOptions = {}) {
    super(options.as);
    this.timezone = options.timezone ?? false;
  }

  override get affinity(): Affinity {
    return "datetime";
  }

  protected override get adaptations(): AdaptationTable {
    return dateTimeTable;
  }

  override accepts(value: unknown): boolean {
    if (value instanceof Date) return true;
    if (typeof value === "string") return !Number.isNaN(text.parseDateTime(value));
    const name = temporalName(value);
    return name === "PlainDateTime" || name === "Instant" || name === "ZonedDateTime";
  }

  override bindProcessor(_dialect: TypeDialect): Processor {
    return toDateTimeText;
  }

  override resultProcessor(_dialect: TypeDialect): Processor {
    if (this.as !== "temporal") return toDate;
    return this.timezone
      ? temporalResult("Instant", (value) => `${isoText(value)}Z`)
      : temporalResult("PlainDateTime", isoText);
  }

  protected override literalText(value: unknown): string {
    const plain = text.dropZeroFraction(toDateTimeText(value) as string);
    return this.timezone ? `${plain}+00:00` : plain;
  }

  override compareValues(a: T, b: T): boolean {
    if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
    return (
      Object.is(a, b) || (temporalName(a) !== null && temporalName(a) === temporalName(b) && String(a) === String(b))
    );
  }
}

defineVisitName(DateTime, "dateTime");

/** Options of {@link Interval}. */
export interface IntervalOptions<out As extends TemporalMode = TemporalMode> extends TemporalOptions<As> {
  /** Use the database's own type where it has one. */
  readonly native?: boolean | undefined;
  /** Digits after the second, for native types. */
  readonly secondPrecision?: number | undefined;
  /** Digits of the day, for native types (Oracle). */
  readonly dayPrecision?: number | undefined;
}

/**
 * Lengths of time: ISO text such as `"PT5M"`. Where the database has no type for them, the moment that lies so far from
 * 1970-01-01 is stored.
 */
export class Interval<out T = string> extends TemporalType<T, T | string> {
  readonly native: boolean;
  readonly secondPrecision: number | undefined;
  readonly dayPrecision: number | undefined;

  constructor(options: IntervalOptions = {}) {
    super(options.as);
    this.native = options.native ?? true;
    this.secondPrecision = options.secondPrecision;
    this.dayPrecision = options.dayPrecision;
  }

  /** The type that stands in for it where the database has none. */
  get impl(): DateTime {
    return DATETIMETYPE;
  }

  override get affinity(): Affinity {
    return "interval";
  }

  protected override get adaptations(): AdaptationTable {
    return intervalTable;
  }

  override adaptOperator(operator: Operator, other: SqlType): AdaptedOperator {
    if ((operator === add || operator === sub) && other.affinity === "interval") {
      return { operator, type: kin(this, Interval, other) };
    }
    return super.adaptOperator(operator, other);
  }

  override accepts(value: unknown): boolean {
    return typeof value === "string" ? isDurationText(value) : temporalName(value) === "Duration";
  }

  override bindProcessor(dialect: TypeDialect): Processor {
    const moment = dialect.adaptType(this.impl).bindProcessor(dialect);
    return (value) => {
      const microseconds = toMicroseconds(value);
      if (microseconds === null) return moment === null ? null : moment(null);
      const stored = momentOf(microseconds);
      return moment === null ? stored : moment(stored);
    };
  }

  override resultProcessor(dialect: TypeDialect): Processor {
    const moment = dialect.adaptType(this.impl).resultProcessor(dialect);
    const read = (value: unknown): string =>
      formatMicroseconds(microsecondsOf(typeof value === "string" || moment === null ? value : moment(value)));
    if (this.as === "temporal") return temporalResult("Duration", read);
    return (value) => (value === null || value === undefined ? null : read(value));
  }

  protected override literalText(value: unknown): string {
    return text.dropZeroFraction(toDateTimeText(momentOf(toMicroseconds(value) as number)) as string);
  }

  /** Equal by length: `"PT60S"` is `"PT1M"`. */
  override compareValues(a: T, b: T): boolean {
    if (Object.is(a, b)) return true;
    if (a === null || b === null || a === undefined || b === undefined) return false;
    const left = parseDuration(String(a));
    const right = parseDuration(String(b));
    if (left === null || right === null || left.months !== right.months) return false;
    return durationMicroseconds({ ...left, months: 0 }) === durationMicroseconds({ ...right, months: 0 });
  }
}

defineVisitName(Interval, "interval");

/** The plain temporal types that everything shares. */
export const DATETYPE: DateType = new DateType();
/** `t.time()`, shared. */
export const TIMETYPE: TimeType = new TimeType();
/** `t.dateTime()`, shared. */
export const DATETIMETYPE: DateTime = new DateTime();
/** `t.dateTime({ timezone: true })`, shared. */
export const DATETIME_TIMEZONE: DateTime = new DateTime({ timezone: true });
/** `t.interval()`, shared. */
export const INTERVALTYPE: Interval = new Interval();

const dateTime = (): SqlType => DATETIMETYPE;
const interval = (): SqlType => INTERVALTYPE;

// The results follow PostgreSQL.  https://www.postgresql.org/docs/current/functions-datetime.html
const dateTable: AdaptationTable = new Map([
  [add, { interval: dateTime, time: dateTime }],
  [sub, { date: () => INTEGERTYPE, interval: dateTime, datetime: interval }],
]);
const timeTable: AdaptationTable = new Map([
  [add, { date: dateTime }],
  [sub, { time: interval }],
]);
const dateTimeTable: AdaptationTable = new Map([[sub, { datetime: interval }]]);
const intervalTable: AdaptationTable = new Map([[add, { date: dateTime, datetime: "other", time: "other" }]]);

function reject(value: unknown, what: string, fix: string): never {
  throw new ArgumentError(`${describe(value)} is not ${what}`, { fix });
}

/** Checked `YYYY-MM-DD`. */
export function toDateText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const given = temporalName(value) === "PlainDate" ? temporalText(value) : value;
  if (typeof given === "string" && text.isDateText(given)) return given;
  const fix =
    value instanceof Date
      ? "a Date is a moment; pass date.toISOString().slice(0, 10)"
      : 'pass text such as "2024-02-29"';
  return reject(value, "a date", fix);
}

/** Checked `HH:MM:SS.ffffff`. */
export function toTimeText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const given = temporalName(value) === "PlainTime" ? temporalText(value) : value;
  if (typeof given === "string" && text.isTimeText(given)) return text.padTime(given, 6);
  return reject(value, "a time of day", 'pass text such as "08:09:10.5"');
}

/** Checked `YYYY-MM-DD HH:MM:SS.ffffff` in UTC, of a Date, of ISO text or of a Temporal object. */
export function toDateTimeText(value: unknown): string | null {
  if (value instanceof Date) return text.formatDateTime(value.getTime()) ?? rejectDateTime(value);
  if (value === null || value === undefined) return null;
  const given = temporalName(value) === null ? value : temporalText(value);
  if (typeof given !== "string") return rejectDateTime(value);
  return text.formatDateTime(text.parseDateTime(given), text.microsecondsBeyond(given)) ?? rejectDateTime(value);
}

function rejectDateTime(value: unknown): never {
  return reject(value, "a date and time", "pass a Date of year 1 or later, or ISO text");
}

/** A driver's value as a Date: text without an offset is UTC. */
export function toDate(value: unknown): Date | null {
  if (typeof value === "string") {
    const milliseconds = text.parseDateTime(value);
    if (Number.isNaN(milliseconds))
      return reject(value, "a date and time", "the database holds other text; read it as t.string");
    return new Date(milliseconds);
  }
  if (value instanceof Date) return value;
  if (value === null || value === undefined) return null;
  return reject(value, "a date and time", "the database holds another type; read it as such");
}

function fromDate(value: unknown): string | null {
  if (typeof value === "string") return value.length === 10 ? value : value.replace(/[ T]\d\d:.*$/, "");
  if (value === null || value === undefined) return null;
  return value instanceof Date
    ? value.toISOString().replace(/T.*$/, "")
    : reject(value, "a date", "read it as another type");
}

function fromTime(value: unknown): string | null {
  if (typeof value === "string") return text.trimFraction(value);
  if (value === null || value === undefined) return null;
  return value instanceof Date
    ? text.trimFraction(value.toISOString().slice(-13, -1))
    : reject(value, "a time of day", "read it as another type");
}

function isoText(value: unknown): string {
  return text.trimFraction((toDateTimeText(value) as string).replace(" ", "T"));
}

function temporalResult(
  name: Parameters<typeof temporalClass>[0],
  textOf: (value: unknown) => string | null,
): Processor {
  const Class = temporalClass(name);
  return (value) => (value === null || value === undefined ? null : Class.from(textOf(value) as string));
}

function toMicroseconds(value: unknown): number | null {
  if (value === null || value === undefined) return null;
  const duration = parseDuration(temporalName(value) === "Duration" ? String(value) : (value as string));
  if (duration === null || typeof duration !== "object")
    return reject(value, "a duration", 'pass ISO text such as "P1DT2H" or "PT5M"');
  return (
    durationMicroseconds(duration) ??
    reject(formatDuration(duration), "a length of fixed size", "months and years vary; pass days or less")
  );
}

/** A moment so far from the epoch: a Date, or text where a Date is too coarse. */
function momentOf(microseconds: number): Date | string {
  const milliseconds = Math.floor(microseconds / 1000);
  const beyond = microseconds - milliseconds * 1000;
  return beyond === 0
    ? new Date(milliseconds)
    : (text.formatDateTime(milliseconds, beyond) ??
        reject(formatMicroseconds(microseconds), "a storable length", "it is too long"));
}

function microsecondsOf(value: unknown): number {
  const milliseconds = (toDate(value) as Date).getTime();
  return milliseconds * 1000 + (typeof value === "string" ? text.microsecondsBeyond(value) : 0);
}
