/**
 * What is made of a feed's rows: one value per row (a row, a scalar, a mapping), perhaps without repetitions. All methods
 * work on rows that are there; those that may have to wait are steps. Next: ../sync/result.ts.
 */
import type { DriverRow, Step } from "@athanor/driver";
import { InvalidRequestError, MultipleResultsFound, NoResultFound } from "../errors/errors.ts";
import type { RowFeed } from "./feed.ts";

/** What repetitions are recognised by. */
export type UniqueStrategy<T> = (value: T) => unknown;

/** How one row becomes a value. */
export interface RowReader<out T> {
  read(row: DriverRow): T;
  /** What a value is recognised by where nobody says otherwise. */
  identify(value: T, row: DriverRow): unknown;
  /** The value of a row of one column is that column's, as it is. */
  readonly readsSingles?: boolean;
}

/** Messages differ by the word for what was found. */
const noRow = "No row was found when one was required";
const severalRows = "Multiple rows were found when exactly one was required";
const severalOrNone = "Multiple rows were found when one or none was required";

const noRowKept: DriverRow = Object.freeze([]);

/** One way of looking at a result. */
export class ResultView<out T> {
  readonly feed: RowFeed;
  readonly reader: RowReader<T>;
  #seen: Set<unknown> | null = null;
  #strategy: UniqueStrategy<never> | null = null;

  constructor(feed: RowFeed, reader: RowReader<T>) {
    this.feed = feed;
    this.reader = reader;
  }

  /** The same rows, read otherwise. Repetitions are left out if they are here. */
  derive<U>(reader: RowReader<U>): ResultView<U> {
    const view = new ResultView<U>(this.feed, reader);
    if (this.#seen !== null) view.unique(null);
    return view;
  }

  get isUnique(): boolean {
    return this.#seen !== null;
  }

  /** Leaves out repetitions from here on. */
  unique(strategy: UniqueStrategy<T> | null): void {
    this.#seen = new Set();
    this.#strategy = strategy as UniqueStrategy<never> | null;
  }

  #checkUnique(): void {
    const { uniqueRequired } = this.feed;
    if (uniqueRequired !== null && this.#seen === null)
      throw new InvalidRequestError(uniqueRequired, { fix: "call .unique() on the result first" });
  }

  /** All rows that are here. */
  takeAll(): T[] {
    const singles = this.reader.readsSingles === true ? (this.feed.takeSingles() as T[] | null) : null;
    if (singles === null) return this.#read(this.feed.take(null));
    this.#checkUnique();
    if (this.#seen === null || (this.feed.singlesAreDistinct && this.#strategy === null)) return singles;
    return singles.filter((value) => this.#isNew(value, noRowKept));
  }

  /** Up to `count` values of the rows that are here. */
  takeMany(count: number): T[] {
    if (this.#seen === null) return this.#read(this.feed.take(count));
    const values: T[] = [];
    while (values.length < count) {
      const value = this.takeOne();
      if (value === undefined) break;
      values.push(value.value);
    }
    return values;
  }

  /** The next value that is here. */
  takeOne(): { readonly value: T } | undefined {
    this.#checkUnique();
    for (;;) {
      const row = this.feed.takeOne();
      if (row === undefined) return undefined;
      const value = this.reader.read(row);
      if (this.#isNew(value, row)) return { value };
    }
  }

  /** All values. */
  *all(): Step<T[]> {
    this.feed.check();
    yield* this.feed.fill(null);
    return this.takeAll();
  }

  /** Up to `count` values. */
  *many(count: number): Step<T[]> {
    this.feed.check();
    const values: T[] = [];
    while (values.length < count) {
      yield* this.feed.fill(count - values.length);
      values.push(...this.takeMany(count - values.length));
      if (this.feed.isExhausted) break;
    }
    return values;
  }

  /** The next value. */
  *one(): Step<{ readonly value: T } | undefined> {
    this.feed.check();
    for (;;) {
      yield* this.feed.fill(1);
      const found = this.takeOne();
      if (found !== undefined || this.feed.isExhausted) return found;
    }
  }

  /** How many values `fetchmany()` and `partitions()` take at a time where nobody says. */
  get portion(): number {
    return this.feed.portion || 1;
  }

  /** The raw rows that are here; without repetitions where they are left out. */
  takeRaw(): readonly DriverRow[] {
    const rows = this.feed.take(null);
    return this.#seen === null ? rows : rows.filter((row) => this.#isNew(this.reader.read(row), row));
  }

  /**
   * The only value that is here. Closes the result, unless it came to its end by itself: then there was no row.
   *
   * @param second what more than one means: an error, or nothing (`first()`).
   * @param none whether none is an error.
   */
  takeOnly(second: "error" | "oneOrNone" | "ignore", none: boolean): { readonly value: T } | undefined {
    const found = this.takeOne();
    if (found === undefined) {
      if (none) throw new NoResultFound(noRow);
      return undefined;
    }
    const hasAnother = second !== "ignore" && this.takeOne() !== undefined;
    this.feed.closeBuffered();
    if (hasAnother) throw new MultipleResultsFound(second === "error" ? severalRows : severalOrNone);
    return found;
  }

  /** {@link takeOnly}, fetching as much as it needs. */
  *only(second: "error" | "oneOrNone" | "ignore", none: boolean): Step<{ readonly value: T } | undefined> {
    this.feed.check();
    yield* this.feed.fill(second === "ignore" ? 1 : this.#seen === null ? 2 : null);
    try {
      return this.takeOnly(second, none);
    } finally {
      if (this.feed.isClosed) yield* this.feed.close();
    }
  }

  #isNew(value: T, row: DriverRow): boolean {
    const seen = this.#seen;
    if (seen === null) return true;
    const key = this.#strategy === null ? this.reader.identify(value, row) : this.#strategy(value as never);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  }

  #read(rows: readonly DriverRow[]): T[] {
    this.#checkUnique();
    const { reader } = this;
    const count = rows.length;
    if (this.#seen !== null) {
      const values: T[] = [];
      for (const row of rows) {
        const value = reader.read(row);
        if (this.#isNew(value, row)) values.push(value);
      }
      return values;
    }
    const values: T[] = new Array(count);
    for (let index = 0; index < count; index++) values[index] = reader.read(rows[index] as DriverRow);
    return values;
  }
}
