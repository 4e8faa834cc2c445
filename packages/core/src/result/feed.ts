/**
 * Where a result's raw rows come from: a list that is there already, or a source that is asked for more. Knows no row
 * classes. Next: ./view.ts, what is made of the rows.
 */
import type { DriverRow, Step } from "@athanor/driver";
import { ResourceClosedError } from "../errors/errors.ts";

/** Delivers rows in portions: a driver's cursor, or a package above that makes rows itself. */
export interface RowSource {
  /** Up to `size` further rows, all that are left for null; an empty list at the end. */
  fetch(size: number | null): Step<readonly DriverRow[]>;
  /** Ends it early. Called once. */
  close(): Step<void>;
}

const none: readonly DriverRow[] = Object.freeze([]);
const noOptions = {};

/** How a feed hands out its rows. */
export interface FeedOptions {
  readonly yieldPer?: number | undefined;
  readonly maxRowBuffer?: number | undefined;
  /** All there is, as bare values of the only column: rows are made of them when rows are asked for. */
  readonly singles?: unknown[];
  /** No two of `singles` are the same. Default: not known. */
  readonly areDistinct?: boolean;
}

/** The raw rows of one result, taken one after the other by whichever view asks. */
export class RowFeed {
  #rows: readonly DriverRow[];
  #at = 0;
  /** Values that rows have not been made of yet. */
  #singles: unknown[] | null;
  /** No two of the rows that came from single values are the same; for {@link takeSingles}. */
  readonly singlesAreDistinct: boolean;
  #source: RowSource | null;
  /** Why there are no rows; null while they may be asked for. */
  #refusal: string | null;
  #isHardClosed = false;
  /** Rows asked for at a time from a source. Grows as SQLAlchemy's buffer does, unless it was set. */
  #portion = 5;
  #fixedPortion = 0;
  readonly #largest: number;
  /** Set where rows repeat what they stand for: the error of reading them without `unique()`. For packages above. */
  uniqueRequired: string | null = null;
  /** Called once, when the source came to its end or was closed. */
  onEnd: (() => void) | null = null;

  constructor(rows: readonly DriverRow[] | null, source: RowSource | null = null, options: FeedOptions = noOptions) {
    this.#rows = rows ?? none;
    this.#singles = options.singles ?? null;
    this.singlesAreDistinct = options.areDistinct ?? false;
    this.#source = source;
    this.#refusal =
      rows === null && source === null && this.#singles === null
        ? "This result object does not return rows. It has been closed automatically."
        : null;
    this.#fixedPortion = options.yieldPer ?? 0;
    this.#largest = options.maxRowBuffer ?? 1000;
  }

  /** Whether all rows are here, so that taking them needs no step. */
  get isBuffered(): boolean {
    return this.#source === null;
  }

  /** Whether no more rows can come. */
  get isExhausted(): boolean {
    this.#spread();
    return this.#source === null && this.#at >= this.#rows.length;
  }

  /** It was closed; one that came to its end, or never had rows, was not. */
  get isClosed(): boolean {
    return this.#isHardClosed;
  }

  /** The statement could have returned rows. */
  get returnsRows(): boolean {
    return this.#refusal === null;
  }

  /** Sets the number of rows that are asked for at a time. */
  yieldPer(count: number): void {
    this.#fixedPortion = count;
  }

  /** The number set by {@link yieldPer}; 0 when there is none. */
  get portion(): number {
    return this.#fixedPortion;
  }

  /** @throws ResourceClosedError when rows cannot be asked for (any more). */
  check(): void {
    this.checkReturnsRows();
    if (this.#isHardClosed) throw new ResourceClosedError("This result object is closed.", { code: "result_closed" });
  }

  /** @throws ResourceClosedError when the statement returned no rows. */
  checkReturnsRows(): void {
    if (this.#refusal !== null) throw new ResourceClosedError(this.#refusal, { code: "no_rows" });
  }

  /** Makes at least `count` rows takeable, if there are so many; null: all. */
  *fill(count: number | null): Step<void> {
    if (count === null && this.#fixedPortion > 0) return yield* this.#gather();
    while (this.#source !== null) {
      const ready = this.#rows.length - this.#at;
      if (count !== null && ready >= count) return;
      const wanted = count === null ? null : Math.max(count - ready, this.#next());
      const rows = yield* this.#source.fetch(wanted);
      if (rows.length === 0) yield* this.#end();
      else {
        this.#rows = ready === 0 ? rows : [...this.#rows.slice(this.#at), ...rows];
        this.#at = 0;
        if (wanted === null) yield* this.#end();
      }
    }
  }

  /** Makes all rows takeable, asking for one portion after the other. */
  *#gather(): Step<void> {
    if (this.#source === null) return;
    const all = this.#rows.slice(this.#at);
    while (this.#source !== null) {
      const rows = yield* this.#source.fetch(this.#fixedPortion);
      for (const row of rows) all.push(row);
      if (rows.length === 0) yield* this.#end();
    }
    this.#rows = all;
    this.#at = 0;
  }

  /** The values of the only column, where no rows were made of them; null otherwise. They are the caller's then. */
  takeSingles(): unknown[] | null {
    const singles = this.#singles;
    if (singles === null) return null;
    this.check();
    this.#singles = null;
    return singles;
  }

  #spread(): void {
    const singles = this.#singles;
    if (singles === null) return;
    this.#singles = null;
    this.#rows = singles.map((value) => [value]);
  }

  /** Up to `count` of the rows that are here; null: all of them. */
  take(count: number | null): readonly DriverRow[] {
    this.check();
    this.#spread();
    const rows = this.#rows;
    const at = this.#at;
    if (at === 0 && (count === null || count >= rows.length)) {
      this.#rows = none;
      return rows;
    }
    const end = count === null ? rows.length : Math.min(at + count, rows.length);
    this.#at = end;
    return rows.slice(at, end);
  }

  /** The next row that is here. */
  takeOne(): DriverRow | undefined {
    if (this.#isHardClosed || this.#refusal !== null) this.check();
    this.#spread();
    return this.#at < this.#rows.length ? this.#rows[this.#at++] : undefined;
  }

  /** Ends the result; no rows can be asked for afterwards. */
  *close(): Step<void> {
    this.closeBuffered();
    yield* this.#end();
  }

  /** {@link close} for a buffered feed. */
  closeBuffered(): void {
    this.#isHardClosed = true;
    this.#rows = none;
    this.#singles = null;
  }

  #next(): number {
    if (this.#fixedPortion > 0) return this.#fixedPortion;
    const portion = this.#portion;
    this.#portion = Math.min(portion * 5, this.#largest);
    return portion;
  }

  *#end(): Step<void> {
    const source = this.#source;
    if (source === null) return;
    this.#source = null;
    this.onEnd?.();
    yield* source.close();
  }
}
