/**
 * Where ranges begin and end, and how two of them lie to each other. Whole numbers and days are discrete, as they are to
 * PostgreSQL: `(0,5]` is `[1,6)`. Used by ./range.ts.
 */

/** What is looked at of a range. */
export interface Bounded<T> {
  readonly lower: T | null;
  readonly upper: T | null;
  readonly lowerInc: boolean;
  readonly upperInc: boolean;
  readonly empty: boolean;
}

type Comparable = number | bigint | string | Date;

/** Below 0, 0 or above 0. Texts that are numbers are compared as such. */
export function compareBounds(a: unknown, b: unknown): number {
  const [left, right] = [a, b].map((value) => (value instanceof Date ? value.getTime() : value)) as [
    Comparable,
    Comparable,
  ];
  if (
    typeof left === "string" &&
    typeof right === "string" &&
    !Number.isNaN(Number(left)) &&
    !Number.isNaN(Number(right))
  ) {
    return Number(left) - Number(right);
  }
  return left < right ? -1 : left > right ? 1 : 0;
}

const day = /^\d{4}-\d\d-\d\d$/;
/** The text of the day after it would be longer, and compare wrongly. */
const lastDay = "9999-12-31";

/** The value after one of a discrete type; null for others. */
function following(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? value + 1 : null;
  if (typeof value === "bigint") return value + 1n;
  if (typeof value !== "string" || !day.test(value) || value === lastDay) return null;
  const moment = new Date(`${value}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + 1);
  return moment.toISOString().slice(0, 10);
}

/** Both edges; those of discrete types as `[)`. */
export function edgesOf<T>(range: Bounded<T>): Bounded<T> {
  let { lower, upper, lowerInc, upperInc } = range;
  const isDiscrete = [lower, upper].every((bound) => bound === null || following(bound) !== null);
  if (isDiscrete && lower !== null && !lowerInc) {
    lower = following(lower) as T;
    lowerInc = true;
  }
  if (isDiscrete && upper !== null && upperInc) {
    upper = following(upper) as T;
    upperInc = false;
  }
  return { lower, upper, lowerInc, upperInc, empty: range.empty };
}

/** Whether nothing lies between the edges. */
export function isVoid({ lower, upper, lowerInc, upperInc, empty }: Bounded<unknown>): boolean {
  if (empty) return true;
  if (lower === null || upper === null) return false;
  const order = compareBounds(lower, upper);
  return order > 0 || (order === 0 && !(lowerInc && upperInc));
}

/** Which of two ranges begins first. */
export function compareLower(a: Bounded<unknown>, b: Bounded<unknown>): number {
  if (a.lower === null || b.lower === null) return a.lower === b.lower ? 0 : a.lower === null ? -1 : 1;
  return compareBounds(a.lower, b.lower) || Number(b.lowerInc) - Number(a.lowerInc);
}

/** Which of two ranges ends first. */
export function compareUpper(a: Bounded<unknown>, b: Bounded<unknown>): number {
  if (a.upper === null || b.upper === null) return a.upper === b.upper ? 0 : a.upper === null ? 1 : -1;
  return compareBounds(a.upper, b.upper) || Number(a.upperInc) - Number(b.upperInc);
}

/** Whether a range ends before another begins. */
export function endsBefore(a: Bounded<unknown>, b: Bounded<unknown>): boolean {
  if (a.upper === null || b.lower === null) return false;
  const order = compareBounds(a.upper, b.lower);
  return order < 0 || (order === 0 && !(a.upperInc && b.lowerInc));
}

/** Whether a range ends exactly where another begins, with nothing between and nothing in common. */
export function meets(a: Bounded<unknown>, b: Bounded<unknown>): boolean {
  return a.upper !== null && b.lower !== null && compareBounds(a.upper, b.lower) === 0 && a.upperInc !== b.lowerInc;
}
