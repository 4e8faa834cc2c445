/** Results whose rows arrive while they are read. Rows that are there already come in @athanor/core's `Result`. */
import {
  type ColumnKey,
  FrozenResult,
  MappingObjects,
  Result,
  type ResultView,
  type Row,
  RowObjects,
  type RowShape,
  ScalarValues,
  type UniqueStrategy,
} from "@athanor/core";
import { runAsync } from "@athanor/driver";

/** What all streamed results have in common; the asynchronous twin of `ResultBase`. */
export abstract class AsyncResultBase<out T> implements AsyncIterable<T> {
  protected abstract readonly view: ResultView<T>;
  protected abstract readonly shape: RowShape;

  /** All values that are left. */
  all(): Promise<T[]> {
    return runAsync(this.view.all());
  }

  /** The same as {@link all}. */
  fetchall(): Promise<T[]> {
    return this.all();
  }

  /** Up to `size` values; an empty list at the end. Default: as many as `yieldPer()` said, else 1. */
  fetchmany(size?: number): Promise<T[]> {
    return runAsync(this.view.many(size ?? this.view.portion));
  }

  /** The next value, null at the end. */
  async fetchone(): Promise<T | null> {
    return (await runAsync(this.view.one()))?.value ?? null;
  }

  /** The first value, or null; closes the result if there was one. */
  async first(): Promise<T | null> {
    return (await runAsync(this.view.only("ignore", false)))?.value ?? null;
  }

  /** The only value; closes the result. @throws NoResultFound, MultipleResultsFound */
  async one(): Promise<T> {
    return ((await runAsync(this.view.only("error", true))) as { readonly value: T }).value;
  }

  /** The only value, or null; closes the result. @throws MultipleResultsFound */
  async oneOrNone(): Promise<T | null> {
    return (await runAsync(this.view.only("oneOrNone", false)))?.value ?? null;
  }

  /** Lists of `size` values. Default: what `yieldPer()` said, else 1. */
  async *partitions(size?: number): AsyncGenerator<T[], void> {
    for (;;) {
      const values = await this.fetchmany(size);
      if (values.length === 0) return;
      yield values;
    }
  }

  /** The values one after the other. Leaving the loop early closes a result whose rows are still on the server. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    const { view } = this;
    view.feed.check();
    try {
      for (;;) {
        // A portion at a time: a promise for each row would cost more than the row.
        const found = view.takeOne() ?? (await runAsync(view.one()));
        if (found === undefined) return;
        yield found.value;
      }
    } finally {
      if (!view.feed.isBuffered) await this.close();
    }
  }

  /** Leaves out repetitions. Returns this result. */
  unique(strategy?: UniqueStrategy<T> | null): this {
    this.view.unique(strategy ?? null);
    return this;
  }

  /** Rows to be fetched at a time. Returns this result. */
  yieldPer(count: number): this {
    this.view.feed.yieldPer(count);
    return this;
  }

  /** Names of the columns. */
  keys(): readonly string[] {
    return this.shape.keys.names;
  }

  get closed(): boolean {
    return this.view.feed.isClosed;
  }

  /** Ends the result; rows that were not fetched are dropped. */
  close(): Promise<void> {
    return runAsync(this.view.feed.close());
  }

  /** Closes the result at the end of a block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

class AsyncView<T> extends AsyncResultBase<T> {
  protected readonly view: ResultView<T>;
  protected readonly shape: RowShape;

  constructor(view: ResultView<T>, shape: RowShape) {
    super();
    this.view = view;
    this.shape = shape;
  }
}

/** One value per row; made by `result.scalars()`. */
export class AsyncScalarResult<out T> extends AsyncView<T> {}

/** A plain object per row; made by `result.mappings()`. */
export class AsyncMappingResult<O extends object = Readonly<Record<string, unknown>>> extends AsyncView<O> {
  /** Only some of the columns, in the given order. */
  columns(...keys: readonly ColumnKey[]): AsyncMappingResult {
    const shape = this.shape.pick(keys.map((key) => this.shape.keys.position(key)));
    const reader = new MappingObjects<Readonly<Record<string, unknown>>>(shape);
    return new AsyncMappingResult(this.view.derive(reader), shape);
  }
}

/** Rows that arrive while they are read: `for await (const row of await connection.stream(statement))`. */
export class AsyncResult<
  V extends readonly unknown[] = readonly unknown[],
  O extends object = Readonly<Record<string, unknown>>,
> extends AsyncResultBase<Row<V, O>> {
  protected readonly view: ResultView<Row<V, O>>;
  protected readonly shape: RowShape;

  constructor(result: Result<V, O>, view?: ResultView<Row<V, O>>) {
    super();
    this.shape = result.shape;
    this.view = view ?? result.view;
  }

  /** The first column (or another) of each row. */
  scalars(): AsyncScalarResult<V[0]>;
  scalars<const N extends number>(index: N): AsyncScalarResult<V[N]>;
  scalars<const K extends keyof O>(key: K): AsyncScalarResult<O[K]>;
  scalars(key: ColumnKey): AsyncScalarResult<unknown>;
  scalars(key: ColumnKey = 0): AsyncScalarResult<unknown> {
    const position = this.shape.keys.position(key);
    return new AsyncScalarResult<unknown>(
      this.view.derive(new ScalarValues<unknown>(this.shape, position)),
      this.shape.pick([position]),
    );
  }

  /** Rows as plain objects by name. */
  mappings(): AsyncMappingResult<O> {
    return new AsyncMappingResult<O>(this.view.derive(new MappingObjects<O>(this.shape)), this.shape);
  }

  /** Only some of the columns, in the given order. */
  columns(...keys: readonly ColumnKey[]): AsyncResult {
    const shape = this.shape.pick(keys.map((key) => this.shape.keys.position(key)));
    return new AsyncResult(new Result(shape, this.view.feed), this.view.derive(new RowObjects<Row>(shape)));
  }

  /** The rows, typed as tuples; this same result. */
  tuples(): this {
    return this;
  }

  /** The same as {@link tuples}. */
  get t(): this {
    return this;
  }

  /** The first column of the first row, null when there is no row; closes the result. */
  scalar(): Promise<V[0] | null> {
    return this.scalars().first();
  }

  /** The first column of the only row; closes the result. @throws NoResultFound, MultipleResultsFound */
  scalarOne(): Promise<V[0]> {
    return this.scalars().one();
  }

  /** The first column of the only row, or null; closes the result. @throws MultipleResultsFound */
  scalarOneOrNone(): Promise<V[0] | null> {
    return this.scalars().oneOrNone();
  }

  /** All rows, after `unique()`, as a value that can be played back any number of times. */
  async freeze(): Promise<FrozenResult<V, O>> {
    const { feed } = this.view;
    feed.check();
    await runAsync(feed.fill(null));
    return new FrozenResult<V, O>(this.shape, this.view.takeRaw());
  }
}
