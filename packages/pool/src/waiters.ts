/**
 * Callers that wait for a connection: first come, first served, each with a deadline and a way to cancel. Knows nothing of
 * pools: what is handed over is the caller's. Next: ./cancel.ts, for cancelling later than here.
 */

/** How a wait ended without a result. */
export type WaitFailure = "timeout" | "cancelled";

/** Longest delay that `setTimeout` takes, in milliseconds; above it a wait has no deadline. */
const longestDelay = 2 ** 31 - 1;

class Waiter<T> {
  readonly promise: Promise<T | WaitFailure>;
  readonly settle: (outcome: T | WaitFailure) => void;
  previous: Waiter<T> | null = null;
  next: Waiter<T> | null = null;
  isDone = false;
  timer: ReturnType<typeof setTimeout> | undefined;
  signal: AbortSignal | undefined;
  onAbort: (() => void) | undefined;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<T | WaitFailure>();
    this.promise = promise;
    this.settle = resolve;
  }
}

/** A place in the queue. */
export interface Wait<T> {
  /** Never rejects. */
  readonly outcome: Promise<T | WaitFailure>;
  /** Gives the place up. */
  leave(): void;
}

/** A FIFO queue of waiting callers. Every operation takes constant time. */
export class WaiterQueue<T extends object> {
  #head: Waiter<T> | null = null;
  #tail: Waiter<T> | null = null;
  #length = 0;

  /** How many are waiting. */
  get length(): number {
    return this.#length;
  }

  /**
   * Puts a caller at the end of the queue.
   *
   * @param seconds until `"timeout"`; null waits for ever.
   * @param signal `"cancelled"` as soon as it is aborted.
   */
  wait(seconds: number | null, signal: AbortSignal | undefined): Wait<T> {
    const waiter = new Waiter<T>();
    this.#append(waiter);
    // The timer keeps the process alive: without it, Node would exit silently while a caller still waits.
    if (seconds !== null && seconds * 1000 <= longestDelay)
      waiter.timer = setTimeout(() => this.#end(waiter, "timeout"), seconds * 1000);
    if (signal !== undefined) {
      waiter.signal = signal;
      waiter.onAbort = () => this.#end(waiter, "cancelled");
      signal.addEventListener("abort", waiter.onAbort, { once: true });
      if (signal.aborted) waiter.onAbort();
    }
    return { outcome: waiter.promise, leave: () => this.#end(waiter, "cancelled") };
  }

  /** Hands something to the first in the queue; false when nobody waits. */
  serve(result: T): boolean {
    if (this.#head === null) return false;
    this.#end(this.#head, result);
    return true;
  }

  #end(waiter: Waiter<T>, outcome: T | WaitFailure): void {
    if (waiter.isDone) return;
    waiter.isDone = true;
    this.#unlink(waiter);
    clearTimeout(waiter.timer);
    if (waiter.onAbort !== undefined) waiter.signal?.removeEventListener("abort", waiter.onAbort);
    waiter.settle(outcome);
  }

  #append(waiter: Waiter<T>): void {
    waiter.previous = this.#tail;
    if (this.#tail === null) this.#head = waiter;
    else this.#tail.next = waiter;
    this.#tail = waiter;
    this.#length += 1;
  }

  #unlink(waiter: Waiter<T>): void {
    if (waiter.previous === null) this.#head = waiter.next;
    else waiter.previous.next = waiter.next;
    if (waiter.next === null) this.#tail = waiter.previous;
    else waiter.next.previous = waiter.previous;
    waiter.previous = null;
    waiter.next = null;
    this.#length -= 1;
  }
}
