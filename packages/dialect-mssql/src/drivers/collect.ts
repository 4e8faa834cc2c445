/** Gathers what a request brings: rows, counts and further results, in the order of the protocol's tokens. */
import type { DriverResult, DriverRow } from "@athanor/driver";
import { RowReader } from "./decode.ts";
import { markExact } from "./exact.ts";
import type { NativeColumn, NativeRequest } from "./native.ts";

interface Part {
  columns: DriverResult["columns"];
  rows: DriverRow[];
  rowCount: number;
}

/** How rows are to be read. */
export interface ReadOptions {
  /** Decimals are read from their bytes. */
  readonly isExact: boolean;
  readonly textColumns: readonly number[] | undefined;
}

/** Prepares the columns of a result before its first row is read. */
export function readerOf(columns: readonly NativeColumn[], options: ReadOptions): RowReader {
  if (options.isExact) markExact(columns);
  return new RowReader(columns, options.isExact, options.textColumns);
}

/** Listens to a request from its beginning. */
export class Collector {
  readonly #parts: Part[] = [];
  #open: Part | null = null;
  #reader: RowReader | null = null;
  #failure: unknown = undefined;

  constructor(request: NativeRequest, options: ReadOptions) {
    request.on("columnMetadata", (columns) => {
      this.#reader = readerOf(columns, options);
      this.#open = { columns: this.#reader.columns, rows: [], rowCount: -1 };
    });
    request.on("row", (values) => {
      if (this.#failure !== undefined) return;
      try {
        this.#open?.rows.push((this.#reader as RowReader).read(values));
      } catch (error) {
        // Thrown from here, it would end the process: tedious calls listeners from its parser.
        this.#failure = error;
      }
    });
    const done = (rowCount: number | undefined): void => {
      if (this.#open !== null) {
        this.#parts.push({ ...this.#open, rowCount: this.#open.rows.length });
        this.#open = null;
      } else if (rowCount !== undefined) this.#parts.push({ columns: null, rows: [], rowCount });
    };
    request.on("doneInProc", done);
    request.on("done", done);
  }

  /**
   * The first result with rows, and those behind it; without rows, the count of the last statement: those of triggers come
   * before it.
   *
   * @param hasKey the last result is the generated key, which the adapter asked for.
   */
  result(hasKey: boolean): DriverResult {
    if (this.#failure !== undefined) throw this.#failure;
    const parts = this.#parts;
    const key = hasKey && parts.at(-1)?.columns !== null ? parts.pop()?.rows[0]?.[0] : undefined;
    const first = parts.findIndex((part) => part.columns !== null);
    const main = first >= 0 ? parts[first] : parts.at(-1);
    const result: DriverResult = main ?? { columns: null, rows: [], rowCount: -1 };
    const further = first >= 0 ? parts.slice(first + 1).filter((part) => part.columns !== null) : [];
    return {
      ...result,
      ...(key === undefined || key === null ? null : { lastRowId: keyOf(key) }),
      ...(further.length === 0 ? null : { further }),
    };
  }
}

/** `SCOPE_IDENTITY()` is NUMERIC(38, 0): a number where it is safe. */
function keyOf(key: unknown): number | bigint {
  const value = BigInt(String(key));
  return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER) ? Number(value) : value;
}
