/**
 * The sans-IO runtime. Internals are generators that yield whatever a driver returned, a value or a promise; a front
 * door decides with `runSync` or `runAsync` what to do with a promise. Knows nothing of SQL. Next: ./protocol.ts.
 */
import { SynchronousAccessError } from "./errors.ts";

/** A computation that may wait for a driver. Run it with {@link runSync} or {@link runAsync}; compose with `yield*`. */
// biome-ignore lint/suspicious/noExplicitAny: what a yield receives depends on what was yielded; `call` is the typed door.
export type Step<T> = Generator<unknown, T, any>;

/** What a driver method may return: the value itself (blocking drivers) or a promise of it. */
export type MaybePromise<T> = T | PromiseLike<T>;

/** True when `value` has a `then` method. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return value !== null && typeof value === "object" && typeof (value as { then?: unknown }).then === "function";
}

/** Lifts one driver call into a step. A plain value passes straight through without suspending. */
export function* call<T>(value: MaybePromise<T>): Step<T> {
  return isPromiseLike(value) ? ((yield value) as T) : value;
}

/** True when `value` is a generator, that is, a step that was made and not yet run. */
export function isStep(value: unknown): value is Step<unknown> {
  if (value === null || typeof value !== "object") return false;
  const { next, throw: raise } = value as { next?: unknown; throw?: unknown };
  return typeof next === "function" && typeof raise === "function";
}

/** Waits for what a callback returned: a step is run, a promise awaited, anything else passes straight through. */
export function* settle<T>(result: MaybePromise<T> | Step<T>): Step<T> {
  if (isStep(result)) return yield* result as Step<T>;
  return isPromiseLike(result) ? ((yield result) as T) : (result as T);
}

/**
 * Runs a step to its end without waiting.
 *
 * @throws SynchronousAccessError when the step meets a promise, that is, when an asynchronous driver stands behind it.
 */
export function runSync<T>(step: Step<T>): T {
  let next = step.next();
  while (!next.done) {
    const value = next.value;
    if (isPromiseLike(value)) {
      // The work is already under way; nobody will look at its outcome, so it must not become an unhandled rejection.
      value.then(undefined, () => {});
      next = step.throw(
        new SynchronousAccessError("an asynchronous driver was reached from the synchronous API", {
          fix: "use createAsyncEngine() and AsyncSession from @athanor/async; an event listener of a synchronous engine returns no promise",
        }),
      );
      continue;
    }
    next = step.next(value);
  }
  return next.value;
}

/** Runs a step to its end, awaiting the promises it yields and passing plain values straight through. */
export async function runAsync<T>(step: Step<T>): Promise<T> {
  let next = step.next();
  while (!next.done) {
    const value = next.value;
    if (!isPromiseLike(value)) {
      next = step.next(value);
      continue;
    }
    let settled: unknown;
    try {
      settled = await value;
    } catch (error) {
      next = step.throw(error);
      continue;
    }
    next = step.next(settled);
  }
  return next.value;
}

/**
 * Goes on with a step that has yielded `pending`. For code that drives a step by hand and hands it over half-way.
 *
 * @example let next = step.next(); if (!next.done) return yield* resume(step, next.value);
 */
export function* resume<T>(step: Step<T>, pending: unknown): Step<T> {
  let waiting = pending;
  for (;;) {
    let settled: unknown;
    let failed = false;
    try {
      settled = yield waiting;
    } catch (error) {
      settled = error;
      failed = true;
    }
    const next = failed ? step.throw(settled) : step.next(settled);
    if (next.done) return next.value;
    waiting = next.value;
  }
}

/**
 * Runs steps side by side and returns their results in order. Each is begun in turn and goes on by itself once it waits;
 * with a blocking driver they simply run one after the other. All of them are run to their end; then the first error is thrown.
 */
export function* all<T>(steps: Iterable<Step<T>>): Step<T[]> {
  const results: PromiseSettledResult<T>[] = [];
  const pending: Promise<void>[] = [];
  let index = 0;
  for (const step of steps) {
    const place = index++;
    try {
      const next = begin(step);
      if (next.done) results[place] = { status: "fulfilled", value: next.value };
      else pending.push(runAsync(resume(step, next.value)).then(fulfil(results, place), reject(results, place)));
    } catch (reason) {
      results[place] = { status: "rejected", reason };
    }
  }
  if (pending.length > 0) yield Promise.all(pending);
  return results.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}

/** Runs a step up to the first promise that it yields. */
function begin<T>(step: Step<T>): IteratorResult<unknown, T> {
  let next = step.next();
  while (!next.done && !isPromiseLike(next.value)) next = step.next(next.value);
  return next;
}

function fulfil<T>(results: PromiseSettledResult<T>[], place: number): (value: T) => void {
  return (value) => {
    results[place] = { status: "fulfilled", value };
  };
}

function reject<T>(results: PromiseSettledResult<T>[], place: number): (reason: unknown) => void {
  return (reason) => {
    results[place] = { status: "rejected", reason };
  };
}
