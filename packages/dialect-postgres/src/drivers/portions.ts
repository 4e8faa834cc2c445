/** A cursor that reads its rows from the server in portions. */
import type { ColumnDescription, DriverCursor, DriverRow } from "@athanor/driver";

/** Some of a cursor's rows. */
export interface Portion {
  readonly rows: DriverRow[];
  /** There are no further ones. */
  readonly isLast: boolean;
}

/** Hands out what has come, and asks for more when that is used up. */
export abstract class PortionCursor implements DriverCursor {
  readonly columns: readonly ColumnDescription[];
  #rows: DriverRow[];
  #isLast: boolean;
  #isClosed = false;

  constructor(columns: readonly ColumnDescription[], first: Portion) {
    this.columns = columns;
    this.#rows = first.rows;
    this.#isLast = first.isLast;
  }

  protected abstract fetch(size: number): Promise<Portion>;

  /** Ends the cursor on the server; called once. */
  protected abstract end(isLast: boolean): Promise<void>;

  async fetchMany(size: number): Promise<DriverRow[]> {
    if (this.#rows.length > 0) {
      const rows = this.#rows;
      if (rows.length <= size) {
        this.#rows = [];
        return rows;
      }
      this.#rows = rows.slice(size);
      return rows.slice(0, size);
    }
    if (this.#isLast || this.#isClosed) return [];
    const { rows, isLast } = await this.fetch(size);
    this.#isLast = isLast;
    return rows;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#rows = [];
    await this.end(this.#isLast);
  }
}
