/**
 * Lets the caller of a step walk away while the step goes on. Used where giving up must not break off the work half-way,
 * such as opening a connection. Knows nothing of pools.
 */
import { CancelledError, isPromiseLike, resume, runAsync, type Step } from "@athanor/driver";

const aborted = Symbol("aborted");

/** The error of a cancelled checkout; the signal's reason is its cause. */
export function cancelled(signal: AbortSignal): CancelledError {
  return new CancelledError("the wait for a pooled connection was cancelled", { cause: signal.reason });
}

/**
 * Runs a step, but ends with a CancelledError as soon as the signal is aborted while a promise is awaited. The step is
 * then run to its end in the background.
 *
 * @param onAbandoned receives the outcome of the step that nobody waits for any more.
 */
export function* abandonable<T>(
  step: Step<T>,
  signal: AbortSignal,
  onAbandoned: (outcome: Promise<T>) => void,
): Step<T> {
  const abort = Promise.withResolvers<typeof aborted>();
  const onAbort = (): void => abort.resolve(aborted);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    let next = step.next();
    while (!next.done) {
      const pending = next.value;
      if (!isPromiseLike(pending)) {
        next = step.next(yield pending);
        continue;
      }
      if (signal.aborted) abort.resolve(aborted);
      let settled: unknown;
      try {
        settled = yield Promise.race([pending, abort.promise]);
      } catch (error) {
        next = step.throw(error);
        continue;
      }
      if (settled === aborted) {
        onAbandoned(runAsync(resume(step, pending)));
        throw cancelled(signal);
      }
      next = step.next(settled);
    }
    return next.value;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
