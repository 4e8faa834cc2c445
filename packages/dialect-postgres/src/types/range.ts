/** Range values: two bounds of one type, each included or not. Knows nothing of SQL types. Next: ./ranges.ts. */
import { ArgumentError, describe } from "@athanor/core";
import { compareLower, compareUpper, edgesOf, endsBefore, isVoid, meets } from "./range-edges.ts";

/** Which bounds belong to the range: `[` and `]` do, `(` and `)` do not. */
export type RangeBounds = "[)" | "(]" | "[]" | "()";

/** Options of {@link range}. */
export interface RangeOptions {
  /** Default `[)`. */
  readonly bounds?: RangeBounds;
  /** The range that contains nothing. */
  readonly empty?: boolean;
}

/** A range of values; a bound that is null is unlimited. Frozen. */
export class Range<T = unknown> {
  readonly lower: T | null;
  readonly upper: T | null;
  readonly bounds: RangeBounds;
  readonly empty: boolean;

  constructor(lower: T | null = null, upper: T | null = null, options: RangeOptions = {}) {
    const bounds = options.bounds ?? "[)";
    if (!/^[[(][\])]$/.test(bounds))
      throw new ArgumentError(`${describe(bounds)} are no bounds of a range`, { fix: 'pass "[)", "(]", "[]" or "()"' });
    this.empty = options.empty ?? false;
    if (this.empty && (lower !== null || upper !== null)) throw new ArgumentError("an empty range has no bounds");
    this.lower = lower;
    this.upper = upper;
    this.bounds = bounds;
    Object.freeze(this);
  }

  /** Whether the range contains nothing: by declaration, or because its bounds leave nothing in between. */
  get isEmpty(): boolean {
    return isVoid(edgesOf(this));
  }

  /** The lower bound belongs to the range. */
  get lowerInc(): boolean {
    return this.lower !== null && this.bounds.startsWith("[");
  }
  /** The upper bound belongs to the range. */
  get upperInc(): boolean {
    return this.upper !== null && this.bounds.endsWith("]");
  }
  /** There is no lower bound. */
  get lowerInf(): boolean {
    return !this.empty && this.lower === null;
  }
  /** There is no upper bound. */
  get upperInf(): boolean {
    return !this.empty && this.upper === null;
  }

  /** Whether a value, or all of another range, lies inside. */
  contains(value: T | Range<T>): boolean {
    const other = value instanceof Range ? value : new Range<T>(value, value, { bounds: "[]" });
    if (other.isEmpty) return true;
    const [a, b] = [edgesOf(this), edgesOf(other)];
    return !isVoid(a) && compareLower(a, b) <= 0 && compareUpper(a, b) >= 0;
  }

  /** Whether all of this range lies inside of another. */
  containedBy(other: Range<T>): boolean {
    return other.contains(this);
  }

  /** Whether the ranges have the same values: `[1,4]` and `[1,5)` do. */
  equals(other: Range<T>): boolean {
    const [a, b] = [edgesOf(this), edgesOf(other)];
    if (isVoid(a) || isVoid(b)) return isVoid(a) && isVoid(b);
    return compareLower(a, b) === 0 && compareUpper(a, b) === 0;
  }

  /** Whether the ranges have something in common. */
  overlaps(other: Range<T>): boolean {
    return !this.isEmpty && !other.isEmpty && !this.strictlyLeftOf(other) && !this.strictlyRightOf(other);
  }

  /** Whether this range ends before the other begins. */
  strictlyLeftOf(other: Range<T>): boolean {
    return !this.isEmpty && !other.isEmpty && endsBefore(edgesOf(this), edgesOf(other));
  }

  /** Whether this range begins after the other ends. */
  strictlyRightOf(other: Range<T>): boolean {
    return other.strictlyLeftOf(this);
  }

  /** Whether this range ends with the other or before. */
  notExtendRightOf(other: Range<T>): boolean {
    return !this.isEmpty && !other.isEmpty && compareUpper(edgesOf(this), edgesOf(other)) <= 0;
  }

  /** Whether this range begins with the other or behind. */
  notExtendLeftOf(other: Range<T>): boolean {
    return !this.isEmpty && !other.isEmpty && compareLower(edgesOf(this), edgesOf(other)) >= 0;
  }

  /** Whether one range begins exactly where the other ends. */
  adjacentTo(other: Range<T>): boolean {
    if (this.isEmpty || other.isEmpty) return false;
    const [a, b] = [edgesOf(this), edgesOf(other)];
    return meets(a, b) || meets(b, a);
  }

  /** The values of both. @throws ArgumentError where there is something between the ranges. */
  union(other: Range<T>): Range<T> {
    if (this.isEmpty) return other;
    if (other.isEmpty) return this;
    if (!this.overlaps(other) && !this.adjacentTo(other))
      throw new ArgumentError(`${this} and ${other} leave something between them: their union is no range`);
    const [a, b] = [edgesOf(this), edgesOf(other)];
    return between(compareLower(a, b) <= 0 ? this : other, compareUpper(a, b) >= 0 ? this : other);
  }

  /** The values of this range that are not of the other. @throws ArgumentError where that leaves two ranges. */
  difference(other: Range<T>): Range<T> {
    if (!this.overlaps(other)) return this;
    const [a, b] = [edgesOf(this), edgesOf(other)];
    const isLeftCut = compareLower(a, b) >= 0;
    const isRightCut = compareUpper(a, b) <= 0;
    if (isLeftCut && isRightCut) return emptyRange();
    if (isLeftCut) return new Range<T>(other.upper, this.upper, { bounds: boundsOf(!other.upperInc, this.upperInc) });
    if (isRightCut) return new Range<T>(this.lower, other.lower, { bounds: boundsOf(this.lowerInc, !other.lowerInc) });
    throw new ArgumentError(`${other} lies in the middle of ${this}: their difference is no range`);
  }

  /** The values that are of both. */
  intersection(other: Range<T>): Range<T> {
    if (!this.overlaps(other)) return emptyRange();
    const [a, b] = [edgesOf(this), edgesOf(other)];
    return between(compareLower(a, b) >= 0 ? this : other, compareUpper(a, b) <= 0 ? this : other);
  }

  /** Text as PostgreSQL writes it: `[1,5)`; bounds by `String()`. */
  toString(): string {
    return formatRange(this, (bound) => (bound instanceof Date ? bound.toISOString() : String(bound)));
  }

  toJSON(): string {
    return this.toString();
  }
}

/**
 * A range of values: `pg.range(1, 5)` is `[1,5)`, `pg.range(date, null, { bounds: "()" })` has no upper bound,
 * `pg.range({ empty: true })` contains nothing.
 */
export function range<T = never>(options: RangeOptions): Range<T>;
export function range<T>(lower: T | null, upper?: T | null, options?: RangeOptions): Range<T>;
export function range<T>(first: T | null | RangeOptions, upper: T | null = null, options?: RangeOptions): Range<T> {
  if (first === undefined)
    throw new ArgumentError("the lower bound of a range is undefined", { fix: "pass null for no bound" });
  if (!isOptions(first)) return new Range<T>(first, upper, options);
  for (const name of Object.keys(first))
    if (name !== "bounds" && name !== "empty")
      throw new ArgumentError(`range() has no option ${JSON.stringify(name)}`, {
        fix: "its options are bounds and empty",
      });
  return new Range<T>(null, null, first);
}

/** Bounds are never plain objects. */
function isOptions(value: unknown): value is RangeOptions {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The range that contains nothing. */
export function emptyRange<T = never>(): Range<T> {
  return new Range<T>(null, null, { empty: true });
}

function boundsOf(lowerInc: boolean, upperInc: boolean): RangeBounds {
  return `${lowerInc ? "[" : "("}${upperInc ? "]" : ")"}`;
}

/** From where one range begins to where another ends. */
function between<T>(first: Range<T>, last: Range<T>): Range<T> {
  return new Range<T>(first.lower, last.upper, { bounds: boundsOf(first.lowerInc, last.upperInc) });
}

/** Whether two ranges have the same values. */
export function sameRange(a: unknown, b: unknown): boolean {
  return a instanceof Range && b instanceof Range ? a.equals(b) : Object.is(a, b);
}

const plain = /^[^\s"\\()[\],]+$/;

/** Writes a range; `bound` gives the text of a bound. */
export function formatRange(range: Range, bound: (value: unknown) => string): string {
  if (range.empty) return "empty";
  const text = (value: unknown): string => {
    if (value === null) return "";
    const written = bound(value);
    return plain.test(written) ? written : `"${written.replaceAll("\\", "\\\\").replaceAll('"', '""')}"`;
  };
  return `${range.bounds[0]}${text(range.lower)},${text(range.upper)}${range.bounds[1]}`;
}

const pattern = /([[(])(?:"((?:[^"\\]|""|\\.)*)"|([^",)\]]*)),(?:"((?:[^"\\]|""|\\.)*)"|([^",)\]]*))([\])])/y;

const unquote = (text: string): string =>
  text.replace(/\\(.)|""/gs, (_, escaped: string | undefined) => escaped ?? '"');

function readRange<T>(
  text: string,
  at: number,
  bound: (text: string) => T,
): { readonly range: Range<T>; readonly end: number } {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  if (match === null) throw new SyntaxError(`not a range: ${text.slice(at, at + 40)}`);
  const [, opening, quotedLower, lower, quotedUpper, upper, closing] = match;
  const read = (quoted: string | undefined, bare: string | undefined): T | null =>
    quoted !== undefined ? bound(unquote(quoted)) : bare === undefined || bare === "" ? null : bound(bare);
  const end = pattern.lastIndex;
  return {
    range: new Range<T>(read(quotedLower, lower), read(quotedUpper, upper), {
      bounds: `${opening}${closing}` as RangeBounds,
    }),
    end,
  };
}

/** Reads `[1,5)`, `(,"2024-01-01 00:00:00")` or `empty`. */
export function parseRange<T>(text: string, bound: (text: string) => T): Range<T> {
  return text === "empty" ? emptyRange<T>() : readRange(text, 0, bound).range;
}

/** Reads `{[1,5),[7,9)}`. */
export function parseMultirange<T>(text: string, bound: (text: string) => T): Range<T>[] {
  const ranges: Range<T>[] = [];
  let at = 1;
  while (at < text.length - 1) {
    if (text.charCodeAt(at) === 44) at++;
    const { range: found, end } = readRange(text, at, bound);
    ranges.push(found);
    at = end;
  }
  return ranges;
}

/** Writes a multirange. */
export function formatMultirange(ranges: readonly Range[], bound: (value: unknown) => string): string {
  return `{${ranges.map((each) => formatRange(each, bound)).join(",")}}`;
}
