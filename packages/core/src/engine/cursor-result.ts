/** The result of one executed statement: rows, and what is known of rows that were written. Next: ./steps/execute.ts. */
import type { DriverResult, DriverRow } from "@athanor/driver";
import type { Compiled } from "../compiler/compiled.ts";
import type { BindEntry } from "../compiler/expanding.ts";
import { InvalidRequestError } from "../errors/errors.ts";
import type { ColumnElement } from "../expression/column-element.ts";
import { RowFeed } from "../result/feed.ts";
import { ResultKeys } from "../result/keys.ts";
import { plainShape, Result } from "../result/result.ts";
import { RowShape } from "../result/row.ts";
import type { TypeDialect } from "../types/type.ts";
import type { NamedValues } from "./events.ts";
import type { ParameterRows } from "./parameter-rows.ts";
import type { Prepared } from "./prepared.ts";

/** A row of values that the database or the program generated. */
export type GeneratedRow = Readonly<Record<string, unknown>> &
  Iterable<unknown> & { readonly [position: number]: unknown };

/** What an execution left behind besides rows. */
export interface Outcome {
  /** Null for driver-level SQL. */
  readonly prepared: Prepared | null;
  readonly driver: Pick<DriverResult, "rowCount" | "lastRowId" | "columns" | "outValues" | "further">;
  /** One value per bind of the compiled statement; of the last parameter set in an executemany. */
  readonly values: readonly unknown[] | null;
  /** Rows that RETURNING brought for the engine. */
  readonly returned: readonly DriverRow[] | null;
  /** The parameter sets of an executemany; null otherwise. */
  readonly sets: ParameterRows | null;
}

const emptyShape = plainShape([]);

/** What is known of an execution. Made when it is asked for. */
export class ExecutionContext {
  readonly #outcome: Outcome;

  constructor(outcome: Outcome) {
    this.#outcome = outcome;
  }

  /** The compiled statement; null for driver-level SQL. */
  get compiled(): Compiled | null {
    return this.#outcome.prepared?.compiled ?? null;
  }

  /** The compiled SQL text; null for driver-level SQL, and where it differs with the values (`IN` lists). */
  get statement(): string | null {
    return this.compiled?.fixedText ?? null;
  }

  /** Values by bind name, one object for each parameter set, before they were converted for the driver. */
  get compiledParameters(): readonly Readonly<Record<string, unknown>>[] {
    const { sets, values } = this.#outcome;
    const binds = this.compiled?.binds ?? [];
    const named = (row: readonly unknown[] | null): Record<string, unknown> =>
      Object.fromEntries(binds.map((entry: BindEntry, index) => [entry.name, row?.[index]]));
    if (sets === null) return [named(values)];
    return Array.from({ length: sets.length }, (_, index) => named(sets.values(index)));
  }

  /** The statement was executed for several parameter sets. */
  get executemany(): boolean {
    return this.#outcome.sets !== null;
  }

  get isinsert(): boolean {
    return this.compiled?.kind === "insert";
  }

  get isupdate(): boolean {
    return this.compiled?.kind === "update";
  }

  get isdelete(): boolean {
    return this.compiled?.kind === "delete";
  }

  /** Rows affected; -1 where the driver does not tell. */
  get rowcount(): number {
    return this.#outcome.driver.rowCount;
  }
}

/** Rows of a statement, typed by what it selects, and facts about rows it wrote. */
export class CursorResult<
  V extends readonly unknown[] = readonly unknown[],
  O extends object = Readonly<Record<string, unknown>>,
> extends Result<V, O> {
  readonly #outcome: Outcome;

  constructor(shape: RowShape | null, feed: RowFeed, outcome: Outcome) {
    super(shape ?? emptyShape, feed);
    this.#outcome = outcome;
  }

  /** Whether the statement returned rows to the program. */
  get returnsRows(): boolean {
    return this.feed.returnsRows;
  }

  /** Rows matched by UPDATE and DELETE, rows inserted, or rows of a buffered SELECT; -1 where the driver does not tell. */
  get rowcount(): number {
    return this.#outcome.driver.rowCount;
  }

  /** The key that the driver reports for the last inserted row, as it reports it. */
  get lastrowid(): number | bigint | string | null {
    return this.#outcome.driver.lastRowId ?? null;
  }

  /** Row counts of an executemany can be relied on. */
  supportsSaneMultiRowcount(): boolean {
    return this.#capability("saneMultiRowCount");
  }

  /**
   * The next result of a batch or procedure that gives several, null when there is none. It has its own `nextResult()`.
   *
   * @example for (let r: CursorResult | null = conn.execDriverSql("CALL report()"); r !== null; r = r.nextResult()) print(r.all());
   */
  nextResult(): CursorResult | null {
    const [next, ...further] = this.#outcome.driver.further ?? [];
    if (next === undefined) return null;
    const outcome = { prepared: null, driver: { ...next, further }, values: null, returned: null, sets: null };
    if (next.columns === null) return new CursorResult(null, new RowFeed(null), outcome);
    const shape = plainShape(next.columns.map((column) => column.name));
    return new CursorResult(shape, new RowFeed(next.rows), outcome);
  }

  /** Columns of the inserted row have defaults of the database's that nobody brought back: {@link postfetchCols}. */
  lastrowHasDefaults(): boolean {
    return (this.compiled?.crud?.postfetch.length ?? 0) > 0;
  }

  /** How the statement was executed. */
  get context(): ExecutionContext {
    return new ExecutionContext(this.#outcome);
  }

  /**
   * Rows of this result with those of another beside them, row by row: for two INSERTs whose RETURNING rows belong
   * together (`sortByParameterOrder`).
   *
   * @throws InvalidRequestError when the one has more rows than the other, or one of them has none to give.
   */
  spliceHorizontally<W extends readonly unknown[], P extends object>(
    other: CursorResult<W, P>,
  ): CursorResult<readonly [...V, ...W], O & P> {
    const left = this.takeRaw();
    const right = other.takeRaw();
    if (left.length !== right.length)
      throw new InvalidRequestError(`results of ${left.length} and of ${right.length} rows cannot stand side by side`);
    const width = left[0]?.length ?? 0;
    const rows = left.map((row, index) => [...row, ...(right[index] as DriverRow)]);
    return new CursorResult(this.shape.beside(other.shape, width), new RowFeed(rows), this.#outcome);
  }

  /**
   * The rows of this result, then those of another of the same statement.
   *
   * @throws InvalidRequestError when their columns are not the same.
   */
  spliceVertically(other: CursorResult<V, O>): CursorResult<V, O> {
    if (other.keys().join("\u0000") !== this.keys().join("\u0000"))
      throw new InvalidRequestError("results with different columns cannot stand one under the other");
    return new CursorResult<V, O>(this.shape, new RowFeed([...this.takeRaw(), ...other.takeRaw()]), this.#outcome);
  }

  /** Whether the statement was an INSERT. */
  get isInsert(): boolean {
    return this.compiled?.kind === "insert";
  }

  /**
   * The primary key of the row that INSERT wrote, as a row: `result.insertedPrimaryKey[0]`.
   *
   * @throws InvalidRequestError for other statements, and where several rows were inserted.
   */
  get insertedPrimaryKey(): GeneratedRow {
    const compiled = this.#written("insert");
    if (this.#outcome.sets !== null) {
      throw new InvalidRequestError(
        "This statement was an executemany call; if primary key returning is supported, please use .insertedPrimaryKeyRows.",
      );
    }
    if (this.compiled?.resultColumns !== null && this.feed.returnsRows) {
      throw new InvalidRequestError("Can't call insertedPrimaryKey when returning() is used.", {
        fix: "read the key from the returned row",
      });
    }
    const { values, returned } = this.#outcome;
    return this.#key(compiled, this.#keyReaders(compiled), () => values, returned?.[0]);
  }

  /** The primary keys of all inserted rows, in the order of the parameter sets as far as they are known. */
  get insertedPrimaryKeyRows(): readonly GeneratedRow[] {
    const { sets, returned } = this.#outcome;
    if (sets === null) return [this.insertedPrimaryKey];
    const compiled = this.#written("insert");
    const readers = this.#keyReaders(compiled);
    return Array.from({ length: sets.length }, (_, index) =>
      this.#key(compiled, readers, () => sets.values(index), returned?.[index]),
    );
  }

  /**
   * What `returnDefaults()` brought back for the row; null when there was nothing to bring.
   *
   * @throws InvalidRequestError where several rows were written: see {@link returnedDefaultsRows}.
   */
  get returnedDefaults(): GeneratedRow | null {
    if (this.#outcome.sets !== null) {
      throw new InvalidRequestError(
        "This statement was an executemany call; if return defaults is supported, please use .returnedDefaultsRows.",
      );
    }
    return this.returnedDefaultsRows?.[0] ?? null;
  }

  /** What `returnDefaults()` brought back, for each row. */
  get returnedDefaultsRows(): readonly GeneratedRow[] | null {
    const { prepared, driver, returned } = this.#outcome;
    if (prepared === null || returned === null || driver.columns === null) return null;
    const { make } = prepared.shape(driver.columns);
    return returned.map((row) => make(row) as GeneratedRow);
  }

  /** Columns whose value the database made and nobody brought back. @throws InvalidRequestError unless INSERT or UPDATE. */
  postfetchCols(): readonly ColumnElement[] {
    return this.#written("insert", "update").crud?.postfetch ?? [];
  }

  /** Columns whose default was computed before the statement. @throws InvalidRequestError unless INSERT or UPDATE. */
  prefetchCols(): readonly ColumnElement[] {
    return this.#written("insert", "update").crud?.prefetch.map(({ column }) => column) ?? [];
  }

  /** The values that an INSERT was executed with, by bind name; a list of them for several rows. @throws InvalidRequestError for others. */
  lastInsertedParams(): NamedValues | readonly NamedValues[] {
    this.#written("insert");
    return this.#params();
  }

  /** The values that an UPDATE was executed with, by bind name; a list of them for several sets. @throws InvalidRequestError for others. */
  lastUpdatedParams(): NamedValues | readonly NamedValues[] {
    this.#written("update");
    return this.#params();
  }

  /** Row counts of UPDATE and DELETE can be relied on. */
  supportsSaneRowcount(): boolean {
    return this.#capability("saneRowCount");
  }

  #capability(name: "saneRowCount" | "saneMultiRowCount"): boolean {
    return (this.compiled?.dialect.capabilities as Readonly<Record<string, unknown>> | undefined)?.[name] !== false;
  }

  /** Values of out parameters by name, where the database has them. */
  get outParameters(): Readonly<Record<string, readonly unknown[]>> {
    return this.#outcome.driver.outValues ?? {};
  }

  /** The compiled statement; null for driver-level SQL. For packages above: its `attachments` carry their plans. */
  get compiled(): Compiled | null {
    return this.#outcome.prepared?.compiled ?? null;
  }

  /** One value per bind of {@link compiled}, not converted. For packages above. @internal */
  get boundValues(): readonly unknown[] | null {
    return this.#outcome.values;
  }

  /** Rows that RETURNING brought for the engine, raw, one per parameter set where the order is known. For packages above. @internal */
  get returnedRaw(): readonly DriverRow[] | null {
    return this.#outcome.returned;
  }

  #params(): NamedValues | readonly NamedValues[] {
    const { compiledParameters } = this.context;
    return this.#outcome.sets === null ? (compiledParameters[0] ?? {}) : compiledParameters;
  }

  /** The compiled statement, which must be one of the given kinds. */
  #written(...kinds: readonly ("insert" | "update")[]): Compiled {
    const { compiled } = this;
    if (compiled === null) throw new InvalidRequestError("Statement is not a compiled expression construct.");
    if (!kinds.includes(compiled.kind as "insert" | "update"))
      throw new InvalidRequestError(`Statement is not an ${kinds.join("() or ")}() expression construct.`);
    return compiled;
  }

  /**
   * Values of one column of the primary key, one per inserted row; null where nobody knows. For packages above.
   *
   * @internal
   */
  insertedKeyValues(position: number): readonly unknown[] {
    const compiled = this.#written("insert");
    const { sets, returned, values } = this.#outcome;
    const read = this.#keyColumn(compiled, position);
    if (sets === null) return [read(() => values, returned?.[0])];
    const { length } = sets;
    const found: unknown[] = new Array(length);
    for (let index = 0; index < length; index++) found[index] = read(() => sets.values(index), returned?.[index]);
    return found;
  }

  #key(
    compiled: Compiled,
    readers: readonly ReadKey[],
    values: () => Values,
    row: DriverRow | undefined,
  ): GeneratedRow {
    return keyShape(compiled).make(readers.map((read) => read(values, row))) as GeneratedRow;
  }

  #keyReaders(compiled: Compiled): ReadKey[] {
    const columns = compiled.crud?.keyColumns ?? [];
    return columns.map((_, position) => this.#keyColumn(compiled, position));
  }

  /** Where a column of the primary key comes from: RETURNING, a parameter, or the driver's last row. */
  #keyColumn(compiled: Compiled, index: number): ReadKey {
    const { prepared, driver, sets } = this.#outcome;
    const crud = compiled.crud as NonNullable<Compiled["crud"]>;
    const column = crud.keyColumns[index] as ColumnElement;
    const position = crud.implicitReturning.indexOf(column);
    if (position >= 0) {
      if (driver.columns === null) return nothing;
      const shape = (prepared as Prepared).shape(driver.columns);
      return (_, row) => (row === undefined ? null : shape.value(row, position));
    }
    const bindName = crud.boundColumns.get(column);
    if (bindName !== undefined) {
      const bind = (prepared as Prepared).bindPosition(bindName);
      return (values) => values()?.[bind] ?? null;
    }
    if (column !== crud.lastRowIdColumn || sets !== null || driver.lastRowId === undefined) return nothing;
    const processor = compiled.dialect.adaptType(column.type).resultProcessor(compiled.dialect as TypeDialect);
    const last = processor === null ? driver.lastRowId : processor(driver.lastRowId);
    return () => last;
  }
}

type Values = readonly unknown[] | null;

/** Reads one column of a generated key. */
type ReadKey = (values: () => Values, row: DriverRow | undefined) => unknown;

const nothing: ReadKey = () => null;

const keyShapes = new WeakMap<Compiled, RowShape>();

function keyShape(compiled: Compiled): RowShape {
  let shape = keyShapes.get(compiled);
  if (shape === undefined) {
    const columns = compiled.crud?.keyColumns ?? [];
    shape = new RowShape(
      new ResultKeys(columns.map((column) => column.key as string)),
      columns.map(() => null),
    );
    keyShapes.set(compiled, shape);
  }
  return shape;
}
