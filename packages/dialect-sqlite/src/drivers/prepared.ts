/** One prepared statement and what is known of its rows. Next: ./connection.ts. */
import type { ColumnDescription, DriverRow } from "@athanor/driver";
import type { NativeParameters, NativeStatement } from "./native.ts";
import { type DeclaredColumns, findNumericMarkers } from "./numeric-markers.ts";
import { settleExact, settleNumbers } from "./values.ts";

/** Statements after which columns of other prepared statements may have changed. */
const schemaChange = /^\s*(?:alter|attach|create|detach|drop|pragma|reindex|vacuum)\b/i;
const rollback = /^\s*rollback\b/i;

/** After so many executions the text of a statement is read for what its parameters are. */
const worthReading = 4;

/** Rows of an open result. */
export interface RowSource {
  /** The next row; null at the end. */
  next(): DriverRow | null;
  /** Ends the result early. */
  end(): void;
}

/** A statement with its columns, and the choice of how to read integers. */
export class Prepared {
  readonly native: NativeStatement;
  /** What it does to the columns of other prepared statements: may change them, or take a change back. */
  readonly schemaEffect: "change" | "undo" | null;
  #columns: readonly ColumnDescription[] | null = null;
  /** Columns whose integers are wanted as bigint, null for none. */
  #wanted: readonly boolean[] | null = null;
  /** The list that {@link #wanted} was made from. */
  #hint: readonly number[] | undefined;
  #hasWanted = false;
  /** A large integer was met: rows are read exactly from now on. */
  #isWide = false;
  #readsExactly = false;
  readonly sql: string;
  /** The same INSERT without its RETURNING; null where there is none, undefined before that was looked at. */
  withoutReturning: NativeStatement | null | undefined = undefined;
  #executions = 0;
  #plainNumbers: readonly boolean[] | null = null;

  constructor(native: NativeStatement, sql: string) {
    this.native = native;
    this.sql = sql;
    this.schemaEffect = schemaChange.test(sql) ? "change" : rollback.test(sql) ? "undo" : null;
  }

  /** Parameters whose numbers may go as REAL. Worked out for statements that are executed again and again. */
  plainNumbers(executions: number, declared: DeclaredColumns): readonly boolean[] | null {
    const before = this.#executions;
    if (before > worthReading) return this.#plainNumbers;
    this.#executions = before + executions;
    if (this.#executions > worthReading) this.#plainNumbers = findNumericMarkers(this.sql, declared);
    return this.#plainNumbers;
  }

  /** Executed so often that reading its text has paid. */
  get isFrequent(): boolean {
    return this.#executions > worthReading;
  }

  /** Whether integers of a column are wanted as bigint. */
  wantsBigInteger(position: number, hint: readonly number[] | undefined): boolean {
    return this.#wantedFor(hint)?.[position] === true;
  }

  /** Columns of the rows. */
  get columns(): readonly ColumnDescription[] {
    this.#columns ??= this.native.columns().map(({ name, type }) => ({ name, typeCode: type ?? undefined }));
    return this.#columns;
  }

  /** Asks for the columns anew: the last execution found others. */
  forgetColumns(): void {
    this.#columns = null;
    this.#hasWanted = false;
  }

  /** All rows of a reader. */
  all(parameters: NativeParameters, hint: readonly number[] | undefined): DriverRow[] {
    const wanted = this.#wantedFor(hint);
    const { native } = this;
    if (wanted === null && !this.#isWide && native.isReadonly) {
      this.#readExactly(false);
      const rows = this.#attempt(parameters);
      if (rows !== null) return rows;
      this.#isWide = true;
    }
    this.#readExactly(true);
    const rows = native.all(parameters);
    for (const row of rows) settleExact(row, wanted);
    return rows;
  }

  /** Rows one by one, always read exactly: what was handed out cannot be read again. */
  iterate(parameters: NativeParameters, hint: readonly number[] | undefined): RowSource {
    const wanted = this.#wantedFor(hint);
    this.#readExactly(true);
    const iterator = this.native.iterate(parameters);
    return {
      next() {
        const next = iterator.next();
        return next.done === true ? null : settleExact(next.value, wanted);
      },
      end: () => void iterator.return?.(),
    };
  }

  /** Rows read with numbers; null where digits may have been lost. */
  #attempt(parameters: NativeParameters): DriverRow[] | null {
    let rows: DriverRow[];
    try {
      rows = this.native.all(parameters);
    } catch (error) {
      if ((error as { code?: unknown }).code === "ERR_OUT_OF_RANGE") return null;
      throw error;
    }
    return settleNumbers(rows) ? rows : null;
  }

  #readExactly(exactly: boolean): void {
    if (exactly === this.#readsExactly) return;
    this.native.readExactly(exactly);
    this.#readsExactly = exactly;
  }

  /** Without a hint, columns declared as BIGINT are wanted as bigint. */
  #wantedFor(hint: readonly number[] | undefined): readonly boolean[] | null {
    if (this.#hasWanted && this.#hint === hint) return this.#wanted;
    const flags = this.columns.map(({ typeCode }, index) =>
      hint === undefined ? isBigInteger(typeCode) : hint.includes(index),
    );
    this.#hint = hint;
    this.#hasWanted = true;
    this.#wanted = flags.includes(true) ? flags : null;
    return this.#wanted;
  }
}

function isBigInteger(declared: unknown): boolean {
  if (typeof declared !== "string") return false;
  const name = declared.toUpperCase().replace(/\(.*$/, "").trim();
  return name === "BIGINT" || name === "INT8" || name === "UNSIGNED BIG INT";
}
