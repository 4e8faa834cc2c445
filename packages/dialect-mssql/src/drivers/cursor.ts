/** Rows that are taken from the server as they are asked for: the reading of the socket stops while enough are waiting. */
import type { ColumnDescription, DriverCursor, DriverRow } from "@athanor/driver";
import { type ReadOptions, readerOf } from "./collect.ts";
import type { RowReader } from "./decode.ts";
import type { NativeError, NativeRequest } from "./native.ts";

/** What a cursor asks of its connection. */
export interface CursorOwner {
  /** What an error of the statement is to the caller. */
  failure(error: NativeError): unknown;
  /** The statement has ended. */
  ended(): void;
}

/** A statement under way. */
export class TediousCursor implements DriverCursor {
  columns: readonly ColumnDescription[] = [];
  readonly #request: NativeRequest;
  readonly #owner: CursorOwner;
  readonly #batchSize: number;
  #rows: DriverRow[] = [];
  #reader: RowReader | null = null;
  /** Results behind the first are let pass. */
  #isFirst = true;
  #isOver = false;
  #isPaused = false;
  #isClosing = false;
  #failure: unknown = undefined;
  #wake: (() => void) | null = null;
  readonly #finished: Promise<void>;
  #finish: () => void = () => {};

  constructor(request: NativeRequest, owner: CursorOwner, options: ReadOptions, batchSize: number) {
    this.#request = request;
    this.#owner = owner;
    this.#batchSize = batchSize;
    this.#finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
    request.on("columnMetadata", (columns) => {
      if (this.#reader !== null) {
        this.#isFirst = false;
        return;
      }
      this.#reader = readerOf(columns, options);
      this.columns = this.#reader.columns;
      this.#notify();
    });
    request.on("row", (values) => {
      if (!this.#isFirst || this.#isClosing || this.#failure !== undefined) return;
      try {
        this.#rows.push((this.#reader as RowReader).read(values));
      } catch (error) {
        this.#failure = error;
      }
      if (this.#rows.length >= this.#batchSize) this.#pause();
      this.#notify();
    });
  }

  /** The request's callback: the statement has ended, one way or the other. */
  done(error: NativeError | null | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (error && !this.#isClosing) this.#failure ??= this.#owner.failure(error);
    this.#owner.ended();
    this.#finish();
    this.#notify();
  }

  /** Waits for the columns, or for the error that came instead. */
  async opened(): Promise<this> {
    while (this.#reader === null && !this.#isOver) await this.#news();
    if (this.#failure !== undefined) throw this.#failure;
    return this;
  }

  async fetchMany(size: number): Promise<DriverRow[]> {
    while (this.#rows.length < size && !this.#isOver && this.#failure === undefined) {
      this.#resume();
      await this.#news();
    }
    if (this.#failure !== undefined) {
      await this.close();
      throw this.#failure;
    }
    return this.#rows.splice(0, size);
  }

  /** Tells the server to stop; the connection is free when it has. */
  async close(): Promise<void> {
    if (!this.#isOver) {
      this.#isClosing = true;
      this.#rows = [];
      this.#request.cancel();
      await this.#finished;
    }
    this.#rows = [];
  }

  #pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#request.pause();
  }

  #resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#request.resume();
  }

  #notify(): void {
    this.#wake?.();
    this.#wake = null;
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
