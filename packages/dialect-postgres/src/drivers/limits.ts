/** Time limits and signals of statements: what is over its time, or not wanted any more, is cancelled on the server. */
import { CancelledError, CancelRequest, type ExecuteOptions } from "@athanor/driver";

/** Milliseconds that a server may take to answer a cancel request before the connection is dropped. */
const cancelPatience = 10_000;

/** A connection whose statement can be ended from outside. */
export interface Cancellable {
  cancel(): Promise<void>;
  terminate(): void;
}

/** Runs a statement; an abort or the end of the time cancels it on the server. */
export function limited<T>(
  connection: Cancellable,
  work: () => Promise<T>,
  options: ExecuteOptions | undefined,
): Promise<T> {
  if (options === undefined || (options.signal === undefined && options.statementTimeout === undefined)) return work();
  return watched(connection, work, options);
}

async function watched<T>(connection: Cancellable, work: () => Promise<T>, options: ExecuteOptions): Promise<T> {
  const { signal, statementTimeout } = options;
  let request: CancelRequest | null = null;
  let isTimeout = false;
  let dropTimer: NodeJS.Timeout | undefined;
  const cancel = (): void => {
    request ??= new CancelRequest(() => connection.cancel());
    dropTimer ??= setTimeout(() => connection.terminate(), cancelPatience);
  };
  const timer =
    statementTimeout === undefined || statementTimeout <= 0
      ? undefined
      : setTimeout(() => {
          isTimeout = true;
          cancel();
        }, statementTimeout);
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    return await work();
  } catch (error) {
    if (request !== null && (error as { code?: unknown }).code === "57014")
      throw isTimeout ? timedOut(error) : cancelled(signal, error);
    throw error;
  } finally {
    clearTimeout(timer);
    clearTimeout(dropTimer);
    signal?.removeEventListener("abort", cancel);
    if (request !== null) await (request as CancelRequest).stop();
  }
}

/** The error of a statement whose signal was aborted. */
export function cancelled(signal: AbortSignal | undefined, cause: unknown): CancelledError {
  return new CancelledError("the statement was cancelled by its signal", {
    code: "statement_cancelled",
    cause: cause ?? signal?.reason,
  });
}

function timedOut(cause: unknown): Error {
  return Object.assign(new Error("canceling statement due to statement timeout", { cause }), {
    code: "57014",
    severity: "ERROR",
  });
}
