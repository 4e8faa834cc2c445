/** Rows that stay on the server until they are asked for. */
import type { ColumnDescription, DriverCursor, DriverRow } from "@athanor/driver";
import type { RowReader } from "./decode.ts";
import type { NativeResultSet } from "./native.ts";

/** What a cursor asks of its connection. */
export interface CursorOwner {
  /** What an error of the statement is to the caller. */
  failure(error: unknown): unknown;
  /** The statement has ended. */
  ended(): void;
}

/** An open result set; null for a statement without rows. */
export class OracleCursor implements DriverCursor {
  readonly columns: readonly ColumnDescription[];
  readonly #resultSet: NativeResultSet | null;
  readonly #reader: RowReader;
  readonly #owner: CursorOwner;
  #isOver = false;

  constructor(resultSet: NativeResultSet | null, reader: RowReader, owner: CursorOwner) {
    this.columns = reader.columns;
    this.#resultSet = resultSet;
    this.#reader = reader;
    this.#owner = owner;
  }

  async fetchMany(size: number): Promise<DriverRow[]> {
    if (this.#isOver || this.#resultSet === null) {
      await this.close();
      return [];
    }
    try {
      const rows = this.#reader.read(await this.#resultSet.getRows(size));
      if (rows.length === 0) await this.close();
      return rows;
    } catch (error) {
      const failure = this.#owner.failure(error);
      await this.close().catch(() => {});
      throw failure;
    }
  }

  async close(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    try {
      await this.#resultSet?.close();
    } finally {
      this.#owner.ended();
    }
  }
}
