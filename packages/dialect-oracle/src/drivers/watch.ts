/** Ends a statement when its signal is aborted or its time is over, and tells afterwards who ended it. */
import { CancelledError } from "@athanor/driver";
import type { NativeError } from "./native.ts";

/** The limits of one statement. */
export class Watch {
  readonly #signal: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #timeout: number | undefined;
  readonly #stop: () => void;
  #reason: "signal" | "timeout" | null = null;

  /** @param stop ends the statement; called once. */
  constructor(signal: AbortSignal | undefined, timeout: number | undefined, stop: () => void) {
    this.#signal = signal;
    this.#timeout = timeout;
    this.#stop = stop;
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (timeout !== undefined && timeout > 0) this.#timer = setTimeout(() => this.#end("timeout"), timeout);
  }

  readonly #onAbort = (): void => this.#end("signal");

  #end(reason: "signal" | "timeout"): void {
    if (this.#reason !== null) return;
    this.#reason = reason;
    this.#stop();
  }

  /** The statement is over. */
  done(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }

  /** What the statement's error means, now that it is known who ended it. */
  failure(error: NativeError): unknown {
    if (this.#reason === null) return error;
    if (this.#reason === "signal") return cancelled(this.#signal as AbortSignal);
    return Object.assign(new Error(`the statement took longer than ${this.#timeout} ms`, { cause: error }), {
      code: "ETIMEOUT",
      athanorKind: "timeout",
    });
  }
}

/** The error of a statement that its program gave up. */
export function cancelled(signal: AbortSignal): CancelledError {
  return new CancelledError("the statement was cancelled", { cause: signal.reason });
}
