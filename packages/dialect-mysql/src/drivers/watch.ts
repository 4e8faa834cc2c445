/** Ends a statement when its signal is aborted or its time is over. */
import { CancelledError, CancelRequest } from "@athanor/driver";
import type { NativeError } from "./native-error.ts";

/** "Query execution was interrupted" */
const INTERRUPTED = 1317;
/** "Query execution was interrupted, maximum statement execution time exceeded" */
const TIME_IS_OVER = 3024;
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
  /** When the statement has to have ended. */
  readonly #deadline: number;
  readonly #onAbort = (): void => this.#kill("signal");
  #reason: "signal" | "timeout" | null = null;
  #killing: CancelRequest | null = null;
  #drop: NodeJS.Timeout | undefined;

  constructor(connection: Watched, signal: AbortSignal | undefined, timeout: number | undefined) {
    this.#connection = connection;
    this.#signal = signal;
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    this.#deadline = timeout ? performance.now() + timeout : Number.POSITIVE_INFINITY;
    if (timeout) this.#timer = setTimeout(() => this.#kill("timeout"), timeout);
  }

  #kill(reason: "signal" | "timeout"): void {
    this.#reason ??= reason;
    this.#killing ??= new CancelRequest(() => this.#connection.cancel().catch(() => this.#connection.terminate()));
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

  /** Why rows are not to be trusted that came without an error: MySQL ends `SLEEP()` and the like early, as if all were well. */
  doubt(): unknown {
    if (this.#reason === "signal") return cancelled(this.#signal as AbortSignal);
    if (this.#reason === null && performance.now() < this.#deadline) return null;
    const message = "Query execution was interrupted, maximum statement execution time exceeded";
    return Object.assign(new Error(message), { errno: TIME_IS_OVER, code: "ER_QUERY_TIMEOUT", sqlState: "HY000" });
  }

  /** No more than this statement is killed: waits for a KILL that is under way. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    clearTimeout(this.#drop);
    this.#signal?.removeEventListener("abort", this.#onAbort);
    await this.#killing?.stop();
  }
}

/** The error of a statement whose signal was aborted. */
export function cancelled(signal: AbortSignal): CancelledError {
  return new CancelledError("the statement was cancelled", { cause: signal.reason });
}
