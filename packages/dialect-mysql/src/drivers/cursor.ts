/** Rows that stay on the server until they are asked for. */
import type { Readable } from "node:stream";
import type { ColumnDescription, DriverCursor, DriverRow } from "@athanor/driver";
import { describeColumns, type ResultField, rowDecoder } from "./decode.ts";

/** Milliseconds that the rest of a result may take before the server is told to stop. */
const PATIENCE = 20;

/** What a cursor asks of its connection. */
export interface CursorOwner {
  /** Stops the statement on the server. */
  cancel(): Promise<void>;
  /** What an error of the statement is to the caller. */
  failure(error: unknown): unknown;
  /** The statement has ended; another one may begin as soon as this is done. */
  ended(): Promise<void>;
}

/** A statement whose rows come one by one. */
export interface RowSource {
  /** Tells by its events that there is something to read, or nothing any more. */
  readonly stream: Readable;
  listen(listener: {
    fields(fields: readonly ResultField[] | undefined): void;
    failed(error: Error): void;
    /** The server is done with the statement. */
    ended(): void;
  }): void;
  /** A row that is there; null where none is. The outcome of a statement without rows comes as one, which is no list. */
  read(): unknown;
  /** Nobody wants the rest. */
  discard(): void;
}

/** A statement under way. */
export class RowCursor implements DriverCursor {
  columns: readonly ColumnDescription[] = [];
  readonly #owner: CursorOwner;
  readonly #rows: RowSource;
  readonly #opened: Promise<void>;
  readonly #finished: Promise<void>;
  #hasFields = false;
  #decode: ((rows: unknown[][]) => void) | null = null;
  #failure: Error | null = null;
  #isOver = false;
  #wake: (() => void) | null = null;
  #end: (() => void) | null = null;
  #hasEnded = false;

  constructor(rows: RowSource, owner: CursorOwner) {
    this.#owner = owner;
    this.#rows = rows;
    const wake = (): void => {
      this.#wake?.();
      this.#wake = null;
    };
    this.#finished = new Promise((resolve) => {
      this.#end = () => {
        this.#isOver = true;
        wake();
        resolve();
      };
    });
    this.#opened = new Promise((resolve) => {
      rows.listen({
        fields: (fields) => {
          if (this.#hasFields) return;
          this.#hasFields = true;
          this.columns = fields === undefined ? [] : describeColumns(fields);
          this.#decode = fields === undefined ? null : rowDecoder(fields);
          resolve();
        },
        failed: (error) => this.fail(error),
        ended: () => this.#end?.(),
      });
    });
    rows.stream.on("readable", wake);
    rows.stream.on("end", wake);
    rows.stream.on("close", wake);
    rows.stream.on("error", (error) => this.fail(error));
  }

  /** Waits for the columns, or for the error that came instead. */
  async opened(): Promise<this> {
    await Promise.race([this.#opened, this.#finished]);
    if (!this.#hasFields) {
      await this.#leave();
      throw this.#owner.failure(this.#failure);
    }
    return this;
  }

  /** Ends the cursor: its statement failed, or its connection is gone. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#end?.();
  }

  async fetchMany(size: number): Promise<DriverRow[]> {
    const rows: unknown[][] = [];
    const { stream } = this.#rows;
    while (rows.length < size) {
      const row = this.#rows.read();
      if (row !== null) {
        if (Array.isArray(row)) rows.push(row);
        continue;
      }
      if (this.#failure !== null) {
        await this.#leave();
        throw this.#owner.failure(this.#failure);
      }
      if (stream.readableEnded || stream.destroyed) break;
      if (rows.length > 0 && stream.readableLength === 0 && this.#isOver) {
        // The last rows are there; the end is noticed by the next call.
        break;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#decode?.(rows);
    if (rows.length === 0) await this.#leave();
    return rows;
  }

  async #leave(): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    await this.#finished;
    await this.#owner.ended();
  }

  /** Rows that nobody wants: the last ones of a result are let pass, a long one is stopped on the server. */
  async close(): Promise<void> {
    if (this.#hasEnded) return;
    this.#rows.discard();
    if (!this.#isOver && !(await this.#endsWithin(PATIENCE))) await this.#owner.cancel();
    await this.#leave();
  }

  async #endsWithin(milliseconds: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    await Promise.race([this.#finished, patience]);
    clearTimeout(timer);
    return this.#isOver;
  }
}
