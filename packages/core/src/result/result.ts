/**
 * Results as the synchronous API hands them out; the asynchronous one does too where all rows have arrived. Each method is
 * a ResultView's, run at once. Next: ./cursor-result.ts, the result of a statement.
 */
import { type DriverRow, runSync, type Step } from "@athanor/driver";
import type { Row } from "../expression/row-types.ts";
import { RowFeed, type RowSource } from "./feed.ts";
import { type ColumnKey, ResultKeys } from "./keys.ts";
import { MappingObjects, RowObjects, ScalarValues } from "./readers.ts";
import { RowShape } from "./row.ts";
import { ResultView, type UniqueStrategy } from "./view.ts";

/** What all results have in common. */
export abstract class ResultBase<out T> implements Iterable<T> {
  /** The view behind this result. @internal */
  abstract readonly view: ResultView<T>;
  /** The columns. @internal */
  abstract readonly shape: RowShape;

  /** All values that are left. The result is exhausted afterwards. */
  all(): T[] {
    const { view } = this;
    return view.feed.isBuffered ? view.takeAll() : runSync(view.all());
  }

  /** The same as {@link all}. */
  fetchall(): T[] {
    return this.all();
  }

  /** Up to `size` values; an empty list at the end. Default: as many as `yieldPer()` said, else 1. */
  fetchmany(size?: number): T[] {
    const { view } = this;
    const count = size ?? view.portion;
    return view.feed.isBuffered && !view.isUnique ? view.takeMany(count) : runSync(view.many(count));
  }

  /** The next value, null at the end. */
  fetchone(): T | null {
    return this.#pull()?.value ?? null;
  }

  /** The first value, or null; closes the result if there was one. Does not mind further rows. */
  first(): T | null {
    return this.#only("ignore", false)?.value ?? null;
  }

  /**
   * The only value; closes the result.
   *
   * @throws NoResultFound, MultipleResultsFound
   */
  one(): T {
    return (this.#only("error", true) as { readonly value: T }).value;
  }

  /** The only value, or null when there is none; closes the result. @throws MultipleResultsFound */
  oneOrNone(): T | null {
    return this.#only("oneOrNone", false)?.value ?? null;
  }

  /** Lists of `size` values. Default: what `yieldPer()` said, else 1. */
  *partitions(size?: number): Generator<T[], void> {
    for (;;) {
      const values = this.fetchmany(size);
      if (values.length === 0) return;
      yield values;
    }
  }

  /**
   * The values one after the other; rows of a streamed result are fetched on the way. Leaving the loop early closes a
   * result whose rows are still on the server; one that is here entirely can be read on.
   */
  *[Symbol.iterator](): Generator<T, void> {
    const { feed } = this.view;
    feed.check();
    try {
      for (;;) {
        const found = this.#pull();
        if (found === undefined) return;
        yield found.value;
      }
    } finally {
      if (!feed.isBuffered) this.close();
    }
  }

  /**
   * Leaves out repetitions: of rows by their values, of entities by identity, or by what `strategy` makes of a value.
   * Returns this result.
   */
  unique(strategy?: UniqueStrategy<T> | null): this {
    this.view.unique(strategy ?? null);
    return this;
  }

  /** Rows to be fetched at a time, for streamed results and {@link partitions}. Returns this result. */
  yieldPer(count: number): this {
    this.view.feed.yieldPer(count);
    return this;
  }

  /** Names of the columns. @throws ResourceClosedError when the statement returned no rows. */
  keys(): readonly string[] {
    this.view.feed.checkReturnsRows();
    return this.shape.keys.names;
  }

  /** Whether the result was closed. */
  get closed(): boolean {
    return this.view.feed.isClosed;
  }

  /** Ends the result; rows that were not fetched are dropped. */
  close(): void {
    if (this.view.feed.isBuffered) this.view.feed.closeBuffered();
    else runSync(this.view.feed.close());
  }

  /** Closes the result at the end of a block. */
  [Symbol.dispose](): void {
    this.close();
  }

  #pull(): { readonly value: T } | undefined {
    const { view } = this;
    return view.feed.isBuffered ? view.takeOne() : runSync(view.one());
  }

  #only(second: "error" | "oneOrNone" | "ignore", none: boolean): { readonly value: T } | undefined {
    const { view } = this;
    return view.feed.isBuffered ? view.takeOnly(second, none) : runSync(view.only(second, none));
  }
}

/** One value per row; made by `result.scalars()`. */
export class ScalarResult<out T> extends ResultBase<T> {
  readonly view: ResultView<T>;
  readonly shape: RowShape;

  constructor(view: ResultView<T>, shape: RowShape) {
    super();
    this.view = view;
    this.shape = shape;
  }
}

/** A plain object per row; made by `result.mappings()`. */
export class MappingResult<O extends object = Readonly<Record<string, unknown>>> extends ResultBase<O> {
  readonly view: ResultView<O>;
  readonly shape: RowShape;

  constructor(view: ResultView<O>, shape: RowShape) {
    super();
    this.view = view;
    this.shape = shape;
  }

  /** Only some of the columns, in the given order. */
  columns(...keys: readonly ColumnKey[]): MappingResult {
    const shape = this.shape.pick(keys.map((key) => this.shape.keys.position(key)));
    return new MappingResult(this.view.derive(new MappingObjects<Readonly<Record<string, unknown>>>(shape)), shape);
  }
}

/** A result of rows. `V` are the values by position, `O` by name. */
export class Result<
  V extends readonly unknown[] = readonly unknown[],
  O extends object = Readonly<Record<string, unknown>>,
> extends ResultBase<Row<V, O>> {
  readonly shape: RowShape;
  readonly feed: RowFeed;
  #view: ResultView<Row<V, O>> | null = null;

  constructor(shape: RowShape, feed: RowFeed) {
    super();
    this.shape = shape;
    this.feed = feed;
  }

  /** A result of rows that are there already, e.g. for a hook that answers a query by itself. */
  static fromRows(keys: readonly string[], rows: readonly (readonly unknown[])[]): Result {
    return new Result(plainShape(keys), new RowFeed(rows));
  }

  /** A result whose rows are made when they are asked for. */
  static fromSource(keys: readonly string[], source: RowSource): Result {
    return new Result(plainShape(keys), new RowFeed(null, source));
  }

  override get view(): ResultView<Row<V, O>> {
    this.#view ??= new ResultView(this.feed, new RowObjects<Row<V, O>>(this.shape));
    return this.#view;
  }

  override all(): Row<V, O>[] {
    if (this.#view !== null || !this.feed.isBuffered) return super.all();
    const rows = this.feed.take(null);
    const { make } = this.shape;
    const count = rows.length;
    const made: object[] = new Array(count);
    for (let index = 0; index < count; index++) made[index] = make(rows[index] as DriverRow);
    return made as Row<V, O>[];
  }

  override first(): Row<V, O> | null {
    const { feed } = this;
    if (this.#view !== null || !feed.isBuffered) return super.first();
    const row = feed.takeOne();
    if (row === undefined) return null;
    feed.closeBuffered();
    return this.shape.make(row) as Row<V, O>;
  }

  /** The first column (or another) of each row. */
  scalars(): ScalarResult<V[0]>;
  scalars<const N extends number>(index: N): ScalarResult<V[N]>;
  scalars<const K extends keyof O>(key: K): ScalarResult<O[K]>;
  scalars(key: ColumnKey): ScalarResult<unknown>;
  scalars(key: ColumnKey = 0): ScalarResult<unknown> {
    this.feed.checkReturnsRows();
    const position = this.shape.keys.position(key);
    return new ScalarResult(
      this.#derived().derive(new ScalarValues<unknown>(this.shape, position)),
      this.shape.pick([position]),
    );
  }

  /** Rows as plain objects by name. */
  mappings(): MappingResult<O> {
    this.feed.checkReturnsRows();
    return new MappingResult<O>(this.#derived().derive(new MappingObjects<O>(this.shape)), this.shape);
  }

  /** Only some of the columns, in the given order. */
  columns(...keys: readonly ColumnKey[]): Result {
    this.feed.checkReturnsRows();
    const shape = this.shape.pick(keys.map((key) => this.shape.keys.position(key)));
    const picked = new Result(shape, this.feed);
    if (this.#view?.isUnique) picked.unique();
    return picked;
  }

  /** The rows, typed as tuples. Rows are iterable anyway; this is the same result. */
  tuples(): this {
    return this;
  }

  /** The same as {@link tuples}. */
  get t(): this {
    return this;
  }

  /** The first column of the first row, null when there is no row; closes the result. */
  scalar(): V[0] | null {
    const row = this.#raw("ignore", false);
    return row === undefined ? null : (this.shape.value(row, 0) as V[0]);
  }

  /** The first column of the only row; closes the result. @throws NoResultFound, MultipleResultsFound */
  scalarOne(): V[0] {
    return this.scalars().one();
  }

  /** The first column of the only row, null when there is no row; closes the result. @throws MultipleResultsFound */
  scalarOneOrNone(): V[0] | null {
    return this.scalars().oneOrNone();
  }

  /** All rows, after `unique()`, as a value that can be played back any number of times; exhausts this result. */
  freeze(): FrozenResult<V, O> {
    if (!this.feed.isBuffered) runSync(this.feed.fill(null));
    return new FrozenResult<V, O>(this.shape, this.#derived().takeRaw());
  }

  /** The rows of this result, then those of others with the same columns. They are fetched as they are read. */
  merge(...others: readonly Result<V, O>[]): MergedResult<V, O> {
    return new MergedResult<V, O>(this.shape, [this, ...others]);
  }

  /** The rows that are left, raw. For packages above. @internal */
  takeRaw(): readonly DriverRow[] {
    if (!this.feed.isBuffered) runSync(this.feed.fill(null));
    return this.feed.take(null);
  }

  /** The view so far, without making rows of it. */
  #derived(): ResultView<unknown> {
    return (
      (this.#view as ResultView<unknown> | null) ??
      new ResultView<unknown>(this.feed, { read: (row) => row, identify: (value) => value })
    );
  }

  #raw(second: "error" | "oneOrNone" | "ignore", none: boolean): readonly unknown[] | undefined {
    const { feed } = this;
    const raw = new ResultView<readonly unknown[]>(feed, { read: (row) => row, identify: (value) => value });
    if (!feed.isBuffered) return runSync(raw.only(second, none))?.value;
    const row = feed.takeOne();
    if (row !== undefined) feed.closeBuffered();
    return row;
  }
}

/** Objects that are functions: calling one plays the result back. */
const Playable: new <V extends readonly unknown[], O extends object>() => () => Result<V, O> = class {
  constructor() {
    const play = (): unknown => (play as unknown as FrozenResult).thaw();
    // biome-ignore lint/correctness/noConstructorReturn: what is called has to be a function.
    return Object.setPrototypeOf(play, new.target.prototype) as object;
  }
} as never;

/** All rows of a result, kept as a value for caches. Made by `result.freeze()`; `frozen()` is `frozen.thaw()`. */
export class FrozenResult<
  V extends readonly unknown[] = readonly unknown[],
  O extends object = Readonly<Record<string, unknown>>,
> extends Playable<V, O> {
  readonly shape: RowShape;
  /** The raw rows, not converted yet. */
  readonly data: readonly DriverRow[];

  constructor(shape: RowShape, data: readonly DriverRow[]) {
    super();
    this.shape = shape;
    this.data = data;
  }

  /** The same columns with other rows, given as tuples of converted values. */
  withNewRows(rows: readonly (readonly unknown[])[]): FrozenResult<V, O> {
    const { keys } = this.shape;
    return new FrozenResult<V, O>(
      new RowShape(
        keys,
        keys.names.map(() => null),
      ),
      rows,
    );
  }

  /** A new result of the rows; any number of times. */
  thaw(): Result<V, O> {
    return new Result<V, O>(this.shape, new RowFeed(this.data));
  }
}

/** Rows of several results, one after the other. Made by `result.merge()`. */
export class MergedResult<
  V extends readonly unknown[] = readonly unknown[],
  O extends object = Readonly<Record<string, unknown>>,
> extends Result<V, O> {
  /** The sum of the results' row counts; -1 where one of them does not know. */
  readonly rowcount: number;

  constructor(shape: RowShape, results: readonly Result<V, O>[]) {
    const feeds = results.map((result) => result.feed).filter((feed) => feed.returnsRows);
    super(shape, new RowFeed(null, feeds.length === 0 ? null : chained(feeds)));
    this.feed.uniqueRequired = feeds[0]?.uniqueRequired ?? null;
    const counts = results.map((result) => (result as { readonly rowcount?: number }).rowcount ?? -1);
    this.rowcount = counts.some((count) => count < 0) ? -1 : counts.reduce((sum, count) => sum + count, 0);
  }
}

/** The rows of one feed after the other. Closing it before the end closes them all. */
function chained(feeds: readonly RowFeed[]): RowSource {
  const left = [...feeds];
  return {
    *fetch(size): Step<readonly DriverRow[]> {
      const all: DriverRow[] = [];
      for (let feed = left[0]; feed !== undefined; feed = left[0]) {
        yield* feed.fill(size);
        const rows = feed.take(size);
        if (rows.length > 0 && size !== null) return rows;
        for (const row of rows) all.push(row);
        left.shift();
      }
      return all;
    },
    *close(): Step<void> {
      if (left.length > 0) for (const feed of feeds) yield* feed.close();
    },
  };
}

/** A shape of values that need no conversion. */
export function plainShape(keys: readonly string[]): RowShape {
  return new RowShape(
    new ResultKeys(keys),
    keys.map(() => null),
  );
}
