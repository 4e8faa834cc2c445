/**
 * Callers that wait for a connection: first come, first served, each with a deadline and a way to cancel. Knows nothing of
 * pools: what is handed over is the caller's. Next: ./cancel.ts, for cancelling later than here.
 */
import { keepSpecimen } from "@athanor/driver";

/** How a wait ended without a result. */
export type WaitFailure = "timeout" | "cancelled";

/** Longest delay that `setTimeout` takes, in milliseconds; above it a wait has no deadline. */
const longestDelay = 2 ** 31 - 1;

/** A place in the queue. */
export interface Place<T> {
  /** Never rejects. */
  readonly outcome: Promise<T | WaitFailure>;
}

class Waiter<T> implements Place<T> {
  readonly outcome: Promise<T | WaitFailure>;
  readonly settle: (outcome: T | WaitFailure) => void;
  /** When the wait is over, by `performance.now()`; infinite without a deadline. */
  deadline = Number.POSITIVE_INFINITY;
  previous: Waiter<T> | null = null;
  next: Waiter<T> | null = null;
  isDone = false;
  signal: AbortSignal | undefined;
  onAbort: (() => void) | undefined;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<T | WaitFailure>();
    this.outcome = promise;
    this.settle = resolve;
  }
}

keepSpecimen(new Waiter());

/** A FIFO queue of waiting callers. Every operation takes constant time, the end of a wait by its deadline excepted. */
export class WaiterQueue<T extends object> {
  #head: Waiter<T> | null = null;
  #tail: Waiter<T> | null = null;
  #length = 0;
  /** One for the whole queue: almost every wait ends long before its deadline. */
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** When the timer goes off; no deadline is earlier. */
  #wakesAt = Number.POSITIVE_INFINITY;

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
  wait(seconds: number | null, signal?: AbortSignal): Place<T> {
    const waiter = new Waiter<T>();
    this.#append(waiter);
    if (seconds !== null && seconds * 1000 <= longestDelay) {
      const now = performance.now();
      waiter.deadline = now + seconds * 1000;
      this.#wakeBy(waiter.deadline, now);
    }
    if (signal !== undefined) {
      waiter.signal = signal;
      waiter.onAbort = () => this.#end(waiter, "cancelled");
      signal.addEventListener("abort", waiter.onAbort, { once: true });
      if (signal.aborted) waiter.onAbort();
    }
    return waiter;
  }

  /** Gives a place up. */
  leave(place: Place<T>): void {
    this.#end(place as Waiter<T>, "cancelled");
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
    if (this.#length === 0) this.#stopTimer();
    if (waiter.onAbort !== undefined) waiter.signal?.removeEventListener("abort", waiter.onAbort);
    waiter.settle(outcome);
  }

  // The timer keeps the process alive: without it, Node would exit silently while a caller still waits.
  #wakeBy(deadline: number, now: number): void {
    if (deadline >= this.#wakesAt) return;
    this.#stopTimer();
    this.#wakesAt = deadline;
    this.#timer = setTimeout(() => this.#wake(), deadline - now);
  }

  #stopTimer(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#wakesAt = Number.POSITIVE_INFINITY;
  }

  /** Ends the waits whose time is over, one after the other, so that each finds those behind it still in the queue. */
  #wake(): void {
    this.#stopTimer();
    const now = performance.now();
    let earliest = Number.POSITIVE_INFINITY;
    for (let waiter = this.#head; waiter !== null; waiter = waiter.next) {
      if (waiter.deadline <= now) {
        this.#end(waiter, "timeout");
        queueMicrotask(() => this.#wake());
        return;
      }
      if (waiter.deadline < earliest) earliest = waiter.deadline;
    }
    if (earliest < Number.POSITIVE_INFINITY) this.#wakeBy(earliest, now);
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
