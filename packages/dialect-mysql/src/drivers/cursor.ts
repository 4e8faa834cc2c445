/** Rows that stay on the server until they are asked for. */
import type { Readable } from "node:stream";
import type { ColumnDescription, DriverCursor, DriverRow } from "@athanor/driver";
import { describeColumns, rowDecoder } from "./decode.ts";
import type { NativeCommand, NativeError, NativeField } from "./native.ts";

/** What a cursor asks of its connection. */
export interface CursorOwner {
  /** Stops the statement on the server. */
  cancel(): Promise<void>;
  /** What an error of the statement is to the caller. */
  failure(error: unknown): unknown;
  /** The statement has ended; another one may begin. */
  ended(): void;
}

/** A statement under way. */
export class Mysql2Cursor implements DriverCursor {
  columns: readonly ColumnDescription[] = [];
  readonly #owner: CursorOwner;
  readonly #stream: Readable;
  readonly #finished: Promise<void>;
  #decode: ((rows: unknown[][]) => void) | null = null;
  #failure: NativeError | null = null;
  #isOver = false;
  #wake: (() => void) | null = null;

  constructor(command: NativeCommand, owner: CursorOwner, batchSize: number) {
    this.#owner = owner;
    this.#stream = command.stream({ highWaterMark: batchSize });
    const wake = (): void => {
      this.#wake?.();
      this.#wake = null;
    };
    this.#finished = new Promise((resolve) => {
      const end = (): void => {
        this.#isOver = true;
        wake();
        resolve();
      };
      command.on("error", (error) => {
        this.#failure ??= error;
        end();
      });
      command.on("end", end);
    });
    this.#stream.on("readable", wake);
    this.#stream.on("end", wake);
    this.#stream.on("close", wake);
    this.#stream.on("error", (error) => {
      this.#failure ??= error;
      wake();
    });
  }

  /** Waits for the columns, or for the error that came instead. */
  static open(command: NativeCommand, owner: CursorOwner, batchSize: number): Promise<Mysql2Cursor> {
    return new Promise((resolve, reject) => {
      const cursor = new Mysql2Cursor(command, owner, batchSize);
      let isOpen = false;
      command.on("fields", (fields: readonly NativeField[] | undefined) => {
        if (isOpen) return;
        isOpen = true;
        cursor.columns = fields === undefined ? [] : describeColumns(fields);
        cursor.#decode = fields === undefined ? null : rowDecoder(fields);
        resolve(cursor);
      });
      void cursor.#finished.then(() => {
        if (isOpen) return;
        owner.ended();
        reject(owner.failure(cursor.#failure));
      });
    });
  }

  async fetchMany(size: number): Promise<DriverRow[]> {
    const rows: unknown[][] = [];
    while (rows.length < size) {
      const row = this.#stream.read() as unknown[] | null;
      if (row !== null) {
        rows.push(row);
        continue;
      }
      if (this.#failure !== null) {
        await this.#end();
        throw this.#owner.failure(this.#failure);
      }
      if (this.#stream.readableEnded || this.#stream.destroyed) break;
      if (rows.length > 0 && this.#stream.readableLength === 0 && this.#isOver) {
        // The last rows are there; the end is noticed by the next call.
        break;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#decode?.(rows);
    if (rows.length === 0) await this.#end();
    return rows;
  }

  #hasEnded = false;

  async #end(): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    await this.#finished;
    this.#owner.ended();
  }

  /** Rows that nobody wants are not fetched: the server is told to stop. */
  async close(): Promise<void> {
    if (this.#hasEnded) return;
    if (!this.#isOver) await this.#owner.cancel();
    this.#stream.destroy();
    await this.#end();
  }
}
