/** COPY over the wire: bytes in, bytes out. What they mean is ./copy-text.ts's business. Next: ./copy.ts, for programs. */
import type { CopySource, Prelude } from "./connection.ts";
import { Job, type JobOwner, rowCountOf } from "./pg-job.ts";
import type { PgProtocol } from "./pg-port.ts";

abstract class CopyJob extends Job<number> {
  readonly #sql: string;
  readonly #close: readonly string[];
  #tag = "";

  constructor(owner: JobOwner, sql: string, prelude: Prelude) {
    super(owner);
    this.#sql = prelude.begin === null ? sql : `${prelude.begin};${sql}`;
    this.#close = prelude.close;
  }

  protected send(protocol: PgProtocol): void {
    for (const name of this.#close) protocol.close({ type: "S", name });
    protocol.query(this.#sql);
  }

  override handleCommandComplete({ text }: { readonly text: string }): void {
    this.#tag = text;
  }

  protected outcome(): number {
    return Math.max(rowCountOf(this.#tag), 0);
  }
}

/** Bytes after which the event loop has its turn. */
const breathAfter = 1 << 18;

/** COPY … FROM STDIN: sends what a source yields, as fast as the server takes it. */
export class CopyInJob extends CopyJob {
  readonly #source: CopySource;
  #isOver = false;

  constructor(owner: JobOwner, sql: string, prelude: Prelude, source: CopySource) {
    super(owner, sql, prelude);
    this.#source = source;
  }

  override handleCopyInResponse(protocol: PgProtocol): void {
    void this.#pump(protocol);
  }

  async #pump(protocol: PgProtocol): Promise<void> {
    try {
      let sent = 0;
      for await (const chunk of this.#source) {
        // The server has refused a row, or is gone: nobody reads any further.
        if (this.#isOver) return;
        const bytes = Buffer.from(chunk as string);
        protocol.sendCopyFromChunk(bytes);
        sent += bytes.length;
        if (protocol.stream.writableNeedDrain) await this.#drained(protocol);
        else if (sent > breathAfter) {
          // A source that never waits, and a server as quick as it: what the server says must be heard all the same.
          sent = 0;
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
      if (!this.#isOver) protocol.endCopyFrom();
    } catch (error) {
      if (this.#isOver) return;
      this.fail(error);
      protocol.sendCopyFail("the source of the rows has failed");
    }
  }

  #drained({ stream }: PgProtocol): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        stream.removeListener?.("drain", done);
        stream.removeListener?.("close", done);
        resolve();
      };
      stream.once?.("drain", done);
      stream.once?.("close", done);
    });
  }

  override handleError(error: Error): void {
    this.#isOver = true;
    super.handleError(error);
  }

  override abort(error: unknown): void {
    this.#isOver = true;
    super.abort(error);
  }
}

/** Bytes that may wait for their reader before the server is made to wait. */
const highWater = 1 << 20;

/** COPY … TO STDOUT: gives what arrives, and makes the server wait for a slow reader. */
export class CopyOutJob extends CopyJob {
  #protocol: PgProtocol | null = null;
  #chunks: Buffer[] = [];
  #size = 0;
  #isPaused = false;
  #isOver = false;
  #isUnwanted = false;
  #wake: (() => void) | null = null;

  protected override send(protocol: PgProtocol): void {
    this.#protocol = protocol;
    super.send(protocol);
    const ended = (): void => {
      this.#isOver = true;
      this.#wake?.();
    };
    this.promise.then(ended, ended);
  }

  override handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    if (this.#isUnwanted) return;
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size > highWater && !this.#isPaused) {
      this.#isPaused = true;
      this.#protocol?.stream.pause?.();
    }
    this.#wake?.();
  }

  /** What has arrived since the last call; null at the end. */
  async next(): Promise<Buffer | null> {
    while (this.#chunks.length === 0) {
      if (this.#isOver) {
        await this.promise;
        return null;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
    const chunk = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#size = 0;
    this.#resume();
    return chunk;
  }

  /** Nobody wants the rest. */
  discard(): void {
    this.#isUnwanted = true;
    this.#chunks = [];
    this.#resume();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  #resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#protocol?.stream.resume?.();
  }
}
