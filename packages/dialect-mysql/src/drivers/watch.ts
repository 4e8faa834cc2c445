/** Ends a statement when its signal is aborted or its time is over. */
import { CancelledError } from "@athanor/driver";
import type { NativeError } from "./native-error.ts";

/** "Query execution was interrupted" */
const INTERRUPTED = 1317;
/** Milliseconds that a server may take to end a statement that was cancelled, before the connection is dropped. */
const PATIENCE = 10_000;

/** A connection whose statement can be ended from outside. */
interface Watched {
  cancel(): Promise<void>;
  terminate(): Promise<void>;
}

/** Watches over one statement. */
export class Watch {
  readonly #connection: Watched;
  readonly #signal: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #onAbort = (): void => this.#kill("signal");
  #reason: "signal" | "timeout" | null = null;
  #killing: Promise<void> | null = null;
  #drop: NodeJS.Timeout | undefined;

  constructor(connection: Watched, signal: AbortSignal | undefined, timeout: number | undefined) {
    this.#connection = connection;
    this.#signal = signal;
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (timeout) this.#timer = setTimeout(() => this.#kill("timeout"), timeout);
  }

  #kill(reason: "signal" | "timeout"): void {
    this.#reason ??= reason;
    this.#killing ??= this.#connection.cancel().catch(() => this.#connection.terminate());
    // The server's answer may never come: nobody waits for it for ever.
    this.#drop ??= setTimeout(() => void this.#connection.terminate(), PATIENCE);
  }

  /** What the statement's error means, now that it is known who ended it. */
  failure(error: unknown): unknown {
    const { errno, fatal } = error as NativeError;
    if (this.#reason === "signal" && (errno === INTERRUPTED || fatal === true))
      return cancelled(this.#signal as AbortSignal);
    if (this.#reason === "timeout" && errno === INTERRUPTED)
      return Object.assign(error as NativeError, { athanorKind: "timeout" });
    return error;
  }

  /** No more than this statement is killed: waits for a KILL that is under way. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    clearTimeout(this.#drop);
    this.#signal?.removeEventListener("abort", this.#onAbort);
    await this.#killing;
  }
}

/** The error of a statement whose signal was aborted. */
export function cancelled(signal: AbortSignal): CancelledError {
  return new CancelledError("the statement was cancelled", { cause: signal.reason });
}
