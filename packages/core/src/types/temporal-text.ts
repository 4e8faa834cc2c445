/**
 * Dates and times as databases write them, to JavaScript and back. Everything is UTC unless the text has an offset.
 * Parsing is by hand: `new Date(text)` is several times slower and reads text without an offset as local time.
 */

/** Milliseconds since the epoch of `YYYY-MM-DD[ HH:MM[:SS[.ffffff]]][offset]`; NaN where the text is none. */
export function parseDateTime(text: string): number {
  if (text.charCodeAt(4) !== dash || text.charCodeAt(7) !== dash) return parseDistantDateTime(text);
  const century = two(text, 0);
  const yearOfCentury = two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  if (century < 0 || yearOfCentury < 0 || month < 1 || month > 12 || day < 1) return Number.NaN;
  const year = century * 100 + yearOfCentury;
  if (day > 28 && day > daysOfMonth(year, month)) return Number.NaN;
  const date = daysFromEpoch(year, month, day) * millisecondsPerDay;
  if (text.length === 10) return date;
  const separator = text.charCodeAt(10);
  if (separator !== blank && separator !== upperT) return Number.NaN;
  if (text.charCodeAt(text.length - 1) === upperC) return parseDistantDateTime(text);
  return date + parseTimeOfDay(text, 11);
}

/** Milliseconds of `HH:MM[:SS[.ffffff]][offset]` that starts at `start`, less the offset; NaN where the text is none. */
export function parseTimeOfDay(text: string, start: number): number {
  const hour = two(text, start);
  const minute = two(text, start + 3);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || text.charCodeAt(start + 2) !== colon) return Number.NaN;
  let time = hour * 3_600_000 + minute * 60_000;
  const length = text.length;
  let at = start + 5;
  if (text.charCodeAt(at) === colon) {
    const second = two(text, at + 1);
    if (second < 0 || second > 59) return Number.NaN;
    time += second * 1000;
    at += 3;
    const point = text.charCodeAt(at);
    if (point === dot || point === comma) {
      const first = at + 1;
      for (at = first; at < length; at++) {
        const digit = text.charCodeAt(at) - zero;
        if (digit < 0 || digit > 9) break;
        if (at < first + 3) time += at === first ? digit * 100 : at === first + 1 ? digit * 10 : digit;
      }
      if (at === first) return Number.NaN;
    }
  }
  return at === length ? time : time - parseOffset(text, at);
}

/** Milliseconds of an offset from UTC (`Z`, `+01`, `+0130`, `+01:30`, `+01:30:15`) that ends the text. */
function parseOffset(text: string, start: number): number {
  const at = text.charCodeAt(start) === blank ? start + 1 : start;
  const sign = text.charCodeAt(at);
  const length = text.length;
  if (sign === upperZ || sign === lowerZ) return at + 1 === length ? 0 : Number.NaN;
  if (sign !== plus && sign !== dash) return Number.NaN;
  let factor = 3_600_000;
  let offset = 0;
  for (let next = at + 1; next < length; next += 2, factor /= 60) {
    if (text.charCodeAt(next) === colon && factor < 3_600_000) next++;
    const part = two(text, next);
    if (part < 0 || factor < 1000 || (part > 59 && factor < 3_600_000)) return Number.NaN;
    offset += part * factor;
  }
  if (at + 1 === length) return Number.NaN;
  return sign === dash ? -offset : offset;
}

/** Years of other than four digits, and those marked `BC`. */
function parseDistantDateTime(text: string): number {
  const parts = /^([+-]?\d{4,6})-(\d\d)-(\d\d)(?:[ T](\d[^ ]*(?: ?[+-][\d:]+)?))?( BC)?$/.exec(text);
  if (parts === null) return Number.NaN;
  const year = parts[5] === undefined ? Number(parts[1]) : 1 - Number(parts[1]);
  const month = Number(parts[2]);
  const day = Number(parts[3]);
  if (month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) return Number.NaN;
  const date = daysFromEpoch(year, month, day) * millisecondsPerDay;
  const time = parts[4] === undefined ? 0 : parseTimeOfDay(parts[4], 0);
  const sum = date + time;
  return Math.abs(sum) <= 8.64e15 ? sum : Number.NaN;
}

/** Microseconds beyond the millisecond in text that {@link parseDateTime} understands. */
export function microsecondsBeyond(text: string): number {
  const digits = /[.,]\d{3}(\d{1,3})/.exec(text)?.[1];
  return digits === undefined ? 0 : Number(digits.padEnd(3, "0"));
}

/**
 * `YYYY-MM-DD HH:MM:SS.ffffff` of a time in UTC; null before year 1, which the databases cannot store so, and for
 * invalid dates.
 */
export function formatDateTime(milliseconds: number, microseconds = 0): string | null {
  if (!(milliseconds >= firstYear && milliseconds <= 8.64e15)) return null;
  const days = Math.floor(milliseconds / millisecondsPerDay);
  const time = Math.floor(milliseconds - days * millisecondsPerDay);
  const seconds = Math.floor(time / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const clock = `${pair(hours)}:${pair(minutes - hours * 60)}:${pair(seconds - minutes * 60)}`;
  const thousandths = time - seconds * 1000;
  const fraction = thousandths === 0 && microseconds === 0 ? "000000" : triple(thousandths) + triple(microseconds);
  return `${formatDay(days)} ${clock}.${fraction}`;
}

/** `YYYY-MM-DD` of a number of days since the epoch; the inverse of {@link daysFromEpoch}. */
function formatDay(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const yearText = year > 999 ? String(year) : String(year).padStart(4, "0");
  return `${yearText}-${pair(month)}-${pair(day)}`;
}

/** Whether text is a date, `YYYY-MM-DD`. */
export function isDateText(text: string): boolean {
  return (
    /^(?:\d{4,6}|\+\d{6})-\d\d-\d\d$/.test(text) && !text.startsWith("0000-") && !Number.isNaN(parseDateTime(text))
  );
}

/** Whether text is a date with a time of day. */
export function isDateTimeText(text: string): boolean {
  return text.length > 10 && !Number.isNaN(parseDateTime(text)) && /\d[ T]\d/.test(text);
}

const time = /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d\d(?::?\d\d){0,2})?$/;

/** Whether text is a time of day, `HH:MM[:SS[.ffffff]][offset]`. */
export function isTimeText(text: string): boolean {
  return time.test(text);
}

/** A time of day with seconds and `digits` digits after them, its offset kept; `text` must be one. */
export function padTime(text: string, digits: number): string {
  const [, clock = "", fraction = "", offset = ""] = /^([\d:]+)(?:\.(\d+))?(.*)$/.exec(text) ?? [];
  const seconds = clock.length === 5 ? `${clock}:00` : clock;
  return `${digits === 0 ? seconds : `${seconds}.${fraction.slice(0, digits).padEnd(digits, "0")}`}${offset}`;
}

/** Takes away a fraction's zeros at the end, and the point with them: `08:09:10.500000` is `08:09:10.5`. */
export function trimFraction(text: string): string {
  const point = text.indexOf(".");
  if (point < 0) return text;
  let end = point + 1;
  while (end < text.length && text.charCodeAt(end) >= zero && text.charCodeAt(end) <= zero + 9) end++;
  let keep = end;
  while (text.charCodeAt(keep - 1) === zero) keep--;
  if (keep === point + 1) keep = point;
  return text.slice(0, keep) + text.slice(end);
}

/** `.000000` is left out of literals, other fractions stay whole, as in Python's `isoformat()`. */
export function dropZeroFraction(text: string): string {
  return text.replace(/\.0+(?!\d)/, "");
}

const zero = 48;
const dash = 45;
const colon = 58;
const dot = 46;
const comma = 44;
const blank = 32;
const plus = 43;
const upperC = 67;
const upperT = 84;
const upperZ = 90;
const lowerZ = 122;
const millisecondsPerDay = 86_400_000;
/** 0001-01-01. */
const firstYear = -62_135_596_800_000;

const pairs = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, "0"));

/** A number below 100 as two digits. */
function pair(number: number): string {
  return pairs[number] as string;
}

/** A number below 1000 as three digits. */
function triple(number: number): string {
  return number > 99 ? String(number) : `0${pair(number)}`;
}

/** The number that two digits make, or -1. */
function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - zero;
  const ones = text.charCodeAt(at + 1) - zero;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

function daysOfMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/**
 * Days from 1970-01-01 in the proleptic Gregorian calendar. Years are counted from March, so that the leap day is the
 * last.  https://howardhinnant.github.io/date_algorithms.html#days_from_civil
 */
function daysFromEpoch(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
