/** Dates that remember the microseconds which a Date cannot hold: kept aside, so that the Date itself stays an ordinary one. */
import { formatDateTime } from "@athanor/core";

const beyond = new WeakMap<Date, number>();

/** A Date with 0 to 999 microseconds beyond its milliseconds. */
export function preciseDate(milliseconds: number, microseconds: number): Date {
  const date = new Date(milliseconds);
  if (microseconds !== 0) beyond.set(date, microseconds);
  return date;
}

/** The microseconds beyond the milliseconds. */
export function microsecondsOf(date: Date): number {
  return beyond.get(date) ?? 0;
}

/** The date as text with all its digits. */
export function withMicroseconds(date: Date): string {
  return formatDateTime(date.getTime(), microsecondsOf(date)) ?? date.toISOString();
}
