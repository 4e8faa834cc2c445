/** The result of one executed statement: rows, and what is known of rows that were written. Next: ./steps/execute.ts. */
import type { DriverResult, DriverRow } from "@athanor/driver";
import type { Compiled } from "../compiler/compiled.ts";
import type { BindEntry } from "../compiler/expanding.ts";
import { InvalidRequestError } from "../errors/errors.ts";
import type { ColumnElement } from "../expression/column-element.ts";
import type { RowFeed } from "../result/feed.ts";
import { ResultKeys } from "../result/keys.ts";
import { plainShape, Result } from "../result/result.ts";
import { RowShape } from "../result/row.ts";
import type { TypeDialect } from "../types/type.ts";
import type { ParameterRows } from "./parameter-rows.ts";
import type { Prepared } from "./prepared.ts";

/** A row of values that the database or the program generated. */
export type GeneratedRow = Readonly<Record<string, unknown>> &
  Iterable<unknown> & { readonly [position: number]: unknown };

/** What an execution left behind besides rows. */
export interface Outcome {
  /** Null for driver-level SQL. */
  readonly prepared: Prepared | null;
  readonly driver: Pick<DriverResult, "rowCount" | "lastRowId" | "columns" | "outValues">;
  /** One value per bind of the compiled statement; of the last parameter set in an executemany. */
  readonly values: readonly unknown[] | null;
  /** Rows that RETURNING brought for the engine. */
  readonly returned: readonly DriverRow[] | null;
  /** The parameter sets of an executemany; null otherwise. */
  readonly sets: ParameterRows | null;
}

const emptyShape = plainShape([]);

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
    const compiled = this.#insert("insertedPrimaryKey");
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
    const compiled = this.#insert("insertedPrimaryKeyRows");
    const readers = this.#keyReaders(compiled);
    return Array.from({ length: sets.length }, (_, index) =>
      this.#key(compiled, readers, () => sets.values(index), returned?.[index]),
    );
  }

  /** What `returnDefaults()` brought back for the row; null when there was nothing to bring. */
  get returnedDefaults(): GeneratedRow | null {
    return this.returnedDefaultsRows?.[0] ?? null;
  }

  /** What `returnDefaults()` brought back, for each row. */
  get returnedDefaultsRows(): readonly GeneratedRow[] | null {
    const { prepared, driver, returned } = this.#outcome;
    if (prepared === null || returned === null || driver.columns === null) return null;
    const { make } = prepared.shape(driver.columns);
    return returned.map((row) => make(row) as GeneratedRow);
  }

  /** Columns whose value the database made and nobody brought back. */
  postfetchCols(): readonly ColumnElement[] {
    return this.compiled?.crud?.postfetch ?? [];
  }

  /** Columns whose default was computed before the statement. */
  prefetchCols(): readonly ColumnElement[] {
    return this.compiled?.crud?.prefetch.map(({ column }) => column) ?? [];
  }

  /** The values that an INSERT was executed with, by bind name. */
  lastInsertedParams(): Readonly<Record<string, unknown>> {
    return this.#params();
  }

  /** The values that an UPDATE was executed with, by bind name. */
  lastUpdatedParams(): Readonly<Record<string, unknown>> {
    return this.#params();
  }

  /** Row counts of UPDATE and DELETE can be relied on. */
  supportsSaneRowcount(): boolean {
    return (this.compiled?.dialect.capabilities as { saneRowCount?: boolean } | undefined)?.saneRowCount ?? true;
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

  /** The raw rows that are left, as the driver gave them. For packages above. @internal */
  takeRaw(): readonly DriverRow[] {
    return this.feed.take(null);
  }

  #params(): Readonly<Record<string, unknown>> {
    const { values } = this.#outcome;
    const params: Record<string, unknown> = {};
    this.compiled?.binds.forEach((entry: BindEntry, index) => {
      params[entry.name] = values?.[index];
    });
    return params;
  }

  #insert(what: string): Compiled {
    const { compiled } = this;
    if (compiled === null) throw new InvalidRequestError(`${what} is not known of SQL that was given as text`);
    if (compiled.kind !== "insert" || compiled.crud === null)
      throw new InvalidRequestError("Statement is not an insert() expression construct.");
    return compiled;
  }

  /**
   * Values of one column of the primary key, one per inserted row; null where nobody knows. For packages above.
   *
   * @internal
   */
  insertedKeyValues(position: number): readonly unknown[] {
    const compiled = this.#insert("insertedKeyValues");
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
