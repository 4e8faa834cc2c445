/** ISO 8601 durations, the JavaScript value of intervals. Knows nothing of SQL. */

/** A duration in the units that have no fixed relation to each other. */
export interface Duration {
  /** Years and months. */
  readonly months: number;
  /** Weeks and days. */
  readonly days: number;
  /** Hours, minutes and seconds. */
  readonly microseconds: number;
}

const designator =
  /^([+-]?)P(?!$)(?:([+-]?\d+)Y)?(?:([+-]?\d+)M)?(?:([+-]?\d+(?:[.,]\d+)?)W)?(?:([+-]?\d+(?:[.,]\d+)?)D)?(?:T(?!$)(?:([+-]?\d+(?:[.,]\d+)?)H)?(?:([+-]?\d+(?:[.,]\d+)?)M)?(?:([+-]?\d+(?:[.,]\d+)?)S)?)?$/i;

const microsecondsPerDay = 86_400_000_000;

/** Reads `P1Y2M3DT4H5M6.7S`; any part may have a sign. Null where the text is no duration. */
export function parseDuration(text: string): Duration | null {
  const parts = designator.exec(text);
  if (parts === null) return null;
  const sign = parts[1] === "-" ? -1 : 1;
  const count = (index: number): number => Number((parts[index] ?? "0").replace(",", ".")) * sign || 0;
  const days = count(4) * 7 + count(5);
  const wholeDays = Math.trunc(days);
  const seconds = count(6) * 3600 + count(7) * 60;
  return {
    months: count(2) * 12 + count(3),
    days: wholeDays,
    microseconds: Math.round((days - wholeDays) * microsecondsPerDay + seconds * 1_000_000 + count(8) * 1_000_000),
  };
}

/** Whether text is a duration. */
export function isDurationText(text: string): boolean {
  return designator.test(text);
}

/** The length in microseconds, a day being 24 hours; null where there are months, which have no fixed length. */
export function durationMicroseconds(duration: Duration): number | null {
  return duration.months === 0 ? duration.days * microsecondsPerDay + duration.microseconds : null;
}

/** The one spelling of a length in microseconds: days, then hours, minutes and seconds; `PT0S` for nothing. */
export function formatMicroseconds(microseconds: number): string {
  const size = Math.abs(microseconds);
  const days = Math.floor(size / microsecondsPerDay);
  const text = formatParts(0, days, size - days * microsecondsPerDay);
  return microseconds < 0 ? `-${text}` : text;
}

/** Spells a duration; parts may be of different signs, as PostgreSQL's are. */
export function formatDuration(duration: Duration): string {
  const { months, days, microseconds } = duration;
  const negative = months <= 0 && days <= 0 && microseconds <= 0 && (months < 0 || days < 0 || microseconds < 0);
  return negative ? `-${formatParts(-months, -days, -microseconds)}` : formatParts(months, days, microseconds);
}

function formatParts(months: number, days: number, microseconds: number): string {
  const years = Math.trunc(months / 12);
  const date = part(years, "Y") + part(months - years * 12, "M") + part(days, "D");
  const hours = Math.trunc(microseconds / 3_600_000_000);
  const minutes = Math.trunc((microseconds - hours * 3_600_000_000) / 60_000_000);
  const rest = microseconds - hours * 3_600_000_000 - minutes * 60_000_000;
  const clock = part(hours, "H") + part(minutes, "M") + secondsPart(rest);
  if (date === "" && clock === "") return "PT0S";
  return clock === "" ? `P${date}` : `P${date}T${clock}`;
}

function part(count: number, unit: string): string {
  return count === 0 ? "" : `${count}${unit}`;
}

function secondsPart(microseconds: number): string {
  if (microseconds === 0) return "";
  const size = Math.abs(microseconds);
  const whole = Math.floor(size / 1_000_000);
  const fraction = size - whole * 1_000_000;
  const digits = fraction === 0 ? "" : `.${String(fraction).padStart(6, "0").replace(/0+$/, "")}`;
  return `${microseconds < 0 ? "-" : ""}${whole}${digits}S`;
}
