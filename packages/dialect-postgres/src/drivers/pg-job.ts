/**
 * One exchange with the server: messages out, messages in, one outcome. Base of the jobs in this folder. A job settles when
 * the server is ready for the next one, so that the transaction's state is known by then. Next: ./pg-execute.ts.
 */
import type { Prelude } from "./connection.ts";
import type { PgField, PgProtocol, PgSubmittable } from "./pg-port.ts";

/** The connection, as jobs see it. */
export interface JobOwner {
  /** The server said that it is about to close the connection. */
  lost(error: Error): void;
  /** A command was completed; it may change what statements return. */
  changed(tag: string): void;
}

/** Rows of `INSERT 0 5`, `UPDATE 3`, `SELECT 10`; -1 for commands that count none. */
export function rowCountOf(tag: string): number {
  const count = /^[A-Z][A-Z ]*? (?:\d+ )?(\d+)$/.exec(tag)?.[1];
  return count === undefined ? -1 : Number(count);
}

/** An exchange with the server. */
export abstract class Job<T> implements PgSubmittable {
  readonly promise: Promise<T>;
  /** The first error; kept until the server is ready again. */
  error: unknown = null;
  #resolve!: (value: T) => void;
  #reject!: (reason: unknown) => void;
  #isSettled = false;
  readonly #owner: JobOwner;

  constructor(owner: JobOwner) {
    this.#owner = owner;
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Writes the messages. */
  protected abstract send(protocol: PgProtocol): void;

  /** The outcome, once the server is ready. */
  protected abstract outcome(): T;

  submit(protocol: PgProtocol): Error | null {
    const { stream } = protocol;
    stream.cork?.();
    try {
      this.send(protocol);
    } finally {
      stream.uncork?.();
    }
    return null;
  }

  /** The server is ready, or will never be. */
  finish(): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    if (this.error !== null) this.#reject(this.error);
    else {
      try {
        this.#resolve(this.outcome());
      } catch (error) {
        this.#reject(error);
      }
    }
  }

  /** Gives an outcome before the server is ready. */
  protected settle(value: T): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#resolve(value);
  }

  /** The connection is gone. */
  abort(error: unknown): void {
    this.error ??= error;
    this.finish();
  }

  handleError(error: Error): void {
    this.error ??= error;
    // Only an ordinary error of the server is followed by ReadyForQuery.
    const { severity } = error as { severity?: string };
    const isFatal = severity === "FATAL" || severity === "PANIC";
    if (isFatal) this.#owner.lost(error);
    if (severity === undefined || isFatal) this.finish();
  }

  /** Notes a completed command. */
  protected noteCommand(tag: string): void {
    this.#owner.changed(tag);
  }

  /** Notes an error of ours; the protocol goes on. */
  protected fail(error: unknown): void {
    this.error ??= error;
  }

  handleRowDescription(_message: { readonly fields: readonly PgField[] }): void {}
  handleDataRow(_message: { readonly fields: (string | null)[] }): void {}
  handleCommandComplete(_message: { readonly text: string }): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
  handleReadyForQuery(): void {}
  handleCopyInResponse(protocol: PgProtocol): void {
    protocol.sendCopyFail("COPY FROM STDIN needs copyFrom()");
    // The Sync that was sent before has been ignored: the server was waiting for data.
    protocol.sync();
  }
  handleCopyData(_message: { readonly chunk: Buffer }): void {}
}

/** Sends what stands in front; returns how many commands will be completed by it. */
export function sendPrelude(protocol: PgProtocol, prelude: Prelude): number {
  for (const name of prelude.close) protocol.close({ type: "S", name });
  if (prelude.begin === null) return 0;
  protocol.parse({ name: "", text: prelude.begin });
  protocol.bind({ statement: "", values: [] });
  protocol.execute({});
  return 1;
}
